"""What is said at the card window, before and after; rules without a database. P3"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from seonmul.payments import rules
from seonmul.payments.ports import Trouble
from seonmul.payments.rules import CardRefusal, Stage, StageFacts
from tests.given import MONDAY


def test_the_first_way_that_works_is_advised_and_another_may_be_chosen() -> None:
    """P3"""
    advice = rules.advise(["app", "easy"])
    assert (advice.way, list(advice.ways), advice.is_checked) == ("app", ["app", "easy"], True)
    assert rules.advise(["app", "easy"], "easy").way == "easy"
    assert rules.advise(["app", "easy"], "card").way == "app", "what does not work is not taken"


def test_a_card_that_works_by_no_way_has_none() -> None:
    advice = rules.advise(["none"], "card")
    assert (advice.way, list(advice.ways), advice.is_checked) == ("", [], True)


def test_a_card_that_nobody_checked_may_be_tried_by_every_way() -> None:
    advice = rules.advise(None)
    assert (advice.way, tuple(advice.ways), advice.is_checked) == ("card", rules.WAYS, False)
    assert rules.advise(None, "app").way == "app" and rules.advise(None, "none").way == "card"


@for_all(
    ways=st.none() | st.just(["none"]) | st.lists(st.sampled_from(rules.WAYS), min_size=1, unique=True),
    wanted=st.text(max_size=6) | st.sampled_from(rules.WAYS),
)
def test_only_a_way_that_works_is_ever_advised(ways: list[str] | None, wanted: str) -> None:
    """P3"""
    advice = rules.advise(ways, wanted)
    assert advice.way in advice.ways if advice.ways else advice.way == ""
    assert set(advice.ways) <= set(rules.WAYS)


FACTS = {
    "state": "asked", "is_registered": True, "is_declined": False, "has_returned": False, "is_asked": False,
    "has_trouble": False, "ends_at": MONDAY + timedelta(minutes=30),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "stage"),
    [
        ({}, Stage.READY),
        ({"is_registered": False}, Stage.PREPARING),
        ({"is_registered": False, "is_declined": True}, Stage.DECLINED),
        ({"has_returned": True}, Stage.CHECKING),
        ({"has_returned": True, "has_trouble": True}, Stage.CHECKING),
        ({"has_returned": True, "is_asked": True}, Stage.WAITING),
        ({"has_returned": True, "is_asked": True, "has_trouble": True}, Stage.READY),
        ({"ends_at": MONDAY - timedelta(seconds=1)}, Stage.OVER),
        ({"state": "paid", "ends_at": MONDAY - timedelta(seconds=1)}, Stage.PAID),
        ({"state": "ended"}, Stage.OVER),
        ({"state": "parked"}, Stage.OVER),
    ],
)
def test_where_a_payment_stands(changed: dict[str, object], stage: Stage) -> None:
    """P3: nothing is said about a payment before the provider was asked."""
    assert rules.stage(StageFacts(**(FACTS | changed)), at=MONDAY) is stage  # type: ignore[arg-type]


def test_every_trouble_has_its_words_and_a_foreign_one_those_of_any_other() -> None:
    """P3"""
    assert set(rules.TROUBLES) == set(Trouble)
    assert rules.trouble_words("foreign") is rules.TROUBLES[Trouble.OTHER]
    limit = rules.trouble_words("restricted")
    assert "전체 한도와는 따로" in limit.cause and "환금성 업종 이용 제한" in limit.next_step
    assert "바로 적용" in limit.next_step and len(rules.BROWSERS) >= 5


def test_a_window_that_ran_out_says_what_is_true_then() -> None:
    """P3"""
    assert "결제되지 않았으니" in CardRefusal.ENDED.sentence and CardRefusal.ENDED.code == "card_window_ended"
