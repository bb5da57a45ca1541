"""Working as a company: invitations, roles, bounds, freezing. M7, M8"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, ids, jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, queries, rules
from seonmul.members.actions._joining import take_in
from seonmul.members.models import Buyer, Department, Invitation, Member, Membership, Role


@transaction.atomic
def invite(by: Member, mail: str, role: Role, *, is_verified: bool, at: datetime) -> Invitation:
    """Invite somebody by mail for some days, behind a fresh identity verification. Raises Refused. M7, M8"""
    buyer = _managed(by)
    refuse(rules.why_not_unverified(is_verified))
    ring, link, mail = crypto.ring(), ids.link_token(), mail.strip().lower()
    index = ring.index(Invitation.MAIL, mail)
    # one that is over stands in nobody's way
    over = Invitation.objects.filter(buyer=buyer, mail_index=index, accepted_at=None, expires_at__lte=at)
    over.filter(withdrawn_at=None).update(withdrawn_at=at)
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                buyer=buyer,
                role=role,
                mail_sealed=ring.seal(Invitation.MAIL, mail),
                mail_index=index,
                link_sealed=ring.seal(Invitation.LINK, link),
                link_index=ring.index(Invitation.LINK, link),
                invited_by=by,
                invited_at=at,
                expires_at=at + timedelta(days=figures_now.figures(at).invitation_days),
            )
    except IntegrityError as error:
        raise Refused(No(rules.CompanyRefusal.ALREADY_INVITED)) from error
    audit.record("member_invited", by=by.id, subject=made.id, company=buyer.id, at=at, role=str(role))
    jobs.announce(events.MEMBER_INVITED, invitation_id=made.id)
    return made


@transaction.atomic
def withdraw_invitation(by: Member, invitation_id: UUID, *, at: datetime) -> None:
    """Take an invitation back; its link is dead."""
    buyer = _managed(by)
    Invitation.objects.filter(id=invitation_id, buyer=buyer, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
    audit.record("invitation_withdrawn", by=by.id, subject=invitation_id, company=buyer.id, at=at)


@transaction.atomic
def accept_invitation(link: str, by: Member, *, at: datetime) -> Membership:
    """Come into the company that invited. Raises Refused.

    Not with a link that is spent or late, and not for whoever has a company, or money of their own to lose.
    """
    known = queries.invitation_by_link(link)
    queries.lock_buyers_of(by.id, *([known.buyer_id] if known else []))
    member = queries.locked_member(by.id)  # two invitations at the same moment lead into one company
    invitation = queries.locked_invitation(link)
    refuse(rules.why_not_accept(queries.invitation_facts(invitation, by), at=at))
    if invitation is None:
        raise Refused(No(rules.CompanyRefusal.INVITATION_GONE))
    place = take_in(member, invitation.buyer, Role(invitation.role), at=at)
    Invitation.objects.filter(id=invitation.id).update(accepted_by=by, accepted_at=at)
    audit.record(
        "member_joined", by=by.id, subject=by.id, company=invitation.buyer_id, at=at, role=invitation.role
    )
    return place


@transaction.atomic
def set_place(
    by: Member, member_id: UUID, *, role: Role, department_id: UUID | None, monthly_limit_won: int | None,
    sees_numbers: bool, is_verified: bool, at: datetime, order_limit_won: int | None = None,
) -> None:  # fmt: skip
    """Decide what a member of the company may do. Raises Refused. M7

    Another role, wider bounds and the sight of whole numbers need a fresh identity verification; less does not. M8
    """
    buyer = _managed(by)
    place = queries.locked_place(buyer.id, member_id)
    refuse(
        rules.why_not_change_role(
            is_owner_now=place.role == Role.OWNER,
            becomes_owner=role == Role.OWNER,
            owners=queries.owners(buyer.id),
        )
    )
    department = Department.objects.filter(id=department_id, buyer=buyer).first() if department_id else None
    budget = place.department.monthly_budget_won if place.department else None
    widens = (
        role != place.role
        or (sees_numbers and not place.sees_numbers)
        or rules.widens(place.monthly_limit_won, monthly_limit_won)
        or rules.widens(place.order_limit_won, order_limit_won)
        or (budget is not None and department != place.department)
    )
    refuse(rules.why_not_widen(widens, is_verified=is_verified))
    Membership.objects.filter(id=place.id).update(
        role=role,
        department=department,
        monthly_limit_won=monthly_limit_won,
        order_limit_won=order_limit_won,
        sees_numbers=sees_numbers,
    )
    audit.record(
        "place_changed", by=by.id, subject=member_id, company=buyer.id, at=at, role=str(role),
        monthly_limit_won=monthly_limit_won, order_limit_won=order_limit_won, sees_numbers=sees_numbers,
    )  # fmt: skip


@transaction.atomic
def set_department(
    by: Member, name: str, *, monthly_budget_won: int | None, is_verified: bool, at: datetime,
    department_id: UUID | None = None,
) -> Department:  # fmt: skip
    """Make or change a department and its budget of the month. Raises Refused. M7

    A higher budget, or none, needs a fresh identity verification. M8
    """
    buyer = _managed(by)
    now = Department.objects.filter(id=department_id, buyer=buyer).first() if department_id else None
    widens = now is not None and rules.widens(now.monthly_budget_won, monthly_budget_won)
    refuse(rules.why_not_widen(widens, is_verified=is_verified))
    fields = {"name": name.strip(), "monthly_budget_won": monthly_budget_won}
    try:
        with transaction.atomic():
            made, _ = Department.objects.update_or_create(
                id=department_id or ids.new_id(), buyer=buyer, defaults=fields
            )
    except IntegrityError as error:
        raise Refused(No(rules.CompanyRefusal.DEPARTMENT_TAKEN)) from error
    audit.record(
        "department_set",
        by=by.id,
        subject=made.id,
        company=buyer.id,
        at=at,
        monthly_budget_won=monthly_budget_won,
    )
    return made


@transaction.atomic
def set_approval_above(by: Member, won: int | None, *, is_verified: bool, at: datetime) -> None:
    """From which sum on an approver must consent (None: never). The ordering enforces it. Raises Refused. M7

    A higher sum, or none, needs a fresh identity verification. M8
    """
    buyer = _managed(by)
    widens = rules.widens(buyer.approval_above_won, won)
    refuse(rules.why_not_widen(widens, is_verified=is_verified))
    Buyer.objects.filter(id=buyer.id).update(approval_above_won=won)
    audit.record("approval_above_set", by=by.id, subject=buyer.id, company=buyer.id, at=at, won=won)


@transaction.atomic
def freeze(by: Member, *, at: datetime) -> None:
    """One click stops all spending of the company: any of its members may. M8"""
    buyer = queries.locked_buyer_of(by)
    if not Buyer.objects.filter(id=buyer.id, frozen_at=None).update(frozen_at=at):
        return  # the owners know
    audit.record("spending_frozen", by=by.id, subject=buyer.id, company=buyer.id, at=at)
    jobs.announce(events.SPENDING_FROZEN, buyer_id=buyer.id)


@transaction.atomic
def thaw(by: Member, *, is_verified: bool, at: datetime) -> None:
    """Only an owner who has proved who they are opens spending again, unless staff stopped it. Raises Refused. M8

    A person owns their own.
    """
    buyer = queries.locked_buyer_of(by)
    refuse(rules.why_not_manage(is_company=True, is_owner=queries.is_owner(by)))
    refuse(rules.why_not_thaw(queries.spending_facts(buyer)))
    refuse(rules.why_not_unverified(is_verified))
    Buyer.objects.filter(id=buyer.id).update(frozen_at=None)
    audit.record("spending_thawed", by=by.id, subject=buyer.id, company=buyer.id, at=at)


def _managed(by: Member) -> Buyer:
    """The company that `by` runs, locked; raises Refused when `by` does not."""
    buyer = queries.locked_buyer_of(by)
    refuse(rules.why_not_manage(is_company=queries.is_company(buyer), is_owner=queries.is_owner(by)))
    return buyer
