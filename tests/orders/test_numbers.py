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


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", NumbersRefusal.SHORT_REASON),
        ("그냥 보려고요", NumbersRefusal.SHORT_REASON),
        (" " * 20, NumbersRefusal.SHORT_REASON),
        ("가" * 201, NumbersRefusal.SHORT_REASON),
        ("010-2345-6789 님이 받았는지 봅니다", NumbersRefusal.PERSONAL_REASON),
        ("kim@firm.example 주소를 대조합니다", NumbersRefusal.PERSONAL_REASON),
        ("3분기 경품 당첨자 60명을 총무팀 명단과 맞춰 봅니다", None),
    ],
)
def test_another_reason_is_typed_and_names_nobody(said: str, why: NumbersRefusal | None) -> None:
    """O11, M7: the words stay in the log; without "other" they count for nothing."""
    no = rules.why_not_see_numbers(has_right=True, reason="other", said=said)
    assert (no and no.why) is why and (no is None or no.say())
    same = rules.why_not_export_numbers(has_right=True, reason="other", said=said, password="ten-letters")
    assert (same and same.why) is why
    assert rules.why_not_see_numbers(has_right=True, reason="list", said=said) is None


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
