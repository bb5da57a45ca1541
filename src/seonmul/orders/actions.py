"""What is done with drafts and orders. O1, O2, O6

Each verb is one transaction; parsing a sheet happens before it begins.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from seonmul.audit import actions as audit
from seonmul.catalog import queries as catalog
from seonmul.catalog import rules as catalog_rules
from seonmul.catalog.models import List
from seonmul.dispatch import queries as dispatch
from seonmul.figures import queries as figures_now
from seonmul.kit import bulk, clock, crypto, jobs, sheets, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.kit.sheets import Note, Sheet
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members import rules as member_rules
from seonmul.members.models import BuyerKind, Member
from seonmul.orders import events, lists, queries, rules
from seonmul.orders.lists import CheckedRow, RawRow
from seonmul.orders.models import Draft, DraftRow, Line, Order, OrderState

_ROW = {
    "draft_id": "uuid", "position": "int4", "cells_sealed": "bytea", "phone_index": "bytea", "copies": "int2",
    "name_bytes": "int2", "fault": "varchar", "repair": "varchar", "is_over": "bool",
}  # fmt: skip


@transaction.atomic
def begin(by: Member, list_: List, code: str, *, at: datetime) -> Draft:
    """Begin a draft for one product. Raises Refused when it cannot be bought.

    The sender is the member's own number, else the buyer's first one; empty when the member wants it so. M5
    """
    buyer = members_now.buyer_of(by)
    if buyer is None or not members_now.may_buy(by):
        raise Refused(No(rules.OrderRefusal.NOT_A_BUYER))
    offer = catalog.offer(list_, code)
    refuse(catalog_rules.why_not_buy(catalog.facts(offer), is_company=buyer.kind == BuyerKind.COMPANY))
    if offer is None:
        raise Refused(No(catalog_rules.ProductRefusal.NOT_ON_LIST))
    senders = dispatch.senders_of(buyer.id, by.id) if by.auto_sender else []
    # a number of one's own stands before those of the company
    senders.sort(key=lambda sender: sender.member_id != by.id)
    return Draft.objects.create(
        buyer=buyer,
        member=by,
        list=list_,
        product=offer.product,
        sender=senders[0].digits if senders else "",
        made_at=at,
        saved_at=at,
    )


@transaction.atomic
def discard(draft_id: UUID) -> None:
    """Throw a draft away, with its list. Nothing happens when it has become an order."""
    if queries.locked_draft(draft_id) is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_draftrow WHERE draft_id = %s", [draft_id])
    Draft.objects.filter(id=draft_id).delete()


@transaction.atomic
def save(
    draft_id: UUID, *, at: datetime, title: str | None = None, text: str | None = None, **fields: object
) -> None:
    """Keep what was typed; `fields` are plain columns of the draft (sender, channel, purpose, is_lawful)."""
    ring = crypto.ring()
    if title is not None:
        fields["title_sealed"] = ring.seal(Draft.TITLE, title)
    if text is not None:
        fields["text_sealed"] = ring.seal(Draft.TEXT, text)
    Draft.objects.filter(id=draft_id).update(saved_at=at, **fields)


@dataclass(frozen=True)
class Imported:
    """What a sheet brought: rows added, and what people should know about how it was read."""

    rows: int
    notes: tuple[Note, ...]


def import_sheet(
    draft_id: UUID,
    data: bytes | str | os.PathLike[str],
    name: str,
    *,
    at: datetime,
    phone_column: int | None = None,
    name_column: int | None = None,
) -> Imported:
    """Read an xlsx or csv file (bytes or path) into a draft. Columns: index from 0, guessed when not given. O1

    Raises SheetRefused, and Refused(TOO_MANY_ROWS); nothing is added then.
    """
    most = figures_now.figures(at).recipients_most
    imported = _add_sheet(draft_id, sheets.read(data, name, most_rows=most), phone_column, name_column, at)
    Draft.objects.filter(id=draft_id).update(file_name=name[:200])
    return imported


def import_text(draft_id: UUID, text: str, *, at: datetime) -> Imported:
    """Read what was pasted into a draft. O1"""
    return _add_sheet(draft_id, sheets.paste(text), None, None, at)


def _add_sheet(draft_id: UUID, sheet: Sheet, phone: int | None, name: int | None, at: datetime) -> Imported:
    columns = lists.columns_of(sheet, phone, name)
    rows = add_rows(draft_id, lists.raw_rows(sheet, columns), at=at)
    return Imported(rows, sheet.notes + columns.notes)


@transaction.atomic
def add_rows(draft_id: UUID, rows: Iterable[RawRow], *, at: datetime) -> int:
    """Check rows and put them behind those that are there; returns how many were added. O1

    On an empty draft the rows keep their numbers of the sheet. Raises Refused(TOO_MANY_ROWS) and adds nothing.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return 0
    figures = figures_now.figures(at)
    had = DraftRow.objects.filter(draft=draft).aggregate(last=Max("position"))["last"] or 0
    before = DraftRow.objects.filter(draft=draft).count() if had else 0
    room = figures.recipients_most - before
    checked = list(islice(lists.check(rows), room + 1))
    if len(checked) > room:
        more = sum(1 for _ in rows) if not isinstance(rows, list) else len(rows) - room - 1
        refuse(rules.why_not_import(figures.recipients_most + 1 + more, figures=figures))
    bulk.copy("orders_draftrow", _ROW, _stored(draft_id, checked, had))
    _mark_doubles(draft_id, draft.product.copies_most)
    Draft.objects.filter(id=draft_id).update(saved_at=at)
    return len(checked)


