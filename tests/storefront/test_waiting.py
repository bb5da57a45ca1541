"""O5, O10, S6: a chosen time on the order page, and a sending that is stopped or called back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Chunk, Gift
from seonmul.kit import clock
from seonmul.ledger import queries as books
from seonmul.orders import queries
from seonmul.orders.models import Draft, Order
from seonmul.storefront import draft_page
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db

MESSAGE = {
    "sender": "15770000", "channel": "lms", "title": "연말 선물", "text": "고맙습니다.", "purpose": "employees",
    "is_lawful": "on", "seen_won": "9000", "seen_left_out": "0",
}  # fmt: skip


def url(name: str, of: Order | Draft) -> str:
    return reverse(f"storefront:{name}", args=[of.public_id])


def local(at: datetime) -> str:
    return draft_page.local_input(at)


@pytest.fixture
def draft(company: Company) -> Draft:
    return given.draft(company, given.numbers(2), at=clock.now())


@pytest.fixture
def tomorrow() -> datetime:
    return (clock.now() + timedelta(days=1)).replace(second=0, microsecond=0)


@pytest.fixture
def scheduled(company: Company, tomorrow: datetime) -> Order:
    return given.placed(company, given.numbers(2), at=clock.now(), is_later=True, send_at=tomorrow)


def test_a_time_is_kept_as_typed_in_seoul(browser: Client, draft: Draft, tomorrow: datetime) -> None:
    """O5"""
    typed = MESSAGE | {"is_later": "1", "send_at": local(tomorrow), "asleep_minutes": "30"}
    assert browser.post(url("save", draft), typed).status_code == 302
    draft.refresh_from_db()
    assert (draft.send_at, draft.asleep_minutes, draft.is_later) == (tomorrow, 30, True)
    page = browser.get(url("draft", draft)).content.decode()
    assert f'value="{local(tomorrow)}"' in page
    assert browser.post(url("save", draft), typed | {"is_later": ""}).status_code == 302
    draft.refresh_from_db()
    assert (draft.send_at, draft.is_later) == (None, False)


def test_a_time_that_cannot_be_stands_at_its_field(browser: Client, draft: Draft) -> None:
    """O5: what was typed is kept."""
    for send_at, said in (
        ("", "예약할 날짜와 시각을"),
        (local(clock.now() - timedelta(hours=1)), "시각이 지났습니다"),
    ):
        page = browser.post(url("check", draft), MESSAGE | {"is_later": "1", "send_at": send_at})
        text = page.content.decode()
        assert page.status_code == 422 and said in text and 'id="send-at-error"' in text


def test_a_scheduled_order_is_moved_sent_at_once_or_cancelled(
    browser: Client, company: Company, scheduled: Order, tomorrow: datetime
) -> None:
    """O5, O10, P5"""
    page = browser.get(url("order", scheduled)).content.decode()
    assert "예약한 주문" in page and local(tomorrow) in page
    assert "예약" in browser.get(reverse("storefront:orders")).content.decode()
    later = tomorrow + timedelta(days=3)
    browser.post(url("send_at", scheduled), {"when": "later", "send_at": local(later)})
    scheduled.refresh_from_db()
    assert scheduled.send_at == later
    for wrong in ("", "2026-13-45T99:99", local(clock.now() - timedelta(days=1))):
        browser.post(url("send_at", scheduled), {"when": "later", "send_at": wrong})
        scheduled.refresh_from_db()
        assert scheduled.send_at == later
    page = browser.post(url("call_off", scheduled)).content.decode()
    assert "주문을 취소하고 9,000원 돌려받기" in page and Order.objects.get().state == "paid"
    assert browser.post(url("call_off", scheduled), {"is_sure": "1"}).status_code == 302
    page = browser.get(url("order", scheduled)).content.decode()
    assert "취소한 주문" in page and "9,000원을 모두 돌려드렸어요" in page
    assert books.balances(company.buyer.id).cash_won == 50_000_000
    again = browser.post(url("call_off", scheduled), {"is_sure": "1"})
    assert again.status_code == 422 and "이미 취소했거나" in again.content.decode()


def test_sent_at_once_after_all(browser: Client, scheduled: Order) -> None:
    """O5"""
    browser.post(url("send_at", scheduled), {"when": "now"})
    gifts.start(scheduled.id, at=clock.now())
    scheduled.refresh_from_db()
    assert scheduled.state == "sending"


def test_a_sending_is_stopped_with_its_figures(browser: Client, company: Company) -> None:
    """S6"""
    order = given.placed(company, given.numbers(1_000), at=clock.now())
    gifts.start(order.id, at=clock.now())
    gifts.issue_chunk(Chunk.objects.get(order=order, number=1).id, at=clock.now())
    Gift.objects.update(result="delivered", result_at=clock.now())
    page = browser.post(url("halt", order)).content.decode()
    assert "<dd>4건</dd>" in page and "<dd>996건</dd>" in page
    assert browser.post(url("halt", order), {"is_sure": "1"}).status_code == 302
    gifts.tend(order.id, at=clock.now())
    gifts.call_back(order.id, at=clock.now())
    page = browser.get(url("order", order)).content.decode()
    assert "996건은 보내지 않았어요" in page and "발송을 멈췄어요" in page
    assert "나간 4건은 모두 전송성공이에요" in page and "모든 건이 전송성공" not in page
    assert "안 보냄 996" in browser.get(reverse("storefront:orders")).content.decode()
    assert browser.post(url("halt", order), {"is_sure": "1"}).status_code == 422


def test_sleeping_vouchers_are_called_back_and_say_so(
    browser: Client, company: Company, client: Client
) -> None:
    """S6, V5: the recipient reads first when it opens, then that it was refunded; the code never shows."""
    order = given.placed(company, given.numbers(2), at=clock.now(), asleep_minutes=30)
    gifts.start(order.id, at=clock.now())
    for chunk in Chunk.objects.filter(order=order):
        gifts.issue_chunk(chunk.id, at=clock.now())
    link = reverse("giftpage:gift", args=[gifts_now.link_of(Gift.objects.first())])
    text = client.get(link).content.decode()
    assert "아직 열리지 않은 선물이에요" in text and "쿠폰 바코드" not in text
    assert client.get(reverse("giftpage:image", args=[link.rstrip("/").split("/")[-1]])).status_code == 302
    assert "모두 회수하기" in browser.get(url("order", order)).content.decode()
    assert "모두 회수하고 환불받기" in browser.post(url("recall", order)).content.decode()
    assert browser.post(url("recall", order), {"is_sure": "1"}).status_code == 302
    page = browser.get(url("order", order)).content.decode()
    assert "9,000원어치를 거두어 환불했어요" in page and "모두 회수하기" not in page
    assert "환불된 쿠폰이에요" in client.get(link).content.decode()
    assert queries.order(order.id).halted_at is not None
    assert books.balances(company.buyer.id).cash_won == 50_000_000


def test_the_time_stands_beside_the_price(browser: Client, draft: Draft, tomorrow: datetime) -> None:
    """O5, S6: what is paid for is said where it is paid."""
    typed = MESSAGE | {"is_later": "1", "send_at": local(tomorrow), "asleep_minutes": "30"}
    page = browser.post(url("check", draft), typed, follow=True).content.decode()
    assert clock.korean_datetime(tomorrow) in page and "30분 동안 재우기" in page
