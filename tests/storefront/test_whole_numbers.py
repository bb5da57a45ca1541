"""Whole numbers are a right of their own: with a reason, one order at a time, noted in the company's log. M7"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.members.models import Member, Membership
from seonmul.orders.models import Order
from seonmul.orders.rules import NumbersRefusal
from tests import given
from tests.given import Company
from tests.storefront.test_history import issued

pytestmark = pytest.mark.django_db
WHOLE, MASKED = "010-2001-0001", "010-****-0001"


def url(name: str, order: Order) -> str:
    return reverse(f"storefront:{name}", args=[order.public_id])


@pytest.fixture
def order(company: Company) -> Order:
    return issued(company)


@pytest.fixture
def entitled(company: Company) -> None:
    Membership.objects.filter(member=company.owner).update(sees_numbers=True)


def page(browser: Client, order: Order) -> str:
    return browser.get(url("order", order)).content.decode()


def test_without_the_right_numbers_stay_masked(browser: Client, order: Order) -> None:
    assert MASKED in page(browser, order) and "전체 번호 보기" not in page(browser, order)
    answer = browser.post(url("numbers", order), {"reason": "inquiry"}, follow=True)
    assert NumbersRefusal.NOT_YOURS.sentence in answer.content.decode()
    assert WHOLE not in page(browser, order) and not Act.objects.filter(verb="numbers_seen").exists()


def test_with_it_a_reason_opens_one_order_for_ten_minutes(
    browser: Client, entitled: None, company: Company, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = issued(company)
    assert WHOLE not in page(browser, order) and "전체 번호 보기" in page(browser, order)
    browser.post(url("numbers", order), {"reason": "inquiry"})
    assert WHOLE in page(browser, order) and WHOLE not in page(browser, other)
    public_id = Gift.objects.filter(order=order).earliest("position").public_id
    assert WHOLE in browser.get(reverse("storefront:gift", args=[public_id])).content.decode()
    act = Act.objects.get(verb="numbers_seen")
    assert (act.by, act.company, act.subject) == (str(company.owner.id), str(company.buyer.id), str(order.id))
    assert act.facts == {"reason": "inquiry"}
    browser.post(url("numbers", other), {"reason": "list"})
    assert WHOLE not in page(browser, order) and WHOLE in page(browser, other)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert WHOLE not in page(browser, other)


@pytest.mark.parametrize("reason", ["", "because"])
def test_no_reason_no_numbers(browser: Client, entitled: None, order: Order, reason: str) -> None:
    answer = browser.post(url("numbers", order), {"reason": reason}, follow=True)
    assert NumbersRefusal.NO_REASON.sentence in answer.content.decode()
    assert WHOLE not in page(browser, order)


def test_a_stranger_finds_no_order(signed_in: Callable[[Member], Client], order: Order) -> None:
    stranger = signed_in(given.company().owner)
    assert stranger.post(url("numbers", order), {"reason": "inquiry"}).status_code == 404
