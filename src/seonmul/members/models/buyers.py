"""Who owns orders, balances and limits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids


class BuyerKind(models.TextChoices):
    PERSON = "person", _("일반회원")
    COMPANY = "company", _("기업회원")


class Buyer(models.Model):
    """Owner of orders, balances and limits. Conversion changes its kind and keeps everything else.

    `temporary_until`: end of a temporary corporate membership (M2). `tier_percent`: off goods on the corporate list
    (M3). `approval_above_won`: from here on an approver must consent (M7). `frozen_at`: all spending stopped (M8).
    `is_held`: by staff, so that no owner opens it again.
    `left_by`: whose own account it was, who went over to a company: money that comes back to it is paid out to them (M7).
    `closed_at`: its last member has left; the business number is free again (M9).
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    kind = models.CharField(max_length=10, choices=BuyerKind)
    name = models.CharField(max_length=100)
    business_number = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()
    temporary_until = models.DateTimeField(null=True)
    tier_percent = models.PositiveSmallIntegerField(default=0)
    approval_above_won = models.BigIntegerField(null=True)
    frozen_at = models.DateTimeField(null=True)
    is_held = models.BooleanField(default=False)
    left_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business_number"],
                condition=~Q(business_number="") & Q(closed_at=None),
                name="one_company_per_number",
            )
        ]

    def __str__(self) -> str:
        return self.public_id
