"""Several carriers: weights, limits a second, a breaker that moves traffic and comes back by probing. S2

The carriers are the sandbox's, each with its own faults; how they stand is rows, the same for every worker.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from seonmul.dispatch import actions, carriers, queries, rules
from seonmul.dispatch.models import Attempt, Batch, CarrierState
from seonmul.dispatch.rules import CarrierRefusal, Standing
from seonmul.figures.rules import Figures
from seonmul.kit import clock, wire
from seonmul.kit.refusals import Refused
from seonmul.members.models import Buyer
from tests import given
from tests.dispatch.test_sending import batch_to, phone_of

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
TEXTS = frozenset({"sms", "lms"})
FIGURES = Figures()
standings = st.lists(
    st.builds(
        Standing,
        name=st.sampled_from("abcd"),
        channels=st.sampled_from([TEXTS, frozenset({"mail"})]),
        weight=st.integers(0, 5),
        per_second=st.integers(0, 2),
        rests_until=st.none() | st.just(NOW),
        free_at=st.none() | st.sampled_from([NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)]),
    ),
    max_size=5,
)


@for_all(standings, st.uuids())
def test_whoever_is_picked_works_and_nobody_is_left_out_who_could(carriers_, ticket):
    """S2"""
    found = rules.pick(carriers_, "lms", ticket, NOW)
    able = [one for one in carriers_ if "lms" in one.channels and not one.is_resting]
    assert (found is None) == (not able)
    if found:
        free = [one for one in able if not rules.is_used_up(one, NOW)]
        assert any(found.name == one.name for one in (free or able))
        if any(one.weight for one in (free or able)):
            assert found.weight > 0


def test_traffic_is_shared_by_weight():
    """S2"""
    both = [Standing("a", TEXTS, weight=3), Standing("b", TEXTS, weight=1), Standing("c", TEXTS, weight=0)]
    picked = [rules.pick(both, "lms", UUID(int=n), NOW) for n in range(400)]
    names = [one.name for one in picked if one]
    assert (names.count("a"), names.count("b"), names.count("c")) == (300, 100, 0)


@for_all(st.integers(1, 30))
def test_rests_grow_and_are_bounded(times):
    """S2"""
    carrier = Standing("a", TEXTS, failures=FIGURES.carrier_failures - 1)
    lengths = []
    for _ in range(times):
        carrier = rules.after_failure(carrier, "trouble", figures=FIGURES, at=NOW)
        assert carrier.rests_until
        lengths.append((carrier.rests_until - NOW).total_seconds())
        carrier = rules.after_probe(carrier, figures=FIGURES, at=NOW)
    assert lengths == sorted(lengths) and lengths[0] == 60 and lengths[-1] <= 60 * 16
    assert rules.after_success(carrier, NOW).failures == 0


@pytest.fixture
def buyer(db: None) -> Buyer:
    return given.company(cash_won=0).buyer


def tried(batch: Batch, at: datetime) -> Batch:
    try:
        actions.send(batch.id, at=at)
    except wire.WireError:
        pass
    batch.refresh_from_db()
    return batch


def test_a_carrier_that_fails_rests_and_the_other_takes_over_until_a_probe_succeeds(carrier, buyer):
    """S2, S3: nothing twice, nothing lost, on the way there and back."""
    at = clock.now()
    carrier.fault("refuse", route="create", times=5, status=500)
    batches = [batch_to(buyer, [f"0102000{n}001"]) for n in range(3)]
    for n in range(5):
        assert tried(batches[0], at + timedelta(seconds=n)).state == "open"
    state = CarrierState.objects.get(name="solapi")
    assert state.failures == 5 and state.rests_until and "500" in state.trouble
    moved = [tried(batch, at + timedelta(seconds=6)) for batch in batches]
    assert [(one.carrier, one.state) for one in moved] == [("nhn", "handed")] * 3
    assert [len(phone_of(carrier, f"0102000{n}001")) for n in range(3)] == [1, 1, 1]

    carrier.fault("refuse", route="ask", times=1, status=500)
    later = at + timedelta(seconds=70)
    actions.sweep(at=later)
    actions.probe("solapi", at=later)
    state.refresh_from_db()
    assert state.rests == 2 and state.rests_until and state.rests_until > later, "it still fails"
    much_later = state.rests_until + timedelta(seconds=1)
    actions.probe("solapi", at=much_later)
    back = tried(batch_to(buyer, ["01020009001"]), much_later)
    assert (back.carrier, back.state) == ("solapi", "handed")
    state.refresh_from_db()
    assert (state.failures, state.rests, state.rests_until) == (0, 0, None)
    assert queries.faults() == [] and carrier.inside("GET", "stats")["duplicates"] == 0


def test_after_a_probe_one_more_failure_is_enough(carrier, buyer):
    """S2: it works on trial."""
    at = clock.now()
    carrier.fault("refuse", route="create", times=6, status=500)
    batch = batch_to(buyer, ["01020000001"])
    for _ in range(5):
        tried(batch, at)
    actions.probe("solapi", at=at + timedelta(seconds=61))
    tried(batch, at + timedelta(seconds=62))
    assert CarrierState.objects.get(name="solapi").rests == 2


def test_a_batch_that_was_begun_stays_with_its_carrier(carrier, buyer):
    """S3: only that one knows how far it came."""
    at = clock.now()
    batch = batch_to(buyer, ["01020000001"])
    carrier.fault("error_500", route="send", times=5)
    for n in range(5):
        tried(batch, at + timedelta(minutes=n))
    assert CarrierState.objects.get(name="solapi").rests_until
    assert tried(batch, at + timedelta(minutes=4, seconds=1)).carrier == "solapi" and batch.state == "open"
    assert batch.rests_until, "it waits for the probe"
    actions.probe("solapi", at=at + timedelta(minutes=6))
    assert tried(batch, at + timedelta(minutes=7)).state == "handed"
    assert len(phone_of(carrier, "01020000001")) == 1


def test_texts_that_go_one_by_one_move_when_none_was_taken(carrier, buyer, settings):
    """S2: naming the next message is no beginning."""
    settings.CARRIER = "nhn"
    at, right = clock.now(), settings.NHN_SECRET_KEY
    settings.NHN_SECRET_KEY = "wrong"
    batch = batch_to(buyer, ["01020000001", "01020010001"])
    for _ in range(5):
        assert (tried(batch, at).state, batch.carrier) == ("open", "nhn")
    assert tried(batch, at).state == "handed" and batch.carrier == "solapi"
    settings.NHN_SECRET_KEY = right
    assert len(phone_of(carrier, "01020000001")) == len(phone_of(carrier, "01020010001")) == 1


def test_a_group_that_was_thrown_away_stays_with_its_carrier(carrier, buyer):
    """S3: what it had taken counts for another carrier as taken, and would never go."""
    at = clock.now()
    batch = batch_to(buyer, ["01020000001"])
    carrier.fault("refuse", route="ask", times=1, status=403)
    assert tried(batch, at).stage == "added 1"
    carrier.fault("answer", route="ask", times=1, body={"status": "DELETED"})
    carrier.fault("refuse", route="create", times=1, status=403)
    assert (tried(batch, at).stage, batch.trouble) == ("", "Declined ValidationError (403)")
    CarrierState.objects.filter(name="solapi").update(rests_until=at + timedelta(minutes=1))
    assert (tried(batch, at).carrier, batch.state) == ("solapi", "open")
    actions.probe("solapi", at=at + timedelta(minutes=1))
    assert (tried(batch, at + timedelta(minutes=2)).carrier, batch.state) == ("solapi", "handed")
    assert len(phone_of(carrier, "01020000001")) == 1


def test_when_everybody_rests_the_batch_waits_and_is_not_lost(carrier, buyer):
    """S3"""
    at = clock.now()
    for name in ("solapi", "nhn"):
        CarrierState.objects.create(
            name=name, weight=1, failures=5, rests=1, rests_until=at + timedelta(minutes=1)
        )
    batch = tried(batch_to(buyer, ["01020000001"]), at)
    assert batch.state == "open" and batch.rests_until and batch.rests_until > at + timedelta(minutes=1)
    actions.probe("nhn", at=at + timedelta(minutes=1))
    assert tried(batch, batch.rests_until).state == "handed"
    assert batch.carrier == "nhn"


def test_a_limit_a_second_spaces_messages_for_all_workers(carrier, buyer):
    """S2: three mails at one a second; whoever comes meanwhile, as any other worker, waits."""
    at = clock.now()
    CarrierState.objects.create(name="nhn", weight=100, per_second=1)
    CarrierState.objects.create(
        name="solapi", weight=0, failures=5, rests=1, rests_until=at + timedelta(days=1)
    )
    numbers = ["01020000001", "01020010001", "01020020001"]
    batch = batch_to(buyer, numbers)
    for second in range(4):
        assert sum(len(phone_of(carrier, to)) for to in numbers) == min(second, 3)
        tried(batch, at + timedelta(seconds=second))
        tried(batch, at + timedelta(seconds=second))
    assert tried(batch, at + timedelta(seconds=5)).state == "handed"
    assert set(Attempt.objects.values_list("result", flat=True)) == {"accepted"}


def test_an_operator_sets_weight_and_limit_within_bounds(buyer):
    """S2"""
    at, who = clock.now(), UUID(int=1)
    actions.set_carrier("nhn", weight=30, per_second=20, by=who, at=at)
    assert {one.name: one.weight for one in queries.standings()} == {"solapi": 100, "nhn": 30, "smtp": 100}
    with pytest.raises(Refused) as no:
        actions.set_carrier("nhn", weight=-1, per_second=0, by=who, at=at)
    assert no.value.no.why is CarrierRefusal.OUT_OF_BOUNDS


def test_all_carriers_are_known_by_what_they_carry(settings):
    assert carriers.channels_of("smtp") == {"mail"} and carriers.channels_of("nhn") == TEXTS | {"mms"}
    settings.CARRIER = "nhn"
    assert carriers.first_weight("nhn") == 100 and carriers.first_weight("solapi") == 0
