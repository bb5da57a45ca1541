"""A new draft from an old order: its recipients, its text, its product. O12"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import List, Product
from seonmul.dispatch import queries as dispatch
from seonmul.kit import crypto
from seonmul.kit.refusals import Refused
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import queries
from seonmul.orders.actions._drafts import begin, save
from seonmul.orders.actions._lists import add_rows
from seonmul.orders.lists import Cells, RawRow
from seonmul.orders.models import Draft, DraftRow, Recipient


@dataclass(frozen=True)
class Copied:
    """What came of it. `instead`: the product that is sold in place of the old one, None for the old one itself."""

    draft: Draft
    instead: Product | None


@transaction.atomic
def copy_order(order_id: UUID, *, by: Member, at: datetime) -> Copied:
    """Begin a draft like an old order: recipients, words, product, purpose. Raises Refused. O12

    A product that is not sold any more is replaced by its substitute, which is told; without one nothing is begun.
    Nobody has consented to anything: the boxes are empty, the time is not taken over.
    """
    order = queries.order(order_id)
    line, list_ = queries.lines_of(order_id)[0], List(order.list)
    instead = None
    try:
        with transaction.atomic():
            draft = begin(by, list_, line.product.code, at=at)
    except Refused:
        other = catalog.substitute_of(line.product, list_)
        if other is None:
            raise
        draft, instead = begin(by, list_, other.product.code, at=at), other.product
    buyer = members_now.buyer_of(by)
    usable = {one.digits for one in dispatch.senders_of(buyer.id, by.id)} if buyer else set()
    more = {"sender": order.sender} if order.sender in usable else {}
    if order.channel in draft.product.channels:
        more["channel"] = order.channel
    save(
        draft.id,
        title=queries.title_of(order),
        text=queries.text_of(order),
        purpose=order.purpose,
        at=at,
        **more,
    )
    ring = crypto.ring()
    rows = Recipient.objects.filter(line=line).order_by("position").values_list("cells_sealed", "copies")
    opened = (
        (Cells.unpacked(ring.open(DraftRow.CELLS, sealed)), copies) for sealed, copies in rows.iterator()
    )
    add_rows(
        draft.id,
        [RawRow(n, one.phone, one.name, one.mail, str(copies)) for n, (one, copies) in enumerate(opened, 1)],
        at=at,
    )
    return Copied(draft, instead)
