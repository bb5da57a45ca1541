"""Inquiries at the console: the thread, the answer, and the limit that is decided beside it. H3, O7, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.kit import clock
from seonmul.orders.models import LimitRaise
from seonmul.orders.rules import LimitRefusal
from seonmul.support import actions, queries
from seonmul.support.models import Attachment, Inquiry, InquiryKind
from seonmul.support.rules import InquiryRefusal
from tests import given
from tests.backoffice.conftest import asked
from tests.given import PAPERS

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
    small = client.post(url("inquiry_limit", row), {"verdict": "raise", "won": "1,000", "until": ""})
    assert small.status_code == 422
    assert (
        LimitRefusal.NOT_MORE.sentence.split("(")[0] in small.content.decode()
        and "1,000" in small.content.decode()
    )
    past = client.post(url("inquiry_limit", row), {"verdict": "raise", "won": "2000000", "until": "nonsense"})
    assert past.status_code == 422 and not LimitRaise.objects.exists()
    client.post(url("inquiry_limit", row), {"verdict": "raise", "won": "2,500,000", "until": ""})
    made = LimitRaise.objects.get()
    assert (made.limit_won, made.subject, made.buyer_id) == (2_500_000, row.id, row.buyer_id)
    assert "한도를 올림" in client.get(matter(row)).content.decode()


def test_a_limit_is_refused_with_a_reason(console: Callable[[str], Client]) -> None:
    """O7"""
    row, client = inquiry(), console("super")
    none = client.post(url("inquiry_limit", row), {"verdict": "refuse", "why": ""})
    assert none.status_code == 422 and InquiryRefusal.NO_REASON.sentence in none.content.decode()
    client.post(url("inquiry_limit", row), {"verdict": "refuse", "why": "abuse", "text": ""})
    row.refresh_from_db()
    assert (row.outcome, row.why) == ("refused", "abuse") and not LimitRaise.objects.exists()


def test_support_answers_and_does_not_raise(console: Callable[[str], Client]) -> None:
    """B"""
    row = inquiry()
    support = console("support")
    assert "한도 올리기" not in support.get(matter(row)).content.decode()
    wish = {"verdict": "raise", "won": "2000000"}
    assert support.post(url("inquiry_limit", row), wish).status_code == 403
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
