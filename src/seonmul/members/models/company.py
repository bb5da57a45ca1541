"""For whom a member acts, and as what. M7"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from seonmul.members.models.buyers import Buyer
from seonmul.members.models.people import Member


class Role(models.TextChoices):
    OWNER = "owner", _("대표")
    BUYER = "buyer", _("구매 담당")
    APPROVER = "approver", _("결재자")
    ACCOUNTANT = "accountant", _("회계")


class Membership(models.Model):
    """For whom a member acts, and as what."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="membership")
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)

    def __str__(self) -> str:
        return f"{self.member_id} {self.role}"
