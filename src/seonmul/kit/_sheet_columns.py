"""Find out which column holds what: by the words of a header row, else by the look of the content. O1."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seonmul.kit._sheet_form import Note, NoteKind, Sheet, letter_of
from seonmul.kit.phones import normalise_mobile

# Enough to tell columns apart; a column of a hundred thousand need not be read for that.
_SAMPLE_ROWS = 200
_HEADER_WITHIN_ROWS = 10
_MOST_EXTRAS = 5  # columns D to H

_WORDS = {
    "phone": "휴대폰 휴대폰번호 휴대전화 휴대전화번호 핸드폰 핸드폰번호 전화 전화번호 연락처 번호 수신번호 "
    "수신자번호 수신전화번호 수신자휴대폰 수신자연락처 수신자전화번호 받는번호 받는사람번호 모바일 폰 폰번호 "
    "hp mobile mobileno mobilenumber phone phoneno phonenumber cellphone cell tel telephone",
    "mail": "이메일 이메일주소 메일 메일주소 전자우편 전자메일 email emailaddress mail",
    "name": "이름 성명 성함 수신자 수신자명 수신인 받는사람 받는분 받는이 고객명 고객이름 회원명 직원명 "
    "사원명 임직원명 대상자 대상자명 name fullname username",
    "product": "상품 상품명 상품이름 상품코드 쿠폰 쿠폰명 쿠폰상품 선물 선물명 품목 품명 product productname productcode "
    "item itemname itemcode gift",
    "copies": "수량 매수 개수 장수 발송수량 발송매수 중복수량 중복발송수량 쿠폰수량 copies qty quantity",
}
_MEANING = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}
_Look = Callable[[str], bool]
_NAME = re.compile(r"[가-힣]{2,10}[A-Za-z0-9]{0,3}|[A-Za-z][A-Za-z .'-]{1,40}")
_SHOWN = {"phone": "휴대폰", "mail": "이메일", "name": "이름", "product": "상품", "copies": "수량"}


@dataclass(frozen=True)
class Columns:
    """Which column holds what, by index from 0, None when there is none.

    Data begin at row index ``first_index``.
    ``extras`` are up to five further columns with content; ``headers`` are the words above the columns (""
    without a header row).
    """

    phone: int | None
    mail: int | None
    name: int | None
    product: int | None
    copies: int | None
    extras: tuple[int, ...]
    first_index: int
    headers: tuple[str, ...]
    notes: tuple[Note, ...]


def looks_like_header(row: Sequence[str]) -> bool:
    """Say whether a row holds titles: a known word in it, and neither a mobile number nor a mail address."""
    return any(map(_meaning, row)) and not any("@" in cell or normalise_mobile(cell) for cell in row)


def guess_columns(sheet: Sheet, *, by_mail: bool = False) -> Columns:
    """Decide which column holds what.

    Without a header row and with nothing to the contrary: A phone, B mail, C name. A note tells when it
    came out otherwise, and which row was taken for titles. ``by_mail``: mail is what must be there, not the phone.
    """
    header = _header_index(sheet)
    first = 0 if header is None else header + 1
    headers = ("",) * sheet.width if header is None else sheet.row(header)
    sample = [[cell for cell in column[first : first + _SAMPLE_ROWS] if cell] for column in sheet.columns]
    found = _by_words(headers, sample)
    needed, other = ("mail", "phone") if by_mail else ("phone", "mail")
    if needed not in found:
        first_free = min(set(range(sheet.width)) - set(found.values()), default=0)
        found[needed] = _most_of(sample, found, _LOOKS[needed], otherwise=first_free)
    if other not in found:
        _put(found, other, _most_of(sample, found, _LOOKS[other], otherwise=-1))
    if "name" not in found:
        _put(found, "name", _name_column(sample, found, headers))
    taken = set(found.values())
    free = [n for n, cells in enumerate(sample) if n not in taken and (cells or headers[n])]
    return Columns(
        phone=found.get("phone"),
        mail=found.get("mail"),
        name=found.get("name"),
        product=found.get("product"),
        copies=found.get("copies"),
        extras=tuple(free[:_MOST_EXTRAS]),
        first_index=first,
        headers=headers,
        notes=_notes(found, header),
    )


def _meaning(title: str) -> str | None:
    """Tell what a title such as "휴대폰 번호(필수)" or "E-Mail" stands for."""
    plain = re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", title)).lower()
    return _MEANING.get(re.sub(r"[^0-9a-z가-힣]", "", plain))


def _header_index(sheet: Sheet) -> int | None:
    """Find the header row among the first rows; what stands above it is a caption and is left out with it."""
    first_rows = zip(*(column[:_HEADER_WITHIN_ROWS] for column in sheet.columns), strict=True)
    for index, row in enumerate(first_rows):
        if looks_like_header(row):
            return index
        if any("@" in cell or normalise_mobile(cell) for cell in row):
            return None
    return None


def _by_words(headers: Sequence[str], sample: list[list[str]]) -> dict[str, int]:
    """Map meanings to columns; of several with one meaning the one that looks most like it."""
    found: dict[str, int] = {}
    for meaning in _WORDS:
        columns = [number for number, title in enumerate(headers) if _meaning(title) == meaning]
        if columns:
            look = _LOOKS.get(meaning)
            found[meaning] = max(columns, key=lambda n: _share(sample[n], look)) if look else columns[0]
    return found


def _most_of(sample: list[list[str]], found: dict[str, int], look: _Look, *, otherwise: int) -> int:
    """Return the free column that looks most like it, the leftmost of equals, or ``otherwise``."""
    shares = {n: _share(cells, look) for n, cells in enumerate(sample) if n not in found.values()}
    best = max(shares, key=lambda n: shares[n], default=otherwise)
    return best if shares.get(best) else otherwise


def _name_column(sample: list[list[str]], found: dict[str, int], headers: Sequence[str]) -> int:
    """Return column C in the usual order, else the leftmost untitled one that looks like names, else -1."""
    free = [n for n in range(len(sample)) if sample[n] and n not in found.values() and not headers[n]]
    if 2 in free and 1 not in free and _share(sample[2], _has_letters) > 0.5:
        return 2
    return next((n for n in free if _share(sample[n], _is_name) > 0.5), -1)


def _put(found: dict[str, int], meaning: str, column: int) -> None:
    if column >= 0:
        found[meaning] = column


def _notes(found: dict[str, int], header: int | None) -> tuple[Note, ...]:
    usual = {"phone": 0, "mail": 1, "name": 2, "product": 3, "copies": 4}  # as in our own template
    notes = [] if header is None else [Note(NoteKind.HEADER_ROW, {"row": header + 1})]
    if any(found[meaning] != usual[meaning] for meaning in found):
        shown = ", ".join(f"{word} {letter_of(found[key])}열" for key, word in _SHOWN.items() if key in found)
        notes.append(Note(NoteKind.COLUMNS_MOVED, {"columns": shown}))
    return tuple(notes)


def _share(cells: list[str], look: _Look) -> float:
    return sum(map(look, cells)) / len(cells) if cells else 0.0


def _is_mobile(cell: str) -> bool:
    return normalise_mobile(cell) is not None


def _is_mail(cell: str) -> bool:
    return "@" in cell


def _has_letters(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def _is_name(cell: str) -> bool:
    return _NAME.fullmatch(cell) is not None


_LOOKS: dict[str, _Look] = {"phone": _is_mobile, "mail": _is_mail}
