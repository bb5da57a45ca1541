"""What inquiries hand over when the person behind an account changes: those that have not ended. M5"""

from __future__ import annotations

from datetime import datetime

from seonmul.members.ports import Handed, HandingOver
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
