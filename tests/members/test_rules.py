"""M4, M7: the decisions on spend authentication, without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seonmul.figures.rules import Figures
from seonmul.kit.refusals import No
from seonmul.members import rules
from seonmul.members.models import Role
from seonmul.members.rules import CodeFacts, GrantFacts, PasswordFacts, Purpose, SpendRefusal
from tests.given import MONDAY

FIGURES = Figures()
SOON, AGO = MONDAY + timedelta(minutes=3), MONDAY - timedelta(minutes=3)
ORDER = Purpose("draft-1", 13_500, 3)


def why(no: No | None) -> object:
    return no and no.why


@pytest.mark.parametrize(
    ("by_member", "by_number", "answer"),
    [(0, 0, None), (4, 4, None), (5, 0, SpendRefusal.TOO_MANY_CODES), (0, 5, SpendRefusal.TOO_MANY_CODES)],
)
def test_five_codes_in_ten_minutes_for_a_member_and_for_a_number(
    by_member: int, by_number: int, answer: object
) -> None:
    """M4"""
    assert why(rules.why_not_ask_code(True, by_member, by_number, figures=FIGURES)) is answer


def test_a_code_needs_a_phone() -> None:
    """M4"""
    assert why(rules.why_not_ask_code(False, 9, 9, figures=FIGURES)) is SpendRefusal.NO_PHONE


def test_a_code_is_tried_while_it_lives_and_five_times() -> None:
    """M4"""

    def answer(code: CodeFacts | None) -> object:
        return why(rules.why_not_try_code(code, figures=FIGURES, at=MONDAY))

    assert answer(None) is SpendRefusal.NO_CODE
    assert answer(CodeFacts(0, SOON)) is answer(CodeFacts(4, SOON)) is None
    assert answer(CodeFacts(5, SOON)) is SpendRefusal.CODE_SPENT
    assert answer(CodeFacts(0, MONDAY)) is SpendRefusal.CODE_EXPIRED, "to the second"
    assert answer(CodeFacts(5, AGO)) is SpendRefusal.CODE_EXPIRED


def test_a_wrong_code_says_how_many_tries_are_left() -> None:
    """M4"""
    assert rules.wrong_code(1, figures=FIGURES) == No(SpendRefusal.CODE_WRONG, {"left": 4})
    assert rules.wrong_code(4, figures=FIGURES).say() == "인증번호가 다릅니다. 1번 더 입력할 수 있습니다."
    assert rules.wrong_code(5, figures=FIGURES) == No(SpendRefusal.CODE_SPENT, {"tries": 5})


def test_a_payment_password_is_tried_when_it_is_set_and_not_locked() -> None:
    """M4"""

    def answer(facts: PasswordFacts) -> No | None:
        return rules.why_not_try_password(facts, at=MONDAY)

    assert why(answer(PasswordFacts(False, 0, None))) is SpendRefusal.NO_PASSWORD
    assert answer(PasswordFacts(True, 4, None)) is None
    assert answer(PasswordFacts(True, 5, MONDAY)) is None, "a lock that has run out"
    locked = PasswordFacts(True, 5, MONDAY + timedelta(minutes=29, seconds=1))
    assert answer(locked) == No(SpendRefusal.PASSWORD_LOCKED, {"minutes": 30})
    assert answer(PasswordFacts(True, 5, MONDAY + timedelta(seconds=1))) == No(
        SpendRefusal.PASSWORD_LOCKED, {"minutes": 1}
    )


def test_a_wrong_payment_password_says_how_many_tries_are_left() -> None:
    """M4"""
    assert rules.wrong_password(1, figures=FIGURES) == No(SpendRefusal.PASSWORD_WRONG, {"left": 4})
    assert rules.wrong_password(5, figures=FIGURES) == No(SpendRefusal.PASSWORD_LOCKED, {"minutes": 30})
    generous = Figures(payment_password_tries=6, payment_password_lock_minutes=5)
    assert rules.wrong_password(5, figures=generous) == No(SpendRefusal.PASSWORD_WRONG, {"left": 1})
    assert rules.wrong_password(6, figures=generous) == No(SpendRefusal.PASSWORD_LOCKED, {"minutes": 5})


def test_a_payment_password_has_eight_signs_and_is_not_the_login_password() -> None:
    """M4"""

    def answer(password: str, same: bool = False) -> No | None:
        return rules.why_not_set_password(password, is_login_password=same)

    assert answer("12345678") is None
    assert answer("1234567") == No(SpendRefusal.PASSWORD_SHORT, {"least": 8})
    assert why(answer("12345678", same=True)) is SpendRefusal.PASSWORD_SAME


def test_a_grant_pays_for_its_purpose_once_and_in_time() -> None:
    """M4"""

    def answer(grant: GrantFacts, purpose: Purpose = ORDER) -> object:
        return why(rules.why_not_use_grant(grant, purpose, at=MONDAY))

    assert answer(GrantFacts(ORDER.key, SOON, None)) is None
    assert answer(GrantFacts(ORDER.key, SOON, AGO)) is SpendRefusal.GRANT_USED
    assert answer(GrantFacts(ORDER.key, MONDAY, None)) is SpendRefusal.GRANT_EXPIRED
    for other in (
        Purpose("draft-2", 13_500, 3),
        Purpose("draft-1", 13_501, 3),
        Purpose("draft-1", 13_500, 4),
    ):
        assert answer(GrantFacts(ORDER.key, SOON, None), other) is SpendRefusal.GRANT_UNFIT


def test_two_purposes_never_share_a_key() -> None:
    """M4: bound to this order, this amount, these people."""
    assert Purpose("a", 1, 23).key != Purpose("a", 12, 3).key != Purpose("a:1", 2, 3).key


def test_owners_and_buyers_buy_and_the_others_look() -> None:
    """M7"""
    assert {role for role in Role if role in rules.BUYING_ROLES} == {Role.OWNER, Role.BUYER}
    assert rules.BUYING_ROLES <= set(Role.values)


def test_sentences_say_that_nothing_was_lost() -> None:
    """Korean first: what was kept, what to do next."""
    for member in SpendRefusal:
        said = No(member, {"tries": 5, "left": 2, "minutes": 30, "least": 8}).say()
        assert "{" not in said and said.endswith(("니다.", "세요.")), said
