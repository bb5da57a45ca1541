"""Somebody at a browser who signs up: fills in the form, reads the codes on the phone and in the mailbox."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import given
from tests.sandbox.outside import Outside

PASSWORD = "a-long-passphrase-26"


def number(middle: str = "01", state: str = "801", first: str = "999") -> str:
    """An invented business number whose check digit fits: 999 middle 0 state check; `state`: see the sandbox."""
    nine = f"{first}{middle}0{state}"
    total = (
        sum(int(d) * w for d, w in zip(nine, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True))
        + int(nine[8]) * 5 // 10
    )
    return nine + str((10 - total % 10) % 10)


class Person:
    """One browser, one phone, one mailbox."""

    def __init__(self, carrier: Outside, login: str = "seoyeon1", phone: str = "01024680001") -> None:
        self.carrier, self.login, self.phone = carrier, login, phone
        self.mail = f"{login}@home.example"
        self.client = Client()

    def form(self, **changed: str) -> dict[str, str]:
        told = {
            "kind": "general", "login": self.login, "password": PASSWORD, "name": "김서연",
            "phone": f"{self.phone[:3]}-{self.phone[3:7]}-{self.phone[7:]}", "mail": self.mail,
            "agrees_terms": "on", "agrees_personal_data": "on", "is_14": "on",
        }  # fmt: skip
        return {name: value for name, value in (told | changed).items() if value}

    def company(self, business_number: str, **changed: str) -> dict[str, str]:
        firm = {
            "kind": "company", "business_number": business_number, "company_name": "주식회사 새봄",
            "representative": "박새봄", "opened_on": "20190304",
        }  # fmt: skip
        return self.form(**firm | changed)

    def begin(self, form: dict[str, str]) -> Any:
        """Send the form; then whatever is queued is done."""
        answer = self.client.post(reverse("account_signup"), form)
        given.worked(later=False)
        return answer

    def texted(self) -> str:
        """The newest code on the phone."""
        found = self.carrier.ask("GET", f"/_/messages?to={self.phone}").json
        return str(re.search(r"\d{6}", found[0]["text"])[0]) if found else ""  # type: ignore[index]

    def mailed(self) -> str:
        """The newest code in the mailbox; "" when the newest mail holds none."""
        ours = [one for one in mail.outbox if one.to == [self.mail]]
        found = re.search(r"\d{6}", ours[-1].body) if ours else None
        return found[0] if found else ""

    def prove(self, **changed: str) -> Any:
        codes = {"phone": self.texted(), "mail": self.mailed()} | changed
        return self.client.post(reverse("account_signup_codes"), codes)

    def sign_up(self, form: dict[str, str] | None = None) -> Any:
        """All of it; returns the page at the end."""
        self.begin(form or self.form())
        answer = self.prove()
        assert answer.status_code == 302, answer.content.decode()
        return self.client.get(answer["Location"], follow=True)
