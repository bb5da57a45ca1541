"""Questions about one member and the buyer it acts for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import QuerySet

from seonmul.kit import crypto
from seonmul.members.models import (
    Buyer,
    BuyerKind,
    Consent,
    Member,
    Membership,
    ProofKind,
    Role,
)
from seonmul.members.rules import (
    BUYING_ROLES,
)


def by_login(login: str) -> Member | None:
    """Find a member by login id."""
    return Member.objects.filter(login=login, is_active=True).first()


def buyer_of(member: Member) -> Buyer | None:
    """For whom this member acts (None for staff)."""
    return Buyer.objects.filter(memberships__member=member).first()


def may_buy(member: Member) -> bool:
    """Say whether this member's role may buy and send. M7"""
    return Member.objects.filter(id=member.id, membership__role__in=BUYING_ROLES).exists()


def buys_for(member: Member) -> UUID | None:
    """The buyer for whom this member may buy and send, None when for nobody. M7"""
    found = Buyer.objects.filter(memberships__member=member, memberships__role__in=BUYING_ROLES)
    return found.values_list("id", flat=True).first()


def blocked_until(member: Member) -> datetime | None:
    """Until when this member's spending is stopped (also when that has passed). M5, M8"""
    return Member.objects.values_list("spend_blocked_until", flat=True).get(id=member.id)


def phone_of(member: Member) -> str:
    """The member's own number, or ""."""
    return crypto.ring().open(Member.PHONE, member.phone_sealed) if member.phone_sealed else ""


def consents_of(member: Member) -> list[Consent]:
    """What a member has agreed to and not taken back, with the version of each text. M1"""
    rows = Consent.objects.filter(member=member, withdrawn_at=None)
    return list(rows.order_by("given_at", "id")[:20])


def left_buyers(member: Member) -> list[Buyer]:
    """The accounts of their own that a member left for a company, the last one first. M7"""
    return list(
        Buyer.objects.filter(left_by=member, closed_at__isnull=False).order_by("-closed_at", "id")[:20]
    )


def phones_of(buyer_id: UUID) -> list[str]:
    """The numbers of all who act for a buyer. O8"""
    rows = Member.objects.filter(membership__buyer_id=buyer_id).exclude(phone_sealed=b"").order_by("id")
    return [phone_of(member) for member in rows[:1000]]


def mails_of(buyer_id: UUID) -> list[str]:
    """The mail addresses of all who act for a buyer. O8"""
    rows = Member.objects.filter(membership__buyer_id=buyer_id).exclude(mail="").order_by("id")
    return [member.mail.lower() for member in rows[:1000]]


def locked_member(member_id: UUID) -> Member:
    """Lock one member."""
    return Member.objects.select_for_update().get(id=member_id)


def lock_payer(member_id: UUID) -> None:
    """Let nobody's place change under a payment: ending a place waits for it, or it for the end. M7

    The buyer comes first, as wherever a place begins or ends; payments of one buyer do not wait for each other there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM members_buyer b JOIN members_membership p ON p.buyer_id = b.id"
            " WHERE p.member_id = %s FOR KEY SHARE OF b",
            [member_id],
        )
    list(Member.objects.select_for_update(no_key=True).filter(id=member_id).values_list("id"))


@dataclass(frozen=True)
class Address:
    """Where a member can be reached."""

    buyer_id: UUID
    phone: str


def address_of(member_id: UUID) -> Address | None:
    """Where to text a member; None without a number or a buyer."""
    member = (
        Member.objects.select_related("membership").filter(id=member_id, membership__isnull=False).first()
    )
    if member is None or not member.phone_sealed:
        return None
    return Address(member.membership.buyer_id, phone_of(member))


def owner_ids(buyer_id: UUID) -> list[UUID]:
    """Who owns a buyer."""
    rows = Membership.objects.filter(buyer_id=buyer_id, role=Role.OWNER, member__is_active=True)
    return list(rows.order_by("member_id").values_list("member_id", flat=True))


def _may_approve(buyer_id: UUID) -> QuerySet[Membership]:
    roles = (Role.APPROVER, Role.OWNER)
    return Membership.objects.filter(buyer_id=buyer_id, role__in=roles, member__is_active=True)


def approvers(buyer_id: UUID, *, without: UUID) -> int:
    """How many of a company may consent to an order that somebody else makes. M7"""
    return _may_approve(buyer_id).exclude(member_id=without).count()


def may_approve(member: Member, buyer_id: UUID) -> bool:
    """Say whether a member may consent to a company's orders. M7"""
    return _may_approve(buyer_id).filter(member_id=member.id).exists()


