"""What a killed worker leaves behind is taken back, once; what is old is deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from seonmul.kit import clock, jobs, queue

pytestmark = pytest.mark.django_db

BATCH = "00000000-0000-7000-8000-000000000000"


def sql(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


def work_on(task: str, *, silent_seconds: int) -> int:
    """A job that a worker took, and the worker's silence since then."""
    jobs.enqueue(task, batch_id=BATCH)
    return taken_by(silent_seconds)


def taken_by(silent_seconds: int) -> int:
    worker = sql(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
        silent_seconds,
    )
    return int(sql("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", worker))


def states() -> dict[int, str]:
    return dict(ProcrastinateJob.objects.values_list("id", "status"))


def test_jobs_of_a_silent_worker_are_queued_again_and_those_of_a_living_one_are_not() -> None:
    dead = work_on("dispatch.send", silent_seconds=31)
    alive = work_on("dispatch.send", silent_seconds=5)
    assert queue.take_back(seconds_stalled=30, at=clock.now()) == 1
    assert states() == {dead: "todo", alive: "doing"}
    assert ProcrastinateJob.objects.get(id=dead).attempts == 1
    assert queue.take_back(seconds_stalled=30, at=clock.now()) == 0


def test_jobs_of_a_worker_that_was_struck_off_are_taken_back_too() -> None:
    job = work_on("dispatch.send", silent_seconds=90)
    sql("DELETE FROM procrastinate_workers")
    assert queue.take_back(seconds_stalled=30, at=clock.now()) == 1
    assert states() == {job: "todo"}


def test_a_sweep_that_waits_again_already_does_not_hold_up_the_others() -> None:
    jobs.enqueue_once("dispatch.send", "sweep", batch_id=BATCH)
    stuck = taken_by(90)
    other = work_on("dispatch.ask", silent_seconds=90)
    assert jobs.enqueue_once("dispatch.send", "sweep", batch_id=BATCH)
    assert queue.take_back(seconds_stalled=30, at=clock.now()) == 1
    now = states()
    assert stuck not in now and now[other] == "todo" and sorted(now.values()) == ["todo", "todo"]


def test_standing_counts_workers_waiting_stalled_and_failed() -> None:
    work_on("dispatch.send", silent_seconds=31)
    failed = work_on("dispatch.send", silent_seconds=0)
    sql("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", failed)
    jobs.enqueue("dispatch.ask", batch_id=BATCH)
    now = queue.standing(seconds_stalled=30, at=clock.now())
    assert (now.workers, now.waiting, now.stalled, now.failed_last_hour) == (1, 1, 1, 1)
    assert queue.standing(seconds_stalled=30, at=clock.now() + timedelta(hours=2)).failed_last_hour == 0


def test_old_jobs_go_with_their_events_and_failed_ones_stay_for_a_month() -> None:
    done = work_on("dispatch.send", silent_seconds=0)
    sql("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", done)
    failed = work_on("dispatch.send", silent_seconds=0)
    sql("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", failed)
    jobs.enqueue("dispatch.send", batch_id=BATCH)
    now = clock.now()
    assert queue.prune(at=now + timedelta(hours=23)) == 0
    assert queue.prune(at=now + timedelta(hours=25)) == 1
    assert done not in states() and not ProcrastinateEvent.objects.filter(job_id=done).exists()
    assert queue.prune(at=now + timedelta(days=31)) == 1
    assert list(states().values()) == ["todo"]


def test_counts_of_tries_outlive_a_burst_and_go_when_their_time_is_over() -> None:
    """M8: the cache keeps more than Django's 300 entries, so that no burst throws a count out."""
    cache.set("first", 1, timeout=600)
    cache.set_many({f"address:{n}": n for n in range(400)}, timeout=600)
    assert cache.get("first") == 1 and cache.get("address:399") == 399
    assert queue.prune_cache(at=clock.now()) == 0
    assert queue.prune_cache(at=clock.now() + timedelta(minutes=11)) == 401
    assert cache.get("first") is None
