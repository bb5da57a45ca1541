"""A member's own data, whose identity verification counts, and who comes into a company by asking. M4, M5, M7"""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit import queries as audit
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries, rules
from seonmul.members.actions import Profile
from seonmul.members.models import JoinRequest, Member, Membership, Role
from seonmul.members.rules import CompanyRefusal, IdentityRefusal, JoinRefusal, ProfileRefusal, SpendRefusal
from tests import given
from tests.given import MONDAY

pytestmark = pytest.mark.django_db
TYPED = Profile("김민수", "minsu@new.example", marketing_consent=True, auto_sender=False, takes_number=True)


@pytest.fixture
def who() -> Member:
    return given.company(cash_won=0).owner


def fresh(member: Member, session: str = "here", minutes: int = 10) -> object:
    at = MONDAY + timedelta(minutes=5)
    return queries.fresh_verification(member, session, minutes=minutes, at=at)


def test_a_verification_counts_in_its_browser_and_for_minutes(who: Member) -> None:
    row = given.verified(who, "here")
    assert fresh(who) == row
    assert fresh(who, "elsewhere") is None and fresh(who, minutes=5) is None
    assert fresh(given.person()) is None


def test_somebody_elses_does_not_count(who: Member) -> None:
    """M8: whoever stole a password can prove who *they* are."""
    thief = given.verified(who, "here", phone="01077770001", ci="thief")
    assert fresh(who) is None and not queries.is_own(thief)
    assert queries.proved_number(thief.id) is None
    own = given.verified(who, "here", ci="owner")
    assert fresh(who) == own
    moved = given.verified(who, "here", phone="01088880001", ci="owner", at=MONDAY + timedelta(minutes=1))
    assert fresh(who) == moved, "the same person with another phone"
    assert not queries.is_own(thief)


def test_why_a_verification_opens_nothing() -> None:
    for facts, why in (
        ({"has_failed": True, "is_own": False}, IdentityRefusal.FAILED),
        ({"has_failed": False, "is_own": False}, IdentityRefusal.NOT_THE_MEMBER),
    ):
        no = rules.why_not_identity(**facts)
        assert no is not None and no.why is why
    assert rules.why_not_identity(has_failed=False, is_own=True) is None


def test_a_profile_is_changed_and_the_log_names_fields_only(who: Member) -> None:
    given.verified(who, "here", ci="owner")
    moved = given.verified(who, "here", phone="01088880001", ci="owner")
    actions.change_profile(who.id, TYPED, moved, at=MONDAY)
    who.refresh_from_db()
    assert (who.name, who.auto_sender, who.mail_proved_at) == ("김민수", False, MONDAY)
    assert who.mail != "minsu@new.example", "a new address waits for its code"
    assert queries.phone_of(who) == "01088880001" and who.phone_proved_at == MONDAY
    act = audit.last_act(who.id, ["profile_changed"])
    assert act is not None and act.facts == {"fields": ["name", "auto_sender", "phone"]}
    (job,) = ProcrastinateJob.objects.filter(task_name="notices.on.members.number_changed")
    assert set(job.args) == {"verification_id"}


@pytest.mark.parametrize(
    "facts, why",
    [
        ({"is_verified": False}, SpendRefusal.NOT_VERIFIED),
        ({"name": ""}, ProfileRefusal.NO_NAME),
        ({"mail": ""}, ProfileRefusal.NO_MAIL),
        ({"is_mail_taken": True}, ProfileRefusal.MAIL_TAKEN),
    ],
)
def test_why_a_profile_stays(facts: dict[str, object], why: object) -> None:
    good = {"name": "김민수", "mail": "a@b.example", "is_mail_taken": False, "is_verified": True}
    no = rules.why_not_change_profile(**(good | facts))  # type: ignore[arg-type]
    assert no is not None and no.why is why
    assert rules.why_not_change_profile(**good) is None  # type: ignore[arg-type]


def test_who_asked_comes_into_the_company_once() -> None:
    firm, guest = given.company(), given.person()
    asked = JoinRequest.objects.create(buyer=firm.buyer, member=guest, asked_at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.answer_join_request(
            firm.approver, asked.id, accept=True, role=Role.OWNER, is_verified=True, at=MONDAY
        )
    assert refused.value.no.why is CompanyRefusal.NOT_OWNER
    actions.answer_join_request(
        firm.owner, asked.id, accept=True, role=Role.BUYER, is_verified=True, at=MONDAY
    )
    assert Membership.objects.get(member=guest).buyer == firm.buyer
    with pytest.raises(Refused) as refused:
        actions.answer_join_request(
            firm.owner, asked.id, accept=False, role=Role.BUYER, is_verified=True, at=MONDAY
        )
    assert refused.value.no.why is JoinRefusal.NOT_WAITING


def test_who_went_elsewhere_meanwhile_stays_there() -> None:
    firm, other = given.company(), given.company()
    asked = JoinRequest.objects.create(buyer=firm.buyer, member=other.owner, asked_at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.answer_join_request(
            firm.owner, asked.id, accept=True, role=Role.BUYER, is_verified=True, at=MONDAY
        )
    assert refused.value.no.why is CompanyRefusal.ALREADY_MEMBER
    actions.answer_join_request(
        firm.owner, asked.id, accept=False, role=Role.BUYER, is_verified=True, at=MONDAY
    )
    assert Membership.objects.get(member=other.owner).buyer == other.buyer
