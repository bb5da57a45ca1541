"""Changing a figure or a text, opening and closing days."""

from datetime import date, datetime

from django.db import transaction

from seonmul.figures import queries
from seonmul.figures.models import Change, HolidayOverride, TextChange
from seonmul.figures.rules import DayKind, why_not_change, why_not_set_day, why_not_set_text
from seonmul.kit.clock import seoul_date
from seonmul.kit.refusals import refuse


def change(name: str, value: int, *, by: str, at: datetime) -> Change:
    """Let figure `name` be `value` from now on; raises Refused outside its bounds."""
    refuse(why_not_change(name, value))
    return Change.objects.create(name=name, value=value, by=by, changed_at=at)


@transaction.atomic
def set_day(day: date, kind: DayKind, note: str, *, by: str, at: datetime) -> HolidayOverride:
    """Open or close a day against the rule, or give it back; raises Refused for days that have passed. H"""
    calendar = queries.calendar(at)
    in_table = {DayKind.OPEN: day in calendar.opened, DayKind.CLOSED: day in calendar.closed}
    now = next((kind_ for kind_, holds in in_table.items() if holds), DayKind.USUAL)
    refuse(why_not_set_day(day, kind, note, now=now, is_open=calendar.is_open(day), today=seoul_date(at)))
    return HolidayOverride.objects.create(day=day, kind=kind, note=note.strip(), by=by, changed_at=at)


def set_text(name: str, language: str, text: str, *, by: str, at: datetime) -> TextChange:
    """Let a text read so from now on, in one language ("ko", "en"); raises Refused and changes nothing. P6"""
    refuse(why_not_set_text(name, language, text))
    return TextChange.objects.create(name=name, language=language, text=text.strip(), by=by, changed_at=at)
