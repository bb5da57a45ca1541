"""Rows of a draft's list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Exists, F, Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from seonmul.kit import crypto, masks, phones
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders import lists
from seonmul.orders.models import (
    Draft,
    DraftItem,
    DraftRow,
)

_OK = Q(fault="", is_over=False)
# hyphens and blanks, as most people write numbers, are nothing to look at again
_REPAIRED = _OK & ~Q(repair__in=["", phones.Repair.SEPARATORS.code])
# a row without a product of its own is for every product, so it shares one with each other row
_EARLIER = DraftRow.objects.filter(
    _OK,
    Q(item__isnull=True) | Q(item=Coalesce(OuterRef("item"), F("item"))),
    draft=OuterRef("draft"),
    to_index=OuterRef("to_index"),
    position__lt=OuterRef("position"),
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
    """One row of a draft as the page shows it. `same_as`: the first row with its address, 0 when it is the first.

    `product`: the name of what it is for, "" for every product; `item`: its id; `named`: as the sheet says it.
    """

    position: int
    phone: str
    mail: str
    name: str
    typed: str
    copies: int
    fault: str
    why: str
    suggestion: str
    repair: str
    same_as: int = 0
    item: int | None = None
    product: str = ""
    named: str = ""


def sees_rows(draft: Draft, member: Member) -> bool:
    """Whether a member sees this draft's numbers whole: a right of its own, but for what one typed oneself. M7"""
    return members.sees_numbers(member) or (draft.member_id == member.id and not draft.holds_kept)


def veiled(line: RowLine) -> RowLine:
    """A row for those who may not see whole numbers; what was typed wrong has to be typed anew. M7"""
    return replace(
        line,
        phone=masks.mask_phone(line.phone) if line.phone else "",
        mail=masks.mask_mail(line.mail) if line.mail else "",
        typed="",
        suggestion="",
    )


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


def fields_of(draft: Draft, position: int) -> dict[str, str]:
    """What one row's message shows at the places of the further columns. O3"""
    found = DraftRow.objects.filter(draft=draft, position=position).first()
    return _cells(found).values(draft.places) if found else {}


def rows_before(draft: Draft, only: str, position: int) -> int:
    """How many rows of a filter stand before a position: for "1,201-1,250 of 3,312"."""
    return DraftRow.objects.filter(FILTERS.get(only, Q()), draft=draft, position__lte=position).count()


def rows_found(draft: Draft, text: str, limit: int = 50, *, by_name: bool = False) -> list[RowLine]:
    """Rows whose name or address contains `text`. Sealed cells cannot be searched by the database: they are read.

    `by_name`: addresses are not searched, for those who may not see them: they would be found letter by letter.
    """
    wanted = "".join(text.split()).replace("-", "").lower()
    found, items = [], _items(draft)
    for row in DraftRow.objects.filter(draft=draft).order_by("position").iterator(chunk_size=5_000):
        cells = _cells(row)
        read = cells.name if by_name else f"{cells.phone} {cells.name} {cells.mail} {cells.typed}"
        if wanted in read.replace("-", "").lower():
            found.append(_line(row, items))
            if len(found) == limit:
                break
    return found


def rows_to_mend(draft: Draft) -> Iterator[RowLine]:
    """Every row at fault, in order: for the sheet to download. O1"""
    rows, items = DraftRow.objects.filter(FILTERS["fix"], draft=draft).order_by("position"), _items(draft)
    for row in rows.iterator(chunk_size=2_000):
        yield _line(row, items)


def _items(draft: Draft) -> dict[int, DraftItem]:
    rows = DraftItem.objects.filter(draft=draft).select_related("product__brand")
    return {item.id: item for item in rows}


def _lines(rows: list[DraftRow], draft: Draft) -> list[RowLine]:
    """Rows as the page shows them, each with the first row that has its address and a product of it."""
    indexes = [row.to_index for row in rows if row.to_index]
    same = DraftRow.objects.filter(draft=draft, to_index__in=indexes).values("to_index", "item_id")
    firsts: dict[bytes, dict[int | None, int]] = {}
    for index, item, first in same.annotate(first=Min("position")).values_list(
        "to_index", "item_id", "first"
    ):
        firsts.setdefault(bytes(index), {})[item] = first
    items = _items(draft)
    return [_line(row, items, _first(row, firsts.get(bytes(row.to_index or b""), {}))) for row in rows]


def _first(row: DraftRow, by_item: dict[int | None, int]) -> int:
    shared = (first for item, first in by_item.items() if None in (item, row.item_id) or item == row.item_id)
    return min(shared, default=row.position)


def _line(row: DraftRow, items: dict[int, DraftItem], first: int = 0) -> RowLine:
    cells = _cells(row)
    fault = row.fault or (lists.RowFault.TOO_MANY_COPIES.code if row.is_over else "")
    own = items.get(row.item_id or 0)
    most = own.product.copies_most if own else min(item.product.copies_most for item in items.values())
    why = lists.why(fault, cells, most) if fault else None
    return RowLine(
        position=row.position,
        phone=cells.phone,
        mail=cells.mail,
        name=cells.name,
        typed=cells.typed,
        copies=row.copies,
        fault=fault,
        why=why.say(gettext) if why else "",
        suggestion=lists.suggestion(cells, fault, row.repair),
        repair=row.repair,
        same_as=first if first < row.position else 0,
        item=row.item_id,
        product=own.product.name if own else "",
        named=cells.product,
    )


def _cells(row: DraftRow) -> lists.Cells:
    return lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, row.cells_sealed))
