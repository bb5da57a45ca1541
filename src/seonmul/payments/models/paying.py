"""Money on its way in: by virtual account or by card. P2, P3"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class PaymentKind(models.TextChoices):
    ACCOUNT = "account", _("가상계좌")
    CARD = "card", _("카드")


class PaymentState(models.TextChoices):
    ASKED = "asked", _("준비 중")
    WAITING = "waiting", _("입금대기")
    PAID = "paid", _("완료")
    PARKED = "parked", _("확인 중")
    RETURNED = "returned", _("반환")
    ENDED = "ended", _("만료")
    FAILED = "failed", _("실패")


P = PaymentState
#: Money may come whatever we believe: what ended or failed here can still turn out to be paid there.
PAYMENT_MOVES = {
    P.ASKED: {P.WAITING, P.PAID, P.PARKED, P.ENDED, P.FAILED},
    P.WAITING: {P.PAID, P.PARKED, P.ENDED},
    P.ENDED: {P.PAID, P.PARKED},
    P.FAILED: {P.WAITING, P.PAID, P.PARKED},
    P.PARKED: {P.PAID, P.RETURNED},
}


class Payment(models.Model):
    """One try to bring money in. `reference` is ours at the provider.

    ASKED: an account is being issued, or a card window may be open. WAITING: an account was given. PAID: booked.
    PARKED: money came that is not what was asked; finance credits or returns it. RETURNED: it went back whole.

    `subject`: what a card pays for, opaque. `ends_at`: the last moment for a deposit, or for the card window.
    `paid_at`: the provider's time. `paid_won`: what really came. `is_late`: it came after `ends_at`. `next_ask_at`: when
    to ask the provider again by ourselves (None: never). `trouble`, `vendor_*`: why the last try failed. `is_registered`: the
    provider knows the sum of a card payment. `returned_at`: the person came back from the window.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    reference = models.CharField(max_length=40, unique=True, default=ids.reference)
    kind = models.CharField(max_length=10, choices=PaymentKind)
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.ASKED)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60, blank=True)
    won = models.BigIntegerField()
    paid_won = models.BigIntegerField(null=True)
    cancelled_won = models.BigIntegerField(default=0)
    is_late = models.BooleanField(default=False)
    bank = models.CharField(max_length=20, blank=True)
    number_sealed = models.BinaryField(default=b"")
    holder_sealed = models.BinaryField(default=b"")
    issuer = models.CharField(max_length=30, blank=True)
    is_corporate_card = models.BooleanField(null=True)
    trouble = models.CharField(max_length=12, blank=True)
    vendor_code = models.CharField(max_length=60, blank=True)
    vendor_text = models.CharField(max_length=200, blank=True)
    vendor_id = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    is_registered = models.BooleanField(default=False)
    asks = models.PositiveIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True)

    NUMBER, HOLDER = "payments.number", "payments.holder"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(won__gt=0, cancelled_won__gte=0) & (Q(paid_won=None) | Q(paid_won__gt=0)),
                name="a_payment_is_money",
            ),
            models.CheckConstraint(
                condition=Q(paid_won=None, cancelled_won=0) | Q(cancelled_won__lte=F("paid_won")),
                name="no_more_goes_back_than_came",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "parked", "returned"])
                | Q(paid_won__isnull=False, paid_at__isnull=False),
                name="what_came_has_a_sum_and_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-asked_at", "-id"]),
            models.Index(fields=["subject"], condition=~Q(subject=""), name="payments_by_subject"),
            models.Index(
                fields=["next_ask_at"], condition=Q(next_ask_at__isnull=False), name="payments_to_ask"
            ),
            models.Index(fields=["paid_at"], condition=Q(paid_at__isnull=False), name="payments_by_day"),
            models.Index(fields=["asked_at"], condition=Q(state="parked"), name="parked_payments"),
        ]
        triggers = [states.guard(PAYMENT_MOVES, name="payment_moves")]

    def __str__(self) -> str:
        return self.public_id


class Report(models.Model):
    """What a payment provider called us with, as it came: sealed, kept for a month, a hint and no more."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    provider = models.CharField(max_length=20)
    raw_sealed = models.BinaryField()
    came_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    is_forged = models.BooleanField(default=False)

    RAW = "payments.report"

    def __str__(self) -> str:
        return str(self.id)
