"""Tables of inquiries."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states


class InquiryKind(models.TextChoices):
    NUMBER = "number", _("번호변경 재발송")
    LIMIT = "limit", _("상품권 한도 상향")
    SENDER = "sender", _("발신번호")
    REFUND = "refund", _("환불")
    OTHER = "other", _("기타")


class InquiryState(models.TextChoices):
    OPEN = "open", _("답변 대기")
    ANSWERED = "answered", _("답변 완료")
    CLOSED = "closed", _("종료")


S = InquiryState
INQUIRY_MOVES = {S.OPEN: {S.ANSWERED, S.CLOSED}, S.ANSWERED: {S.OPEN, S.CLOSED}}


class Outcome(models.TextChoices):
    """What became of the matter that a kind carries; none for kinds without one."""

    NONE = "", _("없음")
    RAISED = "raised", _("한도를 올림")
    REFUSED = "refused", _("한도를 올리지 않음")
    MOVING = "moving", _("발행사의 취소를 기다림")
    MOVED = "moved", _("번호를 바꿔 다시 보냄")
    NOT_MOVED = "not_moved", _("번호를 바꾸지 않음")


class Inquiry(models.Model):
    """A question of one member. `about`: public id of the order, draft or copy that it is about, "" for none.

    `to_sealed`: the new number or address that is asked for. `waits_since`: when the member's first word without an answer came; deadlines count from it. `wanted_won`: the limit
    that is asked for. `outcome`, `why`: what was decided, and the code of the reason for a no.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=InquiryKind)
    state = models.CharField(max_length=10, choices=InquiryState, default=InquiryState.OPEN)
    about = models.CharField(max_length=16, blank=True)
    wanted_won = models.BigIntegerField(null=True)
    to_sealed = models.BinaryField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.NONE, blank=True)
    why = models.CharField(max_length=20, blank=True)
    asked_at = models.DateTimeField()
    waits_since = models.DateTimeField()
    moved_at = models.DateTimeField()

    TO = "support.to"

    class Meta:
        indexes = [
            models.Index(fields=["member", "-moved_at", "-id"]),
            models.Index(fields=["about"], condition=Q(kind="number"), name="number_inquiries_about"),
            models.Index(fields=["waits_since"], condition=Q(state="open"), name="open_inquiries"),
        ]
        triggers = [states.guard(INQUIRY_MOVES, name="inquiry_moves")]

    def __str__(self) -> str:
        return self.public_id


class Word(models.Model):
    """One thing that was said in an inquiry, by its member or by staff. Sealed, since people write anything. X2"""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="words")
    by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    is_staff = models.BooleanField()
    text_sealed = models.BinaryField()
    said_at = models.DateTimeField()

    TEXT = "support.text"

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.said_at}"


class Attachment(models.Model):
    """A file that came with a word: its name in the store, and what it is by content."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    word = models.ForeignKey(Word, on_delete=models.PROTECT, related_name="attachments")
    stored = models.CharField(max_length=36)
    type = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.public_id
