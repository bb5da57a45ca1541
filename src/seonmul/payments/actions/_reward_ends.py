"""Reward's clock: told of before its end, taken away after it. P4"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.figures import queries as figures_now
from seonmul.kit import clock, jobs
from seonmul.ledger import actions as ledger
from seonmul.ledger import queries as ledger_now
from seonmul.ledger.models import Lot
from seonmul.payments import events


@transaction.atomic
def warn_of_rewards(*, at: datetime) -> int:
    """Have every buyer told whose reward ends soon, one job each; returns how many. P4"""
    owners = sorted({owner for owner, *_ in ledger_now.lots_ending(_soon(at))})
    jobs.enqueue_many("payments.warn_of_reward", [{"buyer_id": owner} for owner in owners])
    return len(owners)


@transaction.atomic
def warn_of_reward(buyer_id: UUID, *, at: datetime) -> None:
    """Announce to one buyer what ends soon, day by day, once. P4"""
    ends: dict[date, list[Lot]] = defaultdict(list)
    for lot in ledger_now.locked_lots_to_warn(buyer_id, _soon(at)):
        ends[clock.seoul_date(lot.expires_at)].append(lot)
    for _, lots in sorted(ends.items()):
        ledger.note_warned([lot.id for lot in lots], at=at)
        if lots[0].expires_at >= at:
            jobs.announce(events.REWARD_ENDING, buyer_id=buyer_id, lot_id=lots[0].id)


def _soon(at: datetime) -> datetime:
    return at + timedelta(days=figures_now.figures(at).reward_notice_days)


@transaction.atomic
def expire_rewards(*, at: datetime) -> int:
    """Have what has ended taken away, one job for each account; returns how many. P4"""
    accounts = ledger_now.accounts_with_ended_lots(at)
    jobs.enqueue_many("payments.expire_reward", [{"account_id": account} for account in accounts])
    return len(accounts)


def expire_reward(account_id: UUID, *, at: datetime) -> None:
    """Take away what has ended of one account. P4"""
    ledger.expire(account_id, at=at)
