"""A staff list beside a draft, to compare it with. O1"""

from __future__ import annotations

from django.db import models


class StaffRow(models.Model):
    """One of the staff. `to_index`, `cells_sealed`: as in a DraftRow. The list ends with its draft, or when the comparison does."""

    draft = models.ForeignKey("orders.Draft", on_delete=models.CASCADE, related_name="+", db_index=False)
    to_index = models.BinaryField()
    cells_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "to_index"], name="one_of_the_staff_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.id}"
