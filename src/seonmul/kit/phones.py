"""Korean phone numbers: read what people write, say what is wrong with it, show it with hyphens.

A mobile number is kept in its national form, digits only: ``01012345678``. O1.
"""

from __future__ import annotations

import enum
import math
import re
import unicodedata
from dataclasses import dataclass

from seonmul.kit.refusals import No, Refusal, _

#: One keyed index of a recipient's number for lists, orders and messages: what went to a number lately is counted
#: across all of them (S7). Sealed values keep a context each.
INDEX = "orders.phone"

# A spreadsheet cell may hold 32,767 characters; a number with every blank and bracket needs far fewer.
_MOST_CHARACTERS = 64

# Blanks, hyphens of all kinds (also the vowel and the long-vowel sign that look like one), signs without a
# width.
_SEPARATORS = re.compile(r"[\s\-.()\[\]/·\u2010-\u2015\u2212ーㅡ\u1173\u200b-\u200f\u2060\ufeff]+")
# ="010..." and '010...: how exports keep a spreadsheet from dropping the zero
_QUOTES = "\"'`=\u2018\u2019\u201c\u201d \t\r\n"

# 010 has eight digits behind it (seven are a typo), the old 011 and 016-019 seven or eight.
_MOBILE = re.compile(r"(?:\+?82|0082)?0?(10[0-9]{8}|1[16-9][0-9]{7,8})\Z")
# The same in one go for the usual spellings without a dot: three times as fast as taking the separators out
# first.
_MOBILE_SPELT = re.compile(r"(?:(?:\+?82|0082)[ \-()]*)?\(?0?(1[016-9])[ \-)]*([0-9]{3,4})[ \-]*([0-9]{4})\Z")
_MOBILE_INSIDE = re.compile(r"(?<![0-9])01[016-9][-. ]?[0-9]{3,4}[-. ]?[0-9]{4}(?![0-9])")
_DECIMAL_ZEROS = re.compile(r"([1-9][0-9]+)\.00?\Z")  # not of 0101234.0000
# 101234567.5 and -1012345678 are amounts, not numbers to call; 010.1234.5678 is one.
_AMOUNT = re.compile(r"-[1-9][0-9]*(\.[0-9]+)?\Z|[1-9][0-9]*\.[0-9]+\Z")
_SCIENTIFIC = re.compile(r"([1-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,2})\Z")
_LOOKS_LIKE = str.maketrans(dict.fromkeys("Ooㅇ\u110b", "0") | dict.fromkeys("lIi|", "1"))


