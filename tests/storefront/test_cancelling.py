"""Cancelling unused vouchers after sending: shown first, then done. O10, P4, P5"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.catalog.models import List
from seonmul.dispatch.ports import Result
from seonmul.gifts.models import Gift
from seonmul.gifts.rules import CancelRefusal
from seonmul.kit import clock
from seonmul.ledger import queries as books
from seonmul.orders import actions, queries
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Order
from tests import given
from tests.given import Company
from tests.orders import cards, certificates
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db


def url(name: str, order: Order) -> str:
    return reverse(f"storefront:{name}", args=[order.public_id])


def sent(company: Company, list_: List = List.GENERAL) -> Order:
    """Three copies at 4,500 won: 13,500 won, issued and delivered, paid with 1,000 won of reward and cash."""
    at = clock.now()
    made = actions.begin(company.owner, list_, given.product().code, at=at)
    actions.add_rows(made.id, [RawRow(n, one, "김서연") for n, one in enumerate(given.numbers(3), 1)], at=at)
    actions.save(made.id, at=at, title="선물이 왔어요", text="고맙습니다.", is_lawful=True)
    draft = queries.drafts_seen_by(company.owner).select_related("buyer").get(id=made.id)
    order = cards.paid_with(company, draft, reward_won=1_000, cash_won=12_500, at=at)
    assert isinstance(order, Order)
    given.worked(later=False)
    Gift.objects.update(result=Result.DELIVERED, result_at=at)
    return order


@pytest.fixture
def order(carrier: Outside, company: Company) -> Order:
    from seonmul.ledger import actions as ledger

    ledger.give(
        company.buyer.id, 1_000, expires_at=clock.now() + timedelta(days=90), cause="given", at=clock.now()
    )
    return sent(company)


def chosen(order: Order, *positions: int) -> list[str]:
    found = Gift.objects.filter(order=order, position__in=positions).order_by("position")
    return list(found.values_list("public_id", flat=True))


def test_what_goes_back_is_shown_and_then_done_once(browser: Client, company: Company, order: Order) -> None:
    """O10, P5: cash first, then reward; the closing account of the order adds up."""
    page = browser.get(url("order", order)).content.decode()
    assert "고른 쿠폰 취소" in page and "아직 쓰지 않은 쿠폰" in page
    form = {"gift": chosen(order, 1, 2, 3)}
    page = browser.post(url("cancel_gifts", order), form).content.decode()
    assert "3건 취소하고 13,500원 돌려받기" in page and "12,500원" in page and "1,000원" in page
    assert "되돌릴 수 없어요" in page and books.balances(company.buyer.id).cash_won == 49_987_500
    done = browser.post(url("cancel_gifts", order), form | {"seen_won": "13500"})
    assert done["Location"] == f"{url('order', order)}#gifts"
    money = books.balances(company.buyer.id)
    assert (money.cash_won, money.reward_won) == (50_000_000, 1_000) and books.faults() == []
    page = browser.get(url("order", order)).content.decode()
    assert "환불한 쿠폰" in page and "결제한 금액과 같아요" in page
    again = browser.post(url("cancel_gifts", order), form | {"seen_won": "13500"})
    assert again.status_code == 422 and CancelRefusal.USED.sentence in again.content.decode()


def test_another_sum_than_the_one_shown_is_not_paid_back(browser: Client, order: Order) -> None:
    """O10"""
    form = {"gift": chosen(order, 1), "seen_won": "9000"}
    page = browser.post(url("cancel_gifts", order), form)
    assert page.status_code == 422
    said = CancelRefusal.CHANGED.sentence.format(seen_won=9_000, now_won=4_500)
    assert said in page.content.decode() and "1건 취소하고 4,500원 돌려받기" in page.content.decode()
    assert Gift.objects.filter(voucher__state="issued").count() == 3


def test_those_that_may_not_be_are_named_and_the_others_go_on(browser: Client, order: Order) -> None:
    """O10: one is still being sent."""
    Gift.objects.filter(order=order, position=2).update(result=Result.WAITING)
    page = browser.post(url("cancel_gifts", order), {"gift": chosen(order, 1, 2)}).content.decode()
    assert "1건은 취소할 수 없어요" in page and CancelRefusal.UNDER_WAY.sentence in page
    assert "1건 취소하고 4,500원 돌려받기" in page


def test_after_seven_days_or_from_the_corporate_list_nothing_is_offered(
    browser: Client, company: Company, order: Order
) -> None:
    """O10"""
    Order.objects.filter(id=order.id).update(paid_at=clock.now() - timedelta(days=8))
    assert "고른 쿠폰 취소" not in browser.get(url("order", order)).content.decode()
    page = browser.post(url("cancel_gifts", order), {"gift": chosen(order, 1)}).content.decode()
    assert CancelRefusal.TOO_LATE.sentence.format(days=7) in page and "돌려받기" not in page


def test_nobody_chosen_is_said(browser: Client, order: Order) -> None:
    page = browser.post(url("cancel_gifts", order), follow=True).content.decode()
    assert "쿠폰을 취소할 받는 분을 골라 주세요" in page


def test_reward_that_was_spent_is_kept_from_the_refund_and_shown_before(
    carrier: Outside, company: Company, browser: Client
) -> None:
    """P4, P5: gift certificates brought 3,000 won, 2,500 of it are spent; the page says so before anything is done."""
    at = clock.now()
    order = certificates.bought(company, 3, at)
    actions.decide_order(certificates.waiting(order).id, approve=True, by=given.operator(at), at=at)
    given.worked(later=False)
    Gift.objects.filter(order=order).update(result=Result.DELIVERED, result_at=at)
    # as if bought from the list on which members may cancel
    Order.objects.filter(id=order.id).update(list=List.GENERAL)
    assert books.balances(company.buyer.id).reward_won == 3_000, "1 % of 300,000 won"
    spends = given.draft(company, given.numbers(1), at=at)
    cards.paid_with(company, spends, reward_won=2_500, cash_won=2_000, at=at)
    before = books.balances(company.buyer.id)
    assert before.reward_won == 500

    form = {"gift": chosen(order, 1, 2)}
    page = browser.post(url("cancel_gifts", order), form).content.decode()
    # 2,000 of the reward belongs to the two; 500 are left to take, so 1,500 are kept
    assert "이미 쓴 적립 리워드만큼 뺌</dt><dd>−1,500원</dd>" in page
    assert "캐쉬로</dt><dd>198,500원</dd>" in page and "리워드로</dt>" not in page
    assert "이 쿠폰으로 쌓인 리워드 2,000원도 함께 거두어요. 그 가운데 이미 쓴 1,500원은" in page
    assert "2건 취소하고 198,500원 돌려받기" in page
    assert books.balances(company.buyer.id) == before, "shown, not done"

    whole = browser.post(url("cancel_gifts", order), form | {"seen_won": "200000"})
    assert whole.status_code == 422, "nobody gets the sum without what is kept"
    assert browser.post(url("cancel_gifts", order), form | {"seen_won": "198500"}).status_code == 302
    after = books.balances(company.buyer.id)
    assert (after.cash_won - before.cash_won, after.reward_won) == (198_500, 0) and books.faults() == []

    last = browser.post(url("cancel_gifts", order), {"gift": chosen(order, 3)}).content.decode()
    assert "−1,000원" in last and "1건 취소하고 99,000원 돌려받기" in last, "all that it brought is spent"


def test_a_pools_code_is_not_cancelled_and_the_page_names_the_way(client: Client) -> None:
    """O10, S5: it was handed out, and may have been used at its issuer's shop."""
    from tests.gifts.test_doubts import pool, sent

    firm = given.company()
    order = sent(firm, pool(is_voidable=True), 1)
    Order.objects.filter(id=order.id).update(paid_at=clock.now())
    client.force_login(firm.owner)
    page = client.post(url("cancel_gifts", order), {"gift": Gift.objects.get().public_id}).content.decode()
    assert CancelRefusal.POOL.sentence in page and "돌려받기" not in page
