"""The system's Chromium, started as these tests need it."""

from __future__ import annotations

import shutil

from playwright.sync_api import expect

# Five seconds are short where another worker's browser has the other core; patience costs only what fails.
expect.set_options(timeout=20_000)

ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none",
    "--disable-background-networking",
    "--accept-lang=ko-KR",  # else it asks for English pages
]  # fmt: skip


def path() -> str:
    """Where it is; ./test installs it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "Chromium is missing: apt-get install chromium fonts-noto-cjk (./test does it where it may)"
    return found
