"""Reading a sheet of codes for a pool: raw cells in, checked codes out. Pure, made for 100,000 rows. C3"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from seonmul.kit.refusals import No, Refusal, _
from seonmul.kit.sheets import Sheet
from seonmul.vouchers import rules

#: What the recipient's page and picture can show as bars, a square and digits.
CODE_LEAST, CODE_MOST = 6, 20
PIN_MOST = 20

_CODE = re.compile(r"[0-9A-Z]+")
_BETWEEN = re.compile(r"[\s\-]")
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})(?:\D.*)?")
_WORDS = {
    "code": {"코드", "쿠폰코드", "쿠폰번호", "바코드", "바코드번호", "번호", "code", "coupon", "couponcode", "barcode"},
    "pin": {"pin", "pin번호", "핀", "핀번호", "비밀번호", "인증번호"},
    "expires": {"유효기간", "만료일", "유효기간만료일", "사용기한", "expiry", "expires", "expirydate", "validuntil"},
}  # fmt: skip


class Scheme(StrEnum):
    """How the last digit of a pool's codes follows from the others; NONE: it does not. C3"""

    NONE = "none"
    LUHN = "luhn"
    EAN = "ean"
    DAMM = "damm"


class CodeFault(Refusal):
    NO_CODE = "code_missing", _("코드가 비어 있습니다.")
    FORM = "code_form", _("코드는 숫자와 영문 대문자로 {least}자부터 {most}자까지여야 합니다.")
    LOST_DIGITS = (
        "code_lost_digits",
        _("15자리가 넘는 숫자라 끝자리가 바뀌었습니다. 셀 서식을 텍스트로 바꾸고 다시 넣어 주세요."),
    )
    CHECK_DIGIT = (
        "code_check_digit",
        _("코드의 마지막 검증 숫자가 맞지 않습니다. 잘못 옮겨 적었는지 확인해 주세요."),
    )
    TWICE = "code_twice", _("{row}행과 같은 코드입니다. 앞의 행만 담았습니다.")
    KNOWN = "code_known", _("이미 등록된 코드입니다. 다시 담지 않았습니다.")
    PIN = "code_pin", _("PIN은 {most}자까지 적을 수 있습니다.")
    NO_DATE = "code_no_date", _("유효기간을 날짜로 읽지 못했습니다. 2026-12-31처럼 적어 주세요.")
    EXPIRED = "code_expired", _("유효기간이 지난 코드입니다.")


class RawCode(NamedTuple):
    """A row as it came. `is_cut`: the reader saw that a spreadsheet had rounded the number."""

    row: int
    code: str
    pin: str = ""
    expires: str = ""
    is_cut: bool = False


class CheckedCode(NamedTuple):
    """A row that was looked at: `fault` is a stable code, "" for none; `same_as` the row with the same code, else 0."""

    row: int
    code: str
    pin: str
    expires_on: date | None
    fault: str
    same_as: int


def raw_codes(sheet: Sheet) -> Iterator[RawCode]:
    """The rows of a sheet with content, below its header row if it has one: A code, B PIN, C expiry unless named."""
    code, pin, expires, first = _columns(sheet)
    for index in range(first, sheet.height):
        cells = sheet.row(index)
        typed, secret, day = (
            cells[at] if at is not None and at < len(cells) else "" for at in (code, pin, expires)
        )
        if typed or secret or day:
            yield RawCode(sheet.row_number(index), typed, secret, day, (index, code) in sheet.marks)


def _columns(sheet: Sheet) -> tuple[int, int | None, int | None, int]:
    """Where code, PIN and expiry stand, and the first row of data."""
    if not sheet.height:
        return 0, None, None, 0
    heads = [re.sub(r"[\s_.\-]", "", unicodedata.normalize("NFKC", cell)).lower() for cell in sheet.row(0)]
    named = {
        what: next((at for at, head in enumerate(heads) if head in words), None)
        for what, words in _WORDS.items()
    }
    if named["code"] is None:
        return 0, 1, 2, 0
    return named["code"], named["pin"], named["expires"], 1


def check(rows: Iterable[RawCode], *, scheme: Scheme, today: date) -> Iterator[CheckedCode]:
    """Look at rows one by one; what is already known here is for the database to say. C3"""
    seen: dict[str, int] = {}
    for raw in rows:
        code = _BETWEEN.sub("", unicodedata.normalize("NFKC", raw.code)).upper()
        pin, expires_on = raw.pin.strip(), read_day(raw.expires)
        fault, same_as = _fault(raw, code, pin, expires_on, scheme, today), 0
        if not fault and (same_as := seen.setdefault(code, raw.row)) != raw.row:
            fault = CodeFault.TWICE
        yield CheckedCode(
            raw.row,
            code,
            pin,
            expires_on,
            fault.code if fault else "",
            same_as if fault is CodeFault.TWICE else 0,
        )


def _fault(
    raw: RawCode, code: str, pin: str, expires_on: date | None, scheme: Scheme, today: date
) -> CodeFault | None:
    if raw.is_cut:
        return CodeFault.LOST_DIGITS
    if not code:
        return CodeFault.NO_CODE
    if not (CODE_LEAST <= len(code) <= CODE_MOST and _CODE.fullmatch(code)):
        return CodeFault.FORM
    if not fits(scheme, code):
        return CodeFault.CHECK_DIGIT
    if len(pin) > PIN_MOST:
        return CodeFault.PIN
    if raw.expires.strip() and expires_on is None:
        return CodeFault.NO_DATE
    return CodeFault.EXPIRED if expires_on and expires_on < today else None


def read_day(text: str) -> date | None:
    """A day as sheets have it: 2026-12-31, 2026.12.31, 2026/12/31, 20261231, also with a time behind it."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def fits(scheme: Scheme, code: str) -> bool:
    """Say whether the last digit follows from the others."""
    if scheme is Scheme.NONE:
        return True
    if not code.isdigit():
        return False
    if scheme is Scheme.DAMM:
        return rules.damm(code) == 0
    return _luhn(code) if scheme is Scheme.LUHN else _ean(code)


def _luhn(code: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(code))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _ean(code: str) -> bool:
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(code))) % 10 == 0


def why(fault: str, same_as: int = 0) -> No:
    """The sentence of a row's fault."""
    found = next(one for one in CodeFault if one.code == fault)
    numbers = {
        CodeFault.FORM: {"least": CODE_LEAST, "most": CODE_MOST},
        CodeFault.PIN: {"most": PIN_MOST},
        CodeFault.TWICE: {"row": same_as},
    }
    return No(found, numbers.get(found, {}))
