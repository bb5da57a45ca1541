"""Vouchers of an external issuer: what it sells, how each one comes from there, how it is. C3"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import states


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

    voucher = models.OneToOneField(
        "vouchers.Voucher", on_delete=models.PROTECT, primary_key=True, related_name="supply"
    )
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
