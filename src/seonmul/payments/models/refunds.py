"""Money on its way back through the provider. P5"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states
from seonmul.payments.models.paying import Payment


class RefundState(models.TextChoices):
    OPEN = "open", _("환불 중")
    SENT = "sent", _("카드사·은행 처리 중")
    DONE = "done", _("환불 완료")
    FAILED = "failed", _("환불 실패")
    BY_HAND = "by_hand", _("직접 송금")


R = RefundState
REFUND_MOVES = {
    R.OPEN: {R.SENT, R.DONE, R.FAILED},
    R.SENT: {R.DONE, R.FAILED},
    R.FAILED: {R.OPEN, R.BY_HAND, R.DONE},
}


class RefundWhy(models.TextChoices):
    ORDER = "order", _("주문 환불")
    DEAD = "dead", _("결제 뒤 주문하지 못함")
    FOREIGN = "foreign", _("요청과 다른 결제")
    PARKED = "parked", _("요청과 다른 입금")
    PAYOUT = "payout", _("캐쉬 환급")


class PaymentRefund(models.Model):
    """A part of one payment going back. `key` is ours at the provider: the same key gives back once. `old_keys`: of earlier tries.

    OPEN: to be asked for, or asked and in doubt. SENT: the provider has not finished it. DONE. FAILED: declined; staff try
    again or pay by hand. `bank`, `number`, `holder`: where to, for money that came by an account. `left_won`: what could
    still be given back when it was asked for (the provider's optimistic lock). `subject`: what it is about, opaque.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    key = models.CharField(max_length=40, unique=True, default=ids.reference)
    old_keys = models.JSONField(default=list)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    won = models.BigIntegerField()
    why = models.CharField(max_length=10, choices=RefundWhy)
    subject = models.CharField(max_length=60, blank=True)
    cause = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.OPEN)
    bank = models.CharField(max_length=20, blank=True)
    number_sealed = models.BinaryField(default=b"")
    holder_sealed = models.BinaryField(default=b"")
    left_won = models.BigIntegerField(null=True)
    vendor_id = models.CharField(max_length=60, blank=True)
    vendor_code = models.CharField(max_length=60, blank=True)
    tries = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    NUMBER, HOLDER = "payments.refund.number", "payments.refund.holder"

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(won__gt=0), name="a_refund_is_money")]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="refunds_to_try"
            ),
            models.Index(fields=["asked_at"], condition=Q(state="failed"), name="failed_refunds"),
            models.Index(fields=["subject"], condition=~Q(subject=""), name="refunds_by_subject"),
        ]
        triggers = [states.guard(REFUND_MOVES, name="refund_moves")]

    def __str__(self) -> str:
        return self.public_id
