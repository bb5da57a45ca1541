"""P1: what the database itself refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from seonmul.ledger import actions
from seonmul.ledger.models import Account, Entry, Hold, HoldPart, Kind, Transfer
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> str:
    owner = str(uuid4())
    actions.charge(owner, 1_000, cause="deposit", at=MONDAY)
    actions.hold(owner, [(Kind.CASH, 400)], cause="order", at=MONDAY)
    return owner


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


REWRITES: dict[str, Callable[[], object]] = {
    "a transfer changed by the ORM": lambda: Transfer.objects.update(kind="gift"),
    "a transfer deleted by the ORM": lambda: Transfer.objects.all()._raw_delete("default"),  # type: ignore[attr-defined]
    "a transfer changed by SQL": lambda: run("UPDATE ledger_transfer SET posted_at = now()"),
    "a transfer deleted by SQL": lambda: run("DELETE FROM ledger_transfer"),
    "an entry changed by the ORM": lambda: Entry.objects.update(amount_won=1),
    "an entry saved anew": lambda: Entry.objects.order_by("id")[0].save(),
    "an entry deleted by the ORM": lambda: Entry.objects.all().delete(),
    "an entry changed by SQL": lambda: run("UPDATE ledger_entry SET amount_won = amount_won + 1"),
    "an entry deleted by SQL": lambda: run("DELETE FROM ledger_entry"),
    "an account deleted by SQL": lambda: run("DELETE FROM ledger_account"),
}


@pytest.mark.parametrize("what", REWRITES)
def test_what_is_written_stays_written(owner: str, what: str) -> None:
    """P1"""
    before = list(Entry.objects.values_list()), list(Transfer.objects.values_list())
    with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
        REWRITES[what]()
    assert (list(Entry.objects.values_list()), list(Transfer.objects.values_list())) == before


IMPOSSIBLE = {
    "never_below_zero": "UPDATE ledger_account SET balance_won = -1 WHERE balance_won IS NOT NULL",
    "members_accounts_keep_a_balance": "UPDATE ledger_account SET balance_won = NULL",
    "one_account_per_kind": "UPDATE ledger_account SET kind = 'cash' WHERE owner <> ''",
    "a_hold_gives_what_it_holds": "UPDATE ledger_hold SET captured_won = amount_won, released_won = 1",
    "a_part_gives_what_it_holds": "UPDATE ledger_holdpart SET returned_won = amount_won + 1",
}


@pytest.mark.parametrize("constraint", IMPOSSIBLE)
def test_the_database_refuses_what_cannot_be(owner: str, constraint: str) -> None:
    """P1, O9"""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        run(IMPOSSIBLE[constraint])


def test_a_platform_account_keeps_no_balance_and_no_cause_is_there_twice(owner: str) -> None:
    """P1"""
    with pytest.raises(IntegrityError, match="keep_a_balance"), transaction.atomic():
        Account.objects.create(owner="", kind=Kind.CASH, balance_won=0)
    with pytest.raises(IntegrityError, match="cause"), transaction.atomic():
        Transfer.objects.create(cause="deposit", kind="charge", posted_at=MONDAY)
    with pytest.raises(IntegrityError, match="an_entry_moves_something"), transaction.atomic():
        Entry.objects.create(transfer=Transfer.objects.get(cause="order"), account_id=uuid4(), amount_won=0)
    assert Hold.objects.count() == HoldPart.objects.count() == 1


@pytest.mark.django_db
def test_entries_that_do_not_sum_to_zero_are_refused() -> None:
    """P1: by whatever way they came in, all at once or one by one."""
    bank, cash = actions.open_account("", Kind.BANK), actions.open_account(uuid4(), Kind.CASH)
    with pytest.raises(IntegrityError, match="do not sum to zero"), transaction.atomic():
        transfer = Transfer.objects.create(cause="forged", kind="charge", posted_at=MONDAY)
        Entry.objects.bulk_create(
            [
                Entry(transfer=transfer, account=bank, amount_won=-10),
                Entry(transfer=transfer, account=cash, amount_won=11, balance_after_won=11),
            ]
        )
    with pytest.raises(IntegrityError, match="do not sum to zero"), transaction.atomic():
        transfer = Transfer.objects.create(cause="forged", kind="charge", posted_at=MONDAY)
        Entry.objects.create(transfer=transfer, account=bank, amount_won=-10)
    assert not Transfer.objects.exists() and not Entry.objects.exists()
