"""What the page says backwards of a chosen time: what must be done by when. O5"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seonmul.figures import queries as figures_now
from seonmul.kit import business, clock
from seonmul.ledger import queries as ledger
from seonmul.orders import queries, rules
from seonmul.orders.models import ApprovalState, Draft, Order
from seonmul.orders.queries import Quote
from seonmul.orders.rules import Due


@dataclass(frozen=True)
class Plan:
    """The things to do in order, and the closed days in between by their names ("" for a weekend day)."""

    dues: list[Due]
    holidays: list[tuple[str, str]]

    @property
    def is_late(self) -> bool:
        return any(due.is_late for due in self.dues)


def of_draft(draft: Draft, quote: Quote, at: datetime) -> dict[str, Any]:
    """The plan of a draft with a chosen time; nothing for one that goes at once."""
    if not draft.is_later or draft.send_at is None:
        return {"plan": None}
    steps = rules.steps_of(queries.approval_facts(draft, quote, draft.member))
    cash_won = ledger.balances(draft.buyer_id).cash_won
    return {"plan": _plan(draft.send_at, steps, cash_won < quote.amount_won, is_paid=False, at=at)}


def of_order(order: Order, at: datetime) -> dict[str, Any]:
    """The same of a paid order that waits for its time: the consents that are still to come."""
    if order.send_at is None or order.state not in ("waiting", "paid"):
        return {"plan": None}
    waits = [row.step for row in queries.approvals_of(order.id) if row.state == ApprovalState.WAITING]
    is_with_company = rules.COMPANY in waits and queries.has_certificates(order.id)
    steps = [*waits, rules.OPERATOR] if is_with_company else waits
    return {"plan": _plan(order.send_at, steps, False, is_paid=True, at=at)}


def _plan(
    send_at: datetime, steps: Sequence[str], needs_charge: bool, *, is_paid: bool, at: datetime
) -> Plan:
    calendar = figures_now.calendar(at)
    dues = rules.plan(
        send_at,
        steps=steps,
        needs_charge=needs_charge,
        is_paid=is_paid,
        figures=figures_now.figures(at),
        calendar=calendar,
        at=at,
    )
    first = clock.seoul_date(at)
    days = max((clock.seoul_date(send_at) - first).days + 1, 0)
    closed = business.coming_holidays(first, calendar, days) if days else []
    on = clock.seoul_date(send_at)
    if not calendar.is_open(on) and on not in dict(closed):
        closed.append((on, ""))
    return Plan(dues, [(clock.korean_date(day), name) for day, name in sorted(closed)])
