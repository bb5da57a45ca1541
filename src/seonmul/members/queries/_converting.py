"""Questions about applications to become a company. M2"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seonmul.members.models import (
    BusinessCheck,
    Buyer,
    BuyerKind,
    CheckOutcome,
    Conversion,
    ConversionState,
    Member,
)
from seonmul.members.queries._people import Address, address_for, is_owner


def buyer_of_conversion(conversion_id: UUID) -> UUID:
    """Whose application it is."""
    return Conversion.objects.values_list("buyer_id", flat=True).get(id=conversion_id)


def locked_conversion(conversion_id: UUID) -> Conversion:
    """Lock one application."""
    return Conversion.objects.select_for_update().get(id=conversion_id)


def conversion_facts(by: Member, buyer: Buyer, business_number: str) -> dict[str, bool]:
    """What the rule of converting needs to know of the applicant."""
    taken = Buyer.objects.filter(business_number=business_number, closed_at=None).exclude(id=buyer.id)
    return {
        "is_corporate": buyer.kind == BuyerKind.COMPANY and buyer.temporary_until is None,
        "is_owner": is_owner(by),
        "has_waiting": Conversion.objects.filter(buyer=buyer, state=ConversionState.WAITING).exists(),
        "is_number_taken": bool(business_number) and taken.exists(),
    }


def conversions_of(buyer_id: UUID) -> list[Conversion]:
    """A buyer's applications, newest first."""
    return list(Conversion.objects.filter(buyer_id=buyer_id).order_by("-applied_at", "-id")[:20])


def waiting_conversions(limit: int = 200) -> list[Conversion]:
    """Applications that wait for a decision, oldest first."""
    rows = Conversion.objects.filter(state=ConversionState.WAITING).order_by("applied_at", "id")
    return list(rows[:limit])


def conversion(public_id: str) -> Conversion | None:
    """One application with its buyer and applicant."""
    return Conversion.objects.select_related("buyer", "member").filter(public_id=public_id).first()


def overdue_temporaries(at: datetime) -> list[UUID]:
    """Buyers whose temporary membership is over."""
    rows = Buyer.objects.filter(temporary_until__lte=at).order_by("temporary_until", "id")
    return list(rows.values_list("id", flat=True)[:1000])


@dataclass(frozen=True)
class ConversionLetter:
    """What a notice of a decision says, and where it goes. `mail`: "" for none."""

    address: Address
    mail: str
    company_name: str
    is_approved: bool
    reason: str


def conversion_letter(conversion_id: UUID) -> ConversionLetter | None:
    """The notice about a decided application; None without a number, or when who applied is there no more. M7"""
    row = Conversion.objects.select_related("member").filter(id=conversion_id).first()
    address = address_for(row.member_id, row.buyer_id) if row else None
    if row is None or address is None:
        return None
    approved = row.state == ConversionState.APPROVED
    return ConversionLetter(address, row.member.mail, row.company_name, approved, row.reason)


def newest_check(member: Member) -> BusinessCheck | None:
    """What the tax office was asked about this member at sign-up: it fills in the conversion (M2)."""
    return BusinessCheck.objects.filter(member=member).order_by("-asked_at").first()


def typed_business(member: Member) -> BusinessCheck | None:
    """What was typed of a business at sign-up and did not make a company. M1, M2"""
    rows = BusinessCheck.objects.filter(member=member).exclude(outcome=CheckOutcome.CONTINUING)
    return rows.order_by("-asked_at").first()
