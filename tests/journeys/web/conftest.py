"""One browser for the journeys through the web, at both widths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.journeys.platform import Platform
from tests.journeys.web.screen import Screen


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(params=[1280, 360])
def screen(request: Any, browser: Browser, platform: Platform) -> Iterator[Screen]:
    opened = Screen(browser, platform, request.param)
    yield opened
    opened.context.close()
