"""After paying: live numbers, each recipient's result in words, resends, history and statement. O11, S4, S5, P1"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import WORDS
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.actions import _resending
from seonmul.gifts.models import Gift
from seonmul.gifts.rules import ResendRefusal
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members.models import Member
from seonmul.orders.models import Order, OrderState
from seonmul.vouchers.models import Voucher, VoucherState
from tests import given
from tests.given import Company
from tests.storefront.conftest import HTMX, asked

pytestmark = pytest.mark.django_db
GOOD = ["01020010001", "01020020001", "01020030001"]


def url(name: str, row: Order | Gift) -> str:
    return reverse(f"storefront:{name}", args=[row.public_id])


def issued(company: Company, numbers: list[str] = GOOD) -> Order:
    """An order whose vouchers are issued and whose messages wait for the carrier."""
    at = clock.now() - timedelta(minutes=10)
    order = given.placed(company, numbers, at=at)
    gifts.start(order.id, at=at)
    for chunk_id in gifts_now.open_chunks(clock.now()):
        gifts.issue_chunk(chunk_id, at=at)
    return order


def settled(order: Order, *results: Result) -> list[Gift]:
    """Give the order's gifts these results, in the order of the list, and finish it."""
    rows = list(Gift.objects.filter(order=order).order_by("position"))
    for gift, result in zip(rows, results, strict=True):
        Gift.objects.filter(id=gift.id).update(result=result, result_at=clock.now())
    gifts.tend(order.id, at=clock.now())
    return list(Gift.objects.filter(order=order).order_by("position"))


@pytest.fixture
def order(company: Company) -> Order:
    return issued(company)


def test_the_live_panel_counts_rows_and_is_asked_for_until_the_end(browser: Client, order: Order) -> None:
    page = browser.get(url("order", order)).content.decode()
    assert "발송하고 있어요" in page and 'hx-trigger="every 2s"' in page
    assert "이 화면을 닫아도 발송은 계속됩니다." in page and "발송완료</h1>" not in page
    settled(order, Result.DELIVERED, Result.DELIVERED, Result.POWER_OFF)
    part = browser.get(url("live", order), headers=HTMX).content.decode()
    assert "발송완료</h1>" in part and "every 2s" not in part and "<html" not in part
    assert "성공 2건, 전송중 0건, 실패 1건, 대기 0건" in part
    words = WORDS[Result.POWER_OFF]
    assert words.label in part and words.cause in part and words.next_step in part
    assert "수신완료" not in part
    assert browser.get(url("live", order))["Location"] == url("order", order)


def test_a_pace_and_an_end_are_told_only_from_rows(browser: Client, company: Company) -> None:
    order = issued(company, given.numbers(60))
    assert browser.get(url("order", order)).context["end_at"] is None
    now = clock.now()
    for n, gift in enumerate(Gift.objects.filter(order=order).order_by("position")[:40]):
        Gift.objects.filter(id=gift.id).update(
            result=Result.DELIVERED, result_at=now - timedelta(seconds=25 - n * 0.6)
        )
    context = browser.get(url("order", order)).context
    assert 1.35 < context["pace"] < 1.61 and context["end_at"] > now


def test_recipients_are_masked_and_sent_opened_and_used_stand_apart(browser: Client, order: Order) -> None:
    first, second, _ = settled(order, Result.DELIVERED, Result.DELIVERED, Result.SPAM)
    gifts.note_opened(first.id, at=clock.now())
    Voucher.objects.filter(id=second.voucher_id).update(state=VoucherState.USED)
    page = browser.get(url("order", order)).content.decode()
    assert "010-****-0001" in page and "김*연" in page and GOOD[0] not in page and "김서연" not in page
    assert "열람함" in page and "교환완료" in page and "전송성공" in page
    only = browser.get(url("order", order), {"only": "spam"})
    assert [line.gift.position for line in only.context["lines"]] == [3]
    assert [
        line.gift.position for line in browser.get(url("order", order), {"only": "failed"}).context["lines"]
    ] == [3]
    assert len(browser.get(url("order", order), {"only": "nonsense"}).context["lines"]) == 3


