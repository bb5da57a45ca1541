"""An order by text becomes one by mail, and the other way round. O1"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.catalog import rules as catalog
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.orders import queries, rules
from seonmul.orders.actions._lists import mark_doubles, read_again
from seonmul.orders.models import Draft, DraftRow, OrderKind, StaffRow


@transaction.atomic
def switch(draft_id: UUID, kind: OrderKind, *, at: datetime) -> None:
    """Make a draft one by mail, or by text: everything typed stays, and each row says anew whether it is right. O1

    Raises Refused when a product cannot go so, and leaves the draft as it is.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        raise Refused(No(rules.OrderRefusal.CHANGED_MEANWHILE))
    if draft.kind == kind:
        return
    refuse(rules.why_not_go_as(queries.goods_facts(draft), kind))
    ways = [set(item.product.channels) for item in queries.items_of(draft)]
    usual = catalog.channels_of(kind, set.intersection(*ways)) or catalog.channels_of(kind, catalog.CHANNELS)
    was, draft.kind = OrderKind(draft.kind), kind
    Draft.objects.filter(id=draft.id).update(kind=kind, channel=usual[0], saved_at=at)
    StaffRow.objects.filter(draft=draft).delete()  # it was read by the other address
    read_again(draft, DraftRow.objects.all(), was=was)
    mark_doubles(draft)
