"""Signing up and proving an address: the rules, and the actions without a browser. M1"""

from __future__ import annotations

import functools
import threading
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given as drawn
from hypothesis import strategies as st

from seonmul.dispatch.actions import ask_mobile_code
from seonmul.figures import actions as figures
from seonmul.figures.rules import Figures
from seonmul.kit import crypto, wire
from seonmul.kit.refusals import No, Refused
from seonmul.members import actions, queries, rules
from seonmul.members.models import (
    BusinessCheck,
    CheckOutcome,
    CheckState,
    Member,
    Proof,
    ProofKind,
    SignUp,
)
from seonmul.members.ports import BusinessCheck as Told
from seonmul.members.ports import BusinessState
from seonmul.members.rules import CheckRefusal, ProofFacts, ProofPurpose, ProofRefusal, SignUpRefusal
from tests import given, threads
from tests.given import MONDAY
from tests.storefront.sign_up import number

FIGURES = Figures()
LATER = MONDAY + timedelta(minutes=2)


def why(no: No | None) -> object:
    return no and no.why


# rules

#: Invented; check digits by hand: 1*1 + 0*3 + 1*7 = 8 leaves 2; 5*1 + 5*3 + 5*7 + 1*3 = 58 leaves 2; and so on.
GOOD = ["1010000002", "9998800014", "9998200012", "5550100002"]


@pytest.mark.parametrize(
    "typed", [*GOOD, "999-88-00014", " 999 88 00014 ", "９９９－８８－０００１４".replace("－", "-")]
)
def test_a_business_number_is_read_as_people_type_it(typed: str) -> None:
    """M1"""
    found = rules.business_number(typed)
    assert found is not None and found in GOOD


@pytest.mark.parametrize(
    "typed", ["", "999880001", "99988000140", "0000000000", "1000000009", "99988O0014", "²" * 10]
)
def test_what_is_no_business_number_is_not_read(typed: str) -> None:
    """M1: ten digits, the first three 101 to 999."""
    assert rules.business_number(typed) is None


@drawn(st.integers(101, 999), st.integers(0, 999_999))
def test_of_ten_check_digits_exactly_one_fits(first: int, rest: int) -> None:
    """M1"""
    nine = f"{first}{rest:06d}"
    assert sum(rules.business_number(f"{nine}{last}") is not None for last in range(10)) == 1


