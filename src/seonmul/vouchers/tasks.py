"""Doors for the worker."""

from uuid import UUID

from seonmul.kit import clock, jobs
from seonmul.vouchers import actions


@jobs.task("vouchers.attend")
def attend() -> None:
    actions.attend(at=clock.now())


@jobs.task("vouchers.check_goods")
def check_goods(product_id: str) -> None:
    actions.check_goods(UUID(product_id), at=clock.now())


@jobs.every("17 4 * * *", "vouchers.forget_wrong_codes")
def forget_wrong_codes() -> None:
    actions.forget_wrong_codes(at=clock.now())


@jobs.every("* * * * * */10", "vouchers.sweep")
def sweep() -> None:
    actions.sweep_supplies(at=clock.now())


@jobs.task("vouchers.expire")
def expire() -> None:
    actions.expire(at=clock.now())


@jobs.every("1 * * * *", "vouchers.sweep_ended")
def sweep_ended() -> None:
    actions.expire(at=clock.now())
