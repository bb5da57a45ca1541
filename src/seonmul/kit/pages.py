"""Keyset pages: no list without order, page and limit.

A cursor is the sort key of the last row shown, so that page 5,000 costs what page 1 costs and rows that arrive
meanwhile are neither repeated nor lost.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
MOST = 200


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows in order, and the cursor of the next page ("" on the last). `is_cut`: see walked."""

    rows: list[M]
    after: str
    is_cut: bool = False


def page(rows: QuerySet[M], *, order: tuple[str, ...], after: str = "", limit: int = 50) -> Page[M]:
    """Return one page of `rows` in `order` ("-placed_at", "-id"; the last one unique), behind cursor `after`.

    A cursor that cannot be read counts as none: an old address shows the first page, not an error.
    """
    limit = max(1, min(limit, MOST))
    found = list(_from(rows, order, after)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return Page(found, _write(found[-1], order) if more else "")


def walked(
    rows: QuerySet[M],
    wanted: Q,
    *,
    order: tuple[str, ...],
    after: str = "",
    limit: int = 50,
    most: int = 1_000,
) -> Page[M]:
    """The same of those rows that are `wanted`, where no index leads to them: at most `most` rows are looked at.

    A page whose rows were not found by then says so (`is_cut`), and its cursor goes on behind the last one looked at.
    """
    limit = max(1, min(limit, MOST))
    walk = _from(rows, order, after)
    found = list(rows.filter(wanted, pk__in=walk.values("pk")[:most]).order_by(*order)[: limit + 1])
    if len(found) > limit:
        return Page(found[:limit], _write(found[limit - 1], order))
    last = list(walk[most - 1 : most])
    return Page(found, _write(last[0], order) if last else "", bool(last))


def _from(rows: QuerySet[M], order: tuple[str, ...], after: str) -> QuerySet[M]:
    """The rows in order behind a cursor."""
    values = _read(after, order, rows.model)
    ordered = rows.order_by(*order)
    return ordered.filter(_behind(order, values)) if values else ordered


def _behind(order: tuple[str, ...], values: list[Any]) -> Q:
    """(a, b) behind (x, y): a past x, or a = x and b past y; never before x, so that an index begins there."""
    first = order[0]
    condition = Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": values[0]})
    return condition & _past(order, values)


def _past(order: tuple[str, ...], values: list[Any]) -> Q:
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


def _read(cursor: str, order: tuple[str, ...], model: type[Model]) -> list[Any]:
    """The values of a cursor; [] for one that we did not write: it is a part of an address that anybody can edit."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            return []
        return [_typed(model, name, value) for name, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return []


def _typed(model: type[Model], name: str, value: object) -> Any:
    """Turn a value into what its field holds, or raise."""
    *steps, last = name.lstrip("-").split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    typed = model._meta.get_field(last).to_python(value)  # type: ignore[union-attr]
    if isinstance(typed, str):
        typed.encode()  # half a character
    if typed is None or (isinstance(typed, str) and "\0" in typed):
        raise ValueError("no database holds this")
    if isinstance(typed, datetime) and typed.tzinfo is None:
        raise ValueError("a time without a zone")
    return typed
