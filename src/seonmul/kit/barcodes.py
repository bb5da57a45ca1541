"""Barcodes that scanners read: Code 128 and QR. Pure. V1

Modules are whole pixels, black on white whatever the theme, with the quiet zone that the standards ask for: a bar
that is scaled by a fraction is what makes a scanner fail at a counter.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import segno

Modules = npt.NDArray[np.bool_]

#: Light modules around the bars (ISO/IEC 15417: ten) and around a QR (ISO/IEC 18004: four).
QUIET_BARS, QUIET_SQUARE = 10, 4

# Widths of bars and gaps, three each, for the values 0 to 105; then the stop.
_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
    "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
    "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 "
    "113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 "
    "241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 "
    "211232"
).split()
_STOP = "2331112"
_TO_C, _TO_B, _START_B, _START_C = 99, 100, 104, 105


def _bars(widths: str) -> Modules:
    """Bar, gap, bar, ...: True for each dark module."""
    return np.repeat(np.arange(len(widths)) % 2 == 0, [int(width) for width in widths])


_PATTERNS = [_bars(widths) for widths in _WIDTHS]
_END = _bars(_STOP)


def code128_modules(code: str) -> Modules:
    """Encode a text in sets B and C, as short as they allow: True = bar, without quiet zones.

    Each sign of set B is 11 modules, and so is a pair of digits in set C: 16 digits are 123 modules, 20 letters 255.
    Raises ValueError for what set B does not have.
    """
    if not code or not all(" " <= sign <= "~" for sign in code):
        raise ValueError("Code 128 B takes printable ASCII")
    if len(code) % 2 == 0 and code.isdigit():
        values = [_START_C, *(int(code[start : start + 2]) for start in range(0, len(code), 2))]
    else:
        values = _shortest(code)
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], 1))) % 103
    return np.concatenate([*(_PATTERNS[value] for value in (*values, check)), _END])


def _shortest(code: str) -> list[int]:
    """The fewest values that say it: for each length read so far the shortest way to end in set B or in set C."""
    ways: list[dict[int, list[int]]] = [{} for _ in range(len(code) + 2)]
    ways[0] = {_START_B: [_START_B], _START_C: [_START_C]}

    def reach(at: int, ends: int, values: list[int]) -> None:
        if ends not in ways[at] or len(values) < len(ways[at][ends]):
            ways[at][ends] = values

    for at, sign in enumerate(code):
        pair = code[at : at + 2]
        for ends, values in ways[at].items():
            in_b = values if ends == _START_B else [*values, _TO_B]
            reach(at + 1, _START_B, [*in_b, ord(sign) - 32])
            if len(pair) == 2 and pair.isdigit():
                in_c = values if ends == _START_C else [*values, _TO_C]
                reach(at + 2, _START_C, [*in_c, int(pair)])
    return min(ways[len(code)].values(), key=len)


def qr_modules(text: str) -> Modules:
    """Encode text as a QR, error level M: rows of True = dark, without quiet zone."""
    drawn = segno.make(text, micro=False, error="m", boost_error=False)
    return np.array(drawn.matrix, dtype=np.bool_)


def qr_modules_of_digits(code: str) -> Modules:
    """The same for exactly 16 digits, a hundred times as fast: what is drawn for every voucher of a large order.

    A square of one size, level and mask is linear in the bits of its digits: three digits at a time, what they change is
    looked up and laid over the square of noughts. The mask stays the same; which of the eight it is stands in the square.
    """
    zero, tables = _changes()
    changes = [
        table[int(code[start : start + 3])] for start, table in zip(range(0, 16, 3), tables, strict=True)
    ]
    made: Modules = np.bitwise_xor.reduce([zero, *changes])
    return made


_MASK = 2


@lru_cache(maxsize=1)
def _changes() -> tuple[Modules, list[Modules]]:
    """The square of 16 noughts; for each group of digits, by its number, which modules that number changes."""
    zero, tables = _masked("0" * 16), []
    for start in range(0, 16, 3):
        length = min(3, 16 - start)
        table = np.zeros((10**length, *zero.shape), dtype=np.bool_)
        for bit in range(10 if length == 3 else 4):  # how many bits a group is written in
            changed = _masked(f"{1 << bit:0{start + length}d}".ljust(16, "0")) ^ zero
            table[np.arange(10**length) >> bit & 1 == 1] ^= changed
        tables.append(table)
    return zero, tables


def _masked(digits: str) -> Modules:
    drawn = segno.make(digits, micro=False, error="m", boost_error=False, version=1, mask=_MASK)
    return np.array(drawn.matrix, dtype=np.bool_)


def code128_svg(code: str, *, label: str = "", module: int = 2, height: int = 84) -> str:
    """Draw a code as Code 128: bars of `module` pixels, `height` pixels high, quiet zones included.

    `label` is what those hear who do not see it.
    """
    bars = np.pad(code128_modules(code), QUIET_BARS)
    path = "".join(f"M{start} 0h{end - start}v1H{start}z" for start, end in _runs(bars))
    return _svg(len(bars), 1, path, label, len(bars) * module, height)


def qr_svg(text: str, *, label: str = "", module: int = 6) -> str:
    """Draw text as a QR with modules of `module` pixels, quiet zone included."""
    square = np.pad(qr_modules(text), QUIET_SQUARE)
    path = "".join(
        f"M{start} {y}h{end - start}v1H{start}z" for y, row in enumerate(square) for start, end in _runs(row)
    )
    side = len(square)
    return _svg(side, side, path, label, side * module, side * module)


def _runs(row: Modules) -> list[tuple[int, int]]:
    """Where dark runs start and end in a row that is light at both ends."""
    edges = np.flatnonzero(np.diff(row.astype(np.int8))) + 1
    return [(int(start), int(end)) for start, end in list(pairwise(edges))[::2]]


def _svg(width: int, height: int, path: str, label: str, width_px: int, height_px: int) -> str:
    voice = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_px}" height="{height_px}" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="none" shape-rendering="crispEdges" {voice} '
        f'focusable="false"><path fill="#fff" d="M0 0h{width}v{height}H0z"/><path fill="#000" d="{path}"/></svg>'
    )
