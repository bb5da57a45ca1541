"""Values are written the one way people read them here, and drawing tags give clean markup."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template

from seonmul.ui.meters import meter_svg


def written(source: str, **values: Any) -> str:
    return Template("{% load ui_filters %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("filter_name", "value", "text"),
    [
        ("won", 1234, "1,234원"),
        ("won", -1234, "-1,234원"),
        ("won", 0, "0원"),
        ("count", 100000, "100,000"),
        ("when", datetime(2026, 11, 22, 5, 5, tzinfo=UTC), "2026.11.22(일) 14:05"),
        ("hour", datetime(2026, 11, 22, 5, 5, tzinfo=UTC), "14:05"),
        ("day", datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "2026.11.23(월)"),
        ("day", date(2026, 11, 22), "2026.11.22(일)"),
        ("phone", "01012345678", "010-1234-5678"),
        ("phone", "15770000", "1577-0000"),
        ("masked_phone", "01012345678", "010-****-5678"),
        ("masked_name", "김민수", "김*수"),
    ],
)
def test_a_value_is_written_for_people(filter_name: str, value: object, text: str) -> None:
    assert written("{{ value|" + filter_name + " }}", value=value) == text


@pytest.mark.parametrize(
    "name", ["won", "count", "when", "day", "hour", "phone", "masked_phone", "masked_name"]
)
def test_nothing_is_written_as_nothing(name: str) -> None:
    assert written("{{ value|" + name + " }}", value=None) == ""


def test_a_meter_shows_the_share_without_a_style_attribute() -> None:
    drawn = written('{% meter 20000000 16070000 2500000 "한도" %}')
    assert 'class="meter-used" x="0%" width="12.50%"' in drawn
    assert 'class="meter-now" x="12.5%" width="80.35%"' in drawn
    assert "style" not in drawn


def test_a_meter_over_its_limit_says_so_and_stays_inside() -> None:
    drawn = written('{% meter 100 80 60 "한도" %}')
    assert 'class="meter-over" x="60%" width="40.00%"' in drawn


def test_one_failure_among_many_is_seen_and_an_empty_whole_is_empty() -> None:
    assert 'class="b-fail" x="0%" width="0.50%"' in meter_svg([("b-fail", 1)], 100_000, label="x")
    assert "<rect" not in meter_svg([("b-ok", 0)], 0, label="x")


def test_a_label_with_markup_stays_text() -> None:
    assert "&lt;b&gt;" in meter_svg([], 1, label="<b>")


def test_an_unknown_good_is_drawn_as_a_bag() -> None:
    assert written('{% picture "spaceship" "x" %}') == written('{% picture "bag" "x" %}')


def test_cloths_and_knot_are_drawn_by_tags() -> None:
    for source in ('{% bojagi "한빛" "band" %}', '{% bojagi 7 "icon" %}', "{% knot %}"):
        assert written(source).startswith('<svg class="cloth"')
