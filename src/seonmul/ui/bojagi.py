"""Bojagi (보자기): a patchwork cloth as SVG, drawn from a seed.

The same seed, size and palette always give the same text, on any machine: every choice is read from a hash
of the seed and the patch's place in the tree of cuts. Pure: no input or output, no global random state.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape
from itertools import pairwise
from typing import NamedTuple

# From quiet to loud: wide patches take the first colours, small ones the last.
LIGHT = ("#f3ecdd", "#0b6e4f", "#e7f2ed", "#a9cdbb", "#d8d6ce", "#2c4468", "#f1d9c4", "#c2571a")
# For places that cannot follow the reader's theme; pages do so by the classes c0..c7 (app.css, layer dark).
DARK = ("#5b5546", "#1d8a66", "#29473e", "#6a9a84", "#464a46", "#4a699b", "#7a5640", "#d4713a")
SEAM, THREAD = "#1c2024", "#ffffff"
CUTS = (0.236, 0.309, 0.382, 0.427, 0.573, 0.618, 0.691, 0.764)
TRIES = 6
SIZES = {"card": (360, 200), "band": (1240, 8), "strip": (420, 124), "icon": (256, 256)}


class Patch(NamedTuple):
    x: int
    y: int
    w: int
    h: int
    path: str  # place in the tree of cuts, e.g. "rLRL"


def _draw(seed: str, *where: object) -> float:
    """A number in [0, 1) that belongs to this seed and this place."""
    text = "\x1f".join(map(str, (seed, *where)))
    return int.from_bytes(sha256(text.encode()).digest()[:7], "big") / 2**56


def _cut(seed: str, patch: Patch, least: float, side: int) -> list[Patch]:
    """Cut a patch in two along its longer side, again and again, until patches are small."""
    x, y, w, h, path = patch
    area, depth = w * h, len(path)
    rest = depth > 3 and area < least * 4 and _draw(seed, path, "rest") < 0.22
    if area < least * 1.7 or rest or max(w, h) < 2 * side:
        return [patch]
    lean = 0.5 + 0.9 * math.log(w / h)  # long patches are cut across, square ones either way
    upright = _draw(seed, path, "axis") < lean
    if (w if upright else h) < 2 * side:
        upright = not upright
    share = CUTS[int(_draw(seed, path, "cut") * len(CUTS))]
    whole = w if upright else h
    at = min(max(round(whole * share), side), whole - side)
    if upright:
        halves = Patch(x, y, at, h, path + "L"), Patch(x + at, y, w - at, h, path + "R")
    else:
        halves = Patch(x, y, w, at, path + "L"), Patch(x, y + at, w, h - at, path + "R")
    return [p for half in halves for p in _cut(seed, half, least, side)]


def _stiffness(patches: list[Patch]) -> float:
    """How much a cloth looks like a grid: seams that cross, near misses, patches of one size."""
    corners: dict[tuple[int, int], int] = {}
    for p in patches:
        for corner in ((p.x, p.y), (p.x + p.w, p.y), (p.x, p.y + p.h), (p.x + p.w, p.y + p.h)):
            corners[corner] = corners.get(corner, 0) + 1
    crossings = sum(1 for count in corners.values() if count == 4)
    sizes = sorted(p.w * p.h for p in patches)
    alike = sum(1 for a, b in pairwise(sizes) if b < a * 1.08)
    spread = sizes[-1] / sizes[len(sizes) // 2]
    return 3 * crossings + alike / len(patches) * 6 - min(spread, 4.0)


def _cloth(seed: str, width: int, height: int, least: float, side: int) -> list[Patch]:
    """Cut the cloth a few times and keep the least regular one; the order of tries is part of the seed."""
    whole = Patch(0, 0, width, height, "r")
    tries = [_cut(f"{seed}#{i}", whole, least, side) for i in range(TRIES)]
    return min(tries, key=_stiffness)


def _touch(a: Patch, b: Patch) -> bool:
    """Whether two patches share a piece of seam (a corner alone does not count)."""
    over_x = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    over_y = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return (over_x == 0 and over_y > 0) or (over_y == 0 and over_x > 0)


def _dye(seed: str, patches: list[Patch], colours: int) -> dict[Patch, int]:
    """A colour for each patch, widest first, never that of a neighbour if one is left."""
    dyed: dict[Patch, int] = {}
    used = [0] * colours
    ranked = sorted(patches, key=lambda p: (-p.w * p.h, p.path))
    for rank, patch in enumerate(ranked):
        taken = {dyed[p] for p in dyed if _touch(p, patch)}
        free = [i for i in range(colours) if i not in taken] or list(range(colours))
        aim = 0.1 + 0.8 * rank / max(len(ranked) - 1, 1)
        weights = [
            math.exp(-((i / (colours - 1) - aim) ** 2) / 0.16)
            / (1 + used[i]) ** (5 if i == colours - 1 else 1.5)  # the loudest stays rare
            for i in free
        ]
        point, chosen = _draw(seed, patch.path, "dye") * sum(weights), free[-1]
        for i, weight in zip(free, weights, strict=True):
            point -= weight
            if point < 0:
                chosen = i
                break
        dyed[patch] = chosen
        used[chosen] += 1
    return dyed


def knot_group(palette: Sequence[str] = LIGHT) -> str:
    """The four corners of the cloth tied together, as an SVG group centred on 0,0.

    Two corners stand up, two lie at the sides; each is a pointed leaf with its underside showing, so that it
    reads as tied cloth. Fits viewBox="-170 -152 340 244".
    """
    edge, under, loud = (escape(palette[i], quote=True) for i in (0, 6, len(palette) - 1))
    half = (
        f'<path class="c7" d="M-10 8C-52 -2 -112 22 -150 80C-104 94 -42 78 -4 32Z" fill="{loud}"/>'
        f'<path class="c6" d="M-150 80C-104 94 -42 78 -4 32C-46 54 -92 68 -150 80Z" fill="{under}"/>'
        f'<path class="c7" d="M-2 12C0 -62 -46 -128 -122 -146C-182 -92 -138 6 -20 26Z" fill="{loud}"/>'
        f'<path class="c6" d="M-2 12C0 -62 -46 -128 -122 -146C-84 -96 -44 -40 -10 16Z" fill="{under}"/>'
        '<path d="M-36 8C-78 -8 -112 -42 -122 -84M-26 30C-62 30 -96 46 -120 66" fill="none" '
        'stroke-width="3.5" opacity=".5"/>'
    )
    return (
        f'<g stroke="{edge}" stroke-width="5" stroke-linejoin="round" stroke-linecap="round"><g>{half}</g>'
        f'<g transform="scale(-1 1)">{half}</g>'
        f'<path class="c7" d="M-30 -8C-26 -26 26 -26 30 -8C36 10 34 30 24 38C10 46 -10 46 -24 38'
        f'C-34 30 -36 10 -30 -8Z" fill="{loud}"/>'
        '<path d="M-12 -10C-6 6 -6 20 -12 30M11 -12C5 4 6 18 13 28" fill="none" stroke-width="3" '
        'opacity=".5"/>'
        "</g>"
    )


def knot_svg(palette: Sequence[str] = LIGHT) -> str:
    """The knot alone, for the gift page, where it hangs over the lower edge of the cloth."""
    return (
        '<svg class="cloth" xmlns="http://www.w3.org/2000/svg" viewBox="-170 -152 340 244" '
        f'aria-hidden="true" focusable="false">{knot_group(palette)}</svg>'
    )


def _seams(patches: list[Patch], short: int, band: bool) -> str:
    """Every seam once, drawn by the patch on its right or below it."""
    lines = [f"M{p.x} {p.y}v{p.h}" for p in patches if p.x] + [f"M{p.x} {p.y}h{p.w}" for p in patches if p.y]
    path = "".join(lines)
    if not path:
        return ""
    if band:
        return f'<path class="thread" d="{path}" fill="none" stroke="{THREAD}" stroke-width="1"/>'
    unit = max(short / 200, 0.75)
    return (  # the doubled cloth of a felled seam, then its running stitch
        f'<path d="{path}" fill="none" stroke="{SEAM}" stroke-opacity=".13" stroke-width="{3.2 * unit:g}"/>'
        f'<path class="thread" d="{path}" fill="none" stroke="{THREAD}" stroke-opacity=".8" '
        f'stroke-width="{0.9 * unit:g}" stroke-dasharray="{4 * unit:g} {3 * unit:g}"/>'
    )


@lru_cache(maxsize=512)
def bojagi_svg(
    seed: str, *, width: int, height: int, palette: tuple[str, ...] = LIGHT, knot: bool = False
) -> str:
    """Draw the cloth of `seed` as an SVG of `width` x `height`.

    `palette` holds eight colours from quiet to loud. `knot` ties the cloth in the middle with the last colour
    (icon, closed gift). Colours are fill attributes, so that the picture also stands alone in a document, and
    classes c0..c7, so that a dark page may recolour it. It is ornament and marked `aria-hidden`; whatever it
    says must also be said in words beside it. Raises ValueError for an impossible size or palette.
    """
    if width < 1 or height < 1 or len(palette) != 8:
        raise ValueError("bojagi_svg needs a positive size and eight colours")
    colours = [escape(c, quote=True) for c in palette]
    short, long = min(width, height), max(width, height)
    band = long / short > 12
    if band:  # one row of strips; about one in three is a short accent
        least, side = short * long / 34, math.ceil(long / 150)
    else:
        least, side = width * height / (14 if knot else 22), math.ceil(short / 10)
    patches = _cloth(seed, width, height, least, side)
    dyed = _dye(seed, patches, 7 if knot else 8)
    rects = "".join(
        f'<rect class="c{dyed[p]}" x="{p.x}" y="{p.y}" width="{p.w}" height="{p.h}" '
        f'fill="{colours[dyed[p]]}"/>'
        for p in patches
    )
    tied = ""
    if knot:
        place = f"translate({width / 2:g} {height * 0.56:g}) scale({short / 400:g})"
        tied = f'<g transform="{place}">{knot_group(palette)}</g>'
    return (
        f'<svg class="cloth" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice" aria-hidden="true" '
        f'focusable="false">{rects}{_seams(patches, short, band)}{tied}</svg>'
    )
