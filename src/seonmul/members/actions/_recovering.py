"""Coming back in without the password, and telling the member when a way in has changed. M1, M8"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, queries, rules
from seonmul.members.actions._proving import use_proof
from seonmul.members.models import Member, Staff
from seonmul.members.rules import ProofPurpose

#: Acts after which nobody but the member knows the password.
_NEW_PASSWORD = frozenset({"password_changed", "password_recovered"})


@transaction.atomic
def recover(proof_id: UUID, login: str, password: str, *, at: datetime) -> Member:
    """Give the member with the proved address a new password; all sessions end with it. Raises Refused. M1, M4

    `login`: which one, where an address belongs to several. A second factor is still asked at the next login.
    """
    row = queries.proof(proof_id)
    address = use_proof(proof_id, ProofPurpose.RECOVER, at=at)
    found = queries.members_at(row.kind, address) if row else []
    chosen = next((member for member in found if member.login == login), None)
    if chosen is None:
        raise Refused(No(rules.ProofRefusal.UNPROVED))
    member = queries.locked_member(chosen.id)
    is_same = queries.is_payment_password(member, password)
    refuse(rules.why_not_set_login_password(is_payment_password=is_same))
    member.set_password(password)
    member.save(update_fields=["password"])
    note_login_changed(member.id, "password_recovered", at=at)
    return member


@transaction.atomic
def note_login_changed(member_id: UUID, what: str, *, at: datetime) -> None:
    """Note that a way in was changed, and tell the member, who may not have done it. `what`: an audit verb. M8"""
    audit.record(what, by=member_id, subject=member_id, at=at)
    if what in _NEW_PASSWORD:
        Staff.objects.filter(member_id=member_id).update(has_first_password=False)
    jobs.announce(events.LOGIN_CHANGED, member_id=member_id)
