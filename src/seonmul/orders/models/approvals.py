"""Who must consent to a paid order before it is sent. O8, M7"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class ApprovalStep(models.TextChoices):
    COMPANY = "company", _("회사 결재")
    OPERATOR = "operator", _("상품권류 승인")


class ApprovalState(models.TextChoices):
    WAITING = "waiting", _("기다리는 중")
    APPROVED = "approved", _("승인")
    REFUSED = "refused", _("반려")
    LAPSED = "lapsed", _("기한 지남")
    WITHDRAWN = "withdrawn", _("주문 취소")


A = ApprovalState
APPROVAL_MOVES = {A.WAITING: {A.APPROVED, A.REFUSED, A.LAPSED, A.WITHDRAWN}}


class Approval(models.Model):
    """One consent that an order needs. The next step is asked for when the one before it is given."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="approvals")
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=10, choices=ApprovalStep)
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "step"], name="one_approval_for_a_step"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="waiting"), name="one_approval_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state="waiting"), name="waiting_approvals"),
            models.Index(fields=["buyer", "-asked_at"]),
        ]
        triggers = [states.guard(APPROVAL_MOVES, name="approval_moves")]

    def __str__(self) -> str:
        return self.public_id
