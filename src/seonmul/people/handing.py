"""What the address book hands over: it is the buyer's; what is prepared for anniversaries goes on with the heir. M5, M7"""

from __future__ import annotations

from datetime import datetime

from seonmul.members.models import Buyer
from seonmul.members.ports import Handed, HandingOver, Parting
from seonmul.people import queries
from seonmul.people.models import Occasion


class Hander:
    """Implements members.ports.Hander."""

    def hand_over(self, change: HandingOver, *, at: datetime) -> list[Handed]:
        """The book and its templates stay with the buyer and the account: they are only counted."""
        del at
        people = queries.count(Buyer(id=change.buyer_id))
        return [Handed("people", (), people)] if people else []

    def part(self, parting: Parting, *, at: datetime) -> list[Handed]:
        """Whoever goes is not told of anniversaries any more; the heir is."""
        del at
        rows = Occasion.objects.filter(buyer_id=parting.buyer_id, member_id=parting.member_id, ended_at=None)
        went = rows.update(member_id=parting.heir_id)
        return [Handed("occasion", (), went)] if went else []
