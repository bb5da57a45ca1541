"""Questions about a company, its people and its invitations. M3, M7"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from seonmul.kit import crypto, masks
from seonmul.ledger import queries as ledger
from seonmul.members.models import (
    Buyer,
    Department,
    Invitation,
    JoinRequest,
    JoinState,
    Member,
    Membership,
    Role,
)
from seonmul.members.queries._people import Address, address_of, buyer_of, is_company, phone_of
from seonmul.members.rules import (
    EndingFacts,
    InvitationFacts,
)


def tier_of(buyer: Buyer) -> int:
    """The percent that a buyer's tier takes off goods on the corporate list. M3"""
    return buyer.tier_percent if is_company(buyer) else 0


def tiers_to_change(percent: int, buyers: Collection[UUID], tiered: Collection[UUID]) -> list[UUID]:
    """Lock, in key order, those whose tier is to become `percent` and is not; 0: everybody not among `tiered`."""
    rows = Buyer.objects.exclude(tier_percent=percent)
    rows = rows.filter(id__in=buyers) if percent else rows.exclude(id__in=tiered)
    # keys stay as they are: who only points at a buyer, as an order being paid does, need not wait for the whole job
    return list(rows.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))


def owners(buyer_id: UUID) -> int:
    """How many owners a buyer has."""
    return Membership.objects.filter(buyer_id=buyer_id, role=Role.OWNER).count()


def locked_buyer(buyer_id: UUID) -> Buyer:
    """Lock one buyer."""
    # its key never changes: those who only point at it, as orders and payments do, need not wait
    return Buyer.objects.select_for_update(no_key=True).get(id=buyer_id)


def lock_buyers_of(member_id: UUID, *more: UUID) -> None:
    """Lock the buyer of a member who comes into a company, and that one: before any of their rows, as leaving does."""
    own = Membership.objects.filter(member_id=member_id).values("buyer_id")
    rows = Buyer.objects.select_for_update().filter(Q(id__in=more) | Q(id__in=own))
    list(rows.order_by("id").values_list("id"))


def locked_buyer_of(member: Member) -> Buyer:
    """Lock the buyer that a member acts for."""
    rows = Buyer.objects.select_for_update(of=("self",), no_key=True)
    buyer = rows.get(memberships__member=member)
    if Membership.objects.filter(member=member, buyer=buyer).exists():
        return buyer
    return locked_buyer_of(member)  # the place ended while we waited for the lock


def locked_place(buyer_id: UUID, member_id: UUID) -> Membership:
    """Lock a member's place in a company."""
    return Membership.objects.select_for_update().get(buyer_id=buyer_id, member_id=member_id)


def ending_facts(place: Membership, by: Member, *, by_oneself: bool, is_verified: bool) -> EndingFacts:
    """What the rule of ending a place needs."""
    return EndingFacts(
        is_company=is_company(place.buyer),
        by_owner=Membership.objects.filter(member=by, buyer=place.buyer, role=Role.OWNER).exists(),
        by_oneself=by_oneself,
        is_self=place.member_id == by.id,
        is_last_owner=place.role == Role.OWNER and owners(place.buyer_id) <= 1,
        is_verified=is_verified,
    )


def names_of(member_ids: Collection[str]) -> dict[str, str]:
    """Masked names of members who may be in a company no more, by their ids; staff have none here. M7"""
    keys = [one for one in map(_uuid, member_ids) if one]
    rows = Member.objects.filter(id__in=keys, is_staff=False).exclude(name="")
    return {str(key): masks.mask_name(name) for key, name in rows.values_list("id", "name")}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None  # a job, or the operating system's user


def places_of(buyer_id: UUID) -> list[Membership]:
    """Everybody of a company with role and department, owners first."""
    rows = Membership.objects.filter(buyer_id=buyer_id).select_related("member", "department")
    order = {role: number for number, role in enumerate(Role)}
    return sorted(rows, key=lambda place: (order[Role(place.role)], place.member.login))


@dataclass(frozen=True)
class Bounds:
    """Within which bounds of money a member of a company pays, in won; None: no bound. M7"""

    order_most_won: int | None = None
    monthly_most_won: int | None = None
    department_id: UUID | None = None
    department: str = ""
    budget_won: int | None = None


def bounds_in(place: Membership) -> Bounds:
    """The bounds of a place in a company. M7"""
    department = place.department
    return Bounds(
        order_most_won=place.order_limit_won,
        monthly_most_won=place.monthly_limit_won,
        department_id=place.department_id,
        department=department.name if department else "",
        budget_won=department.monthly_budget_won if department else None,
    )


def bounds_of(member: Member, buyer_id: UUID) -> Bounds:
    """The bounds of a member in this company; none where the member has no place in it (any more). M7"""
    rows = Membership.objects.select_related("department").filter(member=member, buyer_id=buyer_id)
    place = rows.first()
    return bounds_in(place) if place else Bounds()


def owner_names(buyer_id: UUID) -> list[str]:
    """Masked names of a company's owners, as its other members may see whom to ask. M7"""
    rows = Membership.objects.filter(buyer_id=buyer_id, role=Role.OWNER).order_by("member__login")
    return [masks.mask_name(name) for name in rows.values_list("member__name", flat=True)[:3]]


def departments_of(buyer_id: UUID) -> list[Department]:
    """A company's departments by name."""
    return list(Department.objects.filter(buyer_id=buyer_id).order_by("name"))


