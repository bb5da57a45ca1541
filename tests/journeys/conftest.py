"""One platform for all journeys of a test process that do not break it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.platform import Platform


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    started = Platform(tmp_path_factory.mktemp("platform"))
    try:
        yield started.start()
    finally:
        started.end()
