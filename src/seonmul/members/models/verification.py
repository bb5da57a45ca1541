"""Proof of the person behind a member, by an identity provider. M4, M5"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states
from seonmul.members.models.people import Member


class VerificationState(models.TextChoices):
    ASKED = "asked", _("시작")
    RETURNED = "returned", _("확인 중")
    VERIFIED = "verified", _("확인")
    FAILED = "failed", _("실패")


V = VerificationState
VERIFICATION_MOVES = {V.ASKED: {V.RETURNED, V.FAILED}, V.RETURNED: {V.VERIFIED, V.FAILED}}


class Verification(models.Model):
    """One attempt. `reference` is our own at the provider; `session` ties it to the browser that began it.

    Kept: name, birth date, phone, a keyed hash of the person's CI, and the CI sealed.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    reference = models.CharField(max_length=40, unique=True, default=ids.public_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    session = models.BinaryField()
    state = models.CharField(max_length=10, choices=VerificationState, default=VerificationState.ASKED)
    name_sealed = models.BinaryField(default=b"")
    birth_sealed = models.BinaryField(default=b"")
    phone_sealed = models.BinaryField(default=b"")
    ci_sealed = models.BinaryField(default=b"")
    ci_index = models.BinaryField(default=b"")
    asked_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    NAME, BIRTH, PHONE, CI = "identity.name", "identity.birth", "identity.phone", "identity.ci"
    SESSION = "identity.session"

    class Meta:
        indexes = [models.Index(fields=["member", "-asked_at"]), models.Index(fields=["ci_index"])]
        triggers = [states.guard(VERIFICATION_MOVES, name="verification_moves")]

    def __str__(self) -> str:
        return self.reference
