"""Reward: given with an end, spent soonest end first, taken back, expired. P4, P5"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from seonmul.kit.refusals import No, Refused
from seonmul.ledger import queries, rules
from seonmul.ledger.actions._posting import move, open_account
from seonmul.ledger.models import HoldPart, Kind, Lot, LotUse, Transfer


@transaction.atomic
def give(
    owner: UUID | str, won: int, *, expires_at: datetime, cause: str, at: datetime, subject: str = ""
) -> Transfer:
    """Give reward that ends at a moment. P4"""
    transfer = move(
        owner, {Kind.COST: -won, Kind.REWARD: won}, cause=cause, kind="reward", subject=subject, at=at
    )
    if transfer.is_new:
        account = open_account(owner, Kind.REWARD)
        Lot.objects.create(
            account=account, origin=cause, amount_won=won, left_won=won, given_at=at, expires_at=expires_at
        )
    return transfer


@transaction.atomic
def take_back(
    owner: UUID | str, origin: str, won: int, *, cause: str, at: datetime, subject: str = ""
) -> int:
    """Take back up to `won` of the reward that `origin` gave, as far as it is not spent; returns how much. P4"""
    account = open_account(owner, Kind.REWARD)
    queries.locked_accounts([account.id])
    posted = queries.posted(cause)
    if posted:
        return -sum(e.amount_won for e in posted.entries.all() if e.account_id == account.id)
    lots = queries.locked_lots(account.id, origin=origin)
    taken = min(won, sum(lot.left_won for lot in lots))
    if taken:
        _take(lots, taken)
        changes = {Kind.REWARD: -taken, Kind.COST: taken}
        move(owner, changes, cause=cause, kind="reward_back", subject=subject, at=at)
    return taken


@transaction.atomic
def expire(account_id: UUID, *, at: datetime) -> Transfer | None:
    """Take away what has ended of one reward account; None when nothing has. P4"""
    queries.locked_accounts([account_id])
    lots = queries.locked_lots(account_id, ended_before=at)
    won = sum(lot.left_won for lot in lots)
    if not won:
        return None
    _take(lots, won)
    owner = queries.owner_of(account_id)
    changes = {Kind.REWARD: -won, Kind.COST: won}
    return move(owner, changes, cause=f"expire:{lots[0].id}", kind="reward_ended", at=at)


@transaction.atomic
def forfeit(owner: UUID | str, *, cause: str, at: datetime) -> int:
    """Take away all reward of an owner who gives it up; returns how much. M9"""
    account = open_account(owner, Kind.REWARD)
    queries.locked_accounts([account.id])
    lots = queries.locked_lots(account.id)
    won = sum(lot.left_won for lot in lots)
    if won:
        _take(lots, won)
        move(owner, {Kind.REWARD: -won, Kind.COST: won}, cause=cause, kind="reward_given_up", at=at)
    return won


@transaction.atomic
def note_warned(lot_ids: Sequence[UUID], *, at: datetime) -> int:
    """Remember that the owners were told of the coming end. P4"""
    return Lot.objects.filter(id__in=lot_ids, warned_at=None).update(warned_at=at)


def use(part: HoldPart, won: int, at: datetime) -> None:
    """Take what a hold needs from the lots that end soonest; what has ended is not spent. P4, O6"""
    lots = queries.locked_lots(part.account_id, alive_at=at)
    missing = won - sum(lot.left_won for lot in lots)
    if missing > 0:
        raise Refused(No(rules.LedgerRefusal.NOT_ENOUGH, {"missing_won": missing}))
    taken = _take(lots, won)
    LotUse.objects.bulk_create(LotUse(part=part, lot=lot, amount_won=share) for lot, share in taken)


def give_back(part: HoldPart, won: int, at: datetime, lives_until: datetime) -> None:
    """Put reward back with its old end, or a later one, the last taken first. P5"""
    uses = list(part.uses.select_related("lot").order_by("-id"))
    shares = rules.shares_in_order([one.amount_won - one.returned_won for one in uses], won)
    fresh = []
    for one, share in zip(uses, shares, strict=True):
        one.returned_won += share
        if share and one.lot.expires_at < lives_until:
            fresh.append(
                Lot(
                    account_id=part.account_id, origin=one.lot.origin, amount_won=share, left_won=share,
                    given_at=at, expires_at=lives_until,
                )
            )  # fmt: skip
        elif share:
            one.lot.left_won = F("left_won") + share
    LotUse.objects.bulk_update(uses, ["returned_won"])
    Lot.objects.bulk_update([one.lot for one in uses], ["left_won"])
    Lot.objects.bulk_create(fresh)


def _take(lots: Sequence[Lot], won: int) -> list[tuple[Lot, int]]:
    shares = rules.shares_in_order([lot.left_won for lot in lots], won)
    taken = [(lot, share) for lot, share in zip(lots, shares, strict=True) if share]
    for lot, share in taken:
        lot.left_won -= share
    Lot.objects.bulk_update([lot for lot, _ in taken], ["left_won"])
    return taken
