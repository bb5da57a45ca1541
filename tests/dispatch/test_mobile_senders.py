"""M6: a colleague's mobile number becomes a sender number by a code that is texted to it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from seonmul.audit import queries as audit
from seonmul.dispatch import actions, queries, rules
from seonmul.dispatch.models import SenderNumber, SenderState
from seonmul.dispatch.rules import SenderRefusal
from seonmul.kit import crypto
from seonmul.kit.phones import SenderKind
from seonmul.kit.refusals import Refused
from seonmul.members.models import Proof
from seonmul.members.rules import ProofRefusal
from tests import given
from tests.given import MONDAY, Company

pytestmark = pytest.mark.django_db
COLLEAGUE = "010-8888-0001"
DIGITS = "01088880001"


@pytest.fixture
def firm() -> Company:
    return given.company(cash_won=0)


def refusal(does: Callable[[], object]) -> object:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


def asked(firm: Company) -> UUID:
    return actions.ask_mobile_code(firm.owner, firm.buyer.id, COLLEAGUE, at=MONDAY)


def code_of(proof_id: UUID) -> str:
    return crypto.ring().open(Proof.CODE, Proof.objects.get(id=proof_id).code_sealed)


def add(firm: Company, proof_id: UUID, digits: str) -> None:
    actions.add_mobile_by_code(firm.owner, firm.buyer.id, proof_id, digits, label="김대리", at=MONDAY)


def test_the_code_makes_it_a_number_of_whoever_asked_and_of_nobody_else(firm: Company) -> None:
    """M6: a mobile number serves only its owner, here whom the colleague gave the code."""
    proof_id = asked(firm)
    add(firm, proof_id, code_of(proof_id))
    sender = SenderNumber.objects.get(digits=DIGITS)
    assert (sender.member_id, sender.proof, sender.state) == (firm.owner.id, "code", SenderState.APPROVED)
    assert sender in queries.waiting_senders(), "an operator enters it at the carrier first"
    assert sender not in queries.senders_of(firm.buyer.id, firm.owner.id)
    actions.decide_sender(sender.id, approve=True, is_registered=True, by=given.operator(), at=MONDAY)
    assert sender in queries.senders_of(firm.buyer.id, firm.owner.id)
    assert sender not in queries.senders_of(firm.buyer.id, firm.approver.id)
    assert audit.last_act(sender.id, ["sender_added_by_code"]) is not None


def test_a_wrong_or_used_code_adds_nothing(firm: Company) -> None:
    proof_id = asked(firm)
    wrong = "000000" if code_of(proof_id) != "000000" else "000001"
    assert refusal(lambda: add(firm, proof_id, wrong)) is ProofRefusal.WRONG
    assert not SenderNumber.objects.filter(digits=DIGITS).exists()
    add(firm, proof_id, code_of(proof_id))
    assert refusal(lambda: add(firm, proof_id, code_of(proof_id))) is ProofRefusal.NONE


def test_the_colleague_takes_the_number_over_by_proving_who_they_are(firm: Company) -> None:
    """M6: whoever proved it last has it."""
    proof_id = asked(firm)
    add(firm, proof_id, code_of(proof_id))
    verified = given.verified(firm.approver, "there", phone=DIGITS)
    assert not queries.senders_asked_for(firm.buyer.id)[0].member_id == firm.approver.id
    given.verified(firm.approver, "there")  # ties the person to the member
    actions.add_proved_number(verified.id, at=MONDAY)
    assert SenderNumber.objects.get(digits=DIGITS).member_id == firm.approver.id


@pytest.mark.parametrize(
    "facts, why",
    [
        ({}, None),
        ({"standing": "rejected"}, None),
        ({"standing": "expired"}, None),
        ({"may_apply": False}, SenderRefusal.NOT_A_BUYER),
        ({"kind": SenderKind.SEOUL}, SenderRefusal.NOT_MOBILE),
        ({"kind": None}, SenderRefusal.NOT_MOBILE),
        ({"standing": "approved"}, SenderRefusal.ALREADY_APPROVED),
        ({"standing": "pending"}, SenderRefusal.ALREADY_WAITING),
    ],
)
def test_why_no_code_goes_to_a_number(facts: dict[str, object], why: object) -> None:
    good: dict[str, object] = {"may_apply": True, "kind": SenderKind.MOBILE, "standing": ""}
    no = rules.why_not_add_mobile(**(good | facts))  # type: ignore[arg-type]
    assert (no.why if no else None) is why


def test_no_code_goes_to_a_number_that_may_not_be_a_sender(firm: Company) -> None:
    for number in ("02-123-4567", "010-0123-4567", "050-1234-5678"):
        why = refusal(lambda n=number: actions.ask_mobile_code(firm.owner, firm.buyer.id, n, at=MONDAY))  # type: ignore[misc]
        assert why is SenderRefusal.NOT_MOBILE
    assert not Proof.objects.exists()
