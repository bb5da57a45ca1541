"""Questions about vouchers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from seonmul.catalog.models import Product, Supplier
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto
from seonmul.kit.pages import Page, page
from seonmul.vouchers.models import (
    Change,
    CodeImport,
    ExternalGoods,
    FaultyRow,
    IssuerHealth,
    Pool,
    PoolCode,
    PoolCodeState,
    Supply,
    Voucher,
)
from seonmul.vouchers.queries._ending import (
    is_own,
    is_policy_taken,
    policies_on,
    policies_page,
    terms_of,
    terms_on,
    times_extended,
)
from seonmul.vouchers.queries._redeeming import (
    is_used_elsewhere,
    keys_of,
    locked_redemption,
    met_by_shop,
    redeemable,
    redemption,
    redemption_id,
    redemptions_of,
    shop,
    shop_by_key,
    shops_page,
)
from seonmul.vouchers.queries._replacing import (
    CHAIN_CHECKS,
    locked_replacement,
    open_replacements,
    pool_codes,
    replaceable,
)
from seonmul.vouchers.queries._stock import Left, low_products, pools_left

__all__ = [
    "Left",
    "Stock",
    "by_code",
    "code_of",
    "count_external",
    "faults",
    "faults_of",
    "faults_page",
    "goods_of",
    "goods_to_check",
    "health",
    "import_of",
    "imports_page",
    "is_anything_due",
    "is_own",
    "is_policy_taken",
    "is_used_elsewhere",
    "keys_of",
    "last_change",
    "left",
    "left_for",
    "locked",
    "locked_health",
    "locked_import",
    "locked_pool",
    "locked_redemption",
    "locked_replacement",
    "locked_supplies",
    "locked_untaken",
    "low_below",
    "low_products",
    "met_by_shop",
    "open_replacements",
    "pin_of",
    "policies_on",
    "policies_page",
    "pool_codes",
    "pool_of",
    "pools_left",
    "redeemable",
    "redemption",
    "redemption_id",
    "redemptions_of",
    "references",
    "replaceable",
    "reserved_count",
    "shop",
    "shop_by_key",
    "shops_page",
    "stock",
    "supply_counts",
    "terms_of",
    "terms_on",
    "times_extended",
    "told_of",
    "untaken_subjects",
]


def code_of(voucher: Voucher) -> str:
    """The whole code: for whoever holds the voucher, never for staff or buyers; "" while it has none. V1"""
    return crypto.ring().open(Voucher.CODE, voucher.code_sealed) if voucher.code_sealed else ""


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
    """How many copies an order may have, with what is kept for it; None where there is no end. C3

    Of an external issuer: none until it has said that it has the product.
    """
    if product.supplier == Supplier.EXTERNAL:
        return None if ExternalGoods.objects.filter(product=product, is_on_sale=True).exists() else 0
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


def locked_health() -> IssuerHealth:
    """Lock how the external issuer is: claims and records line up here, for a moment each."""
    IssuerHealth.objects.bulk_create([IssuerHealth(id=1)], ignore_conflicts=True)
    return IssuerHealth.objects.select_for_update().get(id=1)


def health() -> IssuerHealth:
    """How the external issuer is, to be looked at."""
    return IssuerHealth.objects.filter(id=1).first() or IssuerHealth(id=1)


def count_external(voucher_ids: Sequence[UUID]) -> int:
    """How many of these vouchers came from the external issuer."""
    return Supply.objects.filter(voucher_id__in=voucher_ids).count()


def told_of(voucher_id: UUID) -> str:
    """The external issuer's own word for how a voucher stood when it was last asked, "" for none. C3"""
    return Supply.objects.filter(voucher=voucher_id).values_list("vendor_code", flat=True).first() or ""


def locked_supplies(voucher_ids: Sequence[UUID]) -> list[Supply]:
    """Lock the external issuer's rows of these vouchers, in key order."""
    rows = Supply.objects.select_for_update().filter(voucher_id__in=voucher_ids)
    return list(rows.order_by("voucher_id"))


_UNTAKEN = Q(taken_at=None, state__in=["issued", "refused", "cancelled"])


def locked_untaken(subject: UUID) -> list[Supply]:
    """Lock what was given, refused or taken back for a subject and not taken over."""
    rows = Supply.objects.select_for_update().filter(_UNTAKEN, subject=subject)
    return list(rows.order_by("voucher_id"))


def untaken_subjects(limit: int = 100) -> list[UUID]:
    """Subjects that have not heard of what is there for them."""
    rows = Supply.objects.filter(_UNTAKEN).values_list("subject", flat=True)
    return list(rows.distinct().order_by("subject")[:limit])


def is_anything_due(at: datetime) -> bool:
    """Whether the external issuer is to be asked something now."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    return Supply.objects.filter(free, next_at__lte=at).exists()


def goods_of(product_id: UUID) -> ExternalGoods | None:
    """What a product is at the external issuer."""
    return ExternalGoods.objects.filter(product_id=product_id).first()


def goods_to_check(at: datetime, limit: int = 100) -> list[UUID]:
    """Products of the external issuer that are due to be asked about."""
    rows = ExternalGoods.objects.filter(next_check_at__lte=at, product__supplier=Supplier.EXTERNAL)
    return list(rows.order_by("next_check_at", "product_id").values_list("product_id", flat=True)[:limit])


def supply_counts(product_id: UUID) -> dict[str, int]:
    """How many vouchers of a product stand how at the external issuer."""
    rows = Supply.objects.filter(voucher__product_id=product_id).values("state")
    return {row["state"]: row["count"] for row in rows.annotate(count=Count("voucher_id"))}


def references() -> tuple[dict[str, str], set[str]]:
    """Our references at the external issuer with how they stand, and those that were cancelled there. P9

    How: the state of the supply; "void" where the issuer has cancelled a code without our asking, also when it was refunded.
    """
    voided = Change.objects.filter(voucher=OuterRef("voucher"), before="void")
    rows = Supply.objects.annotate(is_void=Q(voucher__state="void") | Exists(voided))
    ours, past = {}, set()
    told = rows.values_list("reference", "state", "past", "is_void")
    for reference, state, cancelled, is_void in told.iterator(chunk_size=5_000):
        ours[reference] = "void" if is_void else state
        past.update(cancelled)
    return ours, past


_CHECKS = {
    "a voucher of the external issuer does not stand as its supply does": """
        SELECT s.voucher_id::text, 1, 0 FROM vouchers_supply s JOIN vouchers_voucher v ON v.id = s.voucher_id
        WHERE (s.state IN ('wanted', 'asked', 'dropping')) <> (v.state = 'ordered')
            OR (s.state = 'refused') <> (v.state = 'not_issued')""",
    "a voucher waits for a code that nobody was asked for": """
        SELECT v.id::text, 1, 0 FROM vouchers_voucher v LEFT JOIN vouchers_supply s ON s.voucher_id = v.id
        WHERE v.state IN ('ordered', 'not_issued') AND s.voucher_id IS NULL""",
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
} | CHAIN_CHECKS


def faults() -> list[tuple[str, str, int, int]]:
    """Prove the vouchers: (what, where, expected, found) for each row that does not add up."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [(what, str(w), int(e or 0), int(f or 0)) for w, e, f in cursor.fetchall()]
    return found
