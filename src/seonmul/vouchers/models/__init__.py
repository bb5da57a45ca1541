"""Tables of vouchers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states
from seonmul.vouchers.models.policies import Extension, Policy, Preset
from seonmul.vouchers.models.replacing import REPLACEMENT_MOVES, Replacement, ReplacementState
from seonmul.vouchers.models.shops import (
    REDEMPTION_MOVES,
    Redemption,
    RedemptionState,
    Shop,
    ShopKey,
    WrongCode,
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
#: may return; refunded, void and not issued are the end.
VOUCHER_MOVES = {
    S.ORDERED: {S.ISSUED, S.NOT_ISSUED},
    S.ISSUED: {S.PARTLY_USED, S.USED, S.EXPIRED, S.REFUNDED, S.FROZEN, S.VOID},
    S.PARTLY_USED: {S.ISSUED, S.USED, S.EXPIRED, S.REFUNDED, S.FROZEN, S.VOID},
    S.USED: {S.ISSUED, S.PARTLY_USED},
    S.EXPIRED: {S.ISSUED, S.PARTLY_USED, S.REFUNDED},
    S.FROZEN: {S.ISSUED, S.PARTLY_USED, S.VOID, S.EXPIRED, S.REFUNDED},
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


class CheckDigit(models.TextChoices):
    """How the last digit of a pool's codes follows from the others; `pools.Scheme` knows how."""

    NONE = "none", _("없음")
    LUHN = "luhn", _("Luhn (카드 번호 방식)")
    EAN = "ean", _("EAN-13 (상품 바코드 방식)")
    DAMM = "damm", _("Damm")


# copied in by the ten thousand, and checked by whoever copies
_COPIED: dict[str, Any] = {"on_delete": models.PROTECT, "db_index": False, "db_constraint": False}


class Pool(models.Model):
    """The codes of one product that came from outside. `low_below`: level of the notice, None for the figure. C3

    `is_voidable`: whoever issued them ends single codes when we ask, so that another may take its place. S5
    `low_told_at`: when staff were told that few are left; None again when there are enough.
    """

    product = models.OneToOneField(
        "catalog.Product", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    scheme = models.CharField(max_length=10, choices=CheckDigit, default=CheckDigit.NONE)
    low_below = models.PositiveIntegerField(null=True)
    low_told_at = models.DateTimeField(null=True)
    is_voidable = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return str(self.product_id)


class CodeImport(models.Model):
    """One sheet of codes: how many came in, how many did not. The file itself is not kept."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    voided = models.PositiveIntegerField(default=0)
    by = models.UUIDField()
    imported_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["pool", "-imported_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.name}"


class FaultyRow(models.Model):
    """A row of a sheet that was not taken, and why; never what stood in it."""

    imported = models.ForeignKey(CodeImport, related_name="faults", **_COPIED)
    row = models.PositiveIntegerField()
    fault = models.CharField(max_length=30)
    same_as = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "row"], name="one_fault_a_row")]

    def __str__(self) -> str:
        return f"{self.imported_id} {self.row} {self.fault}"


class PoolCodeState(models.TextChoices):
    FREE = "free", _("남음")
    RESERVED = "reserved", _("주문에 잡힘")
    ASSIGNED = "assigned", _("발급")
    VOID = "void", _("뺌")


P = PoolCodeState
POOL_CODE_MOVES = {P.FREE: {P.RESERVED, P.ASSIGNED, P.VOID}, P.RESERVED: {P.FREE, P.ASSIGNED}}


class PoolCode(models.Model):
    """One code of a pool, sealed as a voucher's is. Assigned, it is a voucher with the same id. C3

    `reserved_for`: what it is kept for, as an opaque id. `expires_on`: its last day, None where the sheet has none.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    pool = models.ForeignKey(Pool, related_name="codes", **_COPIED)
    imported = models.ForeignKey(CodeImport, related_name="codes", **_COPIED)
    row = models.PositiveIntegerField()
    code_sealed = models.BinaryField()
    code_index = models.BinaryField(unique=True)
    pin_sealed = models.BinaryField(null=True)
    expires_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=PoolCodeState, default=PoolCodeState.FREE)
    reserved_for = models.UUIDField(null=True)
    assigned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="reserved") | Q(reserved_for__isnull=False),
                name="a_reserved_code_is_for_something",
            )
        ]
        indexes = [
            models.Index(fields=["pool", "expires_on", "id"], condition=Q(state="free"), name="free_codes"),
            models.Index(fields=["reserved_for"], condition=Q(state="reserved"), name="reserved_codes"),
            models.Index(fields=["imported"], condition=Q(state="free"), name="free_codes_of_import"),
            models.Index(fields=["pool", "state"], name="pool_codes_by_state"),
        ]
        triggers = [states.guard(POOL_CODE_MOVES, name="pool_code_moves")]

    def __str__(self) -> str:
        return str(self.id)


