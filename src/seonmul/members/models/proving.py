"""Proof that a phone or a mailbox is somebody's: six digits sent to it and typed here. M1"""

from __future__ import annotations

from django.db import models

from seonmul.kit import ids


class ProofKind(models.TextChoices):
    PHONE = "phone", "휴대폰"
    MAIL = "mail", "이메일"


class Proof(models.Model):
    """One code for one address and purpose. Whether it is sent at all is decided when its letter is written.

    `asker_index`: keyed, who asked: a member, or for a stranger the internet address. `purpose` is one of
    rules.ProofPurpose. Proved once, then used once for its purpose.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    kind = models.CharField(max_length=5, choices=ProofKind)
    purpose = models.CharField(max_length=40)
    address_sealed = models.BinaryField()
    address_index = models.BinaryField()
    asker_index = models.BinaryField(default=b"")
    code_sealed = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    ADDRESS, CODE, ASKER = "members.proof.address", "members.proof.code", "members.proof.asker"
    PLACE = "members.proof.place"  # of `asker_index`, where a stranger asked

    class Meta:
        indexes = [
            models.Index(fields=["address_index", "-asked_at"]),
            models.Index(fields=["asked_at"]),
            models.Index(
                fields=["asker_index", "-asked_at"],
                condition=~models.Q(asker_index=b""),
                name="proofs_by_asker",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
