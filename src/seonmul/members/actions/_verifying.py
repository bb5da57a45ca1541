"""Identity verification in three beats: ask here, the person at the provider, the result by a job. M4, M5"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import crypto, jobs, states
from seonmul.members import events, identity, queries
from seonmul.members.models import Member, Verification, VerificationState
from seonmul.members.ports import IdentityResult, IdentityState


@transaction.atomic
def begin_verification(by: Member, session: str, *, at: datetime) -> Verification:
    """Begin an attempt, tied to the browser's session. A new attempt has a new reference: one success each."""
    index = crypto.ring().index(Verification.SESSION, session)
    return Verification.objects.create(member=by, session=index, asked_at=at)


@transaction.atomic
def note_return(reference: str, by: Member, *, at: datetime) -> None:
    """The browser came back: what it says is not believed, the provider is asked by a job."""
    found = queries.verification(by, reference)
    if found is None:
        return
    rows = Verification.objects.filter(id=found.id)
    if states.move(rows, VerificationState.ASKED, VerificationState.RETURNED):
        jobs.enqueue("members.read_identity", verification_id=found.id)


def read_identity(verification_id: UUID, *, at: datetime) -> None:
    """Ask the provider for the result and keep it. Safe to run again; the wire's errors make the job try again."""
    found = queries.returned_verification(verification_id)
    if found is None:
        return
    result = identity.provider().result(found.reference)
    with transaction.atomic():
        _record(found, result, at)


def _record(verification: Verification, result: IdentityResult, at: datetime) -> None:
    rows = Verification.objects.filter(id=verification.id)
    if result.state is IdentityState.FAILED:
        states.move(rows, VerificationState.RETURNED, VerificationState.FAILED)
        return
    if result.state is not IdentityState.VERIFIED:
        return
    ring = crypto.ring()
    moved = states.move(
        rows,
        VerificationState.RETURNED,
        VerificationState.VERIFIED,
        name_sealed=ring.seal(Verification.NAME, result.name),
        birth_sealed=ring.seal(Verification.BIRTH, str(result.birth_date)),
        phone_sealed=ring.seal(Verification.PHONE, result.phone),
        ci_sealed=ring.seal(Verification.CI, result.ci),
        ci_index=ring.index(Verification.CI, result.ci, size=32),
        # the provider's time: one that is fetched late is not fresh
        verified_at=min(at, result.verified_at or at),
    )
    if moved:
        audit.record("identity_verified", by=verification.member_id, subject=verification.id, at=at)
        jobs.announce(events.IDENTITY_VERIFIED, verification_id=verification.id)


def sweep_verifications(*, at: datetime) -> None:
    """Ask again for those that came back and have no result yet; who never decided has failed after an hour."""
    Verification.objects.filter(
        state=VerificationState.RETURNED, asked_at__lt=at - timedelta(hours=1)
    ).update(state=VerificationState.FAILED)
    for verification_id in queries.open_verifications():
        jobs.enqueue_once(
            "members.read_identity", f"identity:{verification_id}", verification_id=verification_id
        )
