"""Issuing, sending and following gifts. V1, S3, S5, O9

Starting cuts an order into chunks; each chunk is issued, paid and queued in one transaction, however often its job
runs. Money, vouchers and messages of a chunk exist together or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from seonmul.catalog.models import ProductKind, Supplier
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import queries as dispatch_now
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Channel, Letter
from seonmul.dispatch.ports import Result
from seonmul.gifts import mails, queries, rules
from seonmul.gifts.actions._falling import fall_back, outgoing_for, spreads
from seonmul.gifts.models import Chunk, ChunkState, Fallback, Gift
from seonmul.kit import bulk, clock, crypto, ids, jobs, states
from seonmul.ledger import actions as ledger
from seonmul.ledger import queries as ledger_now
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders import rules as orders_rules
from seonmul.orders.lists import Cells
from seonmul.orders.models import Line, Order, OrderState, Recipient
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers import rules as voucher_rules

#: A job that failed tries again for some minutes; only then nobody else will.
_UNHEARD_AFTER = timedelta(minutes=10)
_GIFT = {
    "id": "uuid", "public_id": "varchar", "buyer_id": "uuid", "order_id": "uuid", "line_id": "uuid",
    "recipient_id": "int8", "chunk_id": "uuid", "position": "int4", "copy_number": "int2", "voucher_id": "uuid",
    "link_sealed": "bytea", "link_index": "bytea", "result": "varchar", "resends": "int2",
    "issued_at": "timestamptz", "sent_at": "timestamptz",
}  # fmt: skip


@transaction.atomic
def start(order_id: UUID, *, at: datetime) -> None:
    """Begin to send a paid order: write its letters, cut it into chunks, queue them."""
    if not orders.begin_sending(order_id, at=at):
        return
    order = orders_now.locked_order(order_id)
    chunks = []
    for line in orders_now.lines_of(order_id):
        until = voucher_rules.valid_until(at, line.validity_days)
        letter = _write_letter(order, line, order.channel, until, at)
        if order.falls_back:
            _write_fallbacks(order, line, until, at)
        chunks += [
            Chunk(
                order=order,
                line=line,
                letter=letter,
                number=number,
                copies=copies,
                valid_until=until,
                opened_at=at,
            )
            for number, copies in orders_now.chunks_of(line)
        ]
    Chunk.objects.bulk_create(chunks, batch_size=1000)
    jobs.enqueue_many("gifts.issue_chunk", [{"chunk_id": chunk.id} for chunk in chunks])


def _write_fallbacks(order: Order, line: Line, until: datetime, at: datetime) -> None:
    """The letters by which this line's copies may follow: of the channels below its own that the product goes by. S1"""
    ways = dispatch_rules.ways_below(order.channel)
    Fallback.objects.bulk_create(
        Fallback(line=line, channel=way, letter=_write_letter(order, line, way, until, at))
        for way in ways
        if way in line.product.channels
    )


def letter_by(gift: Gift, channel: str, at: datetime) -> UUID:
    """The letter of a copy's line for another channel than the order's; written when it is first needed. S5"""
    asked: dict[str, Any] = {"line": gift.line, "channel": channel}
    found = Fallback.objects.filter(**asked).first()
    if found is None:
        letter = _write_letter(gift.order, gift.line, channel, gift.chunk.valid_until, at)
        found, _is_new = Fallback.objects.get_or_create(**asked, defaults={"letter": letter})
    return found.letter_id


def _write_letter(order: Order, line: Line, channel: str, until: datetime, at: datetime) -> Letter:
    """The text of a line's messages; a mail has eyes to please and a company's name before our address. S1, V5"""
    ad, text = orders_now.ad_of(order), orders_now.text_of(order)
    title = dispatch_rules.ad_title(orders_now.title_of(order), ad) if channel != Channel.SMS else ""
    gift = f"{line.product.brand.name} {line.product.name}"
    last_day = clock.korean_date(clock.seoul_date(until))
    html = ""
    if channel == Channel.MAIL:
        title = title or gift  # a text needs none
        html = mails.letter_html(dispatch_rules.ad_text(text, ad), title=title, gift=gift, until=last_day)
    return dispatch.write_letter(
        order.buyer_id,
        channel=channel,
        sender=orders_now.shown_sender(order, channel),
        title=title,
        text=orders_rules.letter_text(
            text if channel != Channel.SMS or order.channel == Channel.SMS else rules.SHORT_LETTER,
            channel=channel,
            gift=gift,
            until=last_day,
            ad=ad,
        ),
        html=html,
        is_ad=ad is not None,
        at=at,
    )


