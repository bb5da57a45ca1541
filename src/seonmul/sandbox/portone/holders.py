"""Whose an account is: decided by the last four digits of its number."""

from __future__ import annotations

from seonmul.sandbox.door import Declined
from seonmul.sandbox.nts.register import FIRMS
from seonmul.sandbox.portone import banks
from seonmul.sandbox.portone.asked import invalid
from seonmul.sandbox.portone.people import PEOPLE

ANOTHER = "임꺽정"
#: Names on the accounts of firms; of the others the representative's.
_FIRM_NAMES = {"9998800014": "주식회사 한빛테크", "9998800028": "다온상사"}


def holder(bank: str, number: str, birth_date: str, business_number: str) -> str:
    """Tell the holder: whomever was asked about, unless the digits say otherwise. Raises 400, 503."""
    if bank not in banks.ALL or not number.isdecimal() or (birth_date and business_number):
        raise invalid("bank, accountNumber, birthdate or businessRegistrationNumber")
    match number[-4:]:
        case "0404":
            raise Declined(503, "PLATFORM_EXTERNAL_API_FAILED", "계좌를 찾을 수 없습니다.")
        case "0503":
            raise Declined(503, "PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED", "일시적으로 조회할 수 없습니다.")
        case "0009":
            return ANOTHER
    if business_number:
        return _FIRM_NAMES.get(business_number) or _representative(business_number)
    return _person(birth_date) if birth_date else next(iter(PEOPLE.values())).name


def _representative(business_number: str) -> str:
    firm = FIRMS.get(business_number)
    return firm.representative if firm else ANOTHER


def _person(birth_date: str) -> str:
    """The invented person born then; YYYYMMDD or YYMMDD, hyphens allowed."""
    digits = birth_date.replace("-", "")
    if not digits.isdecimal() or len(digits) not in (6, 8):
        raise invalid("birthdate")
    born = (person for person in PEOPLE.values() if person.born_on.replace("-", "").endswith(digits))
    return next((person.name for person in born), ANOTHER)
