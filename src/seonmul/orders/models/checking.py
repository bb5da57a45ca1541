"""Tables of the check before paying: what it found, and how right it was afterwards. O4"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from seonmul.kit import ids


class Look(models.Model):
    """The last check of a draft, which stays with the order that the draft becomes: both have the same `draft_id`. O4

    `saved_at`: the draft as it was looked at; one that was changed since is to be looked at again. `later_at`: when
    messages that come too thick would be free of what went before; None when waiting helps nobody.
    `weighed_at`: when its order had finished and the outcomes were counted.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    draft_id = models.UUIDField(unique=True)
    saved_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    people = models.PositiveIntegerField()
    later_at = models.DateTimeField(null=True)
    weighed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["weighed_at"], condition=Q(weighed_at__isnull=False), name="looks_weighed")
        ]

    def __str__(self) -> str:
        return str(self.draft_id)


class Warned(models.Model):
    """A recipient of whom a check had something to say, by the keyed index of the number. `signs`: bits of rules.Sign.

    `position`: its first row on the list, so that the page shows some of them.
    """

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="warned", db_index=False)
    to_index = models.BinaryField()
    signs = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["look", "to_index"], name="warned_once_a_look")]
        indexes = [models.Index(fields=["look", "position"], name="warned_in_order")]

    def __str__(self) -> str:
        return f"{self.look_id} {self.signs}"


class LookOutcome(models.Model):
    """What became of those with one sign, those warned of, and those not: people, and how many got nothing. O4"""

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="outcomes", db_index=False)
    code = models.CharField(max_length=20)
    people = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["look", "code"], name="one_outcome_a_code"),
            models.CheckConstraint(
                condition=Q(failed__lte=models.F("people")), name="no_more_fail_than_there_are"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.look_id} {self.code}"
