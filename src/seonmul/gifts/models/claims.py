"""What is given back of a voucher at its end, and what people are reminded of before. V4"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class ClaimWhy(models.TextChoices):
    ENDED = "ended", _("기간만료 환불")
    BALANCE = "balance", _("잔액 환불")


class ClaimWay(models.TextChoices):
    """How it is paid: the recipient's bank account, points of a member, or the buyer's cash."""

    BANK = "bank", _("은행 계좌")
    POINTS = "points", _("리워드")
    CASH = "cash", _("캐쉬")


class ClaimState(models.TextChoices):
    ASKED = "asked", _("예금주 확인 중")
    CHECKED = "checked", _("승인 대기")
    APPROVED = "approved", _("송금 중")
    PAID = "paid", _("지급 완료")
    MISMATCH = "mismatch", _("예금주가 다름")
    REFUSED = "refused", _("반려")


S = ClaimState
CLAIM_MOVES = {
    S.ASKED: {S.CHECKED, S.MISMATCH},
    S.CHECKED: {S.APPROVED, S.PAID, S.REFUSED},
    S.APPROVED: {S.PAID},
}
#: It came to nothing, and may be asked for again.
CLAIMS_OVER = (ClaimState.MISMATCH, ClaimState.REFUSED)


class Claim(models.Model):
    """A wish to have money for a voucher at its end. `won`: by the terms of the day of purchase, as it is asked and again as it is approved. V4

    ASKED: the bank is asked whose the account is; CHECKED: finance decides; APPROVED: finance transfers; points and cash are
    there at once. `is_of_buyer`: the buyer asks, else the recipient, who has proved the phone. `to_buyer`: whose points or cash it
    becomes. `account_sealed`: number, holder and birth day as they were typed; `told_sealed`: the holder as the bank tells it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    gift = models.ForeignKey("gifts.Gift", on_delete=models.PROTECT, related_name="claims")
    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=ClaimWhy)
    way = models.CharField(max_length=10, choices=ClaimWay)
    is_of_buyer = models.BooleanField()
    to_buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, null=True, related_name="+")
    won = models.BigIntegerField()
    bank = models.CharField(max_length=20, blank=True)
    account_sealed = models.BinaryField(default=b"")
    told_sealed = models.BinaryField(default=b"")
    state = models.CharField(max_length=10, choices=ClaimState)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    ACCOUNT, TOLD = "gifts.claim.account", "gifts.claim.told"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gift"], condition=~Q(state__in=["mismatch", "refused"]), name="one_claim_a_copy"
            ),
            models.CheckConstraint(condition=Q(won__gt=0), name="a_claim_is_money"),
            models.CheckConstraint(
                condition=Q(way="bank", to_buyer=None)
                | Q(way__in=["points", "cash"], to_buyer__isnull=False),
                name="a_claim_goes_somewhere",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=["checked", "approved"]), name="claims_to_decide"
            ),
            models.Index(
                fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="claims_to_check"
            ),
        ]
        triggers = [states.guard(CLAIM_MOVES, name="claim_moves")]

    def __str__(self) -> str:
        return self.public_id


_COPIED: dict[str, Any] = {
    "on_delete": models.PROTECT, "related_name": "+", "db_index": False, "db_constraint": False,
}  # fmt: skip


class Reminder(models.Model):
    """That a recipient was reminded, so many days before a last day: once. V4"""

    gift = models.ForeignKey("gifts.Gift", **_COPIED)
    days = models.PositiveSmallIntegerField()
    valid_on = models.DateField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gift", "valid_on", "days"], name="reminded_once")]

    def __str__(self) -> str:
        return f"{self.gift_id} {self.days}"
