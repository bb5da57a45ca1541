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
from seonmul.orders.models import Draft, DraftRow, StaffRow

_ROW = {"draft_id": "uuid", "phone_index": "bytea", "cells_sealed": "bytea"}


def compare_staff(draft_id: UUID, data: bytes | str | os.PathLike[str], name: str, *, at: datetime) -> int:
    """Read a staff list and lay it beside the draft; returns how many rows could not be read. O1

    Raises SheetRefused and Refused; the list before it stays then.
    """
    sheet = sheets.read(data, name, most_rows=figures_now.figures(at).recipients_most)
    checked = list(lists.check(lists.raw_rows(sheet, lists.columns_of(sheet))))
    staff = {row.cells.phone: row.cells for row in checked if row.cells.phone}
    refuse(rules.why_not_compare(len(staff)))
    _lay(draft_id, staff)
    return sum(not row.cells.phone for row in checked)


@transaction.atomic
def _lay(draft_id: UUID, staff: dict[str, Cells]) -> None:
    if queries.locked_draft(draft_id) is None:
        return
    ring = crypto.ring()
    StaffRow.objects.filter(draft_id=draft_id).delete()
    indexes = ring.index_all(DraftRow.PHONE, staff)
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
