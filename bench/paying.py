"""Paying orders from one balance and from 1,000, against a bare one-statement transfer. Wanted: at least 40 % of its speed.

Ours is `ledger.hold`, what an order does to the books when it is paid: cause, lock, rule, transfer, entries, the check that
they sum to zero, the hold and its part. The bare one moves the same two balances and writes one transfer with two entries
in a single prepared statement of its own, into tables with the same indexes and checks. Four threads each, every transfer committed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

from django.db import connection

from bench.figure import Figure, median, seconds
from seonmul.kit import clock, ids, prepared
from seonmul.ledger import actions
from seonmul.ledger.models import Account, Kind

TRANSFERS = 2_000
THREADS = 4
LEAST = 0.4
_TABLES = ("account", "transfer", "entry")

_BARE = """
    WITH moved AS (
        UPDATE bench_account SET balance_won = balance_won + CASE id WHEN %(payer)s THEN -1 ELSE 1 END
        WHERE id IN (SELECT id FROM bench_account WHERE id IN (%(payer)s, %(held)s) ORDER BY id FOR UPDATE)
        RETURNING id, balance_won),
    made AS (
        INSERT INTO bench_transfer (id, cause, kind, subject, posted_at)
        VALUES (%(new)s, %(cause)s, 'hold', '', %(at)s))
    INSERT INTO bench_entry (transfer_id, account_id, amount_won, balance_after_won)
    SELECT %(new)s, id, CASE id WHEN %(payer)s THEN -1 ELSE 1 END, balance_won FROM moved RETURNING id"""


def measure(runs: int) -> list[Figure]:
    """The hot account, and 1,000 balances; ours and bare in turn."""
    owners = [str(ids.new_id()) for _ in range(1_000)]
    at = clock.now()
    pairs: dict[str, tuple[UUID, UUID]] = {}
    for owner in owners:
        actions.charge(owner, 10_000_000, cause=f"bench:{owner}", at=at)
        pairs[owner] = (
            actions.open_account(owner, Kind.CASH).id,
            actions.open_account(owner, Kind.HELD).id,
        )
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS bench_{table}")  # of a run that was killed
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE ledger_{table} INCLUDING ALL)")
        cursor.execute(
            "INSERT INTO bench_account SELECT * FROM ledger_account WHERE owner = ANY(%s)", [owners]
        )
    try:
        return [
            _figure("from one balance", [owners[0]], pairs, runs),
            _figure("from 1,000 balances", owners, pairs, runs),
        ]
    finally:
        with connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(f"DROP TABLE bench_{table}")


def _figure(name: str, owners: list[str], pairs: dict[str, tuple[UUID, UUID]], runs: int) -> Figure:
    def ours(number: int) -> None:
        owner = owners[number % len(owners)]
        actions.hold(owner, [(Kind.CASH, 1)], cause=str(ids.new_id()), at=clock.now())

    def bare(number: int) -> None:
        payer, held = pairs[owners[number % len(owners)]]
        new = ids.new_id()
        prepared.run(_BARE, {"payer": payer, "held": held, "new": new, "cause": str(new), "at": clock.now()})

    assert Account.objects.filter(id__in=pairs[owners[0]]).count() == 2
    times = [(_rate(bare), _rate(ours)) for _ in range(runs)]
    limits, found = [one[0] for one in times], [one[1] for one in times]
    ratio = round(median(found) / median(limits), 2)
    return Figure(
        f"paying orders {name}", "transfers/s", median(found), median(limits), "a bare one-statement transfer",
        ratio, f"≥ {LEAST:g} of its speed", ratio >= LEAST, found, limits,
    )  # fmt: skip


def _rate(work: Callable[[int], None]) -> float:
    """Transfers a second of `TRANSFERS` done by `THREADS` threads, each with a connection of its own."""

    def run(first: int) -> None:
        try:
            for number in range(first, TRANSFERS, THREADS):
                work(number)
        finally:
            connection.close()

    def together() -> None:
        threads = [threading.Thread(target=run, args=[first]) for first in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return round(TRANSFERS / seconds(together), 1)
