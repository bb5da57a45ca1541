"""Questions about sign-ups under way and the tax office's answers. M1"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from seonmul.figures import queries as figures_now
from seonmul.kit import crypto
from seonmul.kit.refusals import No
from seonmul.members.models import (
    BusinessCheck,
    CheckState,
    Member,
    SignUp,
)
from seonmul.members.rules import SignUpRefusal


def is_login_taken(login: str, at: datetime, *, besides: UUID | None = None) -> bool:
    """Say whether a member, or a sign-up under way other than `besides`, has this login id. M1"""
    since = at - timedelta(minutes=figures_now.figures(at).sign_up_minutes)
    others = SignUp.objects.filter(login=login, ended_at=None, began_at__gt=since)
    if besides:
        others = others.exclude(id=besides)
    return Member.objects.filter(login=login).exists() or others.exists()


def sign_up(sign_up_id: UUID) -> SignUp | None:
    """One sign-up with its proofs and its check."""
    rows = SignUp.objects.select_related("phone_proof", "mail_proof", "check_asked", "member")
    return rows.filter(id=sign_up_id).first()


def has_login(login: str) -> bool:
    """Say whether a member has this login id."""
    return Member.objects.filter(login=login).exists()


def why_sign_up_ended(sign_up_id: UUID) -> No | None:
    """Say why a sign-up came to nothing after it was proved; None when it did not. M1"""
    code = SignUp.objects.filter(id=sign_up_id).values_list("refusal", flat=True).first()
    return next((No(one) for one in SignUpRefusal if one.code == code), None)


def locked_sign_up(sign_up_id: UUID) -> SignUp | None:
    """Lock one sign-up and its check."""
    return SignUp.objects.select_for_update(of=("self",)).filter(id=sign_up_id).first()


def sign_up_name(sign_up: SignUp) -> str:
    """The name that was typed."""
    return crypto.ring().open(SignUp.NAME, sign_up.name_sealed)


def sign_up_of_check(check_id: UUID) -> SignUp | None:
    """The sign-up that waits for a check."""
    return SignUp.objects.filter(check_asked_id=check_id).first()


def locked_check(check_id: UUID) -> BusinessCheck | None:
    """Lock one question to the tax office."""
    return BusinessCheck.objects.select_for_update().filter(id=check_id).first()


def unfinished_sign_ups(at: datetime) -> list[UUID]:
    """Sign-ups that were proved and wait for nothing any more."""
    seconds = figures_now.figures(at).business_check_seconds
    rows = SignUp.objects.filter(ended_at=None, proved_at__isnull=False).filter(
        Q(check_asked=None)
        | Q(check_asked__state=CheckState.ENDED)
        | Q(check_asked__asked_at__lte=at - timedelta(seconds=seconds))
    )
    return list(rows.order_by("began_at").values_list("id", flat=True)[:200])
