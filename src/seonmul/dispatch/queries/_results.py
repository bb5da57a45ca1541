"""What became of messages: by batch, by subject, attempt by attempt. S4"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from seonmul.dispatch.models import (
    Attempt,
    AttemptState,
    BatchState,
    Message,
)
from seonmul.dispatch.ports import PENDING, Result


@dataclass(frozen=True)
class SubjectResult:
    """The newest result for one subject."""

    subject: UUID
    result: Result
    at: datetime | None


@dataclass(frozen=True)
class AttemptLine:
    """One attempt as a history shows it. `is_fallback`: it followed another channel's failure. S1"""

    tried_at: datetime
    carrier: str
    channel: str
    result: Result
    vendor_code: str
    price_won: int
    ended_at: datetime | None
    is_fallback: bool


def all_subjects_of(batch_id: UUID) -> list[UUID]:
    """What the messages of a batch are about, whatever became of them."""
    rows = Attempt.objects.filter(batch_id=batch_id).order_by("message__subject")
    return list(rows.values_list("message__subject", flat=True).distinct())


def results_about_batch(batch_id: UUID) -> list[SubjectResult]:
    """The outcome for each subject of a batch: delivered once is delivered, otherwise the newest attempt counts.

    Subjects whose newest attempt has no outcome are left out. Subject by subject through the indexes: on a fresh database,
    whose statistics know nothing yet, the planner joined all with all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH about AS MATERIALIZED (
                SELECT DISTINCT m.subject FROM dispatch_attempt a
                JOIN dispatch_message m ON m.id = a.message_id WHERE a.batch_id = %s)
            SELECT about.subject, newest.result, newest.ended_at FROM about CROSS JOIN LATERAL (
                SELECT a.result, a.ended_at
                FROM dispatch_message m JOIN dispatch_attempt a ON a.message_id = m.id
                WHERE m.subject = about.subject
                ORDER BY (a.result = 'delivered') DESC, a.opened_at DESC, a.id DESC LIMIT 1) AS newest
            ORDER BY about.subject""",
            [batch_id],
        )
        rows = [SubjectResult(subject, Result(result), at) for subject, result, at in cursor.fetchall()]
    return [row for row in rows if row.result not in PENDING]


def results_since(subjects: Mapping[UUID, datetime]) -> list[SubjectResult]:
    """The outcome for each of these subjects by what was written about it since a moment; those without are left out. S5"""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT about.id, newest.result, newest.ended_at
            FROM unnest(%s::uuid[], %s::timestamptz[]) about(id, since) CROSS JOIN LATERAL (
                SELECT a.result, a.ended_at
                FROM dispatch_message m JOIN dispatch_attempt a ON a.message_id = m.id
                WHERE m.subject = about.id AND a.opened_at >= about.since
                ORDER BY (a.result = 'delivered') DESC, a.opened_at DESC, a.id DESC LIMIT 1) AS newest""",
            [list(subjects), list(subjects.values())],
        )
        rows = [SubjectResult(subject, Result(result), at) for subject, result, at in cursor.fetchall()]
    return [row for row in rows if row.result not in PENDING]


def accepted_count(letter_ids: Iterable[UUID]) -> int:
    """How many attempts with these letters a carrier has and has not answered for."""
    return Attempt.objects.filter(
        batch__letter_id__in=list(letter_ids), batch__state=BatchState.HANDED, state=AttemptState.ACCEPTED
    ).count()


def attempts_about(subject: UUID) -> list[AttemptLine]:
    """Every attempt about one subject, newest first."""
    rows = (
        Attempt.objects.filter(message__subject=subject)
        .select_related("batch__letter", "message")
        .order_by("-opened_at", "-id")
    )
    return [
        AttemptLine(
            tried_at=row.opened_at,
            carrier=row.batch.carrier,
            channel=row.batch.letter.channel,
            result=Result(row.result),
            vendor_code=row.vendor_code,
            price_won=row.price_won,
            ended_at=row.ended_at,
            is_fallback=row.message.after_id is not None,
        )
        for row in rows[:50]
    ]


def crowd_about(subject: UUID) -> tuple[int, int]:
    """How many messages the number of a subject's newest one had got in an hour and in a day by then, with it. S7"""
    newest = Message.objects.filter(subject=subject).order_by("-due_at", "-id").first()
    if newest is None:
        return 0, 0
    moment = newest.due_at
    rows = Message.objects.filter(
        to_index=newest.to_index, due_at__lte=moment, due_at__gt=moment - timedelta(days=1)
    )
    counts = rows.aggregate(
        day=Count("id"), hour=Count("id", filter=Q(due_at__gt=moment - timedelta(hours=1)))
    )
    return counts["hour"], counts["day"]
