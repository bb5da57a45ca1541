"""How numbers have fared lately: kept by their keyed index, for the check before paying. O4"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from seonmul.dispatch import rules
from seonmul.dispatch.models import Reach
from seonmul.figures import queries as figures_now


@transaction.atomic
def note_reach(batch_id: UUID, *, at: datetime) -> None:
    """Count anew, for each number of a batch, what failed since the last message that arrived. O4

    Counted from the attempts themselves, so it may run any number of times, and a later truth corrects it.
    """
    since = at - timedelta(days=figures_now.figures(at).failed_before_days)
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [batch_id, since, sorted(rules.COUNTS_AGAINST)])


#: Number by number through the index: on a fresh database the planner joined all with all.
_NOTE = """
    WITH numbers AS MATERIALIZED (
        SELECT DISTINCT m.to_index FROM dispatch_attempt a JOIN dispatch_message m ON m.id = a.message_id
        WHERE a.batch_id = %s AND a.state = 'ended'),
    fared AS MATERIALIZED (
        SELECT n.to_index, f.failed, f.results[1] AS result, f.failed_at FROM numbers n CROSS JOIN LATERAL (
            SELECT count(*) AS failed, array_agg(x.result ORDER BY x.ended_at DESC) AS results, max(x.ended_at) AS failed_at
            FROM (
                SELECT a.result, a.ended_at, max(a.ended_at) FILTER (WHERE a.result = 'delivered') OVER () AS arrived_at
                FROM dispatch_message m JOIN dispatch_attempt a ON a.message_id = m.id
                WHERE m.to_index = n.to_index AND m.due_at > %s AND a.state = 'ended') x
            WHERE x.result = ANY(%s) AND (x.arrived_at IS NULL OR x.ended_at > x.arrived_at)) f),
    gone AS (DELETE FROM dispatch_reach r USING fared WHERE r.to_index = fared.to_index AND fared.failed = 0)
    INSERT INTO dispatch_reach (to_index, failed, result, failed_at)
    SELECT to_index, least(failed, 32767), result, failed_at FROM fared WHERE failed > 0 ORDER BY to_index
    ON CONFLICT (to_index) DO UPDATE
    SET failed = excluded.failed, result = excluded.result, failed_at = excluded.failed_at"""


@transaction.atomic
def forget_reach(*, at: datetime) -> int:
    """Forget failures that are too old to say anything. O4, X2"""
    term = timedelta(days=figures_now.figures(at).failed_before_days)
    return Reach.objects.filter(failed_at__lt=at - term).delete()[0]
