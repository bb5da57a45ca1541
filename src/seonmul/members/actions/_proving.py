"""Proving that a phone or a mailbox is somebody's. M1

A wrong try must be counted although it is refused: `try_proof` commits first and raises afterwards.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, queries, rules
from seonmul.members.models import Proof, ProofKind
from seonmul.members.rules import ProofPurpose


@transaction.atomic
def ask_proof(
    kind: ProofKind,
    address: str,
    purpose: ProofPurpose,
    *,
    at: datetime,
    by: UUID | None = None,
    client: str = "",
) -> Proof:
    """Have a six-digit code sent to an address. `address`: national digits, or a mail address in lower case.

    Raises Refused after too many in some minutes, or in a day of one asker to whatever addresses: of a member (`by`),
    or of whoever has no account yet, from one internet address (`client`). The answer is the same whoever has the
    address. M1
    """
    figures, ring = figures_now.figures(at), crypto.ring()
    index = ring.index(Proof.ADDRESS, address)
    asker = queries.asker_index(by, client)
    for one in filter(None, (asker, index)):
        queries.locked_address(one)
    lately, of_a_day = queries.proofs_lately(index, figures.spend_codes_minutes, at)
    asked = queries.proofs_asked_by(asker, at) if asker else 0
    of_asker, of_place = (asked, 0) if by else (0, asked)
    refuse(rules.why_not_ask_proof(lately, of_a_day, of_asker=of_asker, of_place=of_place, figures=figures))
    minutes = figures.spend_code_minutes if kind is ProofKind.PHONE else figures.mail_code_minutes
    digits = f"{secrets.randbelow(10**rules.SPEND_CODE_DIGITS):0{rules.SPEND_CODE_DIGITS}d}"
    made = Proof.objects.create(
        kind=kind,
        purpose=purpose,
        address_sealed=ring.seal(Proof.ADDRESS, address),
        address_index=index,
        asker_index=asker,
        code_sealed=ring.seal(Proof.CODE, digits),
        asked_at=at,
        expires_at=at + timedelta(minutes=minutes),
    )
    jobs.announce(events.PROOF_ASKED, proof_id=made.id)
    return made


def try_proof(proof_id: UUID, digits: str, *, at: datetime) -> None:
    """Enter the code; raises Refused, and counts the try, when it is wrong. M1"""
    with transaction.atomic():
        no = _try(proof_id, digits, at)
    refuse(no)


@transaction.atomic
def use_proof(proof_id: UUID, purpose: ProofPurpose, *, at: datetime) -> str:
    """Use up a proved address for `purpose`; returns it. Raises Refused when it is not proved, used, or too old."""
    row = queries.locked_proof(proof_id)
    if row is None or row.purpose != purpose:
        raise Refused(No(rules.ProofRefusal.UNPROVED))
    refuse(rules.why_not_use_proof(row.proved_at, row.used_at, figures=figures_now.figures(at), at=at))
    Proof.objects.filter(id=row.id).update(used_at=at)
    return queries.proved_address(row)


def _try(proof_id: UUID, digits: str, at: datetime) -> No | None:
    figures = figures_now.figures(at)
    row = queries.locked_proof(proof_id)
    no = rules.why_not_try_proof(queries.proof_facts(row), figures=figures, at=at)
    if no or row is None:
        return no or No(rules.ProofRefusal.NONE)
    right = crypto.ring().open(Proof.CODE, row.code_sealed)
    if not hmac.compare_digest(right.encode(), "".join(digits.split()).encode()):
        Proof.objects.filter(id=row.id).update(tries=row.tries + 1)
        return rules.wrong_proof(row.tries + 1, figures=figures)
    Proof.objects.filter(id=row.id).update(proved_at=at)
    return None
