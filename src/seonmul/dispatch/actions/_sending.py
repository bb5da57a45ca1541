"""Sending: write, hand over in three beats, ask for results. S2, S3, S4

Claim (a transaction marks the batch as held) - call (no transaction is open) - record (a transaction notes how far
it came). A crash anywhere leaves a batch that says how far it is known to have come; whoever takes it on asks the
carrier first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from seonmul.dispatch import events, queries, rules
from seonmul.dispatch.models import (
    Attempt,
    AttemptState,
    Batch,
    BatchState,
    Letter,
    Message,
    Report,
)
from seonmul.dispatch.ports import PENDING, Carrier, Gate, Progress, Receipt, Result, Step
from seonmul.figures import queries as figures_now
from seonmul.kit import bulk, crypto, ids, jobs, phones, states, wire

_MESSAGE = {
    "id": "uuid", "subject": "uuid", "to_sealed": "bytea", "to_index": "bytea",
    "fields_sealed": "bytea", "sender": "varchar", "written_at": "timestamptz",
}  # fmt: skip
_ATTEMPT = {
    "id": "uuid", "message_id": "uuid", "batch_id": "uuid", "number": "int2", "state": "varchar",
    "result": "varchar", "vendor_id": "varchar", "vendor_code": "varchar", "opened_at": "timestamptz",
}  # fmt: skip


@dataclass(frozen=True)
class Outgoing:
    """One message to be written: about `subject`, to the number `to`, with the letter's places filled."""

    subject: UUID
    to: str
    fields: Mapping[str, str]


@transaction.atomic
def write_letter(
    buyer_id: UUID | None,
    *,
    channel: str,
    sender: str,
    title: str,
    text: str,
    at: datetime,
    priority: int = 0,
    is_ad: bool = False,
) -> Letter:
    """Store one text for many. The higher `priority`, the sooner its batches are handed over.

    `is_ad`: advertising; its batches are handed over by day only. O3
    """
    ring = crypto.ring()
    return Letter.objects.create(
        buyer_id=buyer_id,
        channel=channel,
        sender=sender,
        title_sealed=ring.seal(Letter.TITLE, title),
        text_sealed=ring.seal(Letter.TEXT, text),
        priority=priority,
        is_ad=is_ad,
        written_at=at,
    )


@transaction.atomic
def queue(letter_id: UUID, outgoing: Sequence[Outgoing], *, at: datetime) -> None:
    """Write messages, put them into batches of at most 1,000 and have those handed over."""
    letter = Letter.objects.get(id=letter_id)
    for start in range(0, len(outgoing), rules.BATCH_MOST):
        part = outgoing[start : start + rules.BATCH_MOST]
        batch = Batch.objects.create(letter=letter, carrier=settings.CARRIER, size=len(part), opened_at=at)
        _write(batch, letter.sender, part, at)
        jobs.enqueue("dispatch.send", batch_id=batch.id, priority=letter.priority)


def _write(batch: Batch, sender: str, outgoing: Sequence[Outgoing], at: datetime) -> None:
    ring = crypto.ring()
    numbers = [one.to for one in outgoing]
    messages, attempts = ids.new_ids(len(outgoing)), ids.new_ids(len(outgoing))
    sealed = ring.seal_all(Message.TO, numbers)
    indexes = ring.index_all(phones.INDEX, numbers)
    texts = ring.seal_all(Message.FIELDS, (json.dumps(dict(o.fields), ensure_ascii=False) for o in outgoing))
    bulk.copy(
        "dispatch_message",
        _MESSAGE,
        (
            (messages[n], one.subject, sealed[n], indexes[n], texts[n], sender, at)
            for n, one in enumerate(outgoing)
        ),
    )
    bulk.copy(
        "dispatch_attempt",
        _ATTEMPT,
        (
            (attempts[n], messages[n], batch.id, 1, AttemptState.OPEN, Result.WAITING, "", "", at)
            for n in range(len(outgoing))
        ),
    )


