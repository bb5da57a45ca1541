"""Asking the provider how a payment stands, and booking what it tells: once, however often it is told. P2, P3

Reports, the person's return, the sweep and the reconciliation all end here. The provider is asked without a
transaction; what it tells is booked under the payment's lock, by a cause that posts once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import crypto, jobs, states, wire
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import queries as members
from seonmul.payments import events, queries, rules
from seonmul.payments.actions import _refunding
from seonmul.payments.models import Payment, PaymentKind, PaymentState, RefundWhy
from seonmul.payments.ports import Method, Told
from seonmul.payments.ports import Payment as ToldPayment
from seonmul.payments.provider import provider
from seonmul.payments.rules import Verdict

_OPEN = (PaymentState.ASKED, PaymentState.WAITING)
_UNBOOKED = (*_OPEN, PaymentState.ENDED, PaymentState.FAILED)
_UNISSUED = (PaymentState.ASKED, PaymentState.FAILED)
#: Kept where a payment of ours turns out to be somebody else's, or by another channel.
FOREIGN = "foreign"


def ask(payment_id: UUID, *, at: datetime) -> None:
    """Ask the provider about one payment and book its answer. Without an answer the sweep comes back."""
    payment = Payment.objects.filter(id=payment_id).first()
    if payment is None or payment.state not in _UNBOOKED:
        return
    try:
        told = provider().payment(payment.reference)
        if _should_close(payment, told, at):
            told = _close(payment, told)
    except wire.WireError:
        come_back(payment_id, at)
        return
    note(payment_id, told, at=at)


def _should_close(payment: Payment, told: ToldPayment, at: datetime) -> bool:
    return payment.kind == PaymentKind.ACCOUNT and told.state is Told.WAITING and at > payment.ends_at


def _close(payment: Payment, told: ToldPayment) -> ToldPayment:
    """Take no deposit any more, then look again: one may have come between the question and the closing."""
    try:
        provider().close(payment.reference)
    except wire.Declined:
        return provider().payment(payment.reference)
    return told


@transaction.atomic
def note(payment_id: UUID, told: ToldPayment, *, at: datetime) -> None:
    """Book what the provider tells of a payment."""
    payment = queries.locked_payment(payment_id)
    if payment.state not in _UNBOOKED:
        return
    asked = queries.facts(payment)
    match rules.verdict(told, asked):
        case Verdict.PAID if payment.kind == PaymentKind.ACCOUNT and _is_left(payment):
            _park(payment, told, at)
        case Verdict.PAID:
            _book(payment, told, at)
        case Verdict.OTHER:
            _park(payment, told, at)
        case Verdict.FOREIGN:
            _wait(payment, told, at, trouble=FOREIGN)
        case _:
            _wait(payment, told, at, trouble=told.trouble or "")


def _is_left(payment: Payment) -> bool:
    """Whether nobody could use the cash any more. Leaving locks the buyer too, so it is seen here, or sees this. M9"""
    members.locked_buyer(payment.buyer_id)
    return members.is_left(payment.buyer_id)


def _book(payment: Payment, told: ToldPayment, at: datetime) -> None:
    is_card = payment.kind == PaymentKind.CARD
    changes = (
        {Kind.CLEARING: -payment.won, Kind.CARD: payment.won}
        if is_card
        else {Kind.BANK: -payment.won, Kind.CASH: payment.won}
    )
    ledger.move(
        payment.buyer_id,
        changes,
        cause=f"payment:{payment.id}",
        kind="card" if is_card else "charge",
        subject=payment.subject or str(payment.id),
        at=at,
    )
    _settle(payment, PaymentState.PAID, told, at)
    audit.record(
        "payment_booked", by="provider", subject=payment.id, company=payment.buyer_id, at=at,
        amount_won=payment.won, kind=payment.kind,
    )  # fmt: skip
    if is_card:
        jobs.announce(events.CARD_PAID, payment_id=payment.id)
    else:
        jobs.announce(events.CHARGED, payment_id=payment.id)


def _park(payment: Payment, told: ToldPayment, at: datetime) -> None:
    """Keep money that is not what was asked apart: a card gets it back at once, a deposit waits for finance. P2"""
    came = (told.paid_won or 0) - told.cancelled_won
    if came <= 0:
        _end(payment, next_ask_at=None)
        return
    is_card = payment.kind == PaymentKind.CARD
    by_account = told.method is Method.ACCOUNT or not is_card
    source = Kind.BANK if by_account else Kind.CLEARING
    ledger.move(
        payment.buyer_id,
        {source: -came, Kind.SUSPENSE: came},
        cause=f"payment:{payment.id}",
        kind="parked",
        subject=str(payment.id),
        at=at,
    )
    _settle(payment, PaymentState.PARKED, told, at, paid_won=came)
    audit.record(
        "payment_parked", by="provider", subject=payment.id, company=payment.buyer_id, at=at,
        amount_won=came, asked_won=payment.won,
    )  # fmt: skip
    if not by_account:
        _refunding.give_back(
            payment.id,
            came,
            why=RefundWhy.FOREIGN,
            source=Kind.SUSPENSE,
            cause=f"foreign:{payment.id}",
            at=at,
        )
    if is_card:
        jobs.announce(events.CARD_ENDED, payment_id=payment.id)
    elif not _is_left(payment):  # else there is nobody to tell; finance has it in the queue
        jobs.announce(events.PARKED, payment_id=payment.id)


def _settle(
    payment: Payment, state: PaymentState, told: ToldPayment, at: datetime, paid_won: int | None = None
) -> None:
    _move(
        payment,
        state,
        paid_won=paid_won or told.paid_won,
        paid_at=told.at,
        settled_at=at,
        is_late=rules.is_late(told, queries.facts(payment)),
        issuer=told.issuer[:30],
        is_corporate_card=told.is_corporate,
        vendor_id=told.vendor_id[:60],
        trouble="",
        next_ask_at=None,
    )


def _wait(payment: Payment, told: ToldPayment, at: datetime, *, trouble: str) -> None:
    """Nothing to book: take over the account's number, note why a card was not taken, and ask again later."""
    is_card = payment.kind == PaymentKind.CARD
    then = rules.next_ask(payment.asks, is_card=is_card, ends_at=payment.ends_at, at=at)
    also: dict[str, Any] = {"asks": payment.asks + 1, "next_ask_at": then}
    if trouble:
        also |= {
            "trouble": trouble,
            "vendor_code": told.vendor_code[:60],
            "vendor_text": told.vendor_text[:200],
        }
    if then is None:
        _end(payment, **also)
    elif not is_card and told.account and told.state is Told.WAITING and payment.state in _UNISSUED:
        # the bank as the provider tells it: a deposit to another one would not arrive
        also |= {
            "bank": told.account.bank.code,
            "number_sealed": crypto.ring().seal(Payment.NUMBER, told.account.number),
        }
        if told.account.holder:
            also["holder_sealed"] = crypto.ring().seal(Payment.HOLDER, told.account.holder)
        _move(payment, PaymentState.WAITING, **also)
        jobs.announce(events.ACCOUNT_ISSUED, payment_id=payment.id)
    else:
        Payment.objects.filter(id=payment.id).update(**also)