def _stored(draft_id: UUID, checked: list[CheckedRow], had: int) -> Iterator[tuple[object, ...]]:
    ring = crypto.ring()
    sealed = ring.seal_all(DraftRow.CELLS, (row.cells.packed() for row in checked))
    indexes = ring.index_all(DraftRow.PHONE, (row.phone for row in checked))
    for number, (row, cells, index) in enumerate(zip(checked, sealed, indexes, strict=True), 1):
        yield (
            draft_id,
            had + number if had else row.position,
            cells,
            index if row.phone else None,
            row.copies,
            row.name_bytes,
            row.fault,
            row.repair,
            False,
        )


def add_one(draft_id: UUID, row: RawRow, *, at: datetime) -> None:
    """Add one person as typed; raises Refused with the row's fault instead of adding it. O1"""
    row = lists.by_hand(row)
    checked = next(lists.check([row]))
    if checked.fault:
        raise Refused(lists.why(checked.fault, checked.cells))
    add_rows(draft_id, [row], at=at)


@transaction.atomic
def mend_row(draft_id: UUID, position: int, *, phone: str, name: str | None = None, at: datetime) -> None:
    """Replace what was typed in one row; the row says again whether it is right. O1"""
    draft = queries.locked_draft(draft_id)
    row = DraftRow.objects.filter(draft_id=draft_id, position=position).first()
    if draft is None or row is None:
        return
    ring = crypto.ring()
    cells = lists.Cells.unpacked(ring.open(DraftRow.CELLS, row.cells_sealed))
    kept = row.copies if row.fault != lists.RowFault.COPIES.code else 1
    raw = RawRow(position, phone, cells.name if name is None else name, cells.mail, str(kept))
    checked = next(lists.check([lists.by_hand(raw)]))
    DraftRow.objects.filter(id=row.id).update(
        cells_sealed=ring.seal(DraftRow.CELLS, checked.cells.packed()),
        phone_index=ring.index(DraftRow.PHONE, checked.cells.phone) if checked.cells.phone else None,
        copies=checked.copies,
        name_bytes=checked.name_bytes,
        fault=checked.fault,
        repair=checked.repair,
    )
    _mark_doubles(draft_id, draft.product.copies_most)
    Draft.objects.filter(id=draft_id).update(saved_at=at)


@transaction.atomic
def drop_rows(draft_id: UUID, *, at: datetime, position: int | None = None, only: str = "") -> int:
    """Take rows off the list: one, or all of a filter. Returns how many are gone."""
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return 0
    rows = DraftRow.objects.filter(queries.FILTERS.get(only, queries.FILTERS[""]), draft=draft)
    if position is not None:
        rows = rows.filter(position=position)
    gone = rows.delete()[0]
    _mark_doubles(draft_id, draft.product.copies_most)
    Draft.objects.filter(id=draft_id).update(saved_at=at)
    return gone


