"""What staff do to an account: stop its spending, open it, let a lost phone go. B, M8"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from seonmul.audit import queries as audit
from seonmul.kit import clock, euckr
from seonmul.kit.refusals import Refusal, Refused
from seonmul.members import actions, queries, rules
from seonmul.members.models import Buyer, Device, Member, Staff, StaffRole
from seonmul.members.rules import CompanyRefusal, ResetFacts, SpendingFacts, StandingRefusal
from seonmul.notices import actions as notices
from seonmul.notices.actions import FACTORS_RESET, HELD, RELEASED
from tests import given
from tests.given import MONDAY, Company


def refusal(does: Callable[..., object], *args: Any, **named: Any) -> Refusal:
    with pytest.raises(Refused) as refused:
        does(*args, **named)
    return refused.value.no.why


@pytest.mark.parametrize(
    ("facts", "reason", "hold", "release"),
    [
        (SpendingFacts(False, False, False), "abuse", None, StandingRefusal.OPEN),
        (SpendingFacts(False, True, False), "law", None, None),
        (SpendingFacts(False, True, True), "law", StandingRefusal.HELD, None),
        (SpendingFacts(False, True, False), "whim", StandingRefusal.NO_REASON, StandingRefusal.NO_REASON),
        (SpendingFacts(True, True, True), "law", StandingRefusal.ENDED, StandingRefusal.ENDED),
    ],
)
def test_what_staff_may_stop_and_open(
    facts: SpendingFacts, reason: str, hold: StandingRefusal | None, release: StandingRefusal | None
) -> None:
    """B, M8"""
    for no, why in (
        (rules.why_not_hold(facts, reason), hold),
        (rules.why_not_release(facts, reason), release),
    ):
        assert (no.why if no else None) is why


@pytest.mark.parametrize(
    ("facts", "reason", "why"),
    [
        (ResetFacts(True, True, False, True), "lost", StandingRefusal.OWN_FACTORS),
        (ResetFacts(False, True, False, False), "lost", StandingRefusal.STAFF_FACTORS),
        (ResetFacts(False, True, False, True), "lost", None),
        (ResetFacts(False, False, True, False), "lost", StandingRefusal.ENDED),
        (ResetFacts(False, False, False, False), "", StandingRefusal.NO_REASON),
        (ResetFacts(False, False, False, False), "lost", None),
    ],
)
def test_whose_second_factors_go(facts: ResetFacts, reason: str, why: StandingRefusal | None) -> None:
    """B, M8: nobody lifts their own, and only super those of staff."""
    no = rules.why_not_reset(facts, reason)
    assert (no.why if no else None) is why


@pytest.fixture
def firm(db: None) -> Company:
    return given.company()


@pytest.fixture
def helper(db: None) -> Member:
    made = given.operator()
    Staff.objects.update_or_create(member=made, defaults={"role": StaffRole.SUPPORT})
    return made


def test_what_staff_stopped_no_owner_opens(firm: Company, helper: Member) -> None:
    """M8: nothing is paid meanwhile, and the company reads who did it in its own log."""
    draft = given.draft(firm, given.numbers(2))
    actions.freeze(firm.owner, at=MONDAY)
    actions.hold_spending(firm.buyer.id, "takeover", by=helper, at=MONDAY)
    assert refusal(given.paid, firm, draft) is CompanyRefusal.FROZEN
    assert refusal(actions.thaw, firm.owner, is_verified=True, at=MONDAY) is CompanyRefusal.HELD
    assert refusal(actions.hold_spending, firm.buyer.id, "law", by=helper, at=MONDAY) is StandingRefusal.HELD
    assert (
        refusal(actions.release_spending, firm.buyer.id, "", by=helper, at=MONDAY)
        is StandingRefusal.NO_REASON
    )
    actions.release_spending(firm.buyer.id, "cleared", by=helper, at=MONDAY)
    draft.buyer.refresh_from_db()
    assert given.paid(firm, draft)
    acts = [(act.verb, act.facts) for act in audit.acts_of(firm.buyer.id) if "spending_" in act.verb]
    assert acts[:2] == [
        ("spending_released", {"reason": "cleared"}), ("spending_held", {"reason": "takeover"}),
    ]  # fmt: skip


def test_the_owners_are_told_by_text_and_mail(firm: Company, helper: Member, carrier: Any) -> None:
    """B, M8"""
    actions.hold_spending(firm.buyer.id, "abuse", by=helper, at=MONDAY)
    actions.release_spending(firm.buyer.id, "cleared", by=helper, at=MONDAY)
    given.worked(later=False)
    told = carrier.ask("GET", f"/_/messages?to={queries.phone_of(firm.owner)}&limit=10").json
    assert sorted(text["text"].split("\n")[0] for text in told) == sorted(
        text.split("\n")[0].replace("#{login}", firm.owner.login) for text in (HELD, RELEASED)
    )
    assert {letter.subject for letter in mail.outbox} == {
        "[선물] 모든 결제를 멈췄습니다", "[선물] 결제를 다시 열었습니다",
    }  # fmt: skip
    assert {letter.to[0] for letter in mail.outbox} == {firm.owner.mail}


def test_the_letters_can_be_carried() -> None:
    """O3"""
    for text in (HELD, RELEASED, FACTORS_RESET):
        assert not euckr.cannot_carry(text)


def test_a_lost_phone_s_factors_and_sessions_go_and_the_next_login_is_on_a_new_device(
    firm: Company, helper: Member, carrier: Any
) -> None:
    """B, M8: the password alone stays, and does not add a factor at once."""
    browser, cookie = Client(), given.device(firm.owner)
    browser.post("/login/", {"login": firm.owner.login, "password": "long-enough-1"})
    for kind in ("totp", "webauthn", "recovery_codes"):
        Authenticator.objects.create(user=firm.owner, type=kind, data={})
    Authenticator.objects.create(user=firm.approver, type="totp", data={})
    actions.reset_factors(firm.owner.id, "lost", by=helper, at=MONDAY)
    assert browser.get("/my/").status_code == 302, "signed out"
    assert not queries.has_second_factor(firm.owner) and queries.has_second_factor(firm.approver)
    assert not Device.objects.filter(member=firm.owner).exists()
    Member.objects.filter(id=firm.owner.id).update(last_login=MONDAY)
    again = given.device(firm.owner, MONDAY, cookie)
    assert queries.why_not_change_factors(firm.owner, again, MONDAY, is_verified=False) is not None
    (act,) = [act for act in audit.acts_on(firm.owner.id) if act.verb == "factors_reset"]
    assert act.by == str(helper.id) and act.facts == {"reason": "lost", "factors": 3}
    given.worked(later=False)
    told = carrier.ask("GET", f"/_/messages?to={queries.phone_of(firm.owner)}&limit=10").json
    assert [
        text for text in told if "2단계 인증을 지우고" in text["text"] and firm.owner.login in text["text"]
    ]
    assert [letter.to for letter in mail.outbox if "초기화" in letter.subject] == [[firm.owner.mail]]


def test_staff_s_factors_are_super_s_to_reset_and_nobody_s_own(firm: Company, helper: Member) -> None:
    """B"""
    boss = given.operator()
    Staff.objects.update_or_create(member=boss, defaults={"role": StaffRole.SUPER})
    Authenticator.objects.create(user=boss, type="totp", data={})
    assert (
        refusal(actions.reset_factors, boss.id, "lost", by=helper, at=MONDAY) is StandingRefusal.STAFF_FACTORS
    )
    assert refusal(actions.reset_factors, boss.id, "lost", by=boss, at=MONDAY) is StandingRefusal.OWN_FACTORS
    assert queries.has_second_factor(boss)
    actions.reset_factors(helper.id, "lost", by=boss, at=clock.now())


def test_who_has_left_is_told_nothing(firm: Company, helper: Member) -> None:
    """M9"""
    Buyer.objects.filter(id=firm.buyer.id).update(closed_at=MONDAY)
    assert refusal(actions.hold_spending, firm.buyer.id, "law", by=helper, at=MONDAY) is StandingRefusal.ENDED
    Member.objects.filter(id=firm.owner.id).update(is_active=False)
    notices.mail_of_standing("held", firm.owner.id)
    assert mail.outbox == []