@drawn(st.sampled_from(GOOD), st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(good: str, place: int, by: int) -> None:
    """M1"""
    wrong = good[:place] + str((int(good[place]) + by) % 10) + good[place + 1 :]
    assert rules.business_number(wrong) is None


def test_a_business_that_opens_tomorrow_is_not_asked_about() -> None:
    """M1"""
    today = date(2026, 11, 23)
    assert why(rules.why_not_business(GOOD[0], today, today=today)) is None
    assert why(rules.why_not_business("1", today, today=today)) is SignUpRefusal.NUMBER_FORM
    tomorrow = today + timedelta(days=1)
    assert why(rules.why_not_business(GOOD[0], tomorrow, today=today)) is SignUpRefusal.OPENED_LATER


@pytest.mark.parametrize(
    ("login", "is_taken", "answer"),
    [
        ("abcd", False, None), ("a2345678901234567890", False, None), ("0000", False, None),
        ("abc", False, SignUpRefusal.LOGIN_FORM), ("a" * 21, False, SignUpRefusal.LOGIN_FORM),
        ("Abcd", False, SignUpRefusal.LOGIN_FORM), ("ab-cd", False, SignUpRefusal.LOGIN_FORM),
        ("김서연김", False, SignUpRefusal.LOGIN_FORM), ("abc\n", False, SignUpRefusal.LOGIN_FORM),
        ("abcd", True, SignUpRefusal.LOGIN_TAKEN),
    ],
)  # fmt: skip
def test_a_login_id(login: str, is_taken: bool, answer: object) -> None:
    """M1"""
    assert why(rules.why_not_login(login, is_taken=is_taken)) is answer


def test_three_consents_are_needed_and_marketing_is_not() -> None:
    """M1"""
    needed = frozenset({"terms", "personal_data", "age_14"})
    assert rules.why_not_without(needed) is rules.why_not_without(needed | {"marketing"}) is None
    for one in needed:
        assert why(rules.why_not_without(needed - {one} | {"marketing"})) is SignUpRefusal.NO_CONSENT


@pytest.mark.parametrize(
    ("state", "matches", "outcome"),
    [
        (BusinessState.CONTINUING, True, "continuing"), (BusinessState.CONTINUING, False, "mismatch"),
        (BusinessState.SUSPENDED, True, "suspended"), (BusinessState.CLOSED, False, "closed"),
        (BusinessState.UNREGISTERED, False, "unregistered"),
    ],
)  # fmt: skip
def test_only_a_business_that_goes_on_and_matches_is_a_company(
    state: BusinessState, matches: bool, outcome: str
) -> None:
    """M1"""
    assert rules.outcome_of(state, matches=matches) == outcome == CheckOutcome(outcome)
    assert (rules.why_general(outcome) is None) is (outcome == "continuing")


def test_every_outcome_has_its_reason() -> None:
    """M1, M2"""
    told = {outcome.value: why(rules.why_general(outcome)) for outcome in CheckOutcome}
    assert told == {
        "continuing": None, "suspended": CheckRefusal.SUSPENDED, "closed": CheckRefusal.CLOSED,
        "unregistered": CheckRefusal.UNREGISTERED, "mismatch": CheckRefusal.MISMATCH,
        "no_answer": CheckRefusal.NO_ANSWER, "known": CheckRefusal.KNOWN,
    }  # fmt: skip


def test_a_code_is_tried_while_it_lives_and_five_times() -> None:
    """M1"""

    def answer(*facts: object) -> object:
        proof = ProofFacts(*facts) if facts else None  # type: ignore[arg-type]
        return why(rules.why_not_try_proof(proof, figures=FIGURES, at=MONDAY))

    assert answer() is ProofRefusal.NONE
    assert answer(4, LATER, False, False) is None
    assert answer(5, LATER, False, False) is ProofRefusal.SPENT
    assert answer(0, MONDAY, False, False) is ProofRefusal.EXPIRED
    assert answer(0, LATER, True, False) is answer(0, LATER, False, True) is ProofRefusal.NONE
    assert rules.wrong_proof(4, figures=FIGURES) == No(ProofRefusal.WRONG, {"left": 1})
    assert rules.wrong_proof(5, figures=FIGURES) == No(ProofRefusal.SPENT, {"tries": 5})


def test_a_proved_address_is_used_once_within_half_an_hour() -> None:
    """M1"""
    assert rules.why_not_use_proof(MONDAY, None, figures=FIGURES, at=MONDAY + timedelta(minutes=29)) is None
    for proved, used, at in (
        (None, None, MONDAY), (MONDAY, MONDAY, MONDAY), (MONDAY, None, MONDAY + timedelta(minutes=30)),
    ):  # fmt: skip
        assert why(rules.why_not_use_proof(proved, used, figures=FIGURES, at=at)) is ProofRefusal.UNPROVED


# proving an address


def code_of(proof: Proof) -> str:
    return crypto.ring().open(Proof.CODE, proof.code_sealed)


def ask(address: str = "01024680001", purpose: ProofPurpose = ProofPurpose.RECOVER, at=MONDAY) -> Proof:
    kind = ProofKind.MAIL if "@" in address else ProofKind.PHONE
    return actions.ask_proof(kind, address, purpose, at=at)


@pytest.mark.django_db
def test_a_code_proves_an_address_once() -> None:
    """M1"""
    proof = ask()
    with pytest.raises(Refused, match="proof_unproved"):
        actions.use_proof(proof.id, ProofPurpose.RECOVER, at=LATER)
    actions.try_proof(proof.id, f" {code_of(proof)[:3]} {code_of(proof)[3:]}", at=LATER)
    with pytest.raises(Refused, match="proof_unproved"):
        actions.use_proof(proof.id, ProofPurpose.SIGN_UP, at=LATER)
    assert actions.use_proof(proof.id, ProofPurpose.RECOVER, at=LATER) == "01024680001"
    with pytest.raises(Refused, match="proof_unproved"):
        actions.use_proof(proof.id, ProofPurpose.RECOVER, at=LATER)
    with pytest.raises(Refused, match="proof_none"):
        actions.try_proof(uuid4(), "000000", at=LATER)


@pytest.mark.django_db
def test_the_sixth_try_is_refused_even_with_the_right_code() -> None:
    """M1"""
    proof = ask()
    wrong = "000000" if code_of(proof) != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(Refused):
            actions.try_proof(proof.id, wrong, at=LATER)
    with pytest.raises(Refused, match="proof_tries"):
        actions.try_proof(proof.id, code_of(proof), at=LATER)


@pytest.mark.django_db
def test_codes_live_three_minutes_on_the_phone_and_ten_in_the_mailbox() -> None:
    """M1"""
    assert ask().expires_at == MONDAY + timedelta(minutes=3)
    mailed = ask("kim@firm.example")
    assert mailed.expires_at == MONDAY + timedelta(minutes=10)
    with pytest.raises(Refused, match="proof_expired"):
        actions.try_proof(mailed.id, code_of(mailed), at=mailed.expires_at)


@pytest.mark.django_db
def test_one_member_has_thirty_codes_sent_a_day_to_whatever_addresses() -> None:
    """M1, M6: nobody has strangers texted one after the other; others, and the next day, are free."""
    firm = given.company()

    def code(by: Member, n: int, at: datetime) -> object:
        return ask_mobile_code(by, firm.buyer.id, f"010246{n:05}", at=at)

    for n in range(30):
        code(firm.owner, n, MONDAY)
    with pytest.raises(Refused) as refused:
        code(firm.owner, 30, MONDAY + timedelta(hours=23))
    assert refused.value.no.why is ProofRefusal.TOO_MANY_TODAY
    assert ask("01024680001", at=MONDAY + timedelta(hours=23)), "somebody without an account is counted apart"
    assert code(firm.owner, 30, MONDAY + timedelta(hours=24))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"), ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"), ("a socket", "a socket"),
    ],
)  # fmt: skip
def test_an_ipv6_network_counts_as_one_place(address: str, place: str) -> None:
    """M1: whoever has a network never tries twice from the same address of it."""
    assert rules.one_place(address) == place


