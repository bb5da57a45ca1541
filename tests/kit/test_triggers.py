"""Triggers that guard money and states are firm: nothing switches them off. P1"""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from seonmul.kit import clock
from seonmul.ledger import actions
from seonmul.ledger.models import Entry

pytestmark = pytest.mark.django_db


def test_no_trigger_asks_whether_it_is_ignored() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE t.tgname LIKE 'pgtrigger%'"""
        )
        found = cursor.fetchall()
    assert len(found) > 20
    assert [name for name, source in found if "ignore" in source] == []


def test_what_is_written_stays_written_even_when_told_to_ignore() -> None:
    """P1"""
    actions.charge("someone", 1_000, cause="charge:1", at=clock.now())
    (stays,) = (t for t in Entry._meta.triggers if t.name == "entries_stay")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{stays.get_pgid(Entry)}}}"])
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Entry.objects.update(amount_won=2_000)
    assert sorted(Entry.objects.values_list("amount_won", flat=True)) == [-1_000, 1_000]
