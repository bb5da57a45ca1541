"""Codes that others issue and take, at the console: asked about before their price goes back. C3, S5, O9, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.dispatch.ports import Result
from seonmul.gifts import actions
from seonmul.gifts.models import Doubt, Gift
from seonmul.gifts.rules import CancelRefusal, DoubtRefusal
from seonmul.kit import clock
from seonmul.orders.models import Order
from seonmul.support import actions as support
from seonmul.support.models import InquiryKind
from seonmul.vouchers.models import Voucher
from tests import given
from tests.gifts.test_doubts import pool, sent
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


def doubt() -> Doubt:
    """Two codes of a pool that arrived nowhere."""
    order = sent(given.company(), pool())
    Gift.objects.filter(order=order).update(result=Result.POWER_OFF, result_at=MONDAY)
    actions.give_up(order.id, at=MONDAY + timedelta(days=8))
    return Doubt.objects.get()


def decide(client: Client, row: Doubt, verdict: str, **typed: str):  # type: ignore[no-untyped-def]
    address = reverse("backoffice:decide", args=["doubt", row.public_id])
    return client.post(address, {"verdict": verdict, "reason": "", **typed})


def test_finance_refunds_what_its_issuer_has_ended(console: Callable[[str], Client]) -> None:
    """O9, S5: only with the tick."""
    row, client = doubt(), console("finance")
    assert "쿠폰 확인" in client.get(reverse("backoffice:queue")).content.decode()
    page = client.get(reverse("backoffice:matter", args=["doubt", row.public_id])).content.decode()
    assert "받지 못한 코드 풀 쿠폰" in page and "4,500원" in page and page.count("미사용") == 2
    refused = decide(client, row, "approve")
    assert refused.status_code == 422 and DoubtRefusal.NOT_SEEN.sentence in refused.content.decode()
    assert decide(client, row, "approve", checks="seen_there").status_code == 302
    assert set(Voucher.objects.values_list("state", flat=True)) == {"refunded"}
    assert Act.objects.filter(verb="doubt_refunded").count() == 1


def test_finance_leaves_it_with_a_note_and_others_decide_nothing(console: Callable[[str], Client]) -> None:
    """B"""
    row = doubt()
    assert decide(console("support"), row, "refuse", reason="썼습니다.").status_code == 403
    assert decide(console("finance"), row, "refuse", reason="발행사 매장에서 썼습니다.").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.note) == ("left", "발행사 매장에서 썼습니다.")


def test_an_inquiry_about_pool_codes_is_refunded_with_the_tick(console: Callable[[str], Client]) -> None:
    """O10, S5, H3: the way that the buyer's page names."""
    firm = given.company()
    order = sent(firm, pool(is_voidable=True))
    Order.objects.filter(id=order.id).update(paid_at=clock.now())
    row = support.ask(firm.owner, InquiryKind.REFUND, "취소해 주세요.", about=order.public_id, at=clock.now())
    client, act = console("approver"), reverse("backoffice:inquiry_act", args=[row.public_id])
    page = client.get(reverse("backoffice:matter", args=["inquiry", row.public_id])).content.decode()
    assert CancelRefusal.POOL.sentence in page and "확인하고 환불하기" in page
    typed = {"verdict": "refund", "seen_won": "9000"}
    assert client.post(act, typed).status_code == 422
    assert client.post(act, typed | {"voided": "yes"}).status_code == 302
    assert set(Voucher.objects.values_list("state", flat=True)) == {"refunded"}