@transaction.atomic
def one_each(draft_id: UUID, *, at: datetime) -> int:
    """Keep one copy for each number ("한 건만 보내기"): later rows with the same number go. O2

    A row that can be sent stays before one at fault. Returns how many are gone.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM orders_draftrow r USING (
                SELECT id, row_number() OVER (PARTITION BY phone_index ORDER BY fault <> '', position) AS nth
                FROM orders_draftrow WHERE draft_id = %s AND phone_index IS NOT NULL) n
            WHERE r.id = n.id AND n.nth > 1""",
            [draft_id],
        )
        gone = int(cursor.rowcount)
        cursor.execute("UPDATE orders_draftrow SET copies = 1 WHERE draft_id = %s AND copies > 1", [draft_id])
    _mark_doubles(draft_id, draft.product.copies_most)
    Draft.objects.filter(id=draft_id).update(saved_at=at)
    return gone


def _mark_doubles(draft_id: UUID, copies_most: int) -> None:
    """Mark the rows with which a number gets more copies than the product allows. O2"""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_draftrow r SET is_over = n.is_over FROM (
                SELECT id, phone_index IS NOT NULL AND fault = '' AND
                    sum(copies) FILTER (WHERE fault = '') OVER (PARTITION BY phone_index ORDER BY position) > %s
                    AS is_over
                FROM orders_draftrow WHERE draft_id = %s) n
            WHERE r.id = n.id AND r.is_over <> n.is_over""",
            [copies_most, draft_id],
        )


def pay(
    draft_id: UUID, *, by: Member, secret: str, device: str, seen_won: int, seen_left_out: int, at: datetime
) -> Order:
    """Take the member's spend authentication (`secret`: texted code or payment password) and place. M4, O6

    `device`: the browser's cookie; on a new one it is always the texted code. M8

    The draft is locked from the first look to the last, so the same form sent twice at once is one order. Raises
    Refused; a wrong try stays counted.
    """
    with transaction.atomic():
        outcome = _pay(draft_id, by, secret, device, seen_won, seen_left_out, at)
    if isinstance(outcome, No):
        raise Refused(outcome)
    return outcome


def _pay(
    draft_id: UUID, by: Member, secret: str, device: str, seen_won: int, seen_left_out: int, at: datetime
) -> Order | No:
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return queries.order_from(draft_id) or No(rules.OrderRefusal.CHANGED_MEANWHILE)
    purpose = queries.purpose_of(draft, queries.quote(draft))
    try:
        if members_now.pays_by_password(by, device, at):
            grant = members.enter_payment_password(by.id, purpose, secret, device=device, at=at)
        else:
            grant = members.enter_spend_code(by.id, purpose, secret, at=at)
        return place(
            draft_id, by=by, grant_id=grant.id, seen_won=seen_won, seen_left_out=seen_left_out, at=at
        )
    except Refused as refused:
        return refused.no


@transaction.atomic
def place(
    draft_id: UUID, *, by: Member, grant_id: UUID, seen_won: int, seen_left_out: int, at: datetime
) -> Order:
    """Turn a draft into a paid order: the money is held, and whoever sends is told. O6, O9

    The same draft gives the same order, however often and by whomever it is sent. Raises Refused and keeps the
    draft as it is.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        placed = queries.order_from(draft_id)
        if placed is None:
            raise Refused(No(rules.OrderRefusal.CHANGED_MEANWHILE))
        return placed
    quote = queries.quote(draft)
    facts = queries.facts(
        draft, quote, by, seen_won=seen_won, seen_left_out=seen_left_out, site_url=settings.PUBLIC_URL, at=at
    )
    refuse(rules.why_not_place(facts, figures=figures_now.figures(at), at=at))
    members.use_grant(grant_id, by.id, queries.purpose_of(draft, quote), at=at)
    held = ledger.hold(
        draft.buyer_id,
        [(Kind.CASH, quote.amount_won)],
        cause=f"order:{draft.id}",
        subject=str(draft.id),
        at=at,
    )
    order = Order.objects.create(
        draft_id=draft.id,
        public_id=draft.public_id,  # the draft's address leads on to its order
        buyer_id=draft.buyer_id,
        member=by,
        list=draft.list,
        channel=draft.channel,
        sender=draft.sender,
        title_sealed=draft.title_sealed,
        text_sealed=draft.text_sealed,
        purpose=draft.purpose,
        people=quote.people,
        copies=quote.copies,
        amount_won=quote.amount_won,
        hold_id=held.id,
        grant_id=grant_id,
        paid_at=at,
    )
    _take_over(draft, order, quote)
    audit.record(
        "order_placed", by=by.id, subject=order.id, company=draft.buyer_id, at=at,
        amount_won=quote.amount_won, people=quote.people, copies=quote.copies, left_out=quote.rows_at_fault,
    )  # fmt: skip
    jobs.announce(events.PAID, order_id=order.id)
    return order


