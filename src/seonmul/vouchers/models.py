"""Tables of vouchers."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class VoucherState(models.TextChoices):
    ISSUED = "issued", _("미사용")
    PARTLY_USED = "partly_used", _("일부 사용")
    USED = "used", _("교환완료")
    EXPIRED = "expired", _("기간만료")
    REFUNDED = "refunded", _("환불완료")
    FROZEN = "frozen", _("사용중지")
    VOID = "void", _("사용중지")


S = VoucherState
#: V2. A cancelled redemption gives a voucher back, so that used may return; refunded and void are the end.
VOUCHER_MOVES = {
    S.ISSUED: {S.PARTLY_USED, S.USED, S.EXPIRED, S.REFUNDED, S.FROZEN, S.VOID},
    S.PARTLY_USED: {S.ISSUED, S.USED, S.EXPIRED, S.REFUNDED, S.FROZEN, S.VOID},
    S.USED: {S.ISSUED, S.PARTLY_USED},
    S.EXPIRED: {S.ISSUED, S.PARTLY_USED, S.REFUNDED},
    S.FROZEN: {S.ISSUED, S.PARTLY_USED, S.VOID, S.EXPIRED, S.REFUNDED},
}
#: Good for something, or may become so again.
LIVE = frozenset({S.ISSUED, S.PARTLY_USED, S.FROZEN})


class Voucher(models.Model):
    """One code. Sealed; `code_index` finds it. `rest_won` is what an amount voucher is still worth."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    code_sealed = models.BinaryField()
    code_index = models.BinaryField(unique=True)
    state = models.CharField(max_length=12, choices=VoucherState, default=VoucherState.ISSUED)
    rest_won = models.PositiveIntegerField()
    valid_until = models.DateTimeField()
    issued_at = models.DateTimeField()

    CODE = "vouchers.code"

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rest_won__gte=0), name="no_voucher_below_zero")]
        triggers = [states.guard(VOUCHER_MOVES, name="voucher_moves")]

    def __str__(self) -> str:
        return str(self.id)

    def is_expired(self, at: datetime) -> bool:
        return at > self.valid_until


class Change(models.Model):
    """A voucher's move from one state to another: who, where, when. V2"""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=12, choices=VoucherState)
    after = models.CharField(max_length=12, choices=VoucherState)
    by = models.CharField(max_length=60)
    where = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        triggers = [states.append_only("voucher_changes_stay")]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.before} -> {self.after}"