def send(batch_id: UUID, *, at: datetime) -> None:
    """Hand one batch over, as far as it goes. Safe to call any number of times, also at the same time. S3

    Raises the wire's errors, so that the job tries again; a sweep takes it up after that.
    """
    claim = _claim(batch_id, at)
    if claim is None:
        return
    batch, progress, is_again = claim
    carrier = carrier_of(batch.carrier)
    try:
        is_handed = False
        while not is_handed:
            step = carrier.step(str(batch.id), progress, lambda: queries.parcels_of(batch), is_again=is_again)
            _record(batch.id, progress, step, at)
            progress, is_again, is_handed = step.progress, False, step.is_handed
    except wire.WireError as error:
        _let_go(batch.id, at, error)
        raise


@transaction.atomic
def _claim(batch_id: UUID, at: datetime) -> tuple[Batch, Progress, bool] | None:
    batch = queries.claimable(batch_id, at).first()
    if batch is None:
        return None
    if batch.letter.is_ad and (morning := rules.rests_until(at)):
        Batch.objects.filter(id=batch.id).update(rests_until=morning)
        return None
    if not batch.stage:
        _withdraw(batch, at)
    # whoever held it before never said how it ended: its last step may or may not have arrived
    is_again = batch.claimed_until is not None
    Batch.objects.filter(id=batch.id).update(
        claimed_until=at + timedelta(seconds=settings.SECONDS_CLAIM), trouble=""
    )
    return batch, Progress(batch.stage, batch.handle), is_again


def _withdraw(batch: Batch, at: datetime) -> None:
    """Ask the gate which subjects may no longer be sent, and end their attempts. S5"""
    subjects = queries.subjects_of(batch.id)
    gate: Gate = import_string(settings.GATE)()
    withdrawn = gate.withdrawn(list(subjects.values()), at)
    if withdrawn:
        gone = [attempt for attempt, subject in subjects.items() if subject in withdrawn]
        Attempt.objects.filter(id__in=gone, state=AttemptState.OPEN).update(
            state=AttemptState.ENDED, result=Result.WITHDRAWN, ended_at=at
        )
        jobs.announce(events.RESULTS, batch_id=batch.id)


@transaction.atomic
def _record(batch_id: UUID, before: Progress, step: Step, at: datetime) -> None:
    """Note how far the carrier is known to have come; only whoever saw `before` may note what follows it."""
    claimed = None if step.is_handed else at + timedelta(seconds=settings.SECONDS_CLAIM)
    moved = Batch.objects.filter(
        id=batch_id, state=BatchState.OPEN, stage=before.stage, handle=before.handle
    ).update(stage=step.progress.stage, handle=step.progress.handle, claimed_until=claimed)
    if not moved:
        raise wire.InDoubt("another worker took this batch on")
    if step.receipts:
        _note_receipts(batch_id, step.receipts, at)
    if step.is_handed:
        rows = Batch.objects.filter(id=batch_id)
        states.move(rows, BatchState.OPEN, BatchState.HANDED, handed_at=at, ask_at=rules.next_ask(0, at))
        if any(receipt.result not in PENDING for receipt in step.receipts):
            jobs.announce(events.RESULTS, batch_id=batch_id)


@transaction.atomic
def _let_go(batch_id: UUID, at: datetime, error: wire.WireError) -> None:
    """Give a batch back after trouble. `claimed_until` stays set: the next one asks before it acts."""
    Batch.objects.filter(id=batch_id, state=BatchState.OPEN).update(
        claimed_until=at, trouble=f"{type(error).__name__} {error}"[:80]
    )


def ask(batch_id: UUID, *, at: datetime) -> None:
    """Ask the carrier what became of a handed batch, and note it; a late answer overrides "no answer". S4"""
    batch = queries.batch_with_more_to_come(batch_id)
    if batch is None:
        return
    with transaction.atomic():
        Batch.objects.filter(id=batch_id).update(
            asks=batch.asks + 1, ask_at=rules.next_ask(batch.asks + 1, at)
        )
    receipts = list(carrier_of(batch.carrier).ask(batch.handle))
    with transaction.atomic():
        if queries.locked_handed(batch_id) is None:
            return
        changed = _note_receipts(batch_id, receipts, at)
        changed += _give_up_waiting(batch, at)
        left = Attempt.objects.filter(batch_id=batch_id).exclude(state=AttemptState.ENDED).exists()
        if not left:
            states.move(Batch.objects.filter(id=batch_id), BatchState.HANDED, BatchState.ENDED, ask_at=None)
        if changed:
            jobs.announce(events.RESULTS, batch_id=batch_id)


