"""Approvals: what waits for whom, and what stands beside it. O8"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from seonmul.figures import queries as figures_now
from seonmul.kit import crypto
from seonmul.members import queries as members
from seonmul.members.models import BuyerKind, Member
from seonmul.orders import rules
from seonmul.orders.models import (
    Approval,
    ApprovalState,
    ApprovalStep,
    Draft,
    DraftRow,
    Order,
    OrderKind,
    OrderState,
    Recipient,
)
from seonmul.orders.queries._baskets import Quote


def approval_facts(draft: Draft, quote: Quote, by: Member) -> rules.ApprovalFacts:
    """What decides who must consent to an order of this draft. O8, M7"""
    buyer = draft.buyer
    above = buyer.approval_above_won if buyer.kind == BuyerKind.COMPANY else None
    return rules.ApprovalFacts(
        has_certificates=quote.has_certificates,
        amount_won=quote.amount_won,
        approval_above_won=above,
        approvers=members.approvers(buyer.id, without=by.id) if above is not None else 0,
    )


@dataclass(frozen=True)
class ApprovalLetter:
    """What is told of a consent: to whoever ordered, and to those of the company who may give it.

    `is_sent`: nothing else stands before it; `send_at`: when it goes, None for at once; `due_at`: when it is paid back by itself.
    `is_ad`: advertising, which waits for the day.
    """

    buyer_id: UUID
    member_id: UUID
    approver_ids: Sequence[UUID]
    public_id: str
    step: str
    state: str
    reason: str
    amount_won: int
    is_sent: bool
    due_at: datetime
    send_at: datetime | None
    is_ad: bool


def approval_letter(approval_id: UUID) -> ApprovalLetter:
    """The notices about a consent, as things stand. O8"""
    row = Approval.objects.select_related("order").get(id=approval_id)
    is_company = row.step == ApprovalStep.COMPANY
    return ApprovalLetter(
        buyer_id=row.buyer_id,
        member_id=row.order.member_id,
        approver_ids=members.approver_ids(row.buyer_id, without=row.order.member_id) if is_company else [],
        public_id=row.order.public_id,
        step=row.step,
        state=row.state,
        reason=row.reason,
        amount_won=row.order.amount_won,
        is_sent=row.order.state in (OrderState.PAID, OrderState.SENDING, OrderState.FINISHED),
        send_at=row.order.send_at,
        is_ad=row.order.ad is not None,
        due_at=row.due_at,
    )


def waiting_approvals(step: ApprovalStep, limit: int = 200) -> list[Approval]:
    """Orders that wait for a consent of this kind, oldest first. O8"""
    rows = Approval.objects.filter(step=step, state=ApprovalState.WAITING).select_related("order", "buyer")
    return list(rows.order_by("asked_at", "id")[:limit])


def approval(public_id: str, step: ApprovalStep) -> Approval | None:
    """One consent with its order. O8"""
    rows = Approval.objects.filter(public_id=public_id, step=step)
    return rows.select_related("order__member", "buyer").first()


def to_approve(member: Member) -> QuerySet[Approval]:
    """Orders of the company that this member may consent to: those of others, and only with the right. M7, O8"""
    rows = Approval.objects.filter(step=ApprovalStep.COMPANY, state=ApprovalState.WAITING)
    rows = rows.filter(buyer__memberships__in=members.consenting_places(member))
    return rows.exclude(order__member=member).select_related("order__member").order_by("asked_at", "id")


def company_approvals(member: Member, limit: int = 50) -> list[Approval]:
    """What was decided in the company lately, the newest first; for those who may consent. M7"""
    rows = Approval.objects.filter(step=ApprovalStep.COMPANY).exclude(state=ApprovalState.WAITING)
    rows = rows.filter(buyer__memberships__in=members.consenting_places(member))
    return list(rows.select_related("order__member").order_by("-decided_at", "-id")[:limit])


def approvals_of(order_id: UUID) -> list[Approval]:
    """The consents that an order needed so far, the first one first. O8"""
    return list(Approval.objects.filter(order_id=order_id).order_by("asked_at", "id"))


def locked_approval(approval_id: UUID) -> Approval:
    """Lock one consent; whoever calls has locked its order."""
    return Approval.objects.select_for_update().get(id=approval_id)


def overdue_approvals(at: datetime, limit: int = 200) -> list[UUID]:
    """Consents that nobody gave or refused in time, oldest first. O8"""
    rows = Approval.objects.filter(state=ApprovalState.WAITING, due_at__lte=at)
    return list(rows.order_by("asked_at", "id").values_list("id", flat=True)[:limit])


def approval_signs(row: Approval) -> rules.ApprovalSigns:
    """What speaks for or against an order with gift certificates. Numbers and addresses are compared by their keyed index. O8"""
    order, ring = row.order, crypto.ring()
    earlier = Order.objects.filter(buyer_id=order.buyer_id, paid_at__lt=order.paid_at)
    most = earlier.exclude(state__in=[OrderState.REFUSED, OrderState.CANCELLED]).aggregate(
        most=Max("amount_won")
    )["most"]
    own = [
        *ring.index_all(DraftRow.PHONE, members.phones_of(order.buyer_id)),
        *ring.index_all(DraftRow.MAIL, members.mails_of(order.buyer_id)),
    ]
    to = Coalesce("phone_index", "mail_index")
    mine = Recipient.objects.filter(line__order_id=order.id).annotate(to=to)
    figures = figures_now.figures(order.paid_at)
    shared, accounts = _shared(order, figures.shared_accounts_days)
    return rules.ApprovalSigns(
        joined_at=order.member.joined_at,
        paid_at=order.paid_at,
        amount_won=order.amount_won,
        earlier_most_won=most or 0,
        own_people=mine.filter(to__in=own).values("to").distinct().count(),
        shared_people=shared,
        accounts_most=accounts,
        figures=figures,
    )


def _shared(order: Order, days: int) -> tuple[int, int]:
    """Recipients that other accounts sent gift certificates to lately, and how many accounts at most to one of them."""
    index = "mail_index" if order.kind == OrderKind.MAIL else "phone_index"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*), coalesce(max(accounts), 0) FROM (
                SELECT r.{index}, count(DISTINCT o.buyer_id) AS accounts FROM orders_recipient r
                JOIN orders_line l ON l.id = r.line_id AND l.is_gift_certificate
                JOIN orders_order o ON o.id = l.order_id AND o.buyer_id <> %s AND o.paid_at > %s
                WHERE r.{index} IN (
                    SELECT m.{index} FROM orders_recipient m JOIN orders_line n ON n.id = m.line_id
                    WHERE n.order_id = %s)
                GROUP BY r.{index}) found""",  # noqa: S608 - one of two names
            [order.buyer_id, order.paid_at - timedelta(days=days), order.id],
        )
        people, accounts = cursor.fetchone()
    return people, accounts
