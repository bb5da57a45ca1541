"""Trials: messages of a draft to the phone of whoever writes it. O5"""

from __future__ import annotations

from django.db import models

from seonmul.kit import ids


class Trial(models.Model):
    """One message of a draft that a member sent to their own phone; the subject of its message. Nothing personal. O5"""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    draft_id = models.UUIDField()
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member", "sent_at"], name="trials_of_a_day")]

    def __str__(self) -> str:
        return str(self.id)
