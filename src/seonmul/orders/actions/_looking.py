"""What is computed and looked at beside the orders. M3, M7"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import refuse
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members import rules as member_rules
from seonmul.members.models import Member
from seonmul.orders import queries, rules
from seonmul.orders.models import Order


@transaction.atomic
def recompute_tiers(*, at: datetime) -> int:
    """Every company's tier anew from what it paid in the last months; returns how many changed. M3"""
    figures = figures_now.figures(at)
    paid = queries.paid_since(clock.months_before(at, figures.tier_months))
    percents = {buyer_id: member_rules.tier_percent(won, figures) for buyer_id, won in paid.items()}
    return members.set_tiers(percents, at=at)


@transaction.atomic
def see_numbers(order_id: UUID, *, by: Member, reason: str, said: str = "", at: datetime) -> None:
    """Note that `by` looks at the whole numbers of one order's recipients. Raises Refused without the right. M7

    `said`: the words of another reason than those of the list.
    """
    order = Order.objects.get(id=order_id)
    refuse(rules.why_not_see_numbers(has_right=members_now.sees_numbers(by), reason=reason, said=said))
    audit.record(
        "numbers_seen", by=by.id, subject=order.id, company=order.buyer_id, at=at, reason=reason,
        count=order.copies, **_words(reason, said),
    )  # fmt: skip


@transaction.atomic
def export_numbers(
    order_id: UUID, *, by: Member, reason: str, said: str = "", password: str, count: int, at: datetime
) -> None:
    """Note that `by` takes a sheet of `count` whole numbers of one order out of the house. Raises Refused. O11, M7

    `password`: what locks the sheet; looked at here, kept nowhere.
    """
    order = Order.objects.get(id=order_id)
    refuse(
        rules.why_not_export_numbers(
            has_right=members_now.sees_numbers(by), reason=reason, said=said, password=password
        )
    )
    audit.record(
        "numbers_exported", by=by.id, subject=order.id, company=order.buyer_id, at=at, reason=reason, count=count,
        **_words(reason, said),
    )  # fmt: skip


def _words(reason: str, said: str) -> dict[str, str]:
    return {"said": said.strip()} if reason == "other" else {}
