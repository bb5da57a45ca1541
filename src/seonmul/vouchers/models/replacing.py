"""One code in the place of another. S5"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class ReplacementState(models.TextChoices):
    ASKED = "asked", _("발행사 취소 중")
    ISSUING = "issuing", _("새 코드 발행 중")
    DONE = "done", _("교체함")
    KEPT = "kept", _("교체하지 못함")
    LOST = "lost", _("새로 발행하지 못함")


R = ReplacementState
REPLACEMENT_MOVES = {R.ASKED: {R.ISSUING, R.KEPT}, R.ISSUING: {R.DONE, R.LOST}}

_LINK: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+", "db_index": False}


class Replacement(models.Model):
    """A link of a chain of codes: `old` is dead once it is done, `new` is good instead. S5

    ASKED: an external issuer takes the old code back, which is frozen meanwhile; ISSUING: it has, and the new one is on
    its way. KEPT: the old code stays good; LOST: the issuer took the old one and gave no new one.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    old = models.ForeignKey("vouchers.Voucher", **_LINK)
    new = models.ForeignKey("vouchers.Voucher", null=True, **_LINK)
    state = models.CharField(max_length=10, choices=ReplacementState)
    by = models.CharField(max_length=60)
    where = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old"], condition=~Q(state="kept"), name="replaced_once"),
            models.UniqueConstraint(fields=["new"], condition=Q(new__isnull=False), name="replaces_one"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "kept"]) | Q(new__isnull=False),
                name="a_replacement_has_its_code",
            ),
        ]
        triggers = [states.guard(REPLACEMENT_MOVES, name="replacement_moves")]

    def __str__(self) -> str:
        return f"{self.old_id} -> {self.new_id}"
