"""Who works at the console, and as what. B"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from seonmul.members.models.people import Member


class StaffRole(models.TextChoices):
    SUPPORT = "support", _("상담")
    APPROVER = "approver", _("승인")
    FINANCE = "finance", _("정산")
    CATALOGUE = "catalogue", _("상품")
    SUPER = "super", _("총괄")


class Staff(models.Model):
    """A member's place at the console; without one, `is_staff` alone opens nothing.

    `has_first_password`: somebody else has seen the password; it is changed before anything else.
    """

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="staff")
    role = models.CharField(max_length=10, choices=StaffRole)
    has_first_password = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.member_id} {self.role}"
