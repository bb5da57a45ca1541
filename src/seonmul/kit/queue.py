"""The job queue seen from outside: how it stands, what a dead worker left behind, what is old.

A worker that is killed leaves its jobs in `doing`; nobody takes them back but `take_back`. Ages are in seconds.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

log = logging.getLogger(__name__)

_OLDEST_WAITING = """
SELECT count(*), coalesce(max(extract(epoch FROM now() - coalesce(job.scheduled_at, event.at))), 0)
  FROM procrastinate_jobs job
  LEFT JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
 WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()
"""
_FAILED = """
SELECT count(*) FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
 WHERE job.status = 'failed' AND event.type = 'failed' AND event.at > %s
"""
_DELETE_OLD = """
DELETE FROM procrastinate_jobs job
 WHERE job.status::text = ANY(%s)
   AND NOT EXISTS (SELECT FROM procrastinate_events event WHERE event.job_id = job.id AND event.at > %s)
"""


@dataclass(frozen=True)
class Standing:
    """How the queue stands at one moment."""

    workers: int
    waiting: int
    oldest_seconds: float
    stalled: int
    failed_last_hour: int


def standing(*, seconds_stalled: int, at: datetime) -> Standing:
    """Look at the queue: workers that live, jobs that are due and wait, jobs of dead workers, failed ones."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_WAITING)
        waiting, oldest = cursor.fetchone()
        cursor.execute(_FAILED, [at - timedelta(hours=1)])
        (failed,) = cursor.fetchone()
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gte=at - timedelta(seconds=seconds_stalled))
    return Standing(alive.count(), waiting, float(oldest), _stalled(seconds_stalled, at).count(), failed)


def take_back(*, seconds_stalled: int, at: datetime) -> int:
    """Queue the jobs of workers that have been silent for `seconds_stalled` again; returns how many."""
    taken = 0
    for job_id in _stalled(seconds_stalled, at).values_list("id", flat=True):
        try:
            with transaction.atomic():
                app.job_manager.retry_job_by_id(job_id, retry_at=at)
            taken += 1
        except exceptions.UniqueViolation:  # the same sweep waits already: this run of it is not missed
            _drop(job_id)
        except exceptions.ConnectorException:  # it has ended by now, or another worker was quicker
            log.info("job %s was not taken back: it no longer runs", job_id)
    return taken


def prune(*, at: datetime) -> int:
    """Delete jobs done for a day, and failed or cancelled ones after thirty; returns how many."""
    deleted = 0
    for states, days in ((["succeeded"], 1), (["failed", "cancelled", "aborted"], 30)):
        with connection.cursor() as cursor:
            cursor.execute(_DELETE_OLD, [states, at - timedelta(days=days)])
            deleted += cursor.rowcount
    return deleted


def prune_cache(*, at: datetime) -> int:
    """Delete what the cache keeps past its time (counts of tries); returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_cache WHERE expires < %s", [at])
        return int(cursor.rowcount)


def _stalled(seconds: int, at: datetime) -> QuerySet[ProcrastinateJob]:
    silent = Q(worker__isnull=True) | Q(worker__last_heartbeat__lt=at - timedelta(seconds=seconds))
    jobs: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.filter(silent, status="doing")
    return jobs


def _drop(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'doing'", [job_id])