def consenting_places(member: Member) -> QuerySet[Membership]:
    """The place from which a member may consent to a company's orders; none for others. M7"""
    return Membership.objects.filter(
        member=member, role__in=(Role.APPROVER, Role.OWNER), member__is_active=True
    )


def approver_ids(buyer_id: UUID, *, without: UUID) -> list[UUID]:
    """Who is told that an order waits: the approvers, or the owners where there is none. M7"""
    rows = _may_approve(buyer_id).exclude(member_id=without).order_by("member_id")
    chosen = rows.filter(role=Role.APPROVER)
    return list((chosen if chosen.exists() else rows).values_list("member_id", flat=True)[:100])


def mail_address(member_id: UUID) -> str:
    """Where a member gets mail, or "" for one who has left."""
    found = Member.objects.filter(id=member_id, is_active=True).values_list("mail", flat=True).first()
    return found or ""


def hears_of(member_id: UUID, buyer_id: UUID) -> bool:
    """Say whether a member may hear of a buyer's matters: it acts for it, or left it as an account of its own. M7"""
    acts = Membership.objects.filter(member_id=member_id, buyer_id=buyer_id).exists()
    return acts or Buyer.objects.filter(id=buyer_id, left_by_id=member_id).exists()


def mail_address_for(member_id: UUID, buyer_id: UUID) -> str:
    """Where a member gets mail about a buyer's matter, or "" for one who is there no more. M7"""
    return mail_address(member_id) if hears_of(member_id, buyer_id) else ""


def address_for(member_id: UUID, buyer_id: UUID) -> Address | None:
    """Where to text a member about a buyer's matter; None for one who is there no more. M7"""
    return address_of(member_id) if hears_of(member_id, buyer_id) else None


def is_company(buyer: Buyer) -> bool:
    """Say whether a buyer is a company."""
    return buyer.kind == BuyerKind.COMPANY


def is_owner(member: Member) -> bool:
    """Say whether this member owns its buyer. M7"""
    return Membership.objects.filter(member=member, role=Role.OWNER).exists()


def members_at(kind: str, address: str, *, is_proved: bool = True) -> list[Member]:
    """Active members with this phone number or mail address, by login id. M1

    A mail address that nobody proved to be the member's opens no account; `is_proved` False: it is taken all the same.
    """
    rows = Member.objects.filter(is_active=True)
    if kind == ProofKind.PHONE:
        rows = rows.filter(phone_index=crypto.ring().index(Member.PHONE, address))
    else:
        rows = rows.filter(mail=address)
        rows = rows.filter(mail_proved_at__isnull=False) if is_proved else rows
    return list(rows.order_by("login")[:20])


def unsaved_member(login: str, name: str, mail: str) -> Member:
    """Somebody who is no member yet, for the rules of passwords: none may resemble who has it."""
    return Member(login=login, name=name, mail=mail)


def login_letter(member_id: UUID) -> tuple[str, str] | None:
    """Login id and number of a member, to tell about a changed login; None without a number."""
    member = Member.objects.filter(id=member_id).first()
    return (member.login, phone_of(member)) if member and member.phone_sealed else None


def has_second_factor(member: Member) -> bool:
    """Say whether a member has an authenticator app or a passkey. B"""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=member.id, type__in=kinds).exists())


def has_passkey(member: Member, key: int) -> bool:
    """Say whether this passkey, by its row's number, is the member's."""
    return bool(Authenticator.objects.filter(user_id=member.id, pk=key).exists())


def place_of(member: Member) -> Membership | None:
    """For whom this member acts, as what, and within which bounds (None for staff)."""
    return Membership.objects.select_related("buyer", "department").filter(member=member).first()


def sees_numbers(member: Member) -> bool:
    """Say whether a member may see whole numbers: a right of its own, or the business of a person alone. M7

    What was a company for a time keeps its members, and none of them sees more than before.
    """
    place = place_of(member)
    if place is None or place.sees_numbers:
        return place is not None
    return not is_company(place.buyer) and Membership.objects.filter(buyer=place.buyer).count() == 1