def test_a_place_is_refused_before_anything_else_is_said() -> None:
    """M1: so that the answer does not depend on the address that was typed."""
    figures = Figures(proofs_from_one_place_in_a_day=10)
    assert rules.why_not_ask_proof(0, 0, of_place=9, figures=figures) is None
    for lately, of_a_day in ((0, 0), (99, 99)):
        no = rules.why_not_ask_proof(lately, of_a_day, of_place=10, figures=figures)
        assert why(no) is ProofRefusal.TOO_MANY_HERE


@pytest.mark.django_db
def test_one_place_has_so_many_codes_sent_a_day_to_whatever_addresses() -> None:
    """M1: nobody without an account has strangers texted one after the other; others, and the next day, are free."""
    figures.change("proofs_from_one_place_in_a_day", 10, by="operator", at=MONDAY)
    here, late = "2001:db8:1:2:aaaa::1", MONDAY + timedelta(hours=23)
    purposes = (ProofPurpose.SIGN_UP, ProofPurpose.RECOVER)

    def code(n: int, at: datetime, client: str = here) -> Proof:
        return actions.ask_proof(ProofKind.PHONE, f"010246{n:05}", purposes[n % 2], client=client, at=at)

    for n in range(10):
        code(n, MONDAY)
    for client in (here, "2001:db8:1:2:bbbb::2"):
        with pytest.raises(Refused) as refused:
            code(10, late, client)
        assert refused.value.no.why is ProofRefusal.TOO_MANY_HERE
    assert Proof.objects.count() == 10, "what is refused is not counted"
    assert code(10, late, "2001:db8:1:3::1") and code(11, late, "203.0.113.7")
    assert actions.ask_proof(
        ProofKind.PHONE, "01024699999", ProofPurpose.SENDER, by=uuid4(), client=here, at=late
    ), "a member is counted by the account"
    assert code(12, MONDAY + timedelta(hours=24))
    kept = b"".join(
        bytes(value)
        for row in Proof.objects.values()
        for value in row.values()
        if isinstance(value, (bytes, memoryview))
    )
    assert b"2001:db8" not in kept and b"203.0" not in kept, "only keyed hashes are kept"


