"""Who did what, when, to which row: added to, never changed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from seonmul.audit import actions, queries
from seonmul.audit.models import Act
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


def test_an_act_is_noted_with_its_facts() -> None:
    member, order, company = uuid4(), uuid4(), uuid4()
    actions.record("order_placed", by=member, subject=order, company=company, at=MONDAY, copies=3, won=13_500)
    (act,) = queries.acts_on(order)
    assert (act.verb, act.by, act.subject, act.company) == (
        "order_placed",
        str(member),
        str(order),
        str(company),
    )
    assert act.facts == {"copies": 3, "won": 13_500}
    assert act.acted_at == MONDAY


def test_acts_are_read_by_row_and_by_company_newest_first() -> None:
    for hour in (1, 3, 2):
        actions.record(f"v{hour}", by="m", subject="s", company="c", at=MONDAY + timedelta(hours=hour))
    actions.record("other", by="m", subject="t", company="c", at=MONDAY)
    actions.record("elsewhere", by="m", subject="s", company="d", at=MONDAY)
    actions.record("nobody's", by="system", subject="t", at=MONDAY)
    assert [act.verb for act in queries.acts_on("s")] == ["v3", "v2", "v1", "elsewhere"]
    assert [act.verb for act in queries.acts_of("c")] == ["v3", "v2", "v1", "other"]
    assert [act.verb for act in queries.acts_of("c", limit=2)] == ["v3", "v2"]
    assert queries.acts_on("unknown") == queries.acts_of("unknown") == []


def test_acts_of_one_moment_come_in_the_order_of_their_making() -> None:
    for n in range(5):
        actions.record(f"v{n}", by="m", subject="s", at=MONDAY)
    assert [act.verb for act in queries.acts_on("s")] == ["v4", "v3", "v2", "v1", "v0"]


def test_an_act_belongs_to_the_transaction_of_what_was_done() -> None:
    with transaction.atomic():
        actions.record("order_placed", by="m", subject="s", at=MONDAY)
        transaction.set_rollback(True)
    assert queries.acts_on("s") == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_act SET by = 'somebody else'",
        "DELETE FROM audit_act",
        "UPDATE audit_act SET facts = '{}'",
    ],
)
def test_the_log_cannot_be_rewritten(sql: str) -> None:
    actions.record("order_placed", by="m", subject="s", at=MONDAY, copies=1)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Act.objects.all().delete()
    assert [(act.by, act.facts) for act in queries.acts_on("s")] == [("m", {"copies": 1})]
