"""Questions about messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from seonmul.dispatch import carriers, rules
from seonmul.dispatch.models import (
    Attempt,
    AttemptState,
    Batch,
    BatchState,
    Letter,
    Message,
    Name,
)
from seonmul.dispatch.ports import PENDING, Parcel, Receipt, Result, Taken
from seonmul.dispatch.queries._advertising import ad_of, number_of, opt_outs_of, opted_out, to_opted_out
from seonmul.dispatch.queries._carriers import (
    Fared,
    fared,
    locked_standing,
    standings,
    strange_code,
    strange_codes,
    to_probe,
    waiting_batches,
)
from seonmul.dispatch.queries._crowding import crowded, put_off
from seonmul.dispatch.queries._falling import Failure, failures_of, overtaken
from seonmul.dispatch.queries._senders import (
    decided_sender,
    gone_senders,
    is_from_gone_number,
    locked_sender,
    sender,
    senders_asked_for,
    senders_of,
    standing_of,
    waiting_senders,
    waiting_senders_of,
)
from seonmul.dispatch.queries._worked import channels_that_worked
from seonmul.kit import crypto, ids

__all__ = [
    "AttemptLine",
    "Failure",
    "Fared",
    "SubjectResult",
    "accepted_count",
    "ad_of",
    "attempts_about",
    "attempts_by_name",
    "batch_with_more_to_come",
    "batches_by_handle",
    "batches_to_ask",
    "channels_that_worked",
    "claimable",
    "crowd_about",
    "crowded",
    "decided_sender",
    "drawers_of",
    "failures_of",
    "fared",
    "faults",
    "gone_senders",
    "is_from_gone_number",
    "locked_handed",
    "locked_sender",
    "locked_standing",
    "number_of",
    "open_batches",
    "opt_outs_of",
    "opted_out",
    "overtaken",
    "parcels_of",
    "put_off",
    "receipts_by_batch",
    "results_about_batch",
    "results_since",
    "sender",
    "senders_asked_for",
    "senders_of",
    "standing_of",
    "standings",
    "strange_code",
    "strange_codes",
    "subjects_of",
    "taken_attempts",
    "taken_of",
    "to_opted_out",
    "to_probe",
    "troubled",
    "waiting_batches",
    "waiting_senders",
    "waiting_senders_of",
]


@dataclass(frozen=True)
class SubjectResult:
    """The newest result for one subject."""

    subject: UUID
    result: Result
    at: datetime | None


@dataclass(frozen=True)
class AttemptLine:
    """One attempt as a history shows it. `is_fallback`: it followed another channel's failure. S1"""

    tried_at: datetime
    carrier: str
    channel: str
    result: Result
    vendor_code: str
    price_won: int
    ended_at: datetime | None
    is_fallback: bool


def claimable(batch_id: UUID, at: datetime) -> QuerySet[Batch]:
    """The batch, locked, when nobody holds it and it does not rest; empty otherwise."""
    rows = Batch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("letter")
    return rows.filter(_free(at), id=batch_id, state=BatchState.OPEN)


def _free(at: datetime) -> Q:
    """Held by nobody, and not resting."""
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=at)
    return unclaimed & (Q(rests_until=None) | Q(rests_until__lte=at))


def locked_handed(batch_id: UUID) -> Batch | None:
    """Lock a batch that was handed over."""
    return Batch.objects.select_for_update().filter(id=batch_id).exclude(state=BatchState.OPEN).first()


def batch_with_more_to_come(batch_id: UUID) -> Batch | None:
    """The batch when it was handed over and the carrier may still tell something new about it. S4"""
    unanswered = Exists(Attempt.objects.filter(batch=OuterRef("id"), result=Result.NO_ANSWER))
    more = Q(state=BatchState.HANDED) | Q(unanswered, state=BatchState.ENDED)
    return Batch.objects.filter(more, id=batch_id).first()


def parcels_of(batch: Batch) -> list[Parcel]:
    """What a carrier gets of this batch: every attempt that has not ended."""
    ring, letter = crypto.ring(), Letter.objects.get(id=batch.letter_id)
    title = ring.open(Letter.TITLE, letter.title_sealed)
    text = ring.open(Letter.TEXT, letter.text_sealed)
    html = ring.open(Letter.HTML, letter.html_sealed) if letter.html_sealed else ""
    rows = (
        Attempt.objects.filter(batch=batch)
        .exclude(state=AttemptState.ENDED)
        .order_by("id")
        .values_list("id", "state", "message__subject", "message__to_sealed", "message__fields_sealed")
    )
    has_picture = rules.has_picture(letter.channel, html)
    drawers = drawers_of([row[2] for row in rows]) if has_picture else {}
    parcels = []
    for reference, state, subject, to, fields in rows:
        values = json.loads(ring.open(Message.FIELDS, fields))
        parcels.append(
            Parcel(
                reference=str(reference),
                to=ring.open(Message.TO, to),
                sender=letter.sender,
                channel=letter.channel,
                title=rules.fill(title, values),
                text=rules.fill(text, values),
                html=rules.fill_html(html, values),
                is_ad=letter.is_ad,
                is_taken=state == AttemptState.ACCEPTED,
                draw=drawers.get(subject),
            )
        )
    return parcels


