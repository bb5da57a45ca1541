"""A place in a company ends: an owner ends it, or its member leaves. M7, M8"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, handing, queries, rules
from seonmul.members.actions._making import make_buyer
from seonmul.members.models import Buyer, BuyerKind, Member, Membership, Role
from seonmul.members.ports import Parting


@transaction.atomic
def end_place(by: Member, member_id: UUID, *, is_verified: bool, at: datetime) -> None:
    """An owner who has just proved who they are ends a member's place in the company. Raises Refused. M7, M8

    The member is a general one from then on, with a buyer of its own; whatever it did for the company stays there,
    and its drafts go on with this owner. Rights are read at every request, so no session need end.
    """
    buyer = queries.locked_buyer_of(by)
    _end(buyer, member_id, by, by_oneself=False, is_verified=is_verified, at=at)


@transaction.atomic
def leave_company(by: Member, *, is_verified: bool, at: datetime) -> None:
    """The same by oneself; drafts go on with the owner who is there longest. Raises Refused. M7, M8"""
    buyer = queries.locked_buyer_of(by)
    _end(buyer, by.id, by, by_oneself=True, is_verified=is_verified, at=at)


def _end(
    buyer: Buyer, member_id: UUID, by: Member, *, by_oneself: bool, is_verified: bool, at: datetime
) -> None:
    # behind the member's own row: a payment under way is finished, or finds no place any more
    member = queries.locked_member(member_id)
    place = Membership.objects.filter(member=member, buyer=buyer).select_related("buyer").first()
    if place is None:
        raise Refused(No(rules.CompanyRefusal.NOT_OWNER))
    refuse(
        rules.why_not_end_place(
            queries.ending_facts(place, by, by_oneself=by_oneself, is_verified=is_verified)
        )
    )
    own = make_buyer(BuyerKind.PERSON, member.name, at=at)
    Membership.objects.filter(id=place.id).update(
        buyer=own,
        role=Role.OWNER,
        department=None,
        monthly_limit_won=None,
        order_limit_won=None,
        sees_numbers=False,
    )
    heir_id = queries.owner_ids(buyer.id)[0] if by_oneself else by.id
    parting = Parting(member.id, buyer.id, heir_id)
    handed = [one for hander in handing.handers() for one in hander.part(parting, at=at)]
    audit.record(
        "member_left" if by_oneself else "member_ended", by=by.id, subject=member.id, company=buyer.id, at=at,
        handed={one.what: one.count for one in handed},
    )  # fmt: skip
    jobs.announce(events.MEMBER_PARTED, member_id=member.id, buyer_id=buyer.id)
