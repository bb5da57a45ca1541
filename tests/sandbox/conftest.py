"""One sandbox process and one webhook for all tests of this folder; emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.sandbox.outside import Outside, Webhook
from tests.sandbox.payments import Shop


@pytest.fixture(scope="session")
def _webhook() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.close()


@pytest.fixture(scope="session")
def _shop() -> Iterator[Shop]:
    shop = Shop()
    yield shop
    shop.close()


@pytest.fixture(scope="session")
def _outside(tmp_path_factory: pytest.TempPathFactory, _webhook: Webhook, _shop: Shop) -> Iterator[Outside]:
    outside = Outside(
        tmp_path_factory.mktemp("sandbox"),
        {
            # long enough to ask what is still on its way, also where the machine stands still for a moment
            "SANDBOX_DELAY_SECONDS": "0.5",
            "SANDBOX_SOLAPI_WEBHOOK_URL": _webhook.url,
            "SANDBOX_NTS_SLOW_SECONDS": "0.3",
            "SANDBOX_PORTONE_WEBHOOK_URL": _shop.url,
            "SANDBOX_PORTONE_WEBHOOK_RETRY_SECONDS": "0.02",
        },
    ).start()
    yield outside
    outside.stop()


@pytest.fixture
def webhook(_webhook: Webhook) -> Webhook:
    _webhook.clear()
    return _webhook


@pytest.fixture
def hears(_shop: Shop, outside: Outside) -> Shop:
    """The shop that hears of payments."""
    return _shop


@pytest.fixture
def outside(_outside: Outside, webhook: Webhook, _shop: Shop) -> Outside:
    _outside.inside("POST", "reset")
    webhook.clear()
    _shop.clear()
    return _outside


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def said() -> list[str]:
    """What browsers complained about."""
    return []
