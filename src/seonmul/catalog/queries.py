"""Questions to the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from seonmul.catalog import rules
from seonmul.catalog.models import Brand, Category, List, Offer, Product, Supplier
from seonmul.catalog.rules import OfferFacts, OfferWanted, ProductWanted
from seonmul.kit.pages import Page, page

ORDERS = {
    "popular": ("-product__sold", "product__code"),
    "new": ("-product__added_at", "product__code"),
    "cheap": ("price_won", "product__code"),
    "dear": ("-price_won", "product__code"),
}


@dataclass(frozen=True)
class Search:
    """What a visitor looks for; empty fields do not narrow."""

    words: str = ""
    category: str = ""
    brand: str = ""
    price_from: int | None = None
    price_to: int | None = None
    order: str = "popular"


def offers(list_: List, search: Search, after: str = "", limit: int = 24) -> Page[Offer]:
    """Products shown on one list, narrowed and ordered as asked. C1"""
    rows = _shown(list_)
    for word in search.words.lower().split():
        rows = rows.filter(product__search_text__contains=word)
    if search.category:
        rows = rows.filter(product__category__slug=search.category)
    if search.brand:
        rows = rows.filter(product__brand__name=search.brand)
    if search.price_from is not None:
        rows = rows.filter(price_won__gte=search.price_from)
    if search.price_to is not None:
        rows = rows.filter(price_won__lte=search.price_to)
    return page(rows, order=ORDERS.get(search.order, ORDERS["popular"]), after=after, limit=limit)


def offer(list_: List, code: str) -> Offer | None:
    """One product on one list, also when it is sold out; None when it is not shown there."""
    return _shown(list_).filter(product__code=code).first()


def offers_of(list_: List, products: Iterable[UUID]) -> dict[UUID, Offer]:
    """Those of these products that are shown on one list."""
    return {offer.product_id: offer for offer in _shown(list_).filter(product__in=set(products))}


def facts(offer: Offer | None) -> OfferFacts | None:
    """What the rule needs to know of an offer."""
    if offer is None:
        return None
    return OfferFacts(
        is_shown=offer.is_shown,
        is_sold_out=offer.product.is_sold_out,
        is_gift_certificate=offer.product.is_gift_certificate,
        is_corporate_list=offer.list == List.CORPORATE,
        on_sale_from=offer.product.on_sale_from,
        on_sale_to=offer.product.on_sale_to,
        channels=tuple(offer.product.channels),
    )


def substitute_of(product: Product, list_: List) -> Offer | None:
    """What to buy instead on a list; None when nothing is named, or it is not shown there. C1"""
    return _shown(list_).filter(product=product.substitute_id).first()


def price_won(offer: Offer, tier_percent: int) -> int:
    """What a buyer of this tier pays for one. M3"""
    return rules.price_won(
        offer.price_won,
        is_gift_certificate=offer.product.is_gift_certificate,
        is_corporate_list=offer.list == List.CORPORATE,
        tier_percent=tier_percent,
    )


def categories() -> list[Category]:
    """All shelves in their order."""
    return list(Category.objects.all())


def brand(name: str) -> Brand:
    """A brand by its name."""
    return Brand.objects.get(name=name)


def brands() -> list[str]:
    """All brands by name."""
    return list(Brand.objects.order_by("name").values_list("name", flat=True))


#: What staff narrow all products by.
SHELVES = {
    "": Q(),
    "hidden": Q(offers__is_shown=False),
    "sold_out": Q(is_sold_out=True),
    "certificates": Q(is_gift_certificate=True),
    "pools": Q(supplier=Supplier.POOL),
}


def products_page(
    words: str = "",
    only: str = "",
    after: str = "",
    limit: int = 50,
    *,
    among: Collection[UUID] | None = None,
) -> Page[Product]:
    """All products, hidden ones too, by brand and name, each with its offers at hand. For staff. `among`: of these alone."""
    rows = Product.objects.filter(SHELVES.get(only, Q())).select_related("brand", "category", "substitute")
    if among is not None:
        rows = rows.filter(id__in=among)
    for word in words.lower().split():
        rows = rows.filter(Q(search_text__contains=word) | Q(code__iexact=word))
    rows = rows.distinct().prefetch_related("offers")
    return page(rows, order=("search_text", "code"), after=after, limit=limit)


def product(code: str) -> Product | None:
    """One product with its offers, hidden ones too. For staff."""
    rows = Product.objects.select_related("brand", "category", "substitute").prefetch_related("offers")
    return rows.filter(code=code).first()


def locked_product(code: str) -> Product:
    """Lock one product; whoever edits its offers holds it."""
    rows = Product.objects.select_for_update(of=("self",)).select_related("brand", "substitute")
    return rows.get(code=code)


def as_it_is(product: Product) -> ProductWanted:
    """A product as an editor finds it; a list without an offer shows nothing."""
    offers = {
        offer.list: OfferWanted(offer.is_shown, offer.price_won, offer.validity_days, offer.cancel_days)
        for offer in product.offers.all()
    }
    none = OfferWanted(False, product.face_value_won, 93)
    return ProductWanted(
        name=product.name,
        notes=product.notes,
        copies_most=product.copies_most,
        is_sold_out=product.is_sold_out,
        is_gift_certificate=product.is_gift_certificate,
        offers={list_.value: offers.get(list_, none) for list_ in List},
        channels=tuple(product.channels),
        supplier=str(product.supplier),
        on_sale_from=product.on_sale_from,
        on_sale_to=product.on_sale_to,
        substitute=product.substitute.code if product.substitute else "",
    )


def version_of(state: ProductWanted) -> str:
    """A short mark that changes with everything an editor sees."""
    return hashlib.blake2b(repr(state).encode(), digest_size=8).hexdigest()


def _shown(list_: List) -> QuerySet[Offer]:
    return Offer.objects.filter(list=list_, is_shown=True).select_related(
        "product__brand", "product__category"
    )