@pytest.mark.django_db(transaction=True)
def test_codes_of_one_place_at_one_moment_are_counted_one_by_one() -> None:
    """M1: of twelve at once, to twelve numbers, ten go out."""
    figures.change("proofs_from_one_place_in_a_day", 10, by="operator", at=MONDAY)

    def code(n: int) -> object:
        return actions.ask_proof(
            ProofKind.PHONE, f"010246{n:05}", ProofPurpose.RECOVER, client="203.0.113.7", at=LATER
        )

    outcomes = threads.at_once([functools.partial(code, n) for n in range(12)])
    refused = [one.no.why for one in outcomes if isinstance(one, Refused)]
    assert refused == [ProofRefusal.TOO_MANY_HERE] * 2 and Proof.objects.count() == 10


@pytest.mark.django_db
def test_an_address_gets_twenty_codes_a_day() -> None:
    """M1: five tries each, so that whoever guesses at all hours gets nowhere."""
    for n in range(20):
        ask(at=MONDAY + timedelta(minutes=10 * n))
    with pytest.raises(Refused) as refused:
        ask(at=MONDAY + timedelta(hours=23))
    assert refused.value.no.why is ProofRefusal.TOO_MANY_TODAY
    assert ask("01024680002", at=MONDAY + timedelta(hours=23))
    assert ask(at=MONDAY + timedelta(hours=24, minutes=1))


@pytest.mark.django_db
def test_neither_address_nor_code_stands_open_in_the_table() -> None:
    """X2"""
    proof = ask("kim@firm.example")
    row = Proof.objects.filter(id=proof.id).values().get()
    raw = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
    assert b"kim@" not in raw and code_of(proof).encode() not in raw


@pytest.mark.django_db(transaction=True)
def test_ten_requests_at_once_send_five_codes() -> None:
    """M1: at most five in ten minutes for a number, however they come."""
    answers: list[object] = []

    def one() -> None:
        try:
            answers.append(ask())
        except Refused as refused:
            answers.append(refused.no.why)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(ProofRefusal.TOO_MANY) == 5 == Proof.objects.count()
    assert ask(at=MONDAY + timedelta(minutes=10)), "and again ten minutes later"


@pytest.mark.django_db
def test_who_has_an_account_is_decided_when_the_letter_is_written() -> None:
    """M1"""
    who = given.company(cash_won=0).owner
    known, unknown = ask(who.mail, ProofPurpose.SIGN_UP), ask("nobody@home.example", ProofPurpose.SIGN_UP)
    told = queries.proof_letter(known.id, LATER)
    assert told and (told.code, told.logins) == ("", [who.login])
    assert queries.proof_letter(unknown.id, LATER).code == code_of(unknown)  # type: ignore[union-attr]
    assert queries.proof_letter(ask("gone@home.example").id, LATER) is None, "nobody to bring back"
    recovery = queries.proof_letter(ask(queries.phone_of(who)).id, LATER)
    assert recovery and recovery.logins == [who.login] and recovery.code
    assert queries.proof_letter(known.id, known.expires_at) is None


# signing up


def wish(login: str = "seoyeon1", business: actions.Business | None = None, **more: object) -> actions.Wish:
    told = {
        "password": "a-long-passphrase-26", "name": "김서연", "phone": "01024680001",
        "mail": f"{login}@Home.example", "consents": frozenset({"terms", "personal_data", "age_14"}),
    } | more  # fmt: skip
    return actions.Wish(login=login, business=business, **told)  # type: ignore[arg-type]


def firm(**more: object) -> actions.Business:
    return actions.Business(
        **{
            "number": number(),
            "company_name": "새봄",
            "representative": "박새봄",
            "opened_on": date(2019, 3, 4),
        }
        | more
    )  # type: ignore[arg-type]


def prove(row: SignUp, at=LATER) -> dict:
    return actions.prove_sign_up(
        row.id, {ProofKind.PHONE: code_of(row.phone_proof), ProofKind.MAIL: code_of(row.mail_proof)}, at=at
    )


