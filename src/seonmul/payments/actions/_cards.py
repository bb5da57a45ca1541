"""Paying by card: the window that a browser opens. P3"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from seonmul.figures import queries as figures_now
from seonmul.kit import jobs, wire
from seonmul.kit.refusals import refuse
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.payments import queries, rules
from seonmul.payments.models import Payment, PaymentKind, PaymentState
from seonmul.payments.ports import CardWish
from seonmul.payments.provider import provider


@transaction.atomic
def open_card(buyer_id: UUID, by: Member, won: int, *, subject: str, at: datetime) -> Payment:
    """Begin a card payment of `won` for `subject`; one at a time for a subject. Raises Refused over a limit. P3

    A job fixes the amount at the provider before the window opens. An open one of the same sum is given back, so
    that whoever returns pays under the same reference, which succeeds once.
    """
    lock_card_limits(buyer_id, at=at)
    figures = figures_now.figures(at)
    open_one = queries.locked_open_card(subject)
    if open_one and open_one.won == won and open_one.ends_at > at:
        return open_one
    if open_one:
        end_card(open_one.id, at=at)
    refuse(rules.why_not_card(won, queries.card_facts(buyer_id, at), figures=figures))
    ends_at = at + timedelta(minutes=figures.card_window_minutes)
    payment = Payment.objects.create(
        kind=PaymentKind.CARD,
        buyer_id=buyer_id,
        member=by,
        subject=subject,
        won=won,
        asked_at=at,
        ends_at=ends_at,
        next_ask_at=rules.next_ask(0, is_card=True, ends_at=ends_at, at=at),
    )
    jobs.enqueue_once("payments.register", f"register:{payment.id}", payment_id=payment.id)
    return payment


def lock_card_limits(buyer_id: UUID, *, at: datetime) -> None:
    """Let no two windows together pass a limit of a day or month, where there is one. P3

    Whoever locks more locks this first: a place that ends locks the buyer before its member.
    """
    figures = figures_now.figures(at)
    if figures.card_day_most_won or figures.card_month_most_won:
        members.locked_buyer(buyer_id)


def register(payment_id: UUID) -> None:
    """Fix the amount at the provider, so that no browser can pay another one.

    The job tries again for some minutes; after that the sweep, whenever it asks about the open window. P3
    """
    payment = Payment.objects.filter(id=payment_id, state=PaymentState.ASKED).first()
    if payment is None or payment.is_registered:
        return
    try:
        provider().register(payment.reference, payment.won)
    except wire.Declined as no:
        Payment.objects.filter(id=payment_id).update(vendor_code=no.code[:60])
        return
    Payment.objects.filter(id=payment_id).update(is_registered=True)


def window(
    payment: Payment,
    *,
    title: str,
    return_to: str,
    issuers: Sequence[str] = (),
    is_easy: bool = False,
    only_app_card: bool = False,
) -> Mapping[str, Any]:
    """What the browser needs to open the window; asks nobody."""
    wish = CardWish(
        reference=payment.reference,
        won=payment.won,
        title=title,
        subject=queries.facts(payment).subject,
        return_to=return_to,
        issuers=issuers,
        is_easy=is_easy,
        only_app_card=only_app_card,
    )
    return provider().window(wish)


@transaction.atomic
def note_return(payment_id: UUID, *, code: str, text: str, at: datetime) -> None:
    """The browser came back and says something: remembered for the person's eyes, then the provider is asked. P3"""
    payment = queries.locked_payment(payment_id)
    if payment.state != PaymentState.ASKED:
        return
    trouble = provider().trouble(code, text) if code else ""
    Payment.objects.filter(id=payment.id).update(
        trouble=trouble, vendor_code=code[:60], vendor_text=text[:200], returned_at=at, asks=0, next_ask_at=at
    )
    jobs.enqueue("payments.ask", payment_id=payment.id)


@transaction.atomic
def end_card(payment_id: UUID, *, at: datetime) -> None:
    """Give a card payment up; money that comes all the same is given back by whoever hears of it. P3"""
    payment = queries.locked_payment(payment_id)
    if payment.state != PaymentState.ASKED:
        return
    # asked once more behind its end, which ends it or books what came
    Payment.objects.filter(id=payment.id).update(ends_at=min(payment.ends_at, at), next_ask_at=at)
    jobs.enqueue("payments.ask", payment_id=payment.id)