class ExternalGoods(models.Model):
    """What a product is called at the external issuer, and how it stands there as we last heard. C3

    `days`: how long its coupons hold, None where the issuer does not tell it in days. `vendor_code`: why it did not answer.
    """

    product = models.OneToOneField(
        "catalog.Product", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    goods_code = models.CharField(max_length=40)
    is_on_sale = models.BooleanField(default=False)
    price_won = models.PositiveIntegerField(null=True)
    days = models.PositiveIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["next_check_at"])]

    def __str__(self) -> str:
        return self.goods_code


class SupplyState(models.TextChoices):
    WANTED = "wanted", _("발행 대기")
    ASKED = "asked", _("발행 요청")
    DROPPING = "dropping", _("다시 발행하려고 취소 중")
    ISSUED = "issued", _("발행")
    REFUSED = "refused", _("발행 거절")
    CANCELLING = "cancelling", _("취소 요청")
    CANCELLED = "cancelled", _("취소")


U = SupplyState
SUPPLY_MOVES = {
    U.WANTED: {U.ASKED, U.REFUSED},
    U.ASKED: {U.WANTED, U.DROPPING, U.ISSUED, U.REFUSED},
    U.DROPPING: {U.WANTED},
    U.ISSUED: {U.CANCELLING},
    U.CANCELLING: {U.ISSUED, U.CANCELLED},
}


class Supply(models.Model):
    """How a voucher comes from the external issuer. `reference`: our name for it there, stored before the first call. C3

    `past`: references that were cancelled there because their code was lost on the way. `next_at`: when something is due,
    None for nothing. `claimed_until`: somebody is at it. `taken_at`: whoever asked has taken it over; None again when there
    is something new to take over. `hindrance`: why the last try came to nothing; `vendor_code`: the issuer's own word.
    """

    voucher = models.OneToOneField(Voucher, on_delete=models.PROTECT, primary_key=True, related_name="supply")
    subject = models.UUIDField()
    goods_code = models.CharField(max_length=40)
    reference = models.CharField(max_length=25, unique=True)
    past = ArrayField(models.CharField(max_length=25), default=list)
    state = models.CharField(max_length=10, choices=SupplyState, default=SupplyState.WANTED)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    hindrance = models.CharField(max_length=20, blank=True)
    vendor_code = models.CharField(max_length=20, blank=True)
    vendor_id = models.CharField(max_length=40, blank=True)
    cancel_by = models.CharField(max_length=60, blank=True)
    cancel_where = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            # what is wanted goes before what is only asked about, so each has an index of its own
            models.Index(
                fields=["next_at"],
                condition=~Q(state="issued") & Q(next_at__isnull=False),
                name="supplies_due",
            ),
            models.Index(
                fields=["next_at"],
                condition=Q(state="issued", next_at__isnull=False),
                name="supplies_to_watch",
            ),
            models.Index(
                fields=["claimed_until"], condition=Q(claimed_until__isnull=False), name="supplies_claimed"
            ),
            models.Index(
                fields=["subject"],
                condition=Q(taken_at=None, state__in=["issued", "refused", "cancelled"]),
                name="supplies_to_take",
            ),
        ]
        triggers = [states.guard(SUPPLY_MOVES, name="supply_moves")]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.state}"


class IssuerHealth(models.Model):
    """One row: how the external issuer is. `hindrance`: why it gives us nothing, "" while it does; told to staff once. C3"""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    hindrance = models.CharField(max_length=20, blank=True)
    waits_until = models.DateTimeField(null=True)
    balance_won = models.BigIntegerField(null=True)
    balance_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_external_issuer")]

    def __str__(self) -> str:
        return self.hindrance or "well"
