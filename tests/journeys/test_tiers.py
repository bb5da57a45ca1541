"""M3: the demo's company buys for three million won over the web and pays one percent less from tomorrow."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.cli import demo
from seonmul.kit import clock, crypto
from seonmul.members.models import Member, SpendCode
from seonmul.orders import actions as orders
from seonmul.orders.models import Order
from tests import given

pytestmark = pytest.mark.django_db
PRODUCT = reverse("storefront:product", args=["corporate", "AMERICANO-ICE"])
MESSAGE = {
    "sender": "15770000", "channel": "lms", "title": "연말 선물", "text": "#{이름} 님, 고맙습니다.",
    "purpose": "employees", "is_lawful": "on",
}  # fmt: skip


def buy(browser: Client, people: int, start: int) -> Order:
    """The main job by plain forms: begin, paste, check, the code from the phone, pay."""
    draft = browser.post(reverse("storefront:begin", args=["corporate", "AMERICANO-ICE"]))["Location"]
    pasted = browser.post(f"{draft}paste/", {"paste": "\n".join(given.numbers(people, start))})
    assert pasted.status_code in (200, 302)
    won = re.search(r'name="seen_won"[^>]*value="(\d+)"', browser.get(draft).content.decode())
    assert won
    seen = {"seen_won": won[1], "seen_left_out": "0"}
    checked = browser.post(f"{draft}check/", MESSAGE | seen)
    assert checked.status_code == 302, checked.content.decode()[:1000]
    code = SpendCode.objects.latest("asked_at")
    paid = browser.post(
        f"{draft}pay/", seen | {"secret": crypto.ring().open(SpendCode.CODE, code.code_sealed)}
    )
    assert paid.status_code == 302, paid.content.decode()[:1000]
    return Order.objects.latest("paid_at")


def test_hanbit_has_one_percent_tomorrow() -> None:
    """M3"""
    demo.load(at=clock.now())
    browser = Client()
    browser.force_login(Member.objects.get(login="hanbit"))
    first = buy(browser, 700, 20_000_000)
    assert first.amount_won == 700 * 4_300
    assert "할인가" not in browser.get(PRODUCT).content.decode(), "not today"
    orders.recompute_tiers(at=clock.now() + timedelta(days=1))
    said = browser.get(PRODUCT).content.decode()
    assert "회원등급 1% 할인가" in said and "4,257원" in said
    second = buy(browser, 3, 30_000_000)
    assert second.amount_won == 3 * 4_257
    daon = Client()
    daon.force_login(Member.objects.get(login="daon"))
    assert "할인가" not in daon.get(PRODUCT).content.decode()
