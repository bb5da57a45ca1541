"""Staff accounts and their roles. B"""

from __future__ import annotations

import pytest

from seonmul.audit import queries as audit
from seonmul.kit.refusals import Refused
from seonmul.members import actions, lookups
from seonmul.members.models import Member, Staff, StaffRole
from seonmul.members.rules import StaffFacts, StaffRefusal, why_not_make_staff, why_not_set_role
from tests import given
from tests.given import MONDAY


def boss() -> Member:
    made = actions.make_member(
        "bossy1", "long-enough-1", "총괄", phone="01055550001", mail="", at=MONDAY, is_staff=True
    )
    Staff.objects.create(member=made, role=StaffRole.SUPER)
    return made


@pytest.mark.parametrize(
    ("facts", "role", "why"),
    [
        (StaffFacts(True, False, False), "support", StaffRefusal.NOT_SELF),
        (StaffFacts(False, False, True), "support", StaffRefusal.BUYS),
        (StaffFacts(False, True, False), "support", StaffRefusal.LAST_SUPER),
        (StaffFacts(False, True, False), "", StaffRefusal.LAST_SUPER),
    ],
)
def test_who_may_not_get_a_role(facts: StaffFacts, role: str, why: StaffRefusal) -> None:
    no = why_not_set_role(facts, role)
    assert no is not None and no.why is why


def test_who_may() -> None:
    assert why_not_set_role(StaffFacts(False, True, False), "super") is None
    assert why_not_set_role(StaffFacts(False, False, False), "") is None


@pytest.mark.parametrize(
    ("login", "name", "phone", "is_taken", "why"),
    [
        ("abc", "윤서진", "01055556666", False, StaffRefusal.LOGIN_FORM),
        ("a" * 21, "윤서진", "01055556666", False, StaffRefusal.LOGIN_FORM),
        ("Yoon77", "윤서진", "01055556666", False, StaffRefusal.LOGIN_FORM),
        ("윤서진77", "윤서진", "01055556666", False, StaffRefusal.LOGIN_FORM),
        ("yoon77", "윤서진", "01055556666", True, StaffRefusal.LOGIN_TAKEN),
        ("yoon77", " ", "01055556666", False, StaffRefusal.NO_NAME),
        ("yoon77", "윤서진", None, False, StaffRefusal.NO_PHONE),
    ],
)
def test_what_no_account_is_made_of(
    login: str, name: str, phone: str | None, is_taken: bool, why: StaffRefusal
) -> None:
    no = why_not_make_staff(login, name, phone, is_taken=is_taken)
    assert no is not None and no.why is why


@pytest.mark.django_db
def test_an_account_is_made_with_a_password_of_its_own() -> None:
    by = boss()
    made, password = actions.make_staff(
        "yoon77", "윤서진", "010-5555-6666", "", StaffRole.APPROVER, by=by, at=MONDAY
    )
    assert made.check_password(password) and len(password) >= 16
    place = lookups.staff_of(made)
    assert place is not None and place.role == StaffRole.APPROVER
    (act,) = audit.acts_on(made.id)
    assert (act.verb, act.by, act.facts) == ("staff_made", str(by.id), {"role": "approver"})


@pytest.mark.django_db
def test_the_last_super_stays_and_a_second_one_may_go() -> None:
    by = boss()
    other, _ = actions.make_staff("yoon77", "윤서진", "01055556666", "", StaffRole.SUPER, by=by, at=MONDAY)
    actions.set_role(by.id, StaffRole.FINANCE, by=other, at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.set_role(other.id, StaffRole.SUPPORT, by=by, at=MONDAY)
    assert refused.value.no.why is StaffRefusal.LAST_SUPER
    assert audit.acts_on(by.id)[0].facts == {"before": "super", "after": "finance"}


@pytest.mark.django_db
def test_a_buying_member_gets_no_role() -> None:
    owner = given.company().owner
    with pytest.raises(Refused) as refused:
        actions.set_role(owner.id, StaffRole.SUPPORT, by=boss(), at=MONDAY)
    assert refused.value.no.why is StaffRefusal.BUYS
    assert lookups.staff_of(owner) is None
