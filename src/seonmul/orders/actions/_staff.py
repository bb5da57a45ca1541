"""A staff list beside a draft: compared, and mended by one click. O1"""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.figures import queries as figures_now
from seonmul.kit import bulk, crypto, sheets
from seonmul.kit.refusals import refuse
from seonmul.orders import lists, queries, rules
from seonmul.orders.actions._lists import add_rows, mark_doubles
from seonmul.orders.lists import Cells, RawRow
from seonmul.orders.models import Draft, DraftRow, OrderKind, StaffRow

_ROW = {"draft_id": "uuid", "to_index": "bytea", "cells_sealed": "bytea"}


def compare_staff(draft_id: UUID, data: bytes | str | os.PathLike[str], name: str, *, at: datetime) -> int:
    """Read a staff list and lay it beside the draft; returns how many rows could not be read. O1

    Raises SheetRefused and Refused; the list before it stays then.
    """
    sheet = sheets.read(data, name, most_rows=figures_now.figures(at).recipients_most)
    by_mail = Draft.objects.filter(id=draft_id, kind=OrderKind.MAIL).exists()
    rows = lists.raw_rows(sheet, lists.columns_of(sheet, by_mail=by_mail), by_mail=by_mail)
    checked = [row.cells for row in lists.check(rows, by_mail=by_mail)]
    staff = {to: cells for cells in checked if (to := cells.to(by_mail=by_mail))}
    refuse(rules.why_not_compare(len(staff)))
    _lay(draft_id, staff, by_mail=by_mail)
    return sum(not cells.to(by_mail=by_mail) for cells in checked)


@transaction.atomic
def _lay(draft_id: UUID, staff: dict[str, Cells], *, by_mail: bool) -> None:
    draft = queries.locked_draft(draft_id)
    if draft is None or by_mail != (draft.kind == OrderKind.MAIL):
        return
    ring = crypto.ring()
    StaffRow.objects.filter(draft_id=draft_id).delete()
    indexes = ring.index_all(DraftRow.MAIL if by_mail else DraftRow.PHONE, staff)
    sealed = ring.seal_all(DraftRow.CELLS, (cells.packed() for cells in staff.values()))
    rows = ((draft_id, index, cells) for index, cells in zip(indexes, sealed, strict=True))
    bulk.copy("orders_staffrow", _ROW, rows)


@transaction.atomic
def mend_by_staff(draft_id: UUID, what: str, *, at: datetime) -> int:
    """Take "leavers" or "sent" off the list, or add the "missed"; returns how many rows. O1"""
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return 0
    if what == "missed":
        ring = crypto.ring()
        sealed = queries.missed(draft).values_list("cells_sealed", flat=True)
        cells = [Cells.unpacked(ring.open(DraftRow.CELLS, one)) for one in sealed]
        rows = [RawRow(number, one.phone, one.name, one.mail) for number, one in enumerate(cells, 1)]
        return add_rows(draft_id, rows, at=at) if rows else 0
    gone = (queries.leavers(draft) if what == "leavers" else queries.sent_by_colleagues(draft, at)).delete()[
        0
    ]
    mark_doubles(draft)
    Draft.objects.filter(id=draft_id).update(saved_at=at)
    return gone


@transaction.atomic
def end_staff(draft_id: UUID) -> None:
    """Forget the staff list."""
    StaffRow.objects.filter(draft_id=draft_id).delete()
