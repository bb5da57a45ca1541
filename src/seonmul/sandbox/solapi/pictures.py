"""The vendor's storage, as far as pictures for MMS go."""

from __future__ import annotations

import base64
import binascii
import secrets
import sqlite3
from typing import Any

from seonmul.sandbox.clock import iso, now_ms, seoul
from seonmul.sandbox.door import Declined
from seonmul.sandbox.jpegs import size_of
from seonmul.sandbox.solapi.shapes import ACCOUNT_ID
from seonmul.sandbox.store import Store

MOST_BYTES = 200 * 1024
MOST_PIXELS = 2048
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class Pictures:
    """Stored pictures; their ids are kept at hand, since every MMS asks for one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ids = {row["id"] for row in store.rows("SELECT id FROM solapi_pictures")}

    def has(self, name: str) -> bool:
        """Tell whether a picture with this id was uploaded."""
        return name in self._ids

    def upload(self, wish: dict[str, Any], base_url: str) -> dict[str, Any]:
        """Store a JPEG given as base64; answers the vendor's file object. Raises ``Declined`` 400."""
        if wish.get("type") != "MMS":
            raise Declined(400, "ValidationError", '"type" must be MMS')
        try:
            content = base64.b64decode(str(wish.get("file") or ""), validate=True)
        except binascii.Error:
            raise Declined(400, "ValidationError", '"file" must be base64') from None
        if not content.startswith(b"\xff\xd8"):
            raise Declined(400, "InvalidFile", "JPG 파일만 등록할 수 있습니다.")
        if len(content) > MOST_BYTES:
            raise Declined(400, "InvalidFile", "200KB 이하의 파일만 등록할 수 있습니다.")
        width, height = size_of(content)
        if max(width or 0, height or 0) > MOST_PIXELS:
            raise Declined(400, "InvalidFile", "가로와 세로는 2048px 이하여야 합니다.")
        at = now_ms()
        tail = "".join(secrets.choice(_ALPHABET) for _ in range(14))
        name = f"ST01FZ{seoul(at, '%y%m%d%H%M%S')}{tail}"
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT INTO solapi_pictures VALUES (?, ?, ?, ?, ?)", (name, at, width, height, content)
            )
        self._ids.add(name)
        return {
            "kakao": {"daou": None, "biztalk": None},
            "type": "MMS",
            "originalName": wish.get("name") or f"{name}.jpg",
            "link": None,
            "width": width,
            "height": height,
            "fileSize": len(content),
            "fileId": name,
            "name": wish.get("name") or f"{name}.jpg",
            "url": f"{base_url}/solapi/pictures/{name}",
            "accountId": ACCOUNT_ID,
            "references": [],
            "dateCreated": iso(at),
            "dateUpdated": iso(at),
        }

    def content(self, name: str) -> bytes:
        """Answer a picture's bytes; raises ``Declined`` 404."""
        row: sqlite3.Row | None = self._store.row("SELECT bytes FROM solapi_pictures WHERE id = ?", name)
        if row is None:
            raise Declined(404, "ResourceNotFound", "존재하지 않는 파일입니다.")
        return bytes(row["bytes"])

    def forget(self) -> None:
        """Forget the ids, after the table was emptied."""
        self._ids.clear()
