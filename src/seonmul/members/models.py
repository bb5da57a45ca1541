"""Tables of buyers and members."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
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
    """A person who signs in. Phone and mail are sealed; the index finds them."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    login = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    phone_sealed = models.BinaryField(default=b"")
    phone_index = models.BinaryField(default=b"")
    mail_sealed = models.BinaryField(default=b"")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    spend_method = models.CharField(max_length=20, choices=SpendMethod, default=SpendMethod.PHONE_CODE)
    payment_password = models.CharField(max_length=128, blank=True)
    payment_failures = models.PositiveSmallIntegerField(default=0)
    payment_locked_until = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]
    objects = Members()

    PHONE = "members.phone"
    MAIL = "members.mail"

    class Meta:
        indexes = [models.Index(fields=["phone_index"])]

    def __str__(self) -> str:
        return self.login


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
