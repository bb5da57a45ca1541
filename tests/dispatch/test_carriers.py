"""Exactly once, for every carrier alike: whoever can be asked is asked, whoever cannot is never sent to twice. S3

A process that dies between two beats is one that claimed, perhaps called, and never recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from seonmul.cli import prove
from seonmul.dispatch import actions, carriers, queries
from seonmul.dispatch.actions import Outgoing, _sending
from seonmul.dispatch.models import Attempt, Batch
from seonmul.kit import clock, wire
from tests import given
from tests.dispatch.test_sending import hand_over
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db


@dataclass
class Way:
    """One carrier with two of its recipients. `calls`: where a fault can befall a hand-over."""

    name: str
    channel: str
    people: tuple[str, ...]
    fault_name: str
    calls: tuple[str, ...]
    can_be_asked: bool
    outside: Outside | None = None

    def batch(self) -> Batch:
        at, buyer = clock.now(), given.company(cash_won=0).buyer
        letter = actions.write_letter(
            buyer.id, channel=self.channel, sender="" if self.channel == "mail" else "15770000",
            title="선물", text="안녕하세요", at=at,
        )  # fmt: skip
        actions.queue(letter.id, [Outgoing(uuid4(), to, {}) for to in self.people], at=at)
        return Batch.objects.get(letter=letter)

    def to_others(self, number: int) -> Way:
        """The same with recipients that got nothing yet."""
        fresh = (f"kim{number}@gaon.example", f"lee{number}@gaon.example")
        people = fresh if self.channel == "mail" else (f"010300{number}0001", f"010310{number}0001")
        return replace(self, people=people)

    def sent(self) -> list[int]:
        assert self.outside
        return [len(self.outside.inside("GET", f"messages?to={to}")) for to in self.people]

    def holds(self, batch: Batch, *, doubts: int) -> None:
        """Nothing twice, nothing forgotten, and no more doubt than there must be."""
        assert self.outside
        attempts = list(Attempt.objects.filter(batch=batch).order_by("id"))
        said = [attempt.result for attempt in attempts]
        assert said.count("in_doubt") <= (0 if self.can_be_asked else doubts)
        for count, result in zip(self.sent(), said, strict=True):
            assert count == 1 or (count == 0 and result == "in_doubt"), said
        assert set(said) <= {"accepted", "delivered", "in_doubt"}
        assert self.outside.inside("GET", "stats")["duplicates"] == 0
        assert queries.faults() == []
        assert prove._against_the_sandbox()[0] == [], "`seonmul prove` is clean"


WAYS = {
    "solapi": Way("solapi", "lms", ("01020000001", "01020010001"), "solapi", ("create", "add", "ask", "send"), True),
    "nhn": Way("nhn", "lms", ("01020000001", "01020010001"), "nhn", ("send",), False),
    "smtp": Way("smtp", "mail", ("kim@gaon.example", "lee@gaon.example"), "mail", ("connect", "rcpt", "data"), False),
}  # fmt: skip


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, carrier: Outside, settings) -> Iterator[Way]:
    found = WAYS[request.param]
    settings.CARRIER, found.outside = found.name, carrier
    settings.SANDBOX_URL = carrier.url
    settings.EMAIL_TIMEOUT = 1
    yield found


def until_handed(batch: Batch, at: datetime) -> None:
    for _ in range(8):
        try:
            actions.send(batch.id, at=at)
        except wire.WireError:
            pass
        batch.refresh_from_db()
        if batch.state != "open":
            return
        at += timedelta(minutes=6)
    raise AssertionError(f"not handed over: {batch.trouble}")


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
@pytest.mark.parametrize("is_called", [False, True], ids=["before", "after"])
def test_a_process_that_dies_at_any_beat(way: Way, steps: int, is_called: bool):
    """S3: `steps` are recorded; the next one is claimed and not made, or made and not recorded."""
    batch, at = way.batch(), clock.now()
    claim = _sending._claim(batch.id, at)
    assert claim is not None
    claimed, progress, _ = claim
    line = carriers.carrier_of(way.name)
    for number in range(steps + 1):
        if number == steps and not is_called:
            break
        step = line.step(str(batch.id), progress, lambda: queries.parcels_of(claimed), is_again=False)
        if step.is_handed or number == steps:
            break
        _sending._record(claimed, progress, step, at, by_name=line.is_asked_by_name)
        progress = step.progress
    line.close()
    assert hand_over(batch, tries=1).state == "open", "nobody takes a batch that is still held"
    until_handed(batch, at + timedelta(minutes=5))
    way.holds(batch, doubts=1 if steps else 0)


@pytest.mark.parametrize("kind", ["timeout_after_accept", "error_500", "drop_connection", "refuse", "slow"])
def test_trouble_at_any_call(way: Way, kind: str):
    """S3: at each call in turn, of one batch each."""
    assert way.outside
    for number, route in enumerate(way.calls):
        way = way.to_others(number)
        more = {
            "errorCode": "4.7.1" if way.name == "smtp" else "-9999",
            "status": 451 if way.name == "smtp" else 400,
        }
        more = more if way.name != "solapi" else {}
        assert way.outside
        way.outside.fault(kind, provider=way.fault_name, route=route, times=1, seconds=0.2, **more)
        batch = way.batch()
        until_handed(batch, clock.now())
        way.holds(batch, doubts=1)


def test_two_workers_at_the_same_batch(way: Way):
    """S3: the second finds it held, or what the first did not finish."""
    batch, at = way.batch(), clock.now()
    actions.send(batch.id, at=at)
    actions.send(batch.id, at=at)
    way.holds(batch, doubts=0)


def test_results_come_by_asking_alone_when_every_report_is_lost(way: Way):
    """S4: webhooks are hints."""
    batch = way.batch()
    until_handed(batch, clock.now())
    actions.ask(batch.id, at=clock.now() + timedelta(hours=2))
    assert set(Attempt.objects.filter(batch=batch).values_list("result", flat=True)) == {"delivered"}
    batch.refresh_from_db()
    assert batch.state == "ended"
    way.holds(batch, doubts=0)
