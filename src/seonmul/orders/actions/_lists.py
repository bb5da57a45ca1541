"""A draft's list: sheets, pasted columns, single rows, mended, dropped. O1, O2"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from seonmul.figures import queries as figures_now
from seonmul.kit import bulk, crypto, sheets
from seonmul.kit.refusals import Refused, refuse
from seonmul.kit.sheets import Note, Sheet
from seonmul.orders import lists, queries, rules
from seonmul.orders.actions._advertising import mark_opted_out
from seonmul.orders.lists import CheckedRow, RawRow
from seonmul.orders.models import Draft, DraftRow, OrderKind

_ROW = {
    "draft_id": "uuid", "item_id": "int8", "position": "int4", "cells_sealed": "bytea", "phone_index": "bytea",
    "mail_index": "bytea", "copies": "int2", "name_bytes": "int2", "field_bytes": "int2[]", "fault": "varchar",
    "repair": "varchar", "is_over": "bool",
}  # fmt: skip
#: Words of a message that stand for something of our own.
_TAKEN = (rules.NAME_PLACE, rules.LINK_PLACE)


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
    columns: Mapping[str, int | None] | None = None,
    product: str = "",
) -> Imported:
    """Read an xlsx or csv file (bytes or path) into a draft. O1

    `columns`: as lists.columns_of takes them, guessed when not given. `product`: the code of what everybody gets where
    the sheet does not say. Raises SheetRefused, and Refused(TOO_MANY_ROWS); nothing is added then.
    """
    most = figures_now.figures(at).recipients_most
    imported = _add_sheet(draft_id, sheets.read(data, name, most_rows=most), columns or {}, product, at)
    Draft.objects.filter(id=draft_id).update(file_name=name[:200])
    return imported


def import_text(draft_id: UUID, text: str, *, at: datetime, product: str = "") -> Imported:
    """Read what was pasted into a draft. `product`: as in `import_sheet`. O1"""
    by_mail = Draft.objects.filter(id=draft_id, kind=OrderKind.MAIL).exists()
    return _add_sheet(draft_id, sheets.paste(text, by_mail=by_mail), {}, product, at)


@transaction.atomic
def _add_sheet(
    draft_id: UUID, sheet: Sheet, said: Mapping[str, int | None], product: str, at: datetime
) -> Imported:
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return Imported(0, ())
    by_mail = draft.kind == OrderKind.MAIL
    columns = lists.columns_of(sheet, said, by_mail=by_mail)
    found = lists.places_of(columns, draft.places, _TAKEN)
    places = [*draft.places, *(place for place in found if place not in draft.places)]
    Draft.objects.filter(id=draft_id).update(places=places)
    rows = lists.raw_rows(sheet, columns, by_mail=by_mail, places=[found.get(place) for place in places])
    if product and columns.product is None:
        rows = (row._replace(product=product) for row in rows)
    notes = lists.notes_on(sheet, columns, found, _TAKEN, by_mail=by_mail)
    return Imported(add_rows(draft_id, rows, at=at), (*sheet.notes, *columns.notes, *notes))


@transaction.atomic
def add_rows(draft_id: UUID, rows: Iterable[RawRow], *, at: datetime, are_kept: bool = False) -> int:
    """Check rows and put them behind those that are there; returns how many were added. O1

    `are_kept`: they come from our own records, so that from now on only members with the right see this list whole. M7
    On an empty draft the rows keep their numbers of the sheet. Raises Refused(TOO_MANY_ROWS) and adds nothing.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return 0
    figures = figures_now.figures(at)
    had = DraftRow.objects.filter(draft=draft).aggregate(last=Max("position"))["last"] or 0
    before = DraftRow.objects.filter(draft=draft).count() if had else 0
    room = figures.recipients_most - before
    checked = list(islice(_check(draft, rows), room + 1))
    if len(checked) > room:
        more = sum(1 for _ in rows) if not isinstance(rows, list) else len(rows) - room - 1
        refuse(rules.why_not_import(figures.recipients_most + 1 + more, figures=figures))
    if had:
        checked = [row._replace(position=had + number) for number, row in enumerate(checked, 1)]
    bulk.copy("orders_draftrow", _ROW, _stored(draft, checked))
    if are_kept:
        Draft.objects.filter(id=draft.id).update(holds_kept=True)
    _touch(draft, at)
    return len(checked)


