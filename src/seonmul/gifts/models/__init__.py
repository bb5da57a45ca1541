"""Tables of gifts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.dispatch.ports import Result
from seonmul.gifts.models.claims import (
    CLAIM_MOVES,
    CLAIMS_OVER,
    Claim,
    ClaimState,
    ClaimWay,
    ClaimWhy,
    Reminder,
)
from seonmul.gifts.models.doubts import DOUBT_MOVES, Doubt, DoubtedCopy, DoubtState, DoubtWhy
from seonmul.gifts.models.number_changes import NumberChange
from seonmul.gifts.models.standings import REPLACED, STOOD, Standing, StandingVoucher
from seonmul.gifts.models.tallies import ISSUED, MOVED, SWAPPED, CountedVoucher, TallyLevel, TallyRow
from seonmul.kit import ids, states

__all__ = [
    "CHUNK_MOVES",
    "CLAIMS_OVER",
    "CLAIM_MOVES",
    "DOUBT_MOVES",
    "Chunk",
    "ChunkState",
    "Claim",
    "ClaimState",
    "ClaimWay",
    "ClaimWhy",
    "CountedVoucher",
    "Doubt",
    "DoubtState",
    "DoubtWhy",
    "DoubtedCopy",
    "Fallback",
    "Gift",
    "NumberChange",
    "Problem",
    "ProblemKind",
    "Reminder",
    "Standing",
    "StandingVoucher",
    "TallyLevel",
    "TallyRow",
    "WrongLink",
]


class ChunkState(models.TextChoices):
    OPEN = "open", "대기"
    ISSUED = "issued", "발급"
    HALTED = "halted", "중지"


CHUNK_MOVES = {ChunkState.OPEN: {ChunkState.ISSUED, ChunkState.HALTED}}


class Chunk(models.Model):
    """Copies of a line that are issued, paid and queued in one transaction, once; or never, when it was halted. V1, S6"""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey("orders.Line", on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey("dispatch.Letter", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    copies = models.PositiveIntegerField()
    valid_until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ChunkState, default=ChunkState.OPEN)
    capture_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="one_chunk_per_number")]
        indexes = [models.Index(fields=["opened_at"], condition=Q(state="open"), name="open_chunks")]
        triggers = [states.guard(CHUNK_MOVES, name="chunk_moves")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.number}"


class Fallback(models.Model):
    """The letter by which a line's copies go by another channel than the order's: after a failure, or when asked to. S1, S5"""

    line = models.ForeignKey("orders.Line", on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=5)
    letter = models.ForeignKey("dispatch.Letter", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "channel"], name="one_fallback_letter_per_channel")
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.channel}"


_COPIED: dict[str, Any] = {
    "on_delete": models.PROTECT, "related_name": "+", "db_index": False, "db_constraint": False,
}  # fmt: skip


class ProblemKind(models.TextChoices):
    """What a recipient says is wrong. V5"""

    NOT_MINE = "not_mine", _("내 것이 아니에요")
    UNREADABLE = "unreadable", _("바코드가 읽히지 않아요")
    REFUSED = "refused", _("매장에서 쓸 수 없다고 해요")
    USED = "used", _("제가 쓰지 않았는데 사용했다고 나와요")
    NO_NEW = "no_new", _("새 메시지를 받지 못했어요")


class Gift(models.Model):
    """One issued copy. `result` is waiting until there is an outcome. The link opens the page for whoever has it.

    `issued_at` never moves, so that lists stay in order; `sent_at` is the last time that it was sent. `cells_sealed`,
    `to_index`: whom it goes to since its number was changed, None while that is its recipient as ordered. S5
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True)
    # copied from the chunk, whose own keys are checked: 100,000 rows are not checked again for each
    buyer = models.ForeignKey("members.Buyer", **_COPIED)
    order = models.ForeignKey("orders.Order", **_COPIED)
    line = models.ForeignKey("orders.Line", **_COPIED)
    recipient = models.ForeignKey(
        "orders.Recipient", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    chunk = models.ForeignKey(Chunk, on_delete=models.PROTECT, related_name="gifts", db_index=False)
    position = models.PositiveIntegerField()
    copy_number = models.PositiveSmallIntegerField()
    voucher = models.OneToOneField("vouchers.Voucher", on_delete=models.PROTECT, related_name="+")
    link_sealed = models.BinaryField()
    link_index = models.BinaryField(unique=True)
    result = models.CharField(
        max_length=20, choices=[(r.value, r.value) for r in Result], default=Result.WAITING
    )
    result_at = models.DateTimeField(null=True)
    resends = models.PositiveSmallIntegerField(default=0)
    issued_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    cells_sealed = models.BinaryField(null=True)
    to_index = models.BinaryField(null=True)

    LINK = "gifts.link"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position", "copy_number"], name="one_gift_per_copy")
        ]
        indexes = [
            models.Index(
                fields=["buyer", "-issued_at", "-id"],
                condition=~Q(result__in=["delivered", "waiting"]),
                name="gifts_failed",
            ),
            models.Index(
                fields=["buyer", "-issued_at", "-id"], condition=Q(result="waiting"), name="gifts_waiting"
            ),
            models.Index(
                fields=["buyer", "-issued_at", "-id"],
                condition=Q(opened_at__isnull=False),
                name="gifts_opened",
            ),
            models.Index(
                fields=["to_index"], condition=Q(to_index__isnull=False), name="gifts_by_new_number"
            ),
        ]
        triggers = [ISSUED, MOVED, SWAPPED, STOOD, REPLACED]

    def __str__(self) -> str:
        return self.public_id


class Problem(models.Model):
    """What the recipient of a gift has said is wrong with it, on its page; each thing once. V5"""

    gift = models.ForeignKey(Gift, on_delete=models.CASCADE, related_name="problems", db_index=False)
    kind = models.CharField(max_length=12, choices=ProblemKind)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gift", "kind"], name="a_problem_is_told_once")]

    def __str__(self) -> str:
        return f"{self.gift_id} {self.kind}"


class WrongLink(models.Model):
    """A link that opens nothing, tried: what guessing looks like. `place_index`: from which address. V5"""

    place_index = models.BinaryField()
    tried_at = models.DateTimeField()

    PLACE = "gifts.place"

    class Meta:
        indexes = [
            models.Index(fields=["place_index", "tried_at"], name="wrong_links_from_place"),
            models.Index(fields=["tried_at"], name="wrong_links_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.tried_at)
