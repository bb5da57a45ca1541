"""A draft's list: sheets, pasted columns, single rows, mended, dropped. O1, O2"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from seonmul.figures import queries as figures_now
from seonmul.kit import bulk, crypto, sheets
from seonmul.kit.refusals import Refused, refuse
from seonmul.kit.sheets import Note, Sheet
from seonmul.orders import lists, queries, rules
from seonmul.orders.actions._advertising import mark_opted_out
from seonmul.orders.lists import CheckedRow, RawRow
from seonmul.orders.models import Draft, DraftRow

_ROW = {
    "draft_id": "uuid", "position": "int4", "cells_sealed": "bytea", "phone_index": "bytea", "copies": "int2",
    "name_bytes": "int2", "fault": "varchar", "repair": "varchar", "is_over": "bool",
}  # fmt: skip


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
    """Mark the rows with which a number gets more copies than the product allows; who refused advertising gets none. O2, O3"""
    mark_opted_out(Draft.objects.get(id=draft_id))
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
