"""Copies whose price goes back: cancelled by their buyer, or given up because they arrived nowhere. O9, O10, P5"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.catalog.models import List
from seonmul.figures import queries as figures_now
from seonmul.gifts import queries, rules
from seonmul.gifts.actions._doubting import doubt
from seonmul.gifts.models import DoubtWhy, Gift
from seonmul.kit import jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import actions as orders
from seonmul.orders.models import Order
from seonmul.orders.rules import RefundPlan
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers import queries as vouchers_now

#: Gifts that are read and refunded together, so that memory stays flat.
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Cancellable:
    """What a wish to cancel comes to: the gifts that may be, what goes back for them, and why the others stay.

    `asked`: how many of them an external issuer has to take back before their price follows. C3
    """

    gifts: Sequence[Gift]
    plan: RefundPlan | None
    refused: Sequence[tuple[No, int]]
    asked: int = 0


def look_at_cancel(
    order: Order,
    gift_ids: Sequence[UUID],
    *,
    by: Member,
    wished_by: UUID | None = None,
    is_voided_there: bool = False,
    at: datetime,
) -> Cancellable:
    """Say what a cancellation would come to, without doing it: shown before it is confirmed. P4, P5, O10

    `wished_by`: the buyer who wishes it, where `by` is staff; `is_voided_there`: they say that whoever issued a pool's codes
    has ended them. S5
    """
    gifts = list(
        Gift.objects.filter(order=order, id__in=gift_ids)
        .select_related("voucher", "order", "line")
        .order_by("id")
    )
    return _look(order, gifts, wished_by or members_now.buys_for(by), is_voided_there, at)


def _look(
    order: Order, gifts: Sequence[Gift], buyer_id: UUID | None, is_voided_there: bool, at: datetime
) -> Cancellable:
    figures, pools = figures_now.figures(at), queries.pool_copies(order, gifts)
    fit, reasons, counts = [], {}, Counter[str]()
    for gift in gifts:
        no = rules.why_not_cancel(
            queries.facts(gift),
            days=rules.cancel_days(
                is_general=order.list == List.GENERAL, offer_days=gift.line.cancel_days, figures=figures
            ),
            paid_at=order.paid_at,
            may_buy=buyer_id == gift.buyer_id,
            pool=pools.get(gift.id),
            is_voided_there=is_voided_there,
            at=at,
        )
        if no:
            reasons[no.code] = no
            counts[no.code] += 1
        else:
            fit.append(gift)
    plan = orders.plan_refund(order, _by_line(fit), at) if fit else None
    asked = vouchers_now.count_external([gift.voucher_id for gift in fit])
    return Cancellable(fit, plan, [(reasons[code], count) for code, count in counts.most_common()], asked)


@transaction.atomic
def cancel(
    order_id: UUID,
    gift_ids: Sequence[UUID],
    *,
    by: Member,
    wished_by: UUID | None = None,
    is_voided_there: bool = False,
    seen_won: int,
    at: datetime,
) -> Cancellable:
    """Cancel unused gifts and refund them to the same means. `seen_won`: what was shown as going back. O10, P5

    `wished_by`, `is_voided_there`: as in look_at_cancel.
    Raises Refused when nothing may be cancelled, or when another sum than the one shown would go back.
    """
    gifts = [gift for gift in queries.locked_to_refund(gift_ids) if gift.order_id == order_id]
    order = Order.objects.get(id=order_id)
    found = _look(order, gifts, wished_by or members_now.buys_for(by), is_voided_there, at)
    if found.plan is None:
        raise Refused(found.refused[0][0] if found.refused else No(rules.CancelRefusal.USED))
    refuse(rules.why_not_as_seen(seen_won, found.plan.won - found.plan.kept_won))
    done = _refund(order.id, found.gifts, by=str(by.id), where="cancel", cause_of="cancel", at=at)
    if len(done) != len(found.gifts):  # a shop was faster with one of them
        raise Refused(No(rules.CancelRefusal.CHANGED, {"seen_won": seen_won, "now_won": 0}))
    audit.record(
        "gifts_cancelled", by=by.id, subject=order.id, company=order.buyer_id, at=at, count=len(done)
    )
    return found


@transaction.atomic
def give_up(order_id: UUID, *, at: datetime) -> int:
    """Refund an order's copies that arrived nowhere for a week and that nobody mended; returns how many. O9

    A pool's code that went out may be used where we do not see it: on those staff decide. S5
    """
    before = rules.given_up_before(at, figures=figures_now.figures(at))
    found = queries.locked_undelivered(order_id, before)
    pools = queries.pool_copies(found[0].order, found) if found else {}
    out = {gift_id for gift_id, one in pools.items() if one.is_out(at)}
    doubt([gift for gift in found if gift.id in out], DoubtWhy.POOL, at=at)
    gifts = [gift for gift in found if gift.id not in out]
    return len(_refund(order_id, gifts, by="platform", where="undelivered", cause_of="undelivered", at=at))


def _refund(
    order_id: UUID, gifts: Sequence[Gift], *, by: str, where: str, cause_of: str, at: datetime
) -> Sequence[Gift]:
    """Take the vouchers out of use and give their price back, in one transaction. Those used meanwhile stay.

    An external issuer takes its own back first: it is asked now, and `note_supplied` refunds them when it has confirmed.
    """
    asked = vouchers.ask_back([gift.voucher_id for gift in gifts], by=by, where=where, at=at)
    own = [gift for gift in gifts if gift.voucher_id not in asked]
    moved = vouchers.refund([gift.voucher_id for gift in own], by=by, where=where, at=at)
    done = [gift for gift in own if gift.voucher_id in moved]
    if done:
        # a voucher is refunded once, so the first of them names the refund
        cause = f"{cause_of}:{done[0].id}"
        orders.refund_copies(order_id, _by_line(done), cause=cause, by=by, at=at)
    return done + [gift for gift in gifts if gift.voucher_id in asked]


def refund_all(
    order_id: UUID,
    which: Callable[[UUID, UUID | None, int], Sequence[UUID]],
    *,
    by: str,
    why: str,
    at: datetime,
) -> int:
    """Refund all gifts that `which` (order, behind this one, at most so many) finds, some thousand at a time.

    Returns how many are refunded now; those used in the same moment stay, an external issuer's follow when it confirms.
    """
    count, last = 0, None
    while ids := which(order_id, last, _AT_ONCE):
        _refund(order_id, queries.locked_to_refund(ids), by=by, where=why, cause_of=why, at=at)
        count += queries.refunded_among(ids)
        last = ids[-1]
    return count


def _by_line(gifts: Sequence[Gift]) -> dict[UUID, int]:
    copies: dict[UUID, int] = defaultdict(int)
    for gift in gifts:
        copies[gift.line_id] += 1
    return dict(copies)


@transaction.atomic
def sweep_undelivered(*, at: datetime) -> int:
    """Look for orders with copies that arrived nowhere, and have them refunded; returns how many orders. O9"""
    before = rules.given_up_before(at, figures=figures_now.figures(at))
    found = queries.undelivered(before)
    for order_id in found:
        jobs.enqueue_once("gifts.give_up", f"give_up:{order_id}", order_id=order_id)
    return len(found)
