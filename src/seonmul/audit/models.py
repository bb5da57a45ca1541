"""The audit log."""

from django.db import models

from seonmul.kit import ids, states


class Act(models.Model):
    """One act with effect. `by`, `company` and `subject` are opaque ids; `facts` holds codes and counts."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    verb = models.CharField(max_length=60)
    by = models.CharField(max_length=60)
    company = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    acted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["company", "-acted_at"]),
            models.Index(fields=["subject", "-acted_at"]),
            models.Index(fields=["-acted_at", "-id"]),
            models.Index(fields=["by", "-acted_at"]),
        ]
        triggers = [states.append_only("acts_stay")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
