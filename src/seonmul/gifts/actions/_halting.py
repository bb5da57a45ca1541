"""A sending stopped half-way, and a wrong one called back while its vouchers sleep. S6

Locks are taken as issuing and results take them: chunks, gifts, hold, order.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.gifts import queries, rules
from seonmul.gifts.actions._refunding import refund_all
from seonmul.gifts.models import Chunk, ChunkState
from seonmul.kit import jobs, states
from seonmul.kit.refusals import refuse
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.models import Order
from seonmul.vouchers import actions as vouchers


@transaction.atomic
def halt(order_id: UUID, *, by: Member, at: datetime) -> None:
    """Stop a sending: what has not gone yet never goes, and its price goes back. S6, O9

    Chunks that are not issued stay so; messages that are not handed over are withdrawn by the gate, and their vouchers
    refunded when that is noted. What a carrier has stays with it. Raises Refused.
    """
    order = orders_now.order(order_id)
    refuse(rules.why_not_halt(queries.halt_facts(order), may_buy=_may_buy(order, by)))
    _halt(order, at)
    audit.record("order_halted", by=by.id, subject=order.id, company=order.buyer_id, at=at)


@transaction.atomic
def recall(order_id: UUID, *, by: Member, at: datetime) -> int:
    """Call a whole order back while its vouchers are asleep: all of them die and are refunded. Returns how many. S6

    Also those whose message has arrived: its link says so from now on. Raises Refused.
    """
    order = orders_now.order(order_id)
    refuse(rules.why_not_recall(queries.halt_facts(order), may_buy=_may_buy(order, by), at=at))
    _halt(order, at)
    count = refund_all(order.id, queries.live_ids, by=str(by.id), why="recall", at=at)
    audit.record("order_recalled", by=by.id, subject=order.id, company=order.buyer_id, at=at, count=count)
    return count


def _halt(order: Order, at: datetime) -> None:
    states.move(Chunk.objects.filter(order=order), ChunkState.OPEN, ChunkState.HALTED)
    orders.note_halted(order.id, at=at)
    vouchers.withdraw(queries.chunk_ids(order.id), at=at)
    jobs.enqueue("gifts.tend", order_id=order.id)


def _may_buy(order: Order, by: Member) -> bool:
    buyer = members_now.buyer_of(by) if members_now.may_buy(by) else None
    return buyer is not None and buyer.id == order.buyer_id
