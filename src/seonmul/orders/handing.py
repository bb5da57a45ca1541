"""What orders hand over when the person behind an account changes: drafts, and orders under way. M5"""

from __future__ import annotations

from datetime import datetime

from seonmul.dispatch import queries as dispatch
from seonmul.members.ports import Handed, HandingOver
from seonmul.orders import queries
from seonmul.orders.models import Draft


class Hander:
    """Implements members.ports.Hander. Both stay with the account; a draft lets go of the old person's number."""

    def hand_over(self, change: HandingOver, *, at: datetime) -> list[Handed]:
        """Give each draft a sender that the new person may show, and name what is open."""
        del at
        usable = [row.digits for row in dispatch.senders_of(change.buyer_id, change.member_id)]
        drafts, orders = (
            queries.drafts_written_by(change.member_id),
            queries.orders_under_way_of(change.member_id),
        )
        stale = Draft.objects.filter(member_id=change.member_id).exclude(sender__in=[*usable, ""])
        stale.update(sender=next(iter(usable), ""))
        return [
            Handed(what, tuple(names[:_NAMED]), len(names))
            for what, names in (("draft", drafts), ("order", orders))
            if names
        ]


#: So many are named on the handing-over document; of the rest the number.
_NAMED = 12
