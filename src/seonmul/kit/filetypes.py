"""What a file is, told by its content and never by its name."""

from __future__ import annotations

_MARKS = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
CONTENT_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}


def kind_of(content: bytes) -> str:
    """Return "pdf", "jpeg" or "png", or "" for anything else."""
    return next((kind for kind, mark in _MARKS.items() if content.startswith(mark)), "")
