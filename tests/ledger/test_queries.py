"""P1: proving the books, and reading them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from seonmul.ledger import actions, queries
from seonmul.ledger.models import Entry, Kind
from seonmul.ledger.queries import Balances
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> str:
    owner = str(uuid4())
    actions.charge(owner, 1_000, cause="deposit", at=MONDAY)
    actions.give(owner, 50, expires_at=MONDAY + timedelta(days=365), cause="reward", at=MONDAY)
    parts = [(Kind.REWARD, 20), (Kind.CASH, 400)]
    hold = actions.hold(owner, parts, cause="order", at=MONDAY + timedelta(hours=1))
    actions.capture(hold.id, 100, cause="chunk", at=MONDAY + timedelta(hours=2))
    return owner


DAMAGE = {
    "a transfer's entries do not sum to zero": "UPDATE ledger_entry SET amount_won = amount_won - 1 WHERE account_id"
    " IN (SELECT id FROM ledger_account WHERE kind = 'bank')",
    "a balance is not the sum of its entries": "UPDATE ledger_account SET balance_won = 601 WHERE kind = 'cash'",
    "a balance is below zero": "UPDATE ledger_account SET balance_won = -1 WHERE kind = 'cash'",
    "a running balance is broken": "UPDATE ledger_entry SET balance_after_won = 999 WHERE balance_after_won = 1000",
    "held money is not the rest of the holds": "UPDATE ledger_hold SET captured_won = 99",
    "a hold is not the sum of its parts": "UPDATE ledger_holdpart SET amount_won = 401 WHERE position = 1",
    "reward is not the sum of its lots": "UPDATE ledger_lot SET left_won = 29",
    "a reward part is not what it took of lots": "UPDATE ledger_lotuse SET amount_won = 19",
}


def damage(sql: str) -> None:
    """Do to the books what only somebody with the database in his hands could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("ledger_transfer", "ledger_entry", "ledger_account"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE ledger_account DROP CONSTRAINT never_below_zero")
        cursor.execute(sql)
        assert cursor.rowcount


def test_good_books_have_no_faults_and_every_check_has_its_damage(owner: str) -> None:
    """P1"""
    assert queries.faults() == []
    assert set(DAMAGE) == set(queries._CHECKS)


@pytest.mark.parametrize("what", DAMAGE)
def test_each_kind_of_damage_is_found(owner: str, what: str) -> None:
    """P1"""
    damage(DAMAGE[what])
    found = [fault for fault in queries.faults() if fault.what == what]
    assert len(found) == 1
    assert found[0].where


def test_an_entry_that_lost_its_running_balance_is_found(owner: str) -> None:
    """P1"""
    damage("UPDATE ledger_entry SET balance_after_won = NULL WHERE balance_after_won = 1000")
    assert [fault.what for fault in queries.faults()] == ["a running balance is broken"]


def test_a_transfer_without_entries_is_found(owner: str) -> None:
    """P1"""
    damage("INSERT INTO ledger_transfer VALUES (gen_random_uuid(), 'forged', 'charge', '', now())")
    (fault,) = queries.faults()
    assert (fault.what, fault.where) == ("a transfer's entries do not sum to zero", "forged")


def test_a_fault_says_what_was_expected_and_what_was_found(owner: str) -> None:
    """P1"""
    damage(DAMAGE["a balance is not the sum of its entries"])
    (fault,) = queries.faults()
    assert (fault.where, fault.expected, fault.found) == (f"cash of {owner}", 600, 601)


def test_the_balance_of_a_past_moment(owner: str) -> None:
    """P1: to the second, and in the order of when things happened, not of when they were written."""
    actions.charge(owner, 50, cause="late notice", at=MONDAY - timedelta(days=1))
    moments = {timedelta(days=-2): 0, timedelta(days=-1): 50, timedelta(hours=-1): 50, timedelta(0): 1_050,
               timedelta(minutes=59): 1_050, timedelta(hours=1): 650, timedelta(days=1): 650}  # fmt: skip
    for later, won in moments.items():
        assert queries.balance_at(owner, Kind.CASH, MONDAY + later) == won
    assert queries.balance_at(owner, Kind.HELD, MONDAY + timedelta(hours=3)) == 320
    assert queries.balance_at(uuid4(), Kind.CASH, MONDAY) == 0


def test_a_statement_shows_newest_first_with_the_balance_after(owner: str) -> None:
    """P1"""
    page = queries.statement(owner, Kind.CASH)
    assert [(e.transfer.cause, e.amount_won, e.balance_after_won) for e in page.rows] == [
        ("order", -400, 600), ("deposit", 1_000, 1_000),
    ]  # fmt: skip
    assert [e.transfer.cause for e in queries.statement(owner, Kind.HELD).rows] == ["chunk", "order"]
    assert queries.statement(uuid4(), Kind.CASH).rows == []


def test_a_statement_costs_one_query_and_pages_on(owner: str, django_assert_num_queries: object) -> None:
    for n in range(3):
        actions.charge(owner, 10, cause=f"deposit:{n}", at=MONDAY)
    seen: list[Entry] = []
    after = ""
    for _ in range(3):
        with django_assert_num_queries(1):  # type: ignore[operator]
            page = queries.statement(owner, Kind.CASH, after=after, limit=2)
            assert [entry.transfer.kind for entry in page.rows]
        seen, after = seen + page.rows, page.after
    assert after == "" and len({entry.id for entry in seen}) == 5


def test_balances_of_an_unknown_owner_are_nothing() -> None:
    assert queries.balances(uuid4()) == Balances(0, 0, 0)
