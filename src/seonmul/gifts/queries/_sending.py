"""What sending, resending and settling need to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from seonmul.dispatch import events
from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.ports import Result
from seonmul.gifts import rules
from seonmul.gifts.models import Chunk, ChunkState, DoubtWhy, Fallback, Gift
from seonmul.gifts.queries._doubting import is_doubted
from seonmul.gifts.queries._history import GROUPS
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers.models import VoucherState


def facts(gift: Gift, gone_senders: Mapping[UUID, str] | None = None) -> rules.GiftFacts:
    """What the rule of resending needs to know; `gift` comes with its voucher.

    `gone_senders`: by `orders.queries.gone_senders`, asked once for all gifts; nobody else than a resend needs it. M6
    """
    return rules.GiftFacts(
        voucher_state=gift.voucher.state,
        valid_until=gift.voucher.valid_until,
        result=Result(gift.result),
        resends=gift.resends,
        sent_at=gift.sent_at,
        gone_sender=(gone_senders or {}).get(gift.order_id, ""),
    )


def locked_gifts(gift_ids: Sequence[UUID]) -> list[Gift]:
    """Lock gifts in key order, with what a resend needs."""
    return list(
        Gift.objects.select_for_update(of=("self",))
        .filter(id__in=gift_ids)
        .select_related("voucher", "recipient", "chunk", "order", "line__product")
        .order_by("id")
    )


def locked_to_refund(gift_ids: Sequence[UUID]) -> list[Gift]:
    """Lock gifts whose price may go back: what an external issuer has of them first, as its answers do. O10, C3"""
    voucher_ids = Gift.objects.filter(id__in=gift_ids).values_list("voucher_id", flat=True)
    vouchers.locked_supplies(list(voucher_ids))
    return locked_gifts(gift_ids)


def lock_outcomes(gift_ids: Sequence[UUID]) -> None:
    """Let nobody else write what became of these copies until this transaction ends. S4"""
    list(Gift.objects.select_for_update().filter(id__in=gift_ids).order_by("id").values_list("id"))


def locked_to_fall_back(gift_ids: Sequence[UUID]) -> list[Gift]:
    """Lock those of these gifts that wait for their outcome and whose order says that another channel may follow. S1"""
    rows = Gift.objects.select_for_update(of=("self",)).filter(
        id__in=gift_ids, result=Result.WAITING, order__falls_back=True, order__halted_at=None
    )
    return list(rows.select_related("recipient", "order").order_by("id"))


def fallback_letters(line_ids: Iterable[UUID]) -> dict[UUID, dict[str, UUID]]:
    """By line, the letter of each channel that may follow. S1"""
    rows = Fallback.objects.filter(line__in=list(line_ids)).order_by("id")
    found: dict[UUID, dict[str, UUID]] = {}
    for line, channel, letter in rows.values_list("line_id", "channel", "letter_id"):
        found.setdefault(line, {})[channel] = letter
    return found


def locked_open_chunk(chunk_id: UUID) -> Chunk | None:
    """Lock a chunk that is not issued and that nobody else is issuing."""
    return (
        Chunk.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("order", "line__product")
        .filter(id=chunk_id, state=ChunkState.OPEN)
        .first()
    )


def valid_until(order_id: UUID) -> datetime | None:
    """The last moment of an order's vouchers as they were issued; None before there are any."""
    return (
        Chunk.objects.filter(order=order_id)
        .order_by("opened_at", "id")
        .values_list("valid_until", flat=True)
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


#: The job that hears of a batch's results.
HEARING = f"gifts.on.{events.RESULTS}"
#: The newest message about a copy, where it has an end and the copy does not know. What was written before its number was
#: changed says nothing of it. S4, S5
UNHEARD = """
    gifts_gift g CROSS JOIN LATERAL (
        SELECT a.batch_id, a.state, a.opened_at, a.ended_at
        FROM dispatch_message m JOIN dispatch_attempt a ON a.message_id = m.id
        WHERE m.subject = g.id ORDER BY a.opened_at DESC, a.id DESC LIMIT 1) AS newest
    WHERE g.result = 'waiting' AND newest.state = 'ended' AND NOT EXISTS (
        SELECT FROM gifts_numberchange c
        WHERE c.gift_id = g.id AND (c.done_at IS NULL OR c.done_at > newest.opened_at))"""


def unheard(before: datetime, limit: int = 100) -> list[UUID]:
    """Batches whose messages ended `before` and whose copies wait all the same: nobody noted their results. S3, S4

    Only copies that wait are looked at, by the index of those.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT newest.batch_id FROM {UNHEARD}
                AND g.sent_at <= %s AND newest.ended_at <= %s ORDER BY 1 LIMIT %s""",  # noqa: S608 - ours
            [before, before, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def is_settled(order_id: UUID) -> bool:
    """Say whether every copy of an order has an outcome. O11"""
    open_chunk = Chunk.objects.filter(order_id=order_id, state=ChunkState.OPEN).exists()
    has_chunk = Chunk.objects.filter(order_id=order_id).exists()
    waiting = Gift.objects.filter(order_id=order_id, result=Result.WAITING).exists()
    return has_chunk and not open_chunk and not waiting


#: Not known to have come to nothing: it arrived, is on its way, or nobody knows, and whoever got it may use it yet. O9, S4
_MAY_HAVE_ARRIVED = (Result.DELIVERED, Result.WAITING, Result.NO_ANSWER, Result.IN_DOUBT)


def _undelivered(before: datetime) -> QuerySet[Gift]:
    """Copies that arrived nowhere, whose last result is older than `before`, and that nobody opened either. O9

    Codes of a pool on which staff decide, or have decided, are not among them.
    """
    return _nowhere().filter(~is_doubted(DoubtWhy.POOL), result_at__lt=before)


def _nowhere() -> QuerySet[Gift]:
    known = Gift.objects.filter(GROUPS["failed"]).exclude(result__in=_MAY_HAVE_ARRIVED)
    return known.filter(result_at__isnull=False, opened_at=None, voucher__state="issued")


def undelivered(before: datetime, limit: int = 1_000) -> list[UUID]:
    """Orders that have such copies. O9"""
    rows = _undelivered(before).values_list("order_id", flat=True)
    return list(rows.distinct().order_by("order_id")[:limit])


def undelivered_of(buyer_id: UUID) -> int:
    """How many copies of a buyer arrived nowhere and are not refunded yet: their price comes back. O9, M9"""
    return _nowhere().filter(buyer_id=buyer_id).count()


def locked_undelivered(order_id: UUID, before: datetime, limit: int = 5_000) -> list[Gift]:
    """Lock an order's copies that arrived nowhere; those that were sent again meanwhile are not among them. O9"""
    found = _undelivered(before).filter(order_id=order_id).order_by("id")
    gifts = locked_to_refund(list(found.values_list("id", flat=True)[:limit]))
    return [
        gift
        for gift in gifts
        if gift.result_at
        and gift.result_at < before
        and gift.opened_at is None
        and gift.result not in _MAY_HAVE_ARRIVED
    ]


def is_external(order_id: UUID) -> bool:
    """Whether an external issuer takes an order's vouchers back. C3"""
    return Gift.objects.filter(order_id=order_id).exclude(voucher__supply=None).exists()


def is_awaiting_issue(order_id: UUID) -> bool:
    """Whether some copies of an order are still to be issued, by us or by an external issuer."""
    untaken = Q(voucher__supply__state__in=["issued", "refused"], voucher__supply__taken_at=None)
    waits = Gift.objects.filter(Q(voucher__state=VoucherState.ORDERED) | untaken, order_id=order_id)
    return Chunk.objects.filter(order_id=order_id, state=ChunkState.OPEN).exists() or waits.exists()


def chunk_ids(order_id: UUID) -> list[UUID]:
    """The chunks of an order, in key order."""
    return list(Chunk.objects.filter(order_id=order_id).order_by("id").values_list("id", flat=True))


def letter_ids(order_id: UUID) -> list[UUID]:
    """The letters of an order, in key order; with those by which its copies follow or go again by another channel. S1"""
    own = Chunk.objects.filter(order_id=order_id).values_list("letter_id", flat=True)
    others = Fallback.objects.filter(line__order=order_id).values_list("letter_id", flat=True)
    return sorted({*own, *others})


def put_off(order_id: UUID, at: datetime) -> tuple[int, datetime | None]:
    """How many messages of an order wait for a later moment since their recipients get so much, and until when. S7"""
    return dispatch.put_off(letter_ids(order_id), at)


def chunk(chunk_id: UUID) -> Chunk | None:
    """One chunk with its order and line."""
    return Chunk.objects.select_related("order", "line").filter(id=chunk_id).first()


def gifts_with(voucher_ids: Sequence[UUID]) -> list[Gift]:
    """The gifts of these vouchers, with their recipients, in the order of the list."""
    rows = Gift.objects.filter(voucher__in=voucher_ids).select_related("recipient")
    return list(rows.order_by("position", "copy_number"))
