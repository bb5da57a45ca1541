"""The tax office's register, invented: what it says of a number follows from the number itself."""

from __future__ import annotations

from dataclasses import dataclass

CONTINUING, SUSPENDED, CLOSED, UNREGISTERED = "01", "02", "03", ""
_WORDS = {CONTINUING: "계속사업자", SUSPENDED: "휴업자", CLOSED: "폐업자"}

#: The seventh to ninth digit of a valid number.
_STATES = {"902": SUSPENDED, "903": CLOSED, "904": UNREGISTERED}
SLOW, DOWN = "905", "906"

#: Whom nobody is called: this representative never matches.
WRONG_NAME = "틀린이름"

_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_TAX_TYPES = {
    "01": "부가가치세 일반과세자",
    "04": "부가가치세 면세사업자",
    "05": "비영리법인이거나 국가기관, 지방자치단체",
    "06": "고유번호가 부여된 단체",
}
_NOT_REGISTERED = "국세청에 등록되지 않은 사업자등록번호입니다."


@dataclass(frozen=True)
class Firm:
    """An invented business whose representative and opening day (YYYYMMDD) the register knows."""

    representative: str
    opened_on: str


FIRMS = {
    "9998800014": Firm("한지원", "20150302"),
    "9998800028": Firm("서하늘", "20180910"),
    "9998800033": Firm("문서연", "20200615"),
    "9998200012": Firm("배도현", "20110401"),
}


def is_number(number: str) -> bool:
    """Tell whether this is ten digits of which the last is right."""
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        return False
    digits = [int(one) for one in number]
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) + digits[8] * 5 // 10
    return (10 - total % 10) % 10 == digits[9]


def trouble(number: str) -> str:
    """Tell what asking about this number does to the office: SLOW, DOWN or nothing ("")."""
    return number[6:9] if is_number(number) and number[6:9] in (SLOW, DOWN) else ""


def status(number: str) -> dict[str, str]:
    """Write the office's row on a number."""
    code = _STATES.get(number[6:9], CONTINUING) if is_registered(number) else UNREGISTERED
    kind = _tax_kind(number) if code else ""
    return {
        "b_no": number,
        "b_stt": _WORDS.get(code, ""),
        "b_stt_cd": code,
        "tax_type": _TAX_TYPES[kind] if kind else _NOT_REGISTERED,
        "tax_type_cd": kind,
        "end_dt": "20240630" if code == CLOSED else "",
        "utcc_yn": "N" if code else "",
        "tax_type_change_dt": "",
        "invoice_apply_dt": "",
        "rbf_tax_type": "해당없음" if code else "",
        "rbf_tax_type_cd": "99" if code else "",
    }


def is_registered(number: str) -> bool:
    """Tell whether the register has this number: zeros belong to nobody, wrong ones neither."""
    return is_number(number) and number[:3] >= "101" and _STATES.get(number[6:9]) != UNREGISTERED


def matches(number: str, representative: str, opened_on: str) -> bool:
    """Tell whether the three belong together; of firms it does not list, the register believes any name."""
    name = representative.replace(" ", "")
    if not is_registered(number) or name == WRONG_NAME:
        return False
    firm = FIRMS.get(number)
    return firm is None or firm == Firm(name, opened_on)


def _tax_kind(number: str) -> str:
    """Tell the kind from the fourth and fifth digit."""
    kind = number[3:5]
    if kind in ("82", "83"):
        return "05"
    if kind in ("80", "89"):
        return "06"
    return "04" if kind >= "90" else "01"
