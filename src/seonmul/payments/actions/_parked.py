"""Deposits that are not what was asked: finance credits or returns them. P2"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import jobs, states
from seonmul.kit.refusals import No, Refused
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.payments import events, queries, rules
from seonmul.payments.actions import _refunding
from seonmul.payments.models import Payment, PaymentRefund, PaymentState, RefundWhy
from seonmul.payments.ports import Account, Bank


@transaction.atomic
def credit_parked(payment_id: UUID, *, by: Member, at: datetime) -> None:
    """Credit what came, although it is not what was asked. Raises Refused when it was decided meanwhile, or nobody is there. P2, M9"""
    payment = _parked(payment_id)
    if members.is_left(members.locked_buyer(payment.buyer_id).id):
        raise Refused(No(rules.RefundRefusal.LEFT))
    won = queries.room_won(payment)
    changes = {Kind.SUSPENSE: -won, Kind.CASH: won}
    ledger.move(
        payment.buyer_id,
        changes,
        cause=f"credited:{payment.id}",
        kind="charge",
        subject=str(payment.id),
        at=at,
    )
    states.move(Payment.objects.filter(id=payment.id), PaymentState.PARKED, PaymentState.PAID)
    audit.record(
        "parked_credited", by=by.id, subject=payment.id, company=payment.buyer_id, at=at, amount_won=won
    )
    jobs.announce(events.CHARGED, payment_id=payment.id)


@transaction.atomic
def return_parked(
    payment_id: UUID, *, bank_code: str, number: str, holder: str, by: Member, at: datetime
) -> PaymentRefund:
    """Return what came to the depositor's account. Raises Refused without an account, or when decided. P2"""
    payment, bank = _parked(payment_id), Bank.of(bank_code)
    digits = "".join(sign for sign in number if sign.isdigit())
    if bank is None or not digits or not holder.strip():
        raise Refused(No(rules.RefundRefusal.NO_ACCOUNT))
    refund = _refunding.give_back(
        payment.id,
        queries.room_won(payment),
        why=RefundWhy.PARKED,
        source=Kind.SUSPENSE,
        cause=f"parked:{payment.id}",
        to=Account(bank, digits, holder.strip()),
        at=at,
    )
    audit.record("parked_returned", by=by.id, subject=payment.id, company=payment.buyer_id, at=at)
    return refund


def _parked(payment_id: UUID) -> Payment:
    payment = queries.locked_payment(payment_id)
    if payment.state != PaymentState.PARKED or queries.room_won(payment) <= 0:
        raise Refused(No(rules.RefundRefusal.DECIDED))
    return payment
