"""Gifts as their buyer sees them: pages, tallies, links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from seonmul.dispatch.ports import Result
from seonmul.figures.rules import Figures
from seonmul.gifts.models import Gift, Problem
from seonmul.gifts.queries._copies import Copy, Filters, copies_of
from seonmul.kit import crypto, prepared
from seonmul.kit.pages import Page, page
from seonmul.members.models import Member
from seonmul.orders import lists
from seonmul.orders.models import DraftRow, Order

GROUPS = {
    "": Q(),
    "delivered": Q(result=Result.DELIVERED),
    "waiting": Q(result=Result.WAITING),
    "unused": Q(voucher__state="issued"),
    "failed": ~Q(result__in=[Result.DELIVERED, Result.WAITING]),
}


def gifts_seen_by(member: Member) -> QuerySet[Gift]:
    """The gifts of the buyer this member acts for. O11"""
    return Gift.objects.filter(buyer__memberships__member=member)


def gifts_page(order: Order, only: str = "", after: str = "", limit: int = 50) -> Page[Gift]:
    """An order's gifts in the order of its list; `only`: a key of GROUPS or a result."""
    group = GROUPS.get(only, Q(result=only))
    rows = Gift.objects.filter(group, order=order).select_related(
        "recipient", "voucher", "line__product__brand"
    )
    return page(rows, order=("position", "copy_number"), after=after, limit=limit)


def copies_of_order(order: Order, only: str = "") -> Iterator[Copy]:
    """All copies of a group in the order of the list, some thousand at a time: for a sheet, however long. O11"""
    state, result = ("issued", "") if only == "unused" else ("", only)
    return copies_of(order.buyer_id, Filters(order_id=order.id, only=result, state=state), most=None)


def cells_of(gift: Gift) -> lists.Cells:
    """Name and number of a gift's recipient, as they stand since its number was changed. S5"""
    sealed = gift.cells_sealed or gift.recipient.cells_sealed
    return lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, sealed))


def link_of(gift: Gift) -> str:
    """The unguessable part of a gift's address."""
    return crypto.ring().open(Gift.LINK, gift.link_sealed)


def by_link(token: str) -> Gift | None:
    """The gift that a link opens."""
    index = crypto.ring().index(Gift.LINK, token)
    return (
        Gift.objects.filter(link_index=index)
        .select_related(
            "voucher", "line__product__brand", "line__policy", "line__order", "order__buyer", "recipient"
        )
        .first()
    )


_WRONG = """
    SELECT count(*) FROM (SELECT FROM gifts_wronglink
        WHERE place_index = %(place)s AND tried_at > %(since)s LIMIT %(most)s) t"""


def wrong_links(place_index: bytes, *, figures: Figures, at: datetime) -> int:
    """How often an address tried links that open nothing lately; counted no further than the rule needs. V5"""
    since = at - timedelta(minutes=figures.wrong_links_minutes)
    ((count,),) = prepared.run(
        _WRONG, {"place": place_index, "since": since, "most": figures.wrong_links_from_place}
    )
    return int(count)


def problems_of(gift_id: UUID) -> list[Problem]:
    """What the recipient has said is wrong, newest first. V5"""
    return list(Problem.objects.filter(gift_id=gift_id).order_by("-told_at", "-id")[:20])


def to_draw(gift_ids: Sequence[UUID]) -> list[Gift]:
    """Gifts whose vouchers have a code, with what their pictures show. S1"""
    rows = Gift.objects.filter(id__in=list(gift_ids)).exclude(voucher__code_sealed=None)
    return list(
        rows.select_related(
            "voucher", "line__product__brand", "line__policy", "line__order", "order__buyer"
        ).order_by("id")
    )


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


def failed_after(order_id: UUID, position: int, limit: int) -> tuple[list[UUID], int]:
    """The failed gifts of an order behind a row of its list, and the row of the last of them; 0 when none is left. S5

    The copies of one row stay together, so that a row is never looked at half.
    """
    rows = Gift.objects.filter(GROUPS["failed"], order=order_id, position__gt=position)
    found = list(rows.order_by("position", "copy_number").values_list("id", "position")[: limit + 1])
    if len(found) <= limit:
        return [one for one, _ in found], 0
    last = found[-1][1]
    return [one for one, at in found if at < last], last - 1


def ids_of(order: Order, only: str, limit: int = 5_000) -> list[UUID]:
    """The gifts of a group or with a result, in the order of the list."""
    rows = Gift.objects.filter(GROUPS.get(only, Q(result=only)), order=order)
    return list(rows.order_by("position", "copy_number").values_list("id", flat=True)[:limit])
