"""H3, O7: what members ask, what staff answer, and the limit that is decided beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.models import Message
from seonmul.figures.rules import Figures
from seonmul.kit import clock, euckr
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.refusals import Refused
from seonmul.members.models import Buyer, Member
from seonmul.notices import actions as notices
from seonmul.orders.models import LimitRaise
from seonmul.orders.rules import LimitRefusal
from seonmul.support import actions, handing, queries, rules
from seonmul.support.models import Attachment, Inquiry, InquiryKind, InquiryState, Outcome, Word
from seonmul.support.rules import InquiryRefusal, WordFacts
from tests import given
from tests.given import MONDAY, PAPERS, Company
from tests.orders import certificates
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


@pytest.fixture
def firm() -> Company:
    return given.company()


def asked(firm: Company, kind: str = "other", **more: Any) -> Inquiry:
    return actions.ask(firm.owner, InquiryKind(kind), "쿠폰이 오지 않았어요.", **({"at": MONDAY} | more))


@pytest.mark.parametrize(
    ("kind", "word", "wanted", "count", "why"),
    [
        ("other", WordFacts("글"), None, 0, None),
        ("other", WordFacts(" \n"), None, 0, InquiryRefusal.NO_TEXT),
        ("other", WordFacts("글" * 2_001), None, 0, InquiryRefusal.LONG_TEXT),
        ("other", WordFacts("글", [(10, "pdf")] * 6), None, 0, InquiryRefusal.MANY_FILES),
        ("other", WordFacts("글", [(10, "pdf"), (10, "")]), None, 0, PaperRefusal.WRONG_TYPE),
        ("other", WordFacts("글", [(11 * 1024 * 1024, "pdf")]), None, 0, PaperRefusal.TOO_LARGE),
        ("limit", WordFacts("글"), None, 0, InquiryRefusal.NO_AMOUNT),
        ("limit", WordFacts("글"), 2_000_000, 0, None),
        ("other", WordFacts("글"), None, 20, InquiryRefusal.MANY_OPEN),
    ],
)
def test_why_not_ask(kind: str, word: WordFacts, wanted: int | None, count: int, why: Any) -> None:
    no = rules.why_not_ask(kind, word, wanted_won=wanted, open_count=count)
    assert (no.why if no else None) is why and (no is None or no.say())


@assumed(st.booleans(), st.booleans(), st.sampled_from(["", "raised", "refused"]))
def test_a_matter_is_decided_once(is_asked: bool, is_closed: bool, outcome: str) -> None:
    no = rules.why_not_decide(is_asked=is_asked, is_closed=is_closed, outcome=outcome)
    assert (no is None) == (is_asked and not is_closed and not outcome)


def test_the_clock_is_that_of_business_hours(firm: Company) -> None:
    """H3: one business day, and four business hours for limits."""
    assert rules.term("other", Figures()) == {"days": 1} and rules.term("limit", Figures()) == {"hours": 4}
    friday = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)  # 16:00 in Seoul
    # two hours of Friday, then two of Monday morning
    assert queries.due_of("limit", friday, friday) == datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
    assert queries.due_of("other", MONDAY, MONDAY) == MONDAY + timedelta(days=1)
    assert queries.due_of("limit", MONDAY, MONDAY) < queries.due_of("other", MONDAY, MONDAY)


def test_what_is_written_is_sealed_and_read_by_its_member(firm: Company) -> None:
    """X2: text and files alike."""
    row = asked(firm, files=[PAPERS["pdf"], PAPERS["png"]])
    with connection.cursor() as cursor:
        cursor.execute("SELECT text_sealed FROM support_word")
        assert "쿠폰".encode() not in bytes(cursor.fetchone()[0])
    (said,) = queries.thread(row)
    assert said.text == "쿠폰이 오지 않았어요." and not said.is_staff
    assert sorted(file.type for file in said.attachments) == ["pdf", "png"]
    assert queries.inquiries_page(firm.owner).rows == [row]
    assert queries.inquiries_page(firm.approver).rows == [], "no matter of a colleague"


def test_a_file_is_taken_by_its_content(firm: Company) -> None:
    assert refusal_of(lambda: asked(firm, files=[b"MZ evil.pdf"])) is PaperRefusal.WRONG_TYPE
    assert not Inquiry.objects.exists() and not Attachment.objects.exists()


def test_it_goes_to_and_fro_and_ends(firm: Company) -> None:
    """H3"""
    row, operator = asked(firm), given.operator()
    assert queries.waiting_inquiries() == [row]
    actions.answer(row.id, "확인했습니다.", by=operator, at=LATER)
    assert queries.waiting_inquiries() == []
    actions.write(row.id, "아직이에요.", by=firm.owner, at=LATER + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.state, row.waits_since) == ("open", LATER + timedelta(hours=1)), "the clock starts anew"
    actions.write(row.id, "급해요.", by=firm.owner, at=LATER + timedelta(hours=2))
    row.refresh_from_db()
    assert row.waits_since == LATER + timedelta(hours=1), "and goes on from the first word without an answer"
    actions.close(row.id, by=firm.owner, at=LATER)
    for does in (
        partial(actions.write, row.id, "더", by=firm.owner, at=LATER),
        partial(actions.answer, row.id, "더", by=operator, at=LATER),
        partial(actions.close, row.id, by=firm.owner, at=LATER),
    ):
        assert refusal_of(does) is InquiryRefusal.CLOSED
    assert [word.is_staff for word in queries.thread(row)] == [False, True, False, False]
    with pytest.raises(DatabaseError), transaction.atomic():
        Inquiry.objects.filter(id=row.id).update(state=InquiryState.OPEN)


def test_the_member_is_told_of_an_answer_by_text_and_mail(firm: Company) -> None:
    """H3: that there is one, and nothing of what it says."""
    row = asked(firm)
    notices.tell_answered(row.id, at=MONDAY)
    assert not Message.objects.exists(), "nothing is answered"
    actions.answer(row.id, "비밀 답변입니다.", by=given.operator(), at=LATER)
    given.worked(only="notices")
    assert Message.objects.count() == 1
    (letter,) = mail.outbox
    assert letter.to == [firm.owner.mail] and "비밀 답변" not in letter.body and row.public_id in letter.body
    assert not euckr.cannot_carry(notices.ANSWERED)
    assert dispatch_rules.longest_bytes(notices.ANSWERED, {"kind": 30}) <= 2_000


def test_a_limit_is_raised_from_the_inquiry_once(firm: Company) -> None:
    """O7: the amount, until when, and else the end of the month."""
    draft, operator = certificates.draft(firm, 12), given.operator()
    row = asked(firm, "limit", about=draft.public_id, wanted_won=1_200_000)
    assert row.about == draft.public_id
    decide = partial(actions.raise_limit, row.id, by=operator, at=LATER)
    assert refusal_of(lambda: decide(900_000)) is LimitRefusal.NOT_MORE
    assert Word.objects.count() == 1, "nothing was answered"
    decide(1_200_000, text="이번 달만 올렸습니다.")
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("answered", Outcome.RAISED)
    said = queries.thread(row)[-1]
    assert said.is_staff and "1,200,000원으로 올렸습니다. 2026.11.30(월)까지" in said.text
    assert "이번 달만" in said.text and LimitRaise.objects.get().until_on == date(2026, 11, 30)
    assert refusal_of(lambda: decide(2_000_000)) is InquiryRefusal.DECIDED
    assert given.paid(firm, draft, LATER).limit_won == 1_200_000


def test_a_limit_is_refused_with_one_of_the_reasons(firm: Company) -> None:
    """O7: own use, suspected abuse, other."""
    row, operator = asked(firm, "limit", wanted_won=5_000_000), given.operator()
    decide = partial(actions.refuse_limit, row.id, by=operator, at=LATER)
    assert refusal_of(lambda: decide("because")) is InquiryRefusal.NO_REASON
    decide("own_use", text="직원 명단을 보내 주시면 다시 보겠습니다.")
    row.refresh_from_db()
    assert (row.outcome, row.why, row.state) == (Outcome.REFUSED, "own_use", "answered")
    assert "직접 쓰려고" in queries.thread(row)[-1].text and not LimitRaise.objects.exists()
    other = asked(firm)
    assert (
        refusal_of(lambda: actions.refuse_limit(other.id, "other", by=operator, at=LATER))
        is InquiryRefusal.DECIDED
    )


def test_a_temporary_corporate_member_asks_for_no_raise(firm: Company) -> None:
    """M2"""
    Buyer.objects.filter(id=firm.buyer.id).update(temporary_until=MONDAY + timedelta(days=9))
    assert refusal_of(lambda: asked(firm, "limit", wanted_won=2_000_000)) is LimitRefusal.TEMPORARY
    asked(firm)


def test_an_order_of_others_is_not_named(firm: Company) -> None:
    """M7"""
    foreign = certificates.draft(given.company(), 1)
    assert asked(firm, about=foreign.public_id).about == ""


def test_what_is_open_is_handed_over(firm: Company) -> None:
    """M5"""
    from seonmul.members.ports import HandingOver

    row = asked(firm)
    change = HandingOver(
        **{
            name: firm.owner.id if name == "member_id" else firm.buyer.id if name == "buyer_id" else ""
            for name in HandingOver.__dataclass_fields__
        }
    )
    (handed,) = handing.Hander().hand_over(change, at=MONDAY)
    assert (handed.what, handed.names, handed.count) == ("inquiry", (row.public_id,), 1)


def test_who_leaves_takes_the_inquiries_along_but_for_what_law_keeps(firm: Company) -> None:
    """M9: they end and are set apart; three years after leaving nothing that was written is left."""
    leaving, staying = firm.approver, firm.owner
    gone, stays = (
        actions.ask(by, InquiryKind.OTHER, "문의합니다", files=[PAPERS["pdf"]], at=MONDAY)
        for by in (leaving, staying)
    )
    Member.objects.filter(id=leaving.id).update(closed_at=MONDAY)
    assert actions.end_of(leaving.id, at=MONDAY) == 1
    assert Inquiry.objects.get(id=gone.id).state == InquiryState.CLOSED
    assert queries.inquiry(gone.public_id) is None and queries.inquiry(stays.public_id) is not None
    stored = Attachment.objects.get(word__inquiry=gone).stored
    over = clock.months_after(MONDAY, rules.KEPT_MONTHS) + timedelta(days=1)
    assert actions.erase(at=over - timedelta(days=2)) == 0 and default_storage.exists(stored)
    assert actions.erase(at=over) == 1 and actions.erase(at=over) == 0
    assert not Word.objects.filter(inquiry=gone).exists() and not default_storage.exists(stored)
    assert len(queries.thread(stays)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_of_staff_decide_at_once_and_one_does() -> None:
    """O7"""
    firm, operator = given.company(), given.operator()
    row = asked(firm, "limit", wanted_won=2_000_000)
    outcomes = at_once(
        [
            partial(actions.raise_limit, row.id, 2_000_000, by=operator, at=LATER),
            partial(actions.refuse_limit, row.id, "abuse", by=operator, at=LATER),
        ]
    )
    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True]
    assert len(queries.thread(row)) == 2
