"""Who works at the console. B"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import ids, phones
from seonmul.kit.refusals import refuse
from seonmul.members import rules
from seonmul.members.actions._making import make_member
from seonmul.members.models import Member, Membership, Staff, StaffRole


@transaction.atomic
def make_staff(
    login: str, name: str, phone: str, mail: str, role: StaffRole, *, by: Member, at: datetime
) -> tuple[Member, str]:
    """Make an account for the console; returns it and its first password, which is shown once.

    Whoever made it has seen that password, so the console opens only once another one is set.
    """
    digits, login = phones.normalise_mobile(phone), login.strip()
    is_taken = Member.objects.filter(login=login).exists()
    refuse(rules.why_not_make_staff(login, name, digits, is_taken=is_taken))
    password = ids.link_token()
    made = make_member(
        login, password, name.strip(), phone=digits or "", mail=mail.strip(), at=at, is_staff=True
    )
    Staff.objects.create(member=made, role=role, has_first_password=True)
    audit.record("staff_made", by=by.id, subject=made.id, at=at, role=role)
    return made, password


@transaction.atomic
def set_role(member_id: UUID, role: StaffRole | None, *, by: Member, at: datetime) -> None:
    """Give somebody a role at the console, or none: then the account is closed. The last super stays one."""
    # all of them, in key order, so that two supers cannot dismiss each other at the same time
    supers = list(
        Staff.objects.select_for_update().filter(role=StaffRole.SUPER).order_by("id").values_list("member_id")
    )
    facts = rules.StaffFacts(
        is_self=member_id == by.id,
        is_last_super=supers == [(member_id,)],
        has_membership=Membership.objects.filter(member_id=member_id).exists(),
    )
    refuse(rules.why_not_set_role(facts, role or ""))
    before = Staff.objects.filter(member_id=member_id).values_list("role", flat=True).first()
    if role:
        Staff.objects.update_or_create(member_id=member_id, defaults={"role": role})
    else:
        Staff.objects.filter(member_id=member_id).delete()
    Member.objects.filter(id=member_id).update(is_staff=True, is_active=bool(role))
    audit.record("staff_role_set", by=by.id, subject=member_id, at=at, before=before or "", after=role or "")
