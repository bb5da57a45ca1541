"""Charging and the statement with a real browser: buttons, the page that asks again, copying, both widths. P2, P1"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from seonmul.kit import clock
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.payments import actions
from seonmul.payments.models import Payment, PaymentState
from tests import chromium, given
from tests.looking import complaints, faults
from tests.payments.bank import deposited
from tests.sandbox.outside import Outside
from tests.threads import at_once

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Desk:
    """A browser in which a company's owner has signed in, and what lies there already."""

    page: Page
    charges: dict[str, str]
    said: list[str]

    def look(self, name: str) -> None:
        """At both widths: nothing wider than the window, nothing for axe, no broken policy."""
        assert faults(self.page, self.said, f"money_{name}") == []


def _charges(firm: given.Company) -> dict[str, str]:
    """A charge in every state, by the state's name."""
    at, made = clock.now(), {}
    came: dict[str, dict[str, Any]] = {
        "paid": {"paid_won": 200_000, "paid_at": at, "is_late": True},
        "parked": {"paid_won": 190_000, "paid_at": at},
        "returned": {"paid_won": 190_000, "paid_at": at},
    }
    for state in PaymentState:
        payment = actions.ask_charge(firm.owner, 200_000, "shinhan", at=at - timedelta(days=3))
        Payment.objects.filter(id=payment.id).delete()
        payment.state, payment.next_ask_at = state, None
        for name, value in came.get(state, {}).items():
            setattr(payment, name, value)
        payment.save(force_insert=True)
        made[str(state)] = payment.public_id
    return made


@pytest.fixture
def desk(live_server: Any, carrier: Outside) -> Iterator[Desk]:
    """Rows before the browser: Playwright runs a loop, beside which Django will not ask the database."""
    firm, at = given.company(cash_won=3_000_000, at=clock.now() - timedelta(days=20)), clock.now()
    ends_at = at + timedelta(days=9)
    ledger.give(firm.buyer.id, 1_250, expires_at=ends_at, cause="r1", at=at)
    ledger.give(firm.buyer.id, 80_000, expires_at=at + timedelta(days=300), cause="r2", at=at)
    ledger.hold(firm.buyer.id, [(Kind.REWARD, 250), (Kind.CASH, 450_000)], cause="h", at=at)
    charges = _charges(firm)
    client = Client()
    client.force_login(firm.owner)
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        context = opened.new_context(
            base_url=live_server.url, locale="ko-KR", permissions=["clipboard-read", "clipboard-write"]
        )
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        yield Desk(page, charges, complaints(page))
        opened.close()


def _work(carrier: Outside, won: int = 0) -> None:
    """What the worker and the bank do meanwhile, in a thread of its own."""
    for payment in Payment.objects.filter(state__in=["asked", "waiting"], next_ask_at__isnull=False):
        if payment.state == "asked":
            actions.issue(payment.id, at=clock.now())
        else:
            deposited(carrier, payment, won, at=clock.now())
            actions.ask(payment.id, at=clock.now())


def test_a_charge_from_the_amount_to_the_cash(desk: Desk, carrier: Outside) -> None:
    """P2, X4: nothing has to be loaded anew."""
    page = desk.page
    page.goto("/cash/charges/new/")
    page.get_by_role("button", name="+100만").click()
    page.get_by_role("button", name="+5만").click()
    field = page.get_by_label("충전할 금액")
    expect(field).to_have_value("1,050,000")
    page.get_by_role("button", name="지우기").click()
    page.get_by_role("button", name="+1만", exact=True).click()
    desk.look("new")
    page.get_by_label("입금할 은행").select_option("kookmin")
    page.get_by_role("button", name="가상계좌 받기").click()
    expect(page.get_by_text("가상계좌를 받고 있어요")).to_be_visible()
    desk.look("asked")
    assert at_once([lambda: _work(carrier)]) == [None]
    expect(page.get_by_text("국민은행")).to_be_visible()
    number = page.locator("#account-number").inner_text()
    page.get_by_role("button", name="계좌번호 복사").click()
    expect(page.get_by_text("계좌번호를 복사했어요")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == number and number.isdigit()
    desk.look("waiting")
    assert at_once([lambda: _work(carrier)]) == [None]
    expect(page.get_by_text("10,000원을 충전했어요")).to_be_visible(timeout=10_000)
    desk.look("paid")


def test_a_charge_is_given_up_after_it_was_asked_whether(desk: Desk, carrier: Outside) -> None:
    """P2"""
    page = desk.page
    page.goto(f"/cash/charges/{desk.charges['waiting']}/")
    page.get_by_role("button", name="충전 취소하기").click()
    desk.look("ask")
    page.wait_for_timeout(
        6_000
    )  # every five seconds the page asks for the deposit, but not over an open question
    page.get_by_role("dialog").get_by_role("button", name="충전 취소하기").click()
    expect(page.get_by_text("충전을 취소했습니다.")).to_be_visible()


def test_every_page_about_money_at_both_widths(desk: Desk) -> None:
    """X4, P1, P7"""
    page = desk.page
    for address in ("cash/", "cash/?of=reward&period=quarter", "cash/?of=held&period=today",
                    "cash/?period=custom&from=2026-01-09&to=2026-01-01", "cash/charges/", "cash/level/"):  # fmt: skip
        page.goto(f"/{address}")
        desk.look(address)
    for state, public_id in desk.charges.items():
        page.goto(f"/cash/charges/{public_id}/")
        desk.look(state)
