"""Questions about gifts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum

from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.ports import Result
from seonmul.gifts import rules
from seonmul.gifts.models import Chunk, ChunkState, Gift
from seonmul.kit import crypto
from seonmul.kit.pages import Page, page
from seonmul.ledger.models import Hold
from seonmul.members.models import Member
from seonmul.orders import lists
from seonmul.orders.models import DraftRow, Order, OrderState
from seonmul.vouchers.models import VoucherState

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


def facts(gift: Gift) -> rules.GiftFacts:
    """What the rule of resending needs to know; `gift` comes with its voucher."""
    return rules.GiftFacts(
        voucher_state=gift.voucher.state,
        valid_until=gift.voucher.valid_until,
        result=Result(gift.result),
        resends=gift.resends,
        sent_at=gift.sent_at,
    )


def locked_gifts(gift_ids: Sequence[UUID]) -> list[Gift]:
    """Lock gifts in key order, with what a resend needs."""
    return list(
        Gift.objects.select_for_update(of=("self",))
        .filter(id__in=gift_ids)
        .select_related("voucher", "recipient", "chunk", "order")
        .order_by("id")
    )


def locked_open_chunk(chunk_id: UUID) -> Chunk | None:
    """Lock a chunk that is not issued and that nobody else is issuing."""
    return (
        Chunk.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("order", "line__product")
        .filter(id=chunk_id, state=ChunkState.OPEN)
        .first()
    )


def open_chunks(before: datetime, limit: int = 100) -> list[UUID]:
    """Chunks opened `before` that are still not issued, oldest first."""
    rows = Chunk.objects.filter(state=ChunkState.OPEN, opened_at__lte=before).order_by("opened_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def untended(before: datetime, at: datetime, limit: int = 100) -> list[UUID]:
    """Orders that nobody brought on: paid `before`, due and not started, or settled and not finished. Oldest first.

    Those that only wait for their results are not among them, however many they are.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id FROM orders_order o
            WHERE o.state IN ('paid', 'sending') AND o.paid_at <= %s AND (
                o.state = 'paid' AND (o.send_at IS NULL OR o.send_at <= %s)
                OR o.state = 'sending' AND NOT EXISTS (
                    SELECT 1 FROM gifts_chunk c WHERE c.order_id = o.id AND c.state = 'open')
                AND NOT EXISTS (SELECT 1 FROM gifts_gift g WHERE g.order_id = o.id AND g.result = 'waiting'))
            ORDER BY o.paid_at, o.id LIMIT %s""",
            [before, at, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def is_settled(order_id: UUID) -> bool:
    """Say whether every copy of an order has an outcome. O11"""
    open_chunk = Chunk.objects.filter(order_id=order_id, state=ChunkState.OPEN).exists()
    has_chunk = Chunk.objects.filter(order_id=order_id).exists()
    waiting = Gift.objects.filter(order_id=order_id, result=Result.WAITING).exists()
    return has_chunk and not open_chunk and not waiting


def _undelivered(before: datetime) -> QuerySet[Gift]:
    """Copies that arrived nowhere, whose last result is older than `before`, and that nobody opened either. O9"""
    return Gift.objects.filter(
        GROUPS["failed"], result_at__lt=before, opened_at=None, voucher__state="issued"
    )


def undelivered(before: datetime, limit: int = 1_000) -> list[UUID]:
    """Orders that have such copies. O9"""
    rows = _undelivered(before).values_list("order_id", flat=True)
    return list(rows.distinct().order_by("order_id")[:limit])


def locked_undelivered(order_id: UUID, before: datetime, limit: int = 5_000) -> list[Gift]:
    """Lock an order's copies that arrived nowhere; those that were sent again meanwhile are not among them. O9"""
    found = _undelivered(before).filter(order_id=order_id).order_by("id")
    gifts = locked_gifts(list(found.values_list("id", flat=True)[:limit]))
    return [
        gift
        for gift in gifts
        if gift.result_at
        and gift.result_at < before
        and gift.opened_at is None
        and gift.result not in (Result.DELIVERED, Result.WAITING)
    ]


def halt_facts(order: Order) -> rules.HaltFacts:
    """What the rules of stopping need to know. S6"""
    return rules.HaltFacts(order.state == OrderState.SENDING, order.halted_at is not None, order.wakes_at)


def live_ids(order_id: UUID, after: UUID | None, limit: int) -> list[UUID]:
    """An order's gifts whose vouchers nobody has used, behind `after` in key order. S6"""
    return _unused(Q(order_id=order_id), after, limit)


def withdrawn_ids(order_id: UUID, after: UUID | None, limit: int) -> list[UUID]:
    """Those among them whose message never left us. S6"""
    return _unused(Q(order_id=order_id, result=Result.WITHDRAWN), after, limit)


