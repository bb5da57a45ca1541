"""One sandbox process and one webhook for all tests of this folder; emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.outside import Outside, Webhook


@pytest.fixture(scope="session")
def _webhook() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.close()


@pytest.fixture(scope="session")
def _outside(tmp_path_factory: pytest.TempPathFactory, _webhook: Webhook) -> Iterator[Outside]:
    outside = Outside(
        tmp_path_factory.mktemp("sandbox"),
        {"SANDBOX_SOLAPI_WEBHOOK_URL": _webhook.url, "SANDBOX_NTS_SLOW_SECONDS": "0.3"},
    ).start()
    yield outside
    outside.stop()


@pytest.fixture
def webhook(_webhook: Webhook) -> Webhook:
    _webhook.clear()
    return _webhook


@pytest.fixture
def outside(_outside: Outside, webhook: Webhook) -> Outside:
    _outside.inside("POST", "reset")
    webhook.clear()
    return _outside
