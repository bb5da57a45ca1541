"""Messages that come too thick for their recipient are put off; nobody else waits for them. S7"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from seonmul.dispatch import queries, rules
from seonmul.dispatch.models import Batch, BatchState, Letter
from seonmul.dispatch.rules import Goes
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, jobs, phones


def spread(letter: Letter, outgoing: Sequence[Any], at: datetime) -> Mapping[datetime, Sequence[Any]]:
    """Which of these messages to numbers go when, the soonest first. S7

    What others queue for the same number in the same moment is not seen: a limit may be passed by as many as there are
    workers.
    """
    figures = figures_now.figures(at)
    indexes = crypto.ring().index_all(phones.INDEX, (one.to for one in outgoing))
    known = queries.crowded(indexes, letter.sender, rules.alone_most(figures), at)
    found: dict[datetime, list[Any]] = {at: []}
    for one, index in zip(outgoing, indexes, strict=True):
        moment = at
        if index in known:
            moment = rules.goes_at(known[index], at, figures=figures)
            known[index].append(Goes(moment, is_own=True))
        found.setdefault(moment, []).append(one)
    return {moment: found[moment] for moment in sorted(found) if found[moment]}


@transaction.atomic
def wake(letters: Iterable[UUID], *, at: datetime) -> None:
    """Let what waits for a later moment be looked at now: whoever stops a sending wants the outcome of all of it. S6, S7

    Also what was begun, message by message, and rests at night or with its carrier.
    """
    rows = Batch.objects.filter(letter__in=list(letters), state=BatchState.OPEN, rests_until__gt=at)
    woken = list(rows.select_for_update().order_by("id").values_list("id", flat=True))
    Batch.objects.filter(id__in=woken).update(rests_until=None)
    jobs.enqueue_many("dispatch.send", [{"batch_id": batch_id} for batch_id in woken])
