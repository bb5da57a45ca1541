"""P5: unused cash goes back to the member's own bank account, and to nobody else's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given as drawn
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.kit import crypto
from seonmul.kit.refusals import Refusal, Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members.models import Buyer, Member, SpendCode, Verification
from seonmul.members.rules import CompanyRefusal, SpendRefusal
from seonmul.payments import actions, queries, rules
from seonmul.payments.models import Payment, PaymentRefund, Payout, PayoutState, RefundState
from seonmul.payments.ports import Bank
from seonmul.payments.rules import PayoutFacts, PayoutRefusal, RefundRefusal
from tests import given
from tests.given import MONDAY, Company
from tests.payments.bank import deposited, fault, issued
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)
NUMBER = "123-456-7890001"


def firm(cash_won: int = 0) -> Company:
    """A company that the bank knows by its number."""
    made = given.company(cash_won=cash_won)
    Buyer.objects.filter(id=made.buyer.id).update(name="한빛테크(주)", business_number="9998800014")
    made.buyer.refresh_from_db()
    return made


def charged(carrier: Outside, who: Company, won: int) -> Payment:
    payment = issued(who, won)
    deposited(carrier, payment)
    actions.ask(payment.id, at=LATER)
    payment.refresh_from_db()
    assert payment.state == "paid"
    return payment


def code_for(by: Member, won: int, number: str = NUMBER) -> str:
    purpose = actions.check_payout(by, won, "kookmin", number, at=MONDAY)
    code = members.ask_spend_code(by.id, purpose, at=MONDAY)
    return crypto.ring().open(SpendCode.CODE, code.code_sealed)


def asked(by: Member, won: int, number: str = NUMBER) -> Payout:
    secret = code_for(by, won, number)
    return actions.ask_payout(by, won, "kookmin", number, secret=secret, device="", at=MONDAY)


def checked(by: Member, won: int, number: str = NUMBER) -> Payout:
    payout = asked(by, won, number)
    actions.check_holder(payout.id, at=MONDAY)
    return now(payout)


def now(row: Any) -> Any:
    row.refresh_from_db()
    return row


def balances(who: Company) -> tuple[int, int]:
    found = ledger.balances(who.buyer.id)
    return found.cash_won, found.held_won


def refused(why: Refusal, does: Any, *args: Any, **words: Any) -> None:
    with pytest.raises(Refused) as told:
        does(*args, **words)
    assert told.value.no.why is why


def test_cash_is_held_checked_approved_and_goes_by_the_charges_newest_first(carrier: Outside) -> None:
    """P5: what came by accounts goes back through them; the books say so at every step."""
    who, boss = firm(), given.operator()
    first, second = charged(carrier, who, 100_000), charged(carrier, who, 50_000)
    Payment.objects.filter(id=second.id).update(paid_at=LATER)
    payout = checked(who.owner, 120_000)
    assert payout.state == PayoutState.CHECKED and balances(who) == (30_000, 120_000)
    assert queries.payout_account(payout).holder == "주식회사 한빛테크"
    actions.approve_payout(payout.id, is_holder_seen=False, by=boss, at=LATER)
    parts = queries.parts_of_payout(payout)
    assert {(part.payment_id, part.won) for part in parts} == {(second.id, 50_000), (first.id, 70_000)}
    assert balances(who) == (30_000, 0) and ledger.total(Kind.OWED) == 120_000
    for part in parts:
        actions.try_refund(part.id, at=LATER)
        actions.finish_payout(part.id, at=LATER)
    assert now(payout).state == PayoutState.DONE and ledger.total(Kind.OWED) == 0
    assert ledger.faults() == [] and queries.faults() == []


def test_a_payout_whose_last_part_was_told_to_nobody_is_finished_by_the_sweep(carrier: Outside) -> None:
    """P5: the job that ends it may be lost for good."""
    who = firm()
    charged(carrier, who, 50_000)
    payout = checked(who.owner, 50_000)
    actions.approve_payout(payout.id, is_holder_seen=False, by=given.operator(), at=LATER)
    (part,) = queries.parts_of_payout(payout)
    assert queries.parts_of_payouts_to_finish() == []
    actions.try_refund(part.id, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert queries.parts_of_payouts_to_finish() == [part.id]
    actions.sweep(at=LATER)
    given.worked(later=False)
    assert now(payout).state == PayoutState.DONE and queries.parts_of_payouts_to_finish() == []


def test_nothing_is_approved_while_all_spending_is_stopped(carrier: Outside) -> None:
    """M8, P5: who stops all spending also stops cash on its way out; it stays held until staff or the owner decide."""
    who, boss = firm(cash_won=50_000), given.operator()
    payout = checked(who.owner, 50_000)
    members.freeze(who.approver, at=LATER)
    refused(PayoutRefusal.FROZEN, actions.approve_payout, payout.id, is_holder_seen=True, by=boss, at=LATER)
    assert now(payout).state == PayoutState.CHECKED and balances(who) == (0, 50_000)
    members.release_spending(who.buyer.id, "cleared", by=boss, at=LATER)
    actions.approve_payout(payout.id, is_holder_seen=False, by=boss, at=LATER)
    assert now(payout).state == PayoutState.APPROVED


def test_while_all_spending_is_stopped_a_payout_may_be_refused(carrier: Outside) -> None:
    """M8, P5: the cash is the company's again, and stays there."""
    who, boss = firm(cash_won=50_000), given.operator()
    payout = checked(who.owner, 50_000)
    members.hold_spending(who.buyer.id, "takeover", by=boss, at=LATER)
    actions.refuse_payout(payout.id, reason="확인되지 않았습니다.", by=boss, at=LATER)
    assert balances(who) == (50_000, 0)


