"""Telling a company when its cash runs low. P7"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.payments import events, queries, rules
from seonmul.payments.models import LowBalance


@transaction.atomic
def set_low_balance(by: Member, below_won: int | None, *, at: datetime) -> None:
    """Set the level below which the owners are told, or None for never. Raises Refused. P7

    Who sets a level above the balance of now sees that on the page: told is only of the next fall.
    """
    buyer = members.buyer_of(by)
    if buyer is None:
        raise Refused(No(rules.WatchRefusal.NOT_YOURS))
    figures = figures_now.figures(at)
    refuse(rules.why_not_watch(below_won, may_set=queries.may_watch(by), figures=figures))
    if below_won is None:
        LowBalance.objects.filter(buyer=buyer).delete()
    else:
        is_low = rules.is_low(ledger.balances(buyer.id).cash_won, below_won)
        level = {"below_won": below_won, "told_at": at if is_low else None}
        LowBalance.objects.update_or_create(buyer=buyer, defaults=level)
    audit.record(
        "low_balance_set", by=by.id, subject=buyer.id, company=buyer.id, at=at, below_won=below_won or 0
    )


@transaction.atomic
def note_spent(buyer_id: UUID, *, at: datetime) -> None:
    """Tell once when cash has fallen below the level, again only after it was above. P7

    For whoever has spent cash to call after that in the same transaction. That it was above meanwhile is read from
    the books, so whoever brings cash need not call.
    """
    level = queries.locked_low_balance(buyer_id)
    if level is None or not rules.is_low(ledger.balances(buyer_id).cash_won, level.below_won):
        return
    told_at = level.told_at
    if told_at and not ledger.has_reached(buyer_id, Kind.CASH, level.below_won, since=told_at):
        return
    LowBalance.objects.filter(buyer_id=buyer_id).update(told_at=at)
    jobs.announce(events.CASH_LOW, buyer_id=buyer_id)
