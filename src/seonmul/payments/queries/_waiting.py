"""What waits for finance, and refunds as the console lists them. P2, P5, B"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from seonmul.kit.pages import Page, page
from seonmul.payments.models import (
    Payment,
    PaymentRefund,
    PaymentState,
    Payout,
    PayoutState,
    RefundState,
)

#: How refunds can be narrowed: all, not finished for too long, on their way, failed, done.
REFUND_SHELVES = ("late", "open", "failed", "done")
_UNFINISHED = (RefundState.OPEN, RefundState.SENT)


def waiting_parked(limit: int = 500) -> list[Payment]:
    """Deposits that are kept apart and not on their way back, the oldest first. P2"""
    rows = (
        Payment.objects.filter(state=PaymentState.PARKED)
        .annotate(room=F("paid_won") - Coalesce(Sum("refunds__won"), 0))
        .filter(room__gt=0)
        .select_related("buyer")
    )
    return list(rows.order_by("asked_at", "id")[:limit])


def parked_payment(public_id: str) -> Payment | None:
    """A deposit that was kept apart, also one that was decided since."""
    rows = Payment.objects.select_related("buyer").filter(public_id=public_id)
    return rows.exclude(paid_won=None).exclude(paid_won=F("won")).first()


def waiting_refunds(limit: int = 500) -> list[PaymentRefund]:
    """Refunds that the provider declined, the oldest first. P5"""
    rows = PaymentRefund.objects.filter(state=RefundState.FAILED).select_related("payment__buyer")
    return list(rows.order_by("asked_at", "id")[:limit])


def refund_named(public_id: str) -> PaymentRefund | None:
    """One refund."""
    return PaymentRefund.objects.select_related("payment__buyer").filter(public_id=public_id).first()


def refunds_page(
    shelf: str = "", words: str = "", after: str = "", limit: int = 50, *, late_before: datetime
) -> Page[PaymentRefund]:
    """Refunds, the newest first. `late_before`: what was asked for before this and is not finished is late. P5"""
    rows = PaymentRefund.objects.select_related("payment__buyer")
    if shelf == "late":
        rows = rows.filter(state__in=_UNFINISHED, asked_at__lt=late_before)
    elif shelf == "open":
        rows = rows.filter(state__in=_UNFINISHED)
    elif shelf == "failed":
        rows = rows.filter(state=RefundState.FAILED)
    elif shelf == "done":
        rows = rows.filter(state__in=[RefundState.DONE, RefundState.BY_HAND])
    if words:
        rows = rows.filter(
            Q(payment__buyer__name__icontains=words)
            | Q(public_id=words)
            | Q(payment__reference=words)
            | Q(subject=words)
        )
    return page(rows, order=("-asked_at", "-id"), after=after, limit=limit)


def late_refunds(late_before: datetime) -> int:
    """How many refunds are not finished although they were asked for before this. P5"""
    return PaymentRefund.objects.filter(state__in=_UNFINISHED, asked_at__lt=late_before).count()


def waiting_payouts(limit: int = 500) -> list[Payout]:
    """Pay-outs to decide, the oldest first. P5"""
    rows = Payout.objects.filter(state=PayoutState.CHECKED).select_related("buyer")
    return list(rows.order_by("asked_at", "id")[:limit])


def waiting_payouts_by_hand(limit: int = 500) -> list[Payout]:
    """Approved pay-outs of which a part must be transferred, the oldest first. P5"""
    rows = Payout.objects.filter(state=PayoutState.APPROVED, by_hand_won__gt=0, is_hand_done=False)
    return list(rows.select_related("buyer").order_by("asked_at", "id")[:limit])


def payout_named(public_id: str) -> Payout | None:
    """One pay-out."""
    return Payout.objects.select_related("buyer", "member").filter(public_id=public_id).first()
