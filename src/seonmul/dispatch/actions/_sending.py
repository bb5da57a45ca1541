"""Sending: hand over in three beats. S2, S3

Claim (a transaction marks the batch as held) - call (no transaction is open) - record (a transaction notes how far
it came). A crash anywhere leaves a batch that says how far it is known to have come; whoever takes it on asks the
carrier first.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from seonmul.dispatch import carriers, events, queries, rules
from seonmul.dispatch.actions import _carriers
from seonmul.dispatch.actions._results import note_receipts
from seonmul.dispatch.models import Attempt, AttemptState, Batch, BatchState, Name
from seonmul.dispatch.ports import Gate, Progress, Result, Step
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, jobs, states, wire

#: Where a carrier takes message by message, the rest is left to another job, before the claim ends.
_STEPS_A_JOB = 100


class Overtaken(wire.InDoubt):
    """Another worker took the batch on: no trouble of the carrier's."""


def send(batch_id: UUID, *, at: datetime) -> None:
    """Hand one batch over, as far as it goes. Safe to call any number of times, also at the same time. S3

    Raises the wire's errors, so that the job tries again; a sweep takes it up after that.
    """
    claim = _claim(batch_id, at)
    if claim is None:
        return
    batch, progress, is_again = claim
    now = clock.running(at)
    told, most = 0, _carriers.per_second_of(batch.carrier)
    with closing(carriers.carrier_of(batch.carrier)) as carrier:
        try:
            for left in range(_STEPS_A_JOB, 0, -1):
                step = carrier.step(
                    str(batch.id),
                    progress,
                    lambda: queries.parcels_of(batch),
                    is_again=is_again,
                    may_go=partial(_may_go, batch, progress, now),
                )
                told += len(step.receipts)
                is_last = left == 1 or 0 < most <= told
                if _record(
                    batch, progress, step, at, is_last=is_last, by_name=carrier.is_asked_by_name, now=now()
                ):
                    break
                progress, is_again = step.progress, False
        except Overtaken:
            raise  # the batch is its successor's
        except wire.WireError as error:
            _let_go(batch, at, error, is_in_doubt=is_again or isinstance(error, wire.InDoubt))
            _carriers.note_failure(batch.carrier, error, at)
            raise


@transaction.atomic
def _claim(batch_id: UUID, at: datetime) -> tuple[Batch, Progress, bool] | None:
    batch = queries.claimable(batch_id, at).first()
    if batch is None:
        return None
    # whoever held it before never said how it ended: its last step may or may not have arrived
    is_again = batch.claimed_until is not None
    if not batch.stage or carriers.goes_one_by_one(batch.carrier):
        # before a carrier is looked for: what is stopped ends also while none is free
        unsent = queries.unsent_of(batch, doubtful=batch.handle if is_again else "")
        _withdraw(batch, unsent, at)
        _stop_gone_sender(batch, unsent, at)
        if not batch.stage and not is_again and _is_all_withdrawn(batch):
            return None
    if batch.letter.by_day and (morning := rules.rests_until(at)):
        Batch.objects.filter(id=batch.id).update(rests_until=morning)
        return None
    is_begun = bool(batch.stage) or is_again or queries.has_words(batch.id)
    if not _carriers.route(batch, at, is_begun=is_begun):
        return None
    if not batch.stage and _give_up_put_off(batch, at):
        return None
    batch.claimed_until = _claim_end(at)
    Batch.objects.filter(id=batch.id).update(claimed_until=batch.claimed_until, rests_until=None, trouble="")
    return batch, Progress(batch.stage, batch.handle), is_again


def _claim_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.SECONDS_CLAIM)


def _is_all_withdrawn(batch: Batch) -> bool:
    """End a batch of which nothing is left to be sent; no carrier hears of it."""
    if Attempt.objects.filter(batch=batch).exclude(state=AttemptState.ENDED).exists():
        return False
    states.move(Batch.objects.filter(id=batch.id), BatchState.OPEN, BatchState.ENDED, rests_until=None)
    return True


def _give_up_put_off(batch: Batch, at: datetime) -> bool:
    """End what the carrier has put off for too long; says whether nothing of the batch is left. S4"""
    if not rules.is_put_off_too_long(batch.opened_at, figures=figures_now.figures(at), at=at):
        return False
    rows = Attempt.objects.filter(batch=batch)
    put_off = rows.filter(state=AttemptState.OPEN).exclude(vendor_code="")
    if put_off.update(state=AttemptState.ENDED, result=Result.TIMEOUT, ended_at=at):
        jobs.announce(events.RESULTS, batch_id=batch.id)
    if rows.exclude(state=AttemptState.ENDED).exists():
        return False
    states.move(Batch.objects.filter(id=batch.id), BatchState.OPEN, BatchState.ENDED, claimed_until=None)
    return True


def _may_go(batch: Batch, progress: Progress, now: Callable[[], datetime]) -> bool:
    """Say right before it is sent whether this may go: all of a group, or the one message under way. S5, S6

    With a fresh time, since a job that began before nine in the evening may still be at it. O3 Raises Overtaken where the claim is another worker's by now. S3
    """
    if not Batch.objects.filter(id=batch.id, claimed_until=batch.claimed_until).exists():
        raise Overtaken("another worker took this batch on")
    at = now()
    if batch.letter.by_day and rules.rests_until(at):
        return False
    only = progress.handle if carriers.goes_one_by_one(batch.carrier) else ""
    return not _gate().withdrawn(queries.subjects_under_way(batch.id, only), at)


