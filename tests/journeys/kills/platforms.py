"""Platforms that are there to be killed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.platform import Platform


@contextmanager
def mortal(home: Path, more: Mapping[str, str] | None = None) -> Iterator[Platform]:
    """A running platform with money in it; a carrier that was killed is asked again at once.

    When a carrier rests is shown in tests/dispatch/test_routing.py.
    """
    started = Platform(home, dict(more or {}))
    try:
        started.start()
        started.charge("hanbit", 900_000_000, "journey")
        started.set_figure("carrier_failures", 100)
        started.set_figure("carrier_rest_seconds", 5)
        yield started
    finally:
        started.end()
