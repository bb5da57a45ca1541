"""Reading recipient lists: raw cells in, checked rows out. Pure, made for 100,000 rows. O1

A row's cells travel as one sealed text: phone and mail as they can be sent to ("" where they cannot), name, what was
typed when that differs, the product as it was named, the sheet's further columns, and what stands in the cell of the
address that this kind of order does not go to, where it is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, repeat
from typing import Any, NamedTuple, TypeVar

from seonmul.kit import euckr, mails, phones
from seonmul.kit.refusals import No, Refusal, Refused, _
from seonmul.kit.sheets import Columns, Mark, Note, NoteKind, Sheet, guess_columns, letter_of

COPIES_MOST = 5  # fixed, O2: no product allows more to one person
NAME_MOST_BYTES = 60
FIELDS_MOST, FIELD_MOST, PLACE_MOST = 5, 200, 20  # further columns; signs of a cell, and of a title
#: A column that a person says is not there, though a title looks like it.
NO_COLUMN = -1

T = TypeVar("T")

_BETWEEN, _FIELDS_BETWEEN = "\x1f", "\x1e"
_CONTROL = dict.fromkeys([*range(32), 127])
_UNTITLED = str.maketrans("", "", "{}#\x1e\x1f")


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
    UNKNOWN_PRODUCT = (
        "row_unknown_product",
        _("이 주문에 담지 않은 상품입니다: {product}. 상품을 고르거나 주문에 담아 주세요."),
    )
    NO_PRODUCT = "row_no_product", _("받을 상품이 정해지지 않았습니다. 상품을 골라 주세요.")


#: Faults that go when the right product is chosen, or put into the basket.
PRODUCT_FAULTS = (RowFault.UNKNOWN_PRODUCT.code, RowFault.NO_PRODUCT.code)
#: A repair of its own: the address can be sent to, and its domain looks mistyped.
MAIL_HINT = "mail_hint"


class RawRow(NamedTuple):
    """A row as it came: its number on the sheet, its cells as text, and what the reader marked its address with.

    `product` None: there is no such column, so that the row is for every product. `fields`: further columns.
    """

    position: int
    phone: str
    name: str = ""
    mail: str = ""
    copies: str = ""
    mark: str = ""
    product: str | None = None
    fields: tuple[str, ...] = ()


class Cells(NamedTuple):
    """The personal part of a row. `aside`: what was typed as the other address and is none, for a change of the kind."""

    phone: str
    name: str
    mail: str
    typed: str
    product: str = ""
    fields: tuple[str, ...] = ()
    aside: str = ""

    def packed(self) -> str:
        if not self.product and not self.fields and not self.aside:
            return _BETWEEN.join(self[:4])
        parts = (*self[:5], _FIELDS_BETWEEN.join(self.fields))
        return _BETWEEN.join((*parts, self.aside) if self.aside else parts)

    @classmethod
    def unpacked(cls, text: str) -> Cells:
        phone, name, mail, typed, *rest = text.split(_BETWEEN)
        if not rest:
            return cls(phone, name, mail, typed)
        product, fields, *more = rest
        found = tuple(fields.split(_FIELDS_BETWEEN)) if fields else ()
        return cls(phone, name, mail, typed, product, found, more[0] if more else "")

    def to(self, *, by_mail: bool) -> str:
        """Where the row goes: its address in an order by mail, else its number."""
        return self.mail if by_mail else self.phone

    def values(self, places: Sequence[str]) -> dict[str, str]:
        """What the message shows at the places of the further columns. O3"""
        return {place: self.fields[n] if n < len(self.fields) else "" for n, place in enumerate(places)}


class CheckedRow(NamedTuple):
    """A row that was looked at: `fault` and `repair` are stable codes, "" for none; `item`: its product, None for all."""

    position: int
    cells: Cells
    item: int | None
    copies: int
    name_bytes: int
    field_bytes: list[int]
    fault: str
    repair: str


def _maker(kind: type[T]) -> Callable[[tuple[Any, ...]], T]:
    """What makes one of `kind` from all of its fields, in their order. A row's three take 0.7 µs so, 1.4 by their own makers."""
    return partial(tuple.__new__, kind)  # type: ignore[type-var]


