"""How trouble is made for the adapters' suites, and PortOne as a vendor that only writes down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from seonmul.providers.portone.payments import PortOne
from tests.providers.recorder import Recorder
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


@pytest.fixture
def vendor(settings: Any) -> Iterator[Recorder]:
    """PortOne as a recorder: what it is sent is compared literally."""
    recorder = Recorder()
    settings.PORTONE_BASE_URL, settings.PORTONE_STORE_ID = recorder.url, "store-dummy"
    settings.PORTONE_CARD_CHANNEL_KEY = settings.PORTONE_ACCOUNT_CHANNEL_KEY = "channel-key-dummy"
    settings.PORTONE_API_SECRET, settings.PUBLIC_URL = "DUMMY_API_SECRET", "https://shop.example"
    yield recorder
    recorder.close()


@pytest.fixture
def portone() -> PortOne:
    return PortOne()
