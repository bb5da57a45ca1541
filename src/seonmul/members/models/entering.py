"""Coming in: known devices, what a member reads of logins and payments, wrong tries and their alarms. M8"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids
from seonmul.members.models.people import Member


class Device(models.Model):
    """A browser in which a member has logged in, known by the keyed hash of its cookie. M8

    `is_first`: the one of the member's very first login, which has nothing to be new against. `address_index`: the
    keyed hash of where it was last; an address known to the account is refused no login in a burst.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    key_index = models.BinaryField()
    words = models.CharField(max_length=60, blank=True)
    is_first = models.BooleanField(default=False)
    address_index = models.BinaryField(default=b"")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    KEY, ADDRESS = "members.device", "members.device.address"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key_index"], name="one_device_per_cookie")]

    def __str__(self) -> str:
        return str(self.id)


class AccessKind(models.TextChoices):
    LOGIN = "login", _("로그인")
    WRONG = "wrong", _("로그인 실패")
    SPEND = "spend", _("결제")


#: How a card alone pays: with no grant of ours.
BY_CARD = "card"


class Access(models.Model):
    """One line of what a member reads: a login, a payment, or the wrong tries of one hour together. M8

    `address`: its first two parts only. `method`: one of GrantMethod, or BY_CARD. `tries`: of the hour that begins at `happened_at`.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=AccessKind)
    happened_at = models.DateTimeField()
    device = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=20, blank=True)
    is_new_device = models.BooleanField(default=False)
    method = models.CharField(max_length=20, blank=True)
    amount_won = models.BigIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "happened_at"], condition=Q(kind="wrong"), name="one_line_of_tries_an_hour"
            )
        ]
        indexes = [
            models.Index(fields=["member", "-happened_at", "-id"]),
            models.Index(fields=["happened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"


class WrongLogin(models.Model):
    """One wrong or refused try of a login id, whether or not anybody has it. Kept for a day. M8"""

    id = models.BigAutoField(primary_key=True)
    login_index = models.BinaryField()
    tried_at = models.DateTimeField()

    LOGIN = "members.wrong_login"

    class Meta:
        indexes = [
            models.Index(fields=["tried_at"]),
            models.Index(fields=["login_index", "tried_at"]),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Alarm(models.Model):
    """One burst of wrong logins, from its first to its last try; staff see it until one of them has. M8"""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    tries = models.PositiveIntegerField()
    accounts = models.PositiveIntegerField()
    seen_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-began_at", "-id"]),
            models.Index(F("last_at").desc(), name="newest_alarm"),
        ]

    def __str__(self) -> str:
        return self.public_id


class AlarmTold(models.Model):
    """That a member whose account was under attack was told, once a burst."""

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alarm", "member"], name="told_once_a_burst")]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.member_id}"
