"""Somebody at a browser without a screen who is no member yet: signs up, reads a phone and a mailbox, logs in."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx2

from tests.journeys.member import Member
from tests.journeys.platform import Platform, until

PASSWORD = "a-long-passphrase-26"


class Visitor(Member):
    """One browser, one phone, one mailbox."""

    def __init__(self, platform: Platform, login: str, phone: str) -> None:
        self.platform, self.login, self.phone = platform, login, phone
        self.mail = f"{login}@new.example"
        self.known: set[str] = set()
        self.client = httpx2.Client(base_url=platform.web, follow_redirects=True, timeout=120)

    def sign_up(self, business_number: str = "", representative: str = "김새봄") -> httpx2.Response:
        """The form, both codes, the wait for the tax office; the page at the end."""
        typed = {
            "kind": "company" if business_number else "general", "login": self.login, "password": PASSWORD,
            "name": representative, "phone": self.phone, "mail": self.mail, "agrees_terms": "on",
            "agrees_personal_data": "on", "is_14": "on",
        }  # fmt: skip
        firm = {
            "business_number": business_number, "company_name": f"{representative}상회",
            "representative": representative, "opened_on": "20200615",
        }  # fmt: skip
        self.get("/sign-up/")
        asked = self.post("/sign-up/", **typed, **(firm if business_number else {}))
        assert asked.url.path == "/sign-up/codes/", asked.text[:2_000]
        page = self.post("/sign-up/codes/", phone=self.texted(), mail=self.mailed())

        def ended() -> httpx2.Response | None:
            answer = page if page.url.path == "/sign-up/done/" else self.post("/sign-up/finish/")
            return answer if answer.url.path == "/sign-up/done/" else None

        answer: httpx2.Response = until(ended, seconds=60, what="the end of the sign-up")
        return answer

    def log_in(self, password: str = PASSWORD) -> bool:
        """Tell whether this password opens the account."""
        self.get("/login/")
        return "로그아웃" in self.post("/login/", login=self.login, password=password).text

    def texted(self, words: str = "") -> str:
        """The newest code on the phone, of a text that holds `words`; other texts carry other numbers."""

        def newest() -> str:
            texts = [one["text"] for one in self.phone_messages() if one["id"] not in self.known]
            found = re.search(r"\d{6}", next((text for text in texts if words in text), ""))
            return found[0] if found else ""

        code: str = until(newest, seconds=60, what="the code on the phone")
        self.known = {one["id"] for one in self.phone_messages()}
        return code

    def mails(self) -> list[EmailMessage]:
        """What lies in the mailbox, the newest first."""
        files = sorted(self.platform.home.glob("mail/*"), reverse=True)
        read = (message_from_bytes(file.read_bytes(), policy=policy.default) for file in files)
        return [one for one in read if one["To"] == self.mail]

    def mailed(self) -> str:
        """The newest code in the mailbox."""

        def newest() -> str:
            found = (re.search(r"\d{6}", str(one["Subject"])) for one in self.mails())
            return next((one[0] for one in found if one), "")

        code: str = until(newest, seconds=60, what="the code in the mailbox")
        return code

    def told_by_text(self, words: str) -> str:
        """The text on the phone that holds `words`; waits until it is there."""

        def found() -> str:
            return next((one["text"] for one in self.phone_messages() if words in one["text"]), "")

        text: str = until(found, seconds=60, what="a text on the phone")
        return text

    def told_by_mail(self, words: str) -> str:
        """The mail whose title holds `words`; waits until it is there."""

        def found() -> str:
            return next((one.get_content() for one in self.mails() if words in str(one["Subject"])), "")

        text: str = until(found, seconds=60, what="a mail in the mailbox")
        return text
