"""What of gift certificates a buyer has paid for in a month, and who let it be more. O7"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from seonmul.kit import ids


class LimitMonth(models.Model):
    """A buyer's use of its gift-certificate limit in one month of Seoul (`month`: its first day), in won of face value.

    `held_won`: of open card windows and of orders that wait for an approval. Whoever counts locks this row.
    """

    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    used_won = models.BigIntegerField(default=0)
    held_won = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "month"], name="one_limit_for_a_month"),
            models.CheckConstraint(
                condition=Q(used_won__gte=0, held_won__gte=0), name="no_more_limit_goes_back_than_was_used"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.buyer_id} {self.month}"


class LimitRaise(models.Model):
    """A limit that an operator raised: `limit_won` holds until the end of `until_on`. `subject`: what had asked for it."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    limit_won = models.BigIntegerField()
    until_on = models.DateField()
    subject = models.UUIDField(unique=True)
    raised_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["buyer", "until_on"])]
        constraints = [models.CheckConstraint(condition=Q(limit_won__gt=0), name="a_raised_limit_is_above_0")]

    def __str__(self) -> str:
        return f"{self.buyer_id} {self.limit_won}"
