"""P2, P4, P5, P7: what is mailed about money, and to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.figures.rules import TAX_PAPERS, TEXTS
from seonmul.kit import clock
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Buyer, Member, Role
from seonmul.notices import actions
from seonmul.payments import actions as payments
from seonmul.payments import queries as payments_now
from seonmul.payments.models import Payout, PayoutState
from tests import given
from tests.given import MONDAY, Company
from tests.payments.bank import deposited, issued
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=3)


@pytest.fixture
def firm() -> Company:
    """A company with an owner and somebody who buys."""
    made = given.company(cash_won=0)
    members.set_place(
        made.owner, made.approver.id, role=Role.BUYER, department_id=None, monthly_limit_won=None,
        sees_numbers=False, is_verified=True, at=MONDAY,
    )  # fmt: skip
    return made


def told() -> list[tuple[str, str]]:
    """Do what the listeners do; returns (to, title) of what was mailed, and forgets nothing."""
    given.worked(only="notices.")
    return [(one.to[0], one.subject) for one in mail.outbox]


def test_the_account_is_mailed_to_whoever_asked_and_to_the_owner(carrier: Outside, firm: Company) -> None:
    """P2: with everything that a transfer needs, and why there are no tax papers (P6)."""
    payment = payments.ask_charge(firm.approver, 100_000, "shinhan", at=MONDAY)
    payments.issue(payment.id, at=MONDAY)
    assert {to for to, _ in told()} == {firm.owner.mail, firm.approver.mail}
    payment.refresh_from_db()
    account, said = payments_now.account_of(payment), mail.outbox[0].body
    assert account
    for part in (
        "신한은행",
        account.number,
        firm.buyer.name,
        "100,000원",
        "2026.12.07(월) 23:59",
        *(one.text for one in TEXTS if one.name in TAX_PAPERS),
    ):
        assert part in said, part
    assert f"/cash/charges/{payment.public_id}/" in said


def test_the_receipt_names_the_time_of_the_deposit(carrier: Outside, firm: Company) -> None:
    """P2: the provider's time, not ours."""
    payment = issued(firm)
    deposited(carrier, payment, at=MONDAY + timedelta(hours=1))
    payments.ask(payment.id, at=LATER)
    told()
    (receipt,) = [one for one in mail.outbox if "충전되었습니다" in one.subject]
    assert receipt.subject == "[선물] 캐쉬 100,000원이 충전되었습니다"
    assert "2026.11.23(월) 11:00" in receipt.body and "기한이 지난" not in receipt.body


def test_late_and_other_deposits_say_so(carrier: Outside, firm: Company) -> None:
    """P2"""
    late, other = issued(firm), issued(firm)
    deposited(carrier, late, at=late.ends_at + timedelta(hours=1))
    deposited(carrier, other, 90_000)
    for payment in (late, other):
        payments.ask(payment.id, at=payment.ends_at + timedelta(hours=2))
    told()
    (parked,) = [one for one in mail.outbox if "확인하고 있습니다" in one.subject]
    assert "100,000원인데 90,000원" in parked.body
    (receipt,) = [one for one in mail.outbox if "충전되었습니다" in one.subject]
    assert "입금 기한이 지난 뒤" in receipt.body
    payments.credit_parked(other.id, by=given.operator(), at=LATER)
    told()
    assert "요청한 금액(100,000원)과 다르지만" in mail.outbox[-1].body


def test_an_end_is_mailed_unless_somebody_wanted_it(carrier: Outside, firm: Company) -> None:
    """P2"""
    unpaid, given_up = issued(firm), issued(firm)
    payments.close_charge(given_up.id, by=firm.owner, at=LATER)
    payments.ask(given_up.id, at=LATER + timedelta(seconds=1))
    payments.ask(unpaid.id, at=unpaid.ends_at + timedelta(seconds=1))
    assert [title for _, title in told() if "기한이 지났습니다" in title] == [
        "[선물] 캐쉬 충전 가상계좌의 입금 기한이 지났습니다"
    ]


def test_owners_are_told_of_low_cash_and_of_reward_that_ends(firm: Company) -> None:
    """P7, P4"""
    ledger.charge(firm.buyer.id, 10_000, cause="c", at=MONDAY)
    payments.set_low_balance(firm.owner, 5_000, at=MONDAY)
    ledger.hold(firm.buyer.id, [(Kind.CASH, 6_000)], cause="h", at=MONDAY)
    payments.note_spent(firm.buyer.id, at=MONDAY)
    until = clock.end_of_day(clock.seoul_date(MONDAY))
    ledger.give(firm.buyer.id, 700, expires_at=until, cause="r", at=MONDAY)
    payments.warn_of_reward(firm.buyer.id, at=MONDAY)
    assert told() == [
        (firm.owner.mail, "[선물] 캐쉬가 5,000원 아래로 내려갔습니다"),
        (firm.owner.mail, "[선물] 리워드 700원이 곧 사라집니다"),
    ]
    assert "4,000원 남았습니다" in mail.outbox[0].body and "2026.11.23(월)까지" in mail.outbox[1].body


