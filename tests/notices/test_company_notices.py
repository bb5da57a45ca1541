"""M2, M4, M6, M7, M8: what companies and their members are told, and what nobody is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.models import Letter, Message
from seonmul.kit import clock, euckr
from seonmul.members import actions as members
from seonmul.members.models import ConversionKind, Member, Role, SpendMethod
from seonmul.notices import actions
from tests import given
from tests.given import MONDAY, PAPERS

pytestmark = pytest.mark.django_db


def test_what_goes_out_as_a_short_text_fits_and_everything_can_be_carried() -> None:
    """O3: 90 bytes, and in a long one the longest reason of an operator."""
    assert dispatch_rules.longest_bytes(actions.SPENDING_CHANGED, {}) <= 90
    longest = {"company": 200, "reason": 600, "number": 13, "day": 14, "url": 200}
    names = (
        "CONVERTED", "NOT_CONVERTED", "SENDER_APPROVED", "SENDER_REJECTED", "SENDER_ENDS", "SENDER_ENDED",
        "SENDER_NOT_RENEWED",
    )  # fmt: skip
    for name in names:
        assert dispatch_rules.longest_bytes(getattr(actions, name), longest) <= 2_000
    for name in (*names, "SPENDING_CHANGED", "FROZEN"):
        assert not euckr.cannot_carry(getattr(actions, name)), name


def test_a_decided_sender_is_told_to_each_owner_and_to_nobody_else() -> None:
    """M6"""
    firm = given.company(sender="")
    sender = dispatch.apply_for_sender(
        firm.owner, firm.buyer.id, "02-321-4000", label="", certificate=PAPERS["pdf"],
        proved_on=clock.seoul_date(MONDAY), at=MONDAY,
    )  # fmt: skip
    actions.tell_sender(sender.id, at=MONDAY)
    assert not Message.objects.exists(), "nothing is decided"
    dispatch.decide_sender(sender.id, approve=False, reason="흐림", by=given.operator(), at=MONDAY)
    members.set_place(
        firm.owner, firm.approver.id, role=Role.OWNER, department_id=None, monthly_limit_won=None,
        sees_numbers=False, is_verified=True, at=MONDAY,
    )  # fmt: skip
    actions.tell_sender(sender.id, at=MONDAY)
    assert Message.objects.count() == 2 and set(Letter.objects.values_list("buyer", flat=True)) == {
        firm.buyer.id
    }


def test_who_cannot_be_reached_is_passed_over() -> None:
    firm = given.company()
    Member.objects.update(phone_sealed=b"")
    actions.tell_spending_changed(firm.owner.id, at=MONDAY)
    actions.tell_frozen(firm.buyer.id, at=MONDAY)
    assert not Message.objects.exists()


def test_an_invitation_that_was_taken_back_is_not_mailed() -> None:
    """M7: the worker came too late."""
    firm = given.company()
    invitation = members.invite(firm.owner, "new@firm.example", Role.BUYER, is_verified=True, at=MONDAY)
    members.withdraw_invitation(firm.owner, invitation.id, at=MONDAY)
    actions.mail_invitation(invitation.id)
    assert mail.outbox == []


def test_jobs_about_companies_carry_ids_only() -> None:
    """X2: no name, number, address or link."""
    firm, who = given.company(), given.person()
    members.invite(firm.owner, "new@firm.example", Role.BUYER, is_verified=True, at=MONDAY)
    members.freeze(firm.owner, at=MONDAY)
    members.set_spend_method(firm.owner.id, SpendMethod.PHONE_CODE, is_verified=True, at=MONDAY)
    made = members.apply_for_conversion(
        who, ConversionKind.BUSINESS, company_name="비밀상사", business_number=given.business_number(),
        certificate=PAPERS["pdf"], at=MONDAY,
    )  # fmt: skip
    members.decide_conversion(made.id, approve=True, by=given.operator(), at=MONDAY)
    queued: list[dict[str, Any]] = list(ProcrastinateJob.objects.values_list("args", flat=True))
    assert len(queued) == 4
    for arguments in queued:
        assert all(name.endswith("_id") and len(value) == 36 for name, value in arguments.items())
