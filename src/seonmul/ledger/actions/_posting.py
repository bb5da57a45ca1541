"""Posting a transfer: a handful of statements, since every won of the house goes through here. P1"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.kit import ids, prepared
from seonmul.kit.money import checked_won
from seonmul.kit.refusals import refuse
from seonmul.ledger import queries, rules
from seonmul.ledger.models import Account, Kind, Transfer

PLATFORM = ""
_OWN = {Kind.CASH, Kind.REWARD, Kind.HELD, Kind.CARD}

#: What moves: accounts by id, as `change`.
_BY_ID = """
    WITH change AS (SELECT account_id, won FROM unnest(%(ids)s::uuid[], %(sums)s::bigint[]) AS c(account_id, won)),"""

#: The whole of a transfer in one statement, on what `change` names. Members' accounts are locked in key order, and
#: everything is written or nothing: when all of `asked` accounts are there, stay above zero, and the cause is new.
#: Its unique index lines up those who post it at the same moment.
MOVE = """
    locked AS MATERIALIZED (
        SELECT a.id, a.balance_won, c.won FROM ledger_account a JOIN change c ON c.account_id = a.id
        WHERE a.balance_won IS NOT NULL ORDER BY a.id FOR UPDATE OF a),
    fits AS (SELECT (SELECT count(*) FROM change) = %(asked)s
                    AND coalesce(bool_and(balance_won + won >= 0), true) AS all FROM locked),
    made AS (
        INSERT INTO ledger_transfer (id, cause, kind, subject, posted_at)
        SELECT %(transfer)s, %(cause)s, %(kind)s, %(subject)s, %(at)s FROM fits WHERE fits.all
        ON CONFLICT (cause) DO NOTHING RETURNING id),
    moved AS (
        UPDATE ledger_account a SET balance_won = l.balance_won + l.won FROM locked l, made WHERE a.id = l.id),
    noted AS (
        INSERT INTO ledger_entry (transfer_id, account_id, amount_won, balance_after_won)
        SELECT made.id, c.account_id, c.won, l.balance_won + l.won
        FROM made CROSS JOIN change c LEFT JOIN locked l ON l.id = c.account_id)"""

#: Whether it was made, how many accounts were there, and the balances before it.
SAID = """
    SELECT (SELECT id FROM made), (SELECT count(*) FROM change), l.id, l.balance_won
    FROM (SELECT) AS one LEFT JOIN locked l ON true"""


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
    made, _, before = told(
        _BY_ID + MOVE + SAID,
        {"transfer": transfer.id, "cause": cause, "kind": kind, "subject": subject, "at": at,
         "asked": len(changes), "ids": list(changes), "sums": list(changes.values())},
    )  # fmt: skip
    transfer._state.adding, transfer.is_new = not made, made
    return transfer if made else posted_before(cause, changes, before)


def posted_before(cause: str, changes: Mapping[UUID, int], before: Mapping[UUID, int]) -> Transfer:
    """What this cause posted when a statement made nothing; refuses when it is the balances `before` that do not fit."""
    posted = queries.posted(cause)
    if posted is None:
        refuse(rules.why_not_post(before, changes))
        raise LookupError("an account of the transfer is not there")
    entries = {entry.account_id: entry.amount_won for entry in posted.entries.all()}
    refuse(rules.why_not_repeat(entries, changes))
    return posted


def told(statement: str, values: Mapping[str, object]) -> tuple[bool, int, dict[UUID, int]]:
    """Run a statement around MOVE: whether the transfer was made, how many of `asked` accounts are there, balances before."""
    rows = prepared.run(statement, values)
    return rows[0][0] is not None, rows[0][1], {id_: won for _, _, id_, won in rows if id_}
