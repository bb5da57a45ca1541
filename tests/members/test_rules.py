"""M4, M7: the decisions on spend authentication, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from seonmul.figures.rules import Figures
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.refusals import No
from seonmul.members import rules
from seonmul.members.models import Role
from seonmul.members.rules import (
    CodeFacts,
    CompanyRefusal,
    ConversionFacts,
    ConversionRefusal,
    GrantFacts,
    InvitationFacts,
    PasswordFacts,
    Purpose,
    SpendRefusal,
)
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
        return rules.why_not_set_password(password, is_login_password=same, figures=FIGURES)

    assert answer("12345678") is None
    assert answer("1234567") == No(SpendRefusal.PASSWORD_SHORT, {"least": 8})
    assert why(answer("12345678", same=True)) is SpendRefusal.PASSWORD_SAME
    strict = Figures(payment_password_least=12)
    no = rules.why_not_set_password("12345678901", is_login_password=False, figures=strict)
    assert no == No(SpendRefusal.PASSWORD_SHORT, {"least": 12})


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


def test_spending_stops_for_a_while_and_then_goes_on() -> None:
    """M5, M8"""
    until = MONDAY + timedelta(hours=24)
    no = rules.why_not_spend(until, at=MONDAY)
    assert no is not None and no.why is SpendRefusal.BLOCKED and "2026.11.24" in no.say()
    assert rules.why_not_spend(until, at=until) is None and rules.why_not_spend(None, at=MONDAY) is None


def test_sentences_say_that_nothing_was_lost() -> None:
    """Korean first: what was kept, what to do next."""
    for member in SpendRefusal:
        said = No(
            member, {"tries": 5, "left": 2, "minutes": 30, "least": 8, "until": "내일", "hours": 24}
        ).say()
        assert "{" not in said and said.endswith(("니다.", "세요.")), said


# conversion


APPLICATION = ConversionFacts(
    is_corporate=False, is_owner=True, has_waiting=False, is_number=True, is_number_taken=False,
    needs_certificate=True, certificate_bytes=1_000, certificate_type="pdf",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, None),
        ({"is_corporate": True}, ConversionRefusal.ALREADY_CORPORATE),
        ({"is_owner": False}, ConversionRefusal.NOT_OWNER),
        ({"has_waiting": True}, ConversionRefusal.ALREADY_WAITING),
        ({"is_number": False}, ConversionRefusal.NUMBER_FORM),
        ({"is_number_taken": True}, ConversionRefusal.NUMBER_TAKEN),
        ({"certificate_bytes": 0}, PaperRefusal.MISSING),
        ({"certificate_bytes": 10 * 1024 * 1024}, None),
        ({"certificate_bytes": 10 * 1024 * 1024 + 1}, PaperRefusal.TOO_LARGE),
        ({"certificate_type": ""}, PaperRefusal.WRONG_TYPE),
        ({"needs_certificate": False, "certificate_bytes": 0, "certificate_type": ""}, None),
        ({"is_corporate": True, "is_owner": False, "certificate_bytes": 0}, ConversionRefusal.ALREADY_CORPORATE),
    ],
)  # fmt: skip
def test_an_application_is_taken_or_its_first_fault_is_said(changed: dict[str, Any], answer: object) -> None:
    """M2"""
    assert why(rules.why_not_convert(replace(APPLICATION, **changed))) is answer


@pytest.mark.parametrize(
    ("is_waiting", "approve", "reason", "answer"),
    [
        (True, True, "", None),
        (True, False, "흐림", None),
        (True, False, " ", ConversionRefusal.NO_REASON),
        (False, True, "", ConversionRefusal.NOT_WAITING),
        (False, False, "", ConversionRefusal.NOT_WAITING),
    ],
)
def test_a_decision_is_made_once_and_a_refusal_with_its_reason(
    is_waiting: bool, approve: bool, reason: str, answer: object
) -> None:
    """M2"""
    assert why(rules.why_not_decide(is_waiting, approve=approve, reason=reason)) is answer


def test_only_what_is_temporary_is_ended() -> None:
    """M2"""
    assert rules.why_not_end_temporary(is_temporary=True) is None
    assert why(rules.why_not_end_temporary(is_temporary=False)) is ConversionRefusal.NOT_TEMPORARY


# companies


INVITED = InvitationFacts(SOON, is_accepted=False, is_withdrawn=False, has_membership=False, has_money=False)


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, None),
        ({"expires_at": MONDAY}, CompanyRefusal.INVITATION_GONE),
        ({"is_accepted": True}, CompanyRefusal.INVITATION_GONE),
        ({"is_withdrawn": True, "has_membership": True}, CompanyRefusal.INVITATION_GONE),
        ({"has_membership": True, "has_money": True}, CompanyRefusal.ALREADY_MEMBER),
        ({"has_money": True}, CompanyRefusal.HAS_MONEY),
    ],
)
def test_who_may_come_in(changed: dict[str, Any], answer: object) -> None:
    """M7"""
    assert why(rules.why_not_accept(replace(INVITED, **changed), at=MONDAY)) is answer
    assert why(rules.why_not_accept(None, at=MONDAY)) is CompanyRefusal.INVITATION_GONE


@pytest.mark.parametrize(
    ("is_owner_now", "becomes_owner", "owners", "answer"),
    [
        (True, False, 1, CompanyRefusal.LAST_OWNER),
        (True, False, 2, None),
        (True, True, 1, None),
        (False, False, 1, None),
        (False, True, 1, None),
    ],
)
def test_a_company_is_never_without_an_owner(
    is_owner_now: bool, becomes_owner: bool, owners: int, answer: object
) -> None:
    """M7"""
    no = rules.why_not_change_role(is_owner_now=is_owner_now, becomes_owner=becomes_owner, owners=owners)
    assert why(no) is answer


def test_owners_of_companies_manage_them() -> None:
    """M7"""
    assert rules.why_not_manage(is_company=True, is_owner=True) is None
    assert why(rules.why_not_manage(is_company=True, is_owner=False)) is CompanyRefusal.NOT_OWNER
    assert why(rules.why_not_manage(is_company=False, is_owner=True)) is CompanyRefusal.NOT_A_COMPANY


def test_a_method_is_chosen_behind_a_verification() -> None:
    """M4"""

    def answer(*, needs: bool, has: bool, verified: bool) -> object:
        no = rules.why_not_set_method(needs_password=needs, has_password=has, is_verified=verified)
        return why(no)

    assert answer(needs=False, has=False, verified=True) is None
    assert answer(needs=True, has=True, verified=True) is None
    assert answer(needs=True, has=False, verified=True) is SpendRefusal.METHOD_NEEDS_PASSWORD
    assert answer(needs=False, has=True, verified=False) is SpendRefusal.NOT_VERIFIED
    assert rules.why_not_unverified(True) is None
    assert why(rules.why_not_unverified(False)) is SpendRefusal.NOT_VERIFIED
