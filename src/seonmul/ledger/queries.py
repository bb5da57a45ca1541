"""Questions to the books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from seonmul.kit.pages import Page, page
from seonmul.ledger.models import Account, Entry, Hold, Kind


@dataclass(frozen=True)
class Balances:
    """A member's money in won: what can be spent, and beside it what is set aside."""

    cash_won: int
    reward_won: int
    held_won: int


@dataclass(frozen=True)
class Fault:
    """A row of the books that does not add up."""

    what: str
    where: str
    expected: int
    found: int


def balances(owner: UUID | str) -> Balances:
    """Available cash and reward, and held money, of one owner."""
    kept = dict(Account.objects.filter(owner=str(owner)).values_list("kind", "balance_won"))
    return Balances(*(int(kept.get(kind) or 0) for kind in (Kind.CASH, Kind.REWARD, Kind.HELD)))


def balance_at(owner: UUID | str, kind: Kind, at: datetime) -> int:
    """An account's balance at a moment, recomputed from its entries."""
    found = Entry.objects.filter(
        account__owner=str(owner), account__kind=kind, transfer__posted_at__lte=at
    ).aggregate(total=Sum("amount_won"))
    return int(found["total"] or 0)


def statement(owner: UUID | str, kind: Kind, after: str = "", limit: int = 50) -> Page[Entry]:
    """Movements of one account, newest first, each with the balance after it."""
    rows = Entry.objects.filter(account__owner=str(owner), account__kind=kind).select_related("transfer")
    return page(rows, order=("-id",), after=after, limit=limit)


def locked_accounts(accounts: Iterable[UUID]) -> dict[UUID, int]:
    """Lock the members' accounts among `accounts`, in key order; returns their balances."""
    rows = (
        Account.objects.select_for_update()
        .filter(id__in=list(accounts), balance_won__isnull=False)
        .order_by("id")
    )
    return {row.id: int(row.balance_won or 0) for row in rows}


def locked_hold(hold_id: UUID) -> Hold:
    """Lock one hold."""
    return Hold.objects.select_for_update().get(id=hold_id)


_CHECKS = {
    "a transfer's entries do not sum to zero": """
        SELECT t.cause, 0, coalesce(sum(e.amount_won), 0)
        FROM ledger_transfer t LEFT JOIN ledger_entry e ON e.transfer_id = t.id
        GROUP BY t.id, t.cause HAVING coalesce(sum(e.amount_won), 0) <> 0 OR count(e.id) < 2""",
    "a balance is not the sum of its entries": """
        SELECT a.kind || ' of ' || a.owner, coalesce(sum(e.amount_won), 0), a.balance_won
        FROM ledger_account a LEFT JOIN ledger_entry e ON e.account_id = a.id
        WHERE a.balance_won IS NOT NULL
        GROUP BY a.id HAVING a.balance_won <> coalesce(sum(e.amount_won), 0)""",
    "a balance is below zero": """
        SELECT kind || ' of ' || owner, 0, balance_won FROM ledger_account WHERE balance_won < 0""",
    "a running balance is broken": """
        SELECT id::text, expected, coalesce(balance_after_won, 0) FROM (
            SELECT e.id, e.balance_after_won,
                   sum(e.amount_won) OVER (PARTITION BY e.account_id ORDER BY e.id) AS expected
            FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
            WHERE a.balance_won IS NOT NULL) running
        WHERE balance_after_won IS DISTINCT FROM expected""",
    "held money is not the rest of the holds": """
        SELECT a.owner, coalesce(h.rest, 0), a.balance_won FROM ledger_account a
        LEFT JOIN (SELECT owner, sum(amount_won - captured_won - released_won) AS rest
                   FROM ledger_hold GROUP BY owner) h ON h.owner = a.owner
        WHERE a.kind = 'held' AND a.balance_won <> coalesce(h.rest, 0)""",
    "a hold is not the sum of its parts": """
        SELECT h.cause, h.amount_won, coalesce(sum(p.amount_won), 0)
        FROM ledger_hold h LEFT JOIN ledger_holdpart p ON p.hold_id = h.id
        GROUP BY h.id HAVING h.amount_won <> coalesce(sum(p.amount_won), 0)
            OR h.released_won <> coalesce(sum(p.released_won), 0)""",
}


def faults() -> list[Fault]:
    """Prove the books: every row that does not add up (none when all is well)."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [Fault(what, str(w), int(e), int(f)) for w, e, f in cursor.fetchall()]
    return found
