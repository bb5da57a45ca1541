"""What members hand over when the person behind an account changes: applications that nobody has decided. M5"""

from __future__ import annotations

from datetime import datetime

from seonmul.members import queries
from seonmul.members.models import Member
from seonmul.members.ports import Handed, HandingOver


class Hander:
    """Implements members.ports.Hander. The applications stay with the account, so they are only named."""

    def hand_over(self, change: HandingOver, *, at: datetime) -> list[Handed]:
        """Name what is open."""
        del at
        names = queries.open_matters_of(Member.objects.get(id=change.member_id))
        return [Handed("application", tuple(names), len(names))] if names else []
