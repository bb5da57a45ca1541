"""What failed and may be followed by another channel. S1"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from seonmul.dispatch import rules
from seonmul.dispatch.models import Attempt, AttemptState
from seonmul.dispatch.ports import Result


@dataclass(frozen=True)
class Failure:
    """An attempt that came to nothing."""

    attempt: UUID
    subject: UUID
    channel: str
    result: Result


def failures_of(batch_id: UUID, moved: Mapping[UUID, datetime]) -> list[Failure]:
    """The attempts of a batch that failed, of subjects about which nothing was sent since and nothing has arrived. S1

    `moved`: since when a subject goes to another number; what arrived at the one before says nothing of it. S5
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, m.subject, l.channel, a.result FROM dispatch_attempt a
            JOIN dispatch_message m ON m.id = a.message_id
            JOIN dispatch_batch b ON b.id = a.batch_id JOIN dispatch_letter l ON l.id = b.letter_id
            LEFT JOIN unnest(%s::uuid[], %s::timestamptz[]) moved(subject, since) ON moved.subject = m.subject
            WHERE a.batch_id = %s AND a.state = 'ended' AND a.result = ANY(%s)
              AND NOT EXISTS (SELECT 1 FROM dispatch_message o WHERE o.subject = m.subject AND o.id > m.id)
              AND NOT EXISTS (SELECT 1 FROM dispatch_message o JOIN dispatch_attempt t ON t.message_id = o.id
                  WHERE o.subject = m.subject AND t.result = 'delivered'
                    AND t.opened_at >= coalesce(moved.since, '-infinity'))
            ORDER BY a.id""",
            [list(moved), list(moved.values()), batch_id, sorted(rules.TO_NEXT | rules.TO_MAIL)],
        )
        return [Failure(one, subject, channel, Result(result)) for one, subject, channel, result in cursor]


def overtaken(batch_id: UUID) -> list[UUID]:
    """Attempts of a batch that were to follow one that has arrived after all. S1"""
    arrived = Attempt.objects.filter(id=OuterRef("message__after_id"), result=Result.DELIVERED)
    rows = Attempt.objects.filter(Exists(arrived), batch_id=batch_id, state=AttemptState.OPEN)
    return list(rows.values_list("id", flat=True))
