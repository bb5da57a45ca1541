"""Whether what is stored about messages fits together, and what a carrier must have sent. S3"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from seonmul.dispatch.models import (
    Attempt,
    BatchState,
)
from seonmul.dispatch.ports import Result

_CHECKS = {
    "a batch does not hold what it says": """
        SELECT b.id::text, b.size, count(a.id) FROM dispatch_batch b
        LEFT JOIN dispatch_attempt a ON a.batch_id = b.id GROUP BY b.id HAVING b.size <> count(a.id)""",
    "an ended batch has attempts without an end": """
        SELECT b.id::text, 0, count(*) FROM dispatch_batch b JOIN dispatch_attempt a ON a.batch_id = b.id
        WHERE b.state = 'ended' AND a.state <> 'ended' GROUP BY b.id""",
    "an attempt's result does not fit its state": """
        SELECT id::text, 0, 1 FROM dispatch_attempt
        WHERE (state = 'open') <> (result = 'waiting') OR (state = 'accepted') <> (result = 'accepted')""",
    "a message has no attempt": """
        SELECT m.id::text, 1, 0 FROM dispatch_message m
        WHERE NOT EXISTS (SELECT 1 FROM dispatch_attempt a WHERE a.message_id = m.id)""",
}


def faults() -> list[tuple[str, str, int, int]]:
    """Prove the messages: (what, where, expected, found) for each row that does not add up."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [(what, str(where), int(want), int(have)) for where, want, have in cursor.fetchall()]
    return found


def taken_attempts() -> Iterator[tuple[UUID, bool]]:
    """Every attempt, and whether its carrier must have sent it: handed over and not refused."""
    rows = Attempt.objects.order_by("id").values_list(
        "id", "batch__state", "result", "vendor_id", "vendor_code"
    )
    unsent = (Result.WITHDRAWN, Result.WAITING, Result.IN_DOUBT)
    for attempt, batch_state, result, name, code in rows.iterator(chunk_size=10_000):
        # what failed was taken before only when the carrier had a name for it; a code of 1xxx refuses at acceptance
        taken = result in (Result.ACCEPTED, Result.DELIVERED) or (name and not code.startswith("1"))
        yield attempt, bool(batch_state != BatchState.OPEN and result not in unsent and taken)
