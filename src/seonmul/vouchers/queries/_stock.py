"""How the pools of all products stand. C3"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from seonmul.catalog.models import Product, Supplier
from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.vouchers.models import Pool, PoolCode, PoolCodeState


@dataclass(frozen=True)
class Left:
    """How many free codes a product has that still hold, and the level below which that is too few."""

    free: int
    level: int

    @property
    def is_low(self) -> bool:
        return self.free < self.level


def pools_left(at: datetime, products: Collection[UUID] | None = None) -> dict[UUID, Left]:
    """What is left in pools, by product: of all that are supplied by one, also where nothing was brought yet; or of these. C3"""
    rows = Product.objects.filter(supplier=Supplier.POOL)
    codes = PoolCode.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=clock.seoul_date(at)), state=PoolCodeState.FREE
    )
    pools = Pool.objects.exclude(low_below=None)
    if products is not None:
        rows, codes, pools = (
            rows.filter(id__in=products), codes.filter(pool__in=products), pools.filter(product__in=products),
        )  # fmt: skip
    free = dict(codes.values("pool").annotate(count=Count("id")).values_list("pool", "count"))
    levels = {one.product_id: one.low_below or 0 for one in pools}
    usual = figures_now.figures(at).pool_low_codes
    return {
        product: Left(free.get(product, 0), levels.get(product, usual))
        for product in rows.values_list("id", flat=True)
    }


def low_products(at: datetime) -> list[UUID]:
    """The products whose pools hold too few codes. C3"""
    return [product for product, left in pools_left(at).items() if left.is_low]
