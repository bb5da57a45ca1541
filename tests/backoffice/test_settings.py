"""Figures, days and staff at the console. B, H"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.figures import queries as figures
from seonmul.figures.models import Change, HolidayOverride
from seonmul.figures.rules import DayRefusal, Figures, TextRefusal
from seonmul.kit import clock
from seonmul.members.models import Member, Staff
from tests.backoffice.conftest import asked, at_console, staff_member

pytestmark = pytest.mark.django_db
SETTINGS, DAYS, STAFF = (reverse(f"backoffice:{name}") for name in ("settings", "days", "staff"))


def figure(name: str) -> str:
    return reverse("backoffice:figure", args=[name])


def test_every_figure_is_there_with_meaning_bounds_and_value(console: Callable[[str], Client]) -> None:
    page = console("support").get(SETTINGS).content.decode()
    for one in fields(Figures):
        assert one.name in page and one.metadata["about"] in page and f"{one.default:,}" in page


def test_a_change_holds_at_once_and_tells_who_made_it() -> None:
    boss = staff_member("super")
    client = at_console(boss)
    assert client.post(figure("resend_most"), {"value": "7"})["Location"] == figure("resend_most")
    assert figures.figures(clock.now()).resend_most == 7
    page = client.get(figure("resend_most")).content.decode()
    assert boss.name in page and '<td class="num">7</td>' in page
    assert boss.name in client.get(SETTINGS).content.decode()
    act = Act.objects.get(verb="figure_changed")
    assert (act.by, act.subject, act.facts) == (str(boss.id), "resend_most", {"before": 5, "after": 7})


@pytest.mark.parametrize(("value", "words"), [("51", "0부터 50까지"), ("x", "value"), ("", "value")])
def test_a_value_out_of_bounds_is_refused_and_stays_typed(
    value: str, words: str, console: Callable[[str], Client]
) -> None:
    answer = console("super").post(figure("resend_most"), {"value": value})
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Change.objects.exists() and not Act.objects.filter(verb="figure_changed").exists()


def test_only_super_changes_figures_and_days(console: Callable[[str], Client]) -> None:
    client = console("finance")
    assert client.post(figure("resend_most"), {"value": "7"}).status_code == 403
    assert client.post(DAYS, {"day": "2027-03-02", "kind": "closed", "note": "휴무"}).status_code == 403
    assert "총괄 담당자만 바꿀 수 있어요" in client.get(figure("resend_most")).content.decode()
    assert not Change.objects.exists() and not HolidayOverride.objects.exists()
    assert client.get(figure("gold")).status_code == 404


def test_a_text_is_changed_in_one_language_with_history(console: Callable[[str], Client]) -> None:
    """P6"""
    client, address = console("super"), reverse("backoffice:text", args=["tax_papers_none"])
    page = client.get(address).content.decode()
    assert "비과세 유가증권" in page and "non-taxable" in page and "아직 바꾼 적이 없어요" in page
    typed = {
        "ko": "새 안내입니다.",
        "en": html.unescape(page.split('name="en"')[1].split(">")[1].split("<")[0]).strip(),
    }
    assert client.post(address, typed).status_code == 302
    page = client.get(address).content.decode()
    assert "새 안내입니다." in page and [row.language for row in figures.text_history("tax_papers_none")] == [
        "ko"
    ]
    assert "새 안내입니다." in client.get(reverse("backoffice:texts")).content.decode()
    assert Act.objects.get(verb="text_changed").facts == {"language": "ko"}
    bad = client.post(address, typed | {"ko": "가" * 501})
    assert bad.status_code == 422 and TextRefusal.TOO_LONG.sentence.split("{")[0] in bad.content.decode()
    assert client.post(address, typed | {"ko": " "}).status_code == 422
    assert client.get(reverse("backoffice:text", args=["gold"])).status_code == 404


def test_who_only_looks_changes_no_text(console: Callable[[str], Client]) -> None:
    """B"""
    client, address = console("finance"), reverse("backoffice:text", args=["tax_papers_none"])
    assert "총괄 담당자만 바꿀 수 있어요" in client.get(address).content.decode()
    assert client.post(address, {"ko": "글", "en": "text"}).status_code == 403
    assert figures.text_history("tax_papers_none") == []


def next_weekday() -> str:
    day = clock.seoul_date(clock.now()) + timedelta(days=14)
    while not figures.calendar(clock.now()).is_open(day):
        day += timedelta(days=1)
    return day.isoformat()


def test_a_day_is_closed_listed_and_given_back(console: Callable[[str], Client]) -> None:
    client, day = console("super"), next_weekday()
    client.post(DAYS, {"day": day, "kind": "closed", "note": "임시공휴일"})
    page = client.get(DAYS).content.decode()
    assert "임시공휴일" in page and f'value="{day}"' in page and "쉬는 날" in page
    again = client.post(DAYS, {"day": day, "kind": "closed", "note": "임시공휴일"})
    assert again.status_code == 422 and DayRefusal.SAME.sentence in again.content.decode()
    client.post(DAYS, {"day": day, "kind": "usual"})
    assert "따로 정한 날이 없어요" in client.get(DAYS).content.decode()
    assert [row.kind for row in figures.day_history()] == ["usual", "closed"]
    assert Act.objects.filter(verb="day_set", subject=day).count() == 2
    past = client.post(DAYS, {"day": "2026-01-05", "kind": "closed", "note": "휴무"})
    assert past.status_code == 422 and DayRefusal.PAST.sentence in past.content.decode()


def test_somebody_new_gets_an_account_and_a_first_password_once(console: Callable[[str], Client]) -> None:
    client = console("super")
    wanted = {"login": "yoon77", "name": "윤서진", "phone": "010-5555-6666", "mail": "", "role": "approver"}
    page = client.post(STAFF, wanted).content.decode()
    password = page.split('id="first-password">')[1].split("<")[0]
    made = Member.objects.get(login="yoon77")
    assert check_password(password, made.password) and made.staff.role == "approver" and made.is_staff
    assert password not in client.get(STAFF).content.decode()
    twice = client.post(STAFF, wanted)
    assert twice.status_code == 422 and "이미 쓰고 있는 아이디" in twice.content.decode()


def test_a_role_is_changed_and_taken_and_the_account_closed() -> None:
    boss, other = staff_member("super"), staff_member("support")
    client, role = at_console(boss), reverse("backoffice:role", args=[other.id])
    client.post(role, {"role": "finance"})
    assert Staff.objects.get(member=other).role == "finance"
    client.post(role, {"role": ""})
    other.refresh_from_db()
    assert not other.is_active and not Staff.objects.filter(member=other).exists()
    client.post(role, {"role": "support"})
    other.refresh_from_db()
    assert other.is_active
    assert client.post(role, {"role": "boss"}).status_code == 404
    own = client.post(reverse("backoffice:role", args=[boss.id]), {"role": ""}, follow=True)
    assert "자기 역할은 바꿀 수 없습니다" in own.content.decode()


def test_three_staff_ask_no_more_than_one() -> None:
    client = at_console(staff_member("super"))
    one = asked(client, STAFF)
    staff_member("support")
    staff_member("finance")
    assert asked(client, STAFF) == one
