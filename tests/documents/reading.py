"""The text of a PDF as a reader would select it: content streams through each font's ToUnicode table."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
#: A literal string; parentheses inside need no backslash where they are balanced.
_INSIDE = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*"
_PIECE = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:\(" + _INSIDE + rb"\)|[^\]()])*)\]\s*TJ", re.DOTALL)
_STRING = re.compile(rb"\((" + _INSIDE + rb")\)|<([0-9A-Fa-f]*)>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Every piece of text that is set, in the order of the page."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {
        name.decode(): _table(objects, int(number))
        for body in objects.values()
        for group in re.findall(rb"/Font<<(.*?)>>", body)
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", group)
    }
    pages = [
        int(found[1]) for body in objects.values() if (found := re.search(rb"/Contents (\d+) 0 R", body))
    ]
    lines, font = [], ""
    for name, pieces in _PIECE.findall(b"".join(_stream(objects[page]) for page in pages)):
        if name:
            font = name.decode()
            continue
        raw = b"".join(
            bytes.fromhex(hexed.decode()) or _bytes(literal) for literal, hexed in _STRING.findall(pieces)
        )
        glyphs = [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
        lines.append("".join(fonts[font].get(glyph, "?") for glyph in glyphs))
    return "".join(lines)


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompressobj().decompress(found[1])  # its last bytes may look like a line's end


def _table(objects: dict[int, bytes], font: int) -> dict[int, str]:
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    assert found is not None
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", _stream(objects[int(found[1])]))
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _bytes(literal: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        one = found[1]
        return bytes([int(one, 8)]) if one.isdigit() else _SHORT.get(one, one)

    return _ESCAPE.sub(plain, literal)
