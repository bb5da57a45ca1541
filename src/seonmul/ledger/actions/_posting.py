"""Posting a transfer: a handful of statements, since every won of the house goes through here. P1"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.kit import ids
from seonmul.kit.money import checked_won
from seonmul.kit.refusals import refuse
from seonmul.ledger import queries, rules
from seonmul.ledger.models import Account, Kind, Transfer

PLATFORM = ""
_OWN = {Kind.CASH, Kind.REWARD, Kind.HELD, Kind.CARD}

#: The whole of a transfer in one statement. A cause that is there already makes nothing, and its unique index lines up
#: those who post it at the same moment. Balances are locked in key order and move only when all of them stay above zero.
_POST = """
    WITH made AS (
        INSERT INTO ledger_transfer (id, cause, kind, subject, posted_at) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (cause) DO NOTHING RETURNING id),
    change AS (SELECT * FROM unnest(%s::uuid[], %s::bigint[]) AS c(account_id, won)),
    locked AS MATERIALIZED (
        SELECT id, balance_won FROM ledger_account
        WHERE id = ANY(%s) AND balance_won IS NOT NULL AND EXISTS (SELECT 1 FROM made) ORDER BY id FOR UPDATE),
    fits AS (SELECT coalesce(bool_and(l.balance_won + c.won >= 0), true) AS all
             FROM locked l JOIN change c ON c.account_id = l.id),
    moved AS (
        UPDATE ledger_account a SET balance_won = l.balance_won + c.won
        FROM locked l JOIN change c ON c.account_id = l.id
        WHERE a.id = l.id AND (SELECT fits.all FROM fits) RETURNING a.id, a.balance_won),
    noted AS (
        INSERT INTO ledger_entry (transfer_id, account_id, amount_won, balance_after_won)
        SELECT made.id, c.account_id, c.won, m.balance_won
        FROM made CROSS JOIN change c LEFT JOIN moved m ON m.id = c.account_id
        WHERE (SELECT fits.all FROM fits))
    SELECT made.id, l.id, l.balance_won FROM made LEFT JOIN locked l ON true"""


def open_account(owner: UUID | str, kind: Kind) -> Account:
    """Return the account of `owner` for `kind`, made when it is missing."""
    balance = None if str(owner) == PLATFORM else 0
    account, _ = Account.objects.get_or_create(owner=str(owner), kind=kind, defaults={"balance_won": balance})
    return account


def open_accounts(owner: UUID | str, kinds: Iterable[Kind]) -> dict[Kind, UUID]:
    """The ids of several accounts in one question: the owner's own, and the platform's for kinds that are its own."""
    wanted = {kind: str(owner) if kind in _OWN else PLATFORM for kind in kinds}
    found = queries.accounts_of(set(wanted.values()), wanted)
    return {kind: found.get((kind, of)) or open_account(of, kind).id for kind, of in wanted.items()}


@transaction.atomic
def charge(owner: UUID | str, won: int, *, cause: str, at: datetime, subject: str = "") -> Transfer:
    """Credit cash that came in by the bank. P2."""
    return move(owner, {Kind.BANK: -won, Kind.CASH: won}, cause=cause, kind="charge", subject=subject, at=at)


@transaction.atomic
def move(
    owner: UUID | str, changes: Mapping[Kind, int], *, cause: str, kind: str, at: datetime, subject: str = ""
) -> Transfer:
    """Post one transfer between accounts named by kind: a buyer's own, and the platform's. P1"""
    accounts = open_accounts(owner, changes)
    by_id = {accounts[kind_]: won for kind_, won in changes.items()}
    return post_within(by_id, cause=cause, kind=kind, subject=subject, at=at)


@transaction.atomic
def post(changes: Mapping[UUID, int], *, cause: str, kind: str, at: datetime, subject: str = "") -> Transfer:
    """Post one transfer: `changes` in won by account, summing to zero. P1.

    The same cause with the same changes returns the transfer already posted. Raises Refused (NOT_ENOUGH,
    CAUSE_TAKEN) and ValueError for changes that do not sum to zero.
    """
    return post_within(changes, cause=cause, kind=kind, at=at, subject=subject)


def post_within(
    changes: Mapping[UUID, int], *, cause: str, kind: str, at: datetime, subject: str = ""
) -> Transfer:
    """The same inside the transaction of whoever calls, which a refusal undoes."""
    for won in changes.values():
        checked_won(won)
    if not changes or 0 in changes.values() or sum(changes.values()) != 0:
        raise ValueError("the entries of a transfer move something and sum to zero")
    transfer = Transfer(id=ids.new_id(), cause=cause, kind=kind, subject=subject, posted_at=at)
    accounts, sums = list(changes), list(changes.values())
    with connection.cursor() as cursor:
        cursor.execute(_POST, [transfer.id, cause, kind, subject, at, accounts, sums, accounts])
        rows = cursor.fetchall()
    if not rows:
        return _repeated(cause, changes)
    refuse(rules.why_not_post({id_: won for _, id_, won in rows if id_}, changes))
    transfer._state.adding = False
    transfer.is_new = True
    return transfer


def _repeated(cause: str, changes: Mapping[UUID, int]) -> Transfer:
    posted = Transfer.objects.get(cause=cause)
    before = {entry.account_id: entry.amount_won for entry in posted.entries.all()}
    refuse(rules.why_not_repeat(before, changes))
    return posted