def open_invitations(buyer_id: UUID, at: datetime) -> list[Invitation]:
    """Invitations that can still be accepted, newest first."""
    rows = Invitation.objects.filter(
        buyer_id=buyer_id, accepted_at=None, withdrawn_at=None, expires_at__gt=at
    )
    return list(rows.order_by("-invited_at"))


def mail_of(invitation: Invitation) -> str:
    """Where an invitation goes."""
    return crypto.ring().open(Invitation.MAIL, invitation.mail_sealed)


def link_of(invitation: Invitation) -> str:
    """The unguessable part of an invitation's address."""
    return crypto.ring().open(Invitation.LINK, invitation.link_sealed)


def invitation_by_link(link: str) -> Invitation | None:
    """The invitation that a link opens."""
    index = crypto.ring().index(Invitation.LINK, link)
    return Invitation.objects.select_related("buyer").filter(link_index=index).first()


def locked_invitation(link: str) -> Invitation | None:
    """Lock the invitation that a link opens."""
    index = crypto.ring().index(Invitation.LINK, link)
    return Invitation.objects.select_for_update().filter(link_index=index).first()


def invitation_facts(invitation: Invitation | None, by: Member | None) -> InvitationFacts | None:
    """What the rule of accepting needs. The place of a person of one's own does not count as a company."""
    if invitation is None:
        return None
    own = buyer_of(by) if by else None
    return InvitationFacts(
        expires_at=invitation.expires_at,
        is_accepted=invitation.accepted_at is not None,
        is_withdrawn=invitation.withdrawn_at is not None or not is_company(invitation.buyer),
        has_membership=own is not None and is_company(own),
        has_money=own is not None and has_money(own),
    )


def has_money(buyer: Buyer) -> bool:
    """Say whether a buyer has cash or reward, also held, or whether any may still come: nobody opens it later. M7"""
    money, purse = ledger.balances(buyer.id), import_string(settings.PURSE)()
    return bool(money.cash_won or money.reward_won or money.held_won or purse.on_its_way(buyer.id))


def is_left(buyer_id: UUID) -> bool:
    """Say whether nobody can use what comes to this buyer: it is closed, or has no member. M7, M9"""
    is_closed = Buyer.objects.filter(id=buyer_id, closed_at__isnull=False).exists()
    return is_closed or not Membership.objects.filter(buyer_id=buyer_id).exists()


def owners_addresses(buyer_id: UUID) -> list[Address]:
    """Where a buyer's owners can be reached."""
    ids_ = Membership.objects.filter(buyer_id=buyer_id, role=Role.OWNER).values_list("member_id", flat=True)
    return [address for address in map(address_of, ids_) if address]


@dataclass(frozen=True)
class InvitationLetter:
    """What an invitation says, and where it goes."""

    mail: str
    link: str
    company_name: str
    days: int


def invitation_letter(invitation_id: UUID) -> InvitationLetter | None:
    """The mail for an invitation; None when it was taken back or used."""
    row = (
        Invitation.objects.select_related("buyer")
        .filter(id=invitation_id, accepted_at=None, withdrawn_at=None)
        .first()
    )
    if row is None:
        return None
    days = (row.expires_at - row.invited_at) // timedelta(days=1)
    return InvitationLetter(mail_of(row), link_of(row), row.buyer.name, days)


def company_by_number(business_number: str) -> Buyer | None:
    """The company with this business number."""
    return Buyer.objects.filter(business_number=business_number, closed_at=None).first()


def join_letter(request_id: UUID) -> tuple[UUID, str] | None:
    """Of an open request to join: the company, and the masked name of who asks."""
    row = JoinRequest.objects.select_related("member").filter(id=request_id, state=JoinState.WAITING).first()
    return (row.buyer_id, masks.mask_name(row.member.name)) if row else None


def joined_letter(member_id: UUID) -> tuple[UUID, str] | None:
    """Of somebody who came into a company: the company, and the masked name."""
    row = Membership.objects.select_related("member").filter(member_id=member_id).first()
    return (row.buyer_id, masks.mask_name(row.member.name)) if row else None


@dataclass(frozen=True)
class PartedLetter:
    """What is told of a place that has ended, and to whom."""

    company_name: str
    name: str
    login: str
    phone: str
    mail: str


def parted_letter(member_id: UUID, buyer_id: UUID) -> PartedLetter | None:
    """Of somebody whose place in a company has ended; `name` is masked. None for one who has left the platform."""
    member = Member.objects.filter(id=member_id, is_active=True).first()
    company = Buyer.objects.filter(id=buyer_id).first()
    if member is None or company is None:
        return None
    return PartedLetter(
        company.name, masks.mask_name(member.name), member.login, phone_of(member), member.mail
    )


def open_join_requests(buyer_id: UUID) -> list[JoinRequest]:
    """Who asks to come into a company, oldest first."""
    rows = JoinRequest.objects.filter(buyer_id=buyer_id, state=JoinState.WAITING).select_related("member")
    return list(rows.order_by("asked_at", "id")[:100])


def open_join_request_of(member: Member) -> JoinRequest | None:
    """The company that a member has asked to join, while nobody has answered."""
    rows = JoinRequest.objects.filter(member=member, state=JoinState.WAITING).select_related("buyer")
    return rows.order_by("-asked_at").first()
