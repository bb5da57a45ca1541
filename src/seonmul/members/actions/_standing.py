"""What staff do to an account, each with a reason that stays in the log: the member is always told. B, M8"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import jobs
from seonmul.kit.refusals import refuse
from seonmul.members import events, queries, rules
from seonmul.members.actions._entering import sign_out_everywhere
from seonmul.members.models import Buyer, Device, Member


@transaction.atomic
def hold_spending(buyer_id: UUID, reason: str, *, by: Member, at: datetime) -> None:
    """Staff stop all spending of a buyer; only staff open it again. Raises Refused. B, M8"""
    buyer = queries.locked_buyer(buyer_id)
    refuse(rules.why_not_hold(queries.spending_facts(buyer), reason))
    Buyer.objects.filter(id=buyer.id).update(frozen_at=buyer.frozen_at or at, is_held=True)
    audit.record("spending_held", by=by.id, subject=buyer.id, company=buyer.id, at=at, reason=reason)
    jobs.announce(events.SPENDING_HELD, buyer_id=buyer.id)


@transaction.atomic
def release_spending(buyer_id: UUID, reason: str, *, by: Member, at: datetime) -> None:
    """Staff open a buyer's spending again, whoever had stopped it. Raises Refused. B, M8"""
    buyer = queries.locked_buyer(buyer_id)
    refuse(rules.why_not_release(queries.spending_facts(buyer), reason))
    Buyer.objects.filter(id=buyer.id).update(frozen_at=None, is_held=False)
    audit.record("spending_released", by=by.id, subject=buyer.id, company=buyer.id, at=at, reason=reason)
    jobs.announce(events.SPENDING_RELEASED, buyer_id=buyer.id)


@transaction.atomic
def reset_factors(member_id: UUID, reason: str, *, by: Member, at: datetime) -> None:
    """Take a member's second factors and sessions away: the phone is lost. Raises Refused. B, M8

    The password stays as it is, and every device is new again: none adds a factor or pays by password at once.
    """
    member = queries.locked_member(member_id)
    refuse(rules.why_not_reset(queries.reset_facts(member, by), reason))
    kinds = sorted(Authenticator.objects.filter(user_id=member.id).values_list("type", flat=True))
    Authenticator.objects.filter(user_id=member.id).delete()
    Device.objects.filter(member=member).delete()
    sign_out_everywhere(member.id)
    place = queries.place_of(member)
    audit.record(
        "factors_reset", by=by.id, subject=member.id, company=place.buyer_id if place else "", at=at,
        reason=reason, factors=len(kinds),
    )  # fmt: skip
    jobs.announce(events.FACTORS_RESET, member_id=member.id)