def _end(payment: Payment, **also: Any) -> None:
    """Wait no more; what has failed or ended before stays what it is. Money that comes all the same is booked."""
    if payment.state not in _OPEN:
        Payment.objects.filter(id=payment.id).update(**also)
        return
    _move(payment, PaymentState.ENDED, **also)
    if payment.kind == PaymentKind.CARD:
        jobs.announce(events.CARD_ENDED, payment_id=payment.id)
    else:
        jobs.announce(events.ACCOUNT_ENDED, payment_id=payment.id)


def _move(payment: Payment, state: PaymentState, **also: Any) -> None:
    states.move(Payment.objects.filter(id=payment.id), payment.state, state, **also)


@transaction.atomic
def come_back(payment_id: UUID, at: datetime) -> None:
    """The provider did not answer: nothing is known, so nothing ends; ask again soon.

    Also about what has ended: somebody had a reason to ask, and money may lie there.
    """
    payment = queries.locked_payment(payment_id)
    if payment.state in _UNBOOKED:
        later = at + timedelta(seconds=settings.SECONDS_SWEEP)
        Payment.objects.filter(id=payment.id).update(next_ask_at=later)


@transaction.atomic
def sweep(*, at: datetime) -> None:
    """Look for open rows, not for jobs: what was lost with a worker or a report is taken up again. P2, P3"""
    for payment_id in queries.payments_to_issue(at):
        jobs.enqueue_once("payments.issue", f"issue:{payment_id}", payment_id=payment_id)
    for payment_id in queries.cards_to_register(at):
        jobs.enqueue_once("payments.register", f"register:{payment_id}", payment_id=payment_id)
    for payment_id in queries.payments_to_ask(at):
        jobs.enqueue_once("payments.ask", f"payment:{payment_id}", payment_id=payment_id)
    for refund_id in queries.refunds_to_try(at):
        jobs.enqueue_once("payments.refund", f"refund:{refund_id}", refund_id=refund_id)
    for payout_id in queries.payouts_to_check(at):
        jobs.enqueue_once("payments.check_holder", f"payout:{payout_id}", payout_id=payout_id)
    for refund_id in queries.parts_of_payouts_to_finish():
        jobs.enqueue_once("payments.finish_payout", f"payout_part:{refund_id}", refund_id=refund_id)
