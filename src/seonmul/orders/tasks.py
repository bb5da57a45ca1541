"""Doors for the worker."""

from seonmul.kit import clock, jobs
from seonmul.orders import actions


@jobs.every("10 18 * * *", "orders.recompute_tiers")  # 03:10 in Seoul: the queue counts in UTC
def recompute_tiers() -> None:
    actions.recompute_tiers(at=clock.now())
