"""What inquiries hand over when an account changes hands or leaves a company: those that have not ended. M5, M7"""

from __future__ import annotations

from datetime import datetime

from seonmul.members.ports import Handed, HandingOver, Parting
from seonmul.support import queries

#: So many are named on the handing-over document; of the rest the number.
_NAMED = 12


class Hander:
    """Implements members.ports.Hander. They stay with the account."""

    def hand_over(self, change: HandingOver, *, at: datetime) -> list[Handed]:
        """Name what is open."""
        del at
        names = queries.open_of(change.member_id)
        return [Handed("inquiry", tuple(names[:_NAMED]), len(names))] if names else []

    def part(self, parting: Parting, *, at: datetime) -> list[Handed]:
        """What the company has asked goes on with its heir."""
        del at
        went = queries.open_rows(parting.member_id).filter(buyer_id=parting.buyer_id)
        count = went.update(member_id=parting.heir_id)
        return [Handed("inquiry", (), count)] if count else []
