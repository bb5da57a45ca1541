"""The books held against the provider's own list, day by day. P9"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class Reconciliation(models.Model):
    """One day of Seoul held against the provider's list. Done again, the newest numbers stand."""

    day = models.DateField(primary_key=True)
    theirs = models.PositiveIntegerField()
    theirs_won = models.BigIntegerField()
    matched = models.PositiveIntegerField()
    differences = models.PositiveIntegerField()
    done_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.day)


class DifferenceKind(models.TextChoices):
    MISSING_HERE = "missing_here", _("우리 장부에 없음")
    MISSING_THERE = "missing_there", _("결제사에 없음")
    DIFFERENT = "different", _("내용이 다름")


class DifferenceState(models.TextChoices):
    OPEN = "open", _("확인 필요")
    MENDED = "mended", _("다시 물어 맞춤")
    ACCEPTED = "accepted", _("확인함")


D = DifferenceState
DIFFERENCE_MOVES = {D.OPEN: {D.MENDED, D.ACCEPTED}, D.ACCEPTED: {D.OPEN}, D.MENDED: {D.OPEN}}


class Difference(models.Model):
    """One payment on which the two sides do not agree. Nothing is settled by hand without a trace.

    `ours`, `theirs`: what each side says, in words of states and sums, never anything personal.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    day = models.DateField()
    reference = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=15, choices=DifferenceKind)
    state = models.CharField(max_length=10, choices=DifferenceState, default=DifferenceState.OPEN)
    ours = models.CharField(max_length=120)
    theirs = models.CharField(max_length=120)
    ours_won = models.BigIntegerField()
    theirs_won = models.BigIntegerField()
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["found_at"], condition=Q(state="open"), name="open_differences"),
            models.Index(fields=["day"]),
        ]
        triggers = [states.guard(DIFFERENCE_MOVES, name="difference_moves")]

    def __str__(self) -> str:
        return self.public_id
