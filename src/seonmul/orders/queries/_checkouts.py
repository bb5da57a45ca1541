"""Drafts whose card window is open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders.models import (
    Checkout,
    CheckoutState,
    Draft,
)


def answers_for(draft: Draft, checkout: Checkout) -> Member:
    """Whose right to buy a card window rests on: who opened it, or who has the draft since that place ended. M7"""
    is_there = members.buyer_of(checkout.member) == draft.buyer
    return checkout.member if is_there else draft.member


def cards_to_hear_of(since: datetime, limit: int = 100) -> list[tuple[UUID, bool]]:
    """Card payments whose news was lost: (payment, whether it has paid). P3

    The window is open here and decided there, or money came for a window that had ended and was not given back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.id, p.state = 'paid' FROM orders_checkout c JOIN payments_payment p ON p.id = c.payment_id
            WHERE c.opened_at > %s AND (
                (c.state = 'open' AND p.state NOT IN ('asked', 'waiting'))
                OR (c.state = 'ended' AND p.state = 'paid' AND NOT EXISTS (
                    SELECT 1 FROM payments_paymentrefund r WHERE r.payment_id = p.id)))
            ORDER BY c.opened_at LIMIT %s""",
            [since, limit],
        )
        return [(row[0], bool(row[1])) for row in cursor.fetchall()]


def paid_as(draft_id: UUID) -> str:
    """What a draft is to a grant and to a card payment: their subject."""
    return f"draft:{draft_id}"


def locked_checkout(draft_id: UUID) -> Checkout | None:
    """Lock the open checkout of a draft; whoever calls holds the draft already, or it is gone."""
    rows = Checkout.objects.select_for_update(of=("self",)).filter(draft_id=draft_id)
    return rows.filter(state=CheckoutState.OPEN).first()


def checkout_of_payment(payment_id: UUID) -> Checkout | None:
    """The checkout that a card payment belongs to."""
    return Checkout.objects.filter(payment_id=payment_id).first()


def last_checkout(draft_id: UUID) -> Checkout | None:
    """The newest checkout of a draft."""
    return Checkout.objects.filter(draft_id=draft_id).order_by("-opened_at", "-id").first()


def open_checkout(draft_id: UUID) -> Checkout | None:
    """The checkout whose card window is open, to be looked at."""
    return Checkout.objects.filter(draft_id=draft_id, state=CheckoutState.OPEN).first()


def is_placed(checkout: Checkout) -> bool:
    """Whether an order came of a checkout, as things stand now."""
    return Checkout.objects.filter(id=checkout.id, state=CheckoutState.PLACED).exists()
