"""Shops and their redemptions, and vouchers as shops meet them. V3"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from seonmul.catalog.models import ProductKind
from seonmul.figures.rules import Figures
from seonmul.kit import crypto
from seonmul.kit.pages import Page, page
from seonmul.vouchers import rules
from seonmul.vouchers.models import (
    PoolCode,
    Redemption,
    RedemptionState,
    Shop,
    ShopKey,
    Supply,
    Voucher,
    WrongCode,
)


def shop_by_key(secret: str) -> Shop | None:
    """The shop that proves itself with `secret`, None for a wrong or revoked one."""
    index = crypto.ring().index(ShopKey.SECRET, secret, size=32)
    key = ShopKey.objects.select_related("shop").filter(secret_index=index, revoked_at=None).first()
    return key.shop if key else None


def shop(public_id: str) -> Shop | None:
    """A shop by what stands in addresses."""
    return Shop.objects.select_related("brand").filter(public_id=public_id).first()


def shops_page(after: str = "", limit: int = 50) -> Page[Shop]:
    """Shops, newest first."""
    return page(Shop.objects.select_related("brand"), order=("-opened_at", "-id"), after=after, limit=limit)


def keys_of(shop_id: UUID) -> list[ShopKey]:
    """A shop's keys, newest first; revoked ones stay to be seen."""
    return list(ShopKey.objects.filter(shop_id=shop_id).order_by("-made_at", "-id")[:100])


def redemptions_of(shop_id: UUID, limit: int = 20) -> list[Redemption]:
    """What a shop redeemed lately, newest first."""
    rows = Redemption.objects.filter(shop_id=shop_id).select_related("voucher__product")
    return list(rows.order_by("-asked_at", "-id")[:limit])


def redeemable(code: str) -> Voucher | None:
    """A voucher by its code, with its product."""
    index = crypto.ring().index(Voucher.CODE, code, size=32)
    return _with_source(Voucher.objects.filter(code_index=index)).first()


def locked_redeemable(voucher_id: UUID) -> Voucher:
    """Lock a voucher, with its product."""
    return _with_source(Voucher.objects.filter(id=voucher_id)).select_for_update(of=("self",)).get()


def _with_source(rows: QuerySet[Voucher]) -> QuerySet[Voucher]:
    return rows.select_related("product__brand").annotate(
        from_pool=Exists(PoolCode.objects.filter(id=OuterRef("id"))),
        from_issuer=Exists(Supply.objects.filter(voucher=OuterRef("id"))),
    )


def redeem_facts(voucher: Voucher, shop: Shop) -> rules.Redeemable:
    """A voucher of `redeemable` or `locked_redeemable` as `shop` meets it."""
    product, is_outside = voucher.product, voucher.from_pool or voucher.from_issuer  # type: ignore[attr-defined]
    return rules.Redeemable(
        state=voucher.state,
        is_amount=product.kind == ProductKind.AMOUNT,
        rest_won=voucher.rest_won,
        valid_until=voucher.valid_until,
        wakes_at=voucher.wakes_at,
        is_taken_here=product.brand_id == shop.brand_id and not is_outside,
    )


def locked_redemption(redemption_id: UUID) -> Redemption:
    """Lock a redemption."""
    return Redemption.objects.select_for_update().get(id=redemption_id)


def redemption_id(shop_id: UUID, approval: str) -> UUID | None:
    """A shop's redemption by the approval number that we gave it."""
    rows = Redemption.objects.filter(shop_id=shop_id, public_id=approval, voucher__isnull=False)
    return rows.values_list("id", flat=True).first()


def is_used_elsewhere(row: Redemption) -> bool:
    """Whether a voucher has another redemption that stands."""
    others = Redemption.objects.filter(voucher=row.voucher, state=RedemptionState.DONE)
    return others.exclude(id=row.id).exists()


@dataclass(frozen=True)
class Tries:
    """Codes that nobody has, asked for lately: by a shop, and from an address."""

    of_shop: int
    from_place: int


def tries(shop_id: UUID, place_index: bytes, *, figures: Figures, at: datetime) -> Tries:
    """How often a shop, and an address, asked for codes that nobody has; counted no further than the rule needs."""
    since = at - timedelta(minutes=figures.wrong_codes_minutes)
    rows = WrongCode.objects.filter(tried_at__gt=since).order_by()
    return Tries(
        len(rows.filter(shop_id=shop_id).values_list("id")[: figures.wrong_codes_of_shop]),
        len(rows.filter(place_index=place_index).values_list("id")[: figures.wrong_codes_from_place]),
    )
