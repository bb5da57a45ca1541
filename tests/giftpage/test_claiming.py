"""V4 on the recipient's page: what comes back, after the phone is proved, without a login; and a voucher that lasts longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from seonmul.gifts import actions as gift_actions
from seonmul.gifts import queries
from seonmul.gifts.models import Claim, Gift, WrongLink
from seonmul.kit import clock, crypto
from seonmul.members.models import Proof
from seonmul.orders.models import Line, Order
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import Voucher, VoucherState
from tests import given
from tests.giftpage.test_giftpage import words
from tests.gifts.test_cancelling import sent
from tests.gifts.test_claiming import claimed

pytestmark = pytest.mark.django_db


def bought(*, days: int = -1, list_: str = "general", **product: Any) -> Gift:
    """A delivered copy that ends in so many days, as if it were bought on a list."""
    sent(given.company(), 1, list_=list_)
    order = Order.objects.get()
    policy = vouchers.stamp(order.lines.get().product_id, list_, at=clock.now())
    Line.objects.update(policy=policy)
    Order.objects.update(paid_at=clock.now() - timedelta(days=90))
    until = clock.end_of_day(clock.seoul_date(clock.now()) + timedelta(days=days))
    Voucher.objects.update(valid_until=until, **product)
    return Gift.objects.get()


def address(gift: Gift, rest: str = "") -> str:
    return f"/g/{queries.link_of(gift)}{rest}"


def code() -> str:
    return crypto.ring().open(Proof.CODE, Proof.objects.get().code_sealed)


def test_an_ended_gift_leads_to_its_refund_and_the_phone_is_proved_first(client: Client) -> None:
    """V4: no cookie, no account; what was typed stands in no address."""
    gift = bought()
    ended = client.get(address(gift)).content.decode()
    assert "환불 신청하기" in ended and address(gift, "/refund") in ended
    first = words(client.get(address(gift, "/refund")).content.decode())
    assert "4,050원" in first and "4,500원" in first and "010-****-0001" in first and "인증번호 받기" in first
    asked = client.post(address(gift, "/refund"))
    assert (
        asked.status_code == 200 and 'name="digits"' in asked.content.decode() and Proof.objects.count() == 1
    )
    typed = {
        "proof": str(Proof.objects.get().id), "digits": "x", "way": "bank", "bank": "kookmin",
        "number": "110-1234-50001", "holder": "김민서", "born_on": "1990-01-01",
    }  # fmt: skip
    wrong = client.post(address(gift, "/refund"), typed)
    assert wrong.status_code == 422 and "인증번호가 다릅니다" in words(wrong.content.decode())
    done = client.post(address(gift, "/refund"), typed | {"digits": code()})
    assert done.status_code == 302 and done["Location"] == address(gift, "/refund")
    row = Claim.objects.get()
    assert (row.won, row.state, queries.typed_account(row).number) == (4_050, "asked", "110123450001")
    said = words(client.get(address(gift, "/refund")).content.decode())
    assert "예금주 확인 중" in said and "인증번호 받기" not in said and "김민서" not in said
    assert "환불 신청 보기" in client.get(address(gift)).content.decode()
    assert not client.cookies


def test_what_a_company_bought_is_said_not_to_come_back(client: Client) -> None:
    """V4: on the page, and nothing to press."""
    gift = bought(list_="corporate")
    page = client.get(address(gift)).content.decode()
    assert "기업이 구매한 쿠폰이라 연장·환불되지 않습니다" in page and "환불 신청하기" not in page
    assert "환불하지 않는 쿠폰입니다" in words(client.get(address(gift, "/refund")).content.decode())
    refused = client.post(address(gift, "/refund"))
    assert refused.status_code == 422 and not Proof.objects.exists()


def test_a_gift_lasts_longer_by_one_click_where_its_terms_allow(client: Client) -> None:
    """V4"""
    gift = bought(days=10)
    assert "기간 연장하기" in client.get(address(gift)).content.decode()
    before = Voucher.objects.get().valid_until
    assert client.post(address(gift, "/extend")).status_code == 302
    assert Voucher.objects.get().valid_until > before + timedelta(days=80)
    page = client.get(address(gift)).content.decode()
    assert "기간 연장하기" not in page and "90%" in page
    assert client.post(address(gift, "/extend")).status_code == 422


def test_what_a_company_bought_is_not_extended(client: Client) -> None:
    """V4"""
    gift = bought(days=10, list_="corporate")
    assert "기간 연장하기" not in client.get(address(gift)).content.decode()
    assert client.post(address(gift, "/extend")).status_code == 422


def test_a_link_of_nobody_claims_nothing(client: Client) -> None:
    """V5: counted as guessing, and told to no search engine and no other site."""
    for rest in ("/refund", "/extend"):
        answer = client.post(f"/g/nobody{rest}")
        assert answer.status_code == 404 and answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
    assert WrongLink.objects.count() == 2


def refunded(gift: Gift, where: str, before: str = "issued") -> str:
    """What the page says of a gift whose price went back so."""
    Voucher.objects.update(state=before)
    moved = vouchers.refund(
        [gift.voucher_id], by="test", where=where, before=VoucherState(before), at=clock.now()
    )
    assert moved
    return words(Client().get(address(gift)).content.decode())


@pytest.mark.parametrize(
    ("where", "before", "said"),
    [
        ("cancel", "issued", "구매하신 분의 요청으로"), ("recall", "issued", "구매하신 분의 요청으로"),
        ("undelivered", "issued", "오랫동안 도착하지 않아"), ("doubt", "issued", "오랫동안 도착하지 않아"),
        ("doubt", "void", "발행사가 쿠폰을 취소해"), ("number_change", "issued", "새 쿠폰을 발급받지 못해"),
    ],
)  # fmt: skip
def test_a_refunded_gift_says_why(where: str, before: str, said: str) -> None:
    """V5, O9, S5"""
    assert said in refunded(bought(days=10), where, before)


def test_whoever_had_the_money_reads_so() -> None:
    """V4, V5"""
    gift = bought()
    given.person(phone=queries.cells_of(gift).phone)
    row = claimed(gift, "points", at=clock.now(), typed=None)
    gift_actions.approve_claim(row.id, by=given.operator(), at=clock.now())
    page = words(Client().get(address(gift)).content.decode())
    assert "신청하신 환불을 승인해" in page and "구매하신 분의 요청" not in page
    Claim.objects.update(is_of_buyer=True)
    assert "구매하신 분의 요청으로" in words(Client().get(address(gift)).content.decode())
