"""The one queue: every kind of thing that waits, one line of registration each, oldest first. B"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext

from seonmul.audit import queries as audit
from seonmul.backoffice import presence
from seonmul.backoffice.kinds import (
    approvals,
    claims,
    conversions,
    differences,
    doubts,
    handovers,
    inquiries,
    left,
    parked,
    payouts,
    refunds,
    senders,
)
from seonmul.backoffice.matters import Kind
from seonmul.figures import queries as figures
from seonmul.kit import business
from seonmul.kit.business import Calendar
from seonmul.kit.clock import SEOUL, seoul_date
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member

#: Whoever brings a new kind adds it here, and nothing else.
KINDS: list[Kind] = [
    approvals.KIND, inquiries.KIND, conversions.KIND, senders.KIND, handovers.KIND, parked.KIND, refunds.KIND, payouts.KIND, payouts.HAND_KIND,
    claims.KIND, claims.HAND_KIND, left.KIND, doubts.KIND, differences.KIND,
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One waiting thing as somebody at the console sees it; `held_by`: another who has it open."""

    waiting: Waiting
    kind: Kind
    url: str
    words: str
    is_late: bool
    held_by: str


class Counts(NamedTuple):
    """What is due when, and what was decided today by all. `tomorrow`: the next business day."""

    late: int
    today: int
    tomorrow: int
    done: int


@dataclass(frozen=True)
class Desk:
    """The queue, narrowed as asked; numbers by kind and on top are of all."""

    rows: list[Row]
    by_kind: list[tuple[Kind, int]]
    total: int
    counts: Counts
    calendar: Calendar

    def next_to(self, kind: str, public_id: str) -> Row | None:
        """What opens after this one is decided: the next that nobody else has open, from the top when it was last."""
        places = [n for n, row in enumerate(self.rows) if _is(row, kind, public_id)]
        start = places[0] + 1 if places else 0
        order = self.rows[start:] + self.rows[:start]
        free = [row for row in order if not row.held_by and not _is(row, kind, public_id)]
        return free[0] if free else None


def kind_of(name: str) -> Kind | None:
    """A kind by its name."""
    return next((kind for kind in KINDS if kind.name == name), None)


def desk(who: Member, at: datetime, *, only: str = "", words: str = "", query: str = "") -> Desk:
    """All that waits, oldest first. `only`: one kind; `words`: in name or title; `query`: kept in addresses."""
    calendar = figures.calendar(at)
    waiting = sorted(
        (row for kind in KINDS for row in kind.waiting(at)), key=lambda row: (row.since, row.public_id)
    )
    by_kind = Counter(row.kind for row in waiting)
    shown = [row for row in waiting if only in ("", row.kind) and _speaks_of(row, words)]
    held = presence.held_by_others([(row.kind, row.public_id) for row in shown], who.id)
    return Desk(
        rows=[_row(row, held.get((row.kind, row.public_id), ""), calendar, query, at) for row in shown],
        by_kind=[(kind, by_kind[kind.name]) for kind in KINDS],
        total=len(waiting),
        counts=_counts(waiting, calendar, at),
        calendar=calendar,
    )


def _row(waiting: Waiting, held_by: str, calendar: Calendar, query: str, at: datetime) -> Row:
    kind = next(kind for kind in KINDS if kind.name == waiting.kind)
    return Row(
        waiting=waiting,
        kind=kind,
        url=reverse("backoffice:matter", args=[waiting.kind, waiting.public_id]) + query,
        words=business.words(waiting.due, at, calendar, gettext),
        is_late=at >= waiting.due,
        held_by=held_by,
    )


def _counts(waiting: Sequence[Waiting], calendar: Calendar, at: datetime) -> Counts:
    today = seoul_date(at)
    tomorrow = business.next_open(today, calendar)
    open_days = [seoul_date(row.due) for row in waiting if at < row.due]
    verbs = [verb for kind in KINDS for verb in kind.verbs]
    return Counts(
        late=len(waiting) - len(open_days),
        today=open_days.count(today),
        tomorrow=open_days.count(tomorrow),
        done=audit.count_since(datetime.combine(today, time(), SEOUL), verbs),
    )


def _speaks_of(row: Waiting, words: str) -> bool:
    return words.strip().lower() in f"{row.buyer_name} {row.title} {row.public_id}".lower()


def _is(row: Row, kind: str, public_id: str) -> bool:
    return (row.waiting.kind, row.waiting.public_id) == (kind, public_id)
