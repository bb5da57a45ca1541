"""Keyset pages: no row twice, none lost, whatever is alike and whatever arrives meanwhile."""

from __future__ import annotations

import base64
import json
import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from seonmul.audit.models import Act
from seonmul.kit import pages
from seonmul.kit.pages import page
from seonmul.ledger.models import Entry
from tests.given import MONDAY

pytestmark = pytest.mark.django_db

#: Times and verbs with many ties; the id decides.
ORDERS = [
    ("id",),
    ("-id",),
    ("acted_at", "id"),
    ("-acted_at", "-id"),
    ("-acted_at", "verb", "-id"),
    ("verb", "-id"),
]


@pytest.fixture
def acts() -> list[Act]:
    made = [
        Act(verb=f"v{n % 4}", by="m", subject=str(n), acted_at=MONDAY + timedelta(minutes=n % 3))
        for n in range(23)
    ]
    return Act.objects.bulk_create(made)


def walk(order: tuple[str, ...], limit: int) -> list[list[Act]]:
    found, after = [], ""
    while True:
        one = page(Act.objects.all(), order=order, after=after, limit=limit)
        found.append(one.rows)
        after = one.after
        if not after:
            return found


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 2, 7, 22, 23, 24])
def test_pages_put_together_are_the_whole_list(acts: list[Act], order: tuple[str, ...], limit: int) -> None:
    found = walk(order, limit)
    assert [row for rows in found for row in rows] == list(Act.objects.order_by(*order))
    assert len(found) == math.ceil(23 / limit), "no empty page at the end"


def test_rows_that_arrive_meanwhile_are_neither_repeated_nor_lost(acts: list[Act]) -> None:
    order = ("-acted_at", "-id")
    first = page(Act.objects.all(), order=order, limit=10)
    Act.objects.create(verb="new", by="m", subject="s", acted_at=MONDAY + timedelta(days=1))
    rest = page(Act.objects.all(), order=order, after=first.after, limit=20)
    assert {row.id for row in first.rows} | {row.id for row in rest.rows} == {act.id for act in acts}
    assert len(first.rows) + len(rest.rows) == 23 and rest.after == ""


def test_an_empty_list_is_one_empty_page() -> None:
    assert page(Act.objects.all(), order=("-id",)) == pages.Page([], "")


def test_the_limit_is_bound(acts: list[Act]) -> None:
    Act.objects.bulk_create(Act(verb="x", by="m", subject="s", acted_at=MONDAY) for _ in range(200))
    assert len(page(Act.objects.all(), order=("id",), limit=10_000).rows) == pages.MOST == 200
    assert len(page(Act.objects.all(), order=("id",), limit=0).rows) == 1
    assert len(page(Act.objects.all(), order=("id",), limit=-5).rows) == 1


def test_a_page_is_one_query_with_one_row_more_than_shown(
    acts: list[Act], django_assert_num_queries: Any
) -> None:
    order = ("-acted_at", "-id")
    after = page(Act.objects.all(), order=order, limit=5).after
    with django_assert_num_queries(1) as asked:
        second = page(Act.objects.all(), order=order, after=after, limit=5)
    assert len(second.rows) == 5
    assert "LIMIT 6" in asked.captured_queries[0]["sql"]
    assert "OFFSET" not in asked.captured_queries[0]["sql"]


def test_an_order_may_follow_a_key_to_another_table() -> None:
    """As the catalogue's orders do."""
    from seonmul.ledger import actions as ledger

    for n in range(5):
        ledger.charge("owner", 10, cause=f"c{n}", at=MONDAY - timedelta(minutes=n % 2))
    rows = Entry.objects.filter(account__owner="owner").select_related("transfer")
    order = ("transfer__posted_at", "-id")
    first = page(rows, order=order, limit=3)
    rest = page(rows, order=order, after=first.after, limit=3)
    assert first.rows + rest.rows == list(rows.order_by(*order))


def _cursor(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "!!!", "가", "AAAA", "e30", "bnVsbA", "MQ", "A" * 5_000, _cursor([]), _cursor(["2026-01-01"]),
        _cursor(["2026-01-01", "a", "b"]), _cursor({"a": 1, "b": 2}), _cursor(["no date", "no id"]),
        _cursor([None, None]), _cursor([{}, []]), _cursor([1, 2]), _cursor(["2026-01-01T00:00:00Z", "1"]),
        _cursor(["9" * 40, "0189c1c4-0000-7000-8000-000000000000"]),
    ],
)  # fmt: skip
def test_a_cursor_that_cannot_be_read_shows_the_first_page(acts: list[Act], cursor: str) -> None:
    order = ("-acted_at", "-id")
    assert page(Act.objects.all(), order=order, after=cursor, limit=3) == page(
        Act.objects.all(), order=order, limit=3
    )


@pytest.mark.parametrize("verb", ["a\0b", "\ud800", None])
def test_a_cursor_with_what_no_database_holds_shows_the_first_page(acts: list[Act], verb: object) -> None:
    after = _cursor([verb, "0189c1c4-0000-7000-8000-000000000000"])
    first = page(Act.objects.all(), order=("verb", "-id"), limit=3)
    assert page(Act.objects.all(), order=("verb", "-id"), after=after, limit=3) == first


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(
    st.one_of(
        st.text(max_size=30), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(_cursor)
    )
)
def test_no_cursor_whatever_breaks_a_page(cursor: str) -> None:
    """A cursor is a part of an address: anybody may write one."""
    for order in (("-acted_at", "-id"), ("verb", "id")):
        page(Act.objects.all(), order=order, after=cursor, limit=3)
    page(Entry.objects.all(), order=("amount_won", "-id"), after=cursor, limit=3)
