"""Devices that are new, the member's list, and bursts of wrong logins. M8"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from seonmul.audit.models import Act
from seonmul.figures.rules import Figures
from seonmul.kit.refusals import Refusal, Refused
from seonmul.members import actions, queries, rules
from seonmul.members.models import Access, Alarm, Device, Member, WrongLogin
from seonmul.members.rules import (
    DeviceFacts,
    LoginRefusal,
    Purpose,
    SecondFactorRefusal,
    SpendRefusal,
    TryFacts,
)
from tests import given
from tests.given import MONDAY
from tests.threads import at_once

PASSWORD, ORDER = "pay-with-this-1", Purpose("draft-1", 9_000, 2)
FIGURES = Figures()


def refusal(does: Callable[..., object], *args: Any, **named: Any) -> Refusal:
    with pytest.raises(Refused) as refused:
        does(*args, **named)
    return refused.value.no.why


def later(**more: float) -> datetime:
    return MONDAY + timedelta(**more)


# the rule


@for_all(hours=st.integers(0, 720), seen=st.integers(0, 10**7), is_first=st.booleans())
def test_a_device_is_new_for_its_hours_and_the_first_never(hours: int, seen: int, is_first: bool) -> None:
    """M8"""
    figures, at = Figures(new_device_hours=hours), MONDAY + timedelta(seconds=seen)
    no = rules.why_not_pay_by_password(DeviceFacts(is_first, MONDAY), figures=figures, at=at)
    assert (no is None) is (is_first or seen >= hours * 3600)
    assert no is None or no.why is SpendRefusal.NEW_DEVICE


def test_a_browser_without_a_cookie_is_new_whatever_the_time() -> None:
    """M8"""
    no = rules.why_not_pay_by_password(None, figures=FIGURES, at=MONDAY)
    assert no and no.numbers == {"hours": 24, "until": "2026.11.24(화) 10:00"}


@for_all(seen=st.integers(0, 10**6), is_first=st.booleans(), is_verified=st.booleans())
def test_factors_change_on_a_new_device_only_behind_a_verification(
    seen: int, is_first: bool, is_verified: bool
) -> None:
    """M4, M8"""
    at = MONDAY + timedelta(seconds=seen)
    no = rules.why_not_change_factors(
        DeviceFacts(is_first, MONDAY), is_verified=is_verified, figures=FIGURES, at=at
    )
    assert (no is None) is (is_first or is_verified or seen >= 86_400)
    assert no is None or no.why is SecondFactorRefusal.NEW_DEVICE
    assert rules.why_not_change_factors(None, is_verified=False, figures=FIGURES, at=at) is not None


@for_all(own=st.integers(0, 300), all_=st.integers(0, 300), is_known=st.booleans())
def test_only_strange_devices_are_refused_and_only_in_a_burst(own: int, all_: int, is_known: bool) -> None:
    """M8"""
    no = rules.why_not_try_login(TryFacts(own, all_, is_known), figures=FIGURES)
    assert (no is None) is (is_known or (own < 20 and all_ < 100))
    assert no is None or no.why is LoginRefusal.BURST


@pytest.mark.parametrize(
    "address, short",
    [
        ("203.0.113.7", "203.0.*.*"), ("2001:db8:85a3::8a2e:370:7334", "2001:db8:*"), ("::1", "0:0:*"),
        ("::ffff:10.1.2.3", "10.1.*.*"), ("", ""), ("no address", ""),
    ],
)  # fmt: skip
def test_of_an_address_the_first_two_parts_stay(address: str, short: str) -> None:
    """M8"""
    assert rules.short_address(address) == short


# devices


@pytest.fixture
def who(db: None) -> Member:
    return given.company(cash_won=0).owner


@pytest.fixture
def payer(who: Member) -> Member:
    actions.set_payment_password(who.id, PASSWORD, at=MONDAY)
    return who


def test_a_new_device_pays_by_password_after_a_day_and_the_first_at_once(payer: Member) -> None:
    """M8"""
    pay = partial(actions.enter_payment_password, payer.id, ORDER, PASSWORD)
    first = given.device(payer)
    assert pay(device=first, at=MONDAY)
    second = given.device(payer, later(hours=1), "second")
    assert refusal(pay, device=second, at=later(hours=24, minutes=59)) is SpendRefusal.NEW_DEVICE
    assert pay(device=second, at=later(hours=25))
    for strange in ("", "never seen"):
        assert refusal(pay, device=strange, at=later(days=400)) is SpendRefusal.NEW_DEVICE


def test_a_thief_is_never_the_first_device_of_somebody_who_has_logged_in(payer: Member) -> None:
    """M8: not with a device table that was empty before, and not after all devices were forgotten."""
    Member.objects.filter(id=payer.id).update(last_login=MONDAY - timedelta(days=90))
    pay = partial(actions.enter_payment_password, payer.id, ORDER, PASSWORD, at=later(minutes=1))
    assert refusal(pay, device=given.device(payer, key="thief")) is SpendRefusal.NEW_DEVICE
    actions.forget_devices(payer.id, besides="", at=MONDAY)
    assert refusal(pay, device=given.device(payer, key="thief")) is SpendRefusal.NEW_DEVICE


def test_a_new_device_learns_nothing_of_the_password_and_counts_no_try(payer: Member) -> None:
    """M8: right and wrong are refused alike."""
    for typed in (PASSWORD, "wrong-one-1"):
        enter = partial(actions.enter_payment_password, payer.id, ORDER, typed, device="x", at=MONDAY)
        assert [refusal(enter) for _ in range(6)] == [SpendRefusal.NEW_DEVICE] * 6
    payer.refresh_from_db()
    assert payer.payment_failures == 0


def test_the_device_of_one_member_is_not_that_of_another(payer: Member) -> None:
    """M8: two people at one browser."""
    other = given.person()
    actions.set_payment_password(other.id, PASSWORD, at=MONDAY)
    Member.objects.filter(id=other.id).update(last_login=MONDAY)
    key = given.device(payer)
    pay = partial(actions.enter_payment_password, other.id, ORDER, PASSWORD, device=key, at=later(days=2))
    assert refusal(pay) is SpendRefusal.NEW_DEVICE
    given.device(other, later(days=2), key)
    assert refusal(pay) is SpendRefusal.NEW_DEVICE


def test_devices_that_were_logged_out_are_new_again_and_this_one_stays(payer: Member) -> None:
    """M8"""
    here, there = given.device(payer), given.device(payer, key="there")
    actions.forget_devices(payer.id, besides=here, at=later(days=2))
    pay = partial(actions.enter_payment_password, payer.id, ORDER, PASSWORD, at=later(days=2))
    assert pay(device=here) and refusal(pay, device=there) is SpendRefusal.NEW_DEVICE


def test_a_login_on_a_new_device_is_told_by_mail(who: Member, mailoutbox: Any) -> None:
    """M8: not the first, not the known ones; with what to do."""
    given.device(who)
    given.device(who, later(hours=1))
    given.worked()
    assert not mailoutbox
    given.device(who, later(hours=2), "new one")
    given.worked()
    (mail,) = mailoutbox
    assert mail.to == [who.mail] and "203.0.*.*" in mail.body and "Chrome · Windows" in mail.body
    assert "/account/devices/" in mail.body and "/my/company/freeze/" in mail.body
    assert "203.0.113.7" not in mail.body


def test_a_person_s_mail_names_no_company(db: None, mailoutbox: Any) -> None:
    who = given.person()
    given.device(who)
    given.device(who, key="new one")
    given.worked()
    assert "freeze" not in mailoutbox[0].body


def test_the_list_has_logins_wrong_tries_by_the_hour_and_payments(db: None) -> None:
    """M8"""
    firm = given.company()
    given.device(firm.owner, later(minutes=-200))
    for minute in (-130, -125, -70):
        actions.note_wrong_login(firm.owner.login, at=later(minutes=minute))
    given.placed(firm, given.numbers(2))
    rows = queries.accesses(firm.owner).rows
    assert [(row.kind, row.tries, row.amount_won) for row in rows] == [
        ("spend", 0, 9_000), ("wrong", 1, 0), ("wrong", 2, 0), ("login", 0, 0),
    ]  # fmt: skip
    assert not queries.accesses(firm.approver).rows


def test_lists_and_tries_are_forgotten_after_their_terms(who: Member) -> None:
    """M8"""
    given.device(who)
    actions.note_wrong_login(who.login, at=MONDAY)
    actions.forget_accesses(at=later(hours=25))
    assert not WrongLogin.objects.exists() and Access.objects.count() == 2
    actions.forget_accesses(at=later(days=366))
    assert not Access.objects.exists() and Device.objects.exists(), "a device stays known"


# bursts


def tries(login: str, count: int, at: datetime = MONDAY) -> None:
    for n in range(count):
        actions.note_wrong_login(login, at=at + timedelta(seconds=n))


def why(login: str, device: str = "", address: str = "", at: datetime = MONDAY) -> Refusal | None:
    no = queries.why_not_try_login(login, device, address, at + timedelta(minutes=1))
    return no.why if no else None


@pytest.mark.parametrize("exists", [True, False])
def test_one_account_under_attack_is_closed_to_strangers_whether_it_exists_or_not(
    who: Member, exists: bool
) -> None:
    """M8: nobody learns who has an account; others are not touched."""
    login, key = who.login if exists else "nobody-at-all", given.device(who)
    tries(login, 19)
    assert why(login) is None and not Alarm.objects.exists()
    tries(login, 1)
    assert why(login) is LoginRefusal.BURST and why("somebody") is None
    assert (why(login, key) is None) is exists, "a known device goes on"
    assert (why(login, "", "203.0.113.7") is None) is exists, "and a known address"
    assert why(login, "", "203.0.113.8") is LoginRefusal.BURST
    assert why(login, at=later(minutes=11)) is None, "over"


def test_many_accounts_under_attack_close_all_to_strangers(who: Member) -> None:
    """M8"""
    key = given.device(who)
    for n in range(100):
        actions.note_wrong_login(f"guess{n}", at=MONDAY + timedelta(seconds=n % 60))
    assert why(who.login) is why("guess1") is why("new-one") is LoginRefusal.BURST
    assert why(who.login, key) is None


def test_a_burst_is_one_alarm_and_one_mail_to_each_account_under_attack(who: Member, mailoutbox: Any) -> None:
    """M8: 500 tries."""
    for n in range(500):
        login = who.login if n % 2 else f"guess{n}"
        actions.note_wrong_login(login, at=MONDAY + timedelta(seconds=n))
    given.worked()
    alarm = Alarm.objects.get()
    assert alarm.tries > 450 and alarm.accounts > 200
    assert [mail.to for mail in mailoutbox] == [[who.mail]]
    assert who.login in mailoutbox[0].body
    assert Act.objects.filter(verb="login_burst").count() == 1
    tries(who.login, 20, later(hours=2))
    given.worked()
    assert Alarm.objects.count() == 2 and len(mailoutbox) == 2, "the next burst"


def test_somebody_of_the_staff_has_seen_it(who: Member) -> None:
    """M8"""
    tries(who.login, 20)
    alarm, staff = Alarm.objects.get(), given.operator()
    actions.see_alarm(alarm.id, by=staff, at=MONDAY)
    actions.see_alarm(alarm.id, by=given.operator(), at=later(hours=1))
    alarm.refresh_from_db()
    assert (alarm.seen_by, alarm.seen_at) == (staff, MONDAY)
    assert Act.objects.filter(verb="alarm_seen").count() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted_and_raise_one_alarm() -> None:
    """M8"""
    who = given.person()
    for _ in range(5):
        outcomes = at_once([partial(actions.note_wrong_login, who.login, at=MONDAY)] * 6)
        assert outcomes == [None] * 6
    assert WrongLogin.objects.count() == 30 and Access.objects.get().tries == 30
    assert Alarm.objects.get().tries >= 30 - 6


@pytest.mark.django_db(transaction=True)
def test_two_first_logins_at_once_have_one_first_device() -> None:
    """M8"""
    who = given.person()
    note = partial(actions.note_login, who.id, words="Chrome", address="203.0.113.7", at=MONDAY)
    at_once([partial(note, f"key{n}") for n in range(4)])
    assert Device.objects.count() == 4 and Device.objects.filter(is_first=True).count() == 1
