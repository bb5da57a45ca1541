"""Setting money aside, earning it, giving it back. O9, P5"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.kit import ids
from seonmul.kit.money import checked_won
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import queries, rules
from seonmul.ledger.actions import _lots
from seonmul.ledger.actions._posting import MOVE, SAID, open_accounts, post_within, posted_before, told
from seonmul.ledger.models import Hold, HoldPart, Kind, Transfer

#: A transfer whose accounts are found by kind, with the hold and its parts beside it.
_CHANGE = """
    WITH change AS (
        SELECT a.id AS account_id, w.won, w.position
        FROM ledger_account a JOIN unnest(%(kinds)s::text[], %(sums)s::bigint[]) WITH ORDINALITY
             AS w(kind, won, position) ON w.kind = a.kind WHERE a.owner = %(owner)s),"""
_BESIDE = """,
    held AS (
        INSERT INTO ledger_hold
            (id, owner, cause, subject, amount_won, captured_won, released_won, refunded_won, held_at)
        SELECT %(hold)s, %(owner)s, %(cause)s, %(subject)s, %(total)s, 0, 0, 0, %(at)s FROM made),
    parts AS (
        INSERT INTO ledger_holdpart (hold_id, account_id, position, amount_won, returned_won)
        SELECT %(hold)s, account_id, position - 1, -won, 0 FROM made, change WHERE won < 0)"""
_HOLD = _CHANGE + MOVE + _BESIDE + SAID


@dataclass(frozen=True)
class Returned:
    """What a release or a refund gave back, in won by the kind of account it came from."""

    transfer: Transfer
    by_kind: dict[Kind, int]


def hold(
    owner: UUID | str, parts: Sequence[tuple[Kind, int]], *, cause: str, at: datetime, subject: str = ""
) -> Hold:
    """Set money aside: `parts` as (kind, won) in the order in which they are to be spent. O9, O6.

    One statement, so that the hot account of a busy company is locked as shortly as can be. Reward is taken from the
    lots that end soonest. The same cause returns the hold already made. Raises Refused(NOT_ENOUGH).
    """
    if any(kind is Kind.REWARD for kind, _ in parts):
        with transaction.atomic():
            made = _hold(str(owner), parts, cause, subject, at)
            if made.is_new:
                row = made.parts.get(account__kind=Kind.REWARD)
                _lots.use(row, row.amount_won, at)
            return made
    return _hold(str(owner), parts, cause, subject, at)


def _hold(
    owner: str,
    parts: Sequence[tuple[Kind, int]],
    cause: str,
    subject: str,
    at: datetime,
    *,
    is_again: bool = False,
) -> Hold:
    for _, won in parts:
        if checked_won(won) <= 0:
            raise ValueError("a part of a hold is money")
    total = sum(won for _, won in parts)
    made = Hold(id=ids.new_id(), owner=owner, cause=cause, subject=subject, amount_won=total, held_at=at)
    wishes = [*((kind, -won) for kind, won in parts), (Kind.HELD, total)]
    is_made, found, before = told(
        _HOLD,
        {"transfer": ids.new_id(), "cause": cause, "kind": "hold", "subject": subject, "at": at, "asked": len(wishes),
         "hold": made.id, "owner": owner, "total": total,
         "kinds": [kind.value for kind, _ in wishes], "sums": [won for _, won in wishes]},
    )  # fmt: skip
    if is_made:
        made._state.adding, made.is_new = False, True
        return made
    accounts = open_accounts(owner, [kind for kind, _ in wishes])
    changes = {accounts[kind]: won for kind, won in wishes}
    if found < len(wishes) and not is_again:
        return _hold(owner, parts, cause, subject, at, is_again=True)
    posted_before(cause, changes, before)
    found_hold = Hold.objects.filter(cause=cause).first()
    if found_hold is None:
        raise Refused(No(rules.LedgerRefusal.CAUSE_TAKEN))
    return found_hold


@transaction.atomic
def add_part(hold_id: UUID, kind: Kind, won: int, *, cause: str, at: datetime) -> Hold:
    """Put more money behind a hold, to be spent last: what a card brought for an order. O6"""
    hold = queries.locked_hold(hold_id)
    accounts = open_accounts(hold.owner, [Kind.HELD, kind])
    changes = {accounts[kind]: -won, accounts[Kind.HELD]: won}
    if not post_within(changes, cause=cause, kind="hold", subject=hold.subject, at=at).is_new:
        return hold
    hold.amount_won += won
    hold.save(update_fields=["amount_won"])
    HoldPart.objects.create(hold=hold, account_id=accounts[kind], position=hold.parts.count(), amount_won=won)
    return hold


@transaction.atomic
def capture(
    hold_id: UUID, won: int, *, cause: str, at: datetime, to: Kind = Kind.SALES, kind: str = "capture"
) -> Transfer:
    """Earn `won` of a hold: held money becomes sales (or goes out by the bank). Raises Refused(HOLD_SPENT)."""
    hold = queries.locked_hold(hold_id)
    is_repeat = queries.posted(cause) is not None
    if not is_repeat:
        refuse(rules.why_not_take(_facts(hold), won))
        Hold.objects.filter(id=hold.id).update(captured_won=hold.captured_won + won)
    accounts = open_accounts(hold.owner, [Kind.HELD, to])
    changes = {accounts[Kind.HELD]: -won, accounts[to]: won}
    transfer = post_within(changes, cause=cause, kind=kind, subject=hold.subject, at=at)
    return transfer if is_repeat else _first(transfer)


@transaction.atomic
def release(
    hold_id: UUID, won: int, *, cause: str, at: datetime, lots_until: datetime | None = None
) -> Returned:
    """Give `won` of a hold back to the accounts it came from, last part first. Raises Refused(HOLD_SPENT).

    `lots_until`: reward that comes back lives at least until then. P5
    """
    hold = queries.locked_hold(hold_id)
    posted = queries.posted(cause)
    if posted:
        return _returned_before(posted, won)
    refuse(rules.why_not_take(_facts(hold), won))
    Hold.objects.filter(id=hold.id).update(released_won=hold.released_won + won)
    return _give_back(hold, Kind.HELD, won, "release", cause, at, lots_until)


@transaction.atomic
def refund(
    hold_id: UUID,
    won: int,
    *,
    cause: str,
    at: datetime,
    lots_until: datetime | None = None,
    kept_won: int = 0,
) -> Returned:
    """Give `won` of what was captured back to where it came from, last part first: card, cash, reward. P5

    `kept_won`: what of it is kept, since the reward for it was spent already (P4); it is booked against the cost
    of that reward. Raises Refused(HOLD_SPENT).
    """
    hold = queries.locked_hold(hold_id)
    posted = queries.posted(cause)
    if posted:
        return _returned_before(posted, won - kept_won)
    refuse(rules.why_not_refund(_facts(hold), won, kept_won))
    Hold.objects.filter(id=hold.id).update(refunded_won=hold.refunded_won + won)
    return _give_back(hold, Kind.SALES, won, "refund", cause, at, lots_until, kept_won)


def _give_back(
    hold: Hold,
    source: Kind,
    won: int,
    kind: str,
    cause: str,
    at: datetime,
    lots_until: datetime | None,
    kept_won: int = 0,
) -> Returned:
    parts = list(hold.parts.select_related("account").order_by("position"))
    facts = [rules.PartFacts(part.amount_won, part.returned_won) for part in parts]
    shares = rules.shares_of_return(facts, won)
    given = rules.less_kept(shares, kept_won)
    accounts = open_accounts(hold.owner, [source, *([Kind.COST] if kept_won else [])])
    changes = {accounts[source]: -won}
    if kept_won:
        changes[accounts[Kind.COST]] = kept_won
    by_kind: dict[Kind, int] = {}
    for part, share, back in zip(parts, shares, given, strict=True):
        part.returned_won += share
        if back:
            kind_ = Kind(part.account.kind)
            changes[part.account_id] = changes.get(part.account_id, 0) + back
            by_kind[kind_] = by_kind.get(kind_, 0) + back
    HoldPart.objects.bulk_update(parts, ["returned_won"])
    transfer = _first(post_within(changes, cause=cause, kind=kind, subject=hold.subject, at=at))
    for part, back in zip(parts, given, strict=True):
        if back and part.account.kind == Kind.REWARD:
            _lots.give_back(part, back, at, lots_until or at)
    return Returned(transfer, by_kind)


def _first(transfer: Transfer) -> Transfer:
    """Refuse when somebody posted this cause for another hold meanwhile: ours must not say more than its money."""
    if not transfer.is_new:
        raise Refused(No(rules.LedgerRefusal.CAUSE_TAKEN))
    return transfer


def _returned_before(posted: Transfer, won: int) -> Returned:
    entries = posted.entries.select_related("account")
    by_kind = {
        Kind(entry.account.kind): entry.amount_won
        for entry in entries
        if entry.amount_won > 0 and entry.account.kind != Kind.COST
    }
    refuse(rules.why_not_repeat({posted.id: sum(by_kind.values())}, {posted.id: won}))
    return Returned(posted, by_kind)


def _facts(hold: Hold) -> rules.HoldFacts:
    return rules.HoldFacts(hold.amount_won, hold.captured_won, hold.released_won, hold.refunded_won)
