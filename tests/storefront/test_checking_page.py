"""O4, S7: the check before paying on the order page, its remedies, and how right it was afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import Ad
from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.orders import actions, queries
from seonmul.orders.models import Draft, Order, OrderState, Trial
from tests import given
from tests.given import Company
from tests.orders.test_checking import ended
from tests.storefront.conftest import HTMX
from tests.storefront.test_order_page import form, url

pytestmark = pytest.mark.django_db
GONE, DEVICE, WELL = given.numbers(3, start=31_000_000)


@pytest.fixture
def draft(company: Company) -> Draft:
    at = clock.now() - timedelta(days=2)
    ended(GONE, Result.INVALID_NUMBER, at=at)
    ended(DEVICE, Result.DEVICE, at=at)
    return given.draft(company, [GONE, DEVICE, WELL])


def test_the_page_asks_for_it_and_shows_what_was_found(browser: Client, draft: Draft) -> None:
    """O4: the page loads the check once, and keeps it until the list changes."""
    page = browser.get(url("draft", draft)).content.decode()
    assert 'hx-trigger="load"' in page and "없는 번호이거나" not in page
    part = browser.post(url("look", draft), headers=HTMX).content.decode()
    assert "없는 번호이거나 정지된 번호" in part and "긴 문자를 받지 못한 번호" in part
    assert f"010-****-{GONE[-4:]}" in part and GONE not in part
    page = browser.get(url("draft", draft)).content.decode()
    assert "없는 번호이거나" in page and 'hx-trigger="load"' not in page.split('id="look"')[1].split(">")[0]
    browser.post(url("add", draft), {"phone": "010-3333-0001", "name": ""}, headers=HTMX)
    assert 'hx-trigger="load"' in browser.get(url("draft", draft)).content.decode()


def test_one_click_each(browser: Client, draft: Draft) -> None:
    """O4: rows out, the other channel; what was typed stays."""
    browser.post(url("look", draft))
    wanted = form(draft, text="새로 적은 말") | {"remedy": "drop:gone"}
    answer = browser.post(url("look_remedy", draft), wanted)
    assert answer.status_code == 302 and answer["Location"].endswith("#look")
    draft.refresh_from_db()
    assert queries.quote(draft).people == 2 and queries.text_of(draft) == "새로 적은 말"
    browser.post(url("look_remedy", draft), form(draft, text="새로 적은 말") | {"remedy": "sms"})
    draft.refresh_from_db()
    assert draft.channel == "sms"
    part = browser.post(url("look", draft), headers=HTMX).content.decode()
    assert "긴 문자를 받지 못한" not in part
    browser.post(url("look_remedy", draft), form(draft, channel="sms") | {"remedy": "nonsense"})


def test_another_time_where_messages_come_too_thick(browser: Client, company: Company) -> None:
    """S7, O5: an hour later, by one click."""
    at = clock.now()
    ended(WELL, Result.DELIVERED, 12, at=at - timedelta(minutes=20))
    draft = given.draft(company, [WELL])
    part = browser.post(url("look", draft), headers=HTMX).content.decode()
    assert "짧은 시간에 문자가 몰린 번호" in part and 'value="later"' in part
    browser.post(url("look_remedy", draft), form(draft) | {"remedy": "later"})
    draft.refresh_from_db()
    assert draft.is_later and draft.send_at >= at + timedelta(minutes=59)


def test_a_message_for_the_night_goes_in_the_morning_by_one_click(browser: Client, draft: Draft) -> None:
    """O4, O5: the page says which morning; by day, and with another remedy, nothing of the time changes."""
    night = clock.now().astimezone(clock.SEOUL).replace(hour=23, minute=0, second=0, microsecond=0)
    night += timedelta(days=1)
    at_night = {"is_later": "1", "send_at": f"{night:%Y-%m-%dT%H:%M}"}
    said = browser.post(url("save", draft), form(draft) | at_night, headers=HTMX).content.decode()
    assert 'value="morning"' in said and "밤 9시부터 아침 8시 사이에 도착해요" in said
    answer = browser.post(
        url("look_remedy", draft), form(draft, text="새 말") | at_night | {"remedy": "morning"}
    )
    assert answer.status_code == 302 and answer["Location"].endswith("#look")
    draft.refresh_from_db()
    morning = night.replace(hour=8) + timedelta(days=1)
    assert draft.is_later and draft.send_at == morning and queries.text_of(draft) == "새 말"
    page = browser.get(url("draft", draft)).content.decode()
    assert f'value="{morning:%Y-%m-%dT%H:%M}"' in page and 'value="morning"' not in page
    by_day = {"is_later": "1", "send_at": f"{morning:%Y-%m-%dT%H:%M}"}
    browser.post(url("look_remedy", draft), form(draft) | by_day | {"remedy": "morning"})
    draft.refresh_from_db()
    assert draft.send_at == morning


def test_only_those_who_get_too_much_are_spread_by_one_click(browser: Client, company: Company) -> None:
    """S7, O4: the order keeps its time; the wish is taken back by one click; the page of the order says what waits."""
    at = clock.now()
    ended(WELL, Result.DELIVERED, 12, at=at - timedelta(minutes=20))
    draft = given.draft(company, [WELL, given.numbers(1, start=32_000_000)[0]], at=at)
    part = browser.post(url("look", draft), headers=HTMX).content.decode()
    assert 'value="spread"' in part and "몰리는 분께만 나누어 보내기" in part
    browser.post(url("look_remedy", draft), form(draft) | {"remedy": "spread"})
    draft.refresh_from_db()
    assert draft.spreads and not draft.is_later
    page = browser.get(url("draft", draft)).content.decode()
    assert "몰리는 만큼만 시간을 두고 나누어 보내요" in page and 'value="later"' not in page
    browser.post(url("look_remedy", draft), form(draft) | {"remedy": "at_once"})
    draft.refresh_from_db()
    assert not draft.spreads
    browser.post(url("look_remedy", draft), form(draft) | {"remedy": "spread"})
    order = given.paid(company, Draft.objects.select_related("buyer").get(id=draft.id), clock.now())
    given.worked(only="gifts", later=False)
    said = browser.get(reverse("storefront:order", args=[order.public_id])).content.decode()
    assert "문자가 몰린 분께 갈 1건은" in said and "나누어 보내요" in said


def test_the_message_is_looked_at_as_it_is_typed(browser: Client, draft: Draft) -> None:
    """O4: with every save; nothing of it stands in the way of paying."""
    said = browser.post(
        url("save", draft), form(draft, text="여름 할인!!! 카지노"), headers=HTMX
    ).content.decode()
    assert "스팸으로 볼 수 있는 말" in said and "되풀이한 기호" in said and "광고로 볼 수 있는 말" in said
    quote = queries.quote(draft)
    paid = browser.post(
        url("check", draft), form(draft, text="여름 할인!!! 카지노", seen_won=str(quote.amount_won))
    )
    assert paid.status_code == 302


def _finished(order: Order, failed: set[int]) -> None:
    """Everything is issued and has its outcome; the rows at these positions got nothing."""
    given.worked(only="gifts")
    for gift in Gift.objects.filter(order=order):
        result = Result.INVALID_NUMBER if gift.position in failed else Result.DELIVERED
        Gift.objects.filter(id=gift.id).update(result=result, result_at=clock.now())
    gifts.tend(order.id, at=clock.now())
    given.worked(only="gifts.weigh")
    order.refresh_from_db()
    assert order.state == OrderState.FINISHED


def test_how_right_it_was(browser: Client, company: Company, draft: Draft) -> None:
    """O4: of those warned of one got nothing, of the others nobody; counted once more it is the same."""
    actions.look(draft.id, at=clock.now())
    order = given.paid(company, draft, clock.now())
    _finished(order, failed={1})
    page = browser.get(reverse("storefront:order", args=[order.public_id])).content.decode()
    assert "발송 전 점검이 맞았는지" in page
    assert "2명 가운데 1명이 받지 못했어요" in page and "1명 가운데 0명이 받지 못했어요" in page
    gifts.weigh_check(order.id, at=clock.now())
    orders, found = queries.outcomes_since(clock.now() - timedelta(days=1))
    assert orders == 1 and (found["warned"].people, found["warned"].failed) == (2, 1)
    assert (found["gone"].failed, found["device"].failed, found["quiet"].failed) == (1, 0, 0)


def test_advertising_is_marked_by_one_click(browser: Client, company: Company, draft: Draft) -> None:
    """O3, O4: the preview has the marks, whoever refused is left out, and the page is loaded anew when it changes."""
    dispatch.set_ad(company.owner, Ad("꽃길", "02-3456-7890", "080-234-5678"), at=clock.now())
    dispatch.note_opt_outs(company.owner, WELL, at=clock.now())
    browser.post(url("look_remedy", draft), form(draft, text="여름 할인") | {"remedy": "ad"})
    page = browser.get(url("draft", draft)).content.decode()
    assert "(광고)꽃길 02-3456-7890" in page and "무료수신거부 080-234-5678" in page
    assert "광고를 받지 않겠다고 한 분" in page and queries.quote(draft).people == 2
    draft.refresh_from_db()
    answer = browser.post(url("save", draft), form(draft, text="여름 할인"), headers=HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    assert queries.quote(draft).people == 3


def test_a_trial_to_oneself(browser: Client, company: Company, draft: Draft) -> None:
    """O5: what was typed is what is sent; a refusal is said on the page."""
    answer = browser.post(url("trial", draft), form(draft, text="시험해 볼 말"))
    assert answer.status_code == 302 and Trial.objects.filter(draft_id=draft.id).count() == 1
    draft.refresh_from_db()
    assert queries.text_of(draft) == "시험해 볼 말"
    bad = browser.post(url("trial", draft), form(draft, text="똠양꿍 😀"))
    assert bad.status_code == 422 and Trial.objects.count() == 1


def test_a_chosen_time_says_what_must_be_done_by_when(browser: Client, company: Company) -> None:
    """O5, O8: certificates need the operator's consent before; nothing is said of what goes at once."""
    product = given.product(is_gift_certificate=True, price_won=10_000)
    draft = given.draft(company, [WELL], product)
    assert "그 시각에 보내려면" not in browser.get(url("draft", draft)).content.decode()
    at = clock.now() + timedelta(days=20)
    typed = form(draft) | {"is_later": "1", "send_at": f"{at.astimezone(clock.SEOUL):%Y-%m-%dT%H:%M}"}
    said = browser.post(url("save", draft), typed, headers=HTMX).content.decode()
    assert "그 시각에 보내려면" in said and "상품권류 승인" in said
