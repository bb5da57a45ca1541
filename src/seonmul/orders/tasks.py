"""Doors for the worker."""

from uuid import UUID

from seonmul.kit import clock, jobs
from seonmul.orders import actions
from seonmul.payments import events as payments_events


@jobs.every("10 18 * * *", "orders.recompute_tiers")  # 03:10 in Seoul: the queue counts in UTC
def recompute_tiers() -> None:
    actions.recompute_tiers(at=clock.now())


@jobs.on(payments_events.CARD_PAID)
def complete_card(payment_id: str) -> None:
    actions.complete_card(UUID(payment_id), at=clock.now())


@jobs.on(payments_events.CARD_ENDED)
def note_card_ended(payment_id: str) -> None:
    actions.note_card_ended(UUID(payment_id), at=clock.now())


@jobs.task("orders.complete_card")
def complete_card_again(payment_id: str) -> None:
    actions.complete_card(UUID(payment_id), at=clock.now())


@jobs.task("orders.note_card_ended")
def note_card_ended_again(payment_id: str) -> None:
    actions.note_card_ended(UUID(payment_id), at=clock.now())


@jobs.every("* * * * * */20", "orders.sweep_cards")
def sweep_cards() -> None:
    actions.sweep_cards(at=clock.now())


@jobs.every("*/10 * * * *", "orders.end_overdue_approvals")
def end_overdue_approvals() -> None:
    actions.end_overdue_approvals(at=clock.now())


@jobs.every("30 4 * * *", "orders.forget_looks")
def forget_looks() -> None:
    actions.forget_looks(at=clock.now())
