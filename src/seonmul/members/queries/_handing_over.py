"""Questions about changes of the person in charge. M5"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from seonmul.kit import crypto
from seonmul.members.models import (
    Conversion,
    ConversionState,
    Handover,
    HandoverState,
    JoinRequest,
    JoinState,
    Member,
)
from seonmul.members.queries._people import is_company, is_owner, phone_of, place_of


@dataclass(frozen=True)
class Person:
    """Name, phone and mail of somebody in charge; nothing of it shows in a repr."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    mail: str = field(repr=False)


def successor(row: Handover) -> Person:
    """Who comes."""
    ring = crypto.ring()
    return Person(
        ring.open(Handover.NAME, row.name_sealed),
        ring.open(Handover.PHONE, row.phone_sealed),
        ring.open(Handover.MAIL, row.mail_sealed),
    )


def predecessor(row: Handover) -> Person:
    """Who goes."""
    ring = crypto.ring()
    return Person(
        ring.open(Handover.NAME, row.old_name_sealed),
        ring.open(Handover.PHONE, row.old_phone_sealed),
        ring.open(Handover.MAIL, row.old_mail_sealed),
    )


def locked_handover(handover_id: UUID) -> Handover:
    """Lock one change, and before it its account, as whoever asks for a change does."""
    Member.objects.select_for_update().filter(
        id__in=Handover.objects.filter(id=handover_id).values("member_id")
    ).first()
    return Handover.objects.select_for_update(of=("self",)).select_related("member").get(id=handover_id)


def handover(public_id: str) -> Handover | None:
    """One change with the account and its company."""
    rows = Handover.objects.select_related("member", "buyer", "proof")
    return rows.filter(public_id=public_id).first()


def handovers_of(member: Member) -> list[Handover]:
    """Changes of one account's person that were made, newest first."""
    rows = Handover.objects.filter(member=member, state=HandoverState.DONE).order_by("-ended_at", "-id")
    return list(rows[:20])


def waiting_handover_of(member: Member) -> Handover | None:
    """The change of this account's person that waits for staff."""
    return Handover.objects.filter(member=member, state=HandoverState.WAITING).first()


def waiting_handovers(limit: int = 200) -> list[Handover]:
    """Changes that wait for staff to look at a certificate of employment, oldest first."""
    rows = Handover.objects.filter(state=HandoverState.WAITING).select_related("buyer")
    return list(rows.order_by("waits_since", "id")[:limit])


def may_see_handover(row: Handover, member: Member) -> bool:
    """Say whether a change is a member's business: of one's own account, or of one's company as its owner."""
    place = place_of(member)
    if place is None or place.buyer_id != row.buyer_id:
        return False
    return row.member_id == member.id or row.by_id == member.id or is_owner(member)


def handover_facts(by: Member, whom: Member, mail: str) -> dict[str, Any]:
    """What the rule of handing over needs to know of the two."""
    place, own = place_of(whom), place_of(by)
    same = place is not None and own is not None and place.buyer_id == own.buyer_id
    return {
        "is_company": place is not None and is_company(place.buyer),
        "is_own": by.id == whom.id,
        "owns_company": same and is_owner(by),
        "has_waiting": waiting_handover_of(whom) is not None,
        "phone_now": phone_of(whom),
        "mail_now": whom.mail,
        "is_mail_taken": bool(mail) and Member.objects.filter(mail=mail).exclude(id=whom.id).exists(),
    }


def open_matters_of(member: Member) -> list[str]:
    """Applications of a member that nobody has decided yet: their public ids."""
    conversions = Conversion.objects.filter(member=member, state=ConversionState.WAITING)
    joinings = JoinRequest.objects.filter(member=member, state=JoinState.WAITING)
    return [row.public_id for rows in (conversions, joinings) for row in rows.order_by("id")[:50]]


@dataclass(frozen=True)
class HandoverLetter:
    """What a notice about a change says. `state` as it is now."""

    buyer_id: UUID
    login: str
    company_name: str
    state: str
    reason: str
    old: Person
    new: Person
    blocked_until: datetime | None


def handover_letter(handover_id: UUID) -> HandoverLetter | None:
    """The notice about a change that waits or has ended."""
    row = Handover.objects.select_related("member", "buyer").filter(id=handover_id).first()
    if row is None or row.state in (HandoverState.ASKED, HandoverState.WITHDRAWN):
        return None
    return HandoverLetter(
        buyer_id=row.buyer_id,
        login=row.member.login,
        company_name=row.buyer.name,
        state=row.state,
        reason=row.reason,
        old=predecessor(row),
        new=successor(row),
        blocked_until=row.member.spend_blocked_until,
    )
