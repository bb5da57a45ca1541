"""How trouble is made for the adapters' suites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.outside import Outside


@pytest.fixture
def make_trouble(carrier: Outside, settings: Any) -> Callable[[str, str, str], Callable[..., None]]:
    """Make the fixture `when` for one provider: its name, its setting of the address, and of the key."""

    def of(provider: str, address: str, key: str) -> Callable[..., None]:
        def when(kind: str, **more: object) -> None:
            if kind == "unplugged":
                setattr(settings, address, "http://127.0.0.1:9")
            elif kind == "wrong_key":
                setattr(settings, key, "WRONG")
            else:
                carrier.fault(kind, provider=provider, **more)

        return when

    return of
