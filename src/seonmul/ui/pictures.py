"""Product pictures: drawings of invented goods, coloured by a seed (a brand's code).

Each drawing is a small SVG in drawings/ whose fills may say main, deep, accent or ground instead of a colour;
the seed chooses the palette, so that all goods of one brand wear its colours. No real logo anywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

DRAWINGS = Path(__file__).resolve().parent / "drawings"
KINDS = tuple(sorted(path.stem for path in DRAWINGS.glob("*.svg")))
COLOUR_WORD = re.compile(r'"(main|deep|accent|ground)"')
SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.S)


class Palette(NamedTuple):
    main: str
    deep: str
    accent: str
    ground: str


PALETTES = (
    Palette("#0b6e4f", "#07492f", "#e9c46a", "#e7f2ed"),  # jade
    Palette("#c2571a", "#7d3409", "#f0c987", "#fbeee5"),  # persimmon
    Palette("#2c4468", "#172a47", "#e8a35c", "#e6ebf3"),  # indigo
    Palette("#8c3f5d", "#5b2139", "#e9c46a", "#f7e9ee"),  # plum
    Palette("#b5811d", "#6f4d0a", "#3f7d6a", "#f8f0dc"),  # mustard
    Palette("#a93a32", "#6b1d18", "#f3d38c", "#faeae7"),  # brick
    Palette("#2f7f8f", "#164c58", "#f0b36a", "#e4f1f3"),  # teal
    Palette("#6b7a2f", "#424c17", "#e58a52", "#f1f3e1"),  # olive
)


def palette_of(seed: str) -> Palette:
    """Choose the palette of a seed; the same on every machine."""
    return PALETTES[sha256(seed.encode()).digest()[0] % len(PALETTES)]


@lru_cache(maxsize=256)
def picture_svg(kind: str, palette_seed: str, *, ground: bool = True) -> str:
    """Draw one good as an SVG of 120 x 120 units, on its tinted ground or without one.

    The picture is marked `aria-hidden`: the product's name always stands beside it. Raises KeyError for a
    kind that has no drawing (see `KINDS`).
    """
    if kind not in KINDS:
        raise KeyError(kind)
    colours = palette_of(palette_seed)._asdict()
    shapes = SHAPES.search((DRAWINGS / f"{kind}.svg").read_text("utf-8"))
    assert shapes is not None  # noqa: S101 - the files are ours and a test reads each of them
    drawn = COLOUR_WORD.sub(lambda word: f'"{colours[word[1]]}"', shapes[1].strip())
    field = f'<rect width="120" height="120" fill="{colours["ground"]}"/>' if ground else ""
    inset = f'<g transform="translate(12 12) scale(.8)">{drawn}</g>' if ground else drawn
    return (
        '<svg class="picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" aria-hidden="true" '
        f'focusable="false">{field}{inset}</svg>'
    )
