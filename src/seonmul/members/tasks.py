"""Doors for the worker."""

from seonmul.kit import clock, jobs
from seonmul.members import actions


@jobs.task("members.read_identity")
def read_identity(reference: str) -> None:
    actions.read_identity(reference, at=clock.now())


@jobs.every("*/1 * * * *", "members.sweep_verifications")
def sweep_verifications() -> None:
    actions.sweep_verifications(at=clock.now())


@jobs.every("5 * * * *", "members.end_temporaries")
def end_temporaries() -> None:
    actions.end_overdue_temporaries(at=clock.now())
