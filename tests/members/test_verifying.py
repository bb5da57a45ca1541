"""M4, M5: who is behind a member, as the identity provider says it, through its twin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit import queries as audit
from seonmul.kit import clock, crypto, wire
from seonmul.members import actions, queries
from seonmul.members.models import Member, Verification, VerificationState
from tests import given
from tests.given import MONDAY
from tests.sandbox.outside import in_window

pytestmark = pytest.mark.django_db
#: Whom the sandbox knows, by key.
JIWON, JIWON_S_PHONE = "hanbit", "01020030001"


@pytest.fixture
def who() -> Member:
    firm = given.company(cash_won=0)
    return actions.make_member(
        "jiwon", "long-enough-1", "한지원", phone=JIWON_S_PHONE, mail="jiwon@firm.example", at=MONDAY,
        buyer=firm.buyer,
    )  # fmt: skip


def state_of(verification: Verification) -> str:
    verification.refresh_from_db()
    return verification.state


def proved(who: Member, carrier: Any, choice: str = JIWON, session: str = "session-1") -> Verification:
    """Go through all three beats."""
    made = actions.begin_verification(who, session, at=clock.now())
    in_window(carrier, made.reference, choice)
    actions.note_return(made.reference, who, at=clock.now())
    given.worked(later=False)
    made.refresh_from_db()
    return made


def fresh(who: Member, session: str = "session-1", **later: float) -> Verification | None:
    return queries.fresh_verification(who, session, minutes=10, at=clock.now() + timedelta(**later))


def test_a_person_is_verified_in_three_beats(who: Member, carrier: Any) -> None:
    """M4"""
    made = actions.begin_verification(who, "session-1", at=clock.now())
    assert state_of(made) == VerificationState.ASKED and fresh(who) is None
    in_window(carrier, made.reference, JIWON)
    actions.note_return(made.reference, who, at=clock.now())
    assert state_of(made) == VerificationState.RETURNED and fresh(who) is None
    (job,) = ProcrastinateJob.objects.values_list("task_name", "args")
    assert job == ("members.read_identity", {"verification_id": str(made.id)})
    given.worked(later=False)
    assert state_of(made) == VerificationState.VERIFIED
    found = fresh(who)
    assert found == made and queries.verified_phone(made) == JIWON_S_PHONE
    ring = crypto.ring()
    assert ring.open(Verification.NAME, made.name_sealed) == "한지원"
    assert ring.open(Verification.BIRTH, made.birth_sealed) == "1984-05-17"
    assert [act.verb for act in audit.acts_on(made.id)] == ["identity_verified"]


def test_what_is_kept_of_a_person_cannot_be_read(who: Member, carrier: Any) -> None:
    """M4, X2: the CI sealed, and beside it its keyed hash, the same for the same person."""
    made = proved(who, carrier)
    ci = crypto.ring().open(Verification.CI, made.ci_sealed)
    row = Verification.objects.filter(id=made.id).values().get()
    kept = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
    for secret in ("한지원", "1984-05-17", JIWON_S_PHONE, ci, "session-1"):
        assert secret.encode() not in kept
    assert bytes(made.ci_index) == crypto.ring().index(Verification.CI, ci, size=32)
    assert bytes(proved(who, carrier).ci_index) == bytes(made.ci_index)
    assert bytes(proved(who, carrier, "minsu").ci_index) != bytes(made.ci_index)


def test_what_the_browser_says_is_not_believed(who: Member, carrier: Any) -> None:
    """M4: it came back, but nobody was verified there."""
    made = proved(who, carrier, choice="")
    assert state_of(made) == VerificationState.RETURNED and fresh(who) is None


def test_a_failure_fails_and_the_next_attempt_has_a_reference_of_its_own(who: Member, carrier: Any) -> None:
    """M4"""
    failed = proved(who, carrier, choice="fail")
    assert failed.state == VerificationState.FAILED and fresh(who) is None
    assert not bytes(failed.name_sealed) and not bytes(failed.ci_index)
    again = proved(who, carrier)
    assert again.reference != failed.reference and fresh(who) == again


def test_one_success_an_attempt(who: Member, carrier: Any) -> None:
    """M4: coming back twice, or reading twice, changes nothing."""
    made = proved(who, carrier)
    before = Verification.objects.values().get()
    actions.note_return(made.reference, who, at=clock.now())
    actions.read_identity(made.id, at=clock.now())
    assert given.worked(later=False) == 0
    assert Verification.objects.values().get() == before
    for state in (VerificationState.RETURNED, VerificationState.FAILED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.filter(id=made.id).update(state=state)


def test_it_counts_in_its_session_and_for_ten_minutes(who: Member, carrier: Any) -> None:
    """M4"""
    made = proved(who, carrier)
    assert fresh(who) == made
    assert fresh(who, "session-2") is None
    assert fresh(who, minutes=9, seconds=50) == made and fresh(who, minutes=10) is None


def test_a_success_that_is_fetched_late_is_not_fresh(who: Member, carrier: Any) -> None:
    """M4: the ten minutes begin where the person was verified."""
    made = actions.begin_verification(who, "session-1", at=clock.now())
    in_window(carrier, made.reference, JIWON)
    late = clock.now() + timedelta(minutes=30)
    actions.note_return(made.reference, who, at=late)
    actions.read_identity(made.id, at=late)
    assert state_of(made) == VerificationState.VERIFIED
    assert queries.fresh_verification(who, "session-1", minutes=10, at=late) is None


def test_nobody_is_proved_by_somebody_else(who: Member, carrier: Any) -> None:
    """M4, M8: a thief with a phone of their own, and another member's attempt."""
    proved(who, carrier, "minsu")
    assert fresh(who) is None
    other = given.company(cash_won=0).owner
    made = actions.begin_verification(who, "session-1", at=clock.now())
    actions.note_return(made.reference, other, at=clock.now())
    assert state_of(made) == VerificationState.ASKED
    assert queries.verification(other, made.reference) is None
    assert fresh(other) is None


def test_a_silent_provider_is_asked_again_and_after_an_hour_it_is_over(who: Member, carrier: Any) -> None:
    """M4"""
    made = actions.begin_verification(who, "session-1", at=clock.now())
    in_window(carrier, made.reference, JIWON)
    actions.note_return(made.reference, who, at=clock.now())
    carrier.ask("POST", "/_/faults", {"provider": "portone", "kind": "error_500"})
    with pytest.raises(wire.InDoubt):
        actions.read_identity(made.id, at=clock.now())
    assert state_of(made) == VerificationState.RETURNED
    carrier.inside("DELETE", "faults")
    ProcrastinateJob.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    for _ in range(2):
        actions.sweep_verifications(at=clock.now())
    assert ProcrastinateJob.objects.count() == 1
    given.worked(later=False)
    assert state_of(made) == VerificationState.VERIFIED
    never = proved(who, carrier, choice="")
    actions.sweep_verifications(at=clock.now() + timedelta(minutes=59))
    assert state_of(never) == VerificationState.RETURNED
    actions.sweep_verifications(at=clock.now() + timedelta(minutes=61))
    assert state_of(never) == VerificationState.FAILED
