"""Bounds of money on the pages of those who pay and of who sets them. M7"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.members.models import Department, Member, Membership
from tests import given
from tests.given import Company
from tests.orders import certificates

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(company: Company) -> Company:
    """A colleague who buys: 20,000 won a month, 10,000 won an order; the department has 50,000."""
    made = certificates.colleague(company)
    part = Department.objects.create(buyer=company.buyer, name="총무", monthly_budget_won=50_000)
    Membership.objects.filter(member=made.owner).update(
        department=part, monthly_limit_won=20_000, order_limit_won=10_000
    )
    return made


def test_what_is_left_stands_at_the_order_and_on_my_page(
    buyer: Company, signed_in: Callable[[Member], Client]
) -> None:
    """M7: with who can raise it; an owner finds the way there."""
    given.placed(buyer, given.numbers(2), at=clock.now())
    browser = signed_in(buyer.owner)
    page = browser.get(reverse("storefront:my")).content.decode()
    for words in ("이번 달 내 결제 한도", "총무 부서의 이번 달 예산", "11,000원", "41,000원", "김*표"):
        assert words in page, words
    draft = given.draft(buyer, given.numbers(3, 31_000_000), at=clock.now())
    order = browser.get(reverse("storefront:draft", args=[draft.public_id])).content.decode()
    assert "2,500원 모자라 결제할 수 없어요" in order and "한 건 한도보다 3,500원 많아요" in order
    Membership.objects.filter(member=buyer.owner).update(role="owner")
    assert reverse("storefront:company") in browser.get(reverse("storefront:my")).content.decode()


def test_over_the_bound_nothing_is_paid_and_the_page_says_what_is_left(
    buyer: Company, signed_in: Callable[[Member], Client]
) -> None:
    """M7"""
    draft = given.draft(buyer, given.numbers(3), at=clock.now())
    browser = signed_in(buyer.owner)
    typed = {
        "sender": draft.sender, "channel": draft.channel, "title": "", "text": "고맙습니다", "purpose": "employees",
        "is_lawful": "on", "seen_won": "13500", "seen_left_out": "0",
    }  # fmt: skip
    page = browser.post(reverse("storefront:check", args=[draft.public_id]), typed)
    said = page.content.decode()
    assert page.status_code == 422 and "한 번에 10,000원까지 결제할 수 있는데" in said
    assert "대표에게 한도를 올려 달라고" in said


def test_the_owner_sees_what_the_month_has_cost(
    buyer: Company, signed_in: Callable[[Member], Client]
) -> None:
    """M7: by member and by department."""
    given.placed(buyer, given.numbers(2), at=clock.now())
    Membership.objects.filter(member=buyer.approver).update(role="owner")
    page = signed_in(buyer.approver).get(reverse("storefront:company")).content.decode()
    assert "이번 달 9,000원 결제" in page and "이번 달에 9,000원 결제했고 41,000원 남았어요" in page
