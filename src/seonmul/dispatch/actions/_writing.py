"""Writing: one text for many, messages of it, batches of them. S1"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.dispatch import queries, rules
from seonmul.dispatch.actions import _crowding
from seonmul.dispatch.models import AttemptState, Batch, Channel, Letter, Message
from seonmul.dispatch.ports import Result
from seonmul.figures import queries as figures_now
from seonmul.kit import bulk, crypto, ids, jobs, mails, phones

_MESSAGE = {
    "id": "uuid", "subject": "uuid", "to_sealed": "bytea", "to_index": "bytea",
    "fields_sealed": "bytea", "sender": "varchar", "after_id": "uuid", "due_at": "timestamptz",
}  # fmt: skip
_ATTEMPT = {
    "id": "uuid", "message_id": "uuid", "batch_id": "uuid", "number": "int2", "state": "varchar",
    "result": "varchar", "vendor_id": "varchar", "vendor_code": "varchar", "price_won": "int4",
    "opened_at": "timestamptz",
}  # fmt: skip


@dataclass(frozen=True)
class Outgoing:
    """One message to be written: about `subject`, to the number `to`, with the letter's places filled.

    `after`: the attempt that failed and leads to this message. S1
    """

    subject: UUID
    to: str
    fields: Mapping[str, str]
    after: UUID | None = None


@transaction.atomic
def write_letter(
    buyer_id: UUID | None,
    *,
    channel: str,
    sender: str,
    title: str,
    text: str,
    at: datetime,
    html: str = "",
    priority: int = 0,
    is_ad: bool = False,
    by_day: bool = False,
) -> Letter:
    """Store one text for many. The higher `priority`, the sooner its batches are handed over. `html`: of a mail.

    `is_ad`: advertising. `by_day`: its batches are handed over by day only, as those of advertising always are. O3, V4
    """
    ring = crypto.ring()
    return Letter.objects.create(
        buyer_id=buyer_id,
        channel=channel,
        sender=sender,
        title_sealed=ring.seal(Letter.TITLE, title),
        text_sealed=ring.seal(Letter.TEXT, text),
        html_sealed=ring.seal(Letter.HTML, html) if html else b"",
        priority=priority,
        is_ad=is_ad,
        by_day=is_ad or by_day,
        written_at=at,
    )


@transaction.atomic
def queue(letter_id: UUID, outgoing: Sequence[Outgoing], *, at: datetime, spreads: bool = False) -> None:
    """Write messages, put them into batches of at most 1,000 and have those handed over.

    `spreads`: what is too much for a number at once goes later, in batches of its own. S7
    """
    letter = Letter.objects.get(id=letter_id)
    standings = [one for one in queries.standings() if letter.channel in one.channels]
    is_spread = spreads and letter.channel != Channel.MAIL
    parts = _crowding.spread(letter, outgoing, at) if is_spread else {at: outgoing}
    for due_at, some in parts.items():
        for start in range(0, len(some), rules.BATCH_MOST):
            part = some[start : start + rules.BATCH_MOST]
            batch = Batch(letter=letter, size=len(part), opened_at=due_at)
            batch.rests_until = due_at if due_at > at else None
            # chosen anew when it is claimed
            batch.carrier = (rules.pick(standings, letter.channel, batch.id, at) or standings[0]).name
            batch.save(force_insert=True)
            _write(batch, letter, part, due_at)
            jobs.enqueue(
                "dispatch.send", in_seconds=_seconds(at, due_at), batch_id=batch.id, priority=letter.priority
            )


def _seconds(at: datetime, due_at: datetime) -> int:
    """Full seconds until a moment; the job must not come before it."""
    return -(-(due_at - at) // timedelta(seconds=1))


def _write(batch: Batch, letter: Letter, outgoing: Sequence[Outgoing], at: datetime) -> None:
    ring = crypto.ring()
    is_mail = letter.channel == Channel.MAIL
    numbers = [one.to for one in outgoing]
    # what one number got from which number is counted: a mail comes from none
    sender = "" if is_mail else letter.sender
    price_won = rules.price_won(letter.channel, figures=figures_now.figures(at))
    messages, attempts = ids.new_ids(len(outgoing)), ids.new_ids(len(outgoing))
    sealed = ring.seal_all(Message.TO, numbers)
    indexes = ring.index_all(mails.INDEX if is_mail else phones.INDEX, numbers)
    texts = ring.seal_all(Message.FIELDS, (json.dumps(dict(o.fields), ensure_ascii=False) for o in outgoing))
    bulk.copy(
        "dispatch_message",
        _MESSAGE,
        (
            (messages[n], one.subject, sealed[n], indexes[n], texts[n], sender, one.after, at)
            for n, one in enumerate(outgoing)
        ),
    )
    bulk.copy(
        "dispatch_attempt",
        _ATTEMPT,
        (
            (attempts[n], messages[n], batch.id, 1, AttemptState.OPEN, Result.WAITING, "", "", price_won, at)
            for n in range(len(outgoing))
        ),
    )
