"""Questions about identity verifications. M4, M5"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from seonmul.kit import crypto
from seonmul.members.models import (
    Member,
    Verification,
    VerificationState,
)
from seonmul.members.queries._people import Address, address_of, phone_of


def returned_verification(verification_id: UUID) -> Verification | None:
    """An attempt whose browser came back and whose result is not known."""
    return Verification.objects.filter(id=verification_id, state=VerificationState.RETURNED).first()


def open_verifications(limit: int = 100) -> list[UUID]:
    """Attempts that came back without a result, oldest first."""
    rows = Verification.objects.filter(state=VerificationState.RETURNED).order_by("asked_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def verification(member: Member, reference: str) -> Verification | None:
    """One attempt of this member."""
    return Verification.objects.filter(member=member, reference=reference).first()


def fresh_verification(member: Member, session: str, *, minutes: int, at: datetime) -> Verification | None:
    """A success of this member in this browser session within the last minutes. M4

    Somebody else who proves who *they* are proves nothing for this member: whoever has stolen a password could.
    """
    index = crypto.ring().index(Verification.SESSION, session)
    rows = Verification.objects.filter(
        member=member,
        session=index,
        state=VerificationState.VERIFIED,
        verified_at__gt=at - timedelta(minutes=minutes),
    ).order_by("-verified_at")
    return next((row for row in rows[:10] if is_own(row)), None)


def verified_phone(row: Verification) -> str:
    """The number of the person who was verified."""
    return crypto.ring().open(Verification.PHONE, row.phone_sealed) if row.phone_sealed else ""


def is_own(row: Verification) -> bool:
    """Say whether the person who was verified is the member: has the member's number, or the CI of one who had it."""
    return anchor_of(row) is not None


def anchor_of(row: Verification) -> Verification | None:
    """The verification that ties this one to its member: of the same person, with the member's present number."""
    phone = phone_of(row.member)
    same = Verification.objects.filter(
        member=row.member, state=VerificationState.VERIFIED, ci_index=bytes(row.ci_index)
    ).order_by("-verified_at")
    return next((one for one in (row, *same) if phone and verified_phone(one) == phone), None)


@dataclass(frozen=True)
class NumberBefore:
    """Where to tell that a number is no longer a member's."""

    address: Address
    phone: str


def number_before(verification_id: UUID) -> NumberBefore | None:
    """The number of a verification that held before the member took another one."""
    row = Verification.objects.select_related("member").filter(id=verification_id).first()
    address = address_of(row.member_id) if row else None
    return NumberBefore(address, verified_phone(row)) if row and address else None


@dataclass(frozen=True)
class ProvedNumber:
    """A mobile number that an identity provider vouches for."""

    member_id: UUID
    buyer_id: UUID
    phone: str


def proved_number(verification_id: UUID) -> ProvedNumber | None:
    """The number of a verified member that acts for a buyer; None when somebody else was verified."""
    row = (
        Verification.objects.select_related("member__membership")
        .filter(id=verification_id, state=VerificationState.VERIFIED, member__membership__isnull=False)
        .first()
    )
    if row is None or not is_own(row):
        return None
    return ProvedNumber(row.member_id, row.member.membership.buyer_id, verified_phone(row))


@dataclass(frozen=True)
class ProvedPerson:
    """Who a member is, by an identity provider."""

    name: str
    born_on: date | None


def proved_person(member: Member) -> ProvedPerson | None:
    """The member's own newest identity verification: name and birth date. P5"""
    rows = Verification.objects.filter(member=member, state=VerificationState.VERIFIED).order_by(
        "-verified_at"
    )
    row = next((one for one in rows[:10] if is_own(one)), None)
    if row is None:
        return None
    ring = crypto.ring()
    born = ring.open(Verification.BIRTH, row.birth_sealed) if row.birth_sealed else ""
    return ProvedPerson(
        ring.open(Verification.NAME, row.name_sealed), date.fromisoformat(born) if born else None
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None  # the provider told none
