"""Making buyers and members."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from seonmul.kit import crypto
from seonmul.members.models import Buyer, Member, Membership


@transaction.atomic
def make_buyer(kind: str, name: str, *, at: datetime, business_number: str = "") -> Buyer:
    """Make a buyer."""
    return Buyer.objects.create(kind=kind, name=name, business_number=business_number, created_at=at)


@transaction.atomic
def make_member(
    login: str, password: str, name: str, *, phone: str, mail: str, at: datetime,
    buyer: Buyer | None = None, role: str = "owner", is_staff: bool = False,
) -> Member:  # fmt: skip
    """Make a member who acts for `buyer` (none for staff). `phone`: national digits."""
    ring = crypto.ring()
    member = Member.objects.create_user(
        login,
        password,
        name=name,
        phone_sealed=ring.seal(Member.PHONE, phone),
        phone_index=ring.index(Member.PHONE, phone),
        mail=mail.strip().lower(),
        mail_proved_at=at if mail.strip() else None,
        is_staff=is_staff,
        joined_at=at,
    )
    if buyer:
        Membership.objects.create(member=member, buyer=buyer, role=role)
    return member