_raw, _cells, _checked = _maker(RawRow), _maker(Cells), _maker(CheckedRow)

_MARKS = {mark.code: mark for mark in Mark}
_MAIL_FAULTS = {fault.code: fault for fault in mails.MailFault}


def raw_rows(
    sheet: Sheet, columns: Columns, *, by_mail: bool = False, places: Sequence[int | None] = ()
) -> Iterator[RawRow]:
    """The rows of a sheet below its titles, blank ones left out, each with its number on the sheet.

    `places`: the column of each further value, None where this sheet has none.
    """
    blank = [""] * sheet.height

    def cells(column: int | None) -> list[str]:
        return blank if column is None else sheet.columns[column]

    marks, counts = [""] * sheet.height, columns.mail if by_mail else columns.phone
    for (index, column), mark in sheet.marks.items():
        if column == counts:
            marks[index] = mark.code
    numbers = range(sheet.row_number(0), sheet.row_number(sheet.height))
    found = map(cells, (columns.phone, columns.name, columns.mail, columns.copies))
    products = repeat(None, sheet.height) if columns.product is None else sheet.columns[columns.product]
    fields = zip(*map(cells, places), strict=True) if places else repeat((), sheet.height)
    rows = map(_raw, zip(numbers, *found, marks, products, fields, strict=True))
    for row in islice(rows, columns.first_index, None):
        # a formula whose result was not saved looks blank, yet somebody was meant: then there is a mark
        if row.phone or row.name or row.mail or row.mark:
            yield row


def by_hand(row: RawRow) -> RawRow:
    """A row as it was posted, without control signs; what comes from a sheet has lost them already."""
    clean = {
        name: getattr(row, name).translate(_CONTROL) for name in ("phone", "name", "mail", "copies", "mark")
    }
    return row._replace(**clean)


def columns_of(
    sheet: Sheet, said: Mapping[str, int | None] | None = None, *, by_mail: bool = False
) -> Columns:
    """Which column holds what: as guessed, or as the person said. Raises Refused(NO_COLUMN). O1

    `said`: phone, mail, name, product, copies by index from 0; NO_COLUMN: there is none.
    """
    guessed = guess_columns(sheet, by_mail=by_mail)
    wanted = {meaning: column for meaning, column in (said or {}).items() if column is not None}
    taken = {column for column in wanted.values() if column != NO_COLUMN}
    for column in taken:
        if column >= sheet.width:
            raise Refused(
                No(RowFault.NO_COLUMN, {"letter": letter_of(column), "last": letter_of(sheet.width - 1)})
            )

    def column_of(meaning: str) -> int | None:
        if meaning in wanted:
            return wanted[meaning] if wanted[meaning] != NO_COLUMN else None
        column: int | None = getattr(guessed, meaning)
        return None if column in taken else column

    meant = replace(
        guessed,
        phone=column_of("phone"),
        mail=column_of("mail"),
        name=column_of("name"),
        product=column_of("product"),
        copies=column_of("copies"),
    )
    first = guessed.first_index
    if (
        meant.product is not None
        and "product" not in wanted
        and not any(sheet.columns[meant.product][first:])
    ):
        meant = replace(meant, product=None)  # as in our own template, when everybody gets the same
    used = {meant.phone, meant.mail, meant.name, meant.product, meant.copies, guessed.product}
    extras = [
        n
        for n in range(sheet.width)
        if n not in used and (guessed.headers[n] or any(sheet.columns[n][first:]))
    ]
    return replace(meant, extras=tuple(extras))


def places_of(columns: Columns, kept: Sequence[str], taken: Iterable[str]) -> dict[str, int]:
    """The further columns of a sheet by the words that stand for them in the message, as many as there is room for.

    `kept`: places of an earlier sheet, which keep their order; `taken`: words that stand for something else. O3
    """
    found: dict[str, int] = {}
    for column in columns.extras:
        title = _place(columns, column)
        is_new = title not in kept and sum(one not in kept for one in found) + len(kept) < FIELDS_MOST
        if title not in taken and title not in found and (title in kept or is_new):
            found[title] = column
    return found


