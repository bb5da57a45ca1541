"""H2: it says sent, and the recipient has nothing. Which cause is looked at first, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.dispatch import rules
from seonmul.dispatch.ports import PENDING, Result
from seonmul.dispatch.rules import CAUSES, MAIL_CAUSES, Act, ArrivalFacts, Cause

TEXTS = st.sampled_from(["sms", "lms"])
SENDERS = st.sampled_from(["15770000", "07041234567", "0808888888", "01020417735", ""])
RESULTS = st.sampled_from(list(Result))


@assumed(result=RESULTS, channel=TEXTS, sender=SENDERS, is_crowded=st.booleans())
def test_all_seven_are_gone_through_once_from_what_the_result_says(result, channel, sender, is_crowded):
    """H2: nothing is asked while there is no result, or when nothing was sent."""
    causes = rules.causes_of(ArrivalFacts(result, channel, sender, is_crowded))
    if result in PENDING or result is Result.WITHDRAWN:
        assert causes == ()
        return
    own = rules.causes_of_result(result, channel)
    assert causes[: len(own)] == own and len(set(causes)) == len(causes)
    assert set(causes) - {Cause.NUMBER} == set(CAUSES)
    early = len(own) + is_crowded + 1
    if sender.startswith(("070", "080")):
        assert causes.index(Cause.BLOCKED) < early
    if is_crowded:
        assert causes.index(Cause.CROWDED) < early + 1
    if channel == "sms" and Cause.SHORT_ONLY not in own:
        assert causes[-1] is Cause.SHORT_ONLY, "an SMS is short already"


@assumed(result=RESULTS)
def test_a_mail_has_causes_of_its_own(result):
    """H2: no phone, no carrier."""
    causes = rules.causes_of(ArrivalFacts(result, "mail"))
    assert set(causes) <= {*MAIL_CAUSES, Cause.ADDRESS} and not {
        act for one in causes for act in one.acts
    } & {
        Act.CARRIER,
        Act.OTHER_CHANNEL,
    }


@pytest.mark.parametrize(
    ("result", "first", "act"),
    [
        (Result.DELIVERED, Cause.SPAM_BOX, Act.RESEND),
        (Result.INVALID_NUMBER, Cause.NUMBER, Act.NUMBER),
        (Result.POWER_OFF, Cause.PHONE, Act.RESEND),
        (Result.DEVICE, Cause.SHORT_ONLY, Act.OTHER_CHANNEL),
        (Result.SPAM, Cause.SENDER, Act.OTHER_CHANNEL),
    ],
)
def test_what_the_first_step_is_and_what_it_ends_in(result, first, act):
    """H2"""
    place = rules.place_at(rules.causes_of(ArrivalFacts(result, "lms", "15770000")), "1")
    assert place.here == (first,) and act in place.acts


@assumed(step=st.one_of(st.text(max_size=6), st.integers(-3, 20).map(str)), result=RESULTS)
def test_every_address_leads_somewhere(step, result):
    """H2: what somebody edits in an address begins anew; the last step leads to the end, where all that helps is offered."""
    causes = rules.causes_of(ArrivalFacts(result, "lms"))
    place = rules.place_at(causes, step)
    assert 0 <= place.at <= len(place.steps) <= rules.STEPS_MOST and bool(place.here) == bool(place.at)
    assert [one for some in place.steps for one in some] == list(causes), "each cause in one step"
    if place.is_found:
        assert step == rules.FOUND and place.acts == ()
    elif causes and not place.at:
        assert set(place.acts) == set(Act), "also another number, when nothing helped"
    place = rules.place_at(causes, "1")
    for _ in place.steps:
        place = rules.place_at(causes, place.next_step)
    assert place.at == 0 and not place.is_found
