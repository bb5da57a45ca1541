"""Results: ask for them, hear of them, note them. S4"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from seonmul.dispatch import carriers, events, queries, rules
from seonmul.dispatch.actions import _strange_codes as strange_codes
from seonmul.dispatch.models import Attempt, AttemptState, Batch, BatchState, Report
from seonmul.dispatch.ports import PENDING, Receipt, Result
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, jobs, states, wire

_STATES = {Result.WAITING: AttemptState.OPEN, Result.ACCEPTED: AttemptState.ACCEPTED}


def ask(batch_id: UUID, *, at: datetime, attempt_id: UUID | None = None) -> None:
    """Ask the carrier what became of a handed batch, and note it; a late answer overrides "no answer". S4

    `attempt_id`: only about this one. What was answered before an error is noted all the same.
    """
    batch = queries.batch_with_more_to_come(batch_id)
    if batch is None:
        return
    if attempt_id is None:
        with transaction.atomic():
            Batch.objects.filter(id=batch_id).update(
                asks=batch.asks + 1, ask_at=rules.next_ask(batch.asks + 1, at)
            )
    receipts: list[Receipt] = []
    trouble: wire.WireError | None = None
    with closing(carriers.carrier_of(batch.carrier)) as carrier:
        try:
            receipts.extend(carrier.ask(batch.handle, queries.taken_of(batch_id, attempt_id)))
        except wire.WireError as error:
            trouble = error
    _note_answers(batch, receipts, at)
    if trouble:
        raise trouble


@transaction.atomic
def _note_answers(batch: Batch, receipts: Sequence[Receipt], at: datetime) -> None:
    if queries.locked_handed(batch.id) is None:
        return
    changed = note_receipts(batch.id, receipts, at)
    changed += _give_up_waiting(batch, at)
    left = Attempt.objects.filter(batch=batch).exclude(state=AttemptState.ENDED).exists()
    if not left:
        states.move(Batch.objects.filter(id=batch.id), BatchState.HANDED, BatchState.ENDED, ask_at=None)
    if changed:
        jobs.announce(events.RESULTS, batch_id=batch.id)


def note_receipts(
    batch_id: UUID, receipts: Sequence[Receipt], at: datetime, *, is_first_word: bool = False
) -> int:
    """Write carrier's answers to their attempts in one statement; a later truth overrides. Returns the changed.

    `is_first_word`: said when it took them, so what was reported since is the later truth, though it was heard before.
    """
    rows = [
        (
            r.reference, r.vendor_id, r.code, str(r.result),
            _STATES.get(r.result, AttemptState.ENDED),
            None if r.result in PENDING else (r.at or at),
        )
        for r in receipts
    ]  # fmt: skip
    if not rows:
        return 0
    if strange := {receipt.code for receipt in receipts if receipt.is_strange}:
        strange_codes.note(batch_id, strange, at)
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
              AND (a.state <> 'ended' OR (v.state = 'ended' AND NOT %s)) AND a.result <> 'withdrawn'
            """,
            [*columns, batch_id, is_first_word],
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
    """Take a report as a hint: the batches it speaks of are asked for themselves; a vendor that cannot be asked is heard."""
    report = Report.objects.get(id=report_id)
    raw = json.loads(crypto.ring().open(Report.RAW, report.raw_sealed))
    heard = carriers.carrier_of(report.carrier).read_report(raw["headers"], raw["body"].encode())
    for batch_id in queries.batches_by_handle(heard.handles):
        jobs.enqueue_once("dispatch.ask", f"hint:{batch_id}", in_seconds=1, batch_id=batch_id)
    for attempt_id, batch_id in queries.attempts_by_name(report.carrier, heard.names):
        key = f"hint:{attempt_id}"
        jobs.enqueue_once("dispatch.ask", key, in_seconds=1, batch_id=batch_id, attempt_id=attempt_id)
    for batch_id, receipts in queries.receipts_by_batch(report.carrier, heard.receipts).items():
        if note_receipts(batch_id, receipts, at):
            jobs.announce(events.RESULTS, batch_id=batch_id)
    Report.objects.filter(id=report_id).update(read_at=at)


@transaction.atomic
def forget_reports(*, at: datetime) -> int:
    """Delete reports after their term. X2"""
    term = timedelta(days=figures_now.figures(at).report_days)
    return Report.objects.filter(came_at__lt=at - term).delete()[0]
