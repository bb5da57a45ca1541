"""What operators changed, row by row: the newest row of a name holds."""

from django.db import models

from seonmul.kit import states


class Change(models.Model):
    """A figure's new value from a moment on. `by` is the opaque id of who changed it."""

    name = models.CharField(max_length=60)
    value = models.BigIntegerField()
    by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "-changed_at"])]
        triggers = [states.append_only("figure_changes_stay")]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
