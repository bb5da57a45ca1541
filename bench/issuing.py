"""Issuing 100,000 vouchers, against a bare binary COPY of the same rows. Wanted: at least 40 % of its speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from bench.figure import Figure, median, seconds
from seonmul.catalog.models import Product
from seonmul.kit import bulk, clock
from seonmul.vouchers import actions, rules

COUNT = 100_000
LEAST = 0.4

_TYPES = {
    "id": "uuid", "code_sealed": "bytea", "code_index": "bytea", "state": "varchar", "rest_won": "int4",
    "valid_until": "timestamptz", "issued_at": "timestamptz", "product_id": "uuid",
}  # fmt: skip


def measure(runs: int) -> Figure:
    """Alternate bare and ours into tables with the same indexes, each run rolled back."""
    product = Product.objects.order_by("code").first()
    assert product is not None
    at = clock.now()
    until = rules.valid_until(at, 93)

    def ours() -> None:
        issued = actions.issue(product.id, COUNT, rest_won=0, valid_until=until, at=at)
        assert len(issued) == COUNT

    rows: list[tuple[Any, ...]] = []
    with transaction.atomic():
        ours()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {','.join(_TYPES)} FROM vouchers_voucher ORDER BY id DESC LIMIT {COUNT}")
            rows = [
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()
            ]
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_voucher (LIKE vouchers_voucher INCLUDING ALL)")

    def bare() -> None:
        bulk.copy("bench_voucher", _TYPES, rows)

    pairs = [(_undone(bare), _undone(ours)) for _ in range(runs)]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_voucher")
    limits, times = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ratio = round(median(limits) / median(times), 2)
    return Figure(
        "issuing 100,000 vouchers", "s", median(times), median(limits), "bare binary COPY of the same rows",
        ratio, f"≥ {LEAST:g} of its speed", ratio >= LEAST, times, limits,
    )  # fmt: skip


def _undone(work: Callable[[], None]) -> float:
    """Time `work` with its commit's share of writing, and leave nothing: both kinds are rolled back alike."""
    with transaction.atomic():
        took = seconds(work)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM vouchers_voucher")
        cursor.execute("VACUUM bench_voucher")
    return took