def drawers_of(subjects: Sequence[UUID]) -> Mapping[UUID, Callable[[], bytes]]:
    """What draws the picture of each subject. S1"""
    return carriers.album().drawers(subjects)


def subjects_of(batch_id: UUID) -> dict[UUID, UUID]:
    """Attempt id to subject, for those attempts of a batch that are still open."""
    return dict(
        Attempt.objects.filter(batch_id=batch_id, state=AttemptState.OPEN).values_list(
            "id", "message__subject"
        )
    )


def all_subjects_of(batch_id: UUID) -> list[UUID]:
    """What the messages of a batch are about, whatever became of them."""
    rows = Attempt.objects.filter(batch_id=batch_id).order_by("message__subject")
    return list(rows.values_list("message__subject", flat=True).distinct())


def results_about_batch(batch_id: UUID) -> list[SubjectResult]:
    """The outcome for each subject of a batch: delivered once is delivered, otherwise the newest attempt counts.

    Subjects whose newest attempt has no outcome are left out. Subject by subject through the indexes: on a fresh database,
    whose statistics know nothing yet, the planner joined all with all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH about AS MATERIALIZED (
                SELECT DISTINCT m.subject FROM dispatch_attempt a
                JOIN dispatch_message m ON m.id = a.message_id WHERE a.batch_id = %s)
            SELECT about.subject, newest.result, newest.ended_at FROM about CROSS JOIN LATERAL (
                SELECT a.result, a.ended_at
                FROM dispatch_message m JOIN dispatch_attempt a ON a.message_id = m.id
                WHERE m.subject = about.subject
                ORDER BY (a.result = 'delivered') DESC, a.opened_at DESC, a.id DESC LIMIT 1) AS newest
            ORDER BY about.subject""",
            [batch_id],
        )
        rows = [SubjectResult(subject, Result(result), at) for subject, result, at in cursor.fetchall()]
    return [row for row in rows if row.result not in PENDING]


def results_since(subjects: Mapping[UUID, datetime]) -> list[SubjectResult]:
    """The outcome for each of these subjects by what was written about it since a moment; those without are left out. S5"""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT about.id, newest.result, newest.ended_at
            FROM unnest(%s::uuid[], %s::timestamptz[]) about(id, since) CROSS JOIN LATERAL (
                SELECT a.result, a.ended_at
                FROM dispatch_message m JOIN dispatch_attempt a ON a.message_id = m.id
                WHERE m.subject = about.id AND a.opened_at >= about.since
                ORDER BY (a.result = 'delivered') DESC, a.opened_at DESC, a.id DESC LIMIT 1) AS newest""",
            [list(subjects), list(subjects.values())],
        )
        rows = [SubjectResult(subject, Result(result), at) for subject, result, at in cursor.fetchall()]
    return [row for row in rows if row.result not in PENDING]


def accepted_count(letter_ids: Iterable[UUID]) -> int:
    """How many attempts with these letters a carrier has and has not answered for."""
    return Attempt.objects.filter(
        batch__letter_id__in=list(letter_ids), batch__state=BatchState.HANDED, state=AttemptState.ACCEPTED
    ).count()


def attempts_about(subject: UUID) -> list[AttemptLine]:
    """Every attempt about one subject, newest first."""
    rows = (
        Attempt.objects.filter(message__subject=subject)
        .select_related("batch__letter", "message")
        .order_by("-opened_at", "-id")
    )
    return [
        AttemptLine(
            tried_at=row.opened_at,
            carrier=row.batch.carrier,
            channel=row.batch.letter.channel,
            result=Result(row.result),
            vendor_code=row.vendor_code,
            price_won=row.price_won,
            ended_at=row.ended_at,
            is_fallback=row.message.after_id is not None,
        )
        for row in rows[:50]
    ]


def crowd_about(subject: UUID) -> tuple[int, int]:
    """How many messages the number of a subject's newest one had got in an hour and in a day by then, with it. S7"""
    newest = Message.objects.filter(subject=subject).order_by("-due_at", "-id").first()
    if newest is None:
        return 0, 0
    moment = newest.due_at
    rows = Message.objects.filter(
        to_index=newest.to_index, due_at__lte=moment, due_at__gt=moment - timedelta(days=1)
    )
    counts = rows.aggregate(
        day=Count("id"), hour=Count("id", filter=Q(due_at__gt=moment - timedelta(hours=1)))
    )
    return counts["hour"], counts["day"]


