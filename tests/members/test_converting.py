"""M2: a general member becomes corporate: applied for, decided once, for a time, taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit import queries as audit
from seonmul.catalog.models import List
from seonmul.figures import actions as figures
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.models import StoredFile
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.members import actions, queries
from seonmul.members.models import Buyer, BuyerKind, Conversion, ConversionKind, ConversionState, Member
from seonmul.members.rules import ConversionRefusal
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.models import Order
from tests import given
from tests.given import MONDAY, PAPERS
from tests.threads import at_once

pytestmark = pytest.mark.django_db
MB = 1024 * 1024


@pytest.fixture
def who() -> Member:
    return given.person(cash_won=70_000)


@pytest.fixture
def operator() -> Member:
    return given.operator()


def apply(
    who: Member, kind: ConversionKind = ConversionKind.BUSINESS, at: datetime = MONDAY, **changed: Any
) -> Conversion:
    wanted: dict[str, Any] = {
        "company_name": " 주식회사 새봄 ", "business_number": given.business_number(), "representative": "김시험",
        "opened_on": date(2020, 3, 2), "certificate": PAPERS["pdf"],
    }  # fmt: skip
    return actions.apply_for_conversion(who, kind, at=at, **(wanted | changed))


def temporary(who: Member, **changed: Any) -> Conversion:
    return apply(who, ConversionKind.TEMPORARY, certificate=b"", business_number="", **changed)


def refusal(call: Any, *args: Any, **named: Any) -> ConversionRefusal | PaperRefusal:
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    why = refused.value.no.why
    assert isinstance(why, ConversionRefusal | PaperRefusal)
    return why


def test_nothing_is_made_of_an_account_that_has_ended(who: Member, operator: Member) -> None:
    """M2, M9: staff say no to what was left waiting."""
    applied = apply(who)
    Buyer.objects.filter(id=applied.buyer_id).update(closed_at=MONDAY)
    decide = partial(actions.decide_conversion, applied.id, by=operator, at=MONDAY)
    assert refusal(decide, approve=True) is ConversionRefusal.CLOSED
    decide(approve=False, reason="끝난 계정")
    applied.refresh_from_db()
    assert applied.state == "refused" and applied.buyer.kind == "person"


def verbs(conversion: Conversion) -> list[str]:
    return [act.verb for act in audit.acts_on(conversion.id)]


# applying


def test_an_application_waits_with_its_certificate(who: Member) -> None:
    """M2"""
    made = apply(who, business_number="999-88-00014")
    row = Conversion.objects.get()
    assert (row.state, row.kind, row.company_name) == ("waiting", "business", "주식회사 새봄")
    assert (row.business_number, row.certificate_type) == ("9998800014", "pdf")
    assert default_storage.open(row.certificate).read() == PAPERS["pdf"]
    assert verbs(made) == ["conversion_applied"]
    assert queries.buyer_of(who).kind == BuyerKind.PERSON  # type: ignore[union-attr]
    assert [one.id for one in queries.conversions_of(made.buyer_id)] == [made.id]


def test_a_certificate_cannot_be_read_in_the_table(who: Member) -> None:
    """M2, X2"""
    made = apply(who)
    kept = StoredFile.objects.get(name=made.certificate)
    assert b"certificate" not in bytes(kept.content) and b"%PDF" not in bytes(kept.content)
    assert kept.name.count("-") == 4, "its name says nothing"


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png"])
def test_the_type_is_that_of_the_content(who: Member, kind: str) -> None:
    """M2: a PNG named .pdf is a PNG; there is no name to believe."""
    assert apply(who, certificate=PAPERS[kind]).certificate_type == kind


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        (b"", PaperRefusal.MISSING),
        (b"MZ\x90\x00 certificate.pdf", PaperRefusal.WRONG_TYPE),
        (b"<html>%PDF-1.7", PaperRefusal.WRONG_TYPE),
        (PAPERS["pdf"] + b"\0" * (10 * MB), PaperRefusal.TOO_LARGE),
        (b"\0" * (11 * MB), PaperRefusal.TOO_LARGE),
    ],
)
def test_what_is_no_certificate_is_not_taken_and_nothing_is_stored(
    who: Member, certificate: bytes, why: PaperRefusal
) -> None:
    """M2"""
    assert refusal(apply, who, certificate=certificate) is why
    assert not Conversion.objects.exists() and not StoredFile.objects.exists()


def test_ten_megabytes_are_just_taken(who: Member) -> None:
    """M2"""
    assert apply(who, certificate=PAPERS["png"].ljust(10 * MB, b"\0"))


def test_a_non_profit_needs_its_certificate_and_a_temporary_one_does_not(who: Member) -> None:
    """M2"""
    no = refusal(apply, who, ConversionKind.UNIQUE_NUMBER, certificate=b"")
    assert no is PaperRefusal.MISSING
    made = temporary(who)
    assert (made.certificate, made.certificate_type, made.business_number) == ("", "", "")


def test_a_paper_with_a_temporary_application_is_looked_at_all_the_same(who: Member) -> None:
    """M2"""
    apply_so = partial(apply, who, ConversionKind.TEMPORARY)
    assert refusal(apply_so, certificate=b"MZ") is PaperRefusal.WRONG_TYPE
    assert refusal(apply_so, certificate=b"%PDF-" + b"\0" * 10 * MB) is PaperRefusal.TOO_LARGE


@pytest.mark.parametrize("number", ["", "9998800015", "12345", "999880001４x"])
def test_a_certificate_has_a_number_that_can_be_one(who: Member, number: str) -> None:
    """M2: otherwise a company without a number would come of it."""
    assert refusal(apply, who, business_number=number) is ConversionRefusal.NUMBER_FORM


def test_one_application_at_a_time(who: Member) -> None:
    """M2"""
    apply(who)
    assert refusal(apply, who) is ConversionRefusal.ALREADY_WAITING
    assert Conversion.objects.count() == 1


def test_who_is_corporate_or_not_the_owner_has_nothing_to_convert(who: Member) -> None:
    """M2"""
    assert refusal(apply, given.company(cash_won=0).owner) is ConversionRefusal.ALREADY_CORPORATE
    helper = actions.make_member(
        "helper", "long-enough-1", "도우미", phone="01099990002", mail="", at=MONDAY,
        buyer=queries.buyer_of(who), role="buyer",
    )  # fmt: skip
    assert refusal(apply, helper) is ConversionRefusal.NOT_OWNER


def test_a_number_of_another_company_is_taken(who: Member) -> None:
    """M2, M1"""
    number = given.business_number()
    actions.make_buyer("company", "먼저 온 회사", at=MONDAY, business_number=number)
    assert refusal(apply, who, business_number=number) is ConversionRefusal.NUMBER_TAKEN


@pytest.mark.django_db(transaction=True)
def test_two_clicks_are_one_application(who: Member) -> None:
    """M2"""
    outcomes = at_once([partial(apply, who)] * 3)
    assert sum(isinstance(one, Conversion) for one in outcomes) == Conversion.objects.count() == 1
    said = [one.no.why for one in outcomes if isinstance(one, Refused)]
    assert said == [ConversionRefusal.ALREADY_WAITING] * 2


# deciding


def test_approval_changes_the_kind_and_keeps_money_and_orders(who: Member, operator: Member) -> None:
    """M2"""
    given.product("CUP")
    buyer = queries.buyer_of(who)
    assert buyer is not None
    made = apply(who)
    actions.decide_conversion(made.id, approve=True, by=operator, at=MONDAY)
    after = queries.buyer_of(who)
    assert after is not None and after.id == buyer.id
    assert (after.kind, after.name, after.business_number) == (
        "company",
        "주식회사 새봄",
        made.business_number,
    )
    assert after.temporary_until is None
    assert ledger.balances(buyer.id).cash_won == 70_000
    assert verbs(made) == ["conversion_approved", "conversion_applied"]
    assert orders.begin(who, List.CORPORATE, "CUP", at=MONDAY)
    made.refresh_from_db()
    assert (made.decided_by, made.decided_at) == (str(operator.id), MONDAY)


def test_orders_of_a_person_stay_theirs_as_a_company(operator: Member) -> None:
    """M2"""
    who = given.company()
    placed = given.placed(who, given.numbers(2))
    type(who.buyer).objects.filter(id=who.buyer.id).update(kind=BuyerKind.PERSON, business_number="")
    made = apply(who.owner)
    actions.decide_conversion(made.id, approve=True, by=operator, at=MONDAY)
    assert list(orders_now.orders_seen_by(who.owner)) == [placed]
    assert Order.objects.get().buyer_id == who.buyer.id


def test_a_refusal_needs_its_reason_and_lets_apply_again(who: Member, operator: Member) -> None:
    """M2"""
    made = apply(who)
    decide = partial(actions.decide_conversion, made.id, approve=False, by=operator, at=MONDAY)
    for reason in ("", "  \n"):
        assert refusal(decide, reason=reason) is ConversionRefusal.NO_REASON
    decide(reason=" 번호가 흐립니다 ")
    made.refresh_from_db()
    assert (made.state, made.reason) == (ConversionState.REFUSED, "번호가 흐립니다")
    assert queries.buyer_of(who).kind == BuyerKind.PERSON  # type: ignore[union-attr]
    assert apply(who)


def test_a_number_that_was_taken_meanwhile_cannot_be_approved(who: Member, operator: Member) -> None:
    """M2: the application goes on waiting, and nothing of it is done."""
    made, other = apply(who), given.person()
    actions.decide_conversion(
        apply(other, business_number=made.business_number).id, approve=True, by=operator, at=MONDAY
    )
    no = refusal(actions.decide_conversion, made.id, approve=True, by=operator, at=MONDAY)
    assert no is ConversionRefusal.NUMBER_TAKEN
    made.refresh_from_db()
    assert made.state == ConversionState.WAITING
    assert queries.buyer_of(who).kind == BuyerKind.PERSON  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_of_two_operators_at_once_one_decides(who: Member) -> None:
    """M2, B"""
    made, first, second = apply(who), given.operator(), given.operator()
    decide = partial(actions.decide_conversion, made.id, at=MONDAY)
    outcomes = at_once(
        [partial(decide, approve=True, by=first), partial(decide, approve=False, reason="흐림", by=second)]
    )
    said = [one.no.why for one in outcomes if one is not None]
    assert said == [ConversionRefusal.NOT_WAITING]
    made.refresh_from_db()
    is_company = queries.buyer_of(who).kind == BuyerKind.COMPANY  # type: ignore[union-attr]
    assert is_company == (made.state == ConversionState.APPROVED)
    assert len(verbs(made)) == 2
    assert ProcrastinateJob.objects.filter(task_name__endswith="conversion_decided").count() == 1


def test_what_was_taken_back_is_not_decided_and_strangers_take_nothing_back(
    who: Member, operator: Member
) -> None:
    """M2, M7"""
    made = apply(who)
    stranger = given.person()
    no = refusal(actions.withdraw_conversion, made.id, by=stranger, at=MONDAY)
    assert no is ConversionRefusal.NOT_WAITING
    actions.withdraw_conversion(made.id, by=who, at=MONDAY)
    assert refusal(actions.withdraw_conversion, made.id, by=who, at=MONDAY) is ConversionRefusal.NOT_WAITING
    no = refusal(actions.decide_conversion, made.id, approve=True, by=operator, at=MONDAY)
    assert no is ConversionRefusal.NOT_WAITING
    assert verbs(made) == ["conversion_withdrawn", "conversion_applied"]


# temporary


@pytest.fixture
def guest(who: Member, operator: Member) -> Member:
    """Somebody who is corporate for 90 days."""
    actions.decide_conversion(temporary(who).id, approve=True, by=operator, at=MONDAY)
    return who


def test_a_temporary_one_ends_after_ninety_days_by_itself(guest: Member) -> None:
    """M2"""
    buyer = queries.buyer_of(guest)
    assert buyer is not None
    assert (buyer.kind, buyer.temporary_until) == ("company", MONDAY + timedelta(days=90))
    assert actions.end_overdue_temporaries(at=MONDAY + timedelta(days=90, seconds=-1)) == 0
    assert actions.end_overdue_temporaries(at=MONDAY + timedelta(days=90)) == 1
    assert actions.end_overdue_temporaries(at=MONDAY + timedelta(days=91)) == 0
    buyer.refresh_from_db()
    assert (buyer.kind, buyer.temporary_until) == ("person", None)
    assert [act.verb for act in audit.acts_on(buyer.id)] == ["temporary_corporate_ended"]
    assert ledger.balances(buyer.id).cash_won == 70_000


def test_operators_set_how_long_it_lasts(who: Member, operator: Member) -> None:
    figures.change("temporary_corporate_days", 10, by="test", at=MONDAY)
    actions.decide_conversion(temporary(who).id, approve=True, by=operator, at=MONDAY)
    assert queries.buyer_of(who).temporary_until == MONDAY + timedelta(days=10)  # type: ignore[union-attr]


def test_a_temporary_one_is_taken_back_once_and_frees_its_number(who: Member, operator: Member) -> None:
    """M2: on suspicion, with its reason in the log; nobody proved the number."""
    number = given.business_number()
    made = apply(who, ConversionKind.TEMPORARY, certificate=b"", business_number=number)
    actions.decide_conversion(made.id, approve=True, by=operator, at=MONDAY)
    end = partial(actions.end_temporary, made.buyer_id, by=str(operator.id), reason="재판매 의심", at=MONDAY)
    end()
    made.refresh_from_db()
    assert made.state == ConversionState.WITHDRAWN
    assert audit.acts_on(made.buyer_id)[0].facts == {"reason": "재판매 의심"}
    assert refusal(end) is ConversionRefusal.NOT_TEMPORARY
    assert apply(given.person(), business_number=number)


def test_a_certificate_makes_a_temporary_one_lasting(guest: Member, operator: Member) -> None:
    """M2"""
    actions.decide_conversion(apply(guest).id, approve=True, by=operator, at=MONDAY)
    buyer = queries.buyer_of(guest)
    assert buyer is not None and buyer.temporary_until is None
    assert actions.end_overdue_temporaries(at=MONDAY + timedelta(days=200)) == 0
    ended = refusal(actions.end_temporary, buyer.id, by="system", at=MONDAY)
    assert ended is ConversionRefusal.NOT_TEMPORARY
    buyer.refresh_from_db()
    assert buyer.kind == "company"


# being told


def test_the_applicant_s_phone_and_mailbox_get_the_decision(
    who: Member, operator: Member, carrier: Any
) -> None:
    """M2"""
    made = apply(who)
    actions.decide_conversion(made.id, approve=False, reason="번호가 흐립니다", by=operator, at=MONDAY)
    given.worked(later=False)
    actions.decide_conversion(apply(who).id, approve=True, by=operator, at=MONDAY)
    given.worked(later=False)
    texts = carrier.ask("GET", f"/_/messages?to={queries.phone_of(who)}&limit=10").json
    said = "\n".join(text["text"] for text in texts)
    assert len(texts) == 2 and "반려되었습니다.\n사유: 번호가 흐립니다" in said
    assert "주식회사 새봄의 기업회원전환이 승인되었습니다" in said
    refused, approved = mail.outbox
    assert refused.to == approved.to == [who.mail]
    assert "사유: 번호가 흐립니다" in refused.body and "승인되었습니다" in approved.body


def test_a_reason_with_letters_that_no_carrier_carries_arrives_all_the_same(
    who: Member, operator: Member, carrier: Any
) -> None:
    """M2, O3: operators write dashes and pictures."""
    made = apply(who, company_name="새봄 😀")
    actions.decide_conversion(made.id, approve=False, reason="2쪽 – 도장 • 없음 똠", by=operator, at=MONDAY)
    given.worked(later=False)
    (text,) = carrier.ask("GET", f"/_/messages?to={queries.phone_of(who)}&limit=10").json
    assert "새봄 ?의" in text["text"] and "2쪽 - 도장" in text["text"] and "없음 ?" in text["text"]
    assert "새봄 😀의" in mail.outbox[0].body and "– 도장 • 없음 똠" in mail.outbox[0].body
