"""Vouchers as pictures on all cores, beside a bare JPEG encode of the same size. Wanted: at least 80 % of its rate. S1

Ours draws code, digits and square of each voucher and puts the JPEG together from the rows that change and those that do not;
the bare encode gets the same finished pixels again and again.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import time
from collections.abc import Callable

import numpy as np
import simplejpeg
from PIL import Image

from bench.figure import Figure, median
from seonmul.kit import voucher_pictures
from seonmul.ui import bojagi, pictures
from seonmul.vouchers import rules

COUNT = 1_000
LEAST = 0.8


def measure(runs: int, count: int = COUNT) -> Figure:
    """Pictures a second, `count` on each core."""
    pairs = [(_rate(_bare, count), _rate(_ours, count)) for _ in range(runs)]
    limits, rates = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ratio = round(median(rates) / median(limits), 2)
    return Figure(
        f"vouchers as pictures on {os.cpu_count()} cores", "pictures/s", median(rates), median(limits),
        "a bare JPEG encode of the same size", ratio, f"≥ {LEAST:g} of its rate", ratio >= LEAST, rates, limits,
    )  # fmt: skip


def _rate(work: Callable[[int], float], count: int) -> float:
    """A process for each core; they draw once before the clock runs."""
    cores = os.cpu_count() or 1
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        took = pool.map(work, [count] * cores, chunksize=1)
    return round(count * cores / max(took), 1)


def _ours(count: int) -> float:
    face = _face()
    codes = [f"{number:016d}" for number in range(10**15, 10**15 + count)]
    voucher_pictures.jpeg(face, codes[0], rules.grouped(codes[0]))
    began = time.perf_counter()
    for code in codes:
        voucher_pictures.jpeg(face, code, rules.grouped(code))
    return time.perf_counter() - began


def _bare(count: int) -> float:
    drawn = voucher_pictures.jpeg(_face(), "0" * 16, rules.grouped("0" * 16))
    pixels = np.ascontiguousarray(np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB")))
    began = time.perf_counter()
    for _ in range(count):
        simplejpeg.encode_jpeg(pixels, quality=85, colorspace="RGB", colorsubsampling="420", fastdct=True)
    return time.perf_counter() - began


def _face() -> voucher_pictures.Face:
    return voucher_pictures.Face(
        heading="주식회사 한빛테크가 보낸 선물",
        brand="달무리커피",
        name="아이스 아메리카노",
        until="2027.02.24(수)까지",
        note="전국 달무리커피 매장",
        drawing=pictures.picture_svg("iced-coffee", "달무리커피"),
        cloth=bojagi.bojagi_svg("bench", width=640, height=64),
    )
