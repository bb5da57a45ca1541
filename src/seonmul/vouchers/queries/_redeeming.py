"""Shops and their redemptions, and vouchers as shops meet them. V3"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from seonmul.figures.rules import Figures
from seonmul.kit import crypto, prepared
from seonmul.kit.pages import Page, page
from seonmul.vouchers import rules
from seonmul.vouchers.models import (
    Redemption,
    RedemptionState,
    Shop,
    ShopKey,
    Voucher,
)

#: Every call of a shop asks these two: planned once a connection.
_SHOP_FIELDS = ("id", "public_id", "brand_id", "name", "is_open", "opened_at")
_SHOP = """
    SELECT s.id, s.public_id, s.brand_id, s.name, s.is_open, s.opened_at
    FROM vouchers_shopkey k JOIN vouchers_shop s ON s.id = k.shop_id
    WHERE k.secret_index = %(index)s AND k.revoked_at IS NULL"""
_MET = """
    SELECT (SELECT count(*) FROM (SELECT FROM vouchers_wrongcode
                WHERE shop_id = %(shop)s AND tried_at > %(since)s LIMIT %(of_shop)s) a),
           (SELECT count(*) FROM (SELECT FROM vouchers_wrongcode
                WHERE place_index = %(place)s AND tried_at > %(since)s LIMIT %(from_place)s) b),
        v.id, v.state, p.kind = 'amount', v.rest_won, v.valid_until, v.wakes_at,
        p.brand_id = %(brand)s AND NOT EXISTS (SELECT FROM vouchers_poolcode c WHERE c.id = v.id)
            AND NOT EXISTS (SELECT FROM vouchers_supply s WHERE s.voucher_id = v.id),
        v.state = 'void' AND EXISTS (SELECT FROM vouchers_replacement r WHERE r.old_id = v.id AND r.state = 'done')
    FROM (SELECT) one LEFT JOIN vouchers_voucher v ON v.code_index = %(index)s
    LEFT JOIN catalog_product p ON p.id = v.product_id"""


def shop_by_key(secret: str) -> Shop | None:
    """The shop that proves itself with `secret`, None for a wrong or revoked one."""
    index = crypto.ring().index(ShopKey.SECRET, secret, size=32)
    rows = prepared.run(_SHOP, {"index": index})
    return Shop.from_db(connection.alias, _SHOP_FIELDS, rows[0]) if rows else None


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
    return Voucher.objects.select_related("product__brand").filter(code_index=index).first()


def met_by_shop(
    code: str, shop: Shop, place_index: bytes, *, figures: Figures, at: datetime
) -> tuple[rules.Redeemable | None, int, int]:
    """The voucher of a code as `shop` meets it, None for a code that nobody has.

    And how often the shop, and the address, asked lately for such codes; counted no further than the rule needs.
    """
    values = {
        "shop": shop.id, "brand": shop.brand_id, "index": crypto.ring().index(Voucher.CODE, code, size=32),
        "place": place_index, "since": at - timedelta(minutes=figures.wrong_codes_minutes),
        "of_shop": figures.wrong_codes_of_shop, "from_place": figures.wrong_codes_from_place,
    }  # fmt: skip
    ((of_shop, from_place, voucher_id, *more),) = prepared.run(_MET, values)
    return rules.Redeemable(voucher_id, *more) if voucher_id else None, of_shop, from_place


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


def redemption(shop: Shop, terminal: str, day: date, number: str) -> Redemption | None:
    """What a shop's number was used for."""
    return Redemption.objects.filter(shop=shop, terminal=terminal, day=day, number=number).first()
