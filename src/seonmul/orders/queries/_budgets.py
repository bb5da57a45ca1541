"""Within which bounds of money the members of a company pay, and what is counted against them. M7"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from seonmul.members import queries as members
from seonmul.members.models import Buyer, BuyerKind, Member
from seonmul.orders import rules
from seonmul.orders.models import BudgetMonth, Checkout, Draft, Line, Order
from seonmul.orders.queries._checkouts import open_checkout


def budget_of(buyer: Buyer, by: Member, at: datetime) -> rules.BudgetFacts | None:
    """The bounds of a company's member in the month of `at`; None for a person. M7"""
    return _budget(buyer, by, at, None)


def budget_for(draft: Draft, by: Member, at: datetime) -> rules.BudgetFacts | None:
    """The bounds as a draft finds them: what its own open card window holds counts as free, since it would end. M7"""
    return _budget(draft.buyer, by, at, open_checkout(draft.id))


def _budget(buyer: Buyer, by: Member, at: datetime, opened: Checkout | None) -> rules.BudgetFacts | None:
    if buyer.kind != BuyerKind.COMPANY:
        return None
    bounds, month = members.bounds_of(by, buyer.id), rules.month_of(at)
    member, department = budget_months(buyer.id, at, member_id=by.id, department_id=bounds.department_id)
    own_won = opened.total_won if opened and opened.budget_month == month else 0
    is_mine = opened is not None and opened.member_id == by.id
    is_ours = opened is not None and opened.department_id == bounds.department_id
    return rules.BudgetFacts(
        resets_on=rules.resets_on(at),
        order_most_won=bounds.order_most_won,
        member=_bound(bounds.monthly_most_won, member, own_won if is_mine else 0),
        department=bounds.department,
        budget=_bound(bounds.budget_won, department, own_won if is_ours else 0),
    )


def budget_months(
    buyer_id: UUID, at: datetime, *, member_id: UUID, department_id: UUID | None
) -> tuple[BudgetMonth | None, BudgetMonth | None]:
    """What a member and a department have paid for in the month of `at`, None for nothing. M7"""
    rows = BudgetMonth.objects.filter(buyer_id=buyer_id, month=rules.month_of(at))
    mine = Q(member_id=member_id) | Q(department_id=department_id, department_id__isnull=False)
    found = list(rows.filter(mine).order_by("id")[:2])
    of_member = next((row for row in found if row.member_id), None)
    return of_member, next((row for row in found if row.department_id), None)


def spent_this_month(buyer_id: UUID, at: datetime) -> dict[UUID, int]:
    """What each member and each department of a company has taken of this month, by their ids, in won. M7"""
    rows = BudgetMonth.objects.filter(buyer_id=buyer_id, month=rules.month_of(at))
    found = rows.order_by("id").values_list("member_id", "department_id", "used_won", "held_won")[:10_000]
    return {member or department: used + held for member, department, used, held in found}


def _bound(limit_won: int | None, month: BudgetMonth | None, free_won: int) -> rules.Bound | None:
    if limit_won is None:
        return None
    used_won, held_won = (month.used_won, month.held_won) if month else (0, 0)
    return rules.Bound(limit_won, used_won, held_won - free_won)


def price_of(order: Order, copies: Mapping[UUID, int]) -> int:
    """What {line: copies} of an order cost."""
    lines = Line.objects.filter(order=order, id__in=copies)
    return sum(rules.amount_won(line.unit_price_won, copies[line.id]) for line in lines)


#: What the kept spending must be: of each month's orders and open card windows, by member and by department. M7
_BUDGETS_KEPT = """
    WITH taken AS (
        SELECT buyer_id, budget_month AS month, member_id, department_id, amount_won - budget_back_won AS won,
               state = 'waiting' AS is_held
        FROM orders_order WHERE budget_month IS NOT NULL
        UNION ALL
        SELECT buyer_id, budget_month, member_id, department_id, reward_won + cash_won + card_won, true
        FROM orders_checkout WHERE state = 'open' AND budget_month IS NOT NULL
    ), sums AS (
        SELECT buyer_id, month, {whose}_id AS whose, sum(won) FILTER (WHERE NOT is_held) AS used,
               sum(won) FILTER (WHERE is_held) AS held
        FROM taken WHERE {whose}_id IS NOT NULL GROUP BY buyer_id, month, {whose}_id
    ), kept AS (SELECT * FROM orders_budgetmonth WHERE {whose}_id IS NOT NULL)
    SELECT b.public_id || ' ' || coalesce(m.month, s.month), coalesce(s.{part}, 0), coalesce(m.{part}_won, 0)
    FROM kept m FULL JOIN sums s ON s.buyer_id = m.buyer_id AND s.month = m.month AND s.whose = m.{whose}_id
    JOIN members_buyer b ON b.id = coalesce(m.buyer_id, s.buyer_id)
    WHERE coalesce(s.{part}, 0) <> coalesce(m.{part}_won, 0)"""


def budget_faults() -> list[tuple[str, str, int, int]]:
    """Prove the bounds of money: months whose kept sums are not those of their orders and card windows. M7"""
    found = []
    with connection.cursor() as cursor:
        for whose in ("member", "department"):
            for part in ("used", "held"):
                cursor.execute(_BUDGETS_KEPT.format(whose=whose, part=part))
                what = f"what a {whose} has {part} of a month is not that of the orders"
                found += [(what, str(w), int(e), int(f)) for w, e, f in cursor.fetchall()]
    return found
