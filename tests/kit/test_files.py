"""Uploaded files are sealed rows."""

from __future__ import annotations

import io
import os

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from seonmul.kit import files
from seonmul.kit.files import SealedRows, TooLarge
from seonmul.kit.models import StoredFile

pytestmark = pytest.mark.django_db

rows = SealedRows()


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\x80 plain", "사업자등록증".encode(), os.urandom(100_000)]
)
def test_a_file_comes_back_as_it_was(content: bytes) -> None:
    name = rows.save("certificate.pdf", ContentFile(content))
    with rows.open(name) as opened:
        assert opened.read() == content
    assert rows.exists(name) and rows.size(name) == len(content)


def test_it_is_sealed_and_its_name_tells_nothing() -> None:
    content = b"%PDF-1.7 business certificate of Hanbit" * 10
    name = rows.save("hanbit-certificate.pdf", ContentFile(content))
    stored = StoredFile.objects.get(name=name)
    assert b"Hanbit" not in bytes(stored.content) and b"%PDF" not in bytes(stored.content)
    assert "hanbit" not in name and "/" not in name and len(name) == 36
    assert rows.save("hanbit-certificate.pdf", ContentFile(content)) != name


def test_ten_megabytes_are_the_most() -> None:
    rows.save("x", ContentFile(bytes(files.MOST_BYTES)))
    with pytest.raises(TooLarge):
        rows.save("x", ContentFile(bytes(files.MOST_BYTES + 1)))
    assert StoredFile.objects.count() == 1


def test_a_file_too_large_is_not_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            assert size > 0, "asked for everything"
            self.given += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(TooLarge):
        rows.save("x", File(endless))
    assert endless.given < 2 * files.MOST_BYTES


def test_deleting_is_for_good_and_may_be_repeated() -> None:
    name = rows.save("x", ContentFile(b"x"))
    rows.delete(name)
    rows.delete(name)
    assert not rows.exists(name) and not rows.exists("never there")
    for ask in (rows.open, rows.size):
        with pytest.raises(FileNotFoundError):
            ask(name)


def test_a_file_belongs_to_its_transaction() -> None:
    with transaction.atomic():
        name = rows.save("x", ContentFile(b"x"))
        transaction.set_rollback(True)
    assert not rows.exists(name)


def test_the_platform_stores_its_files_here() -> None:
    assert isinstance(default_storage._wrapped or default_storage, SealedRows)  # type: ignore[attr-defined]
