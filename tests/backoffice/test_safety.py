"""Bursts of wrong logins and reports of erasure at the console. M8, M9, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.backoffice import rules, words
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members.models import Alarm, Erasure
from seonmul.orders import actions as orders
from tests import given

pytestmark = pytest.mark.django_db
BANNER = "로그인 실패가 몰렸어요"


def burst(login: str = "somebody") -> Alarm:
    at = clock.now()
    for n in range(25):
        members.note_wrong_login(login, at=at - timedelta(seconds=n))
    return Alarm.objects.latest("began_at")


def page(browser: Client, name: str, *args: object) -> str:
    return browser.get(reverse(f"backoffice:{name}", args=args)).content.decode()


@pytest.mark.parametrize(
    ("role", "sees"), [("support", True), ("super", True), ("approver", False), ("finance", False)]
)
def test_a_burst_stands_on_every_page_of_those_whom_it_concerns(
    console: Callable[[str], Client], role: str, sees: bool
) -> None:
    """M8"""
    burst()
    browser = console(role)
    assert (BANNER in page(browser, "queue")) is sees
    assert (BANNER in page(browser, "members")) is sees
    assert browser.get(reverse("backoffice:alarms")).status_code == (200 if sees else 403)


def test_whoever_has_looked_takes_the_banner_away_and_stays_in_the_list(
    console: Callable[[str], Client],
) -> None:
    """M8"""
    alarm, browser = burst(), console("support")
    assert "확인했어요" in page(browser, "alarms")
    done = browser.post(reverse("backoffice:alarm_seen", args=[alarm.public_id]), follow=True)
    assert "경보를 확인했습니다" in done.content.decode()
    assert BANNER not in page(browser, "queue")
    assert "담당" in page(browser, "alarms") and "확인했어요" not in page(browser, "alarms")
    assert browser.post(reverse("backoffice:alarm_seen", args=["no-such-alarm"])).status_code == 404


def test_without_a_burst_the_page_says_so(console: Callable[[str], Client]) -> None:
    assert "경보가 없어요" in page(console("super"), "alarms")


def test_who_may_see_alarms() -> None:
    assert rules.roles_with(Power.SEE_ALARMS) == ["support", "super"]


def test_reports_of_erasure_count_in_words(console: Callable[[str], Client]) -> None:
    """M9"""
    assert "아직 지운 것이 없어요" in page(console("finance"), "erasures")
    who = given.person()
    given.device(who)
    orders.close_account(who, is_proved=True, gives_up_reward=False, at=clock.now())
    members.erase(who.id, at=clock.now())
    said = page(console("super"), "erasures")
    assert "회원 탈퇴" in said and "회원정보 1" in said and "기기 1" in said
    assert console("support").get(reverse("backoffice:erasures")).status_code == 403
    assert who.login not in said and who.name not in said


def test_every_counted_table_has_a_word() -> None:
    who = given.person()
    given.device(who)
    given.verified(who, "session")
    orders.close_account(who, is_proved=True, gives_up_reward=False, at=clock.now())
    members.erase(who.id, at=clock.now())
    assert set(Erasure.objects.get().counts) <= set(words.TABLES)
    assert words.of_counts({"unknown": 3}) == "unknown 3"
