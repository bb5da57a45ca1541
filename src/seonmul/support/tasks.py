"""Doors for the worker."""

from uuid import UUID

from seonmul.gifts import events as gifts_events
from seonmul.kit import clock, jobs
from seonmul.support import actions


@jobs.on(gifts_events.NUMBER_CHANGED)
def note_moved(change_id: str) -> None:
    actions.note_moved(UUID(change_id), at=clock.now())