@transaction.atomic
def issue_chunk(chunk_id: UUID, *, at: datetime) -> None:
    """Issue the vouchers of a chunk, capture their price and queue their messages: all of it, once. V1, O9"""
    chunk = queries.locked_open_chunk(chunk_id)
    if chunk is None:
        return
    if chunk.order.halted_at:  # it was left open by a worker that died while the order was stopped
        states.move(Chunk.objects.filter(id=chunk.id), ChunkState.OPEN, ChunkState.HALTED)
        jobs.enqueue("gifts.tend", order_id=chunk.order_id)
        return
    product = chunk.line.product
    rest_won = product.face_value_won if product.kind == ProductKind.AMOUNT else 0
    copies = [
        (recipient, cells, number)
        for recipient, cells in orders_now.recipients_of(chunk.line_id, chunk.number)
        for number in range(recipient.copies_before + 1, recipient.copies_before + recipient.copies + 1)
    ]
    issued = vouchers.supply(
        product,
        chunk.line.supplier,
        len(copies),
        kept_for=chunk.order.draft_id,
        subject=chunk.id,
        rest_won=rest_won,
        valid_until=chunk.valid_until,
        at=at,
    )
    if chunk.order.wakes_at:
        vouchers.put_to_sleep(issued, until=chunk.order.wakes_at)
    outgoing = _store(chunk, copies, issued, at)
    if chunk.line.supplier == Supplier.EXTERNAL:
        # nothing is earned or sent before there is a code: see _supplied
        states.move(Chunk.objects.filter(id=chunk.id), ChunkState.OPEN, ChunkState.ISSUED, issued_at=at)
        return
    dispatch.queue(chunk.letter_id, outgoing, at=at, spreads=spreads(chunk.order, at))
    if orders_now.has_certificates(chunk.order_id):  # their reward moves a second account: both in key order
        ledger_now.locked_hold(chunk.order.hold_id)  # before them, as a refund does
        ledger_now.lock_accounts_of(chunk.order.buyer_id)
    # last, since the hold and its account line up everybody who issues for this buyer
    capture = ledger.capture(
        chunk.order.hold_id,
        orders_rules.amount_won(chunk.line.unit_price_won, len(copies)),
        cause=f"issue:{chunk.id}",
        at=at,
    )
    states.move(
        Chunk.objects.filter(id=chunk.id),
        ChunkState.OPEN,
        ChunkState.ISSUED,
        capture_id=capture.id,
        issued_at=at,
    )
    # the hold lines up the chunks of an order, so exactly the last one sees no other open
    if not chunk.order.halted_at and not queries.is_awaiting_issue(chunk.order_id):
        orders.earn_reward(chunk.order_id, at=at)


def _store(
    chunk: Chunk, copies: Sequence[tuple[Recipient, Cells, int]], issued: Sequence[UUID], at: datetime
) -> list[Outgoing]:
    ring, count = crypto.ring(), len(copies)
    links = ids.link_tokens(count)
    sealed, indexes = ring.seal_all(Gift.LINK, links), ring.index_all(Gift.LINK, links)
    new, public = ids.new_ids(count), ids.public_ids(count)
    order = chunk.order
    bulk.copy(
        "gifts_gift",
        _GIFT,
        (
            (
                new[n], public[n], order.buyer_id, order.id, chunk.line_id, recipient.id, chunk.id,
                recipient.position, number, issued[n], sealed[n], indexes[n], Result.WAITING, 0, at, at,
            )
            for n, (recipient, _, number) in enumerate(copies)
        ),
    )  # fmt: skip
    return [outgoing_for(order, new[n], cells, links[n]) for n, (_, cells, _) in enumerate(copies)]


@transaction.atomic
def note_results(batch_id: UUID, *, at: datetime) -> None:
    """Take over the results of a batch, and finish the orders whose last copy has an outcome now. S1, S4, O11

    What follows by another channel is queued in the same transaction, so such a copy goes on waiting. The copies are locked
    before their results are read: of two jobs, the one that writes last has read last, so no older result stays.
    """
    subjects = dispatch_now.all_subjects_of(batch_id)
    queries.lock_outcomes(subjects)
    moved = queries.moved_among(subjects)
    fall_back(batch_id, moved, at)
    found = dispatch_now.results_about_batch(batch_id)
    if moved:
        # what became of messages to a number that the copy has left says nothing of the one to which it goes now
        found = [one for one in found if one.subject not in moved] + dispatch_now.results_since(moved)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE gifts_gift g SET result = v.result, result_at = v.at
            FROM unnest(%s::uuid[], %s::varchar[], %s::timestamptz[]) v(id, result, at)
            WHERE g.id = v.id AND g.result <> v.result RETURNING g.order_id""",
            [[r.subject for r in found], [str(r.result) for r in found], [r.at for r in found]],
        )
        orders_touched = {row[0] for row in cursor.fetchall()}
    for order_id in sorted(orders_touched):
        finish_when_settled(order_id, at)


def finish_when_settled(order_id: UUID, at: datetime) -> None:
    """Finish an order when no copy of it waits any more. O11"""
    # two last batches may be noted at the same moment: the second must see what the first wrote
    order = orders_now.locked_with_hold(order_id)
    if queries.is_settled(order_id):
        if order.halted_at and order.state == OrderState.SENDING:
            # what the gate held back is refunded first: gifts are locked before the hold that we have already
            jobs.enqueue_once("gifts.call_back", f"call_back:{order_id}", order_id=order_id)
        elif orders.finish(order_id, at=at):
            jobs.enqueue("gifts.weigh_check", order_id=order_id)


@transaction.atomic
def sweep(*, at: datetime) -> None:
    """Look for open rows, not for jobs: orders not started, chunks not issued, orders not finished. S3"""
    before = at - timedelta(seconds=settings.SECONDS_SWEEP)
    for order_id in queries.untended(before, at):
        jobs.enqueue_once("gifts.tend", f"tend:{order_id}", order_id=order_id)
    for chunk_id in queries.open_chunks(before):
        jobs.enqueue_once("gifts.issue_chunk", f"issue:{chunk_id}", chunk_id=chunk_id)


@transaction.atomic
def sweep_results(*, at: datetime) -> int:
    """Look for copies whose messages have ended and that wait all the same, and have their results noted; returns how many
    batches. S3, S4"""
    found = queries.unheard(at - _UNHEARD_AFTER)
    for batch_id in found:
        jobs.enqueue_once(queries.HEARING, f"unheard:{batch_id}", batch_id=batch_id)
    return len(found)


@transaction.atomic
def tend(order_id: UUID, *, at: datetime) -> None:
    """Bring an order on that nobody brought on: start it, or finish it."""
    start(order_id, at=at)
    finish_when_settled(order_id, at)
