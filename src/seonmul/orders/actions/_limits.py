"""The gift-certificate limit: taken when an order is paid, given back to the month it was taken from. O7

Whoever counts holds the row of that month: behind the draft or the order's hold, and before any account.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit.refusals import refuse
from seonmul.members.models import Buyer, Member
from seonmul.orders import queries, rules
from seonmul.orders.models import Checkout, LimitMonth, LimitRaise, Order, OrderState


def lock(buyer_id: UUID, month: date) -> None:
    """Hold what a buyer has used in a month until the transaction ends; nobody else counts meanwhile."""
    LimitMonth.objects.bulk_create([LimitMonth(buyer_id=buyer_id, month=month)], ignore_conflicts=True)
    queries.locked_limit(buyer_id, month)


def take(buyer: Buyer, won: int, *, is_held: bool, at: datetime) -> date | None:
    """Count `won` in the month of `at`, and return that month; None for nothing. Raises Refused when it is too much."""
    if not won:
        return None
    month = rules.month_of(at)
    lock(buyer.id, month)
    refuse(rules.why_not_use_limit(queries.limit_of(buyer, at), won))
    _add(buyer.id, month, held_won=won if is_held else 0, used_won=0 if is_held else won)
    return month


def settle(order: Order) -> None:
    """An order that waited may be sent: what it held is used."""
    if order.limit_won and order.limit_month:
        lock(order.buyer_id, order.limit_month)
        _add(order.buyer_id, order.limit_month, held_won=-order.limit_won, used_won=order.limit_won)


def give_back(order: Order, won: int) -> None:
    """Give a part of an order's share back to its month; of an order that waits all of it was only held."""
    won = min(won, order.limit_won - order.limit_back_won)
    if won <= 0 or order.limit_month is None:
        return
    is_held = order.state == OrderState.WAITING
    lock(order.buyer_id, order.limit_month)
    _add(order.buyer_id, order.limit_month, held_won=-won if is_held else 0, used_won=0 if is_held else -won)
    Order.objects.filter(id=order.id).update(limit_back_won=F("limit_back_won") + won)
    order.limit_back_won += won


def let_go(checkout: Checkout) -> None:
    """A card window is over: what it held is free again."""
    if checkout.limit_won and checkout.limit_month:
        lock(checkout.buyer_id, checkout.limit_month)
        _add(checkout.buyer_id, checkout.limit_month, held_won=-checkout.limit_won, used_won=0)


def lock_for(checkout: Checkout, at: datetime) -> None:
    """Before the rules are asked whether a card window becomes an order: hold its month, and the one in which it pays."""
    opened = checkout.limit_month or checkout.budget_month
    if opened:
        for month in sorted({opened, rules.month_of(at)}):
            lock(checkout.buyer_id, month)


@transaction.atomic
def raise_limit(
    buyer_id: UUID, won: int, *, until_on: date | None = None, subject: UUID, by: Member, at: datetime
) -> LimitRaise:
    """Let a buyer pay for `won` of gift certificates a month, until a day or else the end of the month. O7

    `subject`: what had asked for it; raised once for it. Raises Refused.
    """
    before = LimitRaise.objects.filter(subject=subject).first()
    if before:
        return before
    lock(buyer_id, rules.month_of(at))
    buyer = Buyer.objects.get(id=buyer_id)
    last = until_on or rules.raise_until(at)
    now = queries.limit_of(buyer, at).limit_won
    is_temporary = buyer.temporary_until is not None
    refuse(
        rules.why_not_raise(
            won, last, limit_won=now, is_temporary=is_temporary, figures=figures_now.figures(at), at=at
        )
    )
    made = LimitRaise.objects.create(
        buyer=buyer, limit_won=won, until_on=last, subject=subject, raised_by=by, raised_at=at
    )
    audit.record(
        "limit_raised", by=by.id, subject=subject, company=buyer_id, at=at,
        before=now, after=won, until=last.isoformat(),
    )  # fmt: skip
    return made


def _add(buyer_id: UUID, month: date, *, held_won: int, used_won: int) -> None:
    rows = LimitMonth.objects.filter(buyer_id=buyer_id, month=month)
    rows.update(held_won=F("held_won") + held_won, used_won=F("used_won") + used_won)
