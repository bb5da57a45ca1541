"""Who may look at the recipients' whole numbers. M7"""

from __future__ import annotations

import pytest

from seonmul.members import queries as members
from seonmul.members.models import Membership
from seonmul.orders import rules
from seonmul.orders.rules import NumbersRefusal
from tests import given


@pytest.mark.parametrize(
    "has_right, reason, why",
    [
        (False, "inquiry", NumbersRefusal.NOT_YOURS),
        (True, "", NumbersRefusal.NO_REASON),
        (True, "proof", None),
    ],
)
def test_a_right_and_a_reason(has_right: bool, reason: str, why: NumbersRefusal | None) -> None:
    no = rules.why_not_see_numbers(has_right=has_right, reason=reason)
    assert (no and no.why) is why


@pytest.mark.django_db
def test_the_right_is_one_of_its_own_in_a_company() -> None:
    firm = given.company()
    assert not members.sees_numbers(firm.owner)
    Membership.objects.filter(member=firm.approver).update(sees_numbers=True)
    assert members.sees_numbers(firm.approver)
    assert members.sees_numbers(given.person()), "who buys for oneself knows the numbers"
    assert not members.sees_numbers(given.operator())


@pytest.mark.parametrize("password", ["", "short", " " * 12, "123456789"])
def test_a_sheet_of_whole_numbers_needs_a_password_worth_the_name(password: str) -> None:
    """O11"""
    no = rules.why_not_export_numbers(has_right=True, reason="inquiry", password=password)
    assert no is not None and no.why is NumbersRefusal.WEAK_PASSWORD
    assert rules.why_not_export_numbers(has_right=True, reason="inquiry", password="ten-letters") is None
