"""What dispatch hands over when the person behind an account changes: sender numbers. M5, M6"""

from __future__ import annotations

from datetime import datetime

from seonmul.dispatch import actions, queries
from seonmul.members.ports import Handed, HandingOver, Parting


class Hander:
    """Implements members.ports.Hander. A mobile number serves only its owner: the old one ends, the new one comes."""

    def hand_over(self, change: HandingOver, *, at: datetime) -> list[Handed]:
        """End the numbers of whoever goes, and let the new number in: a code texted to it has proved it."""
        ended = actions.end_own_senders(change.member_id, at=at)
        actions.add_number_by_code(change.buyer_id, change.member_id, change.new_phone, at=at)
        waiting = queries.waiting_senders_of(change.buyer_id)
        return [
            handed
            for handed in (
                Handed("sender_ended", (), ended),
                Handed("sender_new", (), 1),
                Handed("sender_waiting", tuple(row.public_id for row in waiting), len(waiting)),
            )
            if handed.count
        ]

    def part(self, parting: Parting, *, at: datetime) -> list[Handed]:
        """A mobile number serves only its owner, so it serves the company no longer."""
        ended = actions.end_own_senders(parting.member_id, at=at)
        return [Handed("sender_ended", (), ended)] if ended else []
