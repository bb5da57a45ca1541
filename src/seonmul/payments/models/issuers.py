"""Which card works by which way: kept by operators, with its history. P3"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class CardKind(models.TextChoices):
    PERSONAL = "personal", _("개인 카드")
    NAMED = "named", _("법인 개별(기명) 카드")
    SHARED = "shared", _("법인 공용(무기명) 카드")


class Way(models.TextChoices):
    CARD = "card", _("일반 결제")
    EASY = "easy", _("간편결제")
    APP = "app", _("앱카드")
    NONE = "none", _("결제할 수 없음")


class IssuerRule(models.Model):
    """How one issuer's cards of one kind can pay here. Rows are added, never changed: the newest holds.

    `ways`: what works, the one to try first in front. `checked_on`: when somebody made sure.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    issuer = models.CharField(max_length=30)
    card = models.CharField(max_length=10, choices=CardKind)
    ways = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)
    checked_on = models.DateField()
    by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["issuer", "card", "-changed_at"])]
        triggers = [states.append_only("issuer_rules_stay")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.card}"
