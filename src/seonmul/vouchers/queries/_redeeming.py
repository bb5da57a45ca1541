"""Shops and their redemptions, and vouchers as shops meet them. V3"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

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
    return Voucher.objects.select_related("product__brand").filter(code_index=index).first()


#: Every redeem asks this: planned once a connection.
_MET = """
    SELECT v.id, v.state, p.kind = 'amount', v.rest_won, v.valid_until, v.wakes_at,
        p.brand_id = %(brand)s AND NOT EXISTS (SELECT FROM vouchers_poolcode c WHERE c.id = v.id)
            AND NOT EXISTS (SELECT FROM vouchers_supply s WHERE s.voucher_id = v.id),
        v.state = 'void' AND EXISTS (SELECT FROM vouchers_replacement r WHERE r.old_id = v.id AND r.state = 'done')
    FROM vouchers_voucher v JOIN catalog_product p ON p.id = v.product_id WHERE v.code_index = %(index)s"""


def redeem_facts(code: str, shop: Shop) -> rules.Redeemable | None:
    """The voucher of a code as `shop` meets it, None for a code that nobody has."""
    return _met(_MET, code, shop)


def locked_redeemable(code: str, shop: Shop) -> rules.Redeemable | None:
    """The same, locked."""
    return _met(f"{_MET} FOR UPDATE OF v", code, shop)


def _met(statement: str, code: str, shop: Shop) -> rules.Redeemable | None:
    index = crypto.ring().index(Voucher.CODE, code, size=32)
    rows = prepared.run(statement, {"brand": shop.brand_id, "index": index})
    return rules.Redeemable(*rows[0]) if rows else None


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


_TRIES = """
    SELECT (SELECT count(*) FROM (SELECT FROM vouchers_wrongcode
                WHERE shop_id = %(shop)s AND tried_at > %(since)s LIMIT %(of_shop)s) a),
           (SELECT count(*) FROM (SELECT FROM vouchers_wrongcode
                WHERE place_index = %(place)s AND tried_at > %(since)s LIMIT %(from_place)s) b)"""


def tries(shop_id: UUID, place_index: bytes, *, figures: Figures, at: datetime) -> tuple[int, int]:
    """How often a shop, and an address, asked lately for codes that nobody has; counted no further than the rule needs."""
    values = {
        "shop": shop_id, "place": place_index, "since": at - timedelta(minutes=figures.wrong_codes_minutes),
        "of_shop": figures.wrong_codes_of_shop, "from_place": figures.wrong_codes_from_place,
    }  # fmt: skip
    ((of_shop, from_place),) = prepared.run(_TRIES, values)
    return of_shop, from_place
