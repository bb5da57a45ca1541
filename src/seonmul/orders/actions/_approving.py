"""A paid order that waits for a consent: the company's approver first, then the operator. O8, M7"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import business, jobs, states
from seonmul.kit.refusals import refuse
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import events, queries, rules
from seonmul.orders.actions import _budgets as budgets
from seonmul.orders.actions import _limits as limits
from seonmul.orders.actions._refunding import release_rest
from seonmul.orders.models import Approval, ApprovalState, ApprovalStep, Order, OrderState


def ask_consent(order: Order, step: ApprovalStep, *, at: datetime) -> Approval:
    """Let an order wait for this consent, for so many business days."""
    days = figures_now.figures(at).approval_business_days
    made = Approval.objects.create(
        order=order,
        buyer_id=order.buyer_id,
        step=step,
        asked_at=at,
        due_at=business.due(at, days=days, calendar=figures_now.calendar(at)),
    )
    jobs.announce(events.APPROVAL_ASKED, approval_id=made.id)
    return made


@transaction.atomic
def decide_order(approval_id: UUID, *, approve: bool, reason: str = "", by: Member, at: datetime) -> None:
    """The operator approves an order with gift certificates, or refuses it: then all of it is paid back at once. O8"""
    approval, order = _locked(approval_id)
    is_waiting = approval.state == ApprovalState.WAITING and approval.step == ApprovalStep.OPERATOR
    refuse(rules.why_not_decide(is_waiting, approve=approve, reason=reason))
    _decide(approval, order, approve=approve, reason=reason, by=by, at=at)


@transaction.atomic
def decide_for_company(
    approval_id: UUID, *, approve: bool, reason: str = "", by: Member, at: datetime
) -> None:
    """The company's approver consents, or not: then all of it is paid back at once. M7, O8"""
    approval, order = _locked(approval_id)
    may_approve = members_now.may_approve(by, order.buyer_id)
    refuse(rules.why_not_approve_for_company(may_approve=may_approve, is_own=order.member_id == by.id))
    is_waiting = approval.state == ApprovalState.WAITING and approval.step == ApprovalStep.COMPANY
    refuse(rules.why_not_decide(is_waiting, approve=approve, reason=reason))
    _decide(approval, order, approve=approve, reason=reason, by=by, at=at)


def end_overdue_approvals(*, at: datetime) -> int:
    """Pay back every order for which nobody has decided in time; returns how many. O8"""
    overdue = queries.overdue_approvals(at)
    for approval_id in overdue:
        lapse(approval_id, at=at)
    return len(overdue)


@transaction.atomic
def lapse(approval_id: UUID, *, at: datetime) -> None:
    """Nobody has decided in time: the order is paid back whole. O8"""
    approval, order = _locked(approval_id)
    if approval.state != ApprovalState.WAITING or approval.due_at > at:
        return
    _end(approval, ApprovalState.LAPSED, "", "system", at)
    _pay_back(order, at)
    audit.record("order_lapsed", by="system", subject=order.id, company=order.buyer_id, at=at)
    jobs.announce(events.APPROVAL_DECIDED, approval_id=approval.id)


def _locked(approval_id: UUID) -> tuple[Approval, Order]:
    order_id = Approval.objects.values_list("order_id", flat=True).get(id=approval_id)
    order = queries.locked_with_hold(order_id)
    return queries.locked_approval(approval_id), order


def _decide(
    approval: Approval, order: Order, *, approve: bool, reason: str, by: Member, at: datetime
) -> None:
    after = ApprovalState.APPROVED if approve else ApprovalState.REFUSED
    _end(approval, after, reason.strip(), str(by.id), at)
    verb = "order_approved" if approve else "order_refused"
    audit.record(verb, by=by.id, subject=order.id, company=order.buyer_id, at=at, step=approval.step)
    jobs.announce(events.APPROVAL_DECIDED, approval_id=approval.id)
    if not approve:
        _pay_back(order, at)
        return
    rest = _steps_after(approval, order)
    if rest:
        ask_consent(order, rest[0], at=at)
        return
    limits.settle(order)
    budgets.settle(order)
    states.move(Order.objects.filter(id=order.id), OrderState.WAITING, OrderState.PAID)
    jobs.announce(events.PAID, order_id=order.id)


def _steps_after(approval: Approval, order: Order) -> Sequence[ApprovalStep]:
    """What else the order needs: the operator looks at gift certificates when the company has consented. O8"""
    is_first = approval.step == ApprovalStep.COMPANY
    return [ApprovalStep.OPERATOR] if is_first and queries.has_certificates(order.id) else []


def _end(approval: Approval, after: ApprovalState, reason: str, by: str, at: datetime) -> None:
    rows = Approval.objects.filter(id=approval.id)
    states.move(rows, ApprovalState.WAITING, after, reason=reason[:300], decided_by=by, decided_at=at)


def _pay_back(order: Order, at: datetime) -> None:
    """All goes back by the way it came, and the share of the limit to its month. O7, O8, P5, M7"""
    limits.give_back(order, order.limit_won)
    budgets.give_back(order, order.amount_won)
    states.move(Order.objects.filter(id=order.id), OrderState.WAITING, OrderState.REFUSED, finished_at=at)
    release_rest(order, at=at)
