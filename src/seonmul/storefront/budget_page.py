"""The bounds of money within which a member of a company pays, as pages show them. M7"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member
from seonmul.orders import queries as orders
from seonmul.orders.models import Draft
from seonmul.orders.rules import Bound, BudgetFacts


@dataclass(frozen=True)
class Meter:
    """One bound with what an order in hand takes of it, in won."""

    title: str
    bound: Bound
    now_won: int

    @property
    def over_won(self) -> int:
        return self.bound.over_won(self.now_won) if self.now_won else 0


def of_draft(draft: Draft, by: Member, amount_won: int, at: datetime) -> dict[str, Any]:
    """The bounds as they stand for this draft; nothing where there are none."""
    return _context(orders.budget_for(draft, by, at), draft.buyer, by, amount_won)


def of_member(buyer: Buyer | None, by: Member, at: datetime) -> dict[str, Any]:
    """The bounds of whoever looks at their own page."""
    return _context(orders.budget_of(buyer, by, at), buyer, by, 0) if buyer else {}


def _context(facts: BudgetFacts | None, buyer: Buyer, by: Member, now_won: int) -> dict[str, Any]:
    if facts is None or not facts.is_bound:
        return {}
    department = gettext("{department} 부서의 이번 달 예산").format(department=facts.department)
    titled = ((gettext("이번 달 내 결제 한도"), facts.member), (department, facts.budget))
    most = facts.order_most_won
    return {
        "budget": facts,
        "budget_meters": [Meter(title, bound, now_won) for title, bound in titled if bound],
        "budget_order_over_won": max(now_won - most, 0) if most is not None else 0,
        "may_manage_company": members.is_owner(by),
        "budget_owners": ", ".join(members.owner_names(buyer.id)),
    }