def _place(columns: Columns, column: int) -> str:
    title = " ".join(columns.headers[column].translate(_UNTITLED).split())[:PLACE_MOST].strip()
    return title or f"{letter_of(column)}열"


def notes_on(
    sheet: Sheet, columns: Columns, found: Mapping[str, int], taken: Iterable[str], *, by_mail: bool
) -> list[Note]:
    """What people should know of columns that are not used as they may think. `found`, `taken`: as of places_of. O1"""
    notes = _notes_on_reserve(sheet, columns, by_mail=by_mail)
    left = [column for column in columns.extras if column not in found.values()]
    same = [column for column in left if _place(columns, column) in {*taken, *found}]
    if full := [column for column in left if column not in same]:
        notes.append(Note(NoteKind.COLUMNS_FULL, {"columns": _named(columns, full), "most": FIELDS_MOST}))
    if same:
        notes.append(Note(NoteKind.COLUMNS_SAME, {"columns": _named(columns, same)}))
    return notes


def _notes_on_reserve(sheet: Sheet, columns: Columns, *, by_mail: bool) -> list[Note]:
    """The column of the address to which this kind of order does not go."""
    column = columns.phone if by_mail else columns.mail
    cells = [] if column is None else list(filter(None, sheet.columns[column][columns.first_index :]))
    if column is None or not cells:
        return []
    letter = {"letter": letter_of(column)}
    notes = [Note(NoteKind.PHONE_ASIDE if by_mail else NoteKind.MAIL_ASIDE, letter)]
    strange = 0 if by_mail else sum("@" not in cell for cell in cells)
    return [*notes, Note(NoteKind.NOT_MAILS, letter | {"cells": f"{strange:,}"})] if strange else notes


def _named(columns: Columns, some: Iterable[int]) -> str:
    titles = ((letter_of(column), columns.headers[column].strip()) for column in some)
    return ", ".join(f"{letter}열({title})" if title else f"{letter}열" for letter, title in titles)


def words_of(product: str) -> str:
    """A product as it is compared with what a sheet says: letters and digits, whatever the blanks and capitals."""
    return "".join(filter(str.isalnum, product.casefold()))


def check(
    rows: Iterable[RawRow],
    *,
    by_mail: bool = False,
    products: Mapping[str, int] | None = None,
    basket: int = 1,
) -> Iterator[CheckedRow]:
    """Check rows one by one, in order. Doubles are for the database to find: it sees the whole list.

    `products`: items of the basket by `words_of` their name and code; `basket`: how many there are.
    """
    address, size = (_mail, _field_letters) if by_mail else (_phone, _field_bytes)
    known = products or {}
    for row in rows:
        phone, mail, typed, fault, repair, aside = address(row)
        copies, copies_fault = _copies(row.copies) if row.copies else (1, "")
        name = row.name
        if name and not name.isalnum():
            name = " ".join(name.split())
        name_bytes, name_fault = _name(name, by_mail=by_mail) if name else (0, "")
        item, product_fault = _product(row.product, known, basket) if row.product is not None else (None, "")
        fields = tuple(map(_field, row.fields)) if row.fields else ()
        yield _checked(
            (
                row.position,
                _cells((phone, name, mail, typed, row.product or "", fields, aside)),
                item,
                copies,
                name_bytes,
                list(map(size, fields)) if fields else [],
                # first, since the number that was typed is kept nowhere: nothing may hide that it could not be read
                copies_fault or fault or name_fault or product_fault,
                repair,
            )
        )


