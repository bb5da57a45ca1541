"""A figure: ours and its limit in turn, several runs, medians, a ratio."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """`ours` and `limit` are medians in `unit`; `ratio` is ours / limit, or limit / ours where `wanted` says so."""

    name: str
    unit: str
    ours: float
    limit: float
    limit_is: str
    ratio: float
    wanted: str
    is_met: bool
    runs: list[float]
    limit_runs: list[float]

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def seconds(work: Callable[[], object]) -> float:
    """How long one run of `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(runs: list[float]) -> float:
    return round(statistics.median(runs), 3)
