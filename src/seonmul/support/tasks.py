"""Doors for the worker."""

from uuid import UUID

from seonmul.gifts import events as gifts_events
from seonmul.kit import clock, jobs
from seonmul.members import events as members_events
from seonmul.support import actions


@jobs.on(gifts_events.NUMBER_CHANGED)
def note_moved(change_id: str) -> None:
    actions.note_moved(UUID(change_id), at=clock.now())


@jobs.on(members_events.ACCOUNT_CLOSED)
def end_inquiries(member_id: str) -> None:
    actions.end_of(UUID(member_id), at=clock.now())


@jobs.every("25 18 * * *", "support.erase")  # 03:25 in Seoul: the queue counts in UTC
def erase() -> None:
    actions.erase(at=clock.now())