def raw_again(row: CheckedRow, *, was_mail: bool, by_mail: bool | None = None) -> RawRow:
    """A checked row as it was typed, to be checked anew: another kind of order (`by_mail`), another basket."""
    cells = row.cells
    stays = by_mail in (None, was_mail)  # a mark is about the cell that the order went to
    return RawRow(
        row.position,
        phone=cells.phone or cells.aside if was_mail else cells.typed or cells.phone,
        name=cells.name,
        mail=cells.typed or cells.mail if was_mail else cells.mail or cells.aside,
        copies="?" if row.fault == RowFault.COPIES.code else str(row.copies),
        mark=row.fault if stays and row.fault in _MARKS else "",
        product=cells.product or ("" if row.fault in PRODUCT_FAULTS else None),
        fields=cells.fields,
    )


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
    if fault == RowFault.UNKNOWN_PRODUCT.code:
        return No(RowFault.UNKNOWN_PRODUCT, {"product": cells.product[:40]})
    if fault == RowFault.NO_PRODUCT.code:
        return No(RowFault.NO_PRODUCT)
    if fault in _MARKS:
        return No(_MARKS[fault])
    if fault in _MAIL_FAULTS:
        return mails.why_not(cells.typed).no()
    return phones.why_not_mobile(cells.typed).no()


def suggestion(cells: Cells, fault: str, repair: str) -> str:
    """The number or address that was probably meant, or ""."""
    if repair == MAIL_HINT:
        return mails.hint(cells.mail)
    if fault in _MAIL_FAULTS:
        return mails.why_not(cells.typed).suggestion or ""
    return "" if cells.phone or not fault else phones.why_not_mobile(cells.typed).suggestion or ""


def _phone(row: RawRow) -> tuple[str, str, str, str, str, str]:
    """Phone, mail, what was typed, fault, repair and what is set aside, of a row that goes to a phone.

    Its mail is only kept in reserve.
    """
    phone, mark = row.phone, row.mark
    mail = (mails.normalise(row.mail) or "") if row.mail else ""
    aside = "" if mail else row.mail
    digits = None if mark else phones.normalise_mobile(phone)
    if digits == phone:
        return phone, mail, "", mark, "", aside
    if digits:
        mended = phones.repair_of(phone, digits)
        return digits, mail, phone, mark, mended.code if mended else "", aside
    return "", mail, phone, mark or phones.why_not_mobile(phone).code, "", aside


def _mail(row: RawRow) -> tuple[str, str, str, str, str, str]:
    """The same of a row that goes to a mailbox; its phone number is not needed."""
    phone = (phones.normalise_mobile(row.phone) or "") if row.phone else ""
    aside = "" if phone else row.phone
    mail = None if row.mark else mails.normalise(row.mail)
    if not mail:
        return phone, "", row.mail, row.mark or mails.why_not(row.mail).code, "", aside
    typed = row.mail if mail != row.mail else ""
    return phone, mail, typed, "", MAIL_HINT if mails.hint(mail) else "", aside


def _copies(cell: str) -> tuple[int, str]:
    text = cell.strip().removesuffix("개").removesuffix("건")
    if not text:
        return 1, ""
    if text.isdecimal() and 1 <= int(text) <= COPIES_MOST:
        return int(text), ""
    return 1, RowFault.COPIES.code


def _name(name: str, *, by_mail: bool) -> tuple[int, str]:
    if by_mail:
        return 0, RowFault.NAME_TOO_LONG.code if len(name) > NAME_MOST_BYTES // 2 else ""
    try:
        size = euckr.byte_length(name)
    except euckr.CannotCarry:
        return 0, RowFault.NAME_CANNOT_CARRY.code
    return size, RowFault.NAME_TOO_LONG.code if size > NAME_MOST_BYTES else ""


def _product(cell: str, products: Mapping[str, int], basket: int) -> tuple[int | None, str]:
    words = words_of(cell)
    if not words:
        return None, RowFault.NO_PRODUCT.code if basket > 1 else ""
    item = products.get(words)
    return item, "" if item else RowFault.UNKNOWN_PRODUCT.code


def _field(value: str) -> str:
    """A further cell as the message shows it: one line without signs that nobody sees."""
    return " ".join(value.split())[: FIELD_MOST + 1] if value else ""


def _field_letters(value: str) -> int:
    """The same of a mail, which carries every letter."""
    return -1 if len(value) > FIELD_MOST else len(value)


def _field_bytes(value: str) -> int:
    if len(value) > FIELD_MOST:
        return -1
    try:
        return euckr.byte_length(value) if value else 0
    except euckr.CannotCarry:
        return -1
