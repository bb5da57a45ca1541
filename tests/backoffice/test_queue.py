"""One queue: oldest first, lateness in words, decided once, the next opens by itself. B"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from seonmul.backoffice import queue
from seonmul.kit import business, clock
from seonmul.members.rules import ConversionRefusal
from tests.backoffice.conftest import Parcels, asked, at_console, days_ago, found, staff_member
from tests.given import MONDAY

pytestmark = pytest.mark.django_db
QUEUE = reverse("backoffice:queue")


def url(public_id: str, name: str = "matter") -> str:
    return reverse(f"backoffice:{name}", args=["parcel", public_id])


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def order(page: str) -> list[str]:
    """The public ids of the list, as they stand on the page."""
    listed = page.split('class="queue-list"')[1].split("</ol>")[0]
    return [part.split("/")[4] for part in listed.split('href="')[1:]]


def test_the_oldest_comes_first_and_says_how_late_it_is(parcels: Parcels) -> None:
    parcels.wait("new", MONDAY - hours(1), MONDAY + hours(4), "한울회계법인")
    parcels.wait("late", MONDAY - hours(80), MONDAY - hours(0.25))
    parcels.wait("next", MONDAY - hours(2), MONDAY + hours(24))
    desk = queue.desk(staff_member("approver"), MONDAY)
    assert [(row.waiting.public_id, row.words, row.is_late) for row in desk.rows] == [
        ("late", "15분 늦음", True), ("next", "내일 10:00까지", False), ("new", "2시간 30분 남음", False),
    ]  # fmt: skip
    assert desk.counts == queue.Counts(late=1, today=1, tomorrow=1, done=0)
    assert [(kind.name, n) for kind, n in desk.by_kind] == [("parcel", 3)]


def test_on_friday_tomorrow_is_monday(parcels: Parcels) -> None:
    friday = MONDAY - timedelta(days=3)
    parcels.wait("a", friday, business.due(friday, days=1, calendar=business.Calendar()))
    assert queue.desk(staff_member("approver"), friday).counts.tomorrow == 1


def test_the_queue_is_narrowed_by_kind_and_words_and_keeps_its_numbers(
    parcels: Parcels, console: Callable[[str], Client]
) -> None:
    for n, who in enumerate(("새솔디자인", "한울회계법인")):
        parcels.wait(f"p{n}", days_ago(2), days_ago(1), who)
    client = console("approver")
    page = found(client, QUEUE, "한울").content.decode()
    assert order(page) == ["p1"] and "전체 2" in page
    assert re.search(f'href="{url("p1")}[?]find=[a-z0-9]+"', page), "the words go on, but in no address"
    assert "조건에 맞는 일이 없어요" in client.get(QUEUE, {"only": "sender"}).content.decode()


def test_an_empty_queue_shows_the_cloth_and_what_was_done(
    parcels: Parcels, console: Callable[[str], Client]
) -> None:
    page = console("approver").get(QUEUE).content.decode()
    assert "기다리는 일이 없어요" in page and 'class="cloth"' in page


def test_deciding_opens_the_next_and_is_counted(parcels: Parcels, console: Callable[[str], Client]) -> None:
    for n in range(3):
        parcels.wait(f"p{n}", days_ago(9 - n), days_ago(1), f"회사{n}")
    client = console("approver")
    page = client.get(url("p0")).content.decode()
    assert "받기" in page and "결정하면 다음이 열려요" in page and "소포, 회사1" in page
    answer = client.post(url("p0", "decide"), {"verdict": "approve"})
    assert answer["Location"] == url("p1")
    after = client.get(answer["Location"]).content.decode()
    assert "받았습니다." in after and order(after) == ["p1", "p2"]
    assert "<dt>오늘 처리</dt><dd>1</dd>" in after
    assert parcels.decided == {"p0": (True, "", frozenset())}
    assert client.post(url("p2", "decide"), {"verdict": "approve"})["Location"] == url("p1")
    assert client.post(url("p1", "decide"), {"verdict": "approve"})["Location"] == QUEUE


def test_the_filter_stays_from_one_matter_to_the_next(
    parcels: Parcels, console: Callable[[str], Client]
) -> None:
    for n in range(2):
        parcels.wait(f"p{n}", days_ago(9 - n), days_ago(1))
    answer = console("approver").post(f"{url('p0', 'decide')}?only=parcel", {"verdict": "approve"})
    assert answer["Location"] == f"{url('p1')}?only=parcel"


def test_a_refusal_needs_its_reason_and_keeps_what_was_typed(
    parcels: Parcels, console: Callable[[str], Client]
) -> None:
    parcels.wait("p0", days_ago(2), days_ago(1))
    client = console("approver")
    declined = client.post(url("p0", "decide"), {"verdict": "refuse", "reason": ""})
    assert declined.status_code == 422
    assert ConversionRefusal.NO_REASON.sentence in declined.content.decode()
    assert parcels.decided == {}
    client.post(url("p0", "decide"), {"verdict": "refuse", "reason": "주소가 없습니다."})
    assert parcels.decided["p0"] == (False, "주소가 없습니다.", frozenset())


def test_boxes_beside_a_decision_reach_the_domain(
    parcels: Parcels, console: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    parcels.checks = (("registered", "통신사에 등록했습니다"),)
    monkeypatch.setattr(queue, "KINDS", [parcels.kind()])
    parcels.wait("p0", days_ago(2), days_ago(1))
    client = console("approver")
    assert "통신사에 등록했습니다" in client.get(url("p0")).content.decode()
    odd = client.post(url("p0", "decide"), {"verdict": "approve", "checks": "everything"})
    assert odd.status_code == 422 and parcels.decided == {}
    client.post(url("p0", "decide"), {"verdict": "approve", "checks": "registered"})
    assert parcels.decided["p0"] == (True, "", frozenset({"registered"}))


def test_the_second_of_two_hears_that_it_is_decided(parcels: Parcels) -> None:
    parcels.wait("p0", days_ago(2), days_ago(1))
    first, second = at_console(staff_member("approver")), at_console(staff_member("super"))
    second.get(url("p0"))
    first.post(url("p0", "decide"), {"verdict": "approve"})
    late = second.post(url("p0", "decide"), {"verdict": "refuse", "reason": "늦게 누름"})
    assert late.status_code == 422
    assert "이미 처리된" in late.content.decode() and "처리가 끝난 일이에요" in late.content.decode()
    assert "decide-yes" not in late.content.decode()
    assert parcels.decided["p0"][0] is True


def test_others_see_who_has_a_matter_open_until_it_is_left(parcels: Parcels) -> None:
    for n in range(2):
        parcels.wait(f"p{n}", days_ago(9 - n), days_ago(1))
    somebody = staff_member("approver")
    first, second = at_console(somebody), at_console(staff_member("approver"))
    first.get(url("p0"))
    assert f"{somebody.name} 님이 보는 중" in second.get(QUEUE).content.decode()
    assert f"{somebody.name} 님이 먼저 열어" in second.get(url("p0")).content.decode()
    assert "보는 중" not in first.get(QUEUE).content.decode()
    # the queue opens the first that nobody has, and the next one passes over it
    assert url("p1", "decide") in second.get(QUEUE).content.decode()
    assert queue.desk(staff_member("approver"), clock.now()).next_to("parcel", "p1") is None
    first.post(url("p0", "decide"), {"verdict": "approve"})
    cache.delete("open:parcel:p1")
    assert "보는 중" not in second.get(QUEUE).content.decode()


def test_a_beat_keeps_a_matter_and_brings_the_list(parcels: Parcels) -> None:
    parcels.wait("p0", days_ago(2), days_ago(1))
    somebody = staff_member("approver")
    answer = at_console(somebody).post(url("p0", "beat"))
    page = answer.content.decode()
    assert order(page) == ["p0"] and "<html" not in page and 'hx-swap-oob="true"' in page
    other = at_console(staff_member("approver"))
    assert f"{somebody.name} 님이 보는 중" in other.get(reverse("backoffice:refresh")).content.decode()


def test_whoever_may_not_decide_sees_and_is_refused(
    parcels: Parcels, console: Callable[[str], Client]
) -> None:
    parcels.wait("p0", days_ago(2), days_ago(1))
    client = console("finance")
    page = client.get(url("p0")).content.decode()
    assert "다른 역할의 담당자가 결정해요" in page and "decide-yes" not in page
    assert client.post(url("p0", "decide"), {"verdict": "approve"}).status_code == 403
    assert parcels.decided == {}


def test_what_is_not_there_is_not_found(parcels: Parcels, console: Callable[[str], Client]) -> None:
    client = console("super")
    assert client.get(url("gone")).status_code == 404
    assert client.get(reverse("backoffice:matter", args=["letters", "p0"])).status_code == 404
    assert client.post(url("gone", "decide"), {"verdict": "approve"}).status_code == 404
    assert client.get(url("gone", "paper")).status_code == 404


def test_a_queue_of_three_asks_no_more_than_a_queue_of_one(
    parcels: Parcels, console: Callable[[str], Client]
) -> None:
    client = console("approver")
    parcels.wait("p0", days_ago(5), days_ago(1))
    one = asked(client, QUEUE)
    for n in (1, 2):
        parcels.wait(f"p{n}", days_ago(2), days_ago(1))
    assert asked(client, QUEUE) == one
