"""Editing the catalogue. C1, M3"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.catalog import queries
from seonmul.catalog.models import Offer, Product
from seonmul.catalog.rules import ProductWanted, search_text, why_not_edit
from seonmul.kit.refusals import refuse


@transaction.atomic
def edit(code: str, wanted: ProductWanted, *, seen: str, by: UUID | str, at: datetime) -> list[str]:
    """Let a product and its offers be as `wanted`; returns what changed ("corporate.price_won"), [] for nothing.

    `seen`: the version that the editor saw (`queries.version_of`); raises Refused when it is no longer that one.
    Orders that are placed keep their price; drafts are told of a new one before they pay.
    """
    product = queries.locked_product(code)
    before = queries.as_it_is(product)
    substitute = queries.product(wanted.substitute) if wanted.substitute else None
    is_known = substitute is not None and substitute.id != product.id
    refuse(why_not_edit(wanted, is_current=queries.version_of(before) == seen, is_substitute_known=is_known))
    changes = _changes(before, wanted)
    if not changes:
        return []
    name = wanted.name.strip()
    Product.objects.filter(id=product.id).update(
        name=name,
        search_text=search_text(product.brand.name, name),
        notes=wanted.notes,
        copies_most=wanted.copies_most,
        is_sold_out=wanted.is_sold_out,
        is_gift_certificate=wanted.is_gift_certificate,
        channels=list(wanted.channels),
        supplier=wanted.supplier,
        on_sale_from=wanted.on_sale_from,
        on_sale_to=wanted.on_sale_to,
        substitute=substitute,
    )
    for list_, offer in wanted.offers.items():
        Offer.objects.update_or_create(product=product, list=list_, defaults=asdict(offer))
    audit.record("product_edited", by=by, subject=product.id, at=at, code=code, changes=changes)
    return list(changes)


def _changes(before: ProductWanted, after: ProductWanted) -> dict[str, list[Any]]:
    """What differs, each as [before, after]; of long notes only their length."""
    old, new = _flat(before), _flat(after)
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]} | (
        {"notes": [len(before.notes), len(after.notes)]} if before.notes != after.notes else {}
    )


def _flat(state: ProductWanted) -> dict[str, Any]:
    names = ("copies_most", "is_sold_out", "is_gift_certificate", "supplier", "substitute")
    own = {name: getattr(state, name) for name in names} | {
        "channels": ", ".join(state.channels),
        "on_sale_from": str(state.on_sale_from or ""),
        "on_sale_to": str(state.on_sale_to or ""),
    }
    lists = {
        f"{list_}.{name}": value
        for list_, offer in state.offers.items()
        for name, value in asdict(offer).items()
    }
    return {"name": state.name.strip(), **own, **lists}
