"""Every copy of a buyer, across all orders: filtered, newest first, page by page, however many there are. O11

One condition has an index that gives its rows in order; whatever else was asked for is looked at row by row, at most
`MOST_WALKED` of them for one page, so that no combination makes a page slow: such a page says how far back it looked.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from seonmul.catalog.models import Product
from seonmul.dispatch.ports import Result
from seonmul.gifts.models import Gift
from seonmul.kit import crypto
from seonmul.orders.models import DraftRow, Line, Order

MOST_WALKED = 1_000
#: Rows of a sheet at most, and how many of them are read at a time.
MOST_ROWS, PORTION = 100_000, 2_000


@dataclass(frozen=True)
class Filters:
    """What of a buyer's copies is looked for; None and "" ask for nothing.

    `only`: a result, or "failed". `state`: of the voucher. `phone`: a whole number as digits, or an address. `until` is not included.
    """

    since: datetime | None = None
    until: datetime | None = None
    only: str = ""
    product_id: UUID | None = None
    order_id: UUID | None = None
    is_opened: bool | None = None
    state: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Copies:
    """A page of copies, the cursor of the next one, and whether the search was cut short before it had a page full."""

    rows: list[Gift]
    after: str
    is_cut: bool = False


@dataclass
class _Walk:
    """Where rows come from in order, what they are filtered by on the way, and what has to be looked at row by row."""

    table: str
    key: tuple[str, str] = ("issued_at", "id")
    is_upward: bool = False
    where: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


_STANDING = "(SELECT gift_id AS id, buyer_id, product_id, state, issued_at FROM gifts_standing)"
_BY_PHONE = """(
    SELECT g.* FROM orders_recipient r JOIN orders_line l ON l.id = r.line_id
    JOIN gifts_gift g ON g.order_id = l.order_id AND g.position = r.position AND g.recipient_id = r.id
    WHERE r.{index} = %(phone)s AND g.to_index IS DISTINCT FROM %(phone)s
    UNION ALL SELECT g.* FROM gifts_gift g WHERE g.to_index = %(phone)s)"""


def _conditions(asked: Filters) -> tuple[list[str], list[str], dict[str, Any]]:
    """What is asked of a copy, what of its standing, and the values."""
    of_gift, of_standing, values = [], [], {"state": asked.state, "product": asked.product_id}
    if asked.only == "failed":
        of_gift.append("{}.result NOT IN ('delivered', 'waiting')")
    elif asked.only == Result.WAITING:
        of_gift.append("{}.result = 'waiting'")
    elif asked.only:
        of_gift.append("{}.result = %(only)s")
        values["only"] = asked.only
        if asked.only != Result.DELIVERED:
            of_gift.append("{}.result NOT IN ('delivered', 'waiting')")
    if asked.is_opened is not None:
        of_gift.append("{}.opened_at IS NOT NULL" if asked.is_opened else "{}.opened_at IS NULL")
    if asked.state:
        of_standing.append("{}.state = %(state)s")
    if asked.product_id:
        of_standing.append("{}.product_id = %(product)s")
    return of_gift, of_standing, values


def _walk(buyer_id: UUID, asked: Filters) -> _Walk:
    of_gift, of_standing, values = _conditions(asked)
    by_gift = bool(
        asked.phone or asked.order_id or (asked.only and asked.only != Result.DELIVERED)
        or (asked.is_opened and not asked.state)
    )  # fmt: skip
    walk = _Walk("gifts_gift" if by_gift else _STANDING, values=values | {"buyer": buyer_id})
    walk.where = ["w.buyer_id = %(buyer)s"]
    if asked.phone:
        by_mail = "@" in asked.phone
        walk.table = _BY_PHONE.format(index="mail_index" if by_mail else "phone_index")
        walk.values["phone"] = crypto.ring().index(DraftRow.MAIL if by_mail else DraftRow.PHONE, asked.phone)
    if asked.order_id:
        walk.where.append("w.order_id = %(order)s")
        walk.values["order"] = asked.order_id
        walk.key, walk.is_upward = ("position", "copy_number"), True
    if asked.since:
        walk.where.append("w.issued_at >= %(since)s")
        walk.values["since"] = asked.since
    if asked.until:
        walk.where.append("w.issued_at < %(until)s")
        walk.values["until"] = asked.until
    mine, others = (of_gift, of_standing) if by_gift else (of_standing, of_gift)
    walk.where += [one.format("w") for one in mine]
    walk.rest = [one.format("o") for one in others]
    return walk


def _keys(walk: _Walk, after: Sequence[Any], limit: int, most: int | None) -> tuple[list[Any], bool]:
    """The keys (id, and the two of the order) of a page, and whether `most` rows were looked at before it was full."""
    first, second = walk.key
    where, values = list(walk.where), walk.values | {"limit": limit, "most": most}
    if after:
        where.append(f"(w.{first}, w.{second}) {'>' if walk.is_upward else '<'} (%(a)s, %(b)s)")
        values |= {"a": after[0], "b": after[1]}
    way = "" if walk.is_upward else "DESC"
    inner = f"""SELECT w.id, w.{first} AS a, w.{second} AS b FROM {walk.table} w WHERE {" AND ".join(where)}
        ORDER BY w.{first} {way}, w.{second} {way}"""  # noqa: S608 - conditions of ours
    with connection.cursor() as cursor:
        if not walk.rest:
            cursor.execute(f"{inner} LIMIT %(limit)s", values)
            return cursor.fetchall(), False
        other = "gifts_gift" if walk.table == _STANDING else _STANDING
        cut = " LIMIT %(most)s" if most else ""
        cursor.execute(
            f"""SELECT k.id, k.a, k.b FROM ({inner}{cut}) k JOIN {other} o ON o.id = k.id
                WHERE {" AND ".join(walk.rest)} ORDER BY k.a {way}, k.b {way} LIMIT %(limit)s""",  # noqa: S608
            values,
        )
        found = cursor.fetchall()
        if most and len(found) < limit:
            cursor.execute(f"SELECT k.id, k.a, k.b FROM ({inner} OFFSET %(most)s - 1 LIMIT 1) k", values)  # noqa: S608
            last = cursor.fetchall()
            return found + last, bool(last)
        return found, False


def copies_page(buyer_id: UUID, asked: Filters, after: str = "", limit: int = 50) -> Copies:
    """One page of a buyer's copies, the newest first; those of one order as they stand in its list."""
    walk = _walk(buyer_id, asked)
    keys, is_cut = _keys(walk, _read(after, walk), limit + 1, MOST_WALKED)
    last = keys.pop() if is_cut else keys[limit - 1] if len(keys) > limit else None
    return Copies(_gifts([key[0] for key in keys[:limit]]), _write(last) if last else "", is_cut)


