"""What a member and a department of a company have paid for in a month. M7"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class BudgetMonth(models.Model):
    """What one member, or one department, has paid for in a month of Seoul (`month`: its first day), in won of price.

    Exactly one of `member` and `department`. `held_won`: of open card windows and of orders that wait for a consent.
    Whoever counts holds the buyer's LimitMonth of that month. M7
    """

    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(
        "members.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    month = models.DateField()
    used_won = models.BigIntegerField(default=0)
    held_won = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "month", "member"],
                condition=Q(member__isnull=False),
                name="one_month_for_a_member",
            ),
            models.UniqueConstraint(
                fields=["buyer", "month", "department"],
                condition=Q(department__isnull=False),
                name="one_month_for_a_department",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True, department__isnull=False)
                | Q(member__isnull=False, department__isnull=True),
                name="a_budget_is_of_a_member_or_a_department",
            ),
            models.CheckConstraint(
                condition=Q(used_won__gte=0, held_won__gte=0), name="no_more_budget_goes_back_than_was_used"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id or self.department_id} {self.month}"
