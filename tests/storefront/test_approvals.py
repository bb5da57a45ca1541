"""결재함 over HTTP, and the way of an order over the limit from the draft to the approval. M7, O7, O8"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.members.models import Buyer, Member
from seonmul.orders.models import Order
from seonmul.orders.rules import ApprovalRefusal
from seonmul.support.models import Inquiry
from tests import given
from tests.backoffice.conftest import at_console, staff_member
from tests.given import Company
from tests.orders import certificates

pytestmark = pytest.mark.django_db
BOX = reverse("storefront:approvals")


@pytest.fixture
def strict(company: Company) -> Company:
    Buyer.objects.filter(id=company.buyer.id).update(approval_above_won=200_000)
    company.buyer.refresh_from_db()
    return company


def test_an_approver_sees_what_waits_and_consents(
    strict: Company, signed_in: Callable[[Member], Client]
) -> None:
    """M7, O8: with a number beside the menu."""
    order = certificates.bought(strict, 3, clock.now())
    approver = signed_in(strict.approver)
    assert '<b class="tag tag-wait">1</b>' in approver.get(reverse("storefront:my")).content.decode()
    page = approver.get(BOX).content.decode()
    assert "300,000원" in page and strict.owner.name in page
    waits = approver.get(reverse("storefront:order", args=[order.public_id])).content.decode()
    assert "승인을 기다려요" in waits and "회사 결재 · 기다리는 중" in waits
    address = reverse("storefront:approval_decide", args=[certificates.waiting(order).public_id])
    said = approver.post(address, {"verdict": "refuse", "reason": ""}, follow=True).content.decode()
    assert ApprovalRefusal.NO_REASON.sentence in said
    approver.post(address, {"verdict": "approve"})
    assert certificates.waiting(order).step == "operator"
    assert "결재한 주문" in approver.get(BOX).content.decode()


def test_whoever_ordered_and_whoever_only_buys_decide_nothing(
    strict: Company, signed_in: Callable[[Member], Client]
) -> None:
    """M7"""
    order = certificates.bought(strict, 3, clock.now())
    address = reverse("storefront:approval_decide", args=[certificates.waiting(order).public_id])
    colleague = certificates.colleague(strict).owner
    for who in (strict.owner, colleague, given.company().approver, given.person()):
        assert signed_in(who).post(address, {"verdict": "approve"}).status_code == 404
    assert signed_in(given.person()).get(BOX).status_code == 404
    assert "결재자와 대표만 결재할 수 있어요." in signed_in(colleague).get(BOX).content.decode()
    assert Order.objects.get(id=order.id).state == "waiting"


def test_a_refused_order_says_so_and_is_paid_back(
    strict: Company, signed_in: Callable[[Member], Client]
) -> None:
    """O8"""
    order = certificates.bought(strict, 3, clock.now())
    address = reverse("storefront:approval_decide", args=[certificates.waiting(order).public_id])
    signed_in(strict.approver).post(address, {"verdict": "refuse", "reason": "예산이 없습니다."})
    page = signed_in(strict.owner).get(reverse("storefront:order", args=[order.public_id])).content.decode()
    assert "보내지 않고 환불했어요" in page and "예산이 없습니다." in page
    assert certificates.limit(strict, clock.now()).taken_won == 0


def test_over_the_limit_asked_raised_paid_approved(company: Company, browser: Client) -> None:
    """O7, O8: over HTTP from the draft that is over the limit to the sending."""
    draft = certificates.draft(company, 12, at=clock.now())
    link = f"{reverse('storefront:inquiry_new')}?kind=limit&about={draft.public_id}"
    assert draft.public_id in browser.get(link).content.decode()
    browser.post(link, {"kind": "limit", "text": "포상", "wanted_won": "1200000", "about": draft.public_id})
    inquiry = Inquiry.objects.get()
    staff = at_console(staff_member("approver"))
    raised = {"verdict": "raise", "won": "1,200,000", "until": ""}
    staff.post(reverse("backoffice:inquiry_act", args=[inquiry.public_id]), raised)
    thread = browser.get(reverse("storefront:inquiry", args=[inquiry.public_id])).content.decode()
    assert "1,200,000원으로 올렸습니다" in thread and "한도를 올림" in thread
    order = given.paid(company, draft, clock.now())
    page = browser.get(reverse("storefront:order", args=[order.public_id])).content.decode()
    assert "상품권류 승인 · 기다리는 중" in page
    approval = certificates.waiting(order)
    staff.post(reverse("backoffice:decide", args=["approval", approval.public_id]), {"verdict": "approve"})
    given.worked(only="gifts")
    order.refresh_from_db()
    assert order.state == "sending"
    assert (
        "발송하고 있어요" in browser.get(reverse("storefront:order", args=[order.public_id])).content.decode()
    )
