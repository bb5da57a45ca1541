"""Questions about the books held against the provider's list. P9"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from seonmul.kit import clock
from seonmul.kit.pages import Page, page
from seonmul.payments.models import Difference, DifferenceState, Payment, Reconciliation

#: Both sides joined: `told_payment` is what the provider listed, staged by the action. What nobody has money of is
#: no pair. A sum that was parked less what had gone back before counts as the sum that is left.
_PAIRS = """
    WITH pairs AS (
        SELECT coalesce(t.reference, o.reference) AS reference,
               t.reference IS NOT NULL AND t.state <> 'nothing' AS is_there,
               o.reference IS NOT NULL AND o.state IN ('paid', 'parked', 'returned') AS is_here,
               o.reference IS NOT NULL AS is_known,
               coalesce(o.state || ':' || coalesce(o.paid_won, 0) || ':' || o.cancelled_won, '') AS ours,
               coalesce(t.state || ':' || t.paid_won || ':' || t.cancelled_won
                        || CASE WHEN t.is_ours THEN '' ELSE ':foreign' END, '') AS theirs,
               CASE WHEN o.state IN ('paid', 'parked', 'returned') THEN o.paid_won - o.cancelled_won ELSE 0 END AS ours_won,
               coalesce(t.paid_won - t.cancelled_won, 0) AS theirs_won,
               coalesce(t.is_ours, true) AND coalesce(t.paid_won, 0) >= coalesce(o.paid_won, 0) AS fits
        FROM told_payment t FULL JOIN (
            SELECT reference, state, paid_won, cancelled_won,
                   state IN ('paid', 'parked', 'returned') AND paid_at >= %(since)s AND paid_at < %(until)s AS in_day
            FROM payments_payment
            WHERE reference IN (SELECT reference FROM told_payment)
                OR (state IN ('paid', 'parked', 'returned') AND paid_at >= %(since)s AND paid_at < %(until)s)
        ) o ON o.reference = t.reference
        WHERE t.is_of_day OR o.in_day),
    judged AS (
        SELECT *, CASE WHEN is_here THEN is_there AND fits AND ours_won = theirs_won ELSE theirs_won = 0 END AS is_matched
        FROM pairs)"""


class Found(NamedTuple):
    """One payment on which the two sides do not agree, as the comparison tells it."""

    reference: str
    kind: str
    ours: str
    theirs: str
    ours_won: int
    theirs_won: int
    is_known: bool


@dataclass(frozen=True)
class Span:
    """One day of Seoul."""

    since: datetime
    until: datetime


def span_of(day: date) -> Span:
    """From midnight to midnight in Seoul."""
    since = datetime.combine(day, datetime.min.time(), tzinfo=clock.SEOUL)
    return Span(since, since + timedelta(days=1))


def found_differences(span: Span) -> list[Found]:
    """What does not agree, of what is staged and of what was booked in the span. P9"""
    with connection.cursor() as cursor:
        cursor.execute(
            _PAIRS  # noqa: S608 - constants
            + """ SELECT reference, CASE WHEN NOT is_there THEN 'missing_there' WHEN NOT is_here THEN 'missing_here'
                      ELSE 'different' END, ours, theirs, ours_won, theirs_won, is_known
                  FROM judged WHERE NOT is_matched ORDER BY reference""",
            {"since": span.since, "until": span.until},
        )
        return [Found(*row) for row in cursor.fetchall()]


def matched_count(span: Span) -> int:
    """How many payments are on both sides alike. P9"""
    with connection.cursor() as cursor:
        cursor.execute(
            _PAIRS + " SELECT count(*) FROM judged WHERE is_matched AND is_here",  # noqa: S608 - a constant
            {"since": span.since, "until": span.until},
        )
        return int(cursor.fetchone()[0])


def reconciled_days() -> list[date]:
    """All days that were ever held against the provider's list: one row a day. P9"""
    return list(Reconciliation.objects.order_by("day").values_list("day", flat=True))


def reconciliations_page(after: str = "", limit: int = 31) -> Page[Reconciliation]:
    """Days, the newest first. P9"""
    return page(Reconciliation.objects.all(), order=("-day",), after=after, limit=limit)


def reconciliation(day: date) -> Reconciliation | None:
    """One day."""
    return Reconciliation.objects.filter(day=day).first()


def differences_page(
    *, day: date | None = None, state: str = "", after: str = "", limit: int = 50
) -> Page[Difference]:
    """Differences, the newest first; of one day, in one state. P9"""
    rows = Difference.objects.select_related("settled_by")
    if day:
        rows = rows.filter(day=day)
    if state in DifferenceState.values:
        rows = rows.filter(state=state)
    return page(rows, order=("-found_at", "-id"), after=after, limit=limit)


def open_counts(days: Iterable[date]) -> dict[date, int]:
    """How many differences of these days wait for a decision."""
    rows = Difference.objects.filter(day__in=list(days), state=DifferenceState.OPEN).values_list(
        "day", flat=True
    )
    counts: dict[date, int] = {}
    for day in rows:
        counts[day] = counts.get(day, 0) + 1
    return counts


def difference(public_id: str) -> Difference | None:
    """One difference."""
    return Difference.objects.filter(public_id=public_id).first()


def locked_difference(difference_id: UUID) -> Difference:
    """Lock one difference."""
    return Difference.objects.select_for_update().get(id=difference_id)


def waiting_differences(limit: int = 500) -> list[Difference]:
    """Differences to decide, the oldest first."""
    return list(Difference.objects.filter(state=DifferenceState.OPEN).order_by("found_at", "id")[:limit])


def payment_of_reference(reference: str) -> Payment | None:
    """Our payment under a reference at the provider."""
    return Payment.objects.select_related("buyer").filter(reference=reference).first()
