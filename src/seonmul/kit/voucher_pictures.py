"""A voucher as one picture, to be saved on a phone or sent by MMS: a baseline JPEG. V1, V5, S1

Everything that is the same for many vouchers is drawn and encoded once. A JPEG with a restart marker at the end of each row
of blocks can be cut there and put together again, so for each voucher only the rows with its code are painted and encoded,
and take the place of the template's (decision 0040).

The picture must still scan when a messenger has shrunk it to 60 % and compressed it. A square always does. Bars are whole
pixels wide, 4 where the box has room (18 digits, 9 letters), else 3, which a small picture may lose; where not even 3 fit
(from 14 letters on) there are no bars, and a larger square takes their place.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import typst
from PIL import Image, ImageDraw, ImageFont

from seonmul.kit import barcodes

FONTS = Path(__file__).resolve().parent / "fonts"
WIDTH, HEIGHT, CLOTH_HEIGHT = 640, 900, 64
#: What every carrier takes as the picture of an MMS.
MOST_BYTES = 200 * 1024
INK, QUIET_INK, LINE, PAPER = "#1c2024", "#51585f", "#cfccc3", "#ffffff"

_DRAWING = (40, 150, 216)  # left, top, side
_TEXT_LEFT, _TEXT_WIDTH = 280, 320
_BOX = (10, 396, WIDTH - 10, 824)  # left, top, right, bottom
_ROOM = _BOX[2] - _BOX[0]
_BARS_MODULE_MOST, _BARS_MODULE_LEAST = 4, 3

# A row of blocks is 16 pixels high, since colours are kept at half the size. What is painted keeps to whole rows.
_ROW = 16
_ENCODING: dict[str, Any] = {"quality": 85, "subsampling": "4:2:0", "restart_marker_rows": 1}
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_END = b"\xff\xd9"

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Face:
    """What vouchers of one kind have in common. `terms`: what has to be read beside the last day, a few words that are never
    cut. Drawings are SVG texts of our own.
    """

    heading: str
    brand: str
    name: str
    until: str
    note: str
    drawing: str
    cloth: str
    terms: str = ""


@dataclass(frozen=True)
class _Plan:
    """Which rows of the box show what, and how many pixels a module of the square has."""

    bars: range
    digits: range
    square: range
    square_module: int

    @property
    def painted(self) -> tuple[int, ...]:
        """The rows that are encoded for each voucher: all rows of the bars are alike, so one of them does."""
        return (*self.bars[:1], *self.digits, *self.square)


_WITH_BARS = _Plan(range(26, 34), range(35, 38), range(38, 51), 7)
_SQUARE_ALONE = _Plan(range(0), range(47, 50), range(26, 47), 11)


@dataclass(frozen=True)
class _Template:
    """An encoded picture without a code, row by row; and what the painted rows look like without one."""

    head: bytes
    rows: tuple[bytes, ...]
    blank: Pixels


def jpeg(face: Face, code: str, digits: str) -> bytes:
    """Draw a voucher: 640 x 900 pixels. `code`: at most 20 digits or capitals; `digits`: as people read it.

    The same voucher gives the same bytes, so nothing is kept: it is drawn anew whenever it is wanted.
    """
    bars = barcodes.code128_modules(code)
    module = _bars_module(bars)
    plan = _WITH_BARS if module else _SQUARE_ALONE
    template = _template(face, plan)
    encoded = _scan(_painted(template.blank, plan, bars.repeat(module), code, digits))
    rows = list(template.rows)
    for row, data in zip(plan.painted, encoded, strict=True):
        rows[row] = data + _marker(row)
    for row in plan.bars:
        rows[row] = encoded[0] + _marker(row)
    return template.head + b"".join(rows)


def _bars_module(bars: barcodes.Modules) -> int:
    """Whole pixels a module, as many as the box takes with the quiet zones, which are paper; 0 for too few."""
    fits = min(_BARS_MODULE_MOST, _ROOM // (len(bars) + 2 * barcodes.QUIET_BARS))
    return fits if fits >= _BARS_MODULE_LEAST else 0


@lru_cache(maxsize=16)  # 0.6 MB each
def _template(face: Face, plan: _Plan) -> _Template:
    """The picture without a code. Sheets of one kind that end on several days share the drawing, not the encoding."""
    sheet, until_y = _sheet(replace(face, until=""))
    sheet = sheet.copy()
    font = _font("Regular", 28)
    until = _shortened(face.until, font, _TEXT_WIDTH)
    ImageDraw.Draw(sheet).text((_TEXT_LEFT, until_y), until, font=font, fill=INK, anchor="lm")
    encoded = _encoded(sheet)
    begin = _data_begins(encoded)
    rows = _RESTART.split(encoded[begin : -len(_END)])
    pixels = np.asarray(sheet)
    return _Template(
        head=encoded[:begin],
        rows=(*(data + _marker(row) for row, data in enumerate(rows[:-1])), rows[-1] + _END),
        blank=np.concatenate([pixels[row * _ROW : (row + 1) * _ROW] for row in plan.painted]),
    )


def _painted(blank: Pixels, plan: _Plan, bars: barcodes.Modules, code: str, digits: str) -> Pixels:
    """The rows of one voucher's code: one of its bars if there are any, its digits, its square."""
    strip, top = blank.copy(), 0
    if plan.bars:
        _paint(strip, _light(bars)[None, :], 0)
        strip[1:_ROW] = strip[0]  # a row of bars is one line of pixels
        top = _ROW
    _paint(strip, _written(digits), top)
    top += _ROW * len(plan.digits)
    is_own = len(code) == 16 and code.isdecimal()
    square = barcodes.qr_modules_of_digits(code) if is_own else barcodes.qr_modules(code)
    tile = _light(square).repeat(plan.square_module, axis=1).repeat(plan.square_module, axis=0)
    _paint(strip, tile, top + (_ROW * len(plan.square) - len(tile)) // 2)
    return strip


def _light(dark: barcodes.Modules) -> Pixels:
    """Black where it is dark, white elsewhere."""
    return np.where(dark, np.uint8(0), np.uint8(255))


def _paint(strip: Pixels, tile: Pixels, top: int) -> None:
    """Lay grey pixels in the middle of the rows: each three times, for red, green and blue, since whole rows copy fastest."""
    left = (WIDTH - tile.shape[1]) // 2
    rows = strip.reshape(len(strip), -1)
    rows[top : top + tile.shape[0], 3 * left : 3 * (left + tile.shape[1])] = tile.repeat(3, axis=1)


def _written(digits: str) -> Pixels:
    """The code as people read it, as large as the box takes."""
    for size in range(40, 0, -4):
        glyphs = [_glyph(sign, size) for sign in digits]
        if sum(glyph.shape[1] for glyph in glyphs) < _ROOM:
            return np.concatenate(glyphs, axis=1)
    raise ValueError("no room for the digits")


@lru_cache(maxsize=512)
def _glyph(sign: str, size: int) -> Pixels:
    """One sign in black on white, as wide as it is set and as high as the rows of digits."""
    font, height = _font("Bold", size), len(_WITH_BARS.digits) * _ROW
    tile = Image.new("L", (max(round(font.getlength(sign)), 1), height), 255)
    ImageDraw.Draw(tile).text((tile.width / 2, height / 2), sign, font=font, fill=0, anchor="mm")
    return np.asarray(tile)


def _scan(strip: Pixels) -> list[bytes]:
    """Encode painted rows: the data of each."""
    encoded = _encoded(Image.fromarray(strip))
    return _RESTART.split(encoded[_data_begins(encoded) : -len(_END)])


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **_ENCODING)
    return out.getvalue()


