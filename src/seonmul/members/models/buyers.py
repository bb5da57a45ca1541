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
    """Owner of orders, balances and limits. Conversion changes its kind and keeps everything else."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    kind = models.CharField(max_length=10, choices=BuyerKind)
    name = models.CharField(max_length=100)
    business_number = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business_number"], condition=~Q(business_number=""), name="one_company_per_number"
            )
        ]

    def __str__(self) -> str:
        return self.public_id
