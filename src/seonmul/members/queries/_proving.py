"""Questions about codes that prove a phone or a mailbox. M1"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from seonmul.kit import crypto
from seonmul.members.models import (
    Proof,
    ProofKind,
)
from seonmul.members.queries._people import members_at
from seonmul.members.rules import (
    ProofFacts,
    ProofPurpose,
    one_place,
)


def locked_address(index: bytes) -> None:
    """Let one request at a time count the codes of an address, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(index[:8], "big", signed=True)])


def proofs_lately(index: bytes, minutes: int, at: datetime) -> tuple[int, int]:
    """How many codes went to this address: in the last `minutes`, in a day. M1"""
    of_a_day = Proof.objects.filter(address_index=index, asked_at__gt=at - timedelta(days=1))
    return of_a_day.filter(asked_at__gt=at - timedelta(minutes=minutes)).count(), of_a_day.count()


def asker_index(member_id: UUID | None, client: str) -> bytes:
    """The keyed hash under which codes are counted: of a member, else of an internet address; b"" for neither.

    The address itself is not kept. Whoever has an IPv6 network counts as one: it holds more addresses than anybody counts.
    """
    if member_id:
        return crypto.ring().index(Proof.ASKER, str(member_id))
    return crypto.ring().index(Proof.PLACE, one_place(client)) if client else b""


def proofs_asked_by(asker: bytes, at: datetime) -> int:
    """How many codes a member, or somebody at an internet address, asked for in a day, to whatever addresses. M1"""
    return Proof.objects.filter(asker_index=asker, asked_at__gt=at - timedelta(days=1)).count()


def locked_proof(proof_id: UUID) -> Proof | None:
    """Lock one proof."""
    return Proof.objects.select_for_update().filter(id=proof_id).first()


def proof(proof_id: UUID) -> Proof | None:
    """One proof."""
    return Proof.objects.filter(id=proof_id).first()


def proof_facts(proof: Proof | None) -> ProofFacts | None:
    if proof is None:
        return None
    return ProofFacts(proof.tries, proof.expires_at, proof.proved_at is not None, proof.used_at is not None)


def proved_address(proof: Proof) -> str:
    """The phone number (digits) or mail address that a proof is about."""
    return crypto.ring().open(Proof.ADDRESS, proof.address_sealed)


@dataclass(frozen=True)
class ProofLetter:
    """What goes to an address that is to be proved. `code` "": somebody with this address is a member already."""

    kind: str
    purpose: str
    address: str
    code: str
    minutes: int
    logins: list[str]


def proof_letter(proof_id: UUID, at: datetime) -> ProofLetter | None:
    """The letter for a proof; None when nothing is to be sent.

    Only here is it decided whether the address belongs to a member, so that no page can tell. M1
    """
    row = proof(proof_id)
    if row is None or row.proved_at or row.used_at or at >= row.expires_at:
        return None
    ring, address = crypto.ring(), proved_address(row)
    is_recovery = row.purpose == ProofPurpose.RECOVER
    known = [member.login for member in members_at(row.kind, address, is_proved=is_recovery)]
    is_taken = row.kind == ProofKind.MAIL and row.purpose == ProofPurpose.SIGN_UP and bool(known)
    if is_recovery and not known:
        return None
    return ProofLetter(
        kind=row.kind,
        purpose=row.purpose,
        address=address,
        code="" if is_taken else ring.open(Proof.CODE, row.code_sealed),
        minutes=-(-(row.expires_at - at) // timedelta(minutes=1)),
        logins=known,
    )
