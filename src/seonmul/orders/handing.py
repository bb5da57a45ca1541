"""What orders hand over when an account changes hands or leaves a company: drafts, and orders under way. M5, M7"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from seonmul.dispatch import queries as dispatch
from seonmul.members.ports import Handed, HandingOver, Parting
from seonmul.orders import queries
from seonmul.orders.models import Draft, ReviewLink


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
        _end_links(change.member_id, change.buyer_id, at)
        return [
            Handed(what, tuple(names[:_NAMED]), len(names))
            for what, names in (("draft", drafts), ("order", orders))
            if names
        ]

    def part(self, parting: Parting, *, at: datetime) -> list[Handed]:
        """Drafts go on with the heir, by a number that the heir may show; orders and card windows stay the company's."""
        drafts = queries.drafts_written_by(parting.member_id)
        own = Draft.objects.filter(member_id=parting.member_id, buyer_id=parting.buyer_id)
        usable = [row.digits for row in dispatch.senders_of(parting.buyer_id, parting.heir_id)]
        own.exclude(sender__in=[*usable, ""]).update(sender=next(iter(usable), ""))
        own.update(member_id=parting.heir_id)
        _end_links(parting.member_id, parting.buyer_id, at)
        return [Handed("draft", tuple(drafts[:_NAMED]), len(drafts))] if drafts else []


def _end_links(member_id: UUID, buyer_id: UUID, at: datetime) -> None:
    """Whoever goes knows the links that they made for a superior: these open nothing any more. O12"""
    ReviewLink.objects.filter(made_by_id=member_id, buyer_id=buyer_id, withdrawn_at=None).update(
        withdrawn_at=at
    )


#: So many are named on the handing-over document; of the rest the number.
_NAMED = 12