def _note_receipts(batch_id: UUID, receipts: Sequence[Receipt], at: datetime) -> int:
    """Write carrier's answers to their attempts in one statement; a later truth overrides. Returns the changed."""
    rows = [
        (
            r.reference, r.vendor_id, r.code, str(r.result),
            AttemptState.ACCEPTED if r.result in PENDING else AttemptState.ENDED,
            None if r.result in PENDING else (r.at or at),
        )
        for r in receipts
    ]  # fmt: skip
    if not rows:
        return 0
    columns = list(map(list, zip(*rows, strict=True)))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE dispatch_attempt a
            SET vendor_id = v.vendor_id, vendor_code = v.code, result = v.result, state = v.state,
                ended_at = v.ended_at
            FROM unnest(%s::uuid[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[],
                        %s::timestamptz[]) v(id, vendor_id, code, result, state, ended_at)
            WHERE a.id = v.id AND a.batch_id = %s AND (a.result, a.vendor_code) <> (v.result, v.code)
              AND (a.state <> 'ended' OR v.state = 'ended') AND a.result <> 'withdrawn'
            """,
            [*columns, batch_id],
        )
        return int(cursor.rowcount)


def _give_up_waiting(batch: Batch, at: datetime) -> int:
    """What has no result long after it was handed over counts as "no answer". S4"""
    if not batch.handed_at or not rules.is_overdue(batch.handed_at, figures=figures_now.figures(at), at=at):
        return 0
    return (
        Attempt.objects.filter(batch=batch)
        .exclude(state=AttemptState.ENDED)
        .update(state=AttemptState.ENDED, result=Result.NO_ANSWER, ended_at=at)
    )


@transaction.atomic
def keep_report(carrier: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Report:
    """Store what a carrier called us with, and have it read."""
    raw = json.dumps({"headers": dict(headers), "body": body.decode("utf-8", "replace")})
    sealed = crypto.ring().seal(Report.RAW, raw)
    report = Report.objects.create(carrier=carrier, raw_sealed=sealed, came_at=at)
    jobs.enqueue("dispatch.read_report", report_id=report.id)
    return report


@transaction.atomic
def read_report(report_id: UUID, *, at: datetime) -> None:
    """Take a report as a hint: the batches it speaks of are asked for themselves."""
    report = Report.objects.get(id=report_id)
    raw = json.loads(crypto.ring().open(Report.RAW, report.raw_sealed))
    handles = carrier_of(report.carrier).read_report(raw["headers"], raw["body"].encode())
    for batch_id in queries.batches_by_handle(handles):
        jobs.enqueue_once("dispatch.ask", f"hint:{batch_id}", in_seconds=1, batch_id=batch_id)
    Report.objects.filter(id=report_id).update(read_at=at)


@transaction.atomic
def sweep(*, at: datetime) -> None:
    """Look for open rows, not for jobs: what was lost with a worker is taken up again. S3"""
    # younger ones still have their own job
    for batch_id in queries.open_batches(at - timedelta(seconds=settings.SECONDS_SWEEP), at):
        jobs.enqueue_once("dispatch.send", f"send:{batch_id}", batch_id=batch_id)
    for batch_id in queries.batches_to_ask(at):
        jobs.enqueue_once("dispatch.ask", f"ask:{batch_id}", batch_id=batch_id)


@transaction.atomic
def forget_reports(*, at: datetime) -> int:
    """Delete reports after their term. X2"""
    term = timedelta(days=figures_now.figures(at).report_days)
    return Report.objects.filter(came_at__lt=at - term).delete()[0]


def carrier_of(name: str) -> Carrier:
    """Load a carrier by the name that settings give it."""
    made: Carrier = import_string(settings.CARRIERS[name])()
    return made
