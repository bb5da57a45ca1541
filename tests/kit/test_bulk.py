"""Many rows at once, by COPY."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from seonmul.kit import bulk, ids
from seonmul.ledger.models import Transfer
from tests.given import MONDAY

pytestmark = pytest.mark.django_db

TABLE = "ledger_transfer"
COLUMNS = {
    "id": "uuid",
    "cause": "varchar",
    "kind": "varchar",
    "subject": "varchar",
    "posted_at": "timestamptz",
}


def row(cause: str) -> tuple[UUID, str, str, str, object]:
    return ids.new_id(), cause, "charge", "김서연\t\n\\N", MONDAY


def test_rows_are_stored_as_they_were_given() -> None:
    rows = [row(f"c{n}") for n in range(1_000)]
    bulk.copy(TABLE, COLUMNS, iter(rows))
    assert set(Transfer.objects.values_list(*COLUMNS)) == set(rows)


def test_one_bad_row_leaves_nothing() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.copy(TABLE, COLUMNS, [row("a"), row("b"), row("a")])
    with pytest.raises(DataError), transaction.atomic():
        bulk.copy(TABLE, COLUMNS, [row("a"), row("b" * 121)])
    assert not Transfer.objects.exists()


def test_copy_new_leaves_out_what_is_there_and_says_what_is_new() -> None:
    bulk.copy(TABLE, COLUMNS, [row("a"), row("b")])
    rows = [row(cause) for cause in ("b", "c", "a", "d")]
    stored = bulk.copy_new(TABLE, COLUMNS, rows, returning="id")
    assert sorted(stored) == sorted([rows[1][0], rows[3][0]])
    assert set(Transfer.objects.values_list("cause", flat=True)) == {"a", "b", "c", "d"}


def test_of_two_new_rows_that_are_alike_one_is_stored() -> None:
    first, second = row("a"), row("a")
    stored = bulk.copy_new(TABLE, COLUMNS, [first, second], returning="id")
    assert len(stored) == 1 and stored[0] in (first[0], second[0])


def test_copy_new_may_be_called_again_in_the_same_transaction() -> None:
    assert bulk.copy_new(TABLE, COLUMNS, [], returning="id") == []
    assert len(bulk.copy_new(TABLE, COLUMNS, [row("a")], returning="cause")) == 1
    assert bulk.copy_new(TABLE, COLUMNS, [row("a"), row("b")], returning="cause") == ["b"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('incoming')")
        assert cursor.fetchone() == (None,), "no temporary table is left"


def test_copy_new_checks_everything_else() -> None:
    with pytest.raises(DataError), transaction.atomic():
        bulk.copy_new(TABLE, COLUMNS, [row("b" * 121)], returning="id")
    assert not Transfer.objects.exists()