def test_chosen_gifts_are_sent_again_and_the_others_say_why_not(browser: Client, order: Order) -> None:
    first, second, third = settled(order, Result.POWER_OFF, Result.DELIVERED, Result.POWER_OFF)
    Voucher.objects.filter(id=second.voucher_id).update(state=VoucherState.USED)
    chosen = {"gift": [first.public_id, second.public_id]}
    page = browser.post(url("resend", order) + "?only=failed", chosen, follow=True)
    said = page.content.decode()
    assert "1건을 다시 보냅니다." in said
    assert f"1건은 보내지 않았습니다. {ResendRefusal.USED.sentence}" in said
    first.refresh_from_db()
    third.refresh_from_db()
    assert (first.resends, third.resends) == (1, 0)
    assert Order.objects.get().state == OrderState.FINISHED and "다시 보내고 있어요" in said


def test_a_whole_group_is_sent_again_by_one_click(browser: Client, order: Order) -> None:
    settled(order, Result.POWER_OFF, Result.SPAM, Result.POWER_OFF)
    browser.post(url("resend", order), {"only": "power_off"})
    assert list(Gift.objects.order_by("position").values_list("resends", flat=True)) == [1, 0, 1]
    nobody = browser.post(url("resend", order), follow=True).content.decode()
    assert "다시 보낼 받는 분을 골라 주세요." in nobody


def test_an_approver_sees_results_and_cannot_resend(
    signed_in: Callable[[Member], Client], company: Company, order: Order
) -> None:
    first, *_ = settled(order, Result.SPAM, Result.DELIVERED, Result.DELIVERED)
    approver = signed_in(company.approver)
    assert "재발송하기</button>" not in approver.get(url("order", order)).content.decode()
    said = approver.post(url("resend", order), {"gift": first.public_id}, follow=True).content.decode()
    assert ResendRefusal.NOT_A_BUYER.sentence in said
    first.refresh_from_db()
    assert first.resends == 0


def test_every_attempt_at_a_gift_is_told_in_words(browser: Client, order: Order) -> None:
    first, *_ = settled(order, Result.SPAM, Result.DELIVERED, Result.DELIVERED)
    browser.post(url("resend", order), {"gift": first.public_id})
    page = browser.get(url("gift", first))
    assert len(page.context["attempts"]) == 2 and "SOLAPI" in page.content.decode()
    assert "1번 함 · 4번 남음" in page.content.decode()
    assert WORDS[Result.WAITING].cause in page.content.decode()


def test_a_stranger_finds_no_order_and_no_gift(signed_in: Callable[[Member], Client], order: Order) -> None:
    first, *_ = settled(order, Result.SPAM, Result.DELIVERED, Result.DELIVERED)
    stranger = signed_in(given.company().owner)
    for address in (url("order", order), url("live", order), url("gift", first)):
        assert stranger.get(address).status_code == 404
    assert stranger.post(url("resend", order), {"gift": first.public_id}).status_code == 404
    own = issued(given.company())
    settled(own, Result.SPAM, Result.SPAM, Result.SPAM)
    # another company's gift in the form of one's own order is not there
    mine = signed_in(own.member)
    assert (
        "골라 주세요"
        in mine.post(url("resend", own), {"gift": first.public_id}, follow=True).content.decode()
    )
    first.refresh_from_db()
    assert first.resends == 0


def test_lists_ask_the_same_questions_for_one_row_and_for_three(
    browser: Client, company: Company, signed_in: Callable[[Member], Client]
) -> None:
    single = given.company()
    one, three = issued(single, GOOD[:1]), issued(company)
    other = signed_in(single.owner)
    assert asked(other, url("order", one)) == asked(browser, url("order", three))
    issued(company)
    issued(company)
    given.draft(single, GOOD)
    for _ in range(3):
        given.draft(company, GOOD)
    for name in ("orders", "cash", "products"):
        assert asked(other, reverse(f"storefront:{name}")) == asked(browser, reverse(f"storefront:{name}")), (
            name
        )


