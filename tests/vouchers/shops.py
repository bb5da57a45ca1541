"""Shops with vouchers to take: what tests of redeeming start from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from seonmul.catalog.models import Product, ProductKind
from seonmul.kit import clock
from seonmul.vouchers import actions, queries
from seonmul.vouchers.models import Shop, Voucher
from tests import given
from tests.given import MONDAY

STAFF = uuid4()
UNTIL = given.MONDAY.replace(year=2027)
TODAY = clock.seoul_date(MONDAY)


def shop(product: Product, name: str = "강남점") -> Shop:
    """A shop of the product's brand."""
    return actions.open_shop(product.brand_id, name, by=STAFF, at=MONDAY)


def goods(count: int = 1) -> tuple[Product, list[str]]:
    """Vouchers for a coffee."""
    product = given.product()
    return product, codes_of(actions.issue(product.id, count, rest_won=0, valid_until=UNTIL, at=MONDAY))


def money(rest_won: int = 10_000, count: int = 1) -> tuple[Product, list[str]]:
    """Vouchers for an amount."""
    product = given.product()
    Product.objects.filter(id=product.id).update(kind=ProductKind.AMOUNT, face_value_won=rest_won)
    product.refresh_from_db()
    return product, codes_of(
        actions.issue(product.id, count, rest_won=rest_won, valid_until=UNTIL, at=MONDAY)
    )


def codes_of(ids: list[UUID]) -> list[str]:
    return [queries.code_of(one) for one in Voucher.objects.filter(id__in=ids).order_by("id")]


def redeem(
    at_shop: Shop,
    code: str,
    number: str,
    *,
    amount_won: int = 0,
    terminal: str = "POS-1",
    at: datetime = MONDAY,
):  # type: ignore[no-untyped-def]
    """Redeem as a till does."""
    return actions.redeem(
        at_shop,
        code,
        terminal=terminal,
        day=TODAY,
        number=number,
        amount_won=amount_won,
        place="10.0.0.1",
        at=at,
    )