def refunded_among(gift_ids: Sequence[UUID]) -> int:
    """How many of these gifts' vouchers are refunded."""
    return Gift.objects.filter(id__in=gift_ids, voucher__state=VoucherState.REFUNDED).count()


def is_external(order_id: UUID) -> bool:
    """Whether an external issuer takes an order's vouchers back. C3"""
    return Gift.objects.filter(order_id=order_id).exclude(voucher__supply=None).exists()


def _unused(which: Q, after: UUID | None, limit: int) -> list[UUID]:
    # what an issuer has given and nobody has taken over yet is not earned yet: note_supplied turns it back
    is_taken = Q(voucher__supply=None) | Q(voucher__supply__taken_at__isnull=False)
    rows = Gift.objects.filter(which, is_taken, voucher__state=VoucherState.ISSUED)
    if after:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def lock_gifts(order_id: UUID) -> None:
    """Lock all gifts of an order in key order, before anything of its money."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM gifts_gift WHERE order_id = %s ORDER BY id FOR UPDATE) AS locked",
            [order_id],
        )


def locked_open_chunks(order_id: UUID) -> list[UUID]:
    """Lock those chunks of an order that are not issued and that nobody is issuing. S6"""
    rows = Chunk.objects.select_for_update(skip_locked=True).filter(order_id=order_id, state=ChunkState.OPEN)
    return list(rows.order_by("id").values_list("id", flat=True))


def halted_copies(order_id: UUID) -> dict[UUID, int]:
    """Copies that a stop kept from being issued, by line. S6"""
    rows = Chunk.objects.filter(order_id=order_id, state=ChunkState.HALTED).values("line")
    return dict(rows.annotate(sum=Sum("copies")).values_list("line", "sum"))


def is_awaiting_issue(order_id: UUID) -> bool:
    """Whether some copies of an order are still to be issued, by us or by an external issuer."""
    untaken = Q(voucher__supply__state__in=["issued", "refused"], voucher__supply__taken_at=None)
    waits = Gift.objects.filter(Q(voucher__state=VoucherState.ORDERED) | untaken, order_id=order_id)
    return Chunk.objects.filter(order_id=order_id, state=ChunkState.OPEN).exists() or waits.exists()


def chunk_ids(order_id: UUID) -> list[UUID]:
    """The chunks of an order, in key order."""
    return list(Chunk.objects.filter(order_id=order_id).order_by("id").values_list("id", flat=True))


def chunk(chunk_id: UUID) -> Chunk | None:
    """One chunk with its order and line."""
    return Chunk.objects.select_related("order", "line").filter(id=chunk_id).first()


def gifts_with(voucher_ids: Sequence[UUID]) -> list[Gift]:
    """The gifts of these vouchers, with their recipients, in the order of the list."""
    rows = Gift.objects.filter(voucher__in=voucher_ids).select_related("recipient")
    return list(rows.order_by("position", "copy_number"))


@dataclass(frozen=True)
class Closing:
    """An order's closing account in won: paid = waiting + returned + used + partly used + live + expired + refunded. O9

    `waiting`: held for copies that are not issued yet; `returned`: given back for copies never issued.
    """

    paid_won: int
    waiting_won: int
    returned_won: int
    used_won: int
    partly_won: int
    live_won: int
    expired_won: int
    refunded_won: int

    @property
    def adds_up(self) -> bool:
        parts = (
            self.waiting_won, self.returned_won, self.used_won, self.partly_won, self.live_won,
            self.expired_won, self.refunded_won,
        )  # fmt: skip
        return self.paid_won == sum(parts)


def closing(order: Order) -> Closing:
    """Where an order's money is, by the state of its vouchers. O9"""
    rows = Gift.objects.filter(order=order).values("voucher__state").annotate(won=Sum("line__unit_price_won"))
    by_state = {row["voucher__state"]: int(row["won"]) for row in rows}
    hold = Hold.objects.get(id=order.hold_id)
    return Closing(
        paid_won=order.amount_won,
        waiting_won=hold.rest_won,
        returned_won=hold.released_won,
        used_won=by_state.get("used", 0),
        partly_won=by_state.get("partly_used", 0),
        live_won=by_state.get("issued", 0) + by_state.get("frozen", 0) + by_state.get("void", 0),
        expired_won=by_state.get("expired", 0),
        refunded_won=by_state.get("refunded", 0),
    )


