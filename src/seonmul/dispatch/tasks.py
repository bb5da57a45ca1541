"""Doors for the worker."""

from uuid import UUID

from seonmul.dispatch import actions, events
from seonmul.kit import clock, jobs
from seonmul.members import events as members_events


@jobs.task("dispatch.send")
def send(batch_id: str) -> None:
    actions.send(UUID(batch_id), at=clock.now())


@jobs.task("dispatch.ask")
def ask(batch_id: str, attempt_id: str = "") -> None:
    actions.ask(UUID(batch_id), attempt_id=UUID(attempt_id) if attempt_id else None, at=clock.now())


@jobs.task("dispatch.probe")
def probe(carrier_id: str) -> None:
    actions.probe(carrier_id, at=clock.now())


@jobs.task("dispatch.read_report")
def read_report(report_id: str) -> None:
    actions.read_report(UUID(report_id), at=clock.now())


@jobs.every("* * * * * */5", "dispatch.sweep")
def sweep() -> None:
    actions.sweep(at=clock.now())


@jobs.every("40 3 * * *", "dispatch.forget_reports")
def forget_reports() -> None:
    actions.forget_reports(at=clock.now())


@jobs.on(members_events.ACCOUNT_CLOSED)
def forget_own_numbers(member_id: str) -> None:
    actions.forget_own_numbers(UUID(member_id), at=clock.now())


@jobs.on(members_events.IDENTITY_VERIFIED)
def add_proved_number(verification_id: str) -> None:
    actions.add_proved_number(UUID(verification_id), at=clock.now())


@jobs.every("20 0 * * *", "dispatch.expire_senders")  # 09:20 in Seoul: companies are told of it by day
def expire_senders() -> None:
    actions.expire_senders(at=clock.now())


@jobs.every("30 0 * * *", "dispatch.warn_of_ending_senders")
def warn_of_ending_senders() -> None:
    actions.warn_of_ending_senders(at=clock.now())


@jobs.on(events.RESULTS)
def note_reach(batch_id: str) -> None:
    actions.note_reach(UUID(batch_id), at=clock.now())


@jobs.every("50 4 * * *", "dispatch.forget_reach")
def forget_reach() -> None:
    actions.forget_reach(at=clock.now())
