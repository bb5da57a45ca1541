"""PortOne's payment object in our words. P2, P3, P5, P9

Whatever is missing, of another type or not known is `InDoubt`. No error carries what was read, nor the error that
came of it as its cause: both would show a name or an account in a log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from seonmul.kit import wire
from seonmul.payments.ports import Account, Cancelled, Method, Payment, Told
from seonmul.providers.portone import codes

_KEY = re.compile(r"\[([0-9A-Za-z]+)\]")
_UNPAID = frozenset({Told.OPEN, Told.WAITING, Told.FAILED})
_METHOD_IS_CERTAIN = frozenset({Told.WAITING, Told.PAID})
_CANCELLED = ("PARTIAL_CANCELLED", "CANCELLED")
_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


def payment(told: Any) -> Payment:
    """Read one payment."""
    try:
        return _payment(told)
    except _UNREADABLE:
        raise wire.InDoubt("PortOne: unreadable payment") from None


def cancelled(told: Any) -> Cancelled:
    """Read one cancellation; our key stands in brackets before its reason."""
    try:
        return _cancelled(told)
    except _UNREADABLE:
        raise wire.InDoubt("PortOne: unreadable cancellation") from None


def changed_at(told: Any) -> datetime:
    """Read when a payment changed last."""
    try:
        return _time(told["updatedAt"])
    except _UNREADABLE:
        raise wire.InDoubt("PortOne: unreadable payment") from None


def reason(key: str, why: str) -> str:
    """Write the reason of a cancellation so that its key is found again; first, lest it be cut off."""
    return f"[{key}] {why}"


def subject_sent(subject: str) -> dict[str, str]:
    """The custom data that carry a subject: an object for the browser, its JSON for the server's API."""
    return {"subject": subject}


def _payment(told: Mapping[str, Any]) -> Payment:
    status = _text(told["status"])
    state = codes.STATES[status]
    amount = {
        name: _won(told["amount"][name]) for name in ("total", "taxFree", "discount", "paid", "cancelled")
    }
    method, details = _method(told.get("method"), state)
    card = _card(method, details)
    failure = told["failure"] if state is Told.FAILED else {}
    code, text = _optional(failure.get("pgCode")), _failure_text(failure)
    return Payment(
        reference=_text(told["id"]),
        state=state,
        won=amount["total"],
        paid_won=_came(status, amount),
        cancelled_won=amount["cancelled"],
        method=method,
        subject=_subject(told.get("customData")),
        is_ours=_is_ours(told, state, amount),
        at=_paid_at(told, status),
        account=_account(details) if method is Method.ACCOUNT else None,
        issuer=_optional(card.get("issuer") or card.get("publisher")).upper(),
        is_corporate={"CORPORATE": True, "PERSONAL": False}.get(_optional(card.get("ownerType"))),
        trouble=codes.trouble_of(code, text) if state is Told.FAILED else None,
        vendor_code=code,
        vendor_text=text,
        vendor_id=_text(told["transactionId"]),
        cancelled=tuple(_cancelled(one) for one in _cancellations(told, status)),
    )


def _came(status: str, amount: Mapping[str, int]) -> int | None:
    """How much came. Whether `paid` sinks with what goes back is unknown, so both readings are understood."""
    if codes.STATES[status] in _UNPAID:
        return None
    paid, back = amount["paid"], amount["cancelled"]
    if status == "CANCELLED":
        return back or None  # nothing went back where nothing had come: an account that was closed
    is_net = status == "PARTIAL_CANCELLED" and paid + back == amount["total"] - amount["discount"]
    return paid + back if is_net else paid


def _is_ours(told: Mapping[str, Any], state: Told, amount: Mapping[str, int]) -> bool:
    return (
        _is_through_ours(told, state)
        and _text(told["storeId"]) == settings.PORTONE_STORE_ID
        and _text(told["currency"]) == "KRW"
        and amount["taxFree"] == amount["total"]
    )


def _is_through_ours(told: Mapping[str, Any], state: Told) -> bool:
    """Keys of channels are public, and a test channel takes any card: only what came through ours counts."""
    if "channel" not in told and state in (Told.OPEN, Told.FAILED):
        return True  # none was chosen yet, and there is no money either
    key = _text(told["channel"]["key"])
    return key in (settings.PORTONE_CARD_CHANNEL_KEY, settings.PORTONE_ACCOUNT_CHANNEL_KEY)


def _method(told: Mapping[str, Any] | None, state: Told) -> tuple[Method | None, Mapping[str, Any]]:
    if told is None and state not in _METHOD_IS_CERTAIN:
        return None, {}
    details: Mapping[str, Any] = told or {}
    return codes.METHODS[_text(details["type"])], details


def _card(method: Method | None, details: Mapping[str, Any]) -> Mapping[str, Any]:
    """The card that was used, if any: easy pay may have taken one."""
    if method is Method.EASY_PAY:
        details = details.get("easyPayMethod") or {}
        if details.get("type") != "PaymentMethodCard":
            return {}
    elif method is not Method.CARD:
        return {}
    card: Mapping[str, Any] = details.get("card") or {}
    return card


def _account(details: Mapping[str, Any]) -> Account:
    until = details.get("expiredAt")
    return Account(
        bank=codes.BANKS_BY_NAME[_text(details["bank"])],
        number=_text(re.sub(r"\D", "", _text(details["accountNumber"]))),
        holder=_optional(details.get("remitteeName")),
        until=_time(until) if until is not None else None,
    )


def _paid_at(told: Mapping[str, Any], status: str) -> datetime | None:
    if status == "PAID":
        return _time(told["paidAt"])
    if status in _CANCELLED and told.get("paidAt") is not None:
        return _time(told["paidAt"])
    return None


def _cancellations(told: Mapping[str, Any], status: str) -> list[Mapping[str, Any]]:
    """All of them; a payment that is still PAID may have one that waits or failed."""
    listed: list[Mapping[str, Any]] = (
        told["cancellations"] if status in _CANCELLED else told.get("cancellations", [])
    )
    if not isinstance(listed, list):
        raise TypeError("no list")
    return listed


def _cancelled(told: Mapping[str, Any]) -> Cancelled:
    state = codes.CANCELLATIONS[_text(told["status"])]
    ours = _KEY.match(_optional(told.get("reason")))
    at = told.get("cancelledAt") if state == "done" else None
    return Cancelled(
        key=ours[1] if ours else "",
        won=_won(told["totalAmount"]),
        state=state,
        vendor_id=_text(told["id"]),
        at=_time(at) if at is not None else None,
    )


def _failure_text(failure: Mapping[str, Any]) -> str:
    """What the card company said, or else PortOne; verbatim."""
    return _optional(failure.get("pgMessage")) or _optional(failure.get("reason"))


def _subject(custom: object) -> str:
    """What we sent as an object or as its JSON comes back as a text; what is not ours has no subject."""
    try:
        read = json.loads(custom) if isinstance(custom, str) else None
    except ValueError:
        return ""
    return _optional(read.get("subject")) if isinstance(read, dict) else ""


def _won(value: object) -> int:
    if type(value) is not int or value < 0:  # True is an int as well
        raise TypeError("no sum of won")
    return value


def _time(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("no text")
    return value


def _optional(value: object) -> str:
    return value if isinstance(value, str) else ""
