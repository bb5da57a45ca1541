"""Reading recipient lists: raw cells in, checked rows out. Pure, made for 100,000 rows. O1

A row's cells travel as one sealed text: phone (digits, "" when it is at fault), name, mail, and what was typed
when that differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from seonmul.kit import euckr, phones
from seonmul.kit.refusals import No, Refusal, Refused, _
from seonmul.kit.sheets import Columns, Mark, Sheet, guess_columns, letter_of

COPIES_MOST = 5  # fixed, O2: no product allows more to one person
NAME_MOST_BYTES = 60

_BETWEEN = "\x1f"
_CONTROL = dict.fromkeys([*range(32), 127])


class RowFault(Refusal):
    NO_COLUMN = (
        "sheet_no_column",
        _("파일에 {letter}열이 없습니다. {last}열까지 있으니 다시 골라 주세요. 담지 않았습니다."),
    )
    COPIES = "row_copies", _("수량은 1부터 {most}까지의 숫자여야 합니다.")
    NAME_CANNOT_CARRY = "row_name_cannot_carry", _("이름에 문자로 보낼 수 없는 글자가 있습니다: {characters}")
    NAME_TOO_LONG = "row_name_too_long", _("이름이 너무 깁니다. 한글 {most}자까지 넣을 수 있습니다.")
    TOO_MANY_COPIES = (
        "row_too_many_copies",
        _("이 상품은 한 사람에게 {most}건까지 보낼 수 있습니다. 한 건을 빼 주세요."),
    )
    OPTED_OUT = "row_opted_out", _("이 회사의 광고를 받지 않겠다고 한 분입니다. 광고에서는 빼고 보냅니다.")


class RawRow(NamedTuple):
    """A row as it came: its number on the sheet, its cells as text, and what the reader marked the phone with."""

    position: int
    phone: str
    name: str = ""
    mail: str = ""
    copies: str = ""
    mark: str = ""


class Cells(NamedTuple):
    """The personal part of a row."""

    phone: str
    name: str
    mail: str
    typed: str

    def packed(self) -> str:
        return _BETWEEN.join(self)

    @classmethod
    def unpacked(cls, text: str) -> Cells:
        return cls(*text.split(_BETWEEN))


class CheckedRow(NamedTuple):
    """A row that was looked at: `fault` and `repair` are stable codes, "" for none."""

    position: int
    phone: str
    name: str
    mail: str
    typed: str
    copies: int
    name_bytes: int
    fault: str
    repair: str

    @property
    def cells(self) -> Cells:
        return Cells(self.phone, self.name, self.mail, self.typed)


_MARKS = {mark.code: mark for mark in Mark}


def raw_rows(sheet: Sheet, columns: Columns) -> Iterator[RawRow]:
    """The rows of a sheet below its titles, blank ones left out, each with its number on the sheet."""
    blank = [""] * sheet.height

    def cells(column: int | None) -> list[str]:
        return blank if column is None else sheet.columns[column]

    marks = [""] * sheet.height
    for (index, column), mark in sheet.marks.items():
        if column == columns.phone:
            marks[index] = mark.code
    numbers = range(sheet.row_number(0), sheet.row_number(sheet.height))
    found = map(cells, (columns.phone, columns.name, columns.mail, columns.copies))
    rows = map(RawRow._make, zip(numbers, *found, marks, strict=True))
    for row in islice(rows, columns.first_index, None):
        # a formula whose result was not saved looks blank, yet somebody was meant: then there is a mark
        if row.phone or row.name or row.mail or row.mark:
            yield row


def by_hand(row: RawRow) -> RawRow:
    """A row as it was posted, without control signs; what comes from a sheet has lost them already."""
    position, *cells = row
    return RawRow(position, *(cell.translate(_CONTROL) for cell in cells))


def columns_of(sheet: Sheet, phone: int | None = None, name: int | None = None) -> Columns:
    """Which column holds what: as guessed, or as the person said (index from 0). Raises Refused(NO_COLUMN). O1"""
    guessed = guess_columns(sheet)
    said = {column for column in (phone, name) if column is not None}
    for column in said:
        if column >= sheet.width:
            raise Refused(
                No(RowFault.NO_COLUMN, {"letter": letter_of(column), "last": letter_of(sheet.width - 1)})
            )

    def unless_said(column: int | None) -> int | None:
        return None if column in said else column

    return replace(
        guessed,
        phone=guessed.phone if phone is None else phone,
        name=unless_said(guessed.name) if name is None else name,
        mail=unless_said(guessed.mail),
        copies=unless_said(guessed.copies),
    )


def check(rows: Iterable[RawRow]) -> Iterator[CheckedRow]:
    """Check rows one by one, in order. Doubles are for the database to find: it sees the whole list."""
    for position, phone, name, mail, copies_cell, mark in rows:
        digits = None if mark else phones.normalise_mobile(phone)
        fault, repair, typed = mark, "", ""
        if digits != phone:
            typed = phone
            if digits:
                mended = phones.repair_of(phone, digits)
                repair = mended.code if mended else ""
            elif not mark:
                fault = phones.why_not_mobile(phone).code
        copies, copies_fault = _copies(copies_cell) if copies_cell else (1, "")
        if name and not name.isalnum():
            name = " ".join(name.split())
        name_bytes, name_fault = _name(name) if name else (0, "")
        wrong = fault or copies_fault or name_fault
        yield CheckedRow(position, digits or "", name, mail, typed, copies, name_bytes, wrong, repair)


def why(fault: str, cells: Cells, copies_most: int = COPIES_MOST) -> No:
    """The sentence for a row's fault, made anew from what was typed."""
    if fault == RowFault.COPIES.code:
        return No(RowFault.COPIES, {"most": COPIES_MOST})
    if fault == RowFault.NAME_CANNOT_CARRY.code:
        bad = " ".join(euckr.cannot_carry(cells.name)[:5])
        return No(RowFault.NAME_CANNOT_CARRY, {"characters": bad})
    if fault == RowFault.NAME_TOO_LONG.code:
        return No(RowFault.NAME_TOO_LONG, {"most": NAME_MOST_BYTES // 2})
    if fault == RowFault.TOO_MANY_COPIES.code:
        return No(RowFault.TOO_MANY_COPIES, {"most": copies_most})
    if fault == RowFault.OPTED_OUT.code:
        return No(RowFault.OPTED_OUT)
    if fault in _MARKS:
        return No(_MARKS[fault])
    return phones.why_not_mobile(cells.typed).no()


def suggestion(cells: Cells) -> str:
    """The number that was probably meant, or ""."""
    return "" if cells.phone else phones.why_not_mobile(cells.typed).suggestion or ""


def _copies(cell: str) -> tuple[int, str]:
    text = cell.strip().removesuffix("개").removesuffix("건")
    if not text:
        return 1, ""
    if text.isdecimal() and 1 <= int(text) <= COPIES_MOST:
        return int(text), ""
    return 1, RowFault.COPIES.code


def _name(name: str) -> tuple[int, str]:
    try:
        size = euckr.byte_length(name)
    except euckr.CannotCarry:
        return 0, RowFault.NAME_CANNOT_CARRY.code
    return size, RowFault.NAME_TOO_LONG.code if size > NAME_MOST_BYTES else ""
