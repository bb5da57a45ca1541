"""Who wants to be told when cash runs low. P7"""

from __future__ import annotations

from django.db import models


class LowBalance(models.Model):
    """A buyer's level: told once when cash falls below it, again after it was above. P7"""

    buyer = models.OneToOneField(
        "members.Buyer", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    below_won = models.BigIntegerField()
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.buyer_id)
