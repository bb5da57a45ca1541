"""Doors for the worker."""

from datetime import date
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


@jobs.task("payments.check_holder")
def check_holder(payout_id: str) -> None:
    actions.check_holder(UUID(payout_id), at=clock.now())


@jobs.task("payments.finish_payout")
def finish_payout(refund_id: str) -> None:
    actions.finish_payout(UUID(refund_id), at=clock.now())


@jobs.task("payments.reconcile")
def reconcile(day_id: str) -> None:
    actions.reconcile(date.fromisoformat(day_id), at=clock.now())


@jobs.task("payments.look_again")
def look_again(difference_id: str) -> None:
    actions.look_again(UUID(difference_id), at=clock.now())


@jobs.every("30 19 * * *", "payments.reconcile_days")  # 04:30 in Seoul: the queue counts in UTC
def reconcile_days() -> None:
    actions.reconcile_days(at=clock.now())


@jobs.task("payments.read_report")
def read_report(report_id: str) -> None:
    actions.read_report(UUID(report_id), at=clock.now())


@jobs.every("* * * * * */5", "payments.sweep")
def sweep() -> None:
    actions.sweep(at=clock.now())


@jobs.every("45 3 * * *", "payments.forget_reports")
def forget_reports() -> None:
    actions.forget_reports(at=clock.now())


@jobs.every("35 18 * * *", "payments.erase_accounts")  # 03:35 in Seoul: the queue counts in UTC
def erase_accounts() -> None:
    actions.erase_accounts()


@jobs.every("10 0 * * *", "payments.warn_of_rewards")  # 09:10 in Seoul: the queue counts in UTC
def warn_of_rewards() -> None:
    actions.warn_of_rewards(at=clock.now())


@jobs.task("payments.warn_of_reward")
def warn_of_reward(buyer_id: str) -> None:
    actions.warn_of_reward(UUID(buyer_id), at=clock.now())


@jobs.every("5 * * * *", "payments.expire_rewards")  # most end at midnight in Seoul; many take several turns
def expire_rewards() -> None:
    actions.expire_rewards(at=clock.now())


@jobs.task("payments.expire_reward")
def expire_reward(account_id: str) -> None:
    actions.expire_reward(UUID(account_id), at=clock.now())
