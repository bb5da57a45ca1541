"""Bank accounts of those who have left: what law keeps of them, and what is erased. M9"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from seonmul.payments.models import (
    Payment,
    PaymentRefund,
    PaymentState,
    Payout,
    PayoutState,
    RefundState,
)
from seonmul.payments.ports import Account
from seonmul.payments.queries._paying import account_of
from seonmul.payments.queries._payouts import payout_account

#: Money may still go to these, or come back from them.
_UNDER_WAY = {
    Payment: (PaymentState.ASKED, PaymentState.WAITING, PaymentState.PARKED),
    PaymentRefund: (RefundState.OPEN, RefundState.SENT, RefundState.FAILED),
    Payout: (PayoutState.ASKED, PayoutState.CHECKED, PayoutState.APPROVED),
}


def kept_of(member_id: UUID) -> dict[str, Any]:
    """What law keeps of a member's payments: their numbers, and the accounts to which money of their own went. M9

    Empty for whoever never paid. The rows themselves stay; with the accounts erased they name nobody.
    """
    paid = Payment.objects.filter(member_id=member_id, paid_at__isnull=False).aggregate(
        count=Count("id"), total_won=Sum("paid_won"), first_at=Min("paid_at"), last_at=Max("paid_at")
    )
    rows: list[tuple[PaymentRefund | Payout, Account | None]] = [
        *((refund, account_of(refund)) for refund in _refunds(_own("payment__buyer", member_id)).order_by("id")),
        *((payout, payout_account(payout)) for payout in _payouts(_own("buyer", member_id)).order_by("id")),
    ]  # fmt: skip
    went = [
        {
            "about": row.public_id, "won": row.won, "at": row.done_at,
            "bank": to.bank.code, "number": to.number, "holder": to.holder,
        }
        for row, to in rows
        if to
    ]  # fmt: skip
    return ({"payments": paid} if paid["count"] else {}) | ({"accounts": went} if went else {})


def accounts_to_erase(member_id: UUID | None = None) -> dict[str, QuerySet[Any]]:
    """Rows with an account that nobody needs any more: of one member who has left, or of all who are erased. M9"""
    rows = {
        "charges": (_payments, "buyer"), "refunds": (_refunds, "payment__buyer"), "payouts": (_payouts, "buyer"),
    }  # fmt: skip
    return {name: of(_own(path, member_id)) for name, (of, path) in rows.items()}


def _own(path: str, member_id: UUID | None) -> Q:
    """Of a buyer that ended with a member, or that they left; a company that goes on keeps its accounts."""
    named = Q()
    for who in (f"{path}__memberships__member", f"{path}__left_by"):
        named |= Q(**{who: member_id} if member_id else {f"{who}__erased_at__isnull": False})
    return named & Q(**{f"{path}__closed_at__isnull": False})


def _payments(own: Q) -> QuerySet[Payment]:
    full = ~Q(number_sealed=b"") | ~Q(holder_sealed=b"")
    return Payment.objects.filter(own, full).exclude(state__in=_UNDER_WAY[Payment])


def _refunds(own: Q) -> QuerySet[PaymentRefund]:
    full = ~Q(number_sealed=b"") | ~Q(holder_sealed=b"")
    return PaymentRefund.objects.filter(own, full).exclude(state__in=_UNDER_WAY[PaymentRefund])


def _payouts(own: Q) -> QuerySet[Payout]:
    full = ~Q(number_sealed=b"") | ~Q(told_sealed=b"")
    return Payout.objects.filter(own, full).exclude(state__in=_UNDER_WAY[Payout])
