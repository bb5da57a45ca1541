"""What is left of a closed account: what law keeps, set apart, and reports of what was erased. M9"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids
from seonmul.members.models.people import Member


class KeptWhat(models.TextChoices):
    CONTRACT = "contract", _("계약과 청약철회 기록")
    PAYMENT = "payment", _("대금결제와 재화 공급 기록")
    ADVERTISING = "advertising", _("표시·광고 기록")
    ACCESS = "access", _("접속 기록")


class Kept(models.Model):
    """What law keeps of one member, sealed as one text, until its own term is over. No page of the product reads it.

    `member`: the row that orders and the books go on naming; nothing personal is left in it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12, choices=KeptWhat)
    law = models.CharField(max_length=60)
    content_sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    until = models.DateTimeField()

    CONTENT = "members.kept"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "what"], name="kept_once")]
        indexes = [models.Index(fields=["until"])]

    def __str__(self) -> str:
        return f"{self.member_id} {self.what}"


class ErasureKind(models.TextChoices):
    CLOSED = "closed", _("회원 탈퇴")
    TERM = "term", _("보관 기간 끝")


class Erasure(models.Model):
    """Report of what a day's jobs have erased: how many rows of which table, nothing personal. M9"""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    kind = models.CharField(max_length=6, choices=ErasureKind)
    day = models.DateField()
    erased_at = models.DateTimeField()
    members = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day"], name="one_report_a_day")]
        indexes = [models.Index(fields=["-erased_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
