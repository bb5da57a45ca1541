"""Doors for the worker."""

from uuid import UUID

from seonmul.kit import clock, jobs
from seonmul.payments import actions


@jobs.task("payments.issue")
def issue(payment_id: str) -> None:
    actions.issue(UUID(payment_id), at=clock.now())


@jobs.task("payments.register")
def register(payment_id: str) -> None:
    actions.register(UUID(payment_id))


@jobs.task("payments.ask")
def ask(payment_id: str) -> None:
    actions.ask(UUID(payment_id), at=clock.now())


@jobs.task("payments.refund")
def refund(refund_id: str) -> None:
    actions.try_refund(UUID(refund_id), at=clock.now())


@jobs.task("payments.read_report")
def read_report(report_id: str) -> None:
    actions.read_report(UUID(report_id), at=clock.now())


@jobs.every("* * * * * */5", "payments.sweep")
def sweep() -> None:
    actions.sweep(at=clock.now())


@jobs.every("45 3 * * *", "payments.forget_reports")
def forget_reports() -> None:
    actions.forget_reports(at=clock.now())
