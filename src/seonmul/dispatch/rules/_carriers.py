"""Decisions on carriers: who takes the next batch, when one rests, how fast it may be asked. S2"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from seonmul.figures.rules import Figures
from seonmul.kit.refusals import No, Refusal, _

WEIGHT_MOST = 1_000
PER_SECOND_MOST = 100_000
#: A carrier that goes on failing rests ever longer, up to this many times the first rest.
_LONGEST_REST = 16


class CarrierRefusal(Refusal):
    OUT_OF_BOUNDS = (
        "carrier_out_of_bounds",
        _(
            "비중은 0부터 {weight:,}까지, 초당 발송은 0부터 {per_second:,}까지 정할 수 있습니다. 바꾸지 않았습니다."
        ),
    )


@dataclass(frozen=True)
class Standing:
    """How a carrier stands. `weight` 0: it only helps out. `per_second` 0: no limit.

    `failures`: calls that failed in a row; `rests`: how often in a row it was sent to rest; `rests_until`: it gets nothing
    until a probe after that moment has succeeded; `free_at`: when its limit lets the next message go.
    """

    name: str
    channels: frozenset[str] = frozenset()
    weight: int = 0
    per_second: int = 0
    failures: int = 0
    rests: int = 0
    rests_until: datetime | None = None
    free_at: datetime | None = None
    worked_at: datetime | None = None
    failed_at: datetime | None = None
    trouble: str = ""

    @property
    def is_resting(self) -> bool:
        """It gets no traffic."""
        return self.rests_until is not None


def pick(carriers: Sequence[Standing], channel: str, ticket: UUID, at: datetime) -> Standing | None:
    """Who takes a batch of this channel: by weight among those that work; None when all of them rest. S2

    The batch's own id is the ticket that is drawn. Who has used up its limit is passed over while another has not;
    who has no weight helps out when nobody else can.
    """
    able = [one for one in carriers if channel in one.channels and not one.is_resting]
    free = [one for one in able if not is_used_up(one, at)]
    able = free or able
    weighted = [one for one in able if one.weight] or [replace(one, weight=1) for one in able]
    total = sum(one.weight for one in weighted)
    place = ticket.int % total if total else 0
    for one in weighted:
        if place < one.weight:
            return one
        place -= one.weight
    return None


def is_used_up(carrier: Standing, at: datetime) -> bool:
    """Say whether its limit lets no message go now."""
    return bool(carrier.per_second and carrier.free_at and carrier.free_at > at)


def free_at_after(carrier: Standing, messages: int, at: datetime) -> datetime | None:
    """When the next message may go after these; None without a limit."""
    if not carrier.per_second:
        return None
    begun = max(carrier.free_at or at, at)
    return begun + timedelta(seconds=messages / carrier.per_second)


def after_failure(carrier: Standing, trouble: str, *, figures: Figures, at: datetime) -> Standing:
    """One more call failed: too many in a row send the carrier to rest, each time for longer."""
    failures = carrier.failures + 1
    failed = replace(carrier, failures=failures, failed_at=at, trouble=trouble)
    if failures < figures.carrier_failures and not carrier.is_resting:
        return failed
    times = min(2**carrier.rests, _LONGEST_REST)
    until = at + timedelta(seconds=figures.carrier_rest_seconds * times)
    return replace(failed, rests=carrier.rests + 1, rests_until=until)


def after_probe(carrier: Standing, *, figures: Figures, at: datetime) -> Standing:
    """It answers again: it works on trial, and its next failure sends it back to rest at once."""
    trial = max(figures.carrier_failures - 1, 0)
    return replace(carrier, rests_until=None, failures=trial, worked_at=at)


def after_success(carrier: Standing, at: datetime) -> Standing:
    """A call succeeded: nothing of before counts."""
    return replace(carrier, failures=0, rests=0, worked_at=at)


def why_not_set_carrier(weight: int, per_second: int) -> No | None:
    """Say why a carrier does not get this weight and limit. S2"""
    if 0 <= weight <= WEIGHT_MOST and 0 <= per_second <= PER_SECOND_MOST:
        return None
    return No(CarrierRefusal.OUT_OF_BOUNDS, {"weight": WEIGHT_MOST, "per_second": PER_SECOND_MOST})
