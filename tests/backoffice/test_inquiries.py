"""Inquiries at the console: the thread, the answer, and the limit that is decided beside it. H3, O7, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Batch, SenderNumber
from seonmul.dispatch.rules import SenderRefusal
from seonmul.gifts.rules import CancelRefusal
from seonmul.kit import clock
from seonmul.ledger import queries as ledger
from seonmul.orders.models import LimitRaise, Order
from seonmul.orders.rules import LimitRefusal
from seonmul.support import actions, queries
from seonmul.support.models import Attachment, Inquiry, InquiryKind
from seonmul.support.rules import InquiryRefusal
from seonmul.vouchers.models import Voucher
from tests import given
from tests.backoffice.conftest import asked
from tests.given import PAPERS, Company
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db
QUEUE = reverse("backoffice:queue")


def inquiry(kind: str = "limit", days: float = 0) -> Inquiry:
    wanted = 2_000_000 if kind == "limit" else None
    return actions.ask(
        given.company().owner, InquiryKind(kind), "직원 포상에 씁니다.", wanted_won=wanted,
        files=[PAPERS["pdf"]], at=clock.now() - timedelta(days=days),
    )  # fmt: skip


def url(name: str, row: Inquiry) -> str:
    return reverse(f"backoffice:{name}", args=[row.public_id])


def matter(row: Inquiry) -> str:
    return reverse("backoffice:matter", args=["inquiry", row.public_id])


def test_the_thread_stands_there_and_the_answer_ends_the_waiting(console: Callable[[str], Client]) -> None:
    """H3"""
    row, client = inquiry("refund"), console("support")
    assert "1:1 문의" in client.get(QUEUE).content.decode()
    page = client.get(matter(row)).content.decode()
    assert "직원 포상에 씁니다." in page and "환불" in page and "한도 올리기" not in page
    empty = client.post(url("inquiry_answer", row), {"text": " "})
    assert empty.status_code == 422 and InquiryRefusal.NO_TEXT.sentence in empty.content.decode()
    client.post(url("inquiry_answer", row), {"text": "환불했습니다."})
    assert queries.thread(row)[-1].text == "환불했습니다." and queries.waiting_inquiries() == []
    assert "처리가 끝난 일이에요: 답변 완료" in client.get(matter(row)).content.decode()


def test_a_limit_is_raised_from_the_same_page(console: Callable[[str], Client]) -> None:
    """O7: filled in with what was asked for and the end of the month."""
    row, client = inquiry(), console("approver")
    page = client.get(matter(row)).content.decode()
    for words in (
        "한도 올리기",
        'value="2000000"',
        "1,000,000원 가운데 사용 0원",
        "올리지 않는 이유",
        "첫 구매",
    ):
        assert words in page, words
    small = client.post(url("inquiry_act", row), {"verdict": "raise", "won": "1,000", "until": ""})
    assert small.status_code == 422
    assert (
        LimitRefusal.NOT_MORE.sentence.split("(")[0] in small.content.decode()
        and "1,000" in small.content.decode()
    )
    past = client.post(url("inquiry_act", row), {"verdict": "raise", "won": "2000000", "until": "nonsense"})
    assert past.status_code == 422 and not LimitRaise.objects.exists()
    client.post(url("inquiry_act", row), {"verdict": "raise", "won": "2,500,000", "until": ""})
    made = LimitRaise.objects.get()
    assert (made.limit_won, made.subject, made.buyer_id) == (2_500_000, row.id, row.buyer_id)
    assert "한도를 올림" in client.get(matter(row)).content.decode()


def test_a_limit_is_refused_with_a_reason(console: Callable[[str], Client]) -> None:
    """O7"""
    row, client = inquiry(), console("super")
    none = client.post(url("inquiry_act", row), {"verdict": "refuse", "why": ""})
    assert none.status_code == 422 and InquiryRefusal.NO_REASON.sentence in none.content.decode()
    client.post(url("inquiry_act", row), {"verdict": "refuse", "why": "abuse", "text": ""})
    row.refresh_from_db()
    assert (row.outcome, row.why) == ("refused", "abuse") and not LimitRaise.objects.exists()


def test_support_answers_and_does_not_raise(console: Callable[[str], Client]) -> None:
    """B"""
    row = inquiry()
    support = console("support")
    assert "한도 올리기" not in support.get(matter(row)).content.decode()
    wish = {"verdict": "raise", "won": "2000000"}
    assert support.post(url("inquiry_act", row), wish).status_code == 403
    finance = console("finance")
    page = finance.get(matter(row)).content.decode()
    assert "직원 포상" not in page and "다른 역할의 담당자" in page
    assert finance.post(url("inquiry_answer", row), {"text": "x"}).status_code == 403
    assert not LimitRaise.objects.exists() and len(queries.thread(row)) == 1


def test_files_are_opened_by_who_answers_and_every_look_is_noted(console: Callable[[str], Client]) -> None:
    """H3, B"""
    row = inquiry()
    address = reverse("backoffice:inquiry_file", args=[row.public_id, Attachment.objects.get().public_id])
    assert console("finance").get(address).status_code == 403
    assert console("support").get(address).content == PAPERS["pdf"]
    assert Act.objects.filter(verb="document_seen", subject=str(row.id)).count() == 1


def test_the_plain_decision_is_not_there_for_inquiries(console: Callable[[str], Client]) -> None:
    """What has a desk of its own is decided there."""
    row = inquiry()
    decide = reverse("backoffice:decide", args=["inquiry", row.public_id])
    assert console("super").post(decide, {"verdict": "approve"}).status_code == 404


def test_limits_are_late_after_four_business_hours(console: Callable[[str], Client]) -> None:
    """H3"""
    inquiry("limit", days=5)
    assert "늦음" in console("super").get(QUEUE).content.decode()


def test_the_page_asks_the_same_number_of_questions_however_long_the_thread_is(
    console: Callable[[str], Client],
) -> None:
    row, client = inquiry(), console("super")
    one = asked(client, matter(row))
    for n in range(5):
        actions.write(row.id, f"또 {n}", files=[PAPERS["png"]], by=row.member, at=clock.now())
    assert asked(client, matter(row)) == one


def waiting_sender(row: Inquiry, number: str = "0232140000") -> SenderNumber:
    """A number that the asking company has applied for."""
    return dispatch.apply_for_sender(
        row.member, row.buyer_id, number, label="인사팀", certificate=PAPERS["pdf"],
        proved_on=clock.seoul_date(clock.now()), at=clock.now(),
    )  # fmt: skip


def test_a_sender_number_is_decided_beside_the_thread(console: Callable[[str], Client]) -> None:
    """H3, M6: with its proof; whoever applied is told, and the inquiry waits for its answer."""
    row, client = inquiry("sender"), console("support")
    assert "결정을 기다리는 번호가 없어요" in client.get(matter(row)).content.decode()
    number, foreign = waiting_sender(row), waiting_sender(inquiry("sender"))
    page = client.get(matter(row)).content.decode()
    for words in ("02-3214-0000", "통신사에 발신번호를 등록했습니다", "발신번호로 승인하기"):
        assert words in page, words
    assert reverse("backoffice:paper", args=["sender", number.public_id]) in page
    assert f'value="{foreign.public_id}"' not in page
    approve = {"verdict": "approve", "sender": number.public_id}
    unregistered = client.post(url("inquiry_act", row), approve)
    assert SenderRefusal.NOT_AT_CARRIER.sentence in unregistered.content.decode()
    others = client.post(
        url("inquiry_act", row), approve | {"sender": foreign.public_id, "checks": "registered"}
    )
    assert others.status_code == 422 and SenderRefusal.NOT_WAITING.sentence in others.content.decode()
    done = client.post(url("inquiry_act", row), approve | {"checks": "registered"})
    assert done["Location"] == matter(row), "the answer is still to be written"
    number.refresh_from_db()
    assert number.state == "approved" and number.is_registered_at_carrier
    assert [one.id for one in queries.waiting_inquiries() if one.id == row.id]
    assert "승인" in client.get(matter(row)).content.decode()


def test_a_sender_number_is_refused_beside_the_thread_with_a_reason(console: Callable[[str], Client]) -> None:
    """H3, M6"""
    row, client = inquiry("sender"), console("approver")
    number = waiting_sender(row)
    refusal = {"verdict": "refuse", "sender": number.public_id, "reason": "증명원의 명의가 다릅니다."}
    client.post(url("inquiry_act", row), refusal)
    number.refresh_from_db()
    assert (number.state, number.reason) == ("rejected", "증명원의 명의가 다릅니다.")
    assert console("finance").post(url("inquiry_act", row), refusal).status_code == 403


def test_an_inquiry_without_an_action_has_none(console: Callable[[str], Client]) -> None:
    """H3"""
    row = inquiry("other")
    assert console("super").post(url("inquiry_act", row), {"verdict": "raise"}).status_code == 404


def refunds_of(who: Company) -> tuple[Inquiry, Order]:
    """An inquiry about money that names no order, and an order of the same buyer for later."""
    at = clock.now()
    row = actions.ask(who.owner, InquiryKind.REFUND, "잘못 주문했어요.", at=at)
    return row, given.placed(who, given.numbers(3), at=at, send_at=at + timedelta(days=2))


def test_an_order_that_waits_is_cancelled_whole_beside_the_thread(console: Callable[[str], Client]) -> None:
    """H3, O10: staff name the order, see what goes back, and one click cancels, refunds and answers."""
    who, client = given.company(), console("approver")
    row, order = refunds_of(who)
    foreign = given.placed(given.company(), given.numbers(1), at=clock.now())
    before = ledger.balances(who.buyer.id).cash_won
    page = client.get(matter(row)).content.decode()
    assert order.public_id in page and foreign.public_id not in page and "취소하고 환불하기" not in page
    refused = client.post(url("inquiry_act", row), {"verdict": "name", "order": foreign.public_id})
    assert InquiryRefusal.NO_ORDER.sentence in refused.content.decode()
    client.post(url("inquiry_act", row), {"verdict": "name", "order": order.public_id})
    page = client.get(matter(row)).content.decode()
    assert "전체를 취소하고 13,500원을" in page and "아이스 아메리카노" in page
    changed = client.post(url("inquiry_act", row), {"verdict": "refund", "seen_won": "9000"})
    assert changed.status_code == 422 and "9,000원에서 13,500원으로" in changed.content.decode()
    done = client.post(
        url("inquiry_act", row), {"verdict": "refund", "seen_won": "13500", "text": "다음에 또"}
    )
    assert done.status_code == 302
    order.refresh_from_db(), row.refresh_from_db()
    assert (order.state, row.state) == ("cancelled", "answered")
    assert ledger.balances(who.buyer.id).cash_won == before + 13_500
    said = queries.thread(row)[-1].text
    assert f"주문 {order.public_id} 전체를 취소하고 13,500원을" in said and said.endswith("다음에 또")
    again = client.post(url("inquiry_act", row), {"verdict": "refund", "seen_won": "13500"})
    assert InquiryRefusal.NOTHING_BACK.sentence in again.content.decode(), "nothing goes back twice"
    assert ledger.balances(who.buyer.id).cash_won == before + 13_500


def test_unused_vouchers_are_cancelled_beside_the_thread_by_their_buyers_rules(
    console: Callable[[str], Client], carrier: Outside
) -> None:
    """H3, O10: on the general list within seven days; on the corporate list the page says why not."""
    client = console("approver")
    row, order = refunds_of(given.company())
    Order.objects.filter(id=order.id).update(send_at=None)
    given.worked()
    for batch in Batch.objects.filter(state="handed"):
        dispatch.ask(batch.id, at=clock.now())
    given.worked()
    client.post(url("inquiry_act", row), {"verdict": "name", "order": order.public_id})
    page = client.get(matter(row)).content.decode()
    assert "3건은 취소할 수 없어요" in page and CancelRefusal.NOT_THIS_LIST.sentence in page
    Order.objects.filter(id=order.id).update(list="general")
    wish = {"verdict": "refund", "seen_won": "13500"}
    assert "쓰지 않은 쿠폰 3건을 취소하고 13,500원을" in client.get(matter(row)).content.decode()
    assert console("support").post(url("inquiry_act", row), wish).status_code == 403
    assert client.post(url("inquiry_act", row), wish).status_code == 302
    assert set(Voucher.objects.values_list("state", flat=True)) == {"refunded"}
    assert Act.objects.get(verb="inquiry_refunded").facts["amount_won"] == 13_500
