"""Who signs in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids


class SpendMethod(models.TextChoices):
    PHONE_CODE = "phone_code", _("휴대폰 인증")
    PAYMENT_PASSWORD = "payment_password", _("비밀번호 인증")


class Members(BaseUserManager["Member"]):
    """Django asks for this to find and make users."""

    def get_by_natural_key(self, username: str | None) -> Member:
        return self.get(login=username)

    def create_user(self, login: str, password: str, **fields: Any) -> Member:
        member = Member(login=login, **fields)
        member.set_password(password)
        member.save()
        return member


class Member(AbstractBaseUser):
    """A person who signs in. The phone number is sealed, its index finds it; the mail address is plain, lower case.

    `auto_sender`: the own number stands in the sender field of every new order (M5). `spend_blocked_until`: until
    then nothing is paid (M5, M8). `marketing_consent`: as it holds now; `Consent` has when and to which text.
    `closed_at`: the member has left; `erased_at`: nothing personal is left in this row, which orders go on naming (M9).
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    login = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    phone_sealed = models.BinaryField(default=b"")
    phone_index = models.BinaryField(default=b"")
    phone_proved_at = models.DateTimeField(null=True)
    mail = models.EmailField(blank=True)
    mail_proved_at = models.DateTimeField(null=True)
    marketing_consent = models.BooleanField(default=False)
    auto_sender = models.BooleanField(default=True)
    spend_blocked_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    spend_method = models.CharField(max_length=20, choices=SpendMethod, default=SpendMethod.PHONE_CODE)
    payment_password = models.CharField(max_length=128, blank=True)
    payment_failures = models.PositiveSmallIntegerField(default=0)
    payment_locked_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]
    objects = Members()

    PHONE = "members.phone"

    class Meta:
        indexes = [
            models.Index(fields=["phone_index"]),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False, erased_at=None),
                name="members_to_erase",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mail"], condition=~Q(mail=""), name="one_member_per_mail")
        ]

    def __str__(self) -> str:
        return self.login
