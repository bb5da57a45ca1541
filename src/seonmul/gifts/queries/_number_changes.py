"""Copies that go to another number. S5"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max

from seonmul.gifts import rules
from seonmul.gifts.models import Gift, NumberChange
from seonmul.gifts.queries._history import cells_of
from seonmul.kit import crypto, mails, phones
from seonmul.members.models import Member
from seonmul.orders import lists
from seonmul.orders import queries as orders
from seonmul.orders.models import DraftRow, Order, OrderKind

_LIMIT = 50


@dataclass(frozen=True)
class Changed:
    """A change of number as its buyer and staff see it, opened."""

    old: str
    new: str
    state: str
    said: str
    asked_at: datetime
    ended_at: datetime | None


def gift_seen_by(member: Member, public_id: str) -> Gift | None:
    """One copy of the buyer this member acts for, by what stands in addresses."""
    return _of(Gift.objects.filter(buyer__memberships__member=member), public_id)


def gift_named(public_id: str) -> Gift | None:
    """One copy, for staff."""
    return _of(Gift.objects.all(), public_id)


def _of(rows, public_id: str) -> Gift | None:  # type: ignore[no-untyped-def]
    with_ = ("recipient", "voucher", "order__buyer", "line__product__brand", "chunk")
    return rows.filter(public_id=public_id).select_related(*with_).first() if public_id else None


def to_of(order: Order, cells: lists.Cells) -> str:
    """Where a copy of this order goes: a number, or in an order by mail an address."""
    return cells.to(by_mail=order.kind == OrderKind.MAIL)


def read_to(gift: Gift, typed: str) -> str:
    """A number or address as it was typed for this copy's order, "" when it is none."""
    read = mails.normalise(typed) if gift.order.kind == OrderKind.MAIL else phones.normalise_mobile(typed)
    return read or ""


def index_of(order: Order, to: str) -> bytes:
    """What finds a number or an address among an order's recipients."""
    return crypto.ring().index(DraftRow.MAIL if order.kind == OrderKind.MAIL else DraftRow.PHONE, to)


def change_facts(gift: Gift, to: str) -> rules.ChangeFacts:
    """What decides whether a copy may go to another number or address; `to`: "" for none that could be read."""
    return rules.ChangeFacts(
        result=gift.result,
        is_mail=gift.order.kind == OrderKind.MAIL,
        to=to,
        old=to_of(gift.order, cells_of(gift)),
        copies_there=_copies_to(gift, index_of(gift.order, to)) if to else 0,
        copies_most=gift.line.product.copies_most,
        gone_sender=orders.gone_senders([gift.order]).get(gift.order_id, ""),
    )


def _copies_to(gift: Gift, to_index: bytes) -> int:
    """How many copies of the same product one number gets in the same order. O2"""
    column = "mail_index" if gift.order.kind == OrderKind.MAIL else "phone_index"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT (SELECT count(*) FROM orders_recipient r JOIN orders_line l ON l.id = r.line_id
                    JOIN gifts_gift g ON g.order_id = l.order_id AND g.position = r.position AND g.recipient_id = r.id
                    WHERE r.{column} = %(to)s AND l.order_id = %(order)s AND l.product_id = %(product)s
                        AND g.to_index IS NULL)
                + (SELECT count(*) FROM gifts_gift g JOIN orders_line l ON l.id = g.line_id
                   WHERE g.to_index = %(to)s AND g.order_id = %(order)s AND l.product_id = %(product)s)""",  # noqa: S608 - one of two columns
            {"to": to_index, "order": gift.order_id, "product": gift.line.product_id},
        )
        return int(cursor.fetchone()[0])


def change_with(replacement_id: UUID) -> NumberChange | None:
    """The change of number that a replacement is for."""
    rows = NumberChange.objects.filter(replacement=replacement_id)
    return rows.select_related("gift", "replacement").first()


def change(change_id: UUID) -> NumberChange:
    """One change of number."""
    return NumberChange.objects.select_related("gift", "replacement").get(id=change_id)


def changes_of(gift: Gift) -> list[Changed]:
    """The trail of a copy's numbers, the newest first. S5"""
    ring, order = crypto.ring(), gift.order
    rows = NumberChange.objects.filter(gift=gift).select_related("replacement")
    found = []
    for row in rows.order_by("-asked_at", "-id")[:_LIMIT]:
        old, new = (
            to_of(order, lists.Cells.unpacked(ring.open(DraftRow.CELLS, sealed)))
            for sealed in (row.old_cells_sealed, row.cells_sealed)
        )
        state, ended_at = row.replacement.state, row.replacement.ended_at
        said = str(row.replacement.get_state_display())
        found.append(Changed(old, new, state, said, row.asked_at, ended_at))
    return found


def moved_among(gift_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Those of these copies whose number was changed, and when the last time. S5"""
    rows = NumberChange.objects.filter(gift__in=gift_ids, done_at__isnull=False)
    return dict(rows.values_list("gift").annotate(since=Max("done_at")))


def by_dead_link(token: str) -> tuple[Gift, lists.Cells] | None:
    """The copy that a link opened before its number was changed, and whom it went to then."""
    ring = crypto.ring()
    row = NumberChange.objects.filter(link_index=ring.index(Gift.LINK, token)).first()
    if row is None:
        return None
    gift = (
        Gift.objects.filter(id=row.gift_id)
        .select_related(
            "voucher", "line__product__brand", "line__policy", "line__order", "order__buyer", "recipient"
        )
        .get()
    )
    return gift, lists.Cells.unpacked(ring.open(DraftRow.CELLS, row.old_cells_sealed))
