"""What members say about themselves. M5"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from seonmul.audit import actions as audit
from seonmul.kit import crypto, jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, queries, rules
from seonmul.members.actions._proving import ask_proof, use_proof
from seonmul.members.actions._recovering import note_login_changed
from seonmul.members.models import Consent, ConsentKind, Member, Proof, ProofKind, Verification
from seonmul.members.rules import ProofPurpose


@dataclass(frozen=True)
class Profile:
    """What is typed. `takes_number`: the number of the identity verification becomes the member's own."""

    name: str
    mail: str
    marketing_consent: bool
    auto_sender: bool
    takes_number: bool = False


@transaction.atomic
def change_profile(
    member_id: UUID, typed: Profile, verified: Verification | None, *, at: datetime
) -> Proof | None:
    """Change a member's own data behind a fresh identity verification. Raises Refused and changes nothing. M5

    Another mail address, or one that nobody proved, is not stored yet: a code goes to it, and `take_mail` stores it; that proof is returned.
    A new number is always that of the verification; the old number is told. `verified`: as
    queries.fresh_verification answers, so None when nothing is fresh or somebody else was verified.
    """
    member = queries.locked_member(member_id)
    name, mail = typed.name.strip(), typed.mail.strip().lower()
    is_taken = bool(mail) and Member.objects.filter(mail=mail).exclude(id=member_id).exists()
    refuse(rules.why_not_change_profile(name, mail, is_mail_taken=is_taken, is_verified=verified is not None))
    before = {"name": member.name, "auto_sender": member.auto_sender}
    member.name, member.auto_sender = name, typed.auto_sender
    _consent(member, typed.marketing_consent, at)
    is_moved = typed.takes_number and verified is not None and _take_number(member, verified, at)
    member.save()
    changed = [field for field, value in before.items() if getattr(member, field) != value]
    changed += ["phone"] if is_moved else []
    audit.record("profile_changed", by=member_id, subject=member_id, at=at, fields=changed)
    if mail == member.mail and member.mail_proved_at:
        return None
    return ask_proof(ProofKind.MAIL, mail, ProofPurpose.PROFILE, at=at, by=member_id)


@transaction.atomic
def take_mail(member_id: UUID, proof_id: UUID, *, at: datetime) -> None:
    """Store the mail address that was proved for the profile; the member's phone is told. Raises Refused. M5"""
    mail = use_proof(proof_id, ProofPurpose.PROFILE, at=at)
    member = queries.locked_member(member_id)
    try:
        with transaction.atomic():
            Member.objects.filter(id=member.id).update(mail=mail, mail_proved_at=at)
    except IntegrityError as error:  # somebody else proved it meanwhile
        raise Refused(No(rules.ProfileRefusal.MAIL_TAKEN)) from error
    note_login_changed(member.id, "mail_changed", at=at)


def _take_number(member: Member, verified: Verification, at: datetime) -> bool:
    """Give the member the number of the verification; says whether it is another one. The old one is told."""
    ring, phone, anchor = crypto.ring(), queries.verified_phone(verified), queries.anchor_of(verified)
    if phone == queries.phone_of(member):
        return False
    member.phone_sealed, member.phone_index = ring.seal(Member.PHONE, phone), ring.index(Member.PHONE, phone)
    member.phone_proved_at = at
    if anchor:
        jobs.announce(events.NUMBER_CHANGED, verification_id=anchor.id)
    return True


def _consent(member: Member, given: bool, at: datetime) -> None:
    if given is member.marketing_consent:
        return
    member.marketing_consent = given
    rows: dict[str, Any] = {"member": member, "kind": ConsentKind.MARKETING, "withdrawn_at": None}
    if given:
        Consent.objects.create(version=rules.CONSENT_VERSION, given_at=at, **rows)
    else:
        Consent.objects.filter(**rows).update(withdrawn_at=at)
