"""Results: ask for them, hear of them, note them. S4"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from seonmul.dispatch import carriers, events, queries, rules
from seonmul.dispatch.models import Attempt, AttemptState, Batch, BatchState, Report
from seonmul.dispatch.ports import PENDING, Receipt, Result
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, jobs, states

_STATES = {Result.WAITING: AttemptState.OPEN, Result.ACCEPTED: AttemptState.ACCEPTED}


def ask(batch_id: UUID, *, at: datetime) -> None:
    """Ask the carrier what became of a handed batch, and note it; a late answer overrides "no answer". S4"""
    batch = queries.batch_with_more_to_come(batch_id)
    if batch is None:
        return
    with transaction.atomic():
        Batch.objects.filter(id=batch_id).update(
            asks=batch.asks + 1, ask_at=rules.next_ask(batch.asks + 1, at)
        )
    receipts = list(carriers.carrier_of(batch.carrier).ask(batch.handle))
    with transaction.atomic():
        if queries.locked_handed(batch_id) is None:
            return
        changed = note_receipts(batch_id, receipts, at)
        changed += _give_up_waiting(batch, at)
        left = Attempt.objects.filter(batch_id=batch_id).exclude(state=AttemptState.ENDED).exists()
        if not left:
            states.move(Batch.objects.filter(id=batch_id), BatchState.HANDED, BatchState.ENDED, ask_at=None)
        if changed:
            jobs.announce(events.RESULTS, batch_id=batch_id)


def note_receipts(batch_id: UUID, receipts: Sequence[Receipt], at: datetime) -> int:
    """Write carrier's answers to their attempts in one statement; a later truth overrides. Returns the changed."""
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
    """Take a report as a hint: the batches it speaks of are asked for themselves; a vendor that cannot be asked is heard."""
    report = Report.objects.get(id=report_id)
    raw = json.loads(crypto.ring().open(Report.RAW, report.raw_sealed))
    heard = carriers.carrier_of(report.carrier).read_report(raw["headers"], raw["body"].encode())
    for batch_id in queries.batches_by_handle(heard.handles):
        jobs.enqueue_once("dispatch.ask", f"hint:{batch_id}", in_seconds=1, batch_id=batch_id)
    for batch_id, receipts in queries.receipts_by_batch(report.carrier, heard.receipts).items():
        if note_receipts(batch_id, receipts, at):
            jobs.announce(events.RESULTS, batch_id=batch_id)
    Report.objects.filter(id=report_id).update(read_at=at)


@transaction.atomic
def forget_reports(*, at: datetime) -> int:
    """Delete reports after their term. X2"""
    term = timedelta(days=figures_now.figures(at).report_days)
    return Report.objects.filter(came_at__lt=at - term).delete()[0]
