"""M4: spend authentication as it is done: codes, payment password, grants."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit import queries as audit
from seonmul.config import settings as as_written
from seonmul.figures import actions as figures
from seonmul.kit import crypto
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries
from seonmul.members.models import Member, ProofKind, SpendCode, SpendGrant
from seonmul.members.rules import ProofPurpose, Purpose, SpendRefusal
from tests import given
from tests.given import MONDAY
from tests.threads import at_once

pytestmark = pytest.mark.django_db

ORDER = Purpose("draft-1", 13_500, 3)
PASSWORD = "지불은 신중하게 1"


@pytest.fixture
def who() -> Member:
    return given.company(cash_won=0).owner


def later(**time: float) -> datetime:
    return MONDAY + timedelta(**time)


def refusal(call: Any, *args: Any, **named: Any) -> SpendRefusal:
    """Why a verb refused; fails when it did not."""
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    why = refused.value.no.why
    assert isinstance(why, SpendRefusal)
    return why


def digits_of(code: SpendCode) -> str:
    return crypto.ring().open(SpendCode.CODE, code.code_sealed)


def wrong(code: SpendCode) -> str:
    return f"{(int(digits_of(code)) + 1) % 1_000_000:06d}"


# codes


def test_a_code_of_six_digits_is_sealed_and_announced(who: Member) -> None:
    """M4, X2: the job carries its id only."""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    digits = digits_of(code)
    assert len(digits) == 6 and digits.isdigit()
    assert code.expires_at == later(minutes=3)
    assert (code.amount_won, code.people) == (13_500, 3)
    assert digits.encode() not in bytes(code.code_sealed)
    (job,) = ProcrastinateJob.objects.values_list("task_name", "args")
    assert job == ("notices.on.members.spend_code_asked", {"code_id": str(code.id)})


def test_codes_differ(who: Member) -> None:
    """M4: a hundred draws of a million, so that a constant or a counter would show."""
    figures.change("spend_codes_most", 50, by="test", at=MONDAY)
    drawn = [int(digits_of(actions.ask_spend_code(who.id, ORDER, at=MONDAY))) for _ in range(50)]
    assert len(set(drawn)) > 45 and max(drawn) - min(drawn) > 500_000


def test_the_right_code_gives_a_grant_for_this_payment(who: Member) -> None:
    """M4"""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    grant = actions.enter_spend_code(who.id, ORDER, f" {digits_of(code)}\n", at=later(minutes=2, seconds=59))
    assert (grant.member_id, grant.method, grant.purpose, grant.used_at) == (
        who.id, "phone_code", ORDER.key, None,
    )  # fmt: skip
    assert grant.expires_at == later(minutes=12, seconds=59)
    actions.use_grant(grant.id, who.id, ORDER, at=later(minutes=4))


def test_after_three_minutes_a_code_is_dead(who: Member) -> None:
    """M4"""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    enter = partial(actions.enter_spend_code, who.id, ORDER, digits_of(code))
    assert refusal(enter, at=later(minutes=3)) is SpendRefusal.CODE_EXPIRED
    assert enter(at=later(minutes=2, seconds=59))


def test_a_code_is_used_once(who: Member) -> None:
    """M4"""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    actions.enter_spend_code(who.id, ORDER, digits_of(code), at=MONDAY)
    again = refusal(actions.enter_spend_code, who.id, ORDER, digits_of(code), at=MONDAY)
    assert again is SpendRefusal.NO_CODE
    assert SpendGrant.objects.count() == 1


def test_an_older_code_is_dead_also_when_the_newer_one_was_used(who: Member) -> None:
    """M4"""
    old = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    new = actions.ask_spend_code(who.id, ORDER, at=later(seconds=30))
    if digits_of(old) != digits_of(new):
        assert refusal(actions.enter_spend_code, who.id, ORDER, digits_of(old), at=later(seconds=31)) is (
            SpendRefusal.CODE_WRONG
        )
    actions.enter_spend_code(who.id, ORDER, digits_of(new), at=later(seconds=32))
    after = refusal(actions.enter_spend_code, who.id, ORDER, digits_of(old), at=later(seconds=33))
    assert after is SpendRefusal.NO_CODE


@pytest.mark.parametrize(
    "other", [Purpose("draft-2", 13_500, 3), Purpose("draft-1", 13_501, 3), Purpose("draft-1", 13_500, 4)]
)
def test_a_code_is_bound_to_this_order_and_amount(who: Member, other: Purpose) -> None:
    """M4"""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    assert (
        refusal(actions.enter_spend_code, who.id, other, digits_of(code), at=MONDAY) is SpendRefusal.NO_CODE
    )
    code.refresh_from_db()
    assert code.tries == 0


def test_a_code_is_bound_to_its_member(who: Member) -> None:
    """M4"""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    stranger = given.company(cash_won=0).owner
    enter = partial(actions.enter_spend_code, stranger.id, ORDER, digits_of(code), at=MONDAY)
    assert refusal(enter) is SpendRefusal.NO_CODE


def test_wrong_tries_are_counted_although_they_are_refused(who: Member) -> None:
    """M4: five tries; then the right code does not help any more."""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    said = [refusal(actions.enter_spend_code, who.id, ORDER, wrong(code), at=MONDAY) for _ in range(6)]
    assert said == [SpendRefusal.CODE_WRONG] * 4 + [SpendRefusal.CODE_SPENT] * 2
    code.refresh_from_db()
    assert code.tries == 5
    enter = partial(actions.enter_spend_code, who.id, ORDER, digits_of(code), at=MONDAY)
    assert refusal(enter) is SpendRefusal.CODE_SPENT
    anew = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    assert actions.enter_spend_code(who.id, ORDER, digits_of(anew), at=MONDAY)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "0" * 10_000])
def test_anything_typed_is_just_wrong(who: Member, typed: str) -> None:
    """M4"""
    actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    assert refusal(actions.enter_spend_code, who.id, ORDER, typed, at=MONDAY) is SpendRefusal.CODE_WRONG


def test_within_which_minutes_codes_are_counted_is_an_operator_s_figure(who: Member) -> None:
    """M4, M1: it holds at the next request, and the refusal names it; for proofs of an address too."""
    figures.change("spend_codes_minutes", 3, by="test", at=MONDAY)
    figures.change("spend_codes_most", 1, by="test", at=MONDAY)
    actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.ask_spend_code(who.id, ORDER, at=later(minutes=2, seconds=59))
    assert refused.value.no.why is SpendRefusal.TOO_MANY_CODES and "3분 뒤에" in refused.value.no.say()
    assert actions.ask_spend_code(who.id, ORDER, at=later(minutes=3))
    ask = partial(actions.ask_proof, ProofKind.PHONE, "01077770001", ProofPurpose.SIGN_UP)
    ask(at=MONDAY)
    with pytest.raises(Refused) as refused:
        ask(at=later(minutes=2))
    assert "3분 뒤에" in refused.value.no.say()
    assert ask(at=later(minutes=3))


def test_five_codes_in_ten_minutes_for_a_member(who: Member) -> None:
    """M4: whatever they are for."""
    for n in range(5):
        actions.ask_spend_code(who.id, Purpose(f"draft-{n}", 1_000, 1), at=later(minutes=n))
    ask = partial(actions.ask_spend_code, who.id, ORDER)
    assert refusal(ask, at=later(minutes=9, seconds=59)) is SpendRefusal.TOO_MANY_CODES
    assert ask(at=later(minutes=10)), "the first one is ten minutes old"
    assert refusal(ask, at=later(minutes=10, seconds=59)) is SpendRefusal.TOO_MANY_CODES


def test_five_codes_in_ten_minutes_for_a_number(who: Member) -> None:
    """M4: also when it belongs to several members."""
    made = [
        actions.make_member(f"same{n}", "long-enough-1", "이름", phone="01099990001", mail="", at=MONDAY)
        for n in range(6)
    ]
    for member in made[:5]:
        actions.ask_spend_code(member.id, ORDER, at=MONDAY)
    assert refusal(actions.ask_spend_code, made[5].id, ORDER, at=MONDAY) is SpendRefusal.TOO_MANY_CODES
    assert actions.ask_spend_code(who.id, ORDER, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_five_codes_for_a_number_also_when_two_accounts_ask_at_once() -> None:
    """M4: they are counted one by one, whoever asks."""
    two = [
        actions.make_member(f"same{n}", "long-enough-1", "이름", phone="01099990001", mail="", at=MONDAY)
        for n in range(2)
    ]
    said = at_once([partial(actions.ask_spend_code, member.id, ORDER, at=MONDAY) for member in two * 5])
    refused = [one for one in said if isinstance(one, Refused)]
    assert len(refused) == 5 == SpendCode.objects.count()
    assert {one.no.why for one in refused} == {SpendRefusal.TOO_MANY_CODES}


def test_without_a_phone_no_code(who: Member) -> None:
    """M4"""
    Member.objects.update(phone_sealed=b"")
    assert refusal(actions.ask_spend_code, who.id, ORDER, at=MONDAY) is SpendRefusal.NO_PHONE
    assert not SpendCode.objects.exists() and not ProcrastinateJob.objects.exists()


def test_operators_set_times_and_tries(who: Member) -> None:
    figures.change("spend_code_minutes", 10, by="test", at=MONDAY)
    figures.change("spend_code_tries", 2, by="test", at=MONDAY)
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    assert code.expires_at == later(minutes=10)
    said = [refusal(actions.enter_spend_code, who.id, ORDER, wrong(code), at=MONDAY) for _ in range(2)]
    assert said == [SpendRefusal.CODE_WRONG, SpendRefusal.CODE_SPENT]


# payment password


@pytest.fixture
def payer(who: Member) -> Member:
    actions.set_payment_password(who.id, PASSWORD, at=MONDAY)
    return who


def fail(payer: Member, times: int, at: datetime = MONDAY) -> list[SpendRefusal]:
    enter = partial(
        actions.enter_payment_password, payer.id, ORDER, "not the one", device=given.device(payer), at=at
    )
    return [refusal(enter) for _ in range(times)]


def test_the_payment_password_gives_a_grant(payer: Member) -> None:
    """M4"""
    grant = actions.enter_payment_password(payer.id, ORDER, PASSWORD, device=given.device(payer), at=MONDAY)
    assert (grant.method, grant.purpose) == ("payment_password", ORDER.key)
    assert [act.verb for act in audit.acts_on(payer.id)] == ["payment_password_set"]


def test_it_is_stored_with_argon2(who: Member, settings: Any) -> None:
    """M4: in the order of the settings as they are written, not as tests speed them up."""
    settings.PASSWORD_HASHERS = as_written.PASSWORD_HASHERS
    actions.set_payment_password(who.id, PASSWORD, at=MONDAY)
    who.refresh_from_db()
    assert identify_hasher(who.payment_password).algorithm == "argon2"
    assert PASSWORD not in who.payment_password
    assert actions.enter_payment_password(who.id, ORDER, PASSWORD, device=given.device(who), at=MONDAY)
    assert fail(who, 1) == [SpendRefusal.PASSWORD_WRONG]


def test_too_short_or_the_login_password_is_refused(payer: Member) -> None:
    """M4: and the old one stays."""
    assert (
        refusal(actions.set_payment_password, payer.id, "1234567", at=MONDAY) is SpendRefusal.PASSWORD_SHORT
    )
    same = refusal(actions.set_payment_password, payer.id, "long-enough-1", at=MONDAY)
    assert same is SpendRefusal.PASSWORD_SAME
    assert actions.enter_payment_password(payer.id, ORDER, PASSWORD, device=given.device(payer), at=MONDAY)


def test_without_one_it_cannot_be_entered(who: Member) -> None:
    """M4"""
    for typed in ("", "anything", "!"):
        enter = partial(
            actions.enter_payment_password, who.id, ORDER, typed, device=given.device(who), at=MONDAY
        )
        assert refusal(enter) is SpendRefusal.NO_PASSWORD


def test_five_wrong_tries_lock_it_for_thirty_minutes_and_tell_the_member(payer: Member) -> None:
    """M4"""
    assert fail(payer, 5) == [SpendRefusal.PASSWORD_WRONG] * 4 + [SpendRefusal.PASSWORD_LOCKED]
    jobs = list(ProcrastinateJob.objects.values_list("task_name", "args"))
    assert jobs == [("notices.on.members.payment_password_locked", {"member_id": str(payer.id)})]
    assert audit.acts_on(payer.id)[0].verb == "payment_password_locked"
    enter = partial(actions.enter_payment_password, payer.id, ORDER, PASSWORD, device=given.device(payer))
    assert refusal(enter, at=later(minutes=29, seconds=59)) is SpendRefusal.PASSWORD_LOCKED, (
        "the right one too"
    )
    assert enter(at=later(minutes=30))
    assert ProcrastinateJob.objects.count() == 1, "knocking on a locked door tells nobody again"


def test_after_a_lock_the_count_begins_anew(payer: Member) -> None:
    """M4"""
    fail(payer, 5)
    assert fail(payer, 5, at=later(minutes=31)) == [SpendRefusal.PASSWORD_WRONG] * 4 + [
        SpendRefusal.PASSWORD_LOCKED
    ]
    payer.refresh_from_db()
    assert payer.payment_locked_until == later(minutes=61)


def test_a_right_try_resets_the_count(payer: Member) -> None:
    """M4"""
    fail(payer, 4)
    actions.enter_payment_password(payer.id, ORDER, PASSWORD, device=given.device(payer), at=MONDAY)
    assert fail(payer, 4) == [SpendRefusal.PASSWORD_WRONG] * 4
    payer.refresh_from_db()
    assert (payer.payment_failures, payer.payment_locked_until) == (4, None)


# grants


def test_a_grant_is_used_once_for_its_purpose_by_its_member_in_time(who: Member) -> None:
    """M4"""
    grant = actions.grant_at_console(who.id, ORDER, by="root", at=MONDAY)
    stranger = given.company(cash_won=0).owner
    use = partial(actions.use_grant, grant.id)
    assert refusal(use, stranger.id, ORDER, at=MONDAY) is SpendRefusal.GRANT_UNFIT
    other = Purpose(ORDER.subject, ORDER.amount_won + 1, ORDER.people)
    assert refusal(use, who.id, other, at=MONDAY) is SpendRefusal.GRANT_UNFIT
    assert refusal(use, who.id, ORDER, at=later(minutes=10)) is SpendRefusal.GRANT_EXPIRED
    use(who.id, ORDER, at=later(minutes=9, seconds=59))
    assert refusal(use, who.id, ORDER, at=later(minutes=9, seconds=59)) is SpendRefusal.GRANT_USED


def test_a_grant_at_the_console_is_audited(who: Member) -> None:
    """M4: access to the operating system counts as the factor, and is written down."""
    grant = actions.grant_at_console(who.id, ORDER, by="root", at=MONDAY)
    (act,) = audit.acts_on(grant.id)
    assert (act.verb, act.by, act.facts) == ("spend_granted_at_console", "os:root", {"amount_won": 13_500})
    assert grant.method == "console"


# at the same time


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_grant_at_the_same_time_one_wins(who: Member) -> None:
    """M4"""
    grant = actions.grant_at_console(who.id, ORDER, by="root", at=MONDAY)
    outcomes = at_once([partial(actions.use_grant, grant.id, who.id, ORDER, at=MONDAY)] * 4)
    said = [one.no.why for one in outcomes if one is not None]
    assert said == [SpendRefusal.GRANT_USED] * 3


@pytest.mark.django_db(transaction=True)
def test_of_four_who_enter_one_code_at_the_same_time_one_wins(who: Member) -> None:
    """M4"""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    outcomes = at_once([partial(actions.enter_spend_code, who.id, ORDER, digits_of(code), at=MONDAY)] * 4)
    assert [one.no.why for one in outcomes if isinstance(one, Refused)] == [SpendRefusal.NO_CODE] * 3
    assert SpendGrant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_are_all_counted(who: Member) -> None:
    """M4: no way to more than five tries."""
    code = actions.ask_spend_code(who.id, ORDER, at=MONDAY)
    at_once([partial(actions.enter_spend_code, who.id, ORDER, wrong(code), at=MONDAY)] * 8)
    code.refresh_from_db()
    assert code.tries == 5
    actions.set_payment_password(who.id, PASSWORD, at=MONDAY)
    outcomes = at_once(
        [
            partial(
                actions.enter_payment_password,
                who.id,
                ORDER,
                "wrong one",
                device=given.device(who),
                at=MONDAY,
            )
        ]
        * 8
    )
    why = sorted(one.no.why.name for one in outcomes)
    assert why == ["PASSWORD_LOCKED"] * 4 + ["PASSWORD_WRONG"] * 4
    who.refresh_from_db()
    assert who.payment_failures == 5


@pytest.mark.django_db(transaction=True)
def test_codes_asked_for_at_the_same_time_are_all_counted(who: Member) -> None:
    """M4"""
    outcomes = at_once([partial(actions.ask_spend_code, who.id, ORDER, at=MONDAY)] * 8)
    assert sum(isinstance(one, SpendCode) for one in outcomes) == SpendCode.objects.count() == 5


# what is kept of people


def test_a_phone_is_sealed_and_found_by_index(who: Member) -> None:
    """X2"""
    made = actions.make_member(
        "sealed", "long-enough-1", "김서연", phone="01012345678", mail="kim@firm.example", at=MONDAY
    )
    row = Member.objects.filter(id=made.id).values().get()
    raw = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
    assert b"01012345678" not in raw
    assert queries.phone_of(made) == "01012345678"
    index = crypto.ring().index(Member.PHONE, "01012345678")
    assert Member.objects.get(phone_index=index) == made
