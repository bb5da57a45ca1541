"""One million vouchers of one company: the list and each of its filters, a page at a time, and a sheet of 100,000. Wanted: p99
of a page below 50 ms. O11

Beside it, in turn, the bare reading of one row by its key through the same ORM.
"""

from __future__ import annotations

import gc
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice, repeat
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bench.figure import Figure, median, seconds
from seonmul.catalog.models import List, Product
from seonmul.dispatch import actions as dispatch
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Chunk, Gift
from seonmul.gifts.queries import Filters
from seonmul.kit import clock, crypto, ids, sheets
from seonmul.members.models import Member
from seonmul.orders.lists import Cells
from seonmul.orders.models import DraftRow, Line, Order, OrderState
from seonmul.storefront.views import export

COPIES, ORDERS, PHONES = 1_000_000, 500, 5_000
MOST_MS = 50.0
SHEET_ROWS, SHEET_MOST = 100_000, 15.0

_RECIPIENTS = """
    INSERT INTO orders_recipient (line_id, position, chunk, cells_sealed, phone_index, copies, copies_before)
    SELECT l.id, n, 1, %(cells)s, sha256(convert_to((n %% %(phones)s)::text, 'UTF8')), 1, 0
    FROM orders_line l, generate_series(1, %(each)s) n WHERE l.order_id = ANY(%(orders)s)"""
_VOUCHERS = """
    INSERT INTO vouchers_voucher (id, product_id, code_sealed, code_index, state, rest_won, valid_until, issued_at)
    SELECT gen_random_uuid(), l.product_id, 'x', sha256(uuid_send(r.line_id) || int4send(r.position)),
        CASE WHEN r.position %% 3 = 0 THEN 'used' WHEN r.position %% 50 = 1 THEN 'expired' ELSE 'issued' END,
        0, c.valid_until, c.issued_at
    FROM orders_recipient r JOIN orders_line l ON l.id = r.line_id JOIN gifts_chunk c ON c.line_id = l.id
    WHERE l.order_id = ANY(%(orders)s)"""
_GIFTS = """
    INSERT INTO gifts_gift (id, public_id, buyer_id, order_id, line_id, recipient_id, chunk_id, position, copy_number,
        voucher_id, link_sealed, link_index, result, result_at, resends, issued_at, sent_at, opened_at)
    SELECT gen_random_uuid(), substr(md5(r.id::text), 1, 16), %(buyer)s, c.order_id, c.line_id, r.id, c.id, r.position, 1,
        v.id, 'x', v.code_index,
        CASE WHEN r.position %% 25 = 2 THEN (ARRAY['spam', 'power_off', 'invalid_number'])[1 + r.position %% 3]
            WHEN r.position %% 5000 = 4 THEN 'waiting' ELSE 'delivered' END,
        c.issued_at, 0, c.issued_at, c.issued_at, CASE WHEN r.position %% 2 = 0 THEN c.issued_at END
    FROM gifts_chunk c JOIN orders_recipient r ON r.line_id = c.line_id
    JOIN vouchers_voucher v ON v.code_index = sha256(uuid_send(r.line_id) || int4send(r.position))
    WHERE c.order_id = ANY(%(orders)s)"""


def measure(calls: int, copies: int = COPIES) -> list[Figure]:
    """A figure for each filter: `calls` pages of it, near and deep; in a copy of the database that is dropped again."""
    with _database_of_its_own():
        with transaction.atomic():
            member, orders = _made(copies)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as the server does by itself within minutes
        bare = _keys(member, calls)
        # as in the web process: what is loaded stays, and is not walked through by the collector (config/wsgi.py)
        gc.collect()
        gc.freeze()
        return [
            _figure(f"{name}, of {copies:,} vouchers", work, bare, calls)
            for name, work in _works(member, orders).items()
        ] + [
            _sheet(member, min(copies, SHEET_ROWS), name, asked)
            for name, asked in (("", Filters()), (" that were delivered", Filters(only="delivered")))
        ]


@contextmanager
def _database_of_its_own() -> Iterator[None]:
    """Work on a copy, since vouchers and money cannot be deleted where they stand."""
    name, copy = connection.settings_dict["NAME"], "history"
    with psycopg.connect(_address("postgres"), autocommit=True) as server:
        _let_go()
        server.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(copy), sql.Identifier(name))
        )
        connection.settings_dict["NAME"] = copy
        try:
            yield
        finally:
            _let_go()
            connection.settings_dict["NAME"] = name
            server.execute(f"DROP DATABASE {copy} WITH (FORCE)")


