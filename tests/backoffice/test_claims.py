"""Money at the end of a voucher, and the terms, at the console. V4, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.gifts.models import Claim
from seonmul.kit import clock
from seonmul.vouchers.models import Policy, Voucher
from seonmul.vouchers.rules import PolicyRefusal
from tests import given
from tests.gifts.test_claiming import claimed, ended

pytestmark = pytest.mark.django_db
POLICIES = reverse("backoffice:policies")


def claim() -> Claim:
    """One that waits for finance, whose holder the bank has told."""
    (gift,) = ended(given.company())
    row = claimed(gift)
    Claim.objects.filter(id=row.id).update(state="checked", told_sealed=b"x", asked_at=clock.now())
    return row


def matter(row: Claim, kind: str = "claim") -> str:
    return reverse("backoffice:matter", args=[kind, row.public_id])


def decide(client: Client, row: Claim, kind: str, verdict: str, reason: str = ""):  # type: ignore[no-untyped-def]
    address = reverse("backoffice:decide", args=[kind, row.public_id])
    return client.post(address, {"verdict": verdict, "reason": reason})


def test_finance_approves_and_notes_the_transfer(console: Callable[[str], Client]) -> None:
    """V4: the account is masked, and its whole number is looked at in the log."""
    row, client = claim(), console("finance")
    page = client.get(matter(row)).content.decode()
    assert "4,050원" in page and "90%" in page and "110123450001" not in page and "예금주 일치" in page
    whole = client.get(reverse("backoffice:account_whole", args=["claim", row.public_id])).content.decode()
    assert "110123450001" in whole and Act.objects.filter(verb="account_seen").count() == 1
    assert decide(client, row, "claim", "approve").status_code == 302
    assert Voucher.objects.get().state == "refunded"
    assert "송금했다고 기록하기" in client.get(matter(row, "claim_hand")).content.decode()
    assert decide(client, row, "claim_hand", "refuse", "이체했습니다.").status_code == 302
    row.refresh_from_db()
    assert row.state == "paid"


def test_finance_refuses_with_a_reason(console: Callable[[str], Client]) -> None:
    """V4"""
    row, client = claim(), console("finance")
    decide(client, row, "claim", "refuse", "확인하지 못했습니다.")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("refused", "확인하지 못했습니다.")


def test_others_decide_nothing_about_money(console: Callable[[str], Client]) -> None:
    """B"""
    row = claim()
    assert decide(console("support"), row, "claim", "approve").status_code == 403
    row.refresh_from_db()
    assert row.state == "checked"


def test_terms_are_set_from_tomorrow_on_and_never_changed(console: Callable[[str], Client]) -> None:
    """V4"""
    client, product = console("catalogue"), given.product("COFFEE-1")
    page = client.get(POLICIES).content.decode()
    assert "2025년 9월 16일 표준약관" in page and "연장·환불 없음" in page
    tomorrow = clock.seoul_date(clock.now()) + timedelta(days=1)
    typed = {"list": "general", "code": "COFFEE-1", "preset": "none", "from_on": tomorrow.isoformat()}
    late = client.post(POLICIES, typed | {"from_on": clock.seoul_date(clock.now()).isoformat()})
    assert late.status_code == 422 and PolicyRefusal.PAST.sentence in late.content.decode()
    assert client.post(POLICIES, typed | {"code": "NOTHING"}).status_code == 422
    assert client.post(POLICIES, typed).status_code == 302
    row = Policy.objects.get()
    assert (row.product_id, row.preset, row.from_on) == (product.id, "none", tomorrow)
    assert "예정" in client.get(POLICIES).content.decode()
    assert Act.objects.get(verb="policy_set").subject == str(row.id)


def test_whoever_may_not_edit_sets_no_terms(console: Callable[[str], Client]) -> None:
    """B"""
    client = console("support")
    assert client.get(POLICIES).status_code == 200
    assert client.post(POLICIES, {"list": "general", "preset": "none"}).status_code == 403