def open_batches(before: datetime, at: datetime, limit: int = 100) -> list[UUID]:
    """Batches opened `before` that nobody holds although they were not handed over."""
    rows = Batch.objects.filter(_free(at), state=BatchState.OPEN, opened_at__lte=before).order_by(
        "opened_at", "id"
    )
    return list(rows.values_list("id", flat=True)[:limit])


def batches_to_ask(at: datetime, limit: int = 100) -> list[UUID]:
    """Handed batches whose results should be asked for now."""
    rows = Batch.objects.filter(state=BatchState.HANDED, ask_at__lte=at).order_by("ask_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def batches_by_handle(handles: Iterable[str]) -> list[UUID]:
    """Batches that a carrier speaks of."""
    rows = Batch.objects.filter(handle__in=list(handles)).exclude(handle="")
    return list(rows.order_by("id").values_list("id", flat=True))


def taken_of(batch_id: UUID, only: UUID | None = None) -> list[Taken]:
    """What a carrier has accepted of a batch and has given no result for; `only` one attempt. S4"""
    unanswered = Q(state=AttemptState.ACCEPTED) | Q(result=Result.NO_ANSWER)
    rows = Attempt.objects.filter(unanswered, batch_id=batch_id).exclude(vendor_id="")
    if only:
        rows = rows.filter(id=only)
    return [Taken(str(one), name) for one, name in rows.order_by("id").values_list("id", "vendor_id")]


def attempts_by_name(carrier: str, names: Iterable[str]) -> list[tuple[UUID, UUID]]:
    """Attempts that a carrier speaks of by its own names, each with its batch."""
    rows = Name.objects.filter(carrier=carrier, name__in=list(names)).order_by("id")
    return list(rows.values_list("attempt_id", "attempt__batch_id"))


def receipts_by_batch(carrier: str, receipts: Iterable[Receipt]) -> dict[UUID, list[Receipt]]:
    """What a carrier told of its own attempts, by their batches; what is none of them is left out."""
    told = {UUID(one.reference): one for one in receipts if ids.is_id(one.reference)}
    found: dict[UUID, list[Receipt]] = {}
    rows = Attempt.objects.filter(id__in=list(told), batch__carrier=carrier)
    for attempt, batch in rows.order_by("id").values_list("id", "batch_id"):
        found.setdefault(batch, []).append(told[attempt])
    return found


def troubled(limit: int = 20) -> list[Batch]:
    """Open batches that a carrier declined or that stand in doubt, oldest first."""
    return list(Batch.objects.filter(state=BatchState.OPEN).exclude(trouble="").order_by("opened_at")[:limit])


_CHECKS = {
    "a batch does not hold what it says": """
        SELECT b.id::text, b.size, count(a.id) FROM dispatch_batch b
        LEFT JOIN dispatch_attempt a ON a.batch_id = b.id GROUP BY b.id HAVING b.size <> count(a.id)""",
    "an ended batch has attempts without an end": """
        SELECT b.id::text, 0, count(*) FROM dispatch_batch b JOIN dispatch_attempt a ON a.batch_id = b.id
        WHERE b.state = 'ended' AND a.state <> 'ended' GROUP BY b.id""",
    "an attempt's result does not fit its state": """
        SELECT id::text, 0, 1 FROM dispatch_attempt
        WHERE (state = 'open') <> (result = 'waiting') OR (state = 'accepted') <> (result = 'accepted')""",
    "a message has no attempt": """
        SELECT m.id::text, 1, 0 FROM dispatch_message m
        WHERE NOT EXISTS (SELECT 1 FROM dispatch_attempt a WHERE a.message_id = m.id)""",
}


def faults() -> list[tuple[str, str, int, int]]:
    """Prove the messages: (what, where, expected, found) for each row that does not add up."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [(what, str(where), int(want), int(have)) for where, want, have in cursor.fetchall()]
    return found


def taken_attempts() -> Iterator[tuple[UUID, bool]]:
    """Every attempt, and whether its carrier must have sent it: handed over and not refused."""
    rows = Attempt.objects.order_by("id").values_list(
        "id", "batch__state", "result", "vendor_id", "vendor_code"
    )
    unsent = (Result.WITHDRAWN, Result.WAITING, Result.IN_DOUBT)
    for attempt, batch_state, result, name, code in rows.iterator(chunk_size=10_000):
        # what failed was taken before only when the carrier had a name for it; a code of 1xxx refuses at acceptance
        taken = result in (Result.ACCEPTED, Result.DELIVERED) or (name and not code.startswith("1"))
        yield attempt, bool(batch_state != BatchState.OPEN and result not in unsent and taken)
