"""Identifiers: sortable keys for rows, short public ids for people, secret tokens for links, names at vendors.

All randomness is the operating system's, and every sign of the alphabet is equally likely.
"""

from __future__ import annotations

import os
import uuid

from uuid_utils.compat import uuid7

# Lower case only, since people read ids out on the phone; no look-alikes (0 o, 1 i l) and no vowels, so no
# words.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"

# 28 signs at 4.8 bits each: 18 of them are 86 bits, which nobody guesses.
LINK_TOKEN_LENGTH = 18

# Not secret, but never twice at any vendor, whatever happens to our database.
REFERENCE_LENGTH = 24

# A random byte below 252 names a sign by its remainder; the four above would favour the first signs and are
# dropped.
_FAIR = 256 - 256 % len(ALPHABET)
_SIGN_OF_BYTE = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(_FAIR, 256))


def new_id() -> uuid.UUID:
    """Make a row's key: a version 7 UUID, sortable by the time of its making."""
    return uuid7()


def new_ids(count: int) -> list[uuid.UUID]:
    """Make ``count`` row keys."""
    return [uuid7() for _ in range(count)]


def is_id(text: str) -> bool:
    """Whether a text is a row's key as we write it."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def public_id(length: int = 12) -> str:
    """Make a short random id for addresses and screens; 12 signs are 57 bits."""
    return _signs(length)


def public_ids(count: int, length: int = 12) -> list[str]:
    """Make ``count`` public ids from one draw of randomness; that two are alike is all but impossible."""
    return _cut(_signs(count * length), length)


def link_token() -> str:
    """Make the secret of a link that needs no login: 18 signs, 86 bits."""
    return _signs(LINK_TOKEN_LENGTH)


def link_tokens(count: int) -> list[str]:
    """Make ``count`` link tokens from one draw of randomness."""
    return _cut(_signs(count * LINK_TOKEN_LENGTH), LINK_TOKEN_LENGTH)


def reference() -> str:
    """Make our name for something at a vendor: 24 capital letters and digits, 115 bits. KCP takes up to 40."""
    return _signs(REFERENCE_LENGTH).upper()


def _signs(count: int) -> str:
    signs = b""
    while len(signs) < count:
        missing = count - len(signs)
        signs += os.urandom(missing + missing // 50 + 8).translate(_SIGN_OF_BYTE, _UNFAIR)
    return signs[:count].decode("ascii")


def _cut(signs: str, length: int) -> list[str]:
    return [signs[start : start + length] for start in range(0, len(signs), length)]
