"""Giving money back by the way it came. P5

What is owed is booked at once, so that a refund which the provider has not finished stays visible in the books.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import crypto, ids, jobs, states, wire
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members.models import Member
from seonmul.payments import events, queries, rules
from seonmul.payments.models import (
    Payment,
    PaymentKind,
    PaymentRefund,
    PaymentState,
    RefundState,
    RefundWhy,
)
from seonmul.payments.ports import Account, Cancelled
from seonmul.payments.provider import provider

_PENDING = (RefundState.OPEN, RefundState.SENT)
#: What the provider's records say; nothing personal.
_WHY = {
    RefundWhy.ORDER: "주문 환불",
    RefundWhy.DEAD: "주문하지 못한 결제",
    RefundWhy.FOREIGN: "요청과 다른 결제",
    RefundWhy.PARKED: "요청과 다른 입금",
    RefundWhy.PAYOUT: "캐쉬 환급",
}


@transaction.atomic
def give_back(
    payment_id: UUID,
    won: int,
    *,
    why: RefundWhy,
    source: Kind,
    cause: str,
    at: datetime,
    subject: str = "",
    to: Account | None = None,
    hold_id: UUID | None = None,
) -> PaymentRefund:
    """Give `won` of a payment back: booked from `source` to what we owe, and asked for by a job. P5

    `to`: the bank account, needed where the money came by an account. `hold_id`: the hold that the money leaves, where
    the source is held money. The same cause gives back once. Raises Refused
    when more is asked than there is.
    """
    payment = queries.locked_payment(payment_id)
    made = PaymentRefund.objects.filter(cause=cause).first()
    if made:
        return made
    refuse(rules.why_not_give_back(won, queries.room_won(payment)))
    booked = f"owed:{cause}"
    if hold_id:
        ledger.capture(hold_id, won, cause=booked, to=Kind.OWED, kind="payout", at=at)
    else:
        changes = {source: -won, Kind.OWED: won}
        ledger.move(payment.buyer_id, changes, cause=booked, kind="refund_asked", subject=subject, at=at)
    ring = crypto.ring()
    refund = PaymentRefund.objects.create(
        payment=payment,
        won=won,
        why=why,
        subject=subject,
        cause=cause,
        bank=to.bank.code if to else "",
        number_sealed=ring.seal(PaymentRefund.NUMBER, to.number) if to else b"",
        holder_sealed=ring.seal(PaymentRefund.HOLDER, to.holder) if to else b"",
        asked_at=at,
        next_try_at=at,
    )
    jobs.enqueue("payments.refund", refund_id=refund.id)
    return refund


def try_refund(refund_id: UUID, *, at: datetime) -> None:
    """Ask the provider to give back, or what became of it; in doubt it is asked before it is asked for again."""
    refund = _claim(refund_id, at)
    if refund is None:
        return
    is_told = False
    try:
        outcome = _found(refund) if refund.tries > 1 or refund.old_keys else None
        is_told = refund.tries > 1
        outcome = outcome or _cancel(refund)
    except wire.Declined as no:
        _decline(refund_id, no.code, at)
        return
    except wire.WireError:
        # tried again at next_try_at; a provider that knows nothing of it for hours has said no in its own way
        if is_told and rules.is_hopeless(refund.tries):
            _decline(refund_id, "in_doubt", at)
        return
    _note(refund_id, outcome, at)


@transaction.atomic
def _claim(refund_id: UUID, at: datetime) -> PaymentRefund | None:
    refund = queries.locked_refund(refund_id)
    if refund.state not in _PENDING:
        return None
    if queries.is_busy(refund):  # those behind it must not wait for this one
        later = rules.next_try(rules.BUSY_TRIES, at=at)
        PaymentRefund.objects.filter(id=refund.id).update(next_try_at=later)
        return None
    refund.left_won = (refund.payment.paid_won or 0) - refund.payment.cancelled_won
    refund.next_try_at = rules.next_try(refund.tries, at=at)
    refund.tries += 1
    refund.save(update_fields=["left_won", "next_try_at", "tries"])
    return refund


def _cancel(refund: PaymentRefund) -> Cancelled:
    try:
        return provider().cancel(
            refund.payment.reference,
            refund.key,
            refund.won,
            left_won=refund.left_won or 0,
            why=_WHY[RefundWhy(refund.why)],
            to=queries.account_of(refund),
        )
    except wire.Declined:
        found = _found(refund)  # it may be declined because it has got through already
        if found is None:
            raise
        return found


def _found(refund: PaymentRefund) -> Cancelled | None:
    """What became of this refund under the key it has, or under one it had; not to be told is doubt, not a no."""
    try:
        told = provider().payment(refund.payment.reference)
    except wire.Declined as no:
        raise wire.InDoubt("the payment cannot be asked for") from no
    keys = {refund.key, *refund.old_keys}
    return next((one for one in told.cancelled if one.key in keys and one.state != "failed"), None) or next(
        (one for one in told.cancelled if one.key == refund.key), None
    )


@transaction.atomic
def _note(refund_id: UUID, outcome: Cancelled, at: datetime) -> None:
    refund = queries.locked_refund(refund_id)
    if refund.state not in _PENDING:
        return
    if outcome.state == "failed" or outcome.won != refund.won:
        _decline(refund_id, outcome.state if outcome.state == "failed" else "another_sum", at)
    elif outcome.state == "done":
        _finish(refund, RefundState.DONE, at, vendor_id=outcome.vendor_id[:60])
    else:
        _move(refund, RefundState.SENT, vendor_id=outcome.vendor_id[:60])


@transaction.atomic
def _decline(refund_id: UUID, code: str, at: datetime) -> None:
    refund = queries.locked_refund(refund_id)
    if refund.state in _PENDING:
        _move(refund, RefundState.FAILED, vendor_code=code[:60], next_try_at=None)
        audit.record("refund_failed", by="provider", subject=refund.id, at=at, code=code[:60])


def _finish(refund: PaymentRefund, state: RefundState, at: datetime, **also: Any) -> None:
    """Book that what we owed has gone, and close what it was about."""
    payment = refund.payment
    by_card = payment.kind == PaymentKind.CARD and not refund.bank and state == RefundState.DONE
    target = Kind.CLEARING if by_card else Kind.BANK
    ledger.move(
        payment.buyer_id,
        {Kind.OWED: -refund.won, target: refund.won},
        cause=f"refund:{refund.id}",
        kind="refund_done",
        subject=refund.subject,
        at=at,
    )
    _move(refund, state, done_at=at, next_try_at=None, **also)
    if state == RefundState.DONE:
        payment.cancelled_won += refund.won
        Payment.objects.filter(id=payment.id).update(cancelled_won=payment.cancelled_won)
    if payment.state == PaymentState.PARKED and queries.room_won(payment) == 0:
        states.move(Payment.objects.filter(id=payment.id), PaymentState.PARKED, PaymentState.RETURNED)
    audit.record(
        "refund_done", by="provider", subject=refund.id, company=payment.buyer_id, at=at,
        amount_won=refund.won, state=state,
    )  # fmt: skip
    if refund.why == RefundWhy.PAYOUT:
        jobs.enqueue("payments.finish_payout", refund_id=refund.id)
    jobs.announce(events.REFUNDED, refund_id=refund.id)


@transaction.atomic
def try_again(refund_id: UUID, *, by: Member, at: datetime) -> None:
    """Staff: ask the provider once more for a refund that it declined. P5"""
    refund = queries.locked_refund(refund_id)
    if refund.state != RefundState.FAILED:
        raise Refused(No(rules.RefundRefusal.DECIDED))
    # a refusal sticks to its key at the provider, so the new try has a key of its own; the old one is looked for first
    keys = [*refund.old_keys, refund.key]
    _move(
        refund, RefundState.OPEN, key=ids.reference(), old_keys=keys, tries=0, next_try_at=at, decided_by=by
    )
    audit.record("refund_tried_again", by=by.id, subject=refund.id, company=refund.payment.buyer_id, at=at)
    jobs.enqueue("payments.refund", refund_id=refund.id)


@transaction.atomic
def note_by_hand(refund_id: UUID, *, by: Member, note: str, at: datetime) -> None:
    """Staff: what the provider declined was paid by a bank transfer of our own; with a note, for good. P5, P9"""
    refund = queries.locked_refund(refund_id)
    if refund.state != RefundState.FAILED:
        raise Refused(No(rules.RefundRefusal.DECIDED))
    if not note.strip():
        raise Refused(No(rules.RefundRefusal.NO_NOTE))
    _finish(refund, RefundState.BY_HAND, at, decided_by=by, note=note.strip()[:200])
    audit.record("refund_by_hand", by=by.id, subject=refund.id, company=refund.payment.buyer_id, at=at)


def _move(refund: PaymentRefund, state: RefundState, **also: Any) -> None:
    if refund.state == state:
        PaymentRefund.objects.filter(id=refund.id).update(**also)
    else:
        states.move(PaymentRefund.objects.filter(id=refund.id), refund.state, state, **also)
