"""Changing figures: from a moment on, with history, never undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from seonmul.figures import actions, queries
from seonmul.figures.models import Change, TextChange
from seonmul.figures.rules import FigureRefusal, Figures, TextRefusal
from seonmul.kit.refusals import Refused
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


def test_without_a_change_the_defaults_hold() -> None:
    assert queries.figures(MONDAY) == Figures()


def test_a_change_holds_from_its_moment_on_and_touches_nothing_else() -> None:
    actions.change("resend_most", 7, by="operator", at=MONDAY)
    assert queries.figures(MONDAY) == Figures(resend_most=7)
    assert queries.figures(MONDAY - timedelta(microseconds=1)) == Figures()


def test_figures_are_those_of_the_moment_that_is_asked_for() -> None:
    for hour, value in enumerate((7, 3, 9)):
        actions.change("resend_most", value, by="operator", at=MONDAY + timedelta(hours=hour))
    actions.change("spend_code_tries", 4, by="operator", at=MONDAY + timedelta(hours=1))
    found = [queries.figures(MONDAY + timedelta(minutes=m)) for m in (-1, 0, 59, 60, 119, 120, 99_999)]
    assert [f.resend_most for f in found] == [5, 7, 7, 3, 3, 9, 9]
    assert [f.spend_code_tries for f in found] == [5, 5, 5, 4, 4, 4, 4]


def test_of_two_changes_at_one_moment_the_later_one_holds() -> None:
    actions.change("resend_most", 7, by="operator", at=MONDAY)
    actions.change("resend_most", 8, by="operator", at=MONDAY)
    assert queries.figures(MONDAY).resend_most == 8


def test_what_is_refused_changes_nothing() -> None:
    for name, value, why in (
        ("resend_most", 51, FigureRefusal.OUT_OF_BOUNDS), ("gold", 1, FigureRefusal.UNKNOWN),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            actions.change(name, value, by="operator", at=MONDAY)
        assert refused.value.no.why is why
    assert not Change.objects.exists()


def test_a_figure_that_is_no_longer_known_is_passed_over() -> None:
    Change.objects.create(name="of_an_older_version", value=1, by="operator", changed_at=MONDAY)
    assert queries.figures(MONDAY) == Figures()


def test_the_history_tells_who_and_when_newest_first() -> None:
    actions.change("resend_most", 7, by="kim", at=MONDAY)
    actions.change("resend_most", 8, by="lee", at=MONDAY + timedelta(days=1))
    actions.change("spend_code_tries", 4, by="kim", at=MONDAY)
    assert [(c.value, c.by, c.changed_at) for c in queries.history("resend_most")] == [
        (8, "lee", MONDAY + timedelta(days=1)), (7, "kim", MONDAY),
    ]  # fmt: skip
    assert len(queries.history("resend_most", limit=1)) == 1


def test_all_figures_are_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.figures(MONDAY)


def test_the_history_cannot_be_rewritten() -> None:
    change = actions.change("resend_most", 7, by="kim", at=MONDAY)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Change.objects.update(value=8)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        change.delete()
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM figures_change")
    assert queries.figures(MONDAY).resend_most == 7


def test_a_text_holds_from_its_moment_on_and_its_history_cannot_be_rewritten() -> None:
    """P6"""
    name = "purpose_prizes"
    before = queries.texts(MONDAY)[name]
    actions.set_text(name, "ko", "  새 글입니다. ", by="operator", at=MONDAY + timedelta(hours=1))
    assert (
        queries.texts(MONDAY)[name] == before
        and queries.texts(MONDAY + timedelta(hours=1))[name] == "새 글입니다."
    )
    assert queries.texts(MONDAY + timedelta(hours=1), language="en")[name] == "새 글입니다."
    with pytest.raises(DatabaseError), transaction.atomic():
        TextChange.objects.update(text="x")


@pytest.mark.parametrize(
    ("name", "language", "text", "why"),
    [
        ("gold", "ko", "글", TextRefusal.UNKNOWN),
        ("purpose_prizes", "fr", "글", TextRefusal.UNKNOWN),
        ("purpose_prizes", "ko", " ", TextRefusal.EMPTY),
        ("purpose_prizes", "ko", "가" * 501, TextRefusal.TOO_LONG),
    ],
)
def test_a_text_that_is_refused_changes_nothing(
    name: str, language: str, text: str, why: TextRefusal
) -> None:
    """P6"""
    with pytest.raises(Refused) as refused:
        actions.set_text(name, language, text, by="operator", at=MONDAY)
    assert refused.value.no.why is why and not TextChange.objects.exists()
