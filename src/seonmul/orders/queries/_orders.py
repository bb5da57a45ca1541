"""Orders: seen, counted, locked; their lines and recipients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from seonmul.figures import queries as figures_now
from seonmul.kit import clock, crypto
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Hold
from seonmul.members import queries as members
from seonmul.members.models import BuyerKind, Member
from seonmul.members.rules import ClosingFacts
from seonmul.orders import lists
from seonmul.orders.models import (
    OVER,
    DraftRow,
    Line,
    Order,
    Recipient,
)
from seonmul.payments import queries as payments


def orders_seen_by(member: Member) -> QuerySet[Order]:
    """The orders of the buyer this member acts for. O11"""
    return Order.objects.filter(buyer__memberships__member=member)


def orders_under_way_of(member_id: UUID) -> list[str]:
    """A member's orders that have not finished, newest first: their public ids. M5"""
    rows = Order.objects.filter(member_id=member_id).exclude(state__in=OVER)
    return list(rows.order_by("-paid_at", "-id").values_list("public_id", flat=True)[:1000])


def orders_about(member: Member, subjects: Iterable[str]) -> dict[str, Order]:
    """The member's orders by the subject that the books know them by. P1"""
    return {str(order.draft_id): order for order in orders_seen_by(member).filter(draft_id__in=set(subjects))}


@dataclass(frozen=True)
class OrderCounts:
    """A buyer's orders in numbers: all of them, and those of the last 30 days."""

    orders: int
    total_won: int
    orders_lately: int
    total_lately_won: int
    last_paid_at: datetime | None


def counts_of(buyer_id: UUID, at: datetime) -> OrderCounts:
    """Count and sum a buyer's orders, for staff."""
    lately = Q(paid_at__gt=at - timedelta(days=30))
    found = Order.objects.filter(buyer_id=buyer_id).aggregate(
        orders=Count("id"),
        total_won=Coalesce(Sum("amount_won"), 0),
        orders_lately=Count("id", filter=lately),
        total_lately_won=Coalesce(Sum("amount_won", filter=lately), 0),
        last_paid_at=Max("paid_at"),
    )
    return OrderCounts(**found)


def under_way(buyer_id: UUID) -> int:
    """How many of a buyer's orders are not finished. M9"""
    return Order.objects.filter(buyer_id=buyer_id).exclude(state__in=OVER).count()


def ordered_by(member_id: UUID) -> dict[str, Any]:
    """A member's orders in numbers, for what law keeps of them; empty for who never ordered. M9"""
    rows = Order.objects.filter(member_id=member_id)
    found = rows.aggregate(
        count=Count("id"), total_won=Sum("amount_won"), first_at=Min("paid_at"), last_at=Max("paid_at")
    )
    return found if found["count"] else {}


def has_orders(member: Member) -> bool:
    """Say whether a member has ever ordered anything. M9"""
    return Order.objects.filter(member=member).exists()


def closing_facts(
    by: Member, *, is_proved: bool = False, by_password: bool = False, gives_up_reward: bool = False
) -> ClosingFacts:
    """What the rule of leaving needs, with the orders under way and the money on its way. M9"""
    ends = members.ends_with(by)
    return members.closing_facts(
        by,
        orders_under_way=under_way(ends.id) if ends else 0,
        on_its_way=payments.on_its_way(ends.id) if ends else 0,
        has_orders=has_orders(by),
        by_password=by_password,
        is_proved=is_proved,
        gives_up_reward=gives_up_reward,
    )


def paid_since(since: datetime, buyer_id: UUID | None = None) -> dict[UUID, int]:
    """What companies (or one buyer) paid since a moment in won, less what went back, whole orders each. M3"""
    hold = Hold.objects.filter(id=OuterRef("hold_id"))
    back = hold.values(won=F("released_won") + F("refunded_won"))
    rows = Order.objects.filter(paid_at__gte=since, buyer__kind=BuyerKind.COMPANY)
    if buyer_id:
        rows = rows.filter(buyer_id=buyer_id)
    sums = (
        rows.annotate(back=Subquery(back)).values("buyer_id").annotate(won=Sum(F("amount_won") - F("back")))
    )
    return dict(sums.values_list("buyer_id", "won"))


def paid_lately(buyer_id: UUID, at: datetime) -> int:
    """What decides a company's tier: paid less refunds in the last months. M3"""
    months = figures_now.figures(at).tier_months
    return paid_since(clock.months_before(at, months), buyer_id).get(buyer_id, 0)


def order(order_id: UUID) -> Order:
    """One order, not locked."""
    return Order.objects.select_related("buyer").get(id=order_id)


def locked_order(order_id: UUID) -> Order:
    """Lock one order."""
    return Order.objects.select_for_update().get(id=order_id)


def locked_with_hold(order_id: UUID) -> Order:
    """Lock an order behind its hold, in the order in which issuing its copies does."""
    ledger.locked_hold(Order.objects.values_list("hold_id", flat=True).get(id=order_id))
    return locked_order(order_id)


def order_from(draft_id: UUID) -> Order | None:
    """The order that a draft became."""
    return Order.objects.filter(draft_id=draft_id).first()


def lines_of(order_id: UUID) -> list[Line]:
    """An order's lines with their products."""
    return list(
        Line.objects.filter(order_id=order_id).select_related("product__brand").order_by("position", "id")
    )


def goods_name(order_id: UUID) -> str:
    """What was ordered, in a few words: the first product, and how many more there are."""
    first, *more = lines_of(order_id)
    name = f"{first.product.brand.name} {first.product.name}"
    rest = gettext("외 {n}가지").format(n=len(more))
    return f"{name} {rest}" if more else name


def chunks_of(line: Line) -> list[tuple[int, int]]:
    """The chunks of a line: (number, copies), in order."""
    rows = (
        Recipient.objects.filter(line=line).values("chunk").annotate(copies=Sum("copies")).order_by("chunk")
    )
    return [(row["chunk"], row["copies"]) for row in rows]


def recipients_of(line_id: UUID, chunk: int) -> list[tuple[Recipient, lists.Cells]]:
    """The recipients of one chunk with their cells, in order."""
    ring = crypto.ring()
    rows = Recipient.objects.filter(line_id=line_id, chunk=chunk).order_by("position")
    return [(row, lists.Cells.unpacked(ring.open(DraftRow.CELLS, row.cells_sealed))) for row in rows]


def has_certificates(order_id: UUID) -> bool:
    """Say whether there are gift certificates in an order. O8"""
    return Line.objects.filter(order_id=order_id, is_gift_certificate=True).exists()