def _data_begins(encoded: bytes) -> int:
    """Where the one scan's data begin, behind its header. A marker says how long its segment is."""
    at = 2
    while encoded[at + 1] != 0xDA:
        at += 2 + int.from_bytes(encoded[at + 2 : at + 4])
    return at + 2 + int.from_bytes(encoded[at + 2 : at + 4])


def _marker(row: int) -> bytes:
    """What stands behind a row: eight markers take turns."""
    return bytes((0xFF, 0xD0 + row % 8))


@lru_cache(maxsize=8)  # 1.7 MB each
def _sheet(face: Face) -> tuple[Image.Image, float]:
    """Everything but the code and the last day, and where in height the last day goes."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    picture.paste(_raster(face.cloth, WIDTH, CLOTH_HEIGHT), (0, 0))
    draw = ImageDraw.Draw(picture)
    heading = _shortened(face.heading, _font("Bold", 30), WIDTH - 64)
    draw.text((WIDTH / 2, 108), heading, font=_font("Bold", 30), fill=INK, anchor="mm")
    left, top, side = _DRAWING
    picture.paste(_raster(face.drawing, side, side), (left, top), _rounded(side, 24))
    until_step, terms_font = _step(_font("Regular", 28)), _fitting(face.terms)
    terms_step = _step(terms_font) if face.terms else 0
    lines = [
        (face.brand, _font("Regular", 28), QUIET_INK, 1),
        (face.name, _font("Bold", 38), INK, 2),
    ]
    spread = [(row, font, fill) for text, font, fill, most in lines for row in _rows(text, font, most)]
    y = top + side / 2 - (sum(_step(font) for _, font, _ in spread) + until_step + terms_step) / 2
    for row, font, fill in spread:
        draw.text((_TEXT_LEFT, y + _step(font) / 2), row, font=font, fill=fill, anchor="lm")
        y += _step(font)
    terms_y = round(y + until_step + terms_step / 2)
    draw.text((_TEXT_LEFT, terms_y), face.terms, font=terms_font, fill=INK, anchor="lm")
    draw.rounded_rectangle(_BOX, radius=20, outline=LINE, width=2, fill=PAPER)
    note = _shortened(face.note, _font("Regular", 24), WIDTH - 64)
    draw.text((WIDTH / 2, 862), note, font=_font("Regular", 24), fill=QUIET_INK, anchor="mm")
    return picture, y + until_step / 2


def _rows(text: str, font: ImageFont.FreeTypeFont, most: int) -> list[str]:
    """Break a text between words into at most `most` rows; what does not fit ends in an ellipsis."""
    words, rows = text.split(), [""]
    while words:
        longer = f"{rows[-1]} {words[0]}".strip()
        if font.getlength(longer) > _TEXT_WIDTH and rows[-1] and len(rows) < most:
            rows.append("")
        else:
            rows[-1] = longer
            words.pop(0)
    return [_shortened(row, font, _TEXT_WIDTH) for row in rows]


def _shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _fitting(text: str) -> ImageFont.FreeTypeFont:
    """As large as the last day, smaller where a text would not fit whole. Raises ValueError for one that never does."""
    for size in range(28, 17, -2):
        if (font := _font("Regular", size)).getlength(text) <= _TEXT_WIDTH:
            return font
    raise ValueError("no room for the terms")


def _step(font: ImageFont.FreeTypeFont) -> float:
    return font.size * 1.4


@lru_cache(maxsize=16)
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"Pretendard-{weight}.ttf", size)


def _rounded(side: int, radius: int) -> Image.Image:
    """A mask with round corners, smooth: drawn four times as large."""
    mask = Image.new("L", (side * 4, side * 4), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side * 4, side * 4), radius=radius * 4, fill=255)
    return mask.resize((side, side), Image.Resampling.LANCZOS)


def _raster(svg: str, width: int, height: int) -> Image.Image:
    """Turn one of our drawings into pixels."""
    page = (
        f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n"
        f'#image(bytes(sys.inputs.svg), format: "svg", width: {width}pt, height: {height}pt, fit: "cover")'
    )
    drawn = typst.compile(
        page.encode(), format="png", ppi=72.0, sys_inputs={"svg": svg}, ignore_system_fonts=True
    )
    return Image.open(io.BytesIO(drawn)).convert("RGB").resize((width, height))
