"""For whom a member acts, as what, and within which bounds. M7"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids
from seonmul.members.models.buyers import Buyer
from seonmul.members.models.people import Member


class Role(models.TextChoices):
    OWNER = "owner", _("대표")
    BUYER = "buyer", _("구매 담당")
    APPROVER = "approver", _("결재자")
    ACCOUNTANT = "accountant", _("회계")


class Department(models.Model):
    """A part of a company with a budget of its own for a month (None: no bound)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(max_length=40)
    monthly_budget_won = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "name"], name="one_department_per_name")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One member's place in a company. `sees_numbers`: whole numbers are a right.

    `monthly_limit_won`: for a month; `order_limit_won`: for one order; None: no bound.
    """

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="membership")
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="memberships"
    )
    monthly_limit_won = models.BigIntegerField(null=True)
    order_limit_won = models.BigIntegerField(null=True)
    sees_numbers = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.member_id} {self.role}"


class Invitation(models.Model):
    """An invitation by mail: its link works once, for seven days. The address and the link are sealed."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    mail_sealed = models.BinaryField()
    mail_index = models.BinaryField()
    link_sealed = models.BinaryField()
    link_index = models.BinaryField(unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    MAIL = "members.invitation.mail"
    LINK = "members.invitation.link"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "mail_index"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.public_id
