"""Doors for the worker."""

from uuid import UUID

from seonmul.kit import clock, jobs
from seonmul.members import actions


@jobs.task("members.read_identity")
def read_identity(verification_id: str) -> None:
    actions.read_identity(UUID(verification_id), at=clock.now())


@jobs.every("*/1 * * * *", "members.sweep_verifications")
def sweep_verifications() -> None:
    actions.sweep_verifications(at=clock.now())


@jobs.every("5 * * * *", "members.end_temporaries")
def end_temporaries() -> None:
    actions.end_overdue_temporaries(at=clock.now())


@jobs.task("members.check_business")
def check_business(check_id: str) -> None:
    actions.check_business(UUID(check_id), at=clock.now())


@jobs.task("members.finish_sign_up")
def finish_sign_up(sign_up_id: str) -> None:
    actions.finish_sign_up(UUID(sign_up_id), at=clock.now())


@jobs.every("* * * * * */5", "members.sweep_sign_ups")
def sweep_sign_ups() -> None:
    actions.sweep_sign_ups(at=clock.now())


@jobs.every("15 * * * *", "members.forget_sign_ups")
def forget_sign_ups() -> None:
    actions.forget_sign_ups(at=clock.now())


@jobs.every("35 * * * *", "members.forget_accesses")
def forget_accesses() -> None:
    actions.forget_accesses(at=clock.now())


@jobs.task("members.erase")
def erase(member_id: str) -> None:
    actions.erase(UUID(member_id), at=clock.now())


@jobs.every("25 * * * *", "members.sweep_closed")
def sweep_closed() -> None:
    actions.sweep_closed(at=clock.now())


@jobs.every("40 18 * * *", "members.erase_kept")  # 03:40 in Seoul
def erase_kept() -> None:
    actions.erase_kept(at=clock.now())


@jobs.every("50 18 * * *", "members.forget_invitations")  # 03:50 in Seoul
def forget_invitations() -> None:
    actions.forget_invitations(at=clock.now())
