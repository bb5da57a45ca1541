"""A general member becoming a corporate one. M2"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states
from seonmul.members.models.buyers import Buyer
from seonmul.members.models.people import Member


class ConversionKind(models.TextChoices):
    BUSINESS = "business", _("사업자등록증")
    UNIQUE_NUMBER = "unique_number", _("고유번호증")
    TEMPORARY = "temporary", _("임시기업회원")


class ConversionState(models.TextChoices):
    WAITING = "waiting", _("심사 중")
    APPROVED = "approved", _("승인")
    REFUSED = "refused", _("반려")
    WITHDRAWN = "withdrawn", _("취소")


C = ConversionState
CONVERSION_MOVES = {C.WAITING: {C.APPROVED, C.REFUSED, C.WITHDRAWN}, C.APPROVED: {C.WITHDRAWN}}


class Conversion(models.Model):
    """An application with its certificate (a sealed file; "" for a temporary one) and what was decided."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=15, choices=ConversionKind)
    business_number = models.CharField(max_length=10, blank=True)
    company_name = models.CharField(max_length=100)
    representative = models.CharField(max_length=60, blank=True)
    opened_on = models.DateField(null=True)
    certificate = models.CharField(max_length=36, blank=True)
    certificate_type = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=ConversionState, default=ConversionState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer"], condition=Q(state="waiting"), name="one_conversion_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["applied_at"], condition=Q(state="waiting"), name="waiting_conversions")
        ]
        triggers = [states.guard(CONVERSION_MOVES, name="conversion_moves")]

    def __str__(self) -> str:
        return self.public_id
