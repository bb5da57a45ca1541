"""A voucher as one picture, to be saved on a phone or sent by MMS. V1, V5

Everything that is the same for many vouchers is drawn once and kept; only the code is painted for each. The bars are
whole pixels wide, so that the picture still scans when a messenger has shrunk and compressed it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import typst
from PIL import Image, ImageDraw, ImageFont

from seonmul.kit import barcodes

FONTS = Path(__file__).resolve().parent / "fonts"
WIDTH, HEIGHT, CLOTH_HEIGHT = 640, 900, 64
INK, QUIET_INK, LINE, PAPER = "#1c2024", "#51585f", "#cfccc3", "#ffffff"

_DRAWING = (40, 150, 216)  # left, top, side
_TEXT_LEFT, _TEXT_WIDTH = 280, 320
_BOX = (24, 396, WIDTH - 24, 824)  # left, top, right, bottom
_BARS_TOP, _BARS_HEIGHT, _BARS_MODULE = 416, 128, 4
_DIGITS_TOP, _SQUARE_TOP, _SQUARE_MODULE = 578, 612, 7


@dataclass(frozen=True)
class Face:
    """What vouchers of one kind have in common. Drawings are SVG texts of our own."""

    heading: str
    brand: str
    name: str
    until: str
    note: str
    drawing: str
    cloth: str


def png(face: Face, code: str, digits: str) -> bytes:
    """Draw a voucher as PNG: 640 x 900 pixels. `code`: at most 20 digits or capitals; `digits`: as people read it."""
    return _bytes(_draw(face, code, digits), "PNG", optimize=True)


def jpeg(face: Face, code: str, digits: str, *, quality: int = 85) -> bytes:
    """Draw a voucher as JPEG: 640 x 900 pixels, well below the 200 KB that an MMS may carry."""
    return _bytes(_draw(face, code, digits), "JPEG", quality=quality)


def _draw(face: Face, code: str, digits: str) -> Image.Image:
    picture = _sheet(face).copy()
    modules = np.pad(barcodes.code128_modules(code), barcodes.QUIET_BARS)
    # whole pixels a module, as many as the box takes: letters need more modules than digits
    bars = np.repeat(modules, min(_BARS_MODULE, (_BOX[2] - _BOX[0]) // len(modules)))
    _paint(picture, np.tile(bars, (_BARS_HEIGHT, 1)), _BARS_TOP)
    square = np.pad(barcodes.qr_modules(code), barcodes.QUIET_SQUARE)
    _paint(picture, square.repeat(_SQUARE_MODULE, axis=0).repeat(_SQUARE_MODULE, axis=1), _SQUARE_TOP)
    font = next(
        font
        for size in range(40, 0, -4)
        if (font := _font("Bold", size)).getlength(digits) < _BOX[2] - _BOX[0]
    )
    ImageDraw.Draw(picture).text((WIDTH / 2, _DIGITS_TOP), digits, font=font, fill="#000000", anchor="mm")
    return picture


def _paint(picture: Image.Image, dark: barcodes.Modules, top: int) -> None:
    """Paint modules in black on white, in the middle of the picture."""
    tile = Image.fromarray(np.where(dark, 0, 255).astype(np.uint8))
    picture.paste(tile.convert("RGB"), ((WIDTH - tile.width) // 2, top))


@lru_cache(maxsize=8)  # 1.7 MB each
def _sheet(face: Face) -> Image.Image:
    """Everything but the code."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    picture.paste(_raster(face.cloth, WIDTH, CLOTH_HEIGHT), (0, 0))
    draw = ImageDraw.Draw(picture)
    heading = _shortened(face.heading, _font("Bold", 30), WIDTH - 64)
    draw.text((WIDTH / 2, 108), heading, font=_font("Bold", 30), fill=INK, anchor="mm")
    left, top, side = _DRAWING
    picture.paste(_raster(face.drawing, side, side), (left, top), _rounded(side, 24))
    lines = [
        (face.brand, _font("Regular", 28), QUIET_INK, 1),
        (face.name, _font("Bold", 38), INK, 2),
        (face.until, _font("Regular", 28), INK, 2),
    ]
    spread = [(row, font, fill) for text, font, fill, most in lines for row in _rows(text, font, most)]
    y = top + side / 2 - sum(_step(font) for _, font, _ in spread) / 2
    for row, font, fill in spread:
        draw.text((_TEXT_LEFT, y + _step(font) / 2), row, font=font, fill=fill, anchor="lm")
        y += _step(font)
    draw.rounded_rectangle(_BOX, radius=20, outline=LINE, width=2, fill=PAPER)
    note = _shortened(face.note, _font("Regular", 24), WIDTH - 64)
    draw.text((WIDTH / 2, 862), note, font=_font("Regular", 24), fill=QUIET_INK, anchor="mm")
    return picture


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


def _bytes(picture: Image.Image, kind: str, **how: int | bool) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()
