"""What stopping and calling back need to know. S6, O10"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q, Sum

from seonmul.dispatch.ports import Result
from seonmul.gifts import rules
from seonmul.gifts.models import Chunk, ChunkState, Gift
from seonmul.orders.models import Order, OrderState
from seonmul.vouchers.models import VoucherState


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