def test_the_order_list_shows_drafts_and_what_became_of_each_order(
    browser: Client, company: Company, order: Order
) -> None:
    settled(order, Result.DELIVERED, Result.DELIVERED, Result.SPAM)
    draft = given.draft(company, GOOD)
    page = browser.get(reverse("storefront:orders")).content.decode()
    assert url("order", order) in page and "성공 2" in page and "실패 1" in page and "발송완료" in page
    assert reverse("storefront:draft", args=[draft.public_id]) in page and "13,500원" in page


def test_an_empty_order_list_leads_to_the_products(browser: Client) -> None:
    assert "아직 보낸 주문이 없어요" in browser.get(reverse("storefront:orders")).content.decode()


def test_staff_act_for_nobody_and_have_no_statement(signed_in: Callable[[Member], Client]) -> None:
    staff = members.make_member(
        "staff-1",
        "long-enough-1",
        "오세영",
        phone="01020010009",
        mail="s@site.example",
        at=given.MONDAY,
        is_staff=True,
    )
    client = signed_in(staff)
    assert client.get(reverse("storefront:cash")).status_code == 403
    assert client.get(reverse("storefront:orders")).status_code == 200


def test_the_failed_alone_are_sent_again_and_the_rest_is_told_by_reason(
    browser: Client, order: Order, company: Company
) -> None:
    """S5, O11: whatever they failed of; those used or sent five times stay, and it says how many and why."""
    first, second, third = settled(order, Result.POWER_OFF, Result.SPAM, Result.DELIVERED)
    Gift.objects.filter(id=second.id).update(resends=5)
    assert "실패한 건만 다시 보내기" in browser.get(url("order", order)).content.decode()
    said = browser.post(url("resend_failed", order), follow=True).content.decode()
    assert "1건을 다시 보냅니다." in said
    assert f"1건은 보내지 않았습니다. {ResendRefusal.RESENT_ENOUGH.sentence.format(most=5)}" in said
    resends = Gift.objects.order_by("position").values_list("resends", flat=True)
    assert list(resends) == [1, 5, 0] and third.resends == 0 and first.resends == 0
    again = browser.post(url("resend_failed", order), follow=True).content.decode()
    assert "1건은 보내지 않았습니다." in again and list(resends.all()) == [1, 5, 0]


def test_a_large_group_goes_portion_by_portion_and_a_job_goes_on(
    browser: Client, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S5: nothing is passed over because what stands before it may not be sent."""
    settled(order, Result.POWER_OFF, Result.SPAM, Result.DEVICE)
    Gift.objects.filter(position=1).update(resends=5)
    monkeypatch.setattr(_resending, "AT_ONCE", 1)
    monkeypatch.setattr(_resending, "MOST_AT_ONCE", 2)
    said = browser.post(url("resend_failed", order), follow=True).content.decode()
    resends = Gift.objects.order_by("position").values_list("resends", flat=True)
    assert "나머지는 이어서 보냅니다" in said and list(resends) == [5, 1, 0]
    given.worked(only="gifts.resend_failed")
    assert list(resends.all()) == [5, 1, 1]


def test_after_a_dispatch_there_are_notices_to_copy_and_who_has_not_used_theirs(
    browser: Client, order: Order
) -> None:
    """O11"""
    first, *_ = settled(order, Result.DELIVERED, Result.DELIVERED, Result.DELIVERED)
    Voucher.objects.filter(id=first.voucher_id).update(state=VoucherState.USED)
    page = browser.get(url("order", order))
    assert "아직 쓰지 않은 2건" in page.content.decode() and "1577-0000" in page.context["notices"][0][2]
    unused = browser.get(url("order", order), {"only": "unused"})
    assert [line.gift.position for line in unused.context["lines"]] == [2, 3]
