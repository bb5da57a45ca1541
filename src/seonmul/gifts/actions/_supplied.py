"""Gifts whose codes an external issuer has given, refused or taken back. C3, O9

What it gave is sent and earned; what it refused is given back as never issued; what it took back is refunded. One copy
that waits keeps no other from going.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.ports import Result
from seonmul.gifts import queries
from seonmul.gifts.actions import _replacing
from seonmul.gifts.actions._falling import outgoing_for, spreads
from seonmul.gifts.actions._sending import finish_when_settled
from seonmul.gifts.models import Chunk, Gift
from seonmul.ledger import actions as ledger
from seonmul.orders import actions as orders
from seonmul.orders import rules as orders_rules
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import Supply


@transaction.atomic
def note_supplied(chunk_id: UUID, *, at: datetime) -> None:
    """Take over what the issuer has done for a chunk since it was last asked: all of it, once. C3, O9"""
    chunk = queries.chunk(chunk_id)
    if chunk is None:
        return
    found = _replacing.go_on(vouchers.take_over(chunk_id, at=at), chunk_id, at=at)
    rows = [row.voucher_id for group in found.values() for row in group]
    if rows:  # the copies before their money, and then all of that at once, as everybody does
        queries.lock_outcomes([one.id for one in queries.gifts_with(rows)])
    if found["issued"]:
        _send(chunk, found["issued"], at)
    if rows:
        orders.lock_money(chunk.order_id)
    if found["issued"]:
        _earn(chunk, found["issued"], at)
    if found["refused"]:
        _give_up(chunk, found["refused"], at)
    for row in found["cancelled"]:
        _refund(chunk, row, at)
    is_last = (found["issued"] or found["refused"]) and not queries.is_awaiting_issue(chunk.order_id)
    if is_last and not chunk.order.halted_at:
        orders.earn_reward(chunk.order_id, at=at)
    if found["refused"] or chunk.order.halted_at:
        finish_when_settled(chunk.order_id, at)


def _send(chunk: Chunk, rows: Sequence[Supply], at: datetime) -> None:
    gifts = queries.gifts_with([row.voucher_id for row in rows])
    outgoing = [
        outgoing_for(chunk.order, one.id, queries.cells_of(one), queries.link_of(one)) for one in gifts
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gifts_gift SET sent_at = %s WHERE id = ANY(%s)", [at, [one.id for one in gifts]]
        )
    if chunk.order.halted_at:
        _turn_back(gifts, at)
    else:
        dispatch.queue(chunk.letter_id, outgoing, at=at, spreads=spreads(chunk.order, at))


def _earn(chunk: Chunk, rows: Sequence[Supply], at: datetime) -> None:
    won = orders_rules.amount_won(chunk.line.unit_price_won, len(rows))
    # a voucher is supplied once, so the first of them names the capture
    ledger.capture(chunk.order.hold_id, won, cause=f"supply:{rows[0].voucher_id}", at=at)


def _turn_back(gifts: Sequence[Gift], at: datetime) -> None:
    """The order was stopped while the issuer was asked: what it gave goes to nobody, and back to it. S6"""
    Gift.objects.filter(id__in=[one.id for one in gifts]).update(result=Result.WITHDRAWN, result_at=at)
    vouchers.ask_back([one.voucher_id for one in gifts], by="platform", where="halt", at=at)


def _give_up(chunk: Chunk, rows: Sequence[Supply], at: datetime) -> None:
    gifts = Gift.objects.filter(voucher__in=[row.voucher_id for row in rows])
    gifts.update(result=Result.WITHDRAWN, result_at=at)
    cause = f"unissued:{rows[0].voucher_id}"
    orders.release_copies(chunk.order_id, {chunk.line_id: len(rows)}, cause=cause, at=at)


def _refund(chunk: Chunk, row: Supply, at: datetime) -> None:
    """The issuer has confirmed: only now the voucher's state and the money follow. P5"""
    if vouchers.refund([row.voucher_id], by=row.cancel_by, where=row.cancel_where, at=at):
        cause = f"taken_back:{row.voucher_id}"
        orders.refund_copies(chunk.order_id, {chunk.line_id: 1}, cause=cause, by=row.cancel_by, at=at)