@pytest.mark.django_db
def test_the_rules_hold_without_a_form() -> None:
    """M1"""
    for bad, code in (
        (wish("Kim"), "sign_up_login_form"), (wish(consents=frozenset()), "sign_up_no_consent"),
        (wish(business=firm(number="1")), "business_number_form"),
        (wish(business=firm(opened_on=date(2026, 11, 24))), "business_opened_later"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            actions.begin_sign_up(bad, at=MONDAY)
    assert not SignUp.objects.exists() and not Proof.objects.exists()


@pytest.mark.django_db
def test_a_sign_up_keeps_neither_name_nor_password_open() -> None:
    """X2"""
    actions.begin_sign_up(wish(), at=MONDAY)
    row = str(SignUp.objects.values().get())
    assert "김서연" not in row and "passphrase" not in row and "01024680001" not in row


@pytest.mark.django_db
def test_a_login_id_is_free_again_when_its_sign_up_is_over() -> None:
    """M1"""
    actions.begin_sign_up(wish(), at=MONDAY)
    with pytest.raises(Refused, match="sign_up_login_taken"):
        actions.begin_sign_up(wish(mail="b@home.example"), at=MONDAY + timedelta(minutes=59))
    made = actions.begin_sign_up(wish(mail="c@home.example"), at=MONDAY + timedelta(minutes=60))
    assert SignUp.objects.get() == made


@pytest.mark.django_db
def test_a_mail_address_proved_twice_makes_one_member() -> None:
    """M1"""
    rows = [
        actions.begin_sign_up(wish(login, mail="both@home.example", phone=phone), at=MONDAY)
        for login, phone in (("first111", "01024680001"), ("second11", "01024680002"))
    ]
    assert prove(rows[0]) == {}
    with pytest.raises(Refused, match="sign_up_mail_taken"):
        prove(rows[1])
    assert Member.objects.filter(mail="both@home.example").count() == 1
    ended = SignUp.objects.get(id=rows[1].id)
    assert (ended.ended_at, ended.refusal) == (LATER, "sign_up_mail_taken"), "it has an end and a reason"
    assert why(queries.why_sign_up_ended(ended.id)) is SignUpRefusal.MAIL_TAKEN
    assert queries.why_sign_up_ended(rows[0].id) is None and queries.unfinished_sign_ups(LATER) == []


@pytest.mark.django_db
def test_a_job_that_finds_the_mailbox_taken_says_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    """M1, X2: the sweep ends it once, and what the database says of the address stands in no log."""
    row = actions.begin_sign_up(wish(mail="both@home.example"), at=MONDAY)
    prove(row, at=MONDAY)
    SignUp.objects.update(member=None, ended_at=None)
    given.worked()
    assert SignUp.objects.get().refusal == "" and Member.objects.count() == 1
    actions.sweep_sign_ups(at=LATER)
    assert given.worked() == 1
    assert SignUp.objects.get().refusal == "sign_up_login_taken"
    actions.sweep_sign_ups(at=LATER)
    assert given.worked() == 0 and "both@home.example" not in caplog.text and "Key (" not in caplog.text


@pytest.mark.django_db
def test_what_was_proved_and_never_finished_is_erased_after_its_hour() -> None:
    """X2: name, mail address and password hash of somebody who is no member."""
    row = actions.begin_sign_up(wish(), at=MONDAY)
    SignUp.objects.update(proved_at=LATER)
    actions.forget_sign_ups(at=MONDAY + timedelta(minutes=61))
    assert SignUp.objects.get() == row
    actions.forget_sign_ups(at=LATER + timedelta(minutes=61))
    assert not SignUp.objects.exists()


@pytest.mark.django_db
def test_finishing_twice_makes_one_member() -> None:
    row = actions.begin_sign_up(wish(), at=MONDAY)
    prove(row)
    first = actions.finish_sign_up(row.id, at=LATER)
    assert first and actions.finish_sign_up(row.id, at=LATER) == first == Member.objects.get()
    with pytest.raises(Refused, match="sign_up_over"):
        prove(row)


class Office:
    """A tax office for the beats around the call; the real adapter is tried in tests/storefront/test_account.py."""

    calls = 0
    answer: object = Told(BusinessState.CONTINUING, True, "")

    def check(self, business_number: str, representative: str, opened_on: date) -> Told:
        type(self).calls += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        assert isinstance(self.answer, Told)
        return self.answer


@pytest.fixture
def office(settings):
    Office.calls, Office.answer = 0, Told(BusinessState.CONTINUING, True, "")
    settings.TAX_OFFICE = f"{__name__}.Office"
    return Office


@pytest.mark.django_db
def test_the_tax_office_is_asked_once_however_often_the_job_runs(office) -> None:
    row = actions.begin_sign_up(wish(business=firm()), at=MONDAY)
    for _ in range(3):
        actions.check_business(row.check_asked_id, at=MONDAY)
    assert office.calls == 1
    assert BusinessCheck.objects.get().outcome == CheckOutcome.CONTINUING


@pytest.mark.django_db
def test_an_office_that_may_not_have_heard_is_asked_again(office) -> None:
    row = actions.begin_sign_up(wish(business=firm()), at=MONDAY)
    office.answer = wire.InDoubt("slow")
    with pytest.raises(wire.InDoubt):
        actions.check_business(row.check_asked_id, at=MONDAY)
    office.answer = Told(BusinessState.CLOSED, False, "")
    actions.check_business(row.check_asked_id, at=MONDAY)
    assert BusinessCheck.objects.get().outcome == CheckOutcome.CLOSED


@pytest.mark.django_db
def test_an_office_that_declines_us_is_no_judgement_on_the_business(office, caplog) -> None:
    row = actions.begin_sign_up(wish(business=firm()), at=MONDAY)
    office.answer = wire.Declined("SERVICE_KEY_IS_NOT_REGISTERED", 401)
    actions.check_business(row.check_asked_id, at=MONDAY)
    assert BusinessCheck.objects.get().outcome == CheckOutcome.NO_ANSWER
    assert "SERVICE_KEY_IS_NOT_REGISTERED" in caplog.text and number() not in caplog.text


@pytest.mark.django_db
def test_an_answer_that_comes_too_late_changes_nothing(office) -> None:
    row = actions.begin_sign_up(wish(business=firm()), at=MONDAY)
    assert prove(row, MONDAY + timedelta(seconds=19)) == {}
    assert actions.finish_sign_up(row.id, at=MONDAY + timedelta(seconds=19)) is None
    member = actions.finish_sign_up(row.id, at=MONDAY + timedelta(seconds=20))
    assert member
    actions.check_business(row.check_asked_id, at=MONDAY + timedelta(seconds=21))
    check = queries.newest_check(member)
    assert check and (check.state, check.outcome) == (CheckState.ENDED, CheckOutcome.NO_ANSWER)
    assert queries.buyer_of(member).kind == "person"  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_up_the_same_company_at_once_make_one(office) -> None:
    """M1: business numbers are unique; the second asks to join."""
    rows = [
        actions.begin_sign_up(wish(login, phone=phone, business=firm()), at=MONDAY)
        for login, phone in (("first111", "01024680001"), ("second11", "01024680002"))
    ]
    for row in rows:
        actions.check_business(row.check_asked_id, at=MONDAY)

    def one(row: SignUp) -> None:
        try:
            prove(row)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = sorted(queries.buyer_of(member).kind for member in Member.objects.all())  # type: ignore[union-attr]
    assert kinds == ["company", "person"]
    assert sorted(BusinessCheck.objects.values_list("outcome", flat=True)) == ["continuing", "known"]


@pytest.mark.django_db
def test_a_new_password_for_one_of_several_members_with_a_phone() -> None:
    """M1"""
    for login in ("first111", "second11"):
        actions.make_member(login, "long-enough-1", "김서연", phone="01024680009", mail="", at=MONDAY)
    proof = ask("01024680009")
    actions.try_proof(proof.id, code_of(proof), at=LATER)
    with pytest.raises(Refused, match="proof_unproved"):
        actions.recover(proof.id, "somebody", "another-long-1", at=LATER)
    actions.recover(proof.id, "second11", "another-long-1", at=LATER)
    assert Member.objects.get(login="second11").check_password("another-long-1")
    assert Member.objects.get(login="first111").check_password("long-enough-1")
