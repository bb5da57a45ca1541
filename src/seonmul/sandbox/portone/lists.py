"""Many payments at once: by page and filter, or by cursor."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from seonmul.sandbox.clock import now_ms
from seonmul.sandbox.door import Declined
from seonmul.sandbox.portone import asked
from seonmul.sandbox.portone.asked import Body, invalid
from seonmul.sandbox.portone.payments import Payments
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store

_NINETY_DAYS_MS = 90 * 86_400_000
_DEFAULT_SIZE, _MOST_SIZE, _DEEPEST = 10, 1000, 60_000
_COLUMNS = {
    "REQUESTED_AT": "requested_at",
    "CREATED_AT": "requested_at",
    "STATUS_CHANGED_AT": "changed_at",
}
_STATUSES = {
    "READY": "READY", "PENDING": "PAY_PENDING", "VIRTUAL_ACCOUNT_ISSUED": "VIRTUAL_ACCOUNT_ISSUED",
    "PAID": "PAID", "FAILED": "FAILED", "PARTIAL_CANCELLED": "PARTIAL_CANCELLED", "CANCELLED": "CANCELLED",
}  # fmt: skip
_METHODS = {
    "CARD": "PaymentMethodCard",
    "EASY_PAY": "PaymentMethodEasyPay",
    "VIRTUAL_ACCOUNT": "PaymentMethodVirtualAccount",
}
_KNOWN = {
    "storeId", "merchantId", "timestampType", "from", "until", "status", "methods", "isTest", "sortBy",
    "sortOrder", "version", "currency",
}  # fmt: skip


class Lists:
    """The two questions for many payments."""

    def __init__(self, settings: Settings, store: Store, payments: Payments) -> None:
        self._settings, self._store, self._payments = settings, store, payments

    def by_page(self, body: Body) -> dict[str, object]:
        """A page of what the filter leaves. What the sandbox cannot filter by is refused, not passed over."""
        wish, page = asked.part(body, "filter"), asked.part(body, "page")
        unknown = wish.keys() - _KNOWN
        if unknown:
            raise invalid(f"filter.{min(unknown)}")
        self._check_store(wish)
        number = asked.won(page, "number") or 0
        size = _size(page)
        if (number + 1) * size > _DEEPEST:
            raise invalid("page")
        column = _column(wish, "timestampType", "CREATED_AT")
        order = _column(wish, "sortBy", "STATUS_CHANGED_AT")
        direction = wish.get("sortOrder", "DESC")
        if direction not in ("ASC", "DESC"):
            raise invalid("filter.sortOrder")
        since, until = _span(wish)
        where = f"{column} >= ? AND {column} < ?"
        where += " AND (? IS NULL OR status IN (SELECT value FROM json_each(?)))"
        where += " AND (? IS NULL OR json_extract(method, '$.type') IN (SELECT value FROM json_each(?)))"
        statuses, methods = _among(wish, "status", _STATUSES), _among(wish, "methods", _METHODS)
        values = [since, until, statuses, statuses, methods, methods]
        if wish.get("isTest") is False or wish.get("version") == "V1":
            where += " AND 0"
        counted = self._store.row(f"SELECT count(*) FROM portone_payments WHERE {where}", *values)  # noqa: S608 - our own words
        rows = self._store.rows(
            f"SELECT * FROM portone_payments WHERE {where}"  # noqa: S608 - our own words
            f" ORDER BY {order} {direction}, no {direction} LIMIT ? OFFSET ?",
            *values,
            size,
            number * size,
        )
        total = counted[0] if counted else 0
        return {
            "items": [self._payments.written(row) for row in rows],
            "page": {"number": number, "size": size, "totalCount": total},
        }

    def by_cursor(self, body: Body) -> dict[str, object]:
        """What was created in a span of time, the oldest first; each with the cursor that goes on behind it."""
        self._check_store(body)
        since, until = _span(body)
        rows = self._store.rows(
            "SELECT * FROM portone_payments WHERE requested_at >= ? AND requested_at < ?"
            " AND (requested_at, no) > (?, ?) ORDER BY requested_at, no LIMIT ?",
            since,
            until,
            *_cursor(body),
            _size(body),
        )
        return {"items": [{"payment": self._payments.written(row), "cursor": _behind(row)} for row in rows]}

    def _check_store(self, wish: Body) -> None:
        if wish.get("storeId") not in (None, self._settings.portone_store_id):
            raise Declined(403, "FORBIDDEN", "요청이 거절되었습니다.")


def _size(page: Body) -> int:
    size = asked.won(page, "size", least=1) or _DEFAULT_SIZE
    if size > _MOST_SIZE:
        raise invalid("size")
    return size


def _span(wish: Body) -> tuple[int, int]:
    """The first instant that counts and the first that does not any more."""
    until = asked.instant(wish, "until")
    since = asked.instant(wish, "from")
    end = 2**62 if until is None else until
    if since is None:
        since = (now_ms() if until is None else until) - _NINETY_DAYS_MS
    return since, end


def _column(wish: Body, name: str, default: str) -> str:
    column = _COLUMNS.get(str(wish.get(name, default)))
    if column is None:
        raise invalid(f"filter.{name}")
    return column


def _among(wish: Body, name: str, known: dict[str, str]) -> str | None:
    listed = wish.get(name)
    if listed is None or listed == []:
        return None
    if not isinstance(listed, list) or any(one not in known for one in listed):
        raise invalid(f"filter.{name}")
    return json.dumps([known[one] for one in listed])


def _behind(row: sqlite3.Row) -> str:
    return f"{row['requested_at']}-{row['no']}"


def _cursor(body: Body) -> tuple[int, int]:
    text: Any = body.get("cursor")
    if text is None:
        return -1, -1
    at, _, no = str(text).partition("-")
    if not (at.isdecimal() and no.isdecimal()):
        raise invalid("cursor")
    return int(at), int(no)
