"""Doors for the worker: the housekeeping of the queue and of the cache."""

from django.conf import settings

from seonmul.kit import clock, jobs, queue


@jobs.every("* * * * * */5", "kit.take_back")
def take_back() -> None:
    queue.take_back(seconds_stalled=settings.SECONDS_STALLED, at=clock.now())


@jobs.every("20 * * * *", "kit.prune")
def prune() -> None:
    queue.prune(at=clock.now())
    queue.prune_cache(at=clock.now())
