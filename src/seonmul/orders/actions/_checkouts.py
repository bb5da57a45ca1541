"""A draft whose card window is open, from both ends: how it opens, and what ends it. O6, P3

Whoever touches a checkout locks its draft first, so that nobody waits for the other.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.kit import states
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import queries, rules
from seonmul.orders.actions import _budgets as budgets
from seonmul.orders.actions import _limits as limits
from seonmul.orders.models import Checkout, CheckoutState, Draft
from seonmul.payments import actions as payments
from seonmul.payments.models import RefundWhy
from seonmul.vouchers import actions as vouchers


def open_checkout(
    draft: Draft, split: rules.Split, *, by: Member, grant_id: UUID | None, left_out: int, at: datetime
) -> Checkout:
    """Hold reward, cash, the share of the limit and the stock, and begin the card payment of the rest. Raises Refused.

    Whoever calls has locked the draft. A window that is open for another wish ends first.
    """
    before = queries.locked_checkout(draft.id)
    if before:
        end_checkout(before, why="again", at=at)
    quote = queries.quote(draft)
    face_won = queries.face_won(quote)
    month = limits.take(draft.buyer, face_won, is_held=True, at=at)
    budget_month = budgets.take(draft.buyer, by, quote.amount_won, is_held=True, at=at)
    keep_stock(draft, quote, at)
    payment = payments.open_card(draft.buyer_id, by, split.card_won, subject=queries.paid_as(draft.id), at=at)
    held = [(Kind.REWARD, split.reward_won), (Kind.CASH, split.cash_won)]
    parts = [(kind, won) for kind, won in held if won]
    cause = f"checkout:{payment.id}"
    hold = ledger.hold(draft.buyer_id, parts, cause=cause, subject=str(draft.id), at=at) if parts else None
    return Checkout.objects.create(
        draft_id=draft.id,
        buyer_id=draft.buyer_id,
        member=by,
        reward_won=split.reward_won,
        cash_won=split.cash_won,
        card_won=split.card_won,
        left_out=left_out,
        saved_at=draft.saved_at,
        hold_id=hold.id if hold else None,
        grant_id=grant_id,
        payment_id=payment.id,
        limit_month=month,
        limit_won=face_won,
        department_id=members_now.bounds_of(by, draft.buyer_id).department_id,
        budget_month=budget_month,
        opened_at=at,
    )


def keep_stock(draft: Draft, quote: queries.Quote, at: datetime) -> None:
    """Keep codes for all copies of a draft, by its id: the order that comes of it has them. Raises Refused. C3

    Pools are taken in the order of their keys, so that two baskets with the same products never wait for each other.
    """
    for line in sorted(quote.lines, key=lambda one: one.product.id):
        until = queries.codes_until(draft, line.offer, at)
        vouchers.reserve(line.product, draft.id, line.copies, until=until, at=at)


def is_same(checkout: Checkout, draft: Draft, split: rules.Split, left_out: int) -> bool:
    """Whether a window was opened for exactly this wish."""
    shares = (checkout.reward_won, checkout.cash_won, checkout.card_won)
    return (
        shares == (split.reward_won, split.cash_won, split.card_won)
        and checkout.saved_at == draft.saved_at
        and checkout.left_out == left_out
    )


def end_checkout(checkout: Checkout, *, why: str, at: datetime) -> None:
    """No order comes of it: reward, cash and stock are free again. Card money that comes all the same goes back. O6"""
    limits.let_go(checkout)
    budgets.let_go(checkout)
    if checkout.hold_id:
        # nothing was refunded: reward comes back with its old end and no later one
        won = checkout.reward_won + checkout.cash_won
        ledger.release(checkout.hold_id, won, cause=f"ended:{checkout.id}", at=at)
    rows = Checkout.objects.filter(id=checkout.id)
    states.move(rows, CheckoutState.OPEN, CheckoutState.ENDED, ended_at=at, why=why[:40])
    vouchers.release(checkout.draft_id)
    payments.end_card(checkout.payment_id, at=at)


@transaction.atomic
def cancel_card(draft_id: UUID, *, at: datetime) -> None:
    """The person gives the card window up and goes back to the draft."""
    queries.locked_draft(draft_id)
    checkout = queries.locked_checkout(draft_id)
    if checkout:
        end_checkout(checkout, why="cancelled", at=at)


@transaction.atomic
def note_card_ended(payment_id: UUID, *, at: datetime) -> None:
    """The provider says that no money will come by this window: what was held is free again. P3"""
    found = queries.checkout_of_payment(payment_id)
    if found is None:
        return
    queries.locked_draft(found.draft_id)
    checkout = queries.locked_checkout(found.draft_id)
    if checkout and checkout.payment_id == payment_id:
        end_checkout(checkout, why="window_ended", at=at)


def give_card_back(payment_id: UUID, won: int, *, at: datetime) -> None:
    """Card money that came for an order that cannot be: all of it goes back by the way it came. P3, P5"""
    payments.give_back(
        payment_id, won, why=RefundWhy.DEAD, source=Kind.CARD, cause=f"dead:{payment_id}", at=at
    )
