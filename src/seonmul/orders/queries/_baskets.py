"""A draft's basket: its products, and what each of them comes to. O1, O6"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, Sum

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import List, Offer, Product
from seonmul.kit import clock
from seonmul.members import queries as members
from seonmul.orders import lists, rules
from seonmul.orders.models import Draft, DraftItem, DraftRow
from seonmul.orders.queries._rows import _OK, _REPAIRED, FILTERS


@dataclass(frozen=True)
class QuoteLine:
    """One product of a draft: what stands on its list now, who gets it, how often, and what that costs. O6"""

    item: DraftItem
    offer: Offer | None
    unit_price_won: int
    people: int
    copies: int

    @property
    def product(self) -> Product:
        return self.item.product

    @property
    def name(self) -> str:
        return f"{self.product.brand.name} {self.product.name}"

    @property
    def amount_won(self) -> int:
        return rules.amount_won(self.unit_price_won, self.copies)

    @property
    def face_won(self) -> int:
        """What it takes of the gift-certificate limit. O7"""
        return self.product.face_value_won * self.copies if self.product.is_gift_certificate else 0


@dataclass(frozen=True)
class Quote:
    """What a draft comes to: rows by kind, people, copies and the sum in won, as computed now. O6

    `is_by_product`: some rows are for one product alone; `rows_unnamed`: rows whose product is not known.
    """

    rows: int
    rows_at_fault: int
    rows_repaired: int
    people: int
    copies: int
    doubles: int
    name_bytes: int
    lines: tuple[QuoteLine, ...]
    is_by_product: bool = False
    rows_unnamed: int = 0

    @property
    def rows_ok(self) -> int:
        return self.rows - self.rows_at_fault

    @property
    def amount_won(self) -> int:
        return sum(line.amount_won for line in self.lines)

    @property
    def has_certificates(self) -> bool:
        return any(line.product.is_gift_certificate for line in self.lines)

    @property
    def is_mixed(self) -> bool:
        """Gift certificates and other goods: such an order waits whole. O8"""
        return self.has_certificates and not all(line.product.is_gift_certificate for line in self.lines)


def items_of(draft: Draft) -> list[DraftItem]:
    """The products of a draft's basket, in the order in which they were put there."""
    rows = DraftItem.objects.filter(draft=draft).select_related("product__brand")
    return list(rows.order_by("position", "id"))


def goods_facts(draft: Draft) -> list[rules.LineFacts]:
    """The products of a basket for rules that ask what they allow, whoever gets them. C1"""
    items = items_of(draft)
    offers = catalog.offers_of(List(draft.list), [item.product_id for item in items])
    return [
        rules.LineFacts(
            f"{item.product.brand.name} {item.product.name}", catalog.facts(offers.get(item.product_id)), 0
        )
        for item in items
    ]


def products_by_words(draft: Draft) -> tuple[dict[str, int], int]:
    """The items of a basket by what a sheet may call them: code, name, brand and name; and how many there are. O1

    What would be two of them is none.
    """
    items = items_of(draft)
    words: list[tuple[str, int]] = []
    for item in items:
        product = item.product
        names = (product.code, product.name, f"{product.brand.name}{product.name}")
        words += {(lists.words_of(name), item.id) for name in names}
    counts = Counter(word for word, _item in words)
    return {word: item for word, item in words if counts[word] == 1}, len(items)


def quote(draft: Draft) -> Quote:
    """Count the draft's rows and compute its sum. What everybody gets is counted once, whatever the basket. O6"""
    rows = DraftRow.objects.filter(draft=draft)
    counts = rows.aggregate(
        rows=Count("id"),
        at_fault=Count("id", filter=~_OK),
        repaired=Count("id", filter=_REPAIRED),
        people=Count("to_index", distinct=True, filter=_OK),
        copies=Sum("copies", filter=_OK),
        ok=Count("id", filter=_OK),
        own=Count("id", filter=Q(item__isnull=False)),
        unnamed=Count("id", filter=Q(fault__in=lists.PRODUCT_FAULTS)),
        name_bytes=Max("name_bytes", filter=_OK),
    )
    items = items_of(draft)
    offers = catalog.offers_of(List(draft.list), [item.product_id for item in items])
    tier = members.tier_of(draft.buyer)
    lines = []
    for item in items:
        people, copies = counts["people"], counts["copies"] or 0
        if counts["own"]:
            found = rows.filter(_OK, Q(item=None) | Q(item=item)).aggregate(
                people=Count("to_index", distinct=True), copies=Sum("copies")
            )
            people, copies = found["people"], found["copies"] or 0
        offer = offers.get(item.product_id)
        lines.append(QuoteLine(item, offer, catalog.price_won(offer, tier) if offer else 0, people, copies))
    return Quote(
        rows=counts["rows"],
        rows_at_fault=counts["at_fault"],
        rows_repaired=counts["repaired"],
        people=counts["people"],
        copies=sum(line.copies for line in lines),
        doubles=rows.filter(FILTERS["doubles"]).count() if counts["own"] else counts["ok"] - counts["people"],
        name_bytes=counts["name_bytes"] or 0,
        lines=tuple(lines),
        is_by_product=bool(counts["own"]),
        rows_unnamed=counts["unnamed"],
    )


def codes_until(draft: Draft, offer: Offer | None, at: datetime) -> date:
    """The day until which a product's vouchers have to hold if they are sent as chosen. C3, O5, V4"""
    return clock.seoul_date(draft.send_at or at) + timedelta(days=offer.validity_days if offer else 0)
