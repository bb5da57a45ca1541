"""A paid order until its sending starts: another time, none at all, and whether it can go when the time has come. O5, O10, O12"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from seonmul.audit import actions as audit
from seonmul.catalog import queries as catalog
from seonmul.catalog import rules as catalog_rules
from seonmul.catalog.models import List, Offer, Supplier
from seonmul.dispatch import rules as dispatch
from seonmul.figures import queries as figures_now
from seonmul.kit import jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import events, queries, rules
from seonmul.orders.actions import _budgets as budgets
from seonmul.orders.actions import _limits as limits
from seonmul.orders.actions._refunding import release_rest
from seonmul.orders.models import OVER, Approval, ApprovalState, Line, Order, OrderState, Recipient


@transaction.atomic
def reschedule(order_id: UUID, send_at: datetime | None, *, by: Member, at: datetime) -> None:
    """Send at another time, or at once (None): as if its time had come. Raises Refused and keeps the time as it was. O5"""
    order = queries.locked_order(order_id)
    refuse(_why_not_touch(order, members_now.buys_for(by)))
    refuse(rules.why_not_send_at(send_at, figures=figures_now.figures(at), at=at))
    if order.ad:
        refuse(dispatch.why_not_advertise(queries.ad_of(order), send_at or at))
    Order.objects.filter(id=order.id).update(send_at=send_at or at)
    audit.record("order_rescheduled", by=by.id, subject=order.id, company=order.buyer_id, at=at)
    if send_at is None and order.state == OrderState.PAID:
        jobs.announce(events.PAID, order_id=order.id)


@transaction.atomic
def cancel_waiting(order_id: UUID, *, by: Member, wished_by: UUID | None = None, at: datetime) -> int:
    """Cancel a whole order before its sending starts; all its money goes back the way it came. Returns how much. O10, P5

    `wished_by`: the buyer who wishes it, where `by` is staff.
    """
    order = queries.locked_with_hold(order_id)
    refuse(_why_not_touch(order, wished_by or members_now.buys_for(by)))
    audit.record("order_cancelled", by=by.id, subject=order.id, company=order.buyer_id, at=at)
    return _cancel(order, rules.BY_BUYER, at)


@transaction.atomic
def begin_sending(order_id: UUID, *, at: datetime) -> bool:
    """Paid becomes sending when its time has come; says whether this call did it. Advertising waits for the day. O5, O12, O3

    A scheduled order whose product is not sold any more goes out with the substitute where its buyer wished so; else
    it is cancelled, its money goes back, and the buyer is told. So it is with any order by text whose sender number may
    not be shown any more. M6
    """
    order = queries.locked_with_hold(order_id)
    if order.state != OrderState.PAID or (order.send_at and order.send_at > at):
        return False
    if order.ad and (morning := dispatch.rests_until(at)):  # paid or approved late in the evening
        Order.objects.filter(id=order.id).update(send_at=morning)
        audit.record("order_rested", by="platform", subject=order.id, company=order.buyer_id, at=at)
        return False
    if why := _why_stop(order, at):
        _cancel(order, why, at)
        jobs.announce(events.STOPPED, order_id=order.id)
        return False
    wakes_at = at + timedelta(minutes=order.asleep_minutes) if order.asleep_minutes else None
    rows = Order.objects.filter(id=order.id)
    return bool(states.move(rows, OrderState.PAID, OrderState.SENDING, wakes_at=wakes_at))


@transaction.atomic
def note_halted(order_id: UUID, *, at: datetime) -> None:
    """Remember when an order's sending was stopped; the first time stays. S6"""
    Order.objects.filter(id=order_id, halted_at=None).update(halted_at=at)


def _why_not_touch(order: Order, buyer_id: UUID | None) -> No | None:
    return rules.why_not_touch(
        may_buy=buyer_id == order.buyer_id,
        is_started=order.state == OrderState.SENDING,
        is_over=order.state in OVER,
    )


def _cancel(order: Order, why: str, at: datetime) -> int:
    rows = Order.objects.filter(id=order.id)
    if not states.move(rows, OrderState(order.state), OrderState.CANCELLED, finished_at=at, why=why):
        raise Refused(No(rules.WaitingRefusal.STARTED))
    waiting = Approval.objects.filter(order=order)
    states.move(waiting, ApprovalState.WAITING, ApprovalState.WITHDRAWN, decided_at=at)
    limits.give_back(order, order.limit_won)
    budgets.give_back(order, order.amount_won)
    return release_rest(order, at=at)


def _why_stop(order: Order, at: datetime) -> str:
    """Why an order is cancelled now instead of going out; "" when it goes."""
    if queries.gone_senders([order]):
        return rules.SENDER_GONE
    return rules.NOT_SOLD_ANY_MORE if order.send_at and not _can_go(order, at) else ""


def _can_go(order: Order, at: datetime) -> bool:
    """Whether every line of a scheduled order is still sold, or has taken its substitute now: all of them, or none."""
    taken: list[tuple[Line, Offer, int]] = []
    lines = queries.lines_of(order.id)
    for line in lines:
        if line.supplier == Supplier.POOL:
            continue  # its codes have been kept for it since it was paid
        offer = catalog.offer(List(order.list), line.product.code)
        if not catalog_rules.is_discontinued(catalog.facts(offer), at=at):
            continue
        other = catalog.substitute_of(line.product, List(order.list))
        if other is None or any(other.product_id == one.product_id for one in lines):
            return False
        won = catalog.price_won(other, members_now.tier_of(order.buyer))
        if not _may_replace(order, line, other, won, at):
            return False
        taken.append((line, other, won))
    for line, other, won in taken:
        Line.objects.filter(id=line.id).update(
            product=other.product, unit_price_won=won, validity_days=other.validity_days, cancel_days=other.cancel_days,
            supplier=other.product.supplier,
        )  # fmt: skip
        audit.record("order_substituted", by="platform", subject=order.id, company=order.buyer_id, at=at)
    return True


def _may_replace(order: Order, line: Line, other: Offer, won: int, at: datetime) -> bool:
    """Whether this offer may go out in a line's place: sold, like it, sent the same way, to as many for each. O12, C1"""
    product = other.product
    # codes of others are kept for the product that was paid for; certificates have a limit and a consent of their own
    is_like = (
        product.supplier == Supplier.OWN and not line.is_gift_certificate and not product.is_gift_certificate
    )
    most = Recipient.objects.filter(line=line).aggregate(most=Max("copies"))["most"] or 0
    fits = order.channel in product.channels and most <= product.copies_most
    is_sold = not catalog_rules.is_discontinued(catalog.facts(other), at=at)
    return (
        is_like
        and fits
        and is_sold
        and rules.takes_substitute(order.takes_substitute, line.unit_price_won, won)
    )
