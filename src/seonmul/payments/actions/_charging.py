"""Charging cash by virtual account. P2"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, jobs, states, wire
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import queries as ledger
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.payments import queries, rules
from seonmul.payments.actions import _asking
from seonmul.payments.models import Payment, PaymentKind, PaymentState
from seonmul.payments.ports import AccountWish, Bank
from seonmul.payments.provider import provider

#: What the depositor's own bank shows; nothing personal. KCP takes 100 bytes.
_TITLE = "캐쉬 충전 {won:,}원"


@transaction.atomic
def ask_charge(by: Member, won: int, bank_code: str, *, at: datetime) -> Payment:
    """Ask for an account to pay `won` into; a job has it issued. Raises Refused, also at the cap. P2

    Whoever asks for the same buyer at the same moment waits for this one, so that two together never pass the cap.
    """
    buyer, bank = members.buyer_of(by), Bank.of(bank_code)
    if buyer is None:
        raise Refused(No(rules.ChargeRefusal.NOT_A_BUYER))
    members.locked_buyer(buyer.id)
    figures = figures_now.figures(at)
    # the open ones first: a deposit that is booked in between is counted twice then, never not at all
    open_won, has = queries.open_won(buyer.id, at), ledger.cash(buyer.id)
    refuse(
        rules.why_not_charge(
            won,
            bank,
            may_buy=members.may_buy(by),
            has_won=has.all_won,
            open_won=open_won,
            figures=figures,
        )
    )
    payment = Payment.objects.create(
        kind=PaymentKind.ACCOUNT,
        buyer=buyer,
        member=by,
        won=won,
        bank=bank_code,
        holder_sealed=crypto.ring().seal(Payment.HOLDER, buyer.name),
        asked_at=at,
        ends_at=rules.account_until(at, figures=figures),
        next_ask_at=at,
    )
    audit.record("charge_asked", by=by.id, subject=payment.id, company=buyer.id, at=at, amount_won=won)
    jobs.enqueue("payments.issue", payment_id=payment.id)
    return payment


def issue(payment_id: UUID, *, at: datetime) -> None:
    """Have the account issued, and take its number over. In doubt it is asked for; the same reference issues once."""
    payment = Payment.objects.filter(id=payment_id, kind=PaymentKind.ACCOUNT).first()
    if payment is None or payment.state != PaymentState.ASKED:
        return
    account = queries.account_of(payment)
    if account is None or payment.ends_at <= at:
        _asking.ask(payment_id, at=at)  # given up meanwhile: what may have been issued is closed
        return
    wish = AccountWish(
        reference=payment.reference,
        won=payment.won,
        bank=account.bank,
        title=_TITLE.format(won=payment.won),
        until=payment.ends_at,
        subject=payment.public_id,
        holder=account.holder,
    )
    try:
        provider().issue(wish)
    except wire.Declined as no:
        _fail(payment_id, no.code)
        return
    except wire.WireError:
        _asking.come_back(payment_id, at)  # the same reference is issued once, so it may be asked for again
        return
    _asking.ask(payment_id, at=at)


@transaction.atomic
def _fail(payment_id: UUID, code: str) -> None:
    payment = queries.locked_payment(payment_id)
    rows = Payment.objects.filter(id=payment.id)
    states.move(rows, PaymentState.ASKED, PaymentState.FAILED, vendor_code=code[:60], next_ask_at=None)


@transaction.atomic
def close_charge(payment_id: UUID, *, by: Member, at: datetime) -> None:
    """Give an account up before its time; raises Refused when it is not open any more, or not theirs to close. P2

    Closed at the provider by a job, which first asks once more: money that lies there is credited.
    """
    payment = queries.locked_payment(payment_id)
    if not members.may_buy(by):
        raise Refused(No(rules.ChargeRefusal.NOT_A_BUYER))
    if payment.state not in (PaymentState.WAITING, PaymentState.ASKED):
        raise Refused(No(rules.ChargeRefusal.NOT_OPEN))
    Payment.objects.filter(id=payment.id).update(ends_at=at, next_ask_at=at)
    audit.record("charge_closed", by=by.id, subject=payment.id, company=payment.buyer_id, at=at)
    jobs.enqueue("payments.ask", payment_id=payment.id)
