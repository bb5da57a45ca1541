"""Codes that came from outside by the sheet, kept until they are handed out. C3"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


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
