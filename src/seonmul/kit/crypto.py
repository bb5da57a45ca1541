"""Sealing what is personal: AES-256-GCM with a key id and a context, and keyed indexes for look-ups. X2.

A sealed value is 1 byte key id + 12 bytes nonce + ciphertext and tag; the context ("orders.cells") is bound to
it, so that a value copied into another column does not open. The newest key seals, every key of the ring opens:
that is the rotation. An index is a keyed BLAKE2b, personal to its context, and cannot be turned back.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class NotSealedHere(Exception):
    """The value was sealed with an unknown key, for another context, or was changed."""


class KeyRing:
    """Keys by id; the first one given seals. `keys`: (id 0..255, 32 bytes), `index_key`: 32 bytes."""

    def __init__(self, keys: Iterable[tuple[int, bytes]], index_key: bytes) -> None:
        pairs = list(keys)
        if not pairs or len(index_key) != 32 or any(len(key) != 32 for _, key in pairs):
            raise ValueError("a key ring needs at least one key of 32 bytes and an index key of 32 bytes")
        numbers = {number for number, _ in pairs}
        if len(numbers) < len(pairs) or not numbers <= set(range(256)):
            raise ValueError("the ids of keys are different numbers from 0 to 255")
        self._newest = pairs[0][0]
        self._boxes = {number: AESGCM(key) for number, key in pairs}
        self._index_key = index_key

    @classmethod
    def parse(cls, keys: str, index_key: str) -> KeyRing:
        """Read `FIELD_ENCRYPTION_KEYS` ("2:base64,1:base64", newest first) and `INDEX_KEY` (base64)."""
        pairs = []
        for part in filter(None, (p.strip() for p in keys.split(","))):
            number, _, secret = part.partition(":")
            pairs.append((int(number), base64.b64decode(secret, validate=True)))
        return cls(pairs, base64.b64decode(index_key, validate=True))

    def seal(self, context: str, text: str) -> bytes:
        """Encrypt `text` for `context`."""
        nonce = os.urandom(12)
        box = self._boxes[self._newest]
        return bytes((self._newest,)) + nonce + box.encrypt(nonce, text.encode(), context.encode())

    def seal_all(self, context: str, texts: Iterable[str]) -> list[bytes]:
        """Encrypt many texts of one context; the same as `seal`, with the look-ups done once."""
        box, bound, head = self._boxes[self._newest], context.encode(), bytes((self._newest,))
        encrypt, many = box.encrypt, list(texts)
        random = os.urandom(12 * len(many))  # asking the system once is half the work
        out = []
        for start, text in enumerate(many):
            nonce = random[12 * start : 12 * start + 12]
            out.append(head + nonce + encrypt(nonce, text.encode(), bound))
        return out

    def open(self, context: str, sealed: bytes | memoryview) -> str:
        """Decrypt; raises NotSealedHere when key, context or content do not fit."""
        raw = bytes(sealed)
        try:
            return self._boxes[raw[0]].decrypt(raw[1:13], raw[13:], context.encode()).decode()
        except (KeyError, IndexError, InvalidTag, ValueError) as error:  # ValueError: cut short
            raise NotSealedHere(context) from error

    def is_stale(self, sealed: bytes | memoryview) -> bool:
        """Say whether an older key sealed this value: a rotation seals it anew."""
        return bytes(sealed[:1]) != bytes((self._newest,))

    def index(self, context: str, text: str, size: int = 16) -> bytes:
        """Keyed hash for equality look-ups: 16 bytes to find, 32 where uniqueness counts."""
        return hashlib.blake2b(
            text.encode(), key=self._index_key, digest_size=size, person=_person(context)
        ).digest()

    def index_all(self, context: str, texts: Iterable[str], size: int = 16) -> list[bytes]:
        """Keyed hashes of many texts of one context."""
        base = hashlib.blake2b(key=self._index_key, digest_size=size, person=_person(context))
        out = []
        for text in texts:
            one = base.copy()
            one.update(text.encode())
            out.append(one.digest())
        return out


@lru_cache
def _person(context: str) -> bytes:
    """BLAKE2b's personalisation holds 16 bytes; a longer context is hashed first."""
    raw = context.encode()
    return raw if len(raw) <= 16 else hashlib.blake2b(raw, digest_size=16).digest()


@lru_cache
def ring() -> KeyRing:
    """The platform's key ring, from settings."""
    from django.conf import settings

    return KeyRing.parse(settings.FIELD_ENCRYPTION_KEYS, settings.INDEX_KEY)


def new_key() -> str:
    """A fresh key in the form the environment wants."""
    return base64.b64encode(os.urandom(32)).decode()
