"""Unused cash going out to the member's own bank account. P5"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class PayoutState(models.TextChoices):
    ASKED = "asked", _("예금주 확인 중")
    CHECKED = "checked", _("승인 대기")
    APPROVED = "approved", _("송금 중")
    DONE = "done", _("송금 완료")
    MISMATCH = "mismatch", _("예금주가 다름")
    REFUSED = "refused", _("반려")
    WITHDRAWN = "withdrawn", _("취소")


S = PayoutState
PAYOUT_MOVES = {
    S.ASKED: {S.CHECKED, S.MISMATCH, S.WITHDRAWN},
    S.CHECKED: {S.APPROVED, S.REFUSED, S.WITHDRAWN},
    S.APPROVED: {S.DONE},
}


class Payout(models.Model):
    """A wish to have cash back. The cash is held from the wish to its end.

    ASKED: the bank is asked whose account it is. CHECKED: it is the member's own (a person's, or the company's); finance
    decides. APPROVED: on its way, through refunds of the charges it came from (newest first) and `by_hand_won` by a
    transfer that finance makes. `told_sealed`: the holder's name as the bank tells it;
    empty where it could not. `reason`: what the member reads; `note`: how finance made the transfer.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    won = models.BigIntegerField()
    bank = models.CharField(max_length=20)
    number_sealed = models.BinaryField()
    told_sealed = models.BinaryField(default=b"")
    state = models.CharField(max_length=10, choices=PayoutState, default=PayoutState.ASKED)
    hold_id = models.UUIDField()
    by_hand_won = models.BigIntegerField(default=0)
    is_hand_done = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    NUMBER, TOLD = "payments.payout.number", "payments.payout.told"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(won__gt=0, by_hand_won__gte=0), name="a_payout_is_money"),
            models.UniqueConstraint(
                fields=["buyer"],
                condition=Q(state__in=["asked", "checked", "approved"]),
                name="one_payout_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state="checked"), name="payouts_to_decide"),
            models.Index(
                fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="payouts_to_check"
            ),
        ]
        triggers = [states.guard(PAYOUT_MOVES, name="payout_moves")]

    def __str__(self) -> str:
        return self.public_id