def test_a_payout_that_takes_cash_below_the_level_is_told(carrier: Outside) -> None:
    """P7: as an order that does."""
    who = firm(cash_won=50_000)
    actions.set_low_balance(who.owner, 20_000, at=MONDAY)
    payout = asked(who.owner, 30_000)
    told = ProcrastinateJob.objects.filter(task_name="notices.on.payments.cash_low")
    assert told.count() == 0, "at the level is not below"
    actions.withdraw_payout(payout.id, by=who.owner, at=LATER)
    asked(who.owner, 30_001)
    assert told.count() == 1


def test_what_no_charge_can_give_back_goes_by_hand_with_a_note(carrier: Outside) -> None:
    """P5, P9: nothing is settled by hand without a trace."""
    who, boss = firm(cash_won=30_000), given.operator()
    charged(carrier, who, 20_000)
    payout = checked(who.owner, 50_000)
    actions.approve_payout(payout.id, is_holder_seen=False, by=boss, at=LATER)
    (part,) = queries.parts_of_payout(payout)
    assert (part.won, now(payout).by_hand_won) == (20_000, 30_000) and queries.faults() == []
    actions.try_refund(part.id, at=LATER)
    actions.finish_payout(part.id, at=LATER)
    assert now(payout).state == PayoutState.APPROVED
    refused(RefundRefusal.NO_NOTE, actions.confirm_by_hand, payout.id, note=" ", by=boss, at=LATER)
    actions.confirm_by_hand(payout.id, note="이체 확인", by=boss, at=LATER)
    assert now(payout).state == PayoutState.DONE and balances(who) == (0, 0)
    refused(PayoutRefusal.NO_HAND, actions.confirm_by_hand, payout.id, note="또", by=boss, at=LATER)
    assert ledger.faults() == [] and queries.faults() == []


def test_an_account_of_somebody_else_ends_it_and_the_cash_is_there_again(carrier: Outside) -> None:
    """P5: only to an account of the member's name."""
    who = firm(cash_won=50_000)
    payout = checked(who.owner, 40_000, "1234567890009")
    assert payout.state == PayoutState.MISMATCH and balances(who) == (50_000, 0)
    assert queries.faults() == []


def test_a_silent_bank_decides_nothing_and_the_sweep_comes_back(carrier: Outside) -> None:
    who = firm(cash_won=50_000)
    fault(carrier, "error_500", "holder")
    payout = checked(who.owner, 40_000)
    assert payout.state == PayoutState.ASKED and payout.tries == 1
    assert queries.payouts_to_check(MONDAY) == [] and queries.payouts_to_check(LATER) == [payout.id]
    actions.sweep(at=LATER)
    actions.check_holder(payout.id, at=LATER)
    assert now(payout).state == PayoutState.CHECKED


