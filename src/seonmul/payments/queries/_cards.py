"""Questions about one card payment and what went back of it. P3, P5"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from seonmul.payments import rules
from seonmul.payments.models import Payment, PaymentRefund


def refunds_of_payment(payment_id: UUID) -> list[PaymentRefund]:
    """What goes back, or went back, of one payment, oldest first. P5"""
    return list(PaymentRefund.objects.filter(payment_id=payment_id).order_by("asked_at", "id")[:100])


def stage_facts(row: Payment) -> rules.StageFacts:
    """What the page of a card window needs to know."""
    return rules.StageFacts(
        state=row.state,
        is_registered=row.is_registered,
        is_declined=bool(row.vendor_code) and not row.is_registered,
        has_returned=row.returned_at is not None,
        is_asked=row.asks > 0,
        has_trouble=bool(row.trouble),
        ends_at=row.ends_at,
    )


def stage(row: Payment, at: datetime) -> rules.Stage:
    """Where a card payment stands for the person who waits."""
    return rules.stage(stage_facts(row), at=at)
