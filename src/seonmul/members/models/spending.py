"""Spend authentication. M4"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids
from seonmul.members.models.people import Member


class SpendCode(models.Model):
    """Six digits texted to the member, for one purpose. M4."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    phone_index = models.BinaryField()
    purpose = models.CharField(max_length=120)
    amount_won = models.BigIntegerField()
    people = models.PositiveIntegerField()
    code_sealed = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    CODE = "members.code"

    class Meta:
        indexes = [
            models.Index(fields=["member", "-asked_at"]),
            models.Index(fields=["phone_index", "-asked_at"]),
        ]

    def __str__(self) -> str:
        return str(self.id)


class GrantMethod(models.TextChoices):
    PHONE_CODE = "phone_code", _("휴대폰 인증")
    PAYMENT_PASSWORD = "payment_password", _("결제 비밀번호")
    CONSOLE = "console", _("운영체제 접근")


class SpendGrant(models.Model):
    """Proof that a member authorised one payment: bound to its purpose and amount, used once. M4."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=20, choices=GrantMethod)
    purpose = models.CharField(max_length=120)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
