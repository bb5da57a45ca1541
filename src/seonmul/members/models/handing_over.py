"""Change of the person in charge: one account goes from one person to another. M5"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states
from seonmul.members.models.buyers import Buyer
from seonmul.members.models.people import Member
from seonmul.members.models.proving import Proof


class HandoverWay(models.TextChoices):
    """By what it is known that the account may change hands."""

    IDENTITY = "identity", _("이전 담당자의 본인인증")
    OWNER = "owner", _("회사 대표")
    CERTIFICATE = "certificate", _("재직증명서")


class HandoverState(models.TextChoices):
    ASKED = "asked", _("번호 확인 중")
    WAITING = "waiting", _("심사 중")
    DONE = "done", _("완료")
    REFUSED = "refused", _("반려")
    WITHDRAWN = "withdrawn", _("취소")


H = HandoverState
HANDOVER_MOVES = {
    H.ASKED: {H.WAITING, H.DONE, H.WITHDRAWN},
    H.WAITING: {H.DONE, H.REFUSED, H.WITHDRAWN},
}


class Handover(models.Model):
    """One change: who comes (as typed, the phone proved by `proof`), who goes (as it was on that day), and on whose word.

    `certificate`: a sealed file, "" for the other ways. `handed`: what went over with the account, as codes and
    public ids: [{"what": code, "names": [...], "count": n}]; nothing personal.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=12, choices=HandoverWay)
    proof = models.ForeignKey(Proof, on_delete=models.SET_NULL, null=True, related_name="+")
    name_sealed = models.BinaryField()
    phone_sealed = models.BinaryField()
    mail_sealed = models.BinaryField()
    old_name_sealed = models.BinaryField()
    old_phone_sealed = models.BinaryField()
    old_mail_sealed = models.BinaryField()
    certificate = models.CharField(max_length=36, blank=True)
    certificate_type = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=HandoverState, default=HandoverState.ASKED)
    reason = models.CharField(max_length=300, blank=True)
    handed = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    NAME, PHONE, MAIL = "handover.name", "handover.phone", "handover.mail"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state="waiting"), name="one_handover_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["waits_since"], condition=Q(state="waiting"), name="waiting_handovers"),
            models.Index(fields=["member", "-asked_at"]),
        ]
        triggers = [states.guard(HANDOVER_MOVES, name="handover_moves")]

    def __str__(self) -> str:
        return self.public_id
