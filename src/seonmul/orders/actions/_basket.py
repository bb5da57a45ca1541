"""A draft's basket: what lies in it, and what is parted from it. O1, O8"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.catalog import queries as catalog
from seonmul.catalog import rules as catalog_rules
from seonmul.catalog.models import List, Product
from seonmul.figures import queries as figures_now
from seonmul.kit import ids
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members.models import BuyerKind
from seonmul.orders import lists, queries, rules
from seonmul.orders.actions._lists import mark_doubles, read_again
from seonmul.orders.models import Draft, DraftItem, DraftRow


@transaction.atomic
def put(draft_id: UUID, list_: List, code: str, *, at: datetime, instead_of: int | None = None) -> DraftItem:
    """Put one more product into a draft, or put it in the place of another item, whose recipients it takes. O1

    Rows that named it before it was there can be sent now. Raises Refused and leaves the basket as it is.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        raise Refused(No(rules.OrderRefusal.CHANGED_MEANWHILE))
    items = queries.items_of(draft)
    before = next((item for item in items if item.id == instead_of), None)
    product = _for_sale(draft, list_, code, at)
    refuse(
        rules.why_not_put(
            is_same_list=draft.list == list_,
            count=len(items) - (before is not None),
            is_there=any(item.product_id == product.id for item in items),
            figures=figures_now.figures(at),
        )
    )
    if before:
        DraftItem.objects.filter(id=before.id).update(product=product)
        before.product = product
        made = before
    else:
        last = max((item.position for item in items), default=0)
        made = DraftItem.objects.create(draft=draft, product=product, position=last + 1)
    read_again(draft, DraftRow.objects.filter(fault__in=lists.PRODUCT_FAULTS))
    _touch(draft, at)
    return made


@transaction.atomic
def take_out(draft_id: UUID, item_id: int, *, at: datetime) -> None:
    """Take a product out of a draft; rows that were for it alone wait for another one. Raises Refused for the last. O1"""
    draft = queries.locked_draft(draft_id)
    if draft is None:
        raise Refused(No(rules.OrderRefusal.CHANGED_MEANWHILE))
    items = queries.items_of(draft)
    if not any(item.id == item_id for item in items):
        return
    refuse(rules.why_not_take_out(len(items)))
    alone = DraftRow.objects.filter(draft=draft, item_id=item_id)
    alone.filter(fault="").update(item=None, fault=lists.RowFault.NO_PRODUCT.code)
    alone.update(item=None)
    DraftItem.objects.filter(id=item_id).delete()
    read_again(draft, DraftRow.objects.filter(fault__in=lists.PRODUCT_FAULTS))
    _touch(draft, at)


@transaction.atomic
def split_certificates(draft_id: UUID, *, at: datetime) -> Draft:
    """Move what is no gift certificate into a draft of its own, so that it need not wait for the consent. O8

    Who was to get everything is on both lists; message, time and purpose are the same. Raises Refused.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        raise Refused(No(rules.OrderRefusal.CHANGED_MEANWHILE))
    items = queries.items_of(draft)
    moved = [item.id for item in items if not item.product.is_gift_certificate]
    refuse(rules.why_not_split_basket(len(items) - len(moved), len(items)))
    fields = {field.attname: getattr(draft, field.attname) for field in Draft._meta.concrete_fields}
    other = Draft.objects.create(
        **fields | {"id": ids.new_id(), "public_id": ids.public_id(), "saved_at": at}
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO orders_draftrow (draft_id, {_COPIED})
            SELECT %s, {_COPIED} FROM orders_draftrow
            WHERE draft_id = %s AND (item_id = ANY(%s) OR item_id IS NULL AND fault <> ALL(%s))""",  # noqa: S608
            [other.id, draft.id, moved, list(lists.PRODUCT_FAULTS)],
        )
        cursor.execute(
            "DELETE FROM orders_draftrow WHERE draft_id = %s AND item_id = ANY(%s)", [draft.id, moved]
        )
    DraftItem.objects.filter(id__in=moved).update(draft=other)
    _touch(draft, at)
    _touch(other, at)
    return other


_COPIED = "item_id, position, cells_sealed, phone_index, mail_index, copies, name_bytes, field_bytes, fault, repair, is_over"


def _for_sale(draft: Draft, list_: List, code: str, at: datetime) -> Product:
    offer = catalog.offer(list_, code)
    is_company, facts = draft.buyer.kind == BuyerKind.COMPANY, catalog.facts(offer)
    refuse(catalog_rules.why_not_buy(facts, is_company=is_company, at=at))
    refuse(catalog_rules.why_not_order_by(facts, draft.kind))
    if offer is None:
        raise Refused(No(catalog_rules.ProductRefusal.NOT_ON_LIST))
    return offer.product


def _touch(draft: Draft, at: datetime) -> None:
    mark_doubles(draft)
    Draft.objects.filter(id=draft.id).update(saved_at=at)