def _check(draft: Draft, rows: Iterable[RawRow]) -> Iterator[CheckedRow]:
    products, count = queries.products_by_words(draft)
    return lists.check(rows, by_mail=draft.kind == OrderKind.MAIL, products=products, basket=count)


def _stored(draft: Draft, checked: list[CheckedRow]) -> Iterator[tuple[object, ...]]:
    ring, by_mail = crypto.ring(), draft.kind == OrderKind.MAIL
    sealed = ring.seal_all(DraftRow.CELLS, (row.cells.packed() for row in checked))
    addresses = [row.cells.to(by_mail=by_mail) for row in checked]
    indexes = ring.index_all(DraftRow.MAIL if by_mail else DraftRow.PHONE, addresses)
    for row, cells, address, index in zip(checked, sealed, addresses, indexes, strict=True):
        own = index if address else None
        yield (
            draft.id,
            row.item,
            row.position,
            cells,
            None if by_mail else own,
            own if by_mail else None,
            row.copies,
            row.name_bytes,
            row.field_bytes,
            row.fault,
            row.repair,
            False,
        )


def add_one(draft_id: UUID, row: RawRow, *, at: datetime) -> None:
    """Add one person as typed; raises Refused with the row's fault instead of adding it. O1"""
    draft = Draft.objects.filter(id=draft_id).first()
    if draft is None:
        return
    row = lists.by_hand(row)
    checked = next(_check(draft, [row]))
    if checked.fault:
        raise Refused(lists.why(checked.fault, checked.cells))
    add_rows(draft_id, [row], at=at)


@transaction.atomic
def mend_row(
    draft_id: UUID,
    position: int,
    *,
    at: datetime,
    phone: str | None = None,
    mail: str | None = None,
    name: str | None = None,
    product: str | None = None,
) -> None:
    """Replace what was typed in one row; the row says again whether it is right. `product`: its code. O1"""
    draft = queries.locked_draft(draft_id)
    row = DraftRow.objects.filter(draft_id=draft_id, position=position).first()
    if draft is None or row is None:
        return
    raw = _raw_of(row, was_mail=draft.kind == OrderKind.MAIL)
    raw = raw._replace(
        phone=raw.phone if phone is None else phone,
        mail=raw.mail if mail is None else mail,
        name=raw.name if name is None else name,
        product=raw.product if product is None else product,
        # a wrong number of copies becomes one, and a mark was about the cell that is typed anew
        copies="1" if row.fault == lists.RowFault.COPIES.code else raw.copies,
        mark="",
    )
    raw = lists.by_hand(raw)
    _put_back(draft, _check_again(draft, [raw], {position: row.item_id} if product is None else {}))
    _touch(draft, at)


def read_again(draft: Draft, rows: QuerySet[DraftRow], *, was: OrderKind | None = None) -> None:
    """Check rows anew as they were typed: another basket, or another kind of order. Whoever calls holds the draft. O1"""
    was_mail, by_mail = (was or draft.kind) == OrderKind.MAIL, draft.kind == OrderKind.MAIL
    found = list(rows.filter(draft=draft).order_by("position").iterator(chunk_size=5_000))
    if found:
        raw = [_raw_of(row, was_mail=was_mail, by_mail=by_mail) for row in found]
        _put_back(draft, _check_again(draft, raw, {row.position: row.item_id for row in found}))


