"""Days that are open or closed against the rule of business hours. H, B"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from seonmul.figures import actions, queries
from seonmul.figures.models import HolidayOverride
from seonmul.figures.rules import DayKind, DayRefusal, why_not_set_day
from seonmul.kit.business import Calendar
from seonmul.kit.refusals import Refused
from tests.given import MONDAY

TODAY = date(2026, 11, 23)
FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


@pytest.mark.django_db
def test_a_closed_day_holds_from_its_entry_on_and_can_be_given_back() -> None:
    assert queries.calendar(MONDAY) == Calendar()
    actions.set_day(FRIDAY, DayKind.CLOSED, "창립기념일", by="staff-1", at=MONDAY)
    actions.set_day(SATURDAY, DayKind.OPEN, "연말 근무", by="staff-1", at=MONDAY)
    later = MONDAY + timedelta(hours=1)
    assert queries.calendar(later) == Calendar(frozenset({SATURDAY}), frozenset({FRIDAY}))
    assert queries.calendar(MONDAY - timedelta(seconds=1)) == Calendar()
    assert [row.day for row in queries.coming_days(TODAY, later)] == [FRIDAY, SATURDAY]
    assert [row.day for row in queries.coming_days(SATURDAY, later)] == [SATURDAY]
    actions.set_day(FRIDAY, DayKind.USUAL, "", by="staff-2", at=later)
    assert queries.calendar(later).closed == frozenset()
    assert [(row.day, row.kind, row.by) for row in queries.day_history()] == [
        (FRIDAY, "usual", "staff-2"), (SATURDAY, "open", "staff-1"), (FRIDAY, "closed", "staff-1"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_is_refused_writes_nothing_and_what_is_written_stays() -> None:
    with pytest.raises(Refused):
        actions.set_day(FRIDAY, DayKind.OPEN, "평일", by="staff-1", at=MONDAY)
    assert not HolidayOverride.objects.exists()
    actions.set_day(FRIDAY, DayKind.CLOSED, "휴무", by="staff-1", at=MONDAY)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        HolidayOverride.objects.update(kind="open")


@pytest.mark.parametrize(
    ("day", "kind", "note", "now", "is_open", "why"),
    [
        (date(2026, 11, 22), DayKind.CLOSED, "휴무", DayKind.USUAL, False, DayRefusal.PAST),
        (FRIDAY, DayKind.OPEN, "평일", DayKind.USUAL, True, DayRefusal.SAME),
        (SATURDAY, DayKind.CLOSED, "토요일", DayKind.USUAL, False, DayRefusal.SAME),
        (FRIDAY, DayKind.USUAL, "", DayKind.USUAL, True, DayRefusal.SAME),
        (FRIDAY, DayKind.CLOSED, " ", DayKind.USUAL, True, DayRefusal.NO_NOTE),
    ],
)
def test_what_is_refused(
    day: date, kind: DayKind, note: str, now: DayKind, is_open: bool, why: DayRefusal
) -> None:
    no = why_not_set_day(day, kind, note, now=now, is_open=is_open, today=TODAY)
    assert no is not None and no.why is why


def test_today_itself_may_be_closed() -> None:
    assert (
        why_not_set_day(TODAY, DayKind.CLOSED, "태풍", now=DayKind.USUAL, is_open=True, today=TODAY) is None
    )
