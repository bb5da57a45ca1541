"""Shops that take vouchers, and what they redeemed. V3"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class Shop(models.Model):
    """One shop of a brand: it takes that brand's vouchers of our own issue, and no others."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    brand = models.ForeignKey("catalog.Brand", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_shop_of_a_name")]

    def __str__(self) -> str:
        return self.name


class ShopKey(models.Model):
    """What a shop's software proves itself with. Only its keyed index is kept; `tail` tells keys apart on screens."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="keys")
    label = models.CharField(max_length=40)
    secret_index = models.BinaryField(unique=True)
    tail = models.CharField(max_length=4)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    SECRET = "vouchers.shop_key"  # noqa: S105 - the name of a context

    def __str__(self) -> str:
        return self.label


class RedemptionState(models.TextChoices):
    DONE = "done", _("교환")
    CANCELLED = "cancelled", _("교환취소")
    REVERSED = "reversed", _("망취소")


REDEMPTION_MOVES = {RedemptionState.DONE: {RedemptionState.CANCELLED, RedemptionState.REVERSED}}


class Redemption(models.Model):
    """What a shop took of a voucher, under the shop's own number; `public_id` is the approval number we give it. V3

    `amount_won`: what of an amount voucher, 0 for goods. `rest_won`: what was left afterwards. `body_index`: what the number
    was used for, so that it is not used for anything else. A reverse that overtook its redeem has no voucher.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="redemptions")
    terminal = models.CharField(max_length=20)
    day = models.DateField()
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=RedemptionState, default=RedemptionState.DONE)
    voucher = models.ForeignKey(
        "vouchers.Voucher", on_delete=models.PROTECT, null=True, related_name="redemptions"
    )
    body_index = models.BinaryField(null=True)
    amount_won = models.PositiveIntegerField(default=0)
    rest_won = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    BODY = "vouchers.redemption"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "terminal", "day", "number"], name="a_shops_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=Q(state="reversed") | Q(voucher__isnull=False), name="what_is_redeemed_is_a_voucher"
            ),
        ]
        indexes = [models.Index(fields=["shop", "-asked_at", "-id"])]
        triggers = [states.guard(REDEMPTION_MOVES, name="redemption_moves")]

    def __str__(self) -> str:
        return self.public_id


class WrongCode(models.Model):
    """A code that no voucher has, asked for by a shop: what guessing looks like. `place_index`: from which address. V3"""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+", db_index=False)
    place_index = models.BinaryField()
    tried_at = models.DateTimeField()

    PLACE = "vouchers.place"

    class Meta:
        indexes = [
            models.Index(fields=["shop", "tried_at"], name="wrong_codes_of_shop"),
            models.Index(fields=["place_index", "tried_at"], name="wrong_codes_from_place"),
            models.Index(fields=["tried_at"], name="wrong_codes_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.tried_at}"
