"""A job is a row of the transaction that makes it necessary; news becomes one job per listener."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.kit import clock, jobs
from tests import given
from tests.threads import at_once

pytestmark = pytest.mark.django_db

HAPPENED = "tests.happened"
heard: list[str] = []


def listen(order_id: str) -> None:
    heard.append(order_id)


for _app in ("loans", "books"):
    listen.__module__ = f"seonmul.{_app}.tasks"
    jobs.on(HAPPENED)(listen)
#: Taken out at once: the house knows only real events, and these listen during their tests.
LISTENERS = jobs._listeners.pop(HAPPENED)


@pytest.fixture(autouse=True)
def _two_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs._listeners, HAPPENED, LISTENERS)


def waiting() -> list[dict[str, Any]]:
    rows = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return list(rows.values("task_name", "args", "priority", "scheduled_at", "queueing_lock"))


def test_news_become_one_job_for_each_listener() -> None:
    order_id = uuid4()
    jobs.announce(HAPPENED, order_id=order_id)
    assert [(job["task_name"], job["args"]) for job in waiting()] == [
        ("loans.on.tests.happened", {"order_id": str(order_id)}),
        ("books.on.tests.happened", {"order_id": str(order_id)}),
    ]
    heard.clear()
    assert given.worked() == 2
    assert heard == [str(order_id)] * 2 and waiting() == []


def test_what_is_rolled_back_was_never_announced() -> None:
    with transaction.atomic():
        jobs.announce(HAPPENED, order_id=uuid4())
        jobs.enqueue("dispatch.send", batch_id=uuid4())
        jobs.enqueue_many("dispatch.send", [{"batch_id": uuid4()}])
        assert jobs.enqueue_once("dispatch.send", "key", batch_id=uuid4())
        assert len(waiting()) == 5
        transaction.set_rollback(True)
    assert waiting() == []


@pytest.mark.django_db(transaction=True)
def test_nobody_sees_a_job_before_its_transaction_is_saved() -> None:
    """Nothing is lost between "saved" and "queued", and nothing is worked on too early."""
    with transaction.atomic():
        jobs.enqueue("dispatch.send", batch_id=uuid4())
        assert at_once([lambda: len(waiting())]) == [0]
    assert at_once([lambda: len(waiting())]) == [1]


def test_jobs_carry_plain_ids() -> None:
    batch_id = uuid4()
    jobs.enqueue("dispatch.send", priority=7, batch_id=batch_id, count=3, is_last=True, at=None)
    (job,) = waiting()
    assert job["args"] == {"batch_id": str(batch_id), "count": 3, "is_last": True, "at": None}
    assert (job["priority"], job["scheduled_at"]) == (7, None)


def test_a_job_may_wait_for_its_time() -> None:
    jobs.enqueue("dispatch.ask", in_seconds=3_600, batch_id="b")
    (job,) = waiting()
    wait = job["scheduled_at"] - clock.now()
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    assert given.worked(later=False) == 0


def test_many_jobs_are_one_statement(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):  # with its savepoint
        jobs.enqueue_many("dispatch.send", [{"batch_id": n} for n in range(500)], priority=2)
    assert [job["args"]["batch_id"] for job in waiting()] == list(range(500))
    assert {job["priority"] for job in waiting()} == {2}
    with django_assert_max_num_queries(0):
        jobs.enqueue_many("dispatch.send", [])


def test_one_of_a_kind_waits_once_and_may_come_again_when_it_ran() -> None:
    with transaction.atomic():
        assert jobs.enqueue_once("dispatch.ask", "ask:1", batch_id=1)
        assert not jobs.enqueue_once("dispatch.ask", "ask:1", batch_id=1)
        assert jobs.enqueue_once("dispatch.ask", "ask:2", in_seconds=5, batch_id=2)
    assert [job["queueing_lock"] for job in waiting()] == ["ask:1", "ask:2"], "the refusal spoiled nothing"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE queueing_lock = 'ask:1'")
    assert jobs.enqueue_once("dispatch.ask", "ask:1", batch_id=1)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_queue_one_of_a_kind_at_the_same_time_one_does() -> None:
    outcomes = at_once([lambda: jobs.enqueue_once("dispatch.ask", "ask:1", batch_id=1)] * 6)
    assert sorted(outcomes) == [False] * 5 + [True]
    assert len(waiting()) == 1


def test_every_task_tries_again_and_none_for_ever() -> None:
    ours = {
        name: task
        for name, task in app.tasks.items()
        if name.split(".")[0] in {"dispatch", "gifts", "notices"}
    }
    assert len(ours) >= 8
    for name, task in ours.items():
        if not task.queueing_lock:  # what runs by the clock comes again by itself
            assert task.retry_strategy is not None and task.retry_strategy.max_attempts == 8, name


def test_what_runs_by_the_clock_runs_once_over_all_workers() -> None:
    task = app.tasks["dispatch.sweep"]
    assert task.queueing_lock == "dispatch.sweep"
    times = {one.task.name: one.cron for one in app.periodic_registry.periodic_tasks.values()}
    assert times["dispatch.sweep"] == "* * * * * */5"


def test_listeners_are_told() -> None:
    assert jobs.listeners()[HAPPENED] == ["loans.on.tests.happened", "books.on.tests.happened"]
