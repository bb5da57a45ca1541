"""A sending stopped half-way, and a wrong one called back while its vouchers sleep. S6

Locks are taken as issuing, the issuer's answers and results take them: chunks, supplies, gifts, vouchers, hold, order.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.dispatch import actions as dispatch
from seonmul.gifts import queries, rules
from seonmul.gifts.actions._refunding import refund_all
from seonmul.gifts.models import Chunk, ChunkState
from seonmul.kit import jobs, states
from seonmul.kit.refusals import refuse
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.models import Order, OrderState
from seonmul.vouchers import actions as vouchers


@transaction.atomic
def halt(order_id: UUID, *, by: Member, at: datetime) -> None:
    """Stop a sending: what has not gone yet never goes, and its price goes back. S6, O9

    Chunks that are not issued stay so; messages that are not handed over are withdrawn by the gate, and their vouchers
    refunded when that is noted. What a carrier has stays with it. Raises Refused.
    """
    order = orders_now.order(order_id)
    refuse(rules.why_not_halt(queries.halt_facts(order), may_buy=members_now.buys_for(by) == order.buyer_id))
    _keep_back(order, at)
    orders.note_halted(order.id, at=at)
    audit.record("order_halted", by=by.id, subject=order.id, company=order.buyer_id, at=at)


@transaction.atomic
def recall(order_id: UUID, *, by: Member, at: datetime) -> int:
    """Call a whole order back while its vouchers are asleep: all of them die and are refunded. Returns how many. S6

    Also those whose message has arrived: its link says so from now on. Those of an external issuer are asked back and
    refunded when it confirms; what is being issued at this moment is withdrawn by the gate. Raises Refused.
    """
    order = orders_now.order(order_id)
    refuse(
        rules.why_not_recall(
            queries.halt_facts(order), may_buy=members_now.buys_for(by) == order.buyer_id, at=at
        )
    )
    _keep_back(order, at)
    queries.lock_gifts(order.id)
    count = refund_all(order.id, queries.live_ids, by=str(by.id), why="recall", at=at)
    orders.note_halted(order.id, at=at)
    audit.record("order_recalled", by=by.id, subject=order.id, company=order.buyer_id, at=at, count=count)
    return count


def _keep_back(order: Order, at: datetime) -> None:
    """Close the chunks that nobody is issuing at this moment: waiting for those would be a race with the workers."""
    free = Chunk.objects.filter(id__in=queries.locked_open_chunks(order.id))
    states.move(free, ChunkState.OPEN, ChunkState.HALTED)
    vouchers.withdraw(queries.chunk_ids(order.id), at=at)
    dispatch.wake(queries.letter_ids(order.id), at=at)
    jobs.enqueue("gifts.tend", order_id=order.id)


@transaction.atomic
def call_back(order_id: UUID, *, at: datetime) -> None:
    """Refund what a stop kept back, once all of the order has an outcome, and finish it. S6, O9, P4"""
    queries.lock_gifts(order_id)
    refund_all(order_id, queries.withdrawn_ids, by="platform", why="halted", at=at)
    order = orders_now.locked_with_hold(order_id)
    if order.state != OrderState.SENDING or not queries.is_settled(order_id):
        return
    never = queries.halted_copies(order_id)
    if never:
        orders.release_copies(order_id, never, cause=f"halted:{order_id}", by="platform", at=at)
    orders.earn_reward(order_id, at=at)
    orders.finish(order_id, at=at)
