"""Tables of payments, one file a topic."""

from seonmul.payments.models.issuers import CardKind, IssuerRule, Way
from seonmul.payments.models.paying import Payment, PaymentKind, PaymentState, Report
from seonmul.payments.models.payouts import Payout, PayoutState
from seonmul.payments.models.reconciling import (
    Difference,
    DifferenceKind,
    DifferenceState,
    Reconciliation,
)
from seonmul.payments.models.refunds import PaymentRefund, RefundState, RefundWhy
from seonmul.payments.models.watching import LowBalance

__all__ = [
    "CardKind",
    "Difference",
    "DifferenceKind",
    "DifferenceState",
    "IssuerRule",
    "LowBalance",
    "Payment",
    "PaymentKind",
    "PaymentRefund",
    "PaymentState",
    "Payout",
    "PayoutState",
    "Reconciliation",
    "RefundState",
    "RefundWhy",
    "Report",
    "Way",
]