_CHECKS = {
    "an order's copies were not issued exactly once": """
        SELECT o.public_id, coalesce(c.copies, 0), coalesce(g.gifts, 0) FROM orders_order o
        LEFT JOIN (SELECT order_id, sum(copies) AS copies FROM gifts_chunk WHERE state = 'issued'
                   GROUP BY order_id) c ON c.order_id = o.id
        LEFT JOIN (SELECT order_id, count(*) AS gifts FROM gifts_gift GROUP BY order_id) g ON g.order_id = o.id
        WHERE coalesce(c.copies, 0) <> coalesce(g.gifts, 0)""",
    "a chunk was not paid for exactly once": """
        SELECT c.id::text, c.copies * l.unit_price_won, coalesce(e.amount_won, 0)
        FROM gifts_chunk c JOIN orders_line l ON l.id = c.line_id
        LEFT JOIN ledger_entry e ON e.transfer_id = c.capture_id AND e.amount_won > 0
        WHERE c.state = 'issued' AND l.supplier <> 'external'
            AND c.copies * l.unit_price_won <> coalesce(e.amount_won, 0)""",
    "captured money is not that of the issued copies": """
        SELECT o.public_id, coalesce(g.won, 0), h.captured_won
        FROM orders_order o JOIN ledger_hold h ON h.id = o.hold_id
        LEFT JOIN (SELECT g.order_id, sum(l.unit_price_won) AS won FROM gifts_gift g
                   JOIN orders_line l ON l.id = g.line_id JOIN vouchers_voucher v ON v.id = g.voucher_id
                   LEFT JOIN vouchers_supply s ON s.voucher_id = v.id
                   WHERE v.state NOT IN ('ordered', 'not_issued') AND (s.voucher_id IS NULL OR s.state <> 'issued'
                       OR s.taken_at IS NOT NULL)
                   GROUP BY g.order_id) g ON g.order_id = o.id
        WHERE h.captured_won <> coalesce(g.won, 0)""",
    "refunded money is not that of the refunded copies": """
        SELECT o.public_id, coalesce(g.won, 0), h.refunded_won
        FROM orders_order o JOIN ledger_hold h ON h.id = o.hold_id
        LEFT JOIN (SELECT g.order_id, sum(l.unit_price_won) AS won FROM gifts_gift g
                   JOIN orders_line l ON l.id = g.line_id JOIN vouchers_voucher v ON v.id = g.voucher_id
                   WHERE v.state = 'refunded' GROUP BY g.order_id) g ON g.order_id = o.id
        WHERE h.refunded_won <> coalesce(g.won, 0)""",
    "a line does not count its refunded copies": """
        SELECT o.public_id, coalesce(g.copies, 0), l.refunded_copies
        FROM orders_line l JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN (SELECT g.line_id, count(*) AS copies FROM gifts_gift g
                   JOIN vouchers_voucher v ON v.id = g.voucher_id
                   WHERE v.state = 'refunded' GROUP BY g.line_id) g ON g.line_id = l.id
        WHERE l.refunded_copies <> coalesce(g.copies, 0)""",
    "a line does not count the copies that were never issued": """
        SELECT o.public_id, coalesce(g.copies, 0) + coalesce(c.copies, 0), l.unissued_copies
        FROM orders_line l JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN (SELECT c.line_id, sum(c.copies) AS copies FROM gifts_chunk c
                   JOIN orders_order o ON o.id = c.order_id AND o.state = 'finished'
                   WHERE c.state = 'halted' GROUP BY c.line_id) c ON c.line_id = l.id
        LEFT JOIN (SELECT g.line_id, count(*) AS copies FROM gifts_gift g
                   JOIN vouchers_supply s ON s.voucher_id = g.voucher_id
                   WHERE s.state = 'refused' AND s.taken_at IS NOT NULL GROUP BY g.line_id) g ON g.line_id = l.id
        WHERE l.unissued_copies <> coalesce(g.copies, 0) + coalesce(c.copies, 0)""",
    "a gift has no voucher, or a voucher no gift": """
        SELECT coalesce(g.public_id, v.id::text), 1, 0 FROM gifts_gift g
        FULL JOIN vouchers_voucher v ON v.id = g.voucher_id WHERE g.id IS NULL OR v.id IS NULL""",
    "a finished order has copies without an outcome": """
        SELECT o.public_id, 0, count(*) FROM orders_order o JOIN gifts_gift g ON g.order_id = o.id
        WHERE o.state = 'finished' AND g.result = 'waiting' AND g.resends = 0 GROUP BY o.public_id""",
    "a gift has no message": """
        SELECT g.public_id, 1, 0 FROM gifts_gift g LEFT JOIN vouchers_supply s ON s.voucher_id = g.voucher_id
        WHERE (s.voucher_id IS NULL OR s.state = 'issued' AND s.taken_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM dispatch_message m WHERE m.subject = g.id)""",
}


def faults() -> list[tuple[str, str, int, int]]:
    """Prove the gifts: (what, where, expected, found) for each row that does not add up."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [(what, str(w), int(e or 0), int(f or 0)) for w, e, f in cursor.fetchall()]
    return found
