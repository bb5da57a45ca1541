"""The queue's orders with gift certificates: signals beside the order, approved or refused. O8, B"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.orders.models import Approval, Order
from seonmul.orders.rules import ApprovalRefusal
from tests import given
from tests.orders import certificates

pytestmark = pytest.mark.django_db


def url(name: str, approval: Approval) -> str:
    return reverse(f"backoffice:{name}", args=["approval", approval.public_id])


def test_an_order_waits_shows_its_signals_and_is_approved(console: Callable[[str], Client]) -> None:
    """O8"""
    firm = given.company()
    order = certificates.bought(firm, 3, clock.now())
    client, approval = console("approver"), certificates.waiting(order)
    queue = client.get(reverse("backoffice:queue")).content.decode()
    assert "주문 승인" in queue and "300,000원" in queue
    page = client.get(url("matter", approval)).content.decode()
    for words in (
        "달무리커피", "권면금액 100,000원 × 3건", "캐쉬 300,000원", "김*표", "첫 고액 구매", "주문 결제",
        "1,000,000원 가운데 사용 0원, 승인 대기와 결제 중 300,000원", "석 달 안에 다른 계정에서",
    ):  # fmt: skip
        assert (words in page) == (words != "첫 고액 구매"), words
    client.post(url("decide", approval), {"verdict": "approve"})
    order.refresh_from_db()
    assert order.state == "paid"
    assert "처리가 끝난 일이에요: 승인" in client.get(url("matter", approval)).content.decode()


def test_a_refusal_takes_a_reason_and_pays_back(console: Callable[[str], Client]) -> None:
    """O8"""
    order = certificates.bought(given.company(), 3, clock.now())
    client, approval = console("approver"), certificates.waiting(order)
    said = client.post(url("decide", approval), {"verdict": "refuse", "reason": ""})
    assert said.status_code == 422 and ApprovalRefusal.NO_REASON.sentence in said.content.decode()
    client.post(url("decide", approval), {"verdict": "refuse", "reason": "구매 목적을 확인하지 못했습니다."})
    assert Order.objects.get(id=order.id).state == "refused"


def test_only_approval_staff_and_super_decide(console: Callable[[str], Client]) -> None:
    """B"""
    order = certificates.bought(given.company(), 3, clock.now())
    approval = certificates.waiting(order)
    for role in ("support", "finance"):
        assert console(role).post(url("decide", approval), {"verdict": "approve"}).status_code == 403
    assert Order.objects.get(id=order.id).state == "waiting"
