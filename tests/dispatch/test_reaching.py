"""O4: what is remembered of a number: failures since the last message that arrived, whoever sent them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.dispatch import actions, rules
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Attempt, AttemptState, Batch, Reach
from seonmul.dispatch.ports import Result
from seonmul.kit import crypto, phones
from tests import given
from tests.given import MONDAY

pytestmark = pytest.mark.django_db
NUMBER = "01022220001"
ENDS = sorted(set(Result) - {Result.WAITING, Result.ACCEPTED})


def sent(results: Sequence[Result], at: datetime = MONDAY, number: str = NUMBER) -> list[Batch]:
    """Messages to one number, an hour apart, that ended like this; noted one by one as their news come."""
    firm = given.company(cash_won=0)
    batches = []
    for n, result in enumerate(results):
        when = at + timedelta(hours=n)
        letter = actions.write_letter(
            firm.buyer.id, channel="lms", sender="15770000", title="", text="선물", at=when
        )
        actions.queue(letter.id, [Outgoing(uuid4(), number, {})], at=when)
        batch = Batch.objects.get(letter=letter)
        Attempt.objects.filter(batch=batch).update(
            state=AttemptState.ENDED, result=result, vendor_code="x", ended_at=when
        )
        actions.note_reach(batch.id, at=when)
        batches.append(batch)
    return batches


def reach(number: str = NUMBER) -> Reach | None:
    return Reach.objects.filter(to_index=crypto.ring().index(phones.INDEX, number)).first()


@each(st.lists(st.sampled_from(ENDS), max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_failures_since_the_last_one_that_arrived(results):
    """O4: however the results come, what is kept is what a reading of all of them gives."""
    number = given.numbers(1, start=given_count() * 10_000)[0]
    sent(results, number=number)
    since = (
        results[len(results) - results[::-1].index(Result.DELIVERED) :]
        if Result.DELIVERED in results
        else results
    )
    against = [one for one in since if one in rules.COUNTS_AGAINST]
    kept = reach(number)
    assert (kept.failed if kept else 0) == len(against)
    if kept:
        assert kept.result == against[-1]


_numbers = iter(range(3_000, 9_000))


def given_count() -> int:
    return next(_numbers)


def test_a_later_truth_corrects_it():
    """O4, S4: no answer first, then it had arrived after all."""
    (batch,) = sent([Result.NO_ANSWER])
    assert reach() is not None
    Attempt.objects.filter(batch=batch).update(result=Result.DELIVERED)
    actions.note_reach(batch.id, at=MONDAY)
    actions.note_reach(batch.id, at=MONDAY)
    assert reach() is None


def test_it_is_forgotten_after_its_term():
    """O4, X2"""
    sent([Result.INVALID_NUMBER])
    assert actions.forget_reach(at=MONDAY + timedelta(days=180)) == 0
    assert actions.forget_reach(at=MONDAY + timedelta(days=181)) == 1
