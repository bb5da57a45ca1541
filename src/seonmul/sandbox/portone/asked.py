"""What a request asked for, read and checked. Whatever is wrong with it is INVALID_REQUEST."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from seonmul.sandbox.clock import ms_of
from seonmul.sandbox.door import Declined

_LONGEST_ID = 40
_LONGEST_TITLE_BYTES = 100
_CURRENCIES = ("KRW", "CURRENCY_KRW")
_MOST_WON = 10**13

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Sum:
    """How much: won, of which free of tax, and the value added tax in the rest."""

    won: int
    tax_free: int
    vat: int


def invalid(what: str) -> Declined:
    """Say what is wrong."""
    return Declined(400, "INVALID_REQUEST", f"요청된 입력 정보가 유효하지 않습니다: {what}")


def body_of(text: str | bytes) -> dict[str, Any]:
    """Read a JSON object; an empty body is an empty one."""
    try:
        body = json.loads(text or "{}")
        json.dumps(body, ensure_ascii=False).encode()  # half of a surrogate pair cannot be kept
    except ValueError:
        raise invalid("JSON") from None
    if not isinstance(body, dict):
        raise invalid("JSON")
    return body


def payment_id(name: str) -> str:
    """KCP's form: ASCII letters and digits, 1 to 40."""
    if not (name.isascii() and name.isalnum() and len(name) <= _LONGEST_ID):
        raise invalid("paymentId")
    return name


def title(body: Body) -> str:
    """KCP's form: 1 to 100 bytes."""
    name = text(body, "orderName")
    if len(name.encode()) > _LONGEST_TITLE_BYTES:
        raise invalid("orderName")
    return name


def text(body: Body, name: str) -> str:
    """A text that is there and is not empty."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise invalid(name)
    return value


def part(body: Body, name: str) -> dict[str, Any]:
    """An object, an empty one where it is missing."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(name)
    return value


def won(body: Body, name: str, *, least: int = 0) -> int | None:
    """A whole number of won, None where it is missing."""
    value = body.get(name)
    if value is None:
        return None
    if type(value) is not int or not least <= value <= _MOST_WON:
        raise invalid(name)
    return value


def summed(total: int | None, tax_free: int | None, vat: int | None = None) -> Sum:
    """Check that the parts fit the whole; the tax is worked out where it was not given."""
    if total is None or total <= 0:
        raise invalid("amount.total")
    free = tax_free or 0
    if free > total:
        raise invalid("amount.taxFree")
    tax = vat if vat is not None else round((total - free) / 11)
    if free + tax > total:
        raise invalid("amount.vat")
    return Sum(total, free, tax)


def currency(body: Body) -> None:
    """Only won."""
    if body.get("currency") not in _CURRENCIES:
        raise invalid("currency")


def addresses(body: Body) -> list[str]:
    """noticeUrls."""
    given = body.get("noticeUrls")
    if given is None:
        return []
    is_right = isinstance(given, list) and all(
        isinstance(one, str) and urlsplit(one).scheme in ("http", "https") for one in given
    )
    if not is_right:
        raise invalid("noticeUrls")
    return list(given)


def custom_data(body: Body) -> str | None:
    """Browsers send an object, servers a text; it is read back as a text."""
    value = body.get("customData")
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def instant(body: Body, name: str) -> int | None:
    """A time with its offset, in milliseconds; None where it is missing."""
    value = body.get(name)
    if value is None:
        return None
    at = ms_of(value) if isinstance(value, str) else None
    if at is None:
        raise invalid(name)
    return at
