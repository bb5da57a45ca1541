"""Questions about spend authentication. M4"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password

from seonmul.kit import crypto
from seonmul.members.models import (
    Member,
    SpendCode,
    SpendGrant,
)
from seonmul.members.queries._people import phone_of
from seonmul.members.rules import (
    CodeFacts,
    PasswordFacts,
    Purpose,
)


@dataclass(frozen=True)
class SpendCodeLetter:
    """What the text with a spend code says, and where it goes."""

    member_id: UUID
    buyer_id: UUID
    phone: str
    code: str
    amount_won: int
    people: int


def locked_grant(grant_id: UUID) -> SpendGrant:
    """Lock one spend grant."""
    return SpendGrant.objects.select_for_update().get(id=grant_id)


def locked_newest_code(member_id: UUID, purpose: Purpose) -> SpendCode | None:
    """Lock the newest code of this member for this purpose; None when it was used: older ones are dead."""
    codes = SpendCode.objects.select_for_update().filter(member_id=member_id, purpose=purpose.key)
    newest = codes.order_by("-asked_at", "-id").first()
    return newest if newest and newest.used_at is None else None


def codes_lately(member: Member, minutes: int, at: datetime) -> tuple[int, int]:
    """How many codes went out in the last `minutes`: to this member, to this number. M4"""
    lately = SpendCode.objects.filter(asked_at__gt=at - timedelta(minutes=minutes))
    return (
        lately.filter(member=member).count(),
        lately.filter(phone_index=bytes(member.phone_index)).count(),
    )


def code_until(member: Member, purpose: Purpose, at: datetime) -> datetime | None:
    """Until when the newest code for this purpose can be entered; None when there is none or it was used. M4"""
    codes = SpendCode.objects.filter(member=member, purpose=purpose.key).order_by("-asked_at", "-id")
    newest = codes.only("expires_at", "used_at").first()
    return newest.expires_at if newest and newest.used_at is None and at < newest.expires_at else None


def code_facts(code: SpendCode | None) -> CodeFacts | None:
    return CodeFacts(code.tries, code.expires_at) if code else None


def is_payment_password(member: Member, password: str) -> bool:
    """Whether this is the member's payment password. M4

    Asked only of a login password that would be taken otherwise, so that each wrong guess changes it and is told.
    """
    return bool(member.payment_password) and check_password(password, member.payment_password)


def password_facts(member: Member) -> PasswordFacts:
    return PasswordFacts(bool(member.payment_password), member.payment_failures, member.payment_locked_until)


def spend_code_letter(code_id: UUID, at: datetime) -> SpendCodeLetter | None:
    """What to text for a spend code; None when it is no longer of use."""
    code = SpendCode.objects.select_related("member__membership").filter(id=code_id).first()
    if code is None or code.used_at or at >= code.expires_at:
        return None
    return SpendCodeLetter(
        member_id=code.member_id,
        buyer_id=code.member.membership.buyer_id,
        phone=phone_of(code.member),
        code=crypto.ring().open(SpendCode.CODE, code.code_sealed),
        amount_won=code.amount_won,
        people=code.people,
    )
