"""Gifts as their buyer sees them: pages, tallies, links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum

from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.ports import Result
from seonmul.gifts.models import Chunk, ChunkState, Gift
from seonmul.gifts.queries._halting import halted_copies
from seonmul.kit import crypto
from seonmul.kit.pages import Page, page
from seonmul.members.models import Member
from seonmul.orders import lists
from seonmul.orders.models import DraftRow, Order, OrderState

GROUPS = {
    "": Q(),
    "delivered": Q(result=Result.DELIVERED),
    "waiting": Q(result=Result.WAITING),
    "failed": ~Q(result__in=[Result.DELIVERED, Result.WAITING]),
}


@dataclass(frozen=True)
class Tally:
    """Where the copies of an order stand, counted from rows. `results`: failures by reason, most first.

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


def gifts_seen_by(member: Member) -> QuerySet[Gift]:
    """The gifts of the buyer this member acts for. O11"""
    return Gift.objects.filter(buyer__memberships__member=member)


def gifts_page(order: Order, only: str = "", after: str = "", limit: int = 50) -> Page[Gift]:
    """An order's gifts in the order of its list; `only`: a key of GROUPS or a result."""
    group = GROUPS.get(only, Q(result=only))
    rows = Gift.objects.filter(group, order=order).select_related("recipient", "voucher")
    return page(rows, order=("position", "copy_number"), after=after, limit=limit)


def gifts_of(order: Order, only: str = "") -> Iterator[Gift]:
    """All gifts of a group in the order of the list, some thousand at a time: for a sheet, however long. O11"""
    rows = Gift.objects.filter(GROUPS.get(only, Q(result=only)), order=order)
    ordered = rows.select_related("recipient", "voucher").order_by("position", "copy_number")
    return ordered.iterator(chunk_size=2_000)


def cells_of(gift: Gift) -> lists.Cells:
    """Name and number of a gift's recipient."""
    return lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, gift.recipient.cells_sealed))


def link_of(gift: Gift) -> str:
    """The unguessable part of a gift's address."""
    return crypto.ring().open(Gift.LINK, gift.link_sealed)


def by_link(token: str) -> Gift | None:
    """The gift that a link opens."""
    index = crypto.ring().index(Gift.LINK, token)
    return (
        Gift.objects.filter(link_index=index)
        .select_related("voucher", "line__product__brand", "order__buyer", "recipient")
        .first()
    )


def tally(order: Order) -> Tally:
    """Count an order's copies by outcome."""
    rows = Gift.objects.filter(order=order).values("result").annotate(count=Count("id"))
    by_result = {Result(row["result"]): row["count"] for row in rows}
    letters = list(Chunk.objects.filter(order=order).values_list("letter_id", flat=True).distinct())
    delivered, pending = by_result.pop(Result.DELIVERED, 0), by_result.pop(Result.WAITING, 0)
    unsent = 0
    if order.halted_at:
        unsent = sum(halted_copies(order.id).values()) + by_result.pop(Result.WITHDRAWN, 0)
    elif order.state in (OrderState.CANCELLED, OrderState.REFUSED):
        unsent = order.copies
    return Tally(
        unsent=unsent,
        copies=order.copies,
        delivered=delivered,
        sending=min(pending, dispatch.accepted_count(letters)),
        failed=sum(by_result.values()),
        results=sorted(by_result.items(), key=lambda pair: -pair[1]),
    )


def tallies(orders: Sequence[Order]) -> dict[UUID, Tally]:
    """Count the copies of many orders in one statement; what has no outcome counts as waiting."""
    rows = Gift.objects.filter(order__in=[order.id for order in orders]).values("order", "result")
    found: dict[UUID, dict[Result, int]] = {order.id: {} for order in orders}
    for row in rows.annotate(count=Count("id")):
        found[row["order"]][Result(row["result"])] = row["count"]
    halted = [order.id for order in orders if order.halted_at]
    never = Chunk.objects.filter(order__in=halted, state=ChunkState.HALTED).values("order")
    unsent = dict(never.annotate(sum=Sum("copies")).values_list("order", "sum"))
    made = {}
    for order in orders:
        by_result = found[order.id]
        delivered = by_result.pop(Result.DELIVERED, 0)
        by_result.pop(Result.WAITING, 0)
        if order.halted_at:
            unsent[order.id] = unsent.get(order.id, 0) + by_result.pop(Result.WITHDRAWN, 0)
        elif order.state in (OrderState.CANCELLED, OrderState.REFUSED):
            unsent[order.id] = order.copies
        results = sorted(by_result.items(), key=lambda pair: -pair[1])
        failed = sum(by_result.values())
        made[order.id] = Tally(order.copies, delivered, 0, failed, results, unsent.get(order.id, 0))
    return made


#: The pace of the last half minute says more about the end than the average of the whole order.
PACE_SECONDS = 30


def pace(order: Order, at: datetime) -> float:
    """Outcomes a second lately, counted from rows; 0.0 when there are too few to say. O11"""
    lately = Gift.objects.filter(order=order, result_at__gt=at - timedelta(seconds=PACE_SECONDS))
    counted = lately.exclude(result=Result.WAITING).aggregate(count=Count("id"), first=Min("result_at"))
    if counted["count"] < 20 or counted["first"] is None:
        return 0.0
    seconds = (at - counted["first"]).total_seconds()
    return float(counted["count"] / seconds) if seconds >= 3 else 0.0


def ids_of(order: Order, only: str, limit: int = 5_000) -> list[UUID]:
    """The gifts of a group or with a result, in the order of the list."""
    rows = Gift.objects.filter(GROUPS.get(only, Q(result=only)), order=order)
    return list(rows.order_by("position", "copy_number").values_list("id", flat=True)[:limit])
