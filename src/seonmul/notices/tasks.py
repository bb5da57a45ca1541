"""Doors for the worker: what notices hears."""

from uuid import UUID

from seonmul.kit import clock, jobs
from seonmul.members import events as members
from seonmul.notices import actions


@jobs.on(members.SPEND_CODE_ASKED)
def send_spend_code(code_id: str) -> None:
    actions.send_spend_code(UUID(code_id), at=clock.now())


@jobs.on(members.PAYMENT_PASSWORD_LOCKED)
def tell_password_locked(member_id: str) -> None:
    actions.tell_password_locked(UUID(member_id), at=clock.now())
