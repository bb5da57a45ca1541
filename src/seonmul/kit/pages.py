"""Keyset pages: no list without order, page and limit.

A cursor is the sort key of the last row shown, so that page 5,000 costs what page 1 costs and rows that arrive
meanwhile are neither repeated nor lost.
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
MOST = 200


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows in order, and the cursor of the next page ("" on the last)."""

    rows: list[M]
    after: str


def page(rows: QuerySet[M], *, order: tuple[str, ...], after: str = "", limit: int = 50) -> Page[M]:
    """Return one page of `rows` in `order` ("-placed_at", "-id"; the last one unique), behind cursor `after`.

    A cursor that cannot be read counts as none: an old address shows the first page, not an error.
    """
    limit = max(1, min(limit, MOST))
    ordered = rows.order_by(*order)
    values = _read(after, len(order))
    if values:
        ordered = ordered.filter(_behind(order, values))
    found = list(ordered[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return Page(found, _write(found[-1], order) if more else "")


def _behind(order: tuple[str, ...], values: list[Any]) -> Q:
    """(a, b) behind (x, y): a past x, or a = x and b past y."""
    condition = Q()
    for depth in range(len(order)):
        same = {name.lstrip("-"): value for name, value in zip(order[:depth], values, strict=False)}
        name = order[depth]
        past = f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}"
        condition |= Q(**same, **{past: values[depth]})
    return condition


def _write(row: Model, order: tuple[str, ...]) -> str:
    values = []
    for name in order:
        value: Any = row
        for step in name.lstrip("-").split("__"):
            value = getattr(value, step)
        values.append(value.isoformat() if isinstance(value, date | datetime) else _plain(value))
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value


def _read(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return []
    return values if isinstance(values, list) and len(values) == length else []
