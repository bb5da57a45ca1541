"""One map of moves beside the model, enforced by the database too."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from seonmul.dispatch.models import BATCH_MOVES, Batch, BatchState, Letter
from seonmul.kit import states
from seonmul.orders.models import Order
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    who = given.company()
    letter = Letter.objects.create(
        buyer=who.buyer, channel="sms", sender="15770000", title_sealed=b"", text_sealed=b"",
        written_at=given.MONDAY,
    )  # fmt: skip
    return Batch.objects.create(letter=letter, carrier="solapi", size=1, opened_at=given.MONDAY)


def test_a_move_is_compare_and_set(batch: Batch) -> None:
    mine = Batch.objects.filter(id=batch.id)
    assert states.move(mine, BatchState.OPEN, BatchState.HANDED, handed_at=given.MONDAY) == 1
    assert states.move(mine, BatchState.OPEN, BatchState.HANDED, handed_at=None) == 0
    batch.refresh_from_db()
    assert (batch.state, batch.handed_at) == (BatchState.HANDED, given.MONDAY)


def test_the_database_refuses_a_move_that_is_not_on_the_map(batch: Batch) -> None:
    Batch.objects.update(state=BatchState.HANDED)
    with pytest.raises(DatabaseError, match="move refused: handed -> open"), transaction.atomic():
        Batch.objects.filter(id=batch.id).update(state=BatchState.OPEN)
    with pytest.raises(DatabaseError, match="move refused"), transaction.atomic():
        states.move(Batch.objects.all(), BatchState.HANDED, BatchState.OPEN)
    with pytest.raises(DatabaseError, match="move refused: handed -> lost"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE dispatch_batch SET state = 'lost'")
    batch.refresh_from_db()
    batch.state = BatchState.OPEN
    with pytest.raises(DatabaseError, match="move refused"), transaction.atomic():
        batch.save()
    assert Batch.objects.get(id=batch.id).state == BatchState.HANDED


def test_staying_where_one_is_is_no_move(batch: Batch) -> None:
    assert Batch.objects.update(state=BatchState.OPEN, asks=3) == 1


def test_the_end_of_the_map_is_the_end(batch: Batch) -> None:
    assert BatchState.ENDED not in BATCH_MOVES
    Batch.objects.update(state=BatchState.ENDED)
    for state in (BatchState.OPEN, BatchState.HANDED):
        with pytest.raises(DatabaseError, match="move refused"), transaction.atomic():
            Batch.objects.update(state=state)


def test_every_table_with_a_state_that_moves_is_guarded() -> None:
    """A state column without a guard would be a promise that only our own code keeps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger%%moves%%'"
        )
        guarded = {table for (table,) in cursor.fetchall()}
    stated = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("seonmul.") and any(f.name == "state" for f in model._meta.fields)
    }
    assert Order._meta.db_table in guarded
    # decided by operators, who may change their mind; what follows the vouchers' own states
    assert stated - guarded <= {"dispatch_sendernumber", "gifts_tallyrow", "gifts_standing"}


def test_what_is_append_only_can_be_added_to_and_nothing_else() -> None:
    from seonmul.audit import actions as audit
    from seonmul.audit.models import Act

    audit.record("opened", by="m", subject="s", at=given.MONDAY)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Act.objects.update(verb="closed")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Act.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    assert Act.objects.get().verb == "opened"
