"""A second person of a known company comes in when an owner says so. M1, M7"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import jobs, masks, states
from seonmul.kit.refusals import refuse
from seonmul.members import events, queries, rules
from seonmul.members.models import (
    Buyer,
    Conversion,
    ConversionState,
    JoinRequest,
    JoinState,
    Member,
    Membership,
    Role,
)


@transaction.atomic
def answer_join_request(
    by: Member, request_id: UUID, *, accept: bool, role: Role, is_verified: bool, at: datetime
) -> None:
    """Let somebody who asked into the company, or not. Raises Refused when `by` may not, or it was answered. M7

    Letting in needs a fresh identity verification. M8
    """
    buyer = queries.locked_buyer_of(by)
    refuse(rules.why_not_manage(is_company=queries.is_company(buyer), is_owner=queries.is_owner(by)))
    refuse(rules.why_not_widen(accept, is_verified=is_verified))
    rows = JoinRequest.objects.select_for_update().filter(id=request_id, buyer=buyer)
    # first, since whoever comes in elsewhere withdraws this request behind the same lock
    queries.lock_buyers_of(
        JoinRequest.objects.values_list("member_id", flat=True).get(id=request_id, buyer=buyer)
    )
    asked = rows.get()
    member = queries.locked_member(asked.member_id)
    own = queries.buyer_of(member)
    refuse(
        rules.why_not_join(
            is_waiting=asked.state == JoinState.WAITING,
            has_membership=accept and own is not None and queries.is_company(own),
            has_money=accept and own is not None and queries.has_money(own),
        )
    )
    after = JoinState.ACCEPTED if accept else JoinState.REFUSED
    states.move(rows, JoinState.WAITING, after, decided_by=by, decided_at=at)
    if accept:
        take_in(member, buyer, role, at=at)
    audit.record(
        f"join_{after}", by=by.id, subject=asked.member_id, company=buyer.id, at=at, role=str(role)
    )  # fmt: skip


def take_in(member: Member, buyer: Buyer, role: Role, *, at: datetime) -> Membership:
    """Give a locked member a place in a company. Who may buy there does so after a pause; the owners are told. M7, M8"""
    _leave_own(member.id, at)
    place = Membership.objects.create(member=member, buyer=buyer, role=role, sees_numbers=role == Role.OWNER)
    if role in rules.BUYING_ROLES:
        until = rules.blocked_at_first(member.spend_blocked_until, figures=figures_now.figures(at), at=at)
        Member.objects.filter(id=member.id).update(spend_blocked_until=until)
    jobs.announce(events.MEMBER_JOINED, member_id=member.id)
    return place


def _leave_own(member_id: UUID, at: datetime) -> None:
    """End the empty buyer of a person who comes into a company. Nobody buys with it again, so its name is masked now. M9

    Money that comes back to it later, as for a voucher that arrived nowhere, is paid out to who left it.

    Recipients go on reading who sent their voucher: they only ever saw the masked form. What waits for an answer, to make
    the own account a company or to join another one, is withdrawn: it would be about an account that is closed. M2
    """
    own = Buyer.objects.filter(memberships__member_id=member_id)
    applied = Conversion.objects.filter(buyer__in=own)
    states.move(applied, ConversionState.WAITING, ConversionState.WITHDRAWN, decided_at=at)
    asked = JoinRequest.objects.filter(member_id=member_id)
    states.move(asked, JoinState.WAITING, JoinState.WITHDRAWN, decided_at=at)
    for buyer in Buyer.objects.filter(memberships__member_id=member_id):
        Buyer.objects.filter(id=buyer.id).update(
            closed_at=at, left_by=member_id, name=masks.mask_name(buyer.name)
        )
    Membership.objects.filter(member_id=member_id).delete()