def copies_of(buyer_id: UUID, asked: Filters) -> Iterator[Gift]:
    """Up to 100,000 of a buyer's copies, some thousand at a time: for a sheet. O11"""
    walk, after, count = _walk(buyer_id, asked), (), 0
    while count < MOST_ROWS:
        keys, _ = _keys(walk, after, min(PORTION, MOST_ROWS - count), None)
        yield from _gifts([key[0] for key in keys])
        if len(keys) < PORTION:
            return
        after, count = keys[-1][1:], count + len(keys)


def _gifts(ids: Sequence[UUID]) -> list[Gift]:
    """The gifts of these ids with all that a list shows; what many rows share is read once."""
    by_id = Gift.objects.select_related("recipient", "voucher").in_bulk(ids)
    orders = Order.objects.in_bulk({gift.order_id for gift in by_id.values()})
    lines = Line.objects.in_bulk({gift.line_id for gift in by_id.values()})
    products = Product.objects.select_related("brand").in_bulk({line.product_id for line in lines.values()})
    for line in lines.values():
        line.order, line.product = orders[line.order_id], products[line.product_id]
    for gift in by_id.values():
        gift.order, gift.line = orders[gift.order_id], lines[gift.line_id]
    return [by_id[one] for one in ids]


def products_of(buyer_id: UUID) -> list[Product]:
    """The products of which a buyer has copies, by name: from jump to jump in the index, not from copy to copy."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE p(id) AS (
                (SELECT product_id FROM gifts_standing WHERE buyer_id = %(buyer)s ORDER BY product_id LIMIT 1)
                UNION ALL
                SELECT (SELECT product_id FROM gifts_standing WHERE buyer_id = %(buyer)s AND product_id > p.id
                        ORDER BY product_id LIMIT 1) FROM p WHERE p.id IS NOT NULL)
            SELECT id FROM p WHERE id IS NOT NULL LIMIT 500""",
            {"buyer": buyer_id},
        )
        found = [row[0] for row in cursor.fetchall()]
    return list(Product.objects.filter(id__in=found).select_related("brand").order_by("brand__name", "name"))


def _write(key: Sequence[Any]) -> str:
    values = [one.isoformat() if isinstance(one, datetime) else one for one in key[1:]]
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def _read(cursor: str, walk: _Walk) -> Sequence[Any]:
    """The values of a cursor; () for one that we did not write: it is a part of an address that anybody can edit."""
    try:
        first, second = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if walk.is_upward:
            return (
                (first, second) if type(first) is int is type(second) and max(first, second) < 2**31 else ()
            )
        moment = datetime.fromisoformat(first)
        return (moment, UUID(second)) if moment.tzinfo else ()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ()
