"""A browser window at a running platform that remembers what its console said."""

from __future__ import annotations

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys.platform import Platform
from tests.looking import STILL

#: Set to keep pictures of every screen: SCREENS=build/screens ./test tests/journeys/web
SCREENS = os.environ.get("SCREENS", "")


class Screen:
    """One browser window that remembers what the console said."""

    def __init__(self, browser: Browser, platform: Platform, width: int) -> None:
        self.platform, self.width = platform, width
        height = 900 if width > 600 else 740
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="ko-KR", accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def sign_in(self, login: str = "hanbit") -> None:
        self.page.goto(f"{self.platform.web}/login/")
        self.page.get_by_label("아이디").fill(login)
        self.page.get_by_label("비밀번호").fill(f"demo-{login}-2026")
        self.page.get_by_role("button", name="로그인", exact=True).click()
        self.page.wait_for_url(f"{self.platform.web}/")

    def look(self, name: str) -> None:
        """Keep a picture, and check what every screen must hold: accessible, nothing wider than it, no complaint."""
        self.page.wait_for_load_state()
        self.page.evaluate(STILL)
        assert self.complaints() == [], name
        if SCREENS:
            Path(SCREENS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SCREENS}/{name}-{self.width}.png", full_page=True)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name} scrolls sideways at {self.width}"
        found = Axe().run(self.page).response["violations"]
        serious = [
            f"{v['id']}: {v['nodes'][0]['target']}" for v in found if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], name
        self.said.clear()  # pictures and axe put styles of their own into the page

    def complaints(self) -> list[str]:
        """What the console said that is a fault; an answer 422 is a form's and is shown on the page."""
        own = "inline style" if SCREENS else "422"  # taking a picture puts a style into the page
        return [
            line
            for line in self.said
            if not line.startswith(("log", "info")) and "422" not in line and own not in line
        ]


def known_texts(platform: Platform, phone: str = "01020030001") -> set[str]:
    """What is on a phone already. Asked before a code is asked for: afterwards it may be there, or not."""
    return {message["id"] for message in platform.inside(f"messages?to={phone}&limit=100")}


def new_code(platform: Platform, before: set[str], phone: str = "01020030001") -> str:
    """The newest code that came since then, whatever else came."""
    texts = [m["text"] for m in platform.inside(f"messages?to={phone}&limit=100") if m["id"] not in before]
    found = re.search(r"\d{6}", next((text for text in texts if "결제 인증번호" in text), ""))
    return found[0] if found else ""
