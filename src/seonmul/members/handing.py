"""What members hand over when an account changes hands or leaves a company: what nobody has decided. M5, M7"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from seonmul.kit import states
from seonmul.members import queries
from seonmul.members.models import Conversion, ConversionState, Handover, HandoverState, Invitation, Member
from seonmul.members.ports import Handed, HandingOver, Parting
from seonmul.members.ports import Hander as Port


class Hander:
    """Implements members.ports.Hander."""

    def hand_over(self, change: HandingOver, *, at: datetime) -> list[Handed]:
        """Applications stay with the account, so they are only named."""
        del at
        names = queries.open_matters_of(Member.objects.get(id=change.member_id))
        return [Handed("application", tuple(names), len(names))] if names else []

    def part(self, parting: Parting, *, at: datetime) -> list[Handed]:
        """The company's application goes on; invitations and changes of the person by who goes are taken back."""
        open_ones = Conversion.objects.filter(buyer_id=parting.buyer_id, state=ConversionState.WAITING)
        went = open_ones.filter(member_id=parting.member_id).update(member_id=parting.heir_id)
        invited = Invitation.objects.filter(
            buyer_id=parting.buyer_id, invited_by_id=parting.member_id, accepted_at=None, withdrawn_at=None
        )
        withdrawn = invited.update(withdrawn_at=at)
        changes = Handover.objects.filter(buyer_id=parting.buyer_id)
        for rows in (
            changes.filter(member_id=parting.member_id),
            changes.filter(by_id=parting.member_id),
        ):
            for state in (HandoverState.ASKED, HandoverState.WAITING):
                states.move(rows, state, HandoverState.WITHDRAWN, ended_at=at)
        return [
            Handed(what, (), count)
            for what, count in (("application", went), ("invitation_ended", withdrawn))
            if count
        ]


def handers() -> list[Port]:
    """Everybody who has something of an account, in the order of the settings."""
    return [import_string(name)() for name in settings.HANDERS]
