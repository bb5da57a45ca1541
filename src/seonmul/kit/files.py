"""Uploaded files as sealed rows: private, in the one engine, in the same transaction and backup as all else.

Up to 10 MB a file. Django's Storage interface, so that a bucket can take its place by configuration.
"""

from __future__ import annotations

import base64
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

from seonmul.kit import clock, crypto, ids
from seonmul.kit.models import StoredFile

MOST_BYTES = 10 * 1024 * 1024
_CONTEXT = "kit.file"


class TooLarge(ValueError):
    """The file is larger than 10 MB."""


class SealedRows(Storage):
    """Files in the table `kit_storedfile`; a name is a random id and tells nothing about its content."""

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        row = self._row(name)
        return ContentFile(base64.b64decode(crypto.ring().open(_CONTEXT, row.content)), name=name)

    def _save(self, name: str, content: File[Any]) -> str:
        raw = content.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooLarge(len(raw))
        sealed = crypto.ring().seal(_CONTEXT, base64.b64encode(raw).decode())
        StoredFile.objects.create(name=name, content=sealed, size=len(raw), stored_at=clock.now())
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return str(ids.new_id())

    def exists(self, name: str) -> bool:
        return StoredFile.objects.filter(name=name).exists()

    def delete(self, name: str) -> None:
        StoredFile.objects.filter(name=name).delete()

    def size(self, name: str) -> int:
        return self._row(name).size

    def _row(self, name: str) -> StoredFile:
        row = StoredFile.objects.filter(name=name).first()
        if row is None:
            raise FileNotFoundError(name)
        return row
