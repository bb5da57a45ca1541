"""One platform for all journeys of a test process that do not break it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seonmul.sandbox.settings import DEFAULT_SENDERS
from tests.journeys.operator import Operator
from tests.journeys.platform import Platform

#: Numbers that people prove in a journey; an operator enters them at the carrier, whose emulator has them at once.
PROVED = ("01030010001", "01030030001", "01030040001")


@pytest.fixture(scope="session")
def operator(platform: Platform) -> Operator:
    """Staff at the platform's console."""
    return Operator(platform)


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    senders = ",".join([DEFAULT_SENDERS, *PROVED])
    started = Platform(tmp_path_factory.mktemp("platform"), {"SANDBOX_SENDERS": senders})
    try:
        # the same person pays again and again, in whatever order the journeys come
        started.start().set_figure("spend_codes_most", 50)
        yield started
    finally:
        started.end()
