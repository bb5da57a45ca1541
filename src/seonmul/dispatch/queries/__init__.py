"""Questions about messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

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
from seonmul.dispatch.ports import Parcel, Receipt, Result, Taken
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
from seonmul.dispatch.queries._proving import (
    faults,
    taken_attempts,
)
from seonmul.dispatch.queries._results import (
    AttemptLine,
    SubjectResult,
    accepted_count,
    all_subjects_of,
    attempts_about,
    crowd_about,
    results_about_batch,
    results_since,
)
from seonmul.dispatch.queries._senders import (
    decided_sender,
    ending_sender,
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
    "all_subjects_of",
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
    "ending_sender",
    "failures_of",
    "fared",
    "faults",
    "gone_senders",
    "has_words",
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
    "subjects_under_way",
    "taken_attempts",
    "taken_of",
    "to_opted_out",
    "to_probe",
    "troubled",
    "unsent_of",
    "waiting_batches",
    "waiting_senders",
    "waiting_senders_of",
]


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


def unsent_of(batch: Batch, *, doubtful: str = "") -> QuerySet[Attempt]:
    """The attempts of a batch that nobody has sent for certain, but for the one in doubt. S3, S5

    Of a group that was thrown away, which leaves its batch without a stage, also those that it had taken.
    """
    states = [AttemptState.OPEN]
    if not carriers.goes_one_by_one(batch.carrier):
        states.append(AttemptState.ACCEPTED)
    rows = Attempt.objects.filter(batch=batch, state__in=states)
    return rows.exclude(id=doubtful) if ids.is_id(doubtful) else rows


def has_words(batch_id: UUID) -> bool:
    """Whether a carrier has said anything of the messages of a batch; only that one knows what becomes of them. S3"""
    return Attempt.objects.filter(batch_id=batch_id).exclude(vendor_code="").exists()


def subjects_under_way(batch_id: UUID, only: str = "") -> list[UUID]:
    """What the messages of a batch that have no end are about; `only` one attempt."""
    rows = Attempt.objects.filter(batch_id=batch_id).exclude(state=AttemptState.ENDED)
    if only:
        rows = rows.filter(id=only)
    return list(rows.order_by("id").values_list("message__subject", flat=True))


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
