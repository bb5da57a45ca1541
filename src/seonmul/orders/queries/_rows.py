"""Rows of a draft's list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, Q
from django.utils.translation import gettext

from seonmul.kit import crypto, phones
from seonmul.orders import lists
from seonmul.orders.models import (
    Draft,
    DraftRow,
)

_OK = Q(fault="", is_over=False)
# hyphens and blanks, as most people write numbers, are nothing to look at again
_REPAIRED = _OK & ~Q(repair__in=["", phones.Repair.SEPARATORS.code])
_EARLIER = DraftRow.objects.filter(
    _OK, draft=OuterRef("draft"), phone_index=OuterRef("phone_index"), position__lt=OuterRef("position")
)
FILTERS = {
    "": Q(),
    "ok": _OK,
    "fix": ~Q(fault="") | Q(is_over=True),
    "repaired": _REPAIRED,
    "doubles": _OK & Q(Exists(_EARLIER)),
}


@dataclass(frozen=True)
class RowLine:
    """One row of a draft as the page shows it. `same_as`: the first row with its number, 0 when it is the first."""

    position: int
    phone: str
    name: str
    typed: str
    copies: int
    fault: str
    why: str
    suggestion: str
    repair: str
    same_as: int = 0


def rows_page(
    draft: Draft, only: str = "", after: int = 0, limit: int = 50, *, before: int = 0
) -> list[RowLine]:
    """Rows of a draft behind position `after`, or the last ones in front of `before`, in order.

    `only`: a key of FILTERS.
    """
    rows, most = DraftRow.objects.filter(FILTERS.get(only, Q()), draft=draft), min(limit, 200)
    if before:
        found = list(rows.filter(position__lt=before).order_by("-position")[:most])[::-1]
    else:
        found = list(rows.filter(position__gt=after).order_by("position")[:most])
    return _lines(found, draft)


def row(draft: Draft, position: int) -> RowLine | None:
    """One row of a draft."""
    found = list(DraftRow.objects.filter(draft=draft, position=position))
    return _lines(found, draft)[0] if found else None


def rows_before(draft: Draft, only: str, position: int) -> int:
    """How many rows of a filter stand before a position: for "1,201-1,250 of 3,312"."""
    return DraftRow.objects.filter(FILTERS.get(only, Q()), draft=draft, position__lte=position).count()


def rows_found(draft: Draft, text: str, limit: int = 50) -> list[RowLine]:
    """Rows whose name or number contains `text`. Sealed cells cannot be searched by the database: they are read."""
    wanted = "".join(text.split()).replace("-", "").lower()
    found = []
    for row in DraftRow.objects.filter(draft=draft).order_by("position").iterator(chunk_size=5_000):
        cells = lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, row.cells_sealed))
        if wanted in f"{cells.phone} {cells.name} {cells.typed}".replace("-", "").lower():
            found.append(_line(row, draft))
            if len(found) == limit:
                break
    return found


def rows_to_mend(draft: Draft) -> Iterator[RowLine]:
    """Every row at fault, in order: for the sheet to download. O1"""
    rows = DraftRow.objects.filter(FILTERS["fix"], draft=draft).order_by("position")
    for row in rows.iterator(chunk_size=2_000):
        yield _line(row, draft)


def _lines(rows: list[DraftRow], draft: Draft) -> list[RowLine]:
    """Rows as the page shows them, each with the first row that has its number."""
    numbers = [row.phone_index for row in rows if row.phone_index]
    same = DraftRow.objects.filter(draft=draft, phone_index__in=numbers).values("phone_index")
    found = same.annotate(first=Min("position")).values_list("phone_index", "first")
    firsts = {bytes(index): first for index, first in found if index}
    return [_line(row, draft, firsts.get(bytes(row.phone_index or b""), row.position)) for row in rows]


def _line(row: DraftRow, draft: Draft, first: int = 0) -> RowLine:
    cells = lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, row.cells_sealed))
    fault = row.fault or (lists.RowFault.TOO_MANY_COPIES.code if row.is_over else "")
    why = lists.why(fault, cells, draft.product.copies_most) if fault else None
    return RowLine(
        position=row.position,
        phone=cells.phone,
        name=cells.name,
        typed=cells.typed,
        copies=row.copies,
        fault=fault,
        why=why.say(gettext) if why else "",
        suggestion=lists.suggestion(cells),
        repair=row.repair,
        same_as=first if first < row.position else 0,
    )
