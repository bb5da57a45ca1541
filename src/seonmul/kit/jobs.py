"""Work for later, and news for those above.

A job is a row inserted in the transaction that makes it necessary: saved means queued. News goes *up*:
`announce(events.PAID, order_id=...)` inserts one job per listener; `@on(events.PAID)` in an upper app's tasks
listens. Jobs carry ids, never names, numbers or codes. Every task may run twice and must not mind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy, exceptions
from procrastinate.contrib.django import app

Task = Callable[..., None]

#: Tries again after 2, 4, 8, 16, 32 ... seconds; what still fails is found by a sweep, which looks at rows.
_RETRY = RetryStrategy(max_attempts=8, exponential_wait=2)

_listeners: dict[str, list[str]] = defaultdict(list)


def task(name: str) -> Callable[[Task], Any]:
    """Register a door for the worker under a stable `name` ("dispatch.send"). Ids in, one action call.

    Actions queue it by that name, since they stand below their tasks.
    """

    def register(function: Task) -> Any:
        return app.task(name=name, retry=_RETRY)(function)

    return register


def on(event: str) -> Callable[[Task], Any]:
    """Register a listener: a task that runs once for each announcement of `event`."""

    def register(function: Task) -> Any:
        name = f"{function.__module__.split('.')[1]}.on.{event}"
        _listeners[event].append(name)
        return task(name)(function)

    return register


def every(cron: str, name: str) -> Callable[[Task], Any]:
    """Register a task that runs by the clock (cron, a sixth field for seconds), once over all workers."""

    def register(function: Task) -> Any:
        def run(timestamp: int) -> None:
            del timestamp
            function()

        return app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(run))

    return register


def announce(event: str, **ids: Any) -> None:
    """Tell those above, in this transaction. An event without a listener is a mistake found by a house test."""
    for listener in _listeners[event]:
        enqueue(listener, **ids)


def listeners() -> dict[str, list[str]]:
    """Every event and the names of its listeners, for the house test."""
    return dict(_listeners)


def enqueue(name: str, *, in_seconds: int = 0, priority: int = 0, **ids: Any) -> None:
    """Queue one run of the task `name` in this transaction."""
    _task(name, in_seconds, priority).defer(**_plain(ids))


def enqueue_many(name: str, many: list[dict[str, Any]], *, priority: int = 0) -> None:
    """Queue many runs of a task in one statement."""
    if many:
        with transaction.atomic():
            _task(name, 0, priority).batch_defer(*(_plain(ids) for ids in many))


def enqueue_once(name: str, key: str, *, in_seconds: int = 0, **ids: Any) -> bool:
    """Queue a run unless one with the same `key` already waits; says whether it was queued."""
    try:
        with transaction.atomic():  # a conflict must not spoil the caller's transaction
            _task(name, in_seconds, 0, queueing_lock=key).defer(**_plain(ids))
    except exceptions.AlreadyEnqueued:
        return False
    return True


def _task(name: str, in_seconds: int, priority: int, **options: Any) -> Any:
    if in_seconds:
        options["schedule_in"] = {"seconds": in_seconds}
    return app.configure_task(name, priority=priority, **options)


def _plain(ids: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | str | bool) or value is None else str(value)
        for name, value in ids.items()
    }
