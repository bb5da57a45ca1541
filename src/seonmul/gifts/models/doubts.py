"""Copies of codes that others issue and take, on whose price staff decide. C3, S5, O9"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class DoubtWhy(models.TextChoices):
    POOL = "pool", _("받지 못한 코드 풀 쿠폰")
    VOID = "void", _("발행사가 취소한 쿠폰")
    DIFFERS = "differs", _("발행사와 상태가 다른 쿠폰")


class DoubtState(models.TextChoices):
    OPEN = "open", _("확인 대기")
    REFUNDED = "refunded", _("환불")
    LEFT = "left", _("그대로 둠")


DOUBT_MOVES = {DoubtState.OPEN: {DoubtState.REFUNDED, DoubtState.LEFT}}


class Doubt(models.Model):
    """Copies of an order of which we cannot know alone whether their price goes back. `told`: the issuer's own word.

    POOL: nothing arrived, but the code may have been seen, and whoever issued it takes it without telling us; VOID: the
    issuer has cancelled it without our asking; DIFFERS: it says what our books cannot follow.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=DoubtWhy)
    told = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=DoubtState, default=DoubtState.OPEN)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["found_at"], condition=Q(state="open"), name="doubts_to_decide")]
        triggers = [states.guard(DOUBT_MOVES, name="doubt_moves")]

    def __str__(self) -> str:
        return self.public_id


class DoubtedCopy(models.Model):
    """A copy in doubt, with the code it had; each code once for each reason, so that nobody decides twice."""

    doubt = models.ForeignKey(Doubt, on_delete=models.PROTECT, related_name="copies")
    gift = models.ForeignKey("gifts.Gift", on_delete=models.PROTECT, related_name="+")
    voucher = models.ForeignKey(
        "vouchers.Voucher", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    why = models.CharField(max_length=10, choices=DoubtWhy)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voucher", "why"], name="a_code_is_doubted_once")]

    def __str__(self) -> str:
        return f"{self.doubt_id} {self.voucher_id}"
