"""What orders hand over when an account changes hands or leaves a company: drafts, and orders under way. M5, M7"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from seonmul.dispatch import queries as dispatch
from seonmul.kit import phones
from seonmul.members.ports import Handed, HandingOver, Parting
from seonmul.orders import queries
from seonmul.orders.models import Draft, Order, OrderKind, OrderState, ReviewLink


class Hander:
    """Implements members.ports.Hander. A draft lets go of the number of whoever goes."""

    def hand_over(self, change: HandingOver, *, at: datetime) -> list[Handed]:
        """Give each draft a sender that the new person may show, and name what is open."""
        usable = [row.digits for row in dispatch.senders_of(change.buyer_id, change.member_id)]
        drafts, orders = (
            queries.drafts_written_by(change.member_id),
            queries.orders_under_way_of(change.member_id),
        )
        stale = Draft.objects.filter(member_id=change.member_id).exclude(sender__in=[*usable, ""])
        stale.update(sender=next(iter(usable), ""))
        # the new person's own number stands in when it is registered by then; else the order stops at its time
        own = change.new_phone if phones.sender_kind(change.new_phone) else ""
        moved = _move_senders(change.member_id, change.buyer_id, usable, own)
        _end_links(change.member_id, change.buyer_id, at)
        return [
            Handed(what, tuple(names[:_NAMED]), len(names))
            for what, names in (("draft", drafts), ("order", orders), ("order_sender", moved))
            if names
        ]

    def part(self, parting: Parting, *, at: datetime) -> list[Handed]:
        """Drafts go on with the heir, by a number that the heir may show; orders and card windows stay the company's.

        Orders that have not gone yet go by such a number too.
        """
        drafts = queries.drafts_written_by(parting.member_id)
        own = Draft.objects.filter(member_id=parting.member_id, buyer_id=parting.buyer_id)
        usable = [row.digits for row in dispatch.senders_of(parting.buyer_id, parting.heir_id)]
        own.exclude(sender__in=[*usable, ""]).update(sender=next(iter(usable), ""))
        own.update(member_id=parting.heir_id)
        moved = _move_senders(parting.member_id, parting.buyer_id, usable)
        _end_links(parting.member_id, parting.buyer_id, at)
        return [
            Handed(what, tuple(names[:_NAMED]), len(names))
            for what, names in (("draft", drafts), ("order_sender", moved))
            if names
        ]


def _move_senders(member_id: UUID, buyer_id: UUID, usable: Sequence[str], own: str = "") -> list[str]:
    """Orders that have not gone yet let go of a number that has ended, for one that may be shown; their public ids. M5, M6

    `own`: the number that stands in where there is none. Where there is neither, they stop when their time comes.
    """
    to = next(iter(usable), own)
    rows = Order.objects.filter(member_id=member_id, buyer_id=buyer_id, kind=OrderKind.TEXT)
    rows = rows.filter(state__in=[OrderState.WAITING, OrderState.PAID] if to else [])
    rows = rows.exclude(sender__in=[*usable, to])
    names = list(rows.order_by("-paid_at", "-id").values_list("public_id", flat=True)[:1000])
    rows.update(sender=to)
    return names


def _end_links(member_id: UUID, buyer_id: UUID, at: datetime) -> None:
    """Whoever goes knows the links that they made for a superior: these open nothing any more. O12"""
    ReviewLink.objects.filter(made_by_id=member_id, buyer_id=buyer_id, withdrawn_at=None).update(
        withdrawn_at=at
    )


#: So many are named on the handing-over document; of the rest the number.
_NAMED = 12
