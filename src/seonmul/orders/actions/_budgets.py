"""Bounds of money in a company: taken when an order is paid, given back to the month it was taken from. M7

What is counted stands in rows of the member and of the department; their lock is the buyer's month of the
gift-certificate limit, so that whoever counts both waits in one place: behind the order's hold, before any account.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from seonmul.kit.refusals import refuse
from seonmul.members import queries as members_now
from seonmul.members.models import Buyer, Member
from seonmul.orders import queries, rules
from seonmul.orders.actions import _limits as limits
from seonmul.orders.models import BudgetMonth, Checkout, Order, OrderState


def take(buyer: Buyer, by: Member, won: int, *, is_held: bool, at: datetime) -> date | None:
    """Count `won` for a member and the department, and return the month; None where nothing is counted. Raises Refused."""
    if not won or not members_now.is_company(buyer):
        return None
    month = rules.month_of(at)
    limits.lock(buyer.id, month)
    facts = queries.budget_of(buyer, by, at)
    refuse(rules.why_not_pay_within(facts, won) if facts else None)
    department_id = members_now.bounds_of(by, buyer.id).department_id
    held_won, used_won = (won, 0) if is_held else (0, won)
    _add(buyer.id, month, by.id, department_id, held_won=held_won, used_won=used_won)
    return month


def settle(order: Order) -> None:
    """An order that waited may be sent: what it held is used."""
    if order.budget_month:
        limits.lock(order.buyer_id, order.budget_month)
        _count(order, held_won=-order.amount_won, used_won=order.amount_won)


def give_back(order: Order, won: int) -> None:
    """Give a part of what an order took back to its month; of an order that waits all of it was only held."""
    won = min(won, order.amount_won - order.budget_back_won)
    if won <= 0 or order.budget_month is None:
        return
    is_held = order.state == OrderState.WAITING
    limits.lock(order.buyer_id, order.budget_month)
    _count(order, held_won=-won if is_held else 0, used_won=0 if is_held else -won)
    Order.objects.filter(id=order.id).update(budget_back_won=F("budget_back_won") + won)
    order.budget_back_won += won


def let_go(checkout: Checkout) -> None:
    """A card window is over: what it held is free again."""
    if checkout.budget_month:
        limits.lock(checkout.buyer_id, checkout.budget_month)
        _add(
            checkout.buyer_id, checkout.budget_month, checkout.member_id, checkout.department_id,
            held_won=-checkout.total_won, used_won=0,
        )  # fmt: skip


def _count(order: Order, *, held_won: int, used_won: int) -> None:
    month = order.budget_month
    if month:
        _add(
            order.buyer_id, month, order.member_id, order.department_id, held_won=held_won, used_won=used_won
        )


def _add(
    buyer_id: UUID, month: date, member_id: UUID, department_id: UUID | None, *, held_won: int, used_won: int
) -> None:
    whose = [{"member_id": member_id}] + ([{"department_id": department_id}] if department_id else [])
    made = [BudgetMonth(buyer_id=buyer_id, month=month, **one) for one in whose]
    BudgetMonth.objects.bulk_create(made, ignore_conflicts=True)
    for one in whose:
        rows = BudgetMonth.objects.filter(buyer_id=buyer_id, month=month, **one)
        rows.update(held_won=F("held_won") + held_won, used_won=F("used_won") + used_won)
