"""Doors for the worker."""

from uuid import UUID

from seonmul.dispatch import actions
from seonmul.kit import clock, jobs


@jobs.task("dispatch.send")
def send(batch_id: str) -> None:
    actions.send(UUID(batch_id), at=clock.now())


@jobs.task("dispatch.ask")
def ask(batch_id: str) -> None:
    actions.ask(UUID(batch_id), at=clock.now())


@jobs.task("dispatch.read_report")
def read_report(report_id: str) -> None:
    actions.read_report(UUID(report_id), at=clock.now())


@jobs.every("* * * * * */5", "dispatch.sweep")
def sweep() -> None:
    actions.sweep(at=clock.now())


@jobs.every("40 3 * * *", "dispatch.forget_reports")
def forget_reports() -> None:
    actions.forget_reports(at=clock.now())
