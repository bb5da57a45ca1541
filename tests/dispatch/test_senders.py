"""M6: sender numbers: asked for with a paper, proved, decided, registered at the carrier, expired."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.storage import default_storage

from seonmul.audit import queries as audit
from seonmul.dispatch import actions, queries
from seonmul.dispatch.models import Proof, SenderNumber, SenderState
from seonmul.dispatch.rules import LetterRefusal, SenderRefusal
from seonmul.figures import actions as figures
from seonmul.kit import clock
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.models import StoredFile
from seonmul.kit.refusals import Refused
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from tests import given
from tests.given import MONDAY, PAPERS, Company
from tests.sandbox.outside import in_window
from tests.threads import at_once

pytestmark = pytest.mark.django_db
TODAY = clock.seoul_date(MONDAY)
NUMBER = "02-321-4000"


@pytest.fixture
def firm() -> Company:
    return given.company(cash_won=1_000_000, sender="")


@pytest.fixture
def operator() -> Member:
    return given.operator()


def apply(firm: Company, number: str = NUMBER, **changed: Any) -> SenderNumber:
    wanted: dict[str, Any] = {
        "label": " 인사팀 ",
        "certificate": PAPERS["pdf"],
        "proved_on": TODAY,
        "at": MONDAY,
    }
    return actions.apply_for_sender(firm.owner, firm.buyer.id, number, **(wanted | changed))


def refusal(call: Any, *args: Any, **named: Any) -> SenderRefusal | PaperRefusal:
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    why = refused.value.no.why
    assert isinstance(why, SenderRefusal | PaperRefusal)
    return why


def approve(sender: SenderNumber, operator: Member) -> None:
    actions.decide_sender(sender.id, approve=True, is_registered=True, by=operator, at=MONDAY)


def offered(firm: Company, member: Member | None = None) -> list[str]:
    return [one.digits for one in queries.senders_of(firm.buyer.id, (member or firm.owner).id)]


# asking


def test_a_number_waits_with_its_paper(firm: Company) -> None:
    """M6"""
    made = apply(firm)
    row = SenderNumber.objects.get()
    assert (row.digits, row.label, row.state, row.proof) == ("023214000", "인사팀", "pending", "document")
    assert (row.proof_type, row.proved_on, row.is_registered_at_carrier) == ("pdf", TODAY, False)
    assert default_storage.open(row.proof_file).read() == PAPERS["pdf"]
    assert b"certificate" not in bytes(StoredFile.objects.get().content)
    assert offered(firm) == [] and queries.waiting_senders() == [made]
    assert [act.verb for act in audit.acts_on(made.id)] == ["sender_applied"]


@pytest.mark.parametrize(
    "number",
    [
        "1588-0000", "1661-1234", "1899-9999", "02-321-4000", "0232140000", "031-234-5678", "032 999 9999",
        "064-700-1234", "070-2345-6789", "080-234-5678", "080-2345-6789", "030-1234-5678", "030-1234-56789",
        "+82 2-3214-0000", "０２-３２１４-００００", "(02) 3214.0000",
    ],
)  # fmt: skip
def test_forms_that_may_be_registered(firm: Company, number: str) -> None:
    """M6, fixed: the table of providers.md 5.1."""
    assert apply(firm, number).state == SenderState.PENDING


@pytest.mark.parametrize(
    "number",
    [
        "", "112", "119", "1335", "3214-0000", "1588-000", "1588-00000", "02-1588-0000", "1700-0000",
        "050-2345-6789", "0505-234-5678", "010-0234-5678", "010-1234-5678", "070-0234-5678", "070-1234-5678",
        "080-123-4567", "02-123-4567", "034-234-5678", "099-234-5678", "02-3214-00001", "+1 202 555 0100",
        "대표번호", "02-3214-000x", "0" * 40,
    ],
)  # fmt: skip
def test_forms_that_may_not(firm: Company, number: str) -> None:
    """M6, fixed: exactly eight digits for 15/16/18xx, no 050, no special numbers, area codes are written."""
    assert refusal(apply, firm, number) is SenderRefusal.WRONG_FORM
    assert not SenderNumber.objects.exists() and not StoredFile.objects.exists()


@pytest.mark.parametrize("number", ["010-2345-6789", "016-234-5678", "019-2345-6789"])
def test_a_mobile_number_is_proved_by_its_owner_and_not_by_paper(firm: Company, number: str) -> None:
    """M6"""
    assert refusal(apply, firm, number) is SenderRefusal.MOBILE_BY_DOCUMENT


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"certificate": b""}, PaperRefusal.MISSING),
        ({"certificate": b"MZ\x90 proof.pdf"}, PaperRefusal.WRONG_TYPE),
        ({"certificate": PAPERS["png"] + b"\0" * 10 * 1024 * 1024}, PaperRefusal.TOO_LARGE),
        ({"proved_on": TODAY - timedelta(days=93)}, SenderRefusal.PROOF_TOO_OLD),
        ({"proved_on": TODAY + timedelta(days=1)}, SenderRefusal.PROOF_AHEAD),
        ({"proved_on": date(2126, 1, 1)}, SenderRefusal.PROOF_AHEAD),
    ],
)
def test_a_paper_that_proves_nothing_is_not_taken(
    firm: Company, changed: dict[str, Any], why: SenderRefusal | PaperRefusal
) -> None:
    """M6"""
    assert refusal(apply, firm, **changed) is why
    assert not SenderNumber.objects.exists() and not StoredFile.objects.exists()


def test_a_paper_of_three_months_is_just_taken_and_operators_set_how_old(firm: Company) -> None:
    """M6"""
    assert apply(firm, proved_on=TODAY - timedelta(days=92))
    figures.change("proof_days", 30, by="test", at=MONDAY)
    old = partial(apply, firm, "1588-0000", proved_on=TODAY - timedelta(days=31))
    assert refusal(old) is SenderRefusal.PROOF_TOO_OLD


def test_today_is_seoul_s(firm: Company) -> None:
    """M6: at one in the morning there the paper of the day is not of tomorrow."""
    night = MONDAY.replace(day=22, hour=16)
    assert apply(firm, proved_on=TODAY, at=night)


def test_the_same_number_is_asked_for_once_by_each_company(firm: Company, operator: Member) -> None:
    """M6"""
    made = apply(firm)
    assert refusal(apply, firm, "023214000") is SenderRefusal.ALREADY_WAITING
    approve(made, operator)
    assert refusal(apply, firm) is SenderRefusal.ALREADY_APPROVED
    assert apply(given.company(cash_won=0, sender=""))


# deciding


def test_an_approved_number_is_offered_to_everybody_of_its_company(firm: Company, operator: Member) -> None:
    """M6"""
    made = apply(firm)
    approve(made, operator)
    assert offered(firm) == offered(firm, firm.approver) == ["023214000"]
    other = given.company(cash_won=0, sender="")
    assert offered(other) == []
    assert queries.senders_of(other.buyer.id, firm.owner.id) == []
    assert queries.waiting_senders() == []
    assert [act.verb for act in audit.acts_on(made.id)] == ["sender_approved", "sender_applied"]


def test_no_number_is_approved_that_the_carrier_does_not_know(firm: Company, operator: Member) -> None:
    """M6"""
    made = apply(firm)
    decide = partial(actions.decide_sender, made.id, approve=True, is_registered=False)
    assert refusal(decide, by=operator, at=MONDAY) is SenderRefusal.NOT_AT_CARRIER
    assert offered(firm) == []


def test_a_rejection_needs_its_reason_and_the_same_number_may_be_asked_for_again(
    firm: Company, operator: Member
) -> None:
    """M6"""
    made = apply(firm)
    decide = partial(actions.decide_sender, made.id, approve=False, by=operator, at=MONDAY)
    for reason in ("", " \n"):
        assert refusal(decide, reason=reason) is SenderRefusal.NO_REASON
    decide(reason=" 가려진 서류 ")
    made.refresh_from_db()
    assert (made.state, made.reason) == ("rejected", "가려진 서류")
    again = apply(firm, certificate=PAPERS["png"], at=MONDAY + timedelta(days=1))
    assert (again.id, again.state, again.reason, again.proof_type) == (made.id, "pending", "", "png")
    assert again.decided_at is None and again.added_at == MONDAY + timedelta(days=1)


@pytest.mark.parametrize("approves", [True, False])
def test_what_is_decided_stays_decided(firm: Company, operator: Member, approves: bool) -> None:
    """M6"""
    made = apply(firm)
    decide = partial(
        actions.decide_sender, made.id, is_registered=True, reason="이유", by=operator, at=MONDAY
    )
    decide(approve=approves)
    for approve_ in (True, False):
        assert refusal(decide, approve=approve_) is SenderRefusal.NOT_WAITING


@pytest.mark.django_db(transaction=True)
def test_of_two_operators_at_once_one_decides(firm: Company) -> None:
    """M6, B"""
    made = apply(firm)
    decide = partial(actions.decide_sender, made.id, is_registered=True, reason="흐림", at=MONDAY)
    first, second = given.operator(), given.operator()
    outcomes = at_once([partial(decide, approve=True, by=first), partial(decide, approve=False, by=second)])
    assert [one.no.why for one in outcomes if one] == [SenderRefusal.NOT_WAITING]
    assert len(audit.acts_on(made.id)) == 2


def test_the_owner_s_phone_gets_the_decision(firm: Company, operator: Member, carrier: Any) -> None:
    """M6: with the number masked."""
    made = apply(firm)
    actions.decide_sender(made.id, approve=False, reason="가려진 서류", by=operator, at=MONDAY)
    given.worked(later=False)
    approve(apply(firm), operator)
    given.worked(later=False)

    def texts(member: Member) -> str:
        told = carrier.ask("GET", f"/_/messages?to={members_now.phone_of(member)}&limit=10").json
        return "\n".join(text["text"] for text in told)

    said = texts(firm.owner)
    assert "등록이 반려되었습니다.\n사유: 가려진 서류" in said and "등록했습니다. 이제 주문할 때" in said
    assert "4000" in said and "023214000" not in said and "02-321-4000" not in said
    assert texts(firm.approver) == ""


# expiring


def test_a_number_expires_a_year_after_its_paper(firm: Company, operator: Member) -> None:
    """M6"""
    made = apply(firm)
    approve(made, operator)
    assert actions.expire_senders(at=MONDAY + timedelta(days=366)) == 0
    assert offered(firm) == ["023214000"]
    assert actions.expire_senders(at=MONDAY + timedelta(days=367)) == 1
    made.refresh_from_db()
    assert (made.state, made.is_registered_at_carrier) == ("expired", False)
    assert offered(firm) == []
    later = MONDAY + timedelta(days=368)
    assert apply(firm, at=later, proved_on=clock.seoul_date(later)).id == made.id


def test_what_was_proved_otherwise_does_not_expire(firm: Company) -> None:
    """M6"""
    actions.register_sender(firm.buyer.id, "15770000", label="대표번호", at=MONDAY)
    assert actions.expire_senders(at=MONDAY + timedelta(days=4_000)) == 0
    assert offered(firm) == ["15770000"]


# proved by identity verification


@pytest.fixture
def jiwon(firm: Company) -> Member:
    """A member whom the sandbox knows."""
    return members.make_member(
        "jiwon", "long-enough-1", "한지원", phone="01020030001", mail="jiwon@firm.example", at=MONDAY,
        buyer=firm.buyer, role="buyer",
    )  # fmt: skip


def verify(who: Member, carrier: Any, person: str = "hanbit") -> None:
    made = members.begin_verification(who, "session", at=clock.now())
    in_window(carrier, made.reference, person)
    members.note_return(made.reference, who, at=clock.now())
    given.worked(later=False)


def test_a_proved_mobile_number_comes_by_itself_and_waits_for_the_carrier(
    firm: Company, jiwon: Member, operator: Member, carrier: Any
) -> None:
    """M6: and serves only its owner."""
    verify(jiwon, carrier)
    verify(jiwon, carrier)
    (made,) = SenderNumber.objects.all()
    assert (made.digits, made.member, made.state, made.proof) == (
        "01020030001", jiwon, SenderState.APPROVED, Proof.IDENTITY,
    )  # fmt: skip
    assert made.is_waiting and queries.waiting_senders() == [made] and offered(firm, jiwon) == []
    approve(made, operator)
    assert offered(firm, jiwon) == ["01020030001"]
    assert offered(firm) == offered(firm, firm.approver) == [], "another member's mobile number"


def test_another_member_cannot_send_from_it(
    firm: Company, jiwon: Member, operator: Member, carrier: Any
) -> None:
    """M6: not by typing it either."""
    verify(jiwon, carrier)
    approve(SenderNumber.objects.get(), operator)
    actions.register_sender(firm.buyer.id, "15770000", label="대표번호", at=MONDAY)
    draft = given.draft(firm, given.numbers(1), sender="01020030001")
    with pytest.raises(Refused) as refused:
        given.paid(firm, draft)
    assert refused.value.no.why is LetterRefusal.SENDER_NOT_APPROVED


def test_a_proved_number_that_was_rejected_waits_again_when_it_is_proved_again(
    firm: Company, jiwon: Member, operator: Member, carrier: Any
) -> None:
    """M6: there is no paper to ask with once more."""
    verify(jiwon, carrier)
    made = SenderNumber.objects.get()
    actions.decide_sender(made.id, approve=False, reason="도용 차단", by=operator, at=MONDAY)
    given.worked(later=False)
    verify(jiwon, carrier)
    made.refresh_from_db()
    assert (made.state, made.reason, made.proof) == ("pending", "", "identity")


def test_somebody_else_s_number_does_not_come(jiwon: Member, carrier: Any) -> None:
    """M6, M8"""
    verify(jiwon, carrier, "minsu")
    assert not SenderNumber.objects.exists()


# a newer paper before the first grows old


YEAR = timedelta(days=366)


def texts_to(member: Member, carrier: Any) -> str:
    told = carrier.ask("GET", f"/_/messages?to={members_now.phone_of(member)}&limit=20").json
    return "\n".join(text["text"] for text in told)


def renew(firm: Company, at: datetime = MONDAY + YEAR - timedelta(days=20)) -> SenderNumber:
    return apply(firm, certificate=PAPERS["png"], proved_on=clock.seoul_date(at), at=at)


def test_a_number_serves_on_while_its_newer_paper_waits(firm: Company, operator: Member) -> None:
    """M6"""
    made = apply(firm)
    approve(made, operator)
    assert refusal(apply, firm) is SenderRefusal.ALREADY_APPROVED, "the paper is no newer"
    assert renew(firm).id == made.id
    assert offered(firm) == ["023214000"]
    assert [one.is_renewing for one in queries.waiting_senders()] == [True]
    assert refusal(renew, firm) is SenderRefusal.ALREADY_WAITING
    later = MONDAY + YEAR - timedelta(days=19)
    actions.decide_sender(made.id, approve=True, by=operator, at=later)
    made.refresh_from_db()
    assert (made.state, made.is_registered_at_carrier, made.is_waiting) == ("approved", True, False)
    assert (made.proof_type, made.proved_on) == ("png", clock.seoul_date(later - timedelta(days=1)))
    assert default_storage.open(made.proof_file).read() == PAPERS["png"] and made.renewal_file == ""
    assert actions.expire_senders(at=MONDAY + YEAR + timedelta(days=300)) == 0
    assert offered(firm) == ["023214000"]


def test_a_newer_paper_that_is_refused_takes_nothing_away(
    firm: Company, operator: Member, carrier: Any
) -> None:
    """M6: the owner is told why, and until when the number serves."""
    made = apply(firm)
    approve(made, operator)
    renew(firm)
    given.worked(later=False)
    actions.decide_sender(made.id, approve=False, reason="가려진 서류", by=operator, at=MONDAY + YEAR)
    given.worked(later=False)
    made.refresh_from_db()
    assert (made.state, made.proof_type, made.proved_on) == ("approved", "pdf", TODAY)
    assert offered(firm) == ["023214000"] and not made.is_waiting
    last = clock.korean_date(TODAY + YEAR)
    assert f"반려되었습니다. 번호는 {last}까지 쓸 수 있습니다.\n사유: 가려진 서류" in texts_to(
        firm.owner, carrier
    )
    assert renew(firm, MONDAY + YEAR).is_renewing, "asked for again"


def test_a_number_whose_newer_paper_waits_at_its_end_waits_with_it(firm: Company, operator: Member) -> None:
    """M6: nothing is asked for twice."""
    made = apply(firm)
    approve(made, operator)
    asked_at = MONDAY + YEAR - timedelta(days=2)
    renew(firm, asked_at)
    assert actions.expire_senders(at=MONDAY + YEAR + timedelta(days=1)) == 1
    made.refresh_from_db()
    assert (made.state, made.proof_type, made.added_at) == ("pending", "png", asked_at)
    assert offered(firm) == [] and not made.is_renewing
    approve(made, operator)
    assert offered(firm) == ["023214000"]


def test_a_company_is_told_before_its_number_ends_and_when_it_has(
    firm: Company, operator: Member, carrier: Any
) -> None:
    """M6: 30 and 7 days before, once each, whichever night the job missed."""
    made = apply(firm)
    approve(made, operator)
    end = MONDAY + YEAR

    def told(days: int) -> int:
        return actions.warn_of_ending_senders(at=end - timedelta(days=days))

    assert [told(days) for days in (31, 30, 29, 8, 6, 5)] == [0, 1, 0, 0, 1, 0]
    given.worked(later=False)
    assert actions.expire_senders(at=end + timedelta(days=1)) == 1
    given.worked(later=False)
    said = texts_to(firm.owner, carrier)
    assert said.count(f"{clock.korean_date(clock.seoul_date(end))}까지 쓸 수 있습니다. 새로 발급한") == 2
    assert said.count("오래되어 더는 쓸 수 없습니다") == 1 and "02-321-4000" not in said
    assert texts_to(firm.approver, carrier) == ""


def test_nobody_is_warned_of_a_number_whose_newer_paper_waits_or_that_has_no_end(
    firm: Company, operator: Member
) -> None:
    """M6"""
    approve(apply(firm), operator)
    actions.register_sender(firm.buyer.id, "15770000", label="대표번호", at=MONDAY)
    renew(firm)
    assert actions.warn_of_ending_senders(at=MONDAY + YEAR) == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_newer_papers_at_once_one_waits(firm: Company, operator: Member) -> None:
    """M6"""
    made = apply(firm)
    approve(made, operator)
    at = MONDAY + timedelta(days=300)
    outcomes = at_once([partial(renew, firm, at), partial(renew, firm, at)])
    assert [one.no.why for one in outcomes if isinstance(one, Refused)] == [SenderRefusal.ALREADY_WAITING]
    assert len(audit.acts_on(made.id)) == 3