def _gate() -> Gate:
    made: Gate = import_string(settings.GATE)()
    return made


def _withdraw(batch: Batch, unsent: QuerySet[Attempt], at: datetime) -> None:
    """Ask the gate which subjects may no longer be sent, and end their attempts; with advertising those who refused it.

    So ends what was to follow a message that has arrived after all. S1, S5, S7
    """
    subjects = dict(unsent.values_list("id", "message__subject"))
    withdrawn = _gate().withdrawn(list(subjects.values()), at)
    gone = [attempt for attempt, subject in subjects.items() if subject in withdrawn]
    gone += queries.overtaken(batch.id)
    if batch.letter.is_ad and batch.letter.buyer_id:
        gone += queries.to_opted_out(batch.id, batch.letter.buyer_id)
    ended: dict[str, object] = {"state": AttemptState.ENDED, "result": Result.WITHDRAWN, "ended_at": at}
    if gone and unsent.filter(id__in=gone).update(**ended):
        jobs.announce(events.RESULTS, batch_id=batch.id)


def _stop_gone_sender(batch: Batch, unsent: QuerySet[Attempt], at: datetime) -> None:
    """End what would go from a number that may not be shown any more; no carrier hears of it. M6

    Here every text goes by: of a chunk under way, a resend, a reminder, what follows another channel. It has failed, so a
    mail may follow, and its sender may try again once the number is registered.
    """
    if not queries.is_from_gone_number(batch.letter):
        return
    if unsent.update(state=AttemptState.ENDED, result=Result.SENDER, ended_at=at):
        jobs.announce(events.RESULTS, batch_id=batch.id)


@transaction.atomic
def _record(
    batch: Batch,
    before: Progress,
    step: Step,
    at: datetime,
    *,
    is_last: bool = False,
    by_name: bool = False,
    now: datetime | None = None,
) -> bool:
    """Note how far the carrier is known to have come; only whoever saw `before` may note what follows it.

    `is_last`: this job makes no further step. `by_name`: keep the carrier's own names of messages, by which it will
    speak of them. `now`: from when the claim is held on, later than `at` where calls took long. Says whether the batch is
    out of its hands.
    """
    rests = step.again_in_seconds
    is_over = step.is_handed or rests is not None or is_last
    batch.claimed_until = None if is_over else _claim_end(now or at)
    moved = Batch.objects.filter(
        id=batch.id, state=BatchState.OPEN, stage=before.stage, handle=before.handle
    ).update(
        stage=step.progress.stage,
        handle=step.progress.handle,
        claimed_until=batch.claimed_until,
        rests_until=at + timedelta(seconds=rests) if rests else None,
    )
    if not moved:
        raise Overtaken("another worker took this batch on")
    note_receipts(batch.id, step.receipts, at, is_first_word=True)
    if step.is_call:
        _carriers.note_work(batch.carrier, len(step.receipts), at)
    if by_name:
        named = [one for one in step.receipts if one.vendor_id]
        rows = [Name(carrier=batch.carrier, name=n.vendor_id, attempt_id=UUID(n.reference)) for n in named]
        Name.objects.bulk_create(rows, ignore_conflicts=True)
    if step.is_handed:
        handed = Batch.objects.filter(id=batch.id)
        states.move(handed, BatchState.OPEN, BatchState.HANDED, handed_at=at, ask_at=rules.next_ask(0, at))
    elif is_over and not rests:
        jobs.enqueue("dispatch.send", batch_id=batch.id, priority=batch.letter.priority)
    if is_over and Attempt.objects.filter(batch=batch, state=AttemptState.ENDED).exists():
        jobs.announce(events.RESULTS, batch_id=batch.id)
    return is_over


@transaction.atomic
def _let_go(batch: Batch, at: datetime, error: wire.WireError, *, is_in_doubt: bool) -> None:
    """Give a batch back after trouble. Where the last step may have arrived, `claimed_until` stays set: whoever is next
    asks before it acts. Only while the claim is ours: its successor's is not given away. S3

    Where messages go one by one and none is in doubt, nothing of the batch is under way: it may go to another carrier, unless
    one has said something of its messages already. S2
    """
    held = Batch.objects.filter(id=batch.id, state=BatchState.OPEN, claimed_until=batch.claimed_until)
    if not is_in_doubt and carriers.goes_one_by_one(batch.carrier):
        held.update(stage="", handle="")
    held.update(claimed_until=at if is_in_doubt else None, trouble=f"{type(error).__name__} {error}"[:80])


@transaction.atomic
def sweep(*, at: datetime) -> None:
    """Look for open rows, not for jobs: what was lost with a worker is taken up again. S3"""
    # younger ones still have their own job
    for batch_id in queries.open_batches(at - timedelta(seconds=settings.SECONDS_SWEEP), at):
        jobs.enqueue_once("dispatch.send", f"send:{batch_id}", batch_id=batch_id)
    _carriers.sweep_carriers(at)
    for batch_id in queries.batches_to_ask(at):
        jobs.enqueue_once("dispatch.ask", f"ask:{batch_id}", batch_id=batch_id)
