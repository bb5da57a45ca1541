"""Counts from kept tallies, never by counting copies: what lists and totals say. O11

A count is the sum of an order's, or a buyer's, rows (models/tallies.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.ports import Result
from seonmul.gifts.models import Chunk, ChunkState, TallyLevel, TallyRow
from seonmul.gifts.queries._halting import halted_copies
from seonmul.members.models import Member
from seonmul.orders.models import Order, OrderState


@dataclass(frozen=True)
class Tally:
    """Where the copies of an order stand, from kept tallies. `results`: failures by reason, most first.

    `unsent`: stopped before they went, so that they are neither delivered nor failed. S6
    """

    copies: int
    delivered: int
    sending: int
    failed: int
    results: Sequence[tuple[Result, int]]
    unsent: int = 0

    @property
    def waiting(self) -> int:
        return self.copies - self.delivered - self.sending - self.failed - self.unsent

    @property
    def is_settled(self) -> bool:
        return self.delivered + self.failed + self.unsent == self.copies


@dataclass
class Counts:
    """Issued copies by result, by how many of them were opened, and by the state of their vouchers."""

    results: dict[Result, int] = field(default_factory=dict)
    opened: int = 0
    states: dict[str, int] = field(default_factory=dict)

    @property
    def copies(self) -> int:
        return sum(self.results.values())

    @property
    def failed(self) -> int:
        return self.copies - self.results.get(Result.DELIVERED, 0) - self.results.get(Result.WAITING, 0)


def counts_of_orders(order_ids: Iterable[UUID]) -> dict[UUID, Counts]:
    """The counts of many orders in one statement; an order without copies has empty ones."""
    counts = {one: Counts() for one in order_ids}
    rows = TallyRow.objects.filter(order__in=list(counts), level__in=[TallyLevel.NEW, TallyLevel.LINE])
    for row in rows.values("order", "result", "is_opened", "state").annotate(sum=Sum("copies")):
        _add(counts[row["order"]], row["result"], row["is_opened"], row["state"], row["sum"])
    return counts


def counts_seen_by(member: Member) -> Counts:
    """All copies of the buyer this member acts for, however many orders they came from."""
    mine = TallyRow.objects.filter(buyer__memberships__member=member)
    rows = mine.exclude(level=TallyLevel.LINE).values("result", "is_opened", "state")
    counts = Counts()
    for row in rows.annotate(sum=Sum("copies")):
        _add(counts, row["result"], row["is_opened"], row["state"], row["sum"])
    return counts


def vouchers_by_line(order_id: UUID) -> list[tuple[UUID, str, int]]:
    """How many vouchers of each line are in which state."""
    rows = TallyRow.objects.filter(order=order_id, result="").values("line", "state")
    return [(row["line"], row["state"], row["sum"]) for row in rows.annotate(sum=Sum("copies")) if row["sum"]]


def _add(counts: Counts, result: str, is_opened: bool, state: str, copies: int) -> None:
    if not copies:
        return
    if state:
        counts.states[state] = counts.states.get(state, 0) + copies
        return
    counts.results[Result(result)] = counts.results.get(Result(result), 0) + copies
    counts.opened += copies if is_opened else 0


def count_of(order: Order, only: str = "") -> int:
    """How many of an order's copies a group of the list has: a key of GROUPS, or a result; all for ""."""
    counts = counts_of_orders([order.id])[order.id]
    if only == "unused":
        return counts.states.get("issued", 0)
    if only == "failed":
        return counts.failed
    return counts.results.get(Result(only), 0) if only else counts.copies


def tally(order: Order) -> Tally:
    """Where one order's copies stand, and how many of those without an outcome a carrier has."""
    counts = counts_of_orders([order.id])[order.id]
    never = sum(halted_copies(order.id).values()) if order.halted_at else 0
    letters = list(Chunk.objects.filter(order=order).values_list("letter_id", flat=True).distinct())
    pending = counts.results.get(Result.WAITING, 0)
    return _tally(order, counts, never, min(pending, dispatch.accepted_count(letters)) if pending else 0)


def tallies(orders: Sequence[Order]) -> dict[UUID, Tally]:
    """Where the copies of many orders stand, in one statement; what has no outcome counts as waiting."""
    counts = counts_of_orders(order.id for order in orders)
    halted = [order.id for order in orders if order.halted_at]
    rows = Chunk.objects.filter(order__in=halted, state=ChunkState.HALTED).values("order")
    never = dict(rows.annotate(sum=Sum("copies")).values_list("order", "sum"))
    return {order.id: _tally(order, counts[order.id], never.get(order.id, 0), 0) for order in orders}


def _tally(order: Order, counts: Counts, never: int, sending: int) -> Tally:
    """`never`: copies that a stop kept from being issued."""
    by_result = dict(counts.results)
    delivered, unsent = by_result.pop(Result.DELIVERED, 0), 0
    by_result.pop(Result.WAITING, 0)
    if order.halted_at:
        unsent = never + by_result.pop(Result.WITHDRAWN, 0)
    elif order.state in (OrderState.CANCELLED, OrderState.REFUSED):
        unsent = order.copies
    results = sorted(by_result.items(), key=lambda pair: -pair[1])
    return Tally(order.copies, delivered, sending, sum(by_result.values()), results, unsent)


def buyers_to_fold(limit: int = 500) -> list[UUID]:
    """Buyers that have rows to be folded into few."""
    fresh = TallyRow.objects.filter(level=TallyLevel.NEW)
    return list(fresh.values_list("buyer_id", flat=True).order_by("buyer_id").distinct()[:limit])


_RECOUNT = """
    SELECT {of} AS of, result, opened_at IS NOT NULL AS is_opened, '' AS state, count(*) AS copies
    FROM gifts_gift GROUP BY 1, 2, 3
    UNION ALL
    SELECT {of}, '', false, v.state, count(*)
    FROM gifts_gift g JOIN vouchers_voucher v ON v.id = g.voucher_id GROUP BY 1, v.state"""
_CHECK = """
    SELECT t.of::text || ' ' || coalesce(nullif(t.result, ''), t.state), sum(t.counted), sum(t.kept)
    FROM (
        SELECT of, result, is_opened, state, copies AS counted, 0 AS kept FROM ({recount}) c
        UNION ALL
        SELECT {of}, result, is_opened, state, 0, copies FROM gifts_tallyrow WHERE level IN ('new', '{level}')) t
    GROUP BY t.of, t.result, t.is_opened, t.state HAVING sum(t.counted) <> sum(t.kept)"""


def tally_faults() -> Iterator[tuple[str, str, int, int]]:
    """Where kept tallies differ from a recount of the copies: (what, where, expected, found)."""
    with connection.cursor() as cursor:
        for of, level in (("line_id", TallyLevel.LINE), ("buyer_id", TallyLevel.BUYER)):
            cursor.execute(_CHECK.format(of=of, level=level.value, recount=_RECOUNT.format(of=of)))
            for where, counted, kept in cursor.fetchall():
                yield f"a tally by {of} is not what there is", str(where), int(counted), int(kept)
