"""Moving money. Every verb is one transaction and may be called again with the same cause: it posts once. P1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.kit.money import checked_won
from seonmul.kit.refusals import refuse
from seonmul.ledger import queries, rules
from seonmul.ledger.models import Account, Entry, Hold, HoldPart, Kind, Transfer

PLATFORM = ""


def open_account(owner: UUID | str, kind: Kind) -> Account:
    """Return the account of `owner` for `kind`, made when it is missing."""
    balance = None if str(owner) == PLATFORM else 0
    account, _ = Account.objects.get_or_create(owner=str(owner), kind=kind, defaults={"balance_won": balance})
    return account


@transaction.atomic
def charge(owner: UUID | str, won: int, *, cause: str, at: datetime, subject: str = "") -> Transfer:
    """Credit cash that came in by the bank. P2."""
    bank, cash = open_account(PLATFORM, Kind.BANK), open_account(owner, Kind.CASH)
    return post({bank.id: -won, cash.id: won}, cause=cause, kind="charge", subject=subject, at=at)


@transaction.atomic
def post(changes: Mapping[UUID, int], *, cause: str, kind: str, at: datetime, subject: str = "") -> Transfer:
    """Post one transfer: `changes` in won by account, summing to zero. P1.

    The same cause with the same changes returns the transfer already posted. Raises Refused (NOT_ENOUGH,
    CAUSE_TAKEN) and ValueError for changes that do not sum to zero.
    """
    for won in changes.values():
        checked_won(won)
    if not changes or 0 in changes.values() or sum(changes.values()) != 0:
        raise ValueError("the entries of a transfer move something and sum to zero")
    _one_at_a_time(cause)
    posted = Transfer.objects.filter(cause=cause).first()
    if posted:
        before = {entry.account_id: entry.amount_won for entry in posted.entries.all()}
        refuse(rules.why_not_repeat(before, changes))
        return posted
    kept = queries.locked_accounts(changes)
    refuse(rules.why_not_post(kept, changes))
    transfer = Transfer.objects.create(cause=cause, kind=kind, subject=subject, posted_at=at)
    after = {account: balance + changes[account] for account, balance in kept.items()}
    for account, balance in after.items():
        Account.objects.filter(id=account).update(balance_won=balance)
    Entry.objects.bulk_create(
        Entry(transfer=transfer, account_id=account, amount_won=won, balance_after_won=after.get(account))
        for account, won in changes.items()
    )
    return transfer


@transaction.atomic
def hold(
    owner: UUID | str, parts: Sequence[tuple[Kind, int]], *, cause: str, at: datetime, subject: str = ""
) -> Hold:
    """Set money aside: `parts` as (kind, won) in the order in which they are to be spent. O9.

    The same cause returns the hold already made. Raises Refused(NOT_ENOUGH).
    """
    held = open_account(owner, Kind.HELD)
    sources = [(open_account(owner, kind), won) for kind, won in parts]
    total = sum(won for _, won in sources)
    changes = {account.id: -won for account, won in sources} | {held.id: total}
    transfer = post(changes, cause=cause, kind="hold", subject=subject, at=at)
    made, is_new = Hold.objects.get_or_create(
        cause=cause,
        defaults={
            "id": transfer.id,
            "owner": str(owner),
            "subject": subject,
            "amount_won": total,
            "held_at": at,
        },
    )
    if is_new:
        HoldPart.objects.bulk_create(
            HoldPart(hold=made, account=account, position=number, amount_won=won)
            for number, (account, won) in enumerate(sources)
        )
    return made


@transaction.atomic
def forfeit_reward(owner: UUID | str, won: int, *, cause: str, at: datetime) -> Transfer:
    """Take reward back that its owner gives up. Raises Refused(NOT_ENOUGH). M9"""
    own, platform = open_account(owner, Kind.REWARD), open_account(PLATFORM, Kind.REWARD)
    return post({own.id: -won, platform.id: won}, cause=cause, kind="forfeit", at=at)


@transaction.atomic
def capture(hold_id: UUID, won: int, *, cause: str, at: datetime) -> Transfer:
    """Earn `won` of a hold: held money becomes sales. Raises Refused(HOLD_SPENT)."""
    hold = queries.locked_hold(hold_id)
    _one_at_a_time(cause)
    held, sales = open_account(hold.owner, Kind.HELD), open_account(PLATFORM, Kind.SALES)
    is_repeat = Transfer.objects.filter(cause=cause).exists()
    if not is_repeat:
        refuse(rules.why_not_take(_facts(hold), won))
        Hold.objects.filter(id=hold.id).update(captured_won=hold.captured_won + won)
    changes = {held.id: -won, sales.id: won}
    return post(changes, cause=cause, kind="capture", subject=hold.subject, at=at)


@transaction.atomic
def release(hold_id: UUID, won: int, *, cause: str, at: datetime) -> Transfer:
    """Give `won` of a hold back to the accounts it came from, last part first. Raises Refused(HOLD_SPENT)."""
    hold = queries.locked_hold(hold_id)
    _one_at_a_time(cause)
    posted = Transfer.objects.filter(cause=cause).first()
    if posted:
        moved = sum(entry.amount_won for entry in posted.entries.all() if entry.amount_won > 0)
        refuse(rules.why_not_repeat({hold.id: moved}, {hold.id: won}))
        return posted
    refuse(rules.why_not_take(_facts(hold), won))
    parts = list(hold.parts.order_by("position"))
    shares = rules.shares_of_release([rules.PartFacts(p.amount_won, p.released_won) for p in parts], won)
    held = open_account(hold.owner, Kind.HELD)
    changes = {held.id: -won}
    for part, share in zip(parts, shares, strict=True):
        if share:
            changes[part.account_id] = share
            HoldPart.objects.filter(id=part.id).update(released_won=part.released_won + share)
    Hold.objects.filter(id=hold.id).update(released_won=hold.released_won + won)
    return post(changes, cause=cause, kind="release", subject=hold.subject, at=at)


def _facts(hold: Hold) -> rules.HoldFacts:
    return rules.HoldFacts(hold.amount_won, hold.captured_won, hold.released_won)


def _one_at_a_time(cause: str) -> None:
    """Line up those who post the same cause at the same moment, before anyone looks whether it has posted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [cause])
