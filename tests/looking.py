"""What every page must hold in a real browser: nothing wider than the window, readable for all, no broken policy. X4"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

WIDTHS = (1280, 360)
#: Set to keep pictures of every page: SCREENS=build/screens ./test tests/storefront/test_every_page_in_browser.py
SCREENS = os.environ.get("SCREENS", "")
#: What goes away goes at once: half faded, its letters have too little contrast.
STILL = "document.querySelectorAll('[data-toast]').forEach(one => { one.style.transition = 'none'; })"
#: Axe is put into a page once; what it found to be fine is not brought back.
_RUN = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


def complaints(page: Page) -> list[str]:
    """What the browser says about broken policy and failed scripts, from now on."""
    said: list[str] = []

    def note(message: Any) -> None:
        if "Content Security Policy" in message.text:
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def faults(page: Page, said: list[str], name: str = "") -> list[str]:
    """What is wrong with the page as it stands, at both widths. `said`: see complaints."""
    page.wait_for_load_state()  # its sheets and scripts, which may come after its words
    name, found = name or page.url, list(said)
    page.evaluate(STILL)
    page.evaluate(Axe().axe_script)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found.append(f"{wider} px too wide at {width}")
        if SCREENS:
            Path(SCREENS).mkdir(parents=True, exist_ok=True)
            file = name.strip("/").replace("/", "_").replace(":", "") or "products"
            page.screenshot(path=f"{SCREENS}/{file}-{width}.png", full_page=True)
        seen = page.evaluate(_RUN)
        found += [f"{one['id']} at {width}: {one['nodes'][0]['html'][:160]}" for one in seen]
    said.clear()  # axe and pictures put styles of their own into the page
    return [f"{name}: {one}" for one in found]


def saved(words: str) -> Callable[[Response], bool]:
    """Whether an answer is that of a save with these words: on a slow machine the title is saved before the text is typed."""

    def fits(answer: Response) -> bool:
        sent = answer.request.post_data or ""
        return answer.url.endswith("/save/") and answer.ok and words in unquote_plus(sent)

    return fits
