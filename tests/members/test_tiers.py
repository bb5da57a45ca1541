"""M3: which tier a company has for what it paid, and what is missing to the next one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.audit import queries as audit
from seonmul.figures.rules import Figures
from seonmul.members import actions, queries, rules
from seonmul.members.models import Buyer
from tests import given
from tests.given import MONDAY

FIGURES = Figures()
WON = st.integers(0, 10**12)
PERCENT = st.integers(0, 50)


@pytest.mark.parametrize(
    ("paid_won", "percent", "following"),
    [
        (0, 0, (1, 3_000_000)),
        (2_999_999, 0, (1, 1)),
        (3_000_000, 1, (2, 7_000_000)),
        (9_999_999, 1, (2, 1)),
        (10_000_000, 2, (3, 40_000_000)),
        (49_999_999, 2, (3, 1)),
        (50_000_000, 3, None),
        (10**12, 3, None),
    ],
)
def test_tiers_by_what_was_paid(paid_won: int, percent: int, following: object) -> None:
    """M3"""
    assert rules.tier_percent(paid_won, FIGURES) == percent
    assert rules.next_tier(paid_won, FIGURES) == following


@each(WON, PERCENT, PERCENT, PERCENT)
def test_what_a_tier_takes_off_is_an_operators_figure(
    paid_won: int, first: int, second: int, third: int
) -> None:
    """M3: the best that was reached, also where a higher tier gives less; a better one is never the same."""
    figures = replace(FIGURES, tier_1_percent=first, tier_2_percent=second, tier_3_percent=third)
    reached = [
        percent
        for percent, bound_won in ((first, 3_000_000), (second, 10_000_000), (third, 50_000_000))
        if paid_won >= bound_won
    ]
    now = rules.tier_percent(paid_won, figures)
    assert now == max(reached, default=0)
    if following := rules.next_tier(paid_won, figures):
        assert following[0] > now and rules.tier_percent(paid_won + following[1], figures) >= following[0]


@each(WON, WON)
def test_who_paid_more_has_no_lower_tier(one: int, other: int) -> None:
    """M3"""
    less, more = sorted((one, other))
    assert 0 <= rules.tier_percent(less, FIGURES) <= rules.tier_percent(more, FIGURES) <= 3


@each(WON, WON, WON, WON)
def test_what_is_missing_leads_to_that_tier_whatever_operators_set(
    paid_won: int, first: int, second: int, third: int
) -> None:
    """M3: also where the bounds stand in a strange order."""
    figures = replace(FIGURES, tier_1_won=first, tier_2_won=second, tier_3_won=third)
    following = rules.next_tier(paid_won, figures)
    if following is None:
        assert rules.tier_percent(paid_won, figures) == 3
        return
    percent, missing_won = following
    assert missing_won > 0 and percent > rules.tier_percent(paid_won, figures)
    assert rules.tier_percent(paid_won + missing_won, figures) == percent
    assert rules.tier_percent(paid_won + missing_won - 1, figures) == rules.tier_percent(paid_won, figures)


@pytest.mark.django_db
def test_tiers_are_set_for_those_named_and_taken_from_the_others() -> None:
    """M3: what stays as it is, is not written down again."""
    first, second, third = (given.company(cash_won=0).buyer for _ in range(3))
    assert actions.set_tiers({first.id: 1, second.id: 3, third.id: 0}, at=MONDAY) == 2
    assert actions.set_tiers({first.id: 1, third.id: 2}, at=MONDAY) == 2
    assert actions.set_tiers({first.id: 1, third.id: 2}, at=MONDAY) == 0
    tiers = dict(Buyer.objects.values_list("id", "tier_percent"))
    assert tiers == {first.id: 1, second.id: 0, third.id: 2}
    assert [act.facts for act in audit.acts_of(second.id)] == [{"percent": 0}, {"percent": 3}]
    assert actions.set_tiers({}, at=MONDAY) == 2


@pytest.mark.django_db
def test_many_tiers_take_no_more_questions_than_few() -> None:
    """M3: one statement for the acts of all, and locks that nobody waits for who only points at a buyer."""
    buyers = [given.company(cash_won=0).buyer for _ in range(6)]
    with CaptureQueriesContext(connection) as one:
        actions.set_tiers({buyers[0].id: 2}, at=MONDAY)
    with CaptureQueriesContext(connection) as many:
        actions.set_tiers({buyer.id: 2 for buyer in buyers}, at=MONDAY)
    assert len(many) == len(one)
    locks = [asked["sql"] for asked in many if "FOR " in asked["sql"]]
    assert locks and all("FOR NO KEY UPDATE" in sql for sql in locks)
    assert [act.company for act in audit.acts_of(buyers[5].id)] == [str(buyers[5].id)]


@pytest.mark.django_db
def test_a_person_has_no_tier() -> None:
    """M3: not even one left from when it was a company."""
    buyer = given.company(cash_won=0).buyer
    buyer.tier_percent = 3
    assert queries.tier_of(buyer) == 3
    buyer.kind = "person"
    assert queries.tier_of(buyer) == 0
