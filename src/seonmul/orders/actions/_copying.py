"""A new draft from an old order: its recipients, its text, its product. O12"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.catalog import queries as catalog
from seonmul.catalog import rules
from seonmul.catalog.models import List, Product
from seonmul.dispatch import queries as dispatch
from seonmul.kit import crypto
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import queries
from seonmul.orders.actions import _basket as basket
from seonmul.orders.actions._drafts import begin, save
from seonmul.orders.actions._lists import add_rows
from seonmul.orders.lists import Cells, RawRow
from seonmul.orders.models import Draft, DraftRow, OrderKind, Recipient


@dataclass(frozen=True)
class Copied:
    """What came of it. `instead`: products that are sold in place of old ones."""

    draft: Draft
    instead: list[Product]


@transaction.atomic
def copy_order(order_id: UUID, *, by: Member, at: datetime) -> Copied:
    """Begin a draft like an old order: recipients, words, products, purpose. Raises Refused. O12

    A product that is not sold any more is replaced by its substitute, which is told; without one nothing is begun.
    Who may not see whole numbers sees them masked here as well. M7
    By mail or by text as it was. Nobody has consented to anything: the boxes are empty, the time is not taken over.
    """
    order, lines = queries.order(order_id), queries.lines_of(order_id)
    sold = [_sold(line.product, List(order.list), at) for line in lines]
    draft = begin(by, List(order.list), sold[0].code, kind=OrderKind(order.kind), at=at)
    for product in sold[1:]:
        if product.code != sold[0].code:
            basket.put(draft.id, List(order.list), product.code, at=at)
    buyer = members_now.buyer_of(by)
    usable = {one.digits for one in dispatch.senders_of(buyer.id, by.id)} if buyer else set()
    kept = {name: getattr(order, name) for name in ("places", "purpose", "falls_back")}
    if order.sender in usable:
        kept["sender"] = order.sender
    if all(order.channel in product.channels for product in sold):
        kept["channel"] = order.channel
    save(draft.id, title=queries.title_of(order), text=queries.text_of(order), at=at, **kept)
    codes = {line.id: product.code for line, product in zip(lines, sold, strict=True)}
    rows = _rows(codes)
    if rows:
        add_rows(draft.id, rows, at=at, are_kept=True)
    audit.record("order_copied", by=by.id, subject=order.id, company=order.buyer_id, at=at, count=len(rows))
    instead = [new for line, new in zip(lines, sold, strict=True) if new.id != line.product_id]
    return Copied(draft, instead)


def _sold(product: Product, list_: List, at: datetime) -> Product:
    """The product itself, or its substitute where it is not sold any more."""
    if not rules.is_discontinued(catalog.facts(catalog.offer(list_, product.code)), at=at):
        return product
    other = catalog.substitute_of(product, list_)
    return other.product if other else product  # beginning says why it cannot be bought


def _rows(codes: dict[UUID, str]) -> list[RawRow]:
    """The recipients of these lines as rows; of several products each row names its own."""
    ring = crypto.ring()
    rows = Recipient.objects.filter(line_id__in=codes).order_by("position", "line_id")
    opened = []
    for line_id, sealed, copies in rows.values_list("line_id", "cells_sealed", "copies").iterator():
        one = Cells.unpacked(ring.open(DraftRow.CELLS, sealed))
        opened.append((one, copies, codes[line_id] if len(codes) > 1 else None))
    return [
        RawRow(n, one.phone, one.name, one.mail, str(copies), product=code, fields=one.fields)
        for n, (one, copies, code) in enumerate(opened, 1)
    ]
