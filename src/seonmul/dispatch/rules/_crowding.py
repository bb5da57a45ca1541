"""Too many messages to one number in a short time: when the next one may go. S7"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from seonmul.dispatch.rules._advertising import rests_until
from seonmul.figures.rules import Figures

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Goes(NamedTuple):
    """One message to a number: when it went or is to go, and whether it is from the sender number that is asked about."""

    at: datetime
    is_own: bool


def alone_most(figures: Figures) -> int:
    """How many messages somebody who gets no others may get without a word. S7"""
    return min(
        figures.to_one_in_an_hour,
        figures.to_one_in_a_day,
        figures.from_one_in_an_hour,
        figures.from_one_in_a_day,
    )


def goes_at(others: Sequence[Goes], at: datetime, *, figures: Figures) -> datetime:
    """When a message of one's own may go beside the others: at once, or put off until no hour and no day is too full. S7

    What is put off goes on a full ten minutes, so that many go together, and by day.
    """
    all_, own = sorted(one.at for one in others), sorted(one.at for one in others if one.is_own)
    full = [
        *_full(all_, figures.to_one_in_an_hour, HOUR),
        *_full(all_, figures.to_one_in_a_day, DAY),
        *_full(own, figures.from_one_in_an_hour, HOUR),
        *_full(own, figures.from_one_in_a_day, DAY),
    ]
    moment = at
    while ends := [end for begin, end in full if begin < moment < end]:
        moment = round_up(max(ends))
    return moment


def _full(times: Sequence[datetime], most: int, window: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Between which moments one more would be too many within a window, both ends free."""
    for first, last in zip(times, times[most - 1 :], strict=False):
        if last - first < window:
            yield last - window, first + window


def round_up(moment: datetime) -> datetime:
    """The next full ten minutes, and by day. S7"""
    at = moment + timedelta(
        minutes=-moment.minute % 10, seconds=-moment.second, microseconds=-moment.microsecond
    )
    if at < moment:
        at += timedelta(minutes=10)
    return rests_until(at) or at
