"""Questions about members."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seonmul.members import actions, queries
from seonmul.members.models import Member, Role
from seonmul.members.rules import Purpose
from tests import given
from tests.given import MONDAY

pytestmark = pytest.mark.django_db

ORDER = Purpose("draft-1", 13_500, 3)


@pytest.fixture
def who() -> given.Company:
    return given.company(cash_won=0)


@pytest.fixture
def operator() -> Member:
    return actions.make_member(
        "operator", "long-enough-1", "운영자", phone="01011112222", mail="", at=MONDAY, is_staff=True
    )


def test_for_whom_a_member_acts(who: given.Company, operator: Member) -> None:
    """M7"""
    assert queries.buyer_of(who.owner) == queries.buyer_of(who.approver) == who.buyer
    assert queries.buyer_of(operator) is None


@pytest.mark.parametrize("role", Role)
def test_who_may_buy(who: given.Company, role: Role) -> None:
    """M7"""
    member = actions.make_member(
        f"r-{role}",
        "long-enough-1",
        "이름",
        phone="01011112222",
        mail="",
        at=MONDAY,
        buyer=who.buyer,
        role=role,
    )
    assert queries.may_buy(member) is (role in (Role.OWNER, Role.BUYER))


def test_staff_may_not_buy(operator: Member) -> None:
    assert queries.may_buy(operator) is False


def test_members_are_found_by_login_while_they_are_active(who: given.Company) -> None:
    assert queries.by_login(who.owner.login) == who.owner
    assert queries.by_login("nobody") is None
    Member.objects.filter(id=who.owner.id).update(is_active=False)
    assert queries.by_login(who.owner.login) is None


def test_where_a_member_is_texted(who: given.Company, operator: Member) -> None:
    address = queries.address_of(who.owner.id)
    assert address is not None
    assert (address.buyer_id, address.phone) == (who.buyer.id, queries.phone_of(who.owner))
    assert queries.address_of(operator.id) is None, "a text needs a buyer"
    Member.objects.update(phone_sealed=b"")
    assert queries.address_of(who.owner.id) is None


def test_what_the_text_with_a_code_says(who: given.Company) -> None:
    """M8: amount and number of recipients."""
    code = actions.ask_spend_code(who.owner.id, ORDER, at=MONDAY)
    letter = queries.spend_code_letter(code.id, MONDAY)
    assert letter is not None
    assert (letter.amount_won, letter.people, letter.buyer_id) == (13_500, 3, who.buyer.id)
    assert letter.phone == queries.phone_of(who.owner)
    assert actions.enter_spend_code(who.owner.id, ORDER, letter.code, at=MONDAY)
    assert queries.spend_code_letter(code.id, MONDAY) is None, "used meanwhile: not texted any more"


def test_a_code_that_died_on_its_way_is_not_texted(who: given.Company) -> None:
    code = actions.ask_spend_code(who.owner.id, ORDER, at=MONDAY)
    assert queries.spend_code_letter(code.id, MONDAY + timedelta(minutes=3)) is None
    assert queries.spend_code_letter(who.owner.id, MONDAY) is None


def test_until_when_a_code_can_be_entered(who: given.Company) -> None:
    assert queries.code_until(who.owner, ORDER, MONDAY) is None
    actions.ask_spend_code(who.owner.id, ORDER, at=MONDAY)
    newest = actions.ask_spend_code(who.owner.id, ORDER, at=MONDAY + timedelta(minutes=1))
    until = queries.code_until(who.owner, ORDER, MONDAY + timedelta(minutes=2))
    assert until == newest.expires_at == MONDAY + timedelta(minutes=4)
    assert queries.code_until(who.owner, Purpose("draft-2", 1, 1), MONDAY) is None
    assert queries.code_until(who.owner, ORDER, MONDAY + timedelta(minutes=4)) is None
    letter = queries.spend_code_letter(newest.id, MONDAY)
    assert letter and actions.enter_spend_code(who.owner.id, ORDER, letter.code, at=MONDAY)
    assert queries.code_until(who.owner, ORDER, MONDAY) is None, "the older one died with it"