def test_money_that_went_back_is_mailed_without_the_account(carrier: Outside, firm: Company) -> None:
    """P2, P5, X2"""
    payment = issued(firm)
    deposited(carrier, payment, 90_000)
    payments.ask(payment.id, at=LATER)
    refund = payments.return_parked(
        payment.id, bank_code="kookmin", number="98765430001", holder="박입금", by=given.operator(), at=LATER
    )
    payments.try_refund(refund.id, at=LATER)
    told()
    (said,) = [one for one in mail.outbox if "환불했습니다" in one.subject]
    assert "90,000원을 계좌로 환불했습니다" in said.body
    assert "98765430001" not in said.body and "박입금" not in said.body
    jobs = str(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    assert "98765430001" not in jobs and firm.owner.mail not in jobs


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (PayoutState.DONE, "[선물] 캐쉬 30,000원을 환급했습니다"),
        (PayoutState.REFUSED, "[선물] 캐쉬 환급 신청이 반려되었습니다"),
        (PayoutState.MISMATCH, "[선물] 캐쉬를 환급할 계좌를 확인해 주세요"),
        (PayoutState.APPROVED, "[선물] 캐쉬 환급 신청이 승인되었습니다"),
        (PayoutState.WITHDRAWN, None),
        (PayoutState.CHECKED, None),
    ],
)
def test_a_decided_pay_out_is_mailed(firm: Company, state: PayoutState, title: str | None) -> None:
    """P5"""
    ledger.charge(firm.buyer.id, 30_000, cause="c", at=MONDAY)
    hold = ledger.hold(firm.buyer.id, [(Kind.CASH, 30_000)], cause="p", at=MONDAY)
    payout = Payout.objects.create(
        buyer=firm.buyer, member=firm.owner, won=30_000, bank="kookmin", number_sealed=b"x", hold_id=hold.id,
        state=state, asked_at=MONDAY, reason="예금주 확인 불가",
    )  # fmt: skip
    actions.tell_of_money("payout", payout_id=str(payout.id))
    assert [one for _, one in told()] == ([title] if title else [])
    if state == PayoutState.REFUSED:
        assert "사유: 예금주 확인 불가" in mail.outbox[0].body


def test_who_has_left_is_not_mailed_and_one_mail_that_fails_is_no_other_s(
    carrier: Outside, firm: Company
) -> None:
    """P2: one job for each reader."""
    payment = payments.ask_charge(firm.approver, 100_000, "shinhan", at=MONDAY)
    payments.issue(payment.id, at=MONDAY)
    Member.objects.filter(id=firm.approver.id).update(is_active=False)
    assert [to for to, _ in told()] == [firm.owner.mail]


def joined_elsewhere(who: Member) -> Company:
    """Somebody who is in no company goes into another one."""
    other = given.company(cash_won=0)
    invited = members.invite(other.owner, who.mail, Role.BUYER, is_verified=True, at=LATER)
    members.accept_invitation(members_now.link_of(invited), who, at=LATER)
    return other


@pytest.mark.parametrize("is_queued", [False, True])
def test_who_is_in_another_company_now_hears_no_more_of_this_one_s_money(
    carrier: Outside, firm: Company, is_queued: bool
) -> None:
    """M7: two companies never see each other, also where a mail waited already when the place ended."""
    payment = payments.ask_charge(firm.approver, 100_000, "shinhan", at=MONDAY)
    payments.issue(payment.id, at=MONDAY)
    if is_queued:
        actions.tell_of_money("issued", payment_id=str(payment.id))
    members.end_place(firm.owner, firm.approver.id, is_verified=True, at=LATER)
    joined_elsewhere(firm.approver)
    if not is_queued:
        actions.tell_of_money("issued", payment_id=str(payment.id))
    told()
    assert {one.to[0] for one in mail.outbox if "가상계좌" in one.subject} == {firm.owner.mail}


def test_who_left_an_account_of_their_own_still_hears_of_its_pay_out() -> None:
    """M7, P5: nobody else acts for it, and the money is theirs."""
    who = given.person(cash_won=0)
    own = members_now.buyer_of(who)
    other = joined_elsewhere(who)
    assert own and Buyer.objects.get(id=own.id).left_by_id == who.id
    ledger.charge(own.id, 30_000, cause="a voucher that arrived nowhere", at=LATER)
    hold = ledger.hold(own.id, [(Kind.CASH, 30_000)], cause="p", at=LATER)
    payout = Payout.objects.create(
        buyer=own, member=who, won=30_000, bank="kookmin", number_sealed=b"x", hold_id=hold.id,
        state=PayoutState.DONE, asked_at=LATER,
    )  # fmt: skip
    actions.tell_of_money("payout", payout_id=str(payout.id))
    told()
    assert [one.to[0] for one in mail.outbox if "환급했습니다" in one.subject] == [who.mail]
    assert not members_now.hears_of(other.owner.id, own.id)