def test_where_the_bank_cannot_tell_finance_must_have_looked(carrier: Outside) -> None:
    who, boss = firm(cash_won=50_000), given.operator()
    payout = asked(who.owner, 40_000, "1234567890404")
    for _ in range(rules.HOLDER_TRIES):
        assert now(payout).state == PayoutState.ASKED
        actions.check_holder(payout.id, at=MONDAY)
    assert now(payout).state == PayoutState.CHECKED and not payout.told_sealed
    refused(
        PayoutRefusal.HOLDER_UNSEEN,
        actions.approve_payout,
        payout.id,
        is_holder_seen=False,
        by=boss,
        at=LATER,
    )
    actions.approve_payout(payout.id, is_holder_seen=True, by=boss, at=LATER)
    assert now(payout).by_hand_won == 40_000


def test_finance_says_no_with_a_reason_and_the_member_takes_it_back() -> None:
    who, boss = firm(cash_won=50_000), given.operator()
    payout = asked(who.owner, 40_000)
    refused(PayoutRefusal.DECIDED, actions.refuse_payout, payout.id, reason="x", by=boss, at=LATER)
    Payout.objects.filter(id=payout.id).update(state=PayoutState.CHECKED)
    refused(PayoutRefusal.NO_REASON, actions.refuse_payout, payout.id, reason=" ", by=boss, at=LATER)
    actions.refuse_payout(payout.id, reason="확인이 필요합니다.", by=boss, at=LATER)
    assert now(payout).state == PayoutState.REFUSED and balances(who) == (50_000, 0)
    refused(PayoutRefusal.DECIDED, actions.approve_payout, payout.id, is_holder_seen=True, by=boss, at=LATER)
    again = asked(who.owner, 50_000)
    refused(PayoutRefusal.NOT_OWNER, actions.withdraw_payout, again.id, by=who.approver, at=LATER)
    actions.withdraw_payout(again.id, by=who.owner, at=LATER)
    assert now(again).state == PayoutState.WITHDRAWN and balances(who) == (50_000, 0)
    refused(PayoutRefusal.DECIDED, actions.withdraw_payout, again.id, by=who.owner, at=LATER)
    assert queries.faults() == []


def test_a_failed_part_stays_until_it_is_paid(carrier: Outside) -> None:
    who, boss = firm(), given.operator()
    charged(carrier, who, 20_000)
    payout = checked(who.owner, 20_000)
    actions.approve_payout(payout.id, is_holder_seen=False, by=boss, at=LATER)
    (part,) = queries.parts_of_payout(payout)
    fault(carrier, "refuse", "cancel", status=409, errorCode="PAYMENT_NOT_PAID")
    actions.try_refund(part.id, at=LATER)
    assert now(part).state == RefundState.FAILED
    actions.finish_payout(part.id, at=LATER)
    assert now(payout).state == PayoutState.APPROVED and queries.faults() == []
    actions.note_by_hand(part.id, by=boss, note="직접 이체", at=LATER)
    actions.finish_payout(part.id, at=LATER)
    assert now(payout).state == PayoutState.DONE and ledger.total(Kind.OWED) == 0
    assert queries.faults() == [] and ledger.faults() == []


def test_it_takes_the_spend_code_for_this_very_sum() -> None:
    """M4: the code is bound to the pay-out and its sum."""
    who = firm(cash_won=50_000)
    secret = code_for(who.owner, 40_000)
    for won, typed in ((40_001, secret), (40_000, "000000" if secret != "000000" else "111111")):
        with pytest.raises(Refused) as told:
            actions.ask_payout(who.owner, won, "kookmin", NUMBER, secret=typed, device="", at=MONDAY)
        assert told.value.no.why in (SpendRefusal.NO_CODE, SpendRefusal.CODE_WRONG)
    assert balances(who) == (50_000, 0) and not Payout.objects.exists()


def test_one_at_a_time() -> None:
    who = firm(cash_won=50_000)
    asked(who.owner, 10_000)
    refused(PayoutRefusal.ONE_AT_A_TIME, code_for, who.owner, 10_000)


