"""An order's money going back, and the reward that it brought. O9, P4, P5

What goes back goes the other way round than it was spent: the card first, then cash, then reward.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.ledger import actions as ledger
from seonmul.ledger import queries as ledger_now
from seonmul.ledger.models import Kind
from seonmul.members.models import BuyerKind
from seonmul.orders import queries, rules
from seonmul.orders.actions import _budgets as budgets
from seonmul.orders.actions import _limits as limits
from seonmul.orders.models import Line, Order
from seonmul.payments import actions as payments
from seonmul.payments import rules as payment_rules
from seonmul.payments.models import RefundWhy
from seonmul.vouchers import actions as vouchers


@transaction.atomic
def lock_money(order_id: UUID) -> None:
    """Lock all that an order's money goes through, before more than one thing is done with it in a transaction.

    In the one order in which everybody does: hold, order, months, accounts. O9, P4
    """
    order = queries.locked_with_hold(order_id)
    for month in sorted({month for month in (order.limit_month, order.budget_month) if month}):
        limits.lock(order.buyer_id, month)
    ledger_now.lock_accounts_of(order.buyer_id)


def release_rest(order: Order, *, at: datetime) -> int:
    """Give back what was paid for copies that were never issued, and free their stock; returns how much. C3, O9"""
    vouchers.release(order.draft_id)
    rest = ledger_now.locked_hold(order.hold_id).rest_won
    if rest:
        cause = f"rest:{order.id}"
        back = ledger.release(order.hold_id, rest, cause=cause, lots_until=_lots_until(at), at=at)
        _card_back(order, back.by_kind.get(Kind.CARD, 0), cause, at)
    return rest


@transaction.atomic
def release_copies(
    order_id: UUID, copies: Mapping[UUID, int], *, cause: str, at: datetime, by: str = "issuer"
) -> int:
    """Give back what was paid for copies that will never be issued: {line: copies}; returns how much. C3, O9

    Their share of the limit goes back too. The same cause once.
    """
    order = queries.locked_with_hold(order_id)
    limits.give_back(order, queries.face_of(order, copies))
    lines = list(Line.objects.filter(order=order, id__in=copies))
    won = sum(rules.amount_won(line.unit_price_won, copies[line.id]) for line in lines)
    budgets.give_back(order, won)
    for line in lines:
        Line.objects.filter(id=line.id).update(unissued_copies=F("unissued_copies") + copies[line.id])
    back = ledger.release(order.hold_id, won, cause=cause, lots_until=_lots_until(at), at=at)
    _card_back(order, back.by_kind.get(Kind.CARD, 0), cause, at)
    audit.record(
        "copies_not_issued", by=by, subject=order.id, company=order.buyer_id, at=at, amount_won=won,
        copies=sum(copies.values()),
    )  # fmt: skip
    return won


@transaction.atomic
def refund_copies(order_id: UUID, copies: Mapping[UUID, int], *, cause: str, by: str, at: datetime) -> int:
    """Refund copies whose vouchers were taken out of use: {line: copies}. Returns what goes back, in won. O9, P5

    Reward that the order brought goes with them; what of it is spent already is kept from the refund, what has ended
    unspent is not. P4
    The same cause refunds once.
    """
    order = queries.locked_with_hold(order_id)
    limits.give_back(order, queries.face_of(order, copies))
    budgets.give_back(order, queries.price_of(order, copies))
    ledger_now.lock_accounts_of(order.buyer_id)
    plan = plan_refund(order, copies, at)
    Line.objects.bulk_update(
        [
            Line(id=line, refunded_copies=F("refunded_copies") + count)  # type: ignore[misc]
            for line, count in copies.items()
        ],
        ["refunded_copies"],
    )
    if plan.reward_back_won:
        ledger.take_back(
            order.buyer_id, f"reward:{order.id}", plan.reward_back_won, cause=f"unearn:{cause}", at=at,
            subject=str(order.draft_id),
        )  # fmt: skip
        Order.objects.filter(id=order.id).update(unearned_won=F("unearned_won") + plan.reward_back_won)
    kept = plan.kept_won
    back = ledger.refund(
        order.hold_id, plan.won, cause=cause, lots_until=_lots_until(at), kept_won=kept, at=at
    )
    _card_back(order, back.by_kind.get(Kind.CARD, 0), cause, at)
    audit.record(
        "order_refunded", by=by, subject=order.id, company=order.buyer_id, at=at,
        amount_won=plan.won - kept, copies=sum(copies.values()), reward_back_won=plan.reward_back_won,
    )  # fmt: skip
    return plan.won - kept


def plan_refund(order: Order, copies: Mapping[UUID, int], at: datetime) -> rules.RefundPlan:
    """What a refund of these copies comes to, before it is done: shown to whoever confirms it. P4, P5"""
    return queries.refund_plan(order, copies, percent=figures_now.figures(at).reward_percent)


@transaction.atomic
def earn_reward(order_id: UUID, *, at: datetime) -> int:
    """Give the reward of an order whose every copy is issued; returns how much. Once. P4"""
    order = queries.locked_order(order_id)
    if order.earned_won or order.buyer.kind != BuyerKind.COMPANY:
        return order.earned_won
    figures, facts = figures_now.figures(at), queries.earning_facts(order)
    won = payment_rules.reward_won(
        facts.certificates_won,
        cash_and_card_won=facts.cash_and_card_won,
        total_won=facts.total_won,
        percent=figures.reward_percent,
    )
    if won:
        ends = clock.end_of_day(payment_rules.reward_ends_on(at, figures=figures))
        cause, subject = f"reward:{order.id}", str(order.draft_id)
        ledger.give(order.buyer_id, won, expires_at=ends, cause=cause, subject=subject, at=at)
        Order.objects.filter(id=order.id).update(earned_won=won)
    return won


def _card_back(order: Order, won: int, cause: str, at: datetime) -> None:
    if won and order.payment_id:
        payments.give_back(
            order.payment_id, won, why=RefundWhy.ORDER, source=Kind.CARD, cause=f"card:{cause}",
            subject=str(order.draft_id), at=at,
        )  # fmt: skip


def _lots_until(at: datetime) -> datetime:
    """Reward that comes back lives at least so long. P5"""
    return at + timedelta(days=figures_now.figures(at).reward_back_days)
