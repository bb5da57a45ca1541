"""The one table of the kit: sealed files (see files.py)."""

from django.db import models


class StoredFile(models.Model):
    """A file's sealed content under a random name."""

    name = models.CharField(primary_key=True, max_length=36)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
