"""Questions about figures and texts."""

from dataclasses import fields
from datetime import date, datetime

from django.utils.translation import get_language, gettext, override

from seonmul.figures.models import Change, HolidayOverride, TextChange
from seonmul.figures.rules import LANGUAGES, TAX_PAPERS, TEXTS, DayKind, Figures, chosen_text
from seonmul.kit import prepared
from seonmul.kit.business import Calendar

_KNOWN = frozenset(one.name for one in fields(Figures))
#: Nearly every action asks this: planned once a connection.
_NEWEST = """
    SELECT DISTINCT ON (name) name, value FROM figures_change WHERE changed_at <= %(at)s
    ORDER BY name, changed_at DESC, id DESC"""


def figures(at: datetime) -> Figures:
    """All figures as they hold at `at`: defaults, and over them the newest change of each."""
    newest = prepared.run(_NEWEST, {"at": at})
    return Figures(**{name: value for name, value in newest if name in _KNOWN})


def history(name: str, limit: int = 100) -> list[Change]:
    """The last changes of one figure, newest first."""
    return list(Change.objects.filter(name=name).order_by("-changed_at", "-id")[:limit])


def last_changes(at: datetime) -> dict[str, Change]:
    """The change that holds now, of each figure that was ever changed."""
    rows = Change.objects.filter(changed_at__lte=at).order_by("name", "-changed_at", "-id").distinct("name")
    return {row.name: row for row in rows}


def texts(at: datetime, *, language: str = "") -> dict[str, str]:
    """Every text by its name as it holds at `at`, in the reader's language or the one that is named. P6"""
    reader = (get_language() or "ko")[:2]
    language = language or (reader if reader in LANGUAGES else "ko")
    kept = {(row.name, row.language): row.text for row in _newest_texts(at)}
    with override(language):
        return {
            one.name: chosen_text(
                kept.get((one.name, language), ""), kept.get((one.name, "ko"), ""), gettext(one.text)
            )
            for one in TEXTS
        }


def tax_papers(at: datetime, *, language: str = "") -> list[str]:
    """Why there is no tax invoice and no cash receipt, and what there is instead, sentence by sentence. P6"""
    said = texts(at, language=language)
    return [said[name] for name in TAX_PAPERS]


def text_history(name: str, limit: int = 50) -> list[TextChange]:
    """The last changes of one text in any language, newest first."""
    return list(TextChange.objects.filter(name=name).order_by("-changed_at", "-id")[:limit])


def last_text_changes(at: datetime) -> dict[str, TextChange]:
    """The change that came last, in whichever language, of each text that was ever changed."""
    return {row.name: row for row in sorted(_newest_texts(at), key=lambda row: (row.changed_at, row.id))}


def _newest_texts(at: datetime) -> list[TextChange]:
    rows = TextChange.objects.filter(changed_at__lte=at)
    newest = rows.order_by("name", "language", "-changed_at", "-id").distinct("name", "language")
    return list(newest)


def calendar(at: datetime) -> Calendar:
    """The days that are open or closed against the rule, as the table holds at `at`. H"""
    days = {row.day: row.kind for row in _days(at)}
    return Calendar(
        opened=frozenset(day for day, kind in days.items() if kind == DayKind.OPEN),
        closed=frozenset(day for day, kind in days.items() if kind == DayKind.CLOSED),
    )


def coming_days(today: date, at: datetime) -> list[HolidayOverride]:
    """Days from today on that stand against the rule, the next first."""
    return [row for row in _days(at) if row.day >= today and row.kind != DayKind.USUAL]


def day_history(limit: int = 100) -> list[HolidayOverride]:
    """The last entries of the table of days, newest first."""
    return list(HolidayOverride.objects.order_by("-changed_at", "-id")[:limit])


def _days(at: datetime) -> list[HolidayOverride]:
    """The entry that holds, of each day in the table; a few a year."""
    rows = HolidayOverride.objects.filter(changed_at__lte=at)
    return list(rows.order_by("day", "-changed_at", "-id").distinct("day")[:1_000])
