"""Questions about vouchers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from seonmul.catalog.models import Product, Supplier
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto
from seonmul.kit.pages import Page, page
from seonmul.vouchers.models import Change, CodeImport, FaultyRow, Pool, PoolCode, PoolCodeState, Voucher


def code_of(voucher: Voucher) -> str:
    """The whole code: for whoever holds the voucher, never for staff or buyers. V1"""
    return crypto.ring().open(Voucher.CODE, voucher.code_sealed)


def pin_of(voucher: Voucher) -> str:
    """The second secret of a voucher, "" where it has none. V1"""
    return crypto.ring().open(Voucher.PIN, voucher.pin_sealed) if voucher.pin_sealed else ""


def by_code(code: str) -> Voucher | None:
    """Find a voucher by its code."""
    index = crypto.ring().index(Voucher.CODE, code, size=32)
    return Voucher.objects.filter(code_index=index).first()


def locked(voucher_id: UUID) -> Voucher:
    """Lock one voucher."""
    return Voucher.objects.select_for_update().get(id=voucher_id)


def last_change(voucher: Voucher) -> Change | None:
    """The newest move of a voucher: who, where, when. V2"""
    return Change.objects.filter(voucher=voucher).order_by("-changed_at", "-id").first()


@dataclass(frozen=True)
class Stock:
    """A pool's codes by state. `ended`: free ones whose last day has passed, among `free` no more."""

    free: int
    reserved: int
    assigned: int
    void: int
    ended: int


def pool_of(product_id: UUID) -> Pool | None:
    """A product's pool, None before anything was set or brought. C3"""
    return Pool.objects.filter(product_id=product_id).first()


def locked_pool(product_id: UUID) -> Pool:
    """Lock a pool: one sheet is read into it at a time."""
    return Pool.objects.select_for_update().get(product_id=product_id)


def locked_import(import_id: UUID) -> CodeImport:
    """Lock a sheet's row."""
    return CodeImport.objects.select_for_update().get(id=import_id)


def stock(product_id: UUID, today: date) -> Stock:
    """Count a pool's codes, in one statement. C3"""
    ended = Q(state=PoolCodeState.FREE, expires_on__lt=today)
    rows = PoolCode.objects.filter(pool_id=product_id)
    by_state = {row["state"]: row["count"] for row in rows.values("state").annotate(count=Count("id"))}
    gone = rows.filter(ended).count()
    return Stock(
        free=by_state.get("free", 0) - gone,
        reserved=by_state.get("reserved", 0),
        assigned=by_state.get("assigned", 0),
        void=by_state.get("void", 0),
        ended=gone,
    )


def left(product_id: UUID, until: date) -> int:
    """Free codes that hold at least until a day. C3"""
    good = Q(expires_on=None) | Q(expires_on__gte=until)
    return PoolCode.objects.filter(good, pool_id=product_id, state=PoolCodeState.FREE).count()


def left_for(product: Product, subject: UUID, until: date) -> int | None:
    """How many copies an order may have, with what is kept for it; None where there is no end. C3"""
    if product.supplier != Supplier.POOL:
        return None
    return left(product.id, until) + reserved_count(product.id, subject)


def reserved_count(product_id: UUID, subject: UUID) -> int:
    """How many codes are kept for something."""
    rows = PoolCode.objects.filter(pool_id=product_id, reserved_for=subject, state=PoolCodeState.RESERVED)
    return rows.count()


def low_below(pool: Pool, at: datetime) -> int:
    """The level of a pool below which staff are told: its own, else the figure. C3"""
    return pool.low_below if pool.low_below is not None else figures_now.figures(at).pool_low_codes


def imports_page(product_id: UUID, after: str = "", limit: int = 20) -> Page[CodeImport]:
    """A pool's sheets, the newest first, each with the `free_count` of what it still has."""
    return page(_imports(product_id), order=("-imported_at", "-id"), after=after, limit=limit)


def _imports(product_id: UUID) -> QuerySet[CodeImport]:
    free = Count("codes", filter=Q(codes__state=PoolCodeState.FREE))
    return CodeImport.objects.filter(pool_id=product_id).annotate(free_count=free)


def import_of(product_id: UUID, public_id: str) -> CodeImport | None:
    """One sheet of a pool, with its `free_count`."""
    return _imports(product_id).filter(public_id=public_id).first()


def faults_page(found: CodeImport, after: str = "", limit: int = 50) -> Page[FaultyRow]:
    """The rows of a sheet that were not taken, in their order."""
    return page(FaultyRow.objects.filter(imported=found), order=("row",), after=after, limit=limit)


def faults_of(found: CodeImport) -> Iterator[FaultyRow]:
    """Every row that was not taken, in order: for the sheet to download."""
    yield from FaultyRow.objects.filter(imported=found).order_by("row").iterator(chunk_size=5_000)


_CHECKS = {
    "an assigned code has no voucher, or a voucher's code is not assigned": """
        SELECT c.id::text, (c.state = 'assigned')::int, (v.id IS NOT NULL)::int FROM vouchers_poolcode c
        LEFT JOIN vouchers_voucher v ON v.id = c.id
        WHERE (c.state = 'assigned') <> (v.id IS NOT NULL)""",
    "a voucher has another code than its pool gave": """
        SELECT c.id::text, 1, 0 FROM vouchers_poolcode c JOIN vouchers_voucher v ON v.code_index = c.code_index
        WHERE v.id <> c.id""",
    "a sheet's codes are not those that it brought": """
        SELECT i.id::text, i.added, count(c.id) FROM vouchers_codeimport i
        LEFT JOIN vouchers_poolcode c ON c.imported_id = i.id GROUP BY i.id HAVING i.added <> count(c.id)""",
}


def faults() -> list[tuple[str, str, int, int]]:
    """Prove the vouchers: (what, where, expected, found) for each row that does not add up."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [(what, str(w), int(e or 0), int(f or 0)) for w, e, f in cursor.fetchall()]
    return found