def _check_again(draft: Draft, rows: list[RawRow], items: Mapping[int, int | None]) -> list[CheckedRow]:
    """Check rows that are there already; a product that was chosen for one stays, whatever it is called now."""
    chosen = [row._replace(product=None) if items.get(row.position) else row for row in rows]
    again = []
    for row, checked in zip(rows, _check(draft, chosen), strict=True):
        item = items.get(row.position)
        cells = checked.cells._replace(product=row.product or "")
        again.append(checked._replace(item=item, cells=cells) if item else checked)
    return again


def _raw_of(row: DraftRow, *, was_mail: bool, by_mail: bool | None = None) -> RawRow:
    cells = lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, row.cells_sealed))
    checked = CheckedRow(row.position, cells, row.item_id, row.copies, 0, [], row.fault, row.repair)
    return lists.raw_again(checked, was_mail=was_mail, by_mail=by_mail)


def _put_back(draft: Draft, checked: list[CheckedRow]) -> None:
    """Write rows in the place of those with the same number, all at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM orders_draftrow WHERE draft_id = %s AND position = ANY(%s)",
            [draft.id, [row.position for row in checked]],
        )
    bulk.copy("orders_draftrow", _ROW, _stored(draft, checked))


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
    if not DraftRow.objects.filter(draft=draft).exists():
        Draft.objects.filter(id=draft.id).update(places=[])
    _touch(draft, at)
    return gone


@transaction.atomic
def one_each(draft_id: UUID, *, at: datetime) -> int:
    """Keep one copy of a product for each address ("한 건만 보내기"): later rows with the same one go. O2

    A row that can be sent stays before one at fault, one for every product before one for a single product. Returns
    how many are gone.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM orders_draftrow WHERE draft_id = %s AND (id IN (
                SELECT id FROM (
                    SELECT id, item_id, row_number() OVER (PARTITION BY to_index, item_id ORDER BY fault <> '', position)
                        AS nth, bool_or(item_id IS NULL AND fault = '') OVER (PARTITION BY to_index) AS has_all
                    FROM orders_draftrow
                    WHERE draft_id = %s AND to_index IS NOT NULL AND fault <> ALL(%s)) n
                WHERE n.nth > 1 OR n.has_all AND n.item_id IS NOT NULL)) IS TRUE""",
            [draft_id, draft_id, list(lists.PRODUCT_FAULTS)],
        )
        gone = int(cursor.rowcount)
        cursor.execute("UPDATE orders_draftrow SET copies = 1 WHERE draft_id = %s AND copies > 1", [draft_id])
    _touch(draft, at)
    return gone


def mark_doubles(draft: Draft) -> None:
    """Mark the rows with which an address gets more copies of a product than it allows, over all its rows. O2

    Who refused advertising gets none. O3

    A list of its own inside a condition is looked up in a hash, whatever is thought of its length: joined, a planner that
    knows nothing of a fresh list compares every row with every row, for a quarter of an hour where it is long.
    """
    mark_opted_out(Draft.objects.get(id=draft.id))
    items = queries.items_of(draft)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_draftrow SET is_over = NOT is_over WHERE draft_id = %s AND is_over <> (id IN (
                SELECT id FROM (
                    SELECT r.id, r.fault, r.to_index, i.most,
                        sum(r.copies) FILTER (WHERE r.fault = '')
                            OVER (PARTITION BY i.id, r.to_index ORDER BY r.position) AS so_far
                    FROM orders_draftrow r JOIN unnest(%s::bigint[], %s::int[]) AS i(id, most)
                        ON r.item_id IS NULL OR r.item_id = i.id
                    WHERE r.draft_id = %s) s
                WHERE so_far > most AND fault = '' AND to_index IS NOT NULL))""",
            [
                draft.id,
                [item.id for item in items],
                [item.product.copies_most for item in items],
                draft.id,
            ],
        )


def _touch(draft: Draft, at: datetime) -> None:
    mark_doubles(draft)
    Draft.objects.filter(id=draft.id).update(saved_at=at)