def _let_go() -> None:
    """A database is copied and dropped only while nobody is in it."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _address(database: str) -> str:
    asked = connection.get_connection_params()
    return make_conninfo(
        dbname=database, **{key: asked[key] for key in ("host", "port", "user", "password") if asked.get(key)}
    )


def _made(copies: int) -> tuple[Member, list[Order]]:
    """Orders of all products over two years, whose copies were sent: 4 of 100 failed, half opened, a third used."""
    member = Member.objects.get(login="hanbit")
    buyer_id, at, products = (
        member.membership.buyer_id,
        clock.now(),
        list(Product.objects.order_by("code")[:40]),
    )
    letter = dispatch.write_letter(
        buyer_id, channel="lms", sender="15770000", title="제목", text="내용", at=at
    )
    orders, lines, chunks = [], [], []
    for n in range(ORDERS):
        when = at - timedelta(hours=36 * (ORDERS - n))
        order = Order(
            draft_id=ids.new_id(), buyer_id=buyer_id, member=member, list=List.CORPORATE, state=OrderState.FINISHED,
            channel="lms", sender="15770000", title_sealed=b"", text_sealed=b"", purpose="employees", people=copies // ORDERS,
            copies=copies // ORDERS, amount_won=0, hold_id=ids.new_id(), paid_at=when, finished_at=when,
        )  # fmt: skip
        line = Line(
            order=order, product=products[n % len(products)], unit_price_won=0, validity_days=93,
            people=copies // ORDERS, copies=copies // ORDERS,
        )  # fmt: skip
        orders.append(order)
        lines.append(line)
        chunks.append(
            Chunk(
                order=order, line=line, letter=letter, number=1, copies=copies // ORDERS, state="issued",
                valid_until=when + timedelta(days=93), opened_at=when, issued_at=when,
            )
        )  # fmt: skip
    Order.objects.bulk_create(orders)
    Line.objects.bulk_create(lines)
    Chunk.objects.bulk_create(chunks)
    cells = crypto.ring().seal(DraftRow.CELLS, Cells("01020000001", "김서연", "", "").packed())
    values: dict[str, Any] = {
        "cells": cells, "phones": PHONES, "each": copies // ORDERS, "orders": [order.id for order in orders],
        "buyer": buyer_id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement, filled in (
            (_RECIPIENTS, "gifts_chunk, orders_line, orders_recipient"),
            (_VOUCHERS, "vouchers_voucher"),
            (_GIFTS, "gifts_gift, gifts_standing, orders_order"),
        ):
            cursor.execute(statement, values)
            # the next statement must not take these tables for empty ones
            cursor.execute(f"ANALYZE {filled}")
        # one number that we know, since an index cannot be turned back
        cursor.execute(
            "UPDATE orders_recipient SET phone_index = %s WHERE phone_index = sha256('7'::bytea) AND line_id = ANY(%s)",
            [crypto.ring().index(DraftRow.PHONE, "01020000001"), [line.id for line in lines]],
        )
    actions.fold_tallies(buyer_id, at=at)
    return member, orders


def _works(member: Member, orders: list[Order]) -> dict[str, Callable[[], object]]:
    buyer = member.membership.buyer_id
    product = orders[7].lines.get().product_id
    week = orders[100].paid_at
    asked = {
        "all copies": Filters(),
        "copies that failed": Filters(only="failed"),
        "copies with one result": Filters(only="spam"),
        "copies that were delivered": Filters(only="delivered"),
        "copies without a result": Filters(only="waiting"),
        "opened copies": Filters(is_opened=True),
        "copies not opened": Filters(is_opened=False),
        "used copies": Filters(state="used"),
        "copies not used": Filters(state="issued"),
        "copies of a product": Filters(product_id=product),
        "copies of an order": Filters(order_id=orders[250].id),
        "copies of a week": Filters(since=week, until=week + timedelta(days=7)),
        "copies to a number": Filters(phone="01020000001"),
        "copies failed, opened and used, of a product": Filters(
            only="failed", is_opened=True, state="used", product_id=product
        ),
    }
    works: dict[str, Callable[[], object]] = {
        name: _pages(buyer, filters) for name, filters in asked.items()
    }  # fmt: skip
    works["totals of all copies"] = lambda: queries.counts_seen_by(member)
    page = list(Order.objects.filter(buyer=buyer).order_by("-paid_at", "-id")[:20])
    works["tallies of a page of orders"] = lambda: queries.tallies(page)
    return works


def _pages(buyer: UUID, asked: Filters) -> Callable[[], object]:
    """Page after page from the first on; from the last one on to the first again."""
    after = [""]

    def next_page() -> object:
        page = queries.copies_page(buyer, asked, after[0])
        after[0] = page.after
        return page

    return next_page


def _sheet(member: Member, rows: int, name: str, asked: Filters) -> Figure:
    """The masked sheet of so many copies, from the first row read to the file, beside the bare writing of such rows."""
    found = islice(queries.copies_of(member.membership.buyer_id, asked), rows)
    took = seconds(lambda: export.sheet_of(found, "sheet.xlsx", with_order=True).close())
    cells = (
        1,
        "김*연",
        "010-****-0001",
        "브랜드 상품",
        1,
        "전송성공",
        *["2026.11.26(목) 10:00"] * 2,
        "사용",
        0,
        "ab12",
        "때",
    )
    with tempfile.TemporaryFile() as book:
        bare = seconds(
            lambda: sheets.write_xlsx(book, [str(n) for n in range(len(cells))], repeat(cells, rows))
        )
    return Figure(
        f"a sheet of {rows:,} copies{name}", "s", round(took, 2), round(bare, 2), "writing the bare rows", round(took / bare, 2),
        f"< {SHEET_MOST:g} s", took < SHEET_MOST, [took], [bare],
    )  # fmt: skip


def _keys(member: Member, calls: int) -> Callable[[], object]:
    buyer = member.membership.buyer_id
    known = list(Gift.objects.filter(buyer=buyer).values_list("id", flat=True)[:5_000])
    draw = random.Random(1)
    return lambda: Gift.objects.get(id=draw.choice(known))


def _figure(name: str, work: Callable[[], object], bare: Callable[[], object], calls: int) -> Figure:
    """p99 of `calls` pages, and that of as many bare readings, in turn."""
    pairs = [(seconds(bare) * 1000, seconds(work) * 1000) for _ in range(calls)]
    limits, times = sorted(pair[0] for pair in pairs), sorted(pair[1] for pair in pairs)
    last = max(int(calls * 0.99) - 1, 0)
    ours, limit = round(times[last], 2), round(limits[last], 2)
    return Figure(
        f"{name} (p99)", "ms", ours, limit, "reading one row by its key", round(ours / limit, 2), f"< {MOST_MS:g} ms",
        ours < MOST_MS, [median(times)], [median(limits)],
    )  # fmt: skip