class PhoneFault(Refusal):
    """Why a cell is not a mobile number that a message can be sent to. O1."""

    EMPTY = "phone_empty", _("휴대폰 번호가 비어 있습니다. 번호를 넣어 주세요.")
    TOO_SHORT = "phone_too_short", _("숫자가 {digits_missing}자리 모자랍니다. 번호를 확인해 주세요.")
    TOO_LONG = "phone_too_long", _("숫자가 {digits_over}자리 많습니다. 번호를 확인해 주세요.")
    LETTER_FOR_DIGIT = (
        "phone_letter_for_digit",
        _("숫자 자리에 비슷하게 생긴 글자가 있습니다. 제안한 번호가 맞는지 확인해 주세요."),
    )
    LANDLINE = "phone_landline", _("유선전화 번호입니다. 문자를 받을 휴대폰 번호를 넣어 주세요.")
    REPRESENTATIVE = "phone_representative", _("대표번호입니다. 문자를 받을 휴대폰 번호를 넣어 주세요.")
    SAFE_NUMBER = "phone_safe_number", _("050 안심번호로는 보낼 수 없습니다. 휴대폰 번호를 넣어 주세요.")
    NOT_MOBILE = "phone_not_mobile", _("휴대폰 번호가 아닙니다. 010으로 시작하는 번호를 넣어 주세요.")
    FOREIGN = "phone_foreign", _("해외 번호로는 보낼 수 없습니다. 국내 휴대폰 번호를 넣어 주세요.")
    SCIENTIFIC = (
        "phone_scientific",
        _("번호가 1.01E+09처럼 줄어 끝자리를 알 수 없습니다. 셀 서식을 텍스트로 바꾸고 다시 넣어 주세요."),
    )
    LOST_DIGITS = (
        "phone_lost_digits",
        _("15자리가 넘는 숫자라 끝자리가 바뀌었습니다. 셀 서식을 텍스트로 바꾸고 다시 넣어 주세요."),
    )
    TWO_NUMBERS = "phone_two_numbers", _("한 칸에 번호가 둘 이상 있습니다. 한 줄에 하나씩 나누어 주세요.")
    MAIL_ADDRESS = "phone_is_mail", _("휴대폰 번호 자리에 이메일 주소가 있습니다. 열의 순서를 확인해 주세요.")
    NOT_A_NUMBER = "phone_not_a_number", _("휴대폰 번호로 읽을 수 없습니다. 번호만 넣어 주세요.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of one cell; ``suggestion`` is a mobile number (digits) to confirm, never used by itself."""

    fault: PhoneFault
    suggestion: str | None = None
    digits_missing: int = 0
    digits_over: int = 0

    @property
    def code(self) -> str:
        return self.fault.code

    def no(self) -> No:
        """Return the fault with its numbers, without the suggestion: that is personal."""
        return No(self.fault, {"digits_missing": self.digits_missing, "digits_over": self.digits_over})


class Repair(enum.Enum):
    """What was mended in a cell to read its number. Value: (stable code, Korean sentence)."""

    COUNTRY_CODE = "country_code", _("국가번호 82를 뺐어요")
    LEADING_ZERO = "leading_zero", _("맨 앞 0을 채웠어요")
    FULL_WIDTH = "full_width", _("전각 숫자를 바꿨어요")
    SEPARATORS = "separators", _("숫자만 남겼어요")

    @property
    def code(self) -> str:
        return self.value[0]

    @property
    def sentence(self) -> str:
        return self.value[1]


class SenderKind(enum.Enum):
    """Kinds of numbers that may be registered as the sender of a message (S3)."""

    REPRESENTATIVE = "representative"
    MOBILE = "mobile"
    MOBILE_OLD = "mobile_old"
    SEOUL = "seoul"
    AREA = "area"
    INTERNET_070 = "internet_070"
    FREE_080 = "free_080"
    COMMON_030 = "common_030"


# Vendors disagree about 050, so it is not here; nor are 112 and its like, which only their agencies may use.
_SENDERS: tuple[tuple[SenderKind, re.Pattern[str]], ...] = (
    (SenderKind.REPRESENTATIVE, re.compile(r"(15|16|18)[0-9]{6}")),
    (SenderKind.MOBILE, re.compile(r"010[2-9][0-9]{7}")),
    (SenderKind.MOBILE_OLD, re.compile(r"01[16789][2-9][0-9]{6,7}")),
    (SenderKind.SEOUL, re.compile(r"02[2-9][0-9]{6,7}")),
    (SenderKind.AREA, re.compile(r"0(3[1-3]|4[1-4]|5[1-5]|6[1-4])[2-9][0-9]{6,7}")),
    (SenderKind.INTERNET_070, re.compile(r"070[2-9][0-9]{7}")),
    (SenderKind.FREE_080, re.compile(r"080[2-9][0-9]{6,7}")),
    (SenderKind.COMMON_030, re.compile(r"030[0-9]{8,9}")),
)

# How many digits stand before the first hyphen; the last group always has four.
_AREA_DIGITS = (
    (re.compile(r"(15|16|18)[0-9]{6}"), 4),
    (re.compile(r"02[0-9]{7,8}"), 2),
    (re.compile(r"0[35]0[0-9]{8,9}"), 4),
    (re.compile(r"0[1-8][0-9]{8,9}"), 3),
)


def normalise_mobile(cell: object) -> str | None:
    """Read a cell as a Korean mobile number; return its 10 or 11 digits with the leading zero, or None. O1.

    Takes text, int or float. Hyphens, dots, brackets, blanks, +82, full-width digits, the zero that a
    spreadsheet dropped and the ".0" it added are repaired; anything doubtful is None: ask
    ``why_not_mobile``.
    """
    text = cell if type(cell) is str else _text_of(cell)
    # The two spellings of nearly every row first; the rest costs several times as much.
    if len(text) == 13 and text[3] == "-" and text[8] == "-":
        digits = text.replace("-", "")
    else:
        digits = text
    if len(digits) == 11 and digits.startswith("010") and digits.isascii() and digits.isdigit():
        return digits
    if len(text) > _MOST_CHARACTERS:
        return None
    if match := _MOBILE_SPELT.match(text):
        network, middle, last = match.groups()
        if network != "10" or len(middle) == 4:
            return f"0{network}{middle}{last}"
    text = _unwrapped(text)
    if _AMOUNT.match(text):
        return None
    match = _MOBILE.match(_SEPARATORS.sub("", text))
    return "0" + match[1] if match else None


def why_not_mobile(cell: object) -> Trouble:
    """Say what is wrong with a cell for which ``normalise_mobile`` gave None. O1."""
    if isinstance(cell, float) and math.isfinite(cell) and abs(cell) >= 1e15:
        return Trouble(PhoneFault.LOST_DIGITS)
    text = _unwrapped(_text_of(cell))
    bare = _SEPARATORS.sub("", text)
    if not bare:
        return Trouble(PhoneFault.EMPTY)
    if _AMOUNT.match(text):
        return Trouble(PhoneFault.NOT_A_NUMBER)
    if match := _SCIENTIFIC.match(text):
        return _why_not_scientific(match)
    if bare.isascii() and bare.removeprefix("+").isdigit():
        if len(_MOBILE_INSIDE.findall(text)) > 1 or (len(bare) in (20, 21, 22) and bare.startswith("01")):
            return Trouble(PhoneFault.TWO_NUMBERS)
        return _why_not_digits(bare)
    return _why_not_words(text, bare)


def repair_of(cell: object, digits: str) -> Repair | None:
    """Name the weightiest repair that turned this cell into these digits, None when nothing was changed.

    Order of weight: country code, leading zero, full-width digits, separators.
    """
    if cell == digits:
        return None
    text = _text_of(cell)
    if text.startswith("01") and text.isascii():
        return Repair.SEPARATORS
    if "0" + text == digits:
        return Repair.LEADING_ZERO
    written = re.sub("[^0-9]", "", unicodedata.normalize("NFKC", _DECIMAL_ZEROS.sub(r"\1", text)))
    if written.startswith(("82", "0082")):
        return Repair.COUNTRY_CODE
    if "0" + written == digits:
        return Repair.LEADING_ZERO
    if any(c.isdigit() and not c.isascii() for c in text):
        return Repair.FULL_WIDTH
    return Repair.SEPARATORS


def digits_of(raw: str) -> str:
    """Keep the digits of a number as typed, in national form: blanks, hyphens, dots, brackets and +82 go."""
    bare = re.sub(r"[\s\-().]", "", unicodedata.normalize("NFKC", raw))
    return "0" + bare[3:] if bare.startswith("+82") else bare


def sender_kind(raw: str) -> SenderKind | None:
    """Say which kind of sender number this is, or None when it may not be registered (S3).

    Representative numbers have exactly eight digits and no area code; 050 and special numbers are refused,
    and so are 010-0xxx and 010-1xxx, which are fine as recipients.
    """
    digits = digits_of(raw)
    return next((kind for kind, form in _SENDERS if form.fullmatch(digits)), None)


def format_phone(digits: str) -> str:
    """Write digits with hyphens, as Koreans group them; what is no Korean number comes back as it is."""
    for form, area in _AREA_DIGITS:
        if form.fullmatch(digits):
            middle = digits[area:-4]
            return f"{digits[:area]}-{middle}-{digits[-4:]}" if middle else f"{digits[:area]}-{digits[-4:]}"
    return digits


def _text_of(cell: object) -> str:
    """Write a cell as text: whole floats without ".0"; None and booleans as blank."""
    if isinstance(cell, str):
        return cell
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell.is_integer() else repr(cell)
    return str(cell)


def _unwrapped(text: str) -> str:
    """Undo full-width characters, quotes around the text and the ".0" of a number written as text."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.strip(_QUOTES)
    return _DECIMAL_ZEROS.sub(r"\1", text) if "." in text else text


def _why_not_scientific(match: re.Match[str]) -> Trouble:
    """Suggest the number only when the short form still holds all of its digits."""
    digits = match[1] + (match[2] or "")
    whole = len(digits) == int(match[3]) + 1
    return Trouble(PhoneFault.SCIENTIFIC, normalise_mobile(digits) if whole else None)


def _why_not_digits(bare: str) -> Trouble:
    """Sort a number that is all digits, perhaps with a plus in front."""
    if bare.startswith("+") and not bare.startswith("+82"):
        return Trouble(PhoneFault.FOREIGN)
    digits = bare.removeprefix("+")
    if digits.startswith("00") and not digits.startswith("0082"):
        return Trouble(PhoneFault.FOREIGN)
    digits = digits.removeprefix("00")
    if digits.startswith("82") and len(digits) > 8:
        digits = "0" + digits[2:].removeprefix("0")
    if re.fullmatch(r"1[5689][0-9]{6}", digits) and digits[1] != "9":
        return Trouble(PhoneFault.REPRESENTATIVE)
    if re.match(r"1[016-9]", digits) and len(digits) >= 8:
        digits = "0" + digits  # the zero that a spreadsheet dropped, and one more mistake
    if digits.startswith("050") and len(digits) >= 10:
        return Trouble(PhoneFault.SAFE_NUMBER)
    if re.fullmatch(r"0(2|[3-6][1-5])[0-9]{7,8}", digits):
        return Trouble(PhoneFault.LANDLINE)
    if re.match(r"01[016-9]", digits):
        return _wrong_length(digits, least=11 if digits[2] == "0" else 10, most=11)
    if re.match(r"0[1-8]", digits) and len(digits) in (10, 11, 12):
        return Trouble(PhoneFault.NOT_MOBILE)
    if 10 <= len(digits) <= 11:
        return Trouble(PhoneFault.NOT_MOBILE)
    return _wrong_length(digits, least=11, most=11)


def _wrong_length(digits: str, *, least: int, most: int) -> Trouble:
    if len(digits) < least:
        return Trouble(PhoneFault.TOO_SHORT, digits_missing=least - len(digits))
    return Trouble(PhoneFault.TOO_LONG, digits_over=len(digits) - most)


def _why_not_words(text: str, bare: str) -> Trouble:
    """Sort a cell that holds more than digits and separators."""
    if "@" in text:
        return Trouble(PhoneFault.MAIL_ADDRESS)
    inside = [normalise_mobile(found) for found in _MOBILE_INSIDE.findall(text)]
    if len(inside) > 1:
        return Trouble(PhoneFault.TWO_NUMBERS)
    if inside:
        return Trouble(PhoneFault.NOT_A_NUMBER, inside[0])
    if mended := normalise_mobile(bare.translate(_LOOKS_LIKE)):
        return Trouble(PhoneFault.LETTER_FOR_DIGIT, mended)
    return Trouble(PhoneFault.NOT_A_NUMBER)
