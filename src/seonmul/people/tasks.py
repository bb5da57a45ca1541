"""Doors for the worker."""

from uuid import UUID

from seonmul.kit import clock, jobs
from seonmul.members import events as members_events
from seonmul.people import actions


@jobs.every("5 0 * * *", "people.remind_all")  # 09:05 in Seoul: the queue counts in UTC
def remind_all() -> None:
    actions.remind_all(at=clock.now())


@jobs.task("people.remind")
def remind(occasion_id: str) -> None:
    actions.remind(UUID(occasion_id), at=clock.now())


@jobs.on(members_events.ACCOUNT_CLOSED)
def erase_closed(member_id: str) -> None:
    del member_id  # the buyer may have ended with this member; it is closed by now
    actions.erase_closed()
