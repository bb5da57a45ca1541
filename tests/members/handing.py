"""A change of the person in charge, as tests begin it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from seonmul.kit import crypto
from seonmul.members import actions
from seonmul.members.actions import Successor
from seonmul.members.models import Handover, HandoverWay, Member, Proof
from tests.given import MONDAY, PAPERS

NEXT = Successor("박새롬", "010-5555-0001", "saerom@firm.example")


def asked(
    by: Member,
    whom: Member | None = None,
    way: HandoverWay = HandoverWay.IDENTITY,
    at: datetime = MONDAY,
    **more: Any,
) -> Handover:
    """A change that was begun; its code is on the way."""
    paper = PAPERS["pdf"] if way == HandoverWay.CERTIFICATE else b""
    wanted: dict[str, Any] = {"is_verified": way != HandoverWay.CERTIFICATE, "certificate": paper} | more
    typed = wanted.pop("typed", NEXT)
    return actions.ask_handover(by, whom or by, typed, way, at=at, **wanted)


def code_of(row: Handover) -> str:
    """The code that was texted to the new person."""
    proof = Proof.objects.get(id=row.proof_id)
    return crypto.ring().open(Proof.CODE, proof.code_sealed)


def proved(row: Handover, at: datetime = MONDAY, **more: Any) -> Handover:
    """The same with the code typed in."""
    wanted: dict[str, Any] = {"is_verified": row.way != HandoverWay.CERTIFICATE} | more
    actions.prove_handover(row.id, code_of(row), row.by, at=at, **wanted)
    row.refresh_from_db()
    return row
