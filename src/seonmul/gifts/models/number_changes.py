"""A copy that goes to another number, with another code. S5"""

from __future__ import annotations

from django.db import models

from seonmul.kit import ids


class NumberChange(models.Model):
    """One change of a copy's number. How far it is, its `replacement` says. S5

    `cells_sealed`, `old_cells_sealed`: whom it goes to, and went to, as in a DraftRow. `link_index`: finds the copy by the
    link that is dead since. `opened_at`: when that one was opened. `subject`: what it was decided in, as an opaque id.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    gift = models.ForeignKey("gifts.Gift", on_delete=models.PROTECT, related_name="number_changes")
    replacement = models.OneToOneField("vouchers.Replacement", on_delete=models.PROTECT, related_name="+")
    subject = models.UUIDField()
    cells_sealed = models.BinaryField()
    to_index = models.BinaryField()
    old_cells_sealed = models.BinaryField()
    link_index = models.BinaryField(null=True, unique=True)
    opened_at = models.DateTimeField(null=True)
    by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject"], name="number_changes_of")]

    def __str__(self) -> str:
        return f"{self.gift_id} {self.asked_at}"
