"""Who gets how much, from whomever: by the keyed index of the number. S7"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max

from seonmul.dispatch import rules
from seonmul.dispatch.models import Attempt, AttemptState, Batch, BatchState
from seonmul.dispatch.rules import Goes

#: One number at a time through the index, whatever a planner without statistics would do.
_CROWDED = """
    WITH people AS MATERIALIZED (SELECT i, count(*) AS copies FROM unnest(%s::bytea[]) i GROUP BY i)
    SELECT p.i, coalesce(n.times, '{}'), coalesce(n.own, '{}') FROM people p CROSS JOIN LATERAL (
        SELECT count(*) AS others, array_agg(m.due_at ORDER BY m.due_at) AS times,
            array_agg(m.sender = %s ORDER BY m.due_at) AS own
        FROM dispatch_message m WHERE m.to_index = p.i AND m.due_at > %s) n
    WHERE n.others + p.copies > %s"""


def crowded(indexes: Sequence[bytes], sender: str, alone_most: int, at: datetime) -> dict[bytes, list[Goes]]:
    """Of these numbers, one for each message, those that get more than `alone_most` with what they got in the last day
    and are to get: their messages.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CROWDED, [list(indexes), sender, at - rules.DAY, alone_most])
        return {
            bytes(index): [Goes(when, is_own) for when, is_own in zip(times, own, strict=True)]
            for index, times, own in cursor.fetchall()
        }


def put_off(letters: Iterable[UUID], at: datetime) -> tuple[int, datetime | None]:
    """How many messages of these letters wait for a later moment, and the last of those moments. S7"""
    batches = Batch.objects.filter(letter__in=letters, state=BatchState.OPEN, opened_at__gt=at)
    found = Attempt.objects.filter(batch__in=batches, state=AttemptState.OPEN).aggregate(
        count=Count("id"), last=Max("batch__opened_at")
    )
    return found["count"], found["last"]