def test_a_person_is_known_by_an_identity_verification(carrier: Outside) -> None:
    """P5: a person's own account: verified name and birth date, not the name that was typed at sign-up."""
    person = given.person(cash_won=50_000)
    refused(PayoutRefusal.NOT_VERIFIED, code_for, person, 10_000)
    row = given.verified(person, "session")
    ring = crypto.ring()
    Verification.objects.filter(id=row.id).update(
        name_sealed=ring.seal(Verification.NAME, "한지원"),
        birth_sealed=ring.seal(Verification.BIRTH, "1984-05-17"),
    )
    payout = checked(person, 10_000)
    assert payout.state == PayoutState.CHECKED
    owner = queries.owner_of_payout(payout.buyer, person)
    assert owner and (owner.born_on, owner.business_number) == (date(1984, 5, 17), "")


@pytest.mark.parametrize(
    ("facts", "won", "number", "why"),
    [
        ({"is_owner": False}, 1, "12345678", PayoutRefusal.NOT_OWNER),
        ({"is_frozen": True}, 1, "12345678", CompanyRefusal.FROZEN),
        ({"blocked_until": LATER}, 1, "12345678", SpendRefusal.BLOCKED),
        ({"is_known": False}, 1, "12345678", PayoutRefusal.NOT_VERIFIED),
        ({"has_open": True}, 1, "12345678", PayoutRefusal.ONE_AT_A_TIME),
        ({}, 0, "12345678", PayoutRefusal.NOTHING),
        ({}, 101, "12345678", PayoutRefusal.TOO_MUCH),
        ({}, 100, "1234567", RefundRefusal.NO_ACCOUNT),
        ({}, 100, "１２３４５６７８９", RefundRefusal.NO_ACCOUNT),
        ({}, 100, "1234567x", RefundRefusal.NO_ACCOUNT),
        ({}, 100, "12345678", None),
    ],
)
def test_who_may_ask_for_what(facts: dict[str, Any], won: int, number: str, why: Refusal | None) -> None:
    """P5, M4, M8: the owner alone, never while spending is stopped."""
    fits = PayoutFacts(True, False, None, True, False, 100)
    asked_for = PayoutFacts(**(fits.__dict__ | facts))
    no = rules.why_not_ask_payout(won, Bank.KOOKMIN, number, asked_for, at=MONDAY)
    assert (no.why if no else None) is why


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ("주식회사 한빛테크", "한빛테크(주)"),
        ("㈜한빛테크", "주식회사한빛테크"),
        ("한빛 테크", "한빛테크"),
        ("ＨＡＮＢＩＴ Tech.", "hanbit-tech"),
        ("김민수", "김 민수"),
        ("사단법인 나눔", "나눔"),
    ],
)
def test_a_name_is_the_same_in_every_spelling(told: str, ours: str) -> None:
    assert rules.is_same_holder(told, ours) and rules.is_same_holder(ours, told)


@pytest.mark.parametrize(
    ("told", "ours"),
    [("한빛", "한빛테크"), ("", ""), ("(주)", "주식회사"), ("임꺽정", "한지원"), ("김민", "김민수")],
)
def test_a_part_of_a_name_or_nothing_is_another_name(told: str, ours: str) -> None:
    assert not rules.is_same_holder(told, ours)


@drawn(st.integers(1, 10**9), st.lists(st.integers(0, 10**8), max_size=20))
def test_a_payout_is_the_sum_of_its_parts(won: int, rooms: list[int]) -> None:
    """P5: never more of a charge than can go back of it, never a won more or less."""
    shares, rest = rules.shares_of_payout(won, rooms)
    assert sum(shares) + rest == won and rest >= 0
    assert all(0 <= share <= room for share, room in zip(shares, rooms, strict=True))
    assert rest == 0 or shares == rooms


def test_the_number_is_in_no_row_that_can_be_read() -> None:
    who = firm(cash_won=50_000)
    payout = asked(who.owner, 10_000)
    assert b"1234567890001" not in bytes(payout.number_sealed)
    assert not PaymentRefund.objects.exists()
