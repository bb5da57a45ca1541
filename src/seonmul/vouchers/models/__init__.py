"""Tables of vouchers."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states
from seonmul.vouchers.models.policies import Extension, Policy, Preset
from seonmul.vouchers.models.pools import (
    POOL_CODE_MOVES,
    CheckDigit,
    CodeImport,
    FaultyRow,
    Pool,
    PoolCode,
    PoolCodeState,
)
from seonmul.vouchers.models.replacing import REPLACEMENT_MOVES, Replacement, ReplacementState
from seonmul.vouchers.models.shops import (
    REDEMPTION_MOVES,
    Redemption,
    RedemptionState,
    Shop,
    ShopKey,
    WrongCode,
)
from seonmul.vouchers.models.supplies import (
    SUPPLY_MOVES,
    ExternalGoods,
    IssuerHealth,
    Supply,
    SupplyState,
)

__all__ = [
    "LIVE",
    "POOL_CODE_MOVES",
    "REDEMPTION_MOVES",
    "REPLACEMENT_MOVES",
    "SUPPLY_MOVES",
    "VOUCHER_MOVES",
    "Change",
    "CheckDigit",
    "CodeImport",
    "Extension",
    "ExternalGoods",
    "FaultyRow",
    "IssuerHealth",
    "Policy",
    "Pool",
    "PoolCode",
    "PoolCodeState",
    "Preset",
    "Redemption",
    "RedemptionState",
    "Replacement",
    "ReplacementState",
    "Shop",
    "ShopKey",
    "Supply",
    "SupplyState",
    "Voucher",
    "VoucherState",
    "WrongCode",
]


class VoucherState(models.TextChoices):
    ORDERED = "ordered", _("발급 대기")
    ISSUED = "issued", _("미사용")
    PARTLY_USED = "partly_used", _("일부 사용")
    USED = "used", _("교환완료")
    EXPIRED = "expired", _("기간만료")
    REFUNDED = "refunded", _("환불완료")
    FROZEN = "frozen", _("사용중지")
    VOID = "void", _("사용중지")
    NOT_ISSUED = "not_issued", _("발급 불가")


S = VoucherState
#: V2. Ordered: an external issuer has not given its code yet. A cancelled redemption gives a voucher back, so that used
#: may return; what its issuer has cancelled may be refunded; refunded and not issued are the end.
VOUCHER_MOVES = {
    S.ORDERED: {S.ISSUED, S.NOT_ISSUED},
    S.ISSUED: {S.PARTLY_USED, S.USED, S.EXPIRED, S.REFUNDED, S.FROZEN, S.VOID},
    S.PARTLY_USED: {S.ISSUED, S.USED, S.EXPIRED, S.REFUNDED, S.FROZEN, S.VOID},
    S.USED: {S.ISSUED, S.PARTLY_USED},
    S.EXPIRED: {S.ISSUED, S.PARTLY_USED, S.REFUNDED},
    S.FROZEN: {S.ISSUED, S.PARTLY_USED, S.VOID, S.EXPIRED, S.REFUNDED},
    S.VOID: {S.REFUNDED},
}
#: Good for something, or may become so again.
LIVE = frozenset({S.ISSUED, S.PARTLY_USED, S.FROZEN})


class Voucher(models.Model):
    """One code. Sealed; `code_index` finds it. `rest_won` is what an amount voucher is still worth.

    `pin_sealed`: a second secret, where the supplier's codes have one. `wakes_at`: from when it can be used, so that a
    wrong list can be called back before; None: at once. S6
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    code_sealed = models.BinaryField(null=True)
    code_index = models.BinaryField(unique=True, null=True)
    pin_sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=12, choices=VoucherState, default=VoucherState.ISSUED)
    rest_won = models.PositiveIntegerField()
    valid_until = models.DateTimeField()
    issued_at = models.DateTimeField()
    wakes_at = models.DateTimeField(null=True)

    CODE = "vouchers.code"
    PIN = "vouchers.pin"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rest_won__gte=0), name="no_voucher_below_zero"),
            models.CheckConstraint(
                condition=Q(state__in=["ordered", "not_issued"])
                | Q(code_sealed__isnull=False, code_index__isnull=False),
                name="a_voucher_has_its_code",
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=Q(state__in=["issued", "partly_used"]),
                name="vouchers_by_end",
            )
        ]
        triggers = [states.guard(VOUCHER_MOVES, name="voucher_moves")]

    def __str__(self) -> str:
        return str(self.id)

    def is_expired(self, at: datetime) -> bool:
        return at > self.valid_until

    def asleep_until(self, at: datetime) -> datetime | None:
        """From when it can be used, while it cannot; None when it is awake."""
        return self.wakes_at if self.wakes_at and at < self.wakes_at else None


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
