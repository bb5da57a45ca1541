"""What a vendor reads of a JPEG before it takes it."""

from __future__ import annotations

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def size_of(jpeg: bytes) -> tuple[int | None, int | None]:
    """Width and height from the frame header; None when there is none."""
    at = 2 if jpeg.startswith(b"\xff\xd8") else len(jpeg)
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        if marker in _FRAMES:
            return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
        at += 2 + length
    return None, None
