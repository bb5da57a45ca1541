"""Doors for the worker."""

from uuid import UUID

from seonmul.dispatch import events as dispatch_events
from seonmul.gifts import actions
from seonmul.kit import clock, jobs
from seonmul.orders import events as orders_events
from seonmul.vouchers import events as vouchers_events


@jobs.on(orders_events.PAID)
def start(order_id: str) -> None:
    actions.start(UUID(order_id), at=clock.now())


@jobs.task("gifts.issue_chunk")
def issue_chunk(chunk_id: str) -> None:
    actions.issue_chunk(UUID(chunk_id), at=clock.now())


@jobs.on(vouchers_events.SUPPLIED)
def note_supplied(subject_id: str) -> None:
    actions.note_supplied(UUID(subject_id), at=clock.now())


@jobs.on(vouchers_events.REPLACEMENT_KEPT)
def note_kept(replacement_id: str) -> None:
    actions.note_kept(UUID(replacement_id), at=clock.now())


@jobs.on(vouchers_events.DIFFERS)
def note_differing(voucher_id: str) -> None:
    actions.note_differing(UUID(voucher_id), at=clock.now())


@jobs.on(vouchers_events.VOIDED)
def note_voided(voucher_id: str) -> None:
    actions.note_voided(UUID(voucher_id), at=clock.now())


@jobs.on(dispatch_events.RESULTS)
def note_results(batch_id: str) -> None:
    actions.note_results(UUID(batch_id), at=clock.now())


@jobs.task("gifts.tend")
def tend(order_id: str) -> None:
    actions.tend(UUID(order_id), at=clock.now())


@jobs.task("gifts.call_back")
def call_back(order_id: str) -> None:
    actions.call_back(UUID(order_id), at=clock.now())


@jobs.task("gifts.resend_failed")
def resend_failed(order_id: str, member_id: str, after_id: int) -> None:
    actions.resend_rest(UUID(order_id), UUID(member_id), after=after_id, at=clock.now())


@jobs.every("* * * * * */5", "gifts.sweep")
def sweep() -> None:
    actions.sweep(at=clock.now())


@jobs.every("*/10 * * * *", "gifts.sweep_results")
def sweep_results() -> None:
    actions.sweep_results(at=clock.now())


@jobs.task("gifts.give_up")
def give_up(order_id: str) -> None:
    actions.give_up(UUID(order_id), at=clock.now())


@jobs.every("20 * * * *", "gifts.sweep_undelivered")
def sweep_undelivered() -> None:
    actions.sweep_undelivered(at=clock.now())


@jobs.task("gifts.fold_tallies")
def fold_tallies(buyer_id: str) -> None:
    actions.fold_tallies(UUID(buyer_id), at=clock.now())


@jobs.every("* * * * * */20", "gifts.sweep_tallies")
def sweep_tallies() -> None:
    actions.sweep_tallies(at=clock.now())


@jobs.every("37 4 * * *", "gifts.forget_wrong_links")
def forget_wrong_links() -> None:
    actions.forget_wrong_links(at=clock.now())


@jobs.task("gifts.weigh_check")
def weigh_check(order_id: str) -> None:
    actions.weigh_check(UUID(order_id), at=clock.now())


@jobs.task("gifts.check_claim")
def check_claim(claim_id: str) -> None:
    actions.check_claim(UUID(claim_id), at=clock.now())


@jobs.every("* * * * * */30", "gifts.sweep_claims")
def sweep_claims() -> None:
    actions.sweep_claims(at=clock.now())


@jobs.task("gifts.remind")
def remind() -> None:
    actions.remind(at=clock.now())


@jobs.every("*/10 * * * *", "gifts.sweep_reminders")
def sweep_reminders() -> None:
    actions.sweep_reminders(at=clock.now())
