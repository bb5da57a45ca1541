"""Which carrier takes a batch, who rests, and who is probed. S2

A carrier's row is the same for every worker. It is written when something changes and now and then while all is well, so
that a message costs no row that everybody waits for.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.dispatch import carriers, queries, rules
from seonmul.dispatch.models import Batch, CarrierState
from seonmul.dispatch.rules import Standing
from seonmul.figures import queries as figures_now
from seonmul.kit import jobs, wire
from seonmul.kit.refusals import refuse

_NOTED_EVERY = timedelta(minutes=1)
#: A batch that finds every carrier at rest looks again so long after the first of them is to be probed.
_PROBE_TAKES = timedelta(seconds=5)


def route(batch: Batch, at: datetime, *, is_begun: bool) -> bool:
    """Find who takes this batch now, in the claiming transaction. False: nobody can, and the batch rests.

    A batch that was begun stays with its carrier, since only that one knows how far it came.
    """
    standings = queries.standings()
    of_it = [one for one in standings if one.name == batch.carrier]
    if is_begun:
        found = next((one for one in of_it if not one.is_resting), None)
        able = of_it
    else:
        found = rules.pick(standings, batch.letter.channel, batch.id, at)
        able = [one for one in standings if batch.letter.channel in one.channels]
    if found is None:
        until = min((one.rests_until for one in able if one.rests_until), default=at) + _PROBE_TAKES
        Batch.objects.filter(id=batch.id).update(rests_until=until)
        return False
    if rules.is_used_up(found, at) and found.free_at:
        _put_back(batch, found.free_at, at)
        return False
    if found.name != batch.carrier:
        batch.carrier = found.name
        Batch.objects.filter(id=batch.id).update(carrier=found.name)
    return True


def _put_back(batch: Batch, until: datetime, at: datetime) -> None:
    """The limit a second: the batch comes again by itself."""
    Batch.objects.filter(id=batch.id).update(rests_until=until)
    seconds = max(1, -(-(until - at) // timedelta(seconds=1)))
    jobs.enqueue("dispatch.send", in_seconds=seconds, priority=batch.letter.priority, batch_id=batch.id)


def per_second_of(name: str) -> int:
    """A carrier's limit, 0 for none."""
    return CarrierState.objects.filter(name=name).values_list("per_second", flat=True).first() or 0


def note_work(name: str, messages: int, at: datetime) -> None:
    """A call succeeded, and so many messages went. In the recording transaction."""
    row = (
        CarrierState.objects.filter(name=name).values("failures", "rests", "worked_at", "per_second").first()
    )
    is_news = row is None or row["failures"] or row["rests"]
    is_old = row is None or row["worked_at"] is None or at - row["worked_at"] >= _NOTED_EVERY
    is_limited = bool(messages and row and row["per_second"])
    if not (is_news or is_old or is_limited):
        return
    standing = queries.locked_standing(name)
    _keep(rules.after_success(standing, at), free_at=rules.free_at_after(standing, messages, at))


@transaction.atomic
def note_failure(name: str, error: wire.WireError, at: datetime) -> None:
    """A call failed; too many in a row and the carrier rests."""
    standing = queries.locked_standing(name)
    trouble = f"{type(error).__name__} {error}"[:80]
    _keep(rules.after_failure(standing, trouble, figures=figures_now.figures(at), at=at))


def probe(name: str, *, at: datetime) -> None:
    """Ask a carrier whose rest is over whether it answers; with no customer's message. S2"""
    with closing(carriers.carrier_of(name)) as carrier:
        trouble: wire.WireError | None = None
        try:
            carrier.check()
        except wire.WireError as error:
            trouble = error
    if trouble:
        note_failure(name, trouble, at)
        return
    with transaction.atomic():
        standing = queries.locked_standing(name)
        if standing.is_resting:
            _keep(rules.after_probe(standing, figures=figures_now.figures(at), at=at))


def sweep_carriers(at: datetime) -> None:
    """Have carriers probed whose rest is over."""
    for name in queries.to_probe(at):
        jobs.enqueue_once("dispatch.probe", f"probe:{name}", carrier_id=name)


@transaction.atomic
def set_carrier(name: str, *, weight: int, per_second: int, by: UUID, at: datetime) -> None:
    """Give a carrier its share and its limit. S2"""
    refuse(rules.why_not_set_carrier(weight, per_second))
    standing = queries.locked_standing(name)
    free_at = standing.free_at if per_second else None
    CarrierState.objects.filter(name=name).update(weight=weight, per_second=per_second, free_at=free_at)
    audit.record(
        "carrier_changed", by=by, subject=name, at=at,
        carrier=name, weight=weight, weight_before=standing.weight,
        per_second=per_second, per_second_before=standing.per_second,
    )  # fmt: skip


def _keep(standing: Standing, free_at: datetime | None = None) -> None:
    CarrierState.objects.filter(name=standing.name).update(
        failures=standing.failures,
        rests=standing.rests,
        rests_until=standing.rests_until,
        worked_at=standing.worked_at,
        failed_at=standing.failed_at,
        trouble=standing.trouble,
        free_at=free_at or standing.free_at,
    )