def _take_over(draft: Draft, order: Order, quote: queries.Quote) -> None:
    """Make the draft's good rows the order's recipients, cut into chunks, and forget the draft."""
    offer = queries.offer_of(draft)
    line = Line.objects.create(
        order=order,
        product=draft.product,
        unit_price_won=quote.unit_price_won,
        validity_days=offer.validity_days if offer else 0,
        people=quote.people,
        copies=quote.copies,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO orders_recipient (line_id, position, chunk, cells_sealed, phone_index, copies)
            SELECT %s, position, (sum(copies) OVER (ORDER BY position) - 1) / %s, cells_sealed, phone_index, copies
            FROM orders_draftrow WHERE draft_id = %s AND fault = '' AND NOT is_over""",
            [line.id, rules.CHUNK_COPIES, draft.id],
        )
        cursor.execute("DELETE FROM orders_draftrow WHERE draft_id = %s", [draft.id])
    Draft.objects.filter(id=draft.id).delete()


@transaction.atomic
def close_account(by: Member, *, is_proved: bool, gives_up_reward: bool, at: datetime) -> None:
    """Close a member's account and discard the drafts that nobody goes on with. Raises Refused and changes nothing. M9

    Vouchers already sent are their recipients': orders, links and codes stay as they are.
    """
    facts = queries.closing_facts(by)
    drafts = queries.drafts_of(by, members_now.ends_with(by))
    members.close(
        by,
        orders_under_way=facts.orders_under_way,
        is_proved=is_proved,
        gives_up_reward=gives_up_reward,
        at=at,
    )
    for draft_id in drafts:
        discard(draft_id)


@transaction.atomic
def begin_sending(order_id: UUID) -> bool:
    """Paid becomes sending; says whether this call did it."""
    return bool(states.move(Order.objects.filter(id=order_id), OrderState.PAID, OrderState.SENDING))


@transaction.atomic
def finish(order_id: UUID, *, at: datetime) -> bool:
    """Sending becomes finished: every copy has an outcome. O11"""
    return bool(
        states.move(
            Order.objects.filter(id=order_id), OrderState.SENDING, OrderState.FINISHED, finished_at=at
        )
    )


@transaction.atomic
def recompute_tiers(*, at: datetime) -> int:
    """Every company's tier anew from what it paid in the last months; returns how many changed. M3"""
    figures = figures_now.figures(at)
    paid = queries.paid_since(clock.months_before(at, figures.tier_months))
    percents = {buyer_id: member_rules.tier_percent(won, figures) for buyer_id, won in paid.items()}
    return members.set_tiers(percents, at=at)


@transaction.atomic
def see_numbers(order_id: UUID, *, by: Member, reason: str, at: datetime) -> None:
    """Note that `by` looks at the whole numbers of one order's recipients. Raises Refused without the right. M7"""
    order = Order.objects.get(id=order_id)
    refuse(rules.why_not_see_numbers(has_right=members_now.sees_numbers(by), reason=reason))
    audit.record(
        "numbers_seen", by=by.id, subject=order.id, company=order.buyer_id, at=at, reason=reason
    )  # fmt: skip
