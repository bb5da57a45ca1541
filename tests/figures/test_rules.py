"""Every figure has a default within bounds, and a meaning."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from seonmul.figures.rules import FigureRefusal, Figures, why_not_change
from seonmul.kit.refusals import No

#: What product.md says; whoever changes a default changes a promise.
PROMISED = {
    "recipients_most": 100_000,  # O1
    "resend_most": 5, "resend_wait_minutes": 5,  # S5
    "result_deadline_hours": 81, "put_off_hours": 24,  # S4
    "carrier_failures": 5, "carrier_rest_seconds": 60,  # S2
    "spend_code_minutes": 3, "spend_code_tries": 5, "spend_codes_most": 5, "spend_codes_minutes": 10,  # M4
    "login_password_least": 10, "payment_password_least": 8,  # M1, M4
    "tier_1_percent": 1, "tier_2_percent": 2, "tier_3_percent": 3,  # M3
    "payment_password_tries": 5, "payment_password_lock_minutes": 30,  # M4
    "same_product_warn_hours": 24,  # O2
    "personal_data_days": 180,  # X2
}  # fmt: skip


def test_defaults_are_those_of_the_product() -> None:
    figures = Figures()
    assert {name: getattr(figures, name) for name in PROMISED} == PROMISED


def test_every_figure_is_a_whole_number_within_its_bounds_and_has_a_meaning() -> None:
    for one in fields(Figures):
        meta = one.metadata
        assert type(one.default) is int, one.name
        assert meta["least"] <= one.default <= meta["most"], one.name
        assert meta["about"], one.name


@pytest.mark.parametrize("value", [0, 50])
def test_the_bounds_themselves_may_be_set(value: int) -> None:
    assert why_not_change("resend_most", value) is None


@pytest.mark.parametrize("value", [-1, 51])
def test_beyond_the_bounds_nothing_may_be_set(value: int) -> None:
    no = why_not_change("resend_most", value)
    assert no == No(FigureRefusal.OUT_OF_BOUNDS, {"least": 0, "most": 50})
    assert no.say() == "0부터 50까지 정할 수 있습니다. 바꾸지 않았습니다."


def test_an_unknown_figure_cannot_be_set() -> None:
    no = why_not_change("price_of_gold", 1)
    assert no == No(FigureRefusal.UNKNOWN, {"name": "price_of_gold"})
    assert no.say() == "‘price_of_gold’이라는 설정은 없습니다."


def test_rules_cannot_change_a_figure() -> None:
    with pytest.raises(FrozenInstanceError):
        Figures().resend_most = 6  # type: ignore[misc]
