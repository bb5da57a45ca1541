"""Every copy of a buyer, across all orders: filtered, newest first, page by page, however many there are. O11

One condition has an index that gives its rows in order; whatever else was asked for is looked at row by row, at most
`MOST_WALKED` of them for one page, so that no combination makes a page slow: such a page says how far back it looked.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from seonmul.catalog.models import Product
from seonmul.dispatch.ports import Result
from seonmul.kit import crypto
from seonmul.orders.lists import Cells
from seonmul.orders.models import DraftRow

MOST_WALKED = 600
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


class Copy(NamedTuple):
    """One copy as lists and sheets show it. `state`: of its voucher; `order`, `public_id`: what addresses say of both."""

    id: UUID
    public_id: str
    position: int
    copy_number: int
    result: str
    resends: int
    state: str
    order: str
    kind: str
    channel: str
    product: str
    sent_at: datetime
    result_at: datetime | None
    opened_at: datetime | None
    cells: Cells

    def __repr__(self) -> str:
        return f"Copy({self.public_id})"  # nobody's name or number


@dataclass(frozen=True)
class Copies:
    """A page of copies, the cursor of the next one, and whether the search was cut short before it had a page full."""

    rows: list[Copy]
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
        fitting = f"""SELECT k.* FROM {{}} k JOIN {other} o ON o.id = k.id WHERE {" AND ".join(walk.rest)}
            ORDER BY k.a {way}, k.b {way} LIMIT %(limit)s"""  # noqa: S608
        if most is None:
            cursor.execute(fitting.format(f"({inner})"), values)
            return cursor.fetchall(), False
        # the last row that was looked at stands behind those that fit, when as many were looked at as may be
        cursor.execute(
            f"""WITH looked AS ({inner} LIMIT %(most)s), fit AS ({fitting.format("looked")}),
                last AS (SELECT * FROM looked ORDER BY a {way}, b {way} OFFSET %(most)s - 1 LIMIT 1)
                SELECT fit.*, false AS is_last FROM fit UNION ALL SELECT last.*, true FROM last
                ORDER BY is_last, a {way}, b {way}""",  # noqa: S608
            values,
        )
        rows = cursor.fetchall()
        found = [row[:3] for row in rows if not row[3]]
        if len(found) < limit:
            return [row[:3] for row in rows], len(rows) > len(found)
        return found, False


def copies_page(buyer_id: UUID, asked: Filters, after: str = "", limit: int = 50) -> Copies:
    """One page of a buyer's copies, the newest first; those of one order as they stand in its list."""
    walk = _walk(buyer_id, asked)
    keys, is_cut = _keys(walk, _read(after, walk), limit + 1, MOST_WALKED)
    last = keys.pop() if is_cut else keys[limit - 1] if len(keys) > limit else None
    return Copies(_copies([key[0] for key in keys[:limit]]), _write(last) if last else "", is_cut)


def copies_of(buyer_id: UUID, asked: Filters, most: int | None = MOST_ROWS) -> Iterator[Copy]:
    """A buyer's copies, some thousand at a time: for a sheet. No more than `most`; None: all. O11"""
    walk, after, count = _walk(buyer_id, asked), (), 0
    while most is None or count < most:
        portion = PORTION if most is None else min(PORTION, most - count)
        keys, _ = _keys(walk, after, portion, None)
        yield from _copies([key[0] for key in keys])
        if len(keys) < PORTION:
            return
        after, count = keys[-1][1:], count + len(keys)


#: Moments come as seconds: to read a time from its text takes as long as all the rest of a row.
_SHOWN = """
    SELECT g.id, g.public_id, g.position, g.copy_number, g.result, g.resends, v.state, o.public_id, o.kind, o.channel,
        b.name || ' ' || p.name, extract(epoch FROM g.sent_at)::float8, extract(epoch FROM g.result_at)::float8,
        extract(epoch FROM g.opened_at)::float8, coalesce(g.cells_sealed, r.cells_sealed)
    FROM gifts_gift g JOIN orders_recipient r ON r.id = g.recipient_id JOIN vouchers_voucher v ON v.id = g.voucher_id
    JOIN orders_line l ON l.id = g.line_id JOIN orders_order o ON o.id = g.order_id
    JOIN catalog_product p ON p.id = l.product_id JOIN catalog_brand b ON b.id = p.brand_id WHERE g.id = ANY(%(ids)s)"""


def _copies(ids: Sequence[UUID]) -> list[Copy]:
    """The copies of these ids, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, {"ids": list(ids)})
        rows = cursor.fetchall()
    opened, by_id = crypto.ring().open, {}
    for row in rows:
        cells = Cells.unpacked(opened(DraftRow.CELLS, row[14]))
        by_id[row[0]] = Copy._make((*row[:11], *map(_moment, row[11:14]), cells))
    return [by_id[one] for one in ids]


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


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
