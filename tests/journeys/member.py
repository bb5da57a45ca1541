"""A member at a browser without a screen: signs in, fills in forms, follows redirects. Plain HTTP."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2

from tests.journeys.platform import Platform, until

PASSWORDS = {
    name: f"demo-{name}-2026" for name in ("hanbit", "hanbit-buyer", "hanbit-approver", "daon", "minsu")
}


class Member:
    """One signed-in member."""

    def __init__(self, platform: Platform, login: str, phone: str, password: str = "") -> None:
        self.platform, self.phone = platform, phone
        self.known: set[str] = set()
        self.client = httpx2.Client(base_url=platform.web, follow_redirects=True, timeout=120)
        self.get("/login/")
        page = self.post("/login/", login=login, password=password or PASSWORDS[login])
        assert "로그아웃" in page.text, page.text[:500]

    def get(self, path: str) -> httpx2.Response:
        return self.client.get(path)

    def post(self, path: str, files: dict[str, Any] | None = None, **fields: str) -> httpx2.Response:
        token = {"X-CSRFToken": self.client.cookies.get("csrftoken", ""), "Referer": self.platform.web}
        return self.client.post(path, data=fields, files=files, headers=token)

    def draft(self, code: str = "AMERICANO-ICE") -> str:
        """Begin a draft; returns its address."""
        page = self.post(f"/products/corporate/{code}/order/")
        assert page.status_code == 200, page.text[:500]
        return page.url.path

    def charge(self, won: int) -> None:
        """Ask for an account at the bank, and transfer to it; returns when the cash is there. P2"""
        page = self.post("/cash/charges/new/", won=f"{won:,}", bank="shinhan")
        address, public_id = page.url.path, page.url.path.strip("/").split("/")[-1]
        asked = "SELECT reference FROM payments_payment WHERE public_id = %s AND state = 'waiting'"
        ((reference,),) = until(
            lambda: self.platform.sql(asked, public_id), seconds=60, what="the account at the bank"
        )
        self.platform.inside("portone/deposit", "POST", {"paymentId": reference, "won": won})
        until(lambda: "충전했어요" in self.get(address).text, seconds=60, what="the deposit")

    def upload(self, draft: str, file: Path) -> httpx2.Response:
        return self.post(f"{draft}upload/", files={"file": (file.name, file.read_bytes())})

    def check(self, draft: str, *, won: int, left_out: int = 0, **changed: str) -> httpx2.Response:
        """Fill in the message and go on to the second factor."""
        self.known = {message["id"] for message in self.phone_messages()}
        fields = {
            "sender": "15770000", "channel": "lms", "title": "연말 선물", "text": "#{이름} 님, 고맙습니다.",
            "purpose": "employees", "is_lawful": "on", "seen_won": str(won), "seen_left_out": str(left_out),
        }  # fmt: skip
        return self.post(f"{draft}check/", **(fields | changed))

    def code(self) -> str:
        """The spend code that came to this member's phone since the check."""

        def newest() -> str:
            texts = [message["text"] for message in self.phone_messages() if message["id"] not in self.known]
            found = re.search(r"\d{6}", next((text for text in texts if "결제 인증번호" in text), ""))
            return found[0] if found else ""

        found: str = until(newest, seconds=60, what="the spend code on the phone")
        return found

    def phone_messages(self) -> list[dict[str, Any]]:
        got: list[dict[str, Any]] = self.platform.inside(f"messages?to={self.phone}&limit=50")
        return got

    def pay(self, draft: str, *, secret: str, won: int, left_out: int = 0) -> httpx2.Response:
        return self.post(f"{draft}pay/", secret=secret, seen_won=str(won), seen_left_out=str(left_out))
