"""Questions about carriers: how they stand, and how they fared lately. S2"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F

from seonmul.dispatch import carriers
from seonmul.dispatch.models import Batch, BatchState, CarrierState, StrangeCode
from seonmul.dispatch.ports import PENDING, Result
from seonmul.dispatch.rules import Standing

_KEPT = [one.name for one in fields(Standing) if one.name != "channels"]


@dataclass(frozen=True)
class Fared:
    """What became of the attempts of one carrier since a moment."""

    delivered: int = 0
    failed: int = 0
    in_doubt: int = 0
    pending: int = 0

    @property
    def rate(self) -> float | None:
        """Percent of what has an end."""
        ended = self.delivered + self.failed + self.in_doubt
        return 100 * self.delivered / ended if ended else None


def standings() -> list[Standing]:
    """Every carrier of the settings, as it stands for all workers."""
    rows = {row["name"]: row for row in CarrierState.objects.values(*_KEPT)}
    return [standing_from(name, rows.get(name)) for name in settings.CARRIERS]


def locked_standing(name: str) -> Standing:
    """One carrier, its row made where there was none, and locked."""
    CarrierState.objects.get_or_create(name=name, defaults={"weight": carriers.first_weight(name)})
    row = CarrierState.objects.select_for_update().filter(name=name).values(*_KEPT).get()
    return standing_from(name, row)


def standing_from(name: str, row: dict[str, object] | None) -> Standing:
    """A row as the rules know it; one that nobody has written is that of a carrier at its beginning."""
    channels = carriers.channels_of(name)
    if row is None:
        return Standing(name, channels, carriers.first_weight(name))
    return Standing(channels=channels, **row)  # type: ignore[arg-type]


def to_probe(at: datetime) -> list[str]:
    """Carriers whose rest is over."""
    rows = CarrierState.objects.filter(name__in=list(settings.CARRIERS), rests_until__lte=at)
    return list(rows.order_by("name").values_list("name", flat=True))


def fared(since: datetime) -> dict[str, Fared]:
    """How the attempts of each carrier have fared, of the batches opened since."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.carrier, a.result, count(*) FROM dispatch_batch b
            JOIN dispatch_attempt a ON a.batch_id = b.id
            WHERE b.opened_at >= %s AND a.result <> 'withdrawn' GROUP BY 1, 2""",
            [since],
        )
        rows = cursor.fetchall()
    sums: dict[str, dict[str, int]] = {}
    for carrier, result, count in rows:
        kind = {Result.DELIVERED: "delivered", Result.IN_DOUBT: "in_doubt"}.get(Result(result), "failed")
        kind = "pending" if Result(result) in PENDING else kind
        told = sums.setdefault(carrier, {})
        told[kind] = told.get(kind, 0) + int(count)
    return {carrier: Fared(**told) for carrier, told in sums.items()}


def strange_codes(limit: int = 100) -> list[StrangeCode]:
    """Codes that are in no table of ours, those that nobody has seen first. S4"""
    return list(StrangeCode.objects.order_by(F("seen_at").desc(nulls_first=True), "-met_at", "-id")[:limit])


def strange_code(code_id: UUID) -> StrangeCode:
    """One of them."""
    return StrangeCode.objects.get(id=code_id)


def waiting_batches(at: datetime) -> dict[str, tuple[int, timedelta]]:
    """Batches that each carrier has still to take: how many, and the age of the oldest."""
    found: dict[str, tuple[int, timedelta]] = {}
    rows = (
        Batch.objects.filter(state=BatchState.OPEN, opened_at__lte=at)
        .order_by("opened_at")
        .values_list("carrier", "opened_at")
    )
    for carrier, opened_at in rows[:10_000]:
        count, age = found.get(carrier, (0, at - opened_at))
        found[carrier] = count + 1, age
    return found
