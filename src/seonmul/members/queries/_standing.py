"""Questions about what staff do to an account. B, M8"""

from __future__ import annotations

from seonmul.members.models import Buyer, Member, Staff, StaffRole
from seonmul.members.rules import ResetFacts, SpendingFacts


def spending_facts(buyer: Buyer) -> SpendingFacts:
    """How a buyer's spending stands."""
    return SpendingFacts(
        is_ended=buyer.closed_at is not None, is_frozen=buyer.frozen_at is not None, is_held=buyer.is_held
    )


def reset_facts(member: Member, by: Member) -> ResetFacts:
    """What the rule of taking second factors away needs."""
    return ResetFacts(
        is_self=member.id == by.id,
        is_staff=Staff.objects.filter(member=member).exists(),
        is_closed=member.closed_at is not None or not member.is_active,
        by_super=Staff.objects.filter(member=by, role=StaffRole.SUPER).exists(),
    )
