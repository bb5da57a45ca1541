"""M5: the person in charge changes; the account, its drafts and its money stay. M5, M6"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from hypothesis import given as having
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit import queries as audit
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import queries as dispatch_now
from seonmul.dispatch.models import SenderNumber, SenderState
from seonmul.figures.rules import Figures
from seonmul.gifts import actions as gifts
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries, rules
from seonmul.members.actions import Successor
from seonmul.members.models import Handover, HandoverState, HandoverWay, Member, Proof, ProofKind, SpendMethod
from seonmul.members.rules import (
    CompanyRefusal,
    HandoverFacts,
    HandoverRefusal,
    ProfileRefusal,
    ProofPurpose,
    ProofRefusal,
    SpendRefusal,
)
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.models import Draft, OrderState
from tests import given
from tests.given import MONDAY, Company
from tests.members.handing import NEXT, asked, code_of, proved

W = HandoverWay
GOOD: dict[str, Any] = {
    "is_company": True, "way": "identity", "is_own": True, "owns_company": False, "is_verified": True,
    "has_waiting": False, "name": "박새롬", "mail": "a@b.example", "phone": "01055550001",
    "phone_now": "01020000001", "mail_now": "old@b.example", "is_mail_taken": False,
}  # fmt: skip


@pytest.mark.parametrize(
    "facts, why",
    [
        ({}, None),
        ({"is_company": False}, CompanyRefusal.NOT_A_COMPANY),
        ({"has_waiting": True}, HandoverRefusal.ALREADY_WAITING),
        ({"is_verified": False}, SpendRefusal.NOT_VERIFIED),
        ({"is_own": False}, CompanyRefusal.NOT_OWNER),
        ({"way": "owner"}, CompanyRefusal.NOT_OWNER),
        ({"way": "owner", "owns_company": True, "is_own": False}, None),
        ({"way": "owner", "owns_company": True, "is_verified": False}, SpendRefusal.NOT_VERIFIED),
        ({"way": "certificate", "is_verified": False}, PaperRefusal.MISSING),
        ({"way": "certificate", "certificate_bytes": 9}, PaperRefusal.WRONG_TYPE),
        (
            {"way": "certificate", "certificate_bytes": 9, "certificate_type": "pdf", "is_verified": False},
            None,
        ),
        ({"way": "certificate", "is_own": False}, CompanyRefusal.NOT_OWNER),
        ({"name": ""}, ProfileRefusal.NO_NAME),
        ({"phone": None}, HandoverRefusal.PHONE_FORM),
        ({"phone": "01020000001"}, HandoverRefusal.SAME_PHONE),
        ({"mail": ""}, ProfileRefusal.NO_MAIL),
        ({"mail": "old@b.example"}, HandoverRefusal.SAME_MAIL),
        ({"is_mail_taken": True}, ProfileRefusal.MAIL_TAKEN),
    ],
)
def test_on_whose_word_an_account_changes_hands(facts: dict[str, Any], why: object) -> None:
    no = rules.why_not_hand_over(HandoverFacts(**(GOOD | facts)))
    assert (no.why if no else None) is why


def test_why_a_decision_is_not_taken() -> None:
    for facts, why in (
        ((False, True, ""), HandoverRefusal.NOT_WAITING),
        ((True, False, " "), HandoverRefusal.NO_REASON),
        ((True, False, "다른 회사"), None),
        ((True, True, ""), None),
    ):
        waiting, approve, reason = facts
        no = rules.why_not_decide_handover(waiting, approve=approve, reason=reason)
        assert (no.why if no else None) is why


@having(before=st.none() | st.integers(-500, 500), hours=st.integers(0, 336))
def test_a_pause_that_holds_is_never_shortened(before: int | None, hours: int) -> None:
    now = None if before is None else MONDAY + timedelta(hours=before)
    until = rules.blocked_at_first(now, figures=Figures(handover_block_hours=hours), at=MONDAY)
    assert until >= MONDAY + timedelta(hours=hours) and (now is None or until >= now)


@pytest.fixture
def firm(db: None) -> Company:
    return given.company()


def refusal(does: Callable[[], object]) -> object:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


def test_a_typed_mail_address_opens_nothing_until_it_is_proved(firm: Company) -> None:
    """M1, M5: whoever goes may have typed an address of their own, their old one not at all."""
    old = firm.owner.mail
    same = Successor(NEXT.name, NEXT.phone, old)
    assert refusal(lambda: asked(firm.owner, typed=same)) is HandoverRefusal.SAME_MAIL
    proved(asked(firm.owner))
    code = actions.ask_proof(ProofKind.MAIL, NEXT.mail, ProofPurpose.RECOVER, at=MONDAY)
    assert queries.proof_letter(code.id, MONDAY) is None and queries.members_at("mail", NEXT.mail) == []
    Proof.objects.filter(id=code.id).update(proved_at=MONDAY)
    no = refusal(lambda: actions.recover(code.id, firm.owner.login, "another-phrase-77", at=MONDAY))
    assert no is ProofRefusal.UNPROVED
    assert [one.id for one in queries.members_at("phone", "01055550001")] == [firm.owner.id]
    signing_up = actions.ask_proof(ProofKind.MAIL, NEXT.mail, ProofPurpose.SIGN_UP, at=MONDAY)
    letter = queries.proof_letter(signing_up.id, MONDAY)
    assert letter is not None and letter.code == "", "taken it is all the same"
    typed = actions.Profile(NEXT.name, NEXT.mail, marketing_consent=False, auto_sender=False)
    own = given.verified(Member.objects.get(id=firm.owner.id), "here")
    proof = actions.change_profile(firm.owner.id, typed, own, at=MONDAY)
    assert proof is not None, "the new person proves it where the profile is saved"
    Proof.objects.filter(id=proof.id).update(proved_at=MONDAY)
    actions.take_mail(firm.owner.id, proof.id, at=MONDAY)
    assert [one.id for one in queries.members_at("mail", NEXT.mail)] == [firm.owner.id]


def test_the_account_becomes_another_persons(firm: Company) -> None:
    """M5: profile follows, nothing of the old person's opens it any more, spending stops for a day."""
    owner = firm.owner
    actions.set_payment_password(owner.id, "pay-with-this-1", at=MONDAY)
    Member.objects.filter(id=owner.id).update(
        spend_method=SpendMethod.PAYMENT_PASSWORD, marketing_consent=True
    )
    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={})
    browser = Client()
    browser.force_login(owner)
    before = (owner.name, owner.mail, queries.phone_of(owner))
    row = proved(asked(owner))
    owner.refresh_from_db()
    assert row.state == HandoverState.DONE
    assert (owner.name, owner.mail, queries.phone_of(owner)) == (NEXT.name, NEXT.mail, "01055550001")
    assert not owner.check_password("long-enough-1") and not owner.has_usable_password()
    assert (owner.payment_password, owner.spend_method) == ("", SpendMethod.PHONE_CODE)
    assert not owner.marketing_consent and not queries.has_second_factor(owner)
    assert owner.spend_blocked_until == MONDAY + timedelta(hours=24)
    assert browser.get("/my/")["Location"].startswith("/login/"), "the old person's session has ended"
    old = queries.predecessor(row)
    assert (old.name, old.mail, old.phone) == before
    act = audit.last_act(row.id, ["person_changed"])
    assert act is not None and act.company == str(firm.buyer.id) and NEXT.name not in str(act.facts)
    assert queries.members_at("phone", "01055550001") == [owner], "recovery leads the new person in"


def test_drafts_and_numbers_go_over_in_the_same_act(firm: Company) -> None:
    """M5, M6: a draft lets go of the old person's number; the new one waits for the carrier."""
    owner = firm.owner
    old = SenderNumber.objects.create(
        buyer=firm.buyer, member=owner, digits=queries.phone_of(owner), state=SenderState.APPROVED,
        is_registered_at_carrier=True, added_at=MONDAY,
    )  # fmt: skip
    draft = given.draft(firm, given.numbers(2), sender=old.digits)
    kept = given.draft(firm, given.numbers(2), sender="15770000")
    order = given.placed(firm, given.numbers(2), sender="15770000")
    row = proved(asked(owner))
    old.refresh_from_db()
    assert old.state == SenderState.EXPIRED and not old.is_registered_at_carrier
    new = SenderNumber.objects.get(digits="01055550001")
    assert (new.member_id, new.proof, new.is_registered_at_carrier) == (owner.id, "code", False)
    assert new in dispatch_now.waiting_senders()
    assert Draft.objects.get(id=draft.id).sender == "15770000" == Draft.objects.get(id=kept.id).sender
    handed = {one["what"]: one for one in row.handed}
    assert set(handed["draft"]["names"]) == {draft.public_id, kept.public_id}
    assert handed["order"]["names"] == [order.public_id] and handed["sender_ended"]["count"] == 1


def test_a_scheduled_order_goes_over_and_out_at_its_time(firm: Company) -> None:
    """M5, O5: its money stays held, the new person may move or cancel it, and it goes when its time has come."""
    later = MONDAY + timedelta(days=2)
    order, other = (
        given.placed(firm, given.numbers(2), is_later=True, send_at=later, sender="15770000")
        for _ in range(2)
    )
    row = proved(asked(firm.owner))
    (handed,) = [one for one in row.handed if one["what"] == "order"]
    assert handed["count"] == 2 and set(handed["names"]) == {order.public_id, other.public_id}
    assert set(orders_now.orders_under_way_of(firm.owner.id)) == {order.public_id, other.public_id}
    orders.reschedule(order.id, later + timedelta(hours=1), by=firm.owner, at=MONDAY + timedelta(hours=25))
    assert orders.cancel_waiting(other.id, by=firm.owner, at=MONDAY + timedelta(hours=25)) == other.amount_won
    gifts.start(order.id, at=later)
    assert orders_now.order(order.id).state == OrderState.PAID
    gifts.start(order.id, at=later + timedelta(hours=1))
    order.refresh_from_db()
    assert (order.state, order.member_id) == (OrderState.SENDING, firm.owner.id)


def test_when_one_app_cannot_hand_over_nothing_changes(firm: Company, settings: Any) -> None:
    """M5: in the same act, or not at all."""
    settings.HANDERS = [*settings.HANDERS, "tests.members.test_handing_over.Broken"]
    row = asked(firm.owner)
    with pytest.raises(RuntimeError):
        proved(row)
    row.refresh_from_db()
    firm.owner.refresh_from_db()
    assert row.state == HandoverState.ASKED and firm.owner.name == "김대표"
    assert firm.owner.has_usable_password() and not SenderNumber.objects.filter(digits="01055550001").exists()


class Broken:
    def hand_over(self, change: object, *, at: object) -> list[object]:
        raise RuntimeError("an app that fails")


def test_a_wrong_code_counts_and_changes_nothing(firm: Company) -> None:
    row = asked(firm.owner)
    wrong = "000000" if code_of(row) != "000000" else "000001"

    def tries(digits: str) -> object:
        return refusal(
            lambda: actions.prove_handover(row.id, digits, firm.owner, is_verified=True, at=MONDAY)
        )

    assert [tries(wrong) for _ in range(4)] == [ProofRefusal.WRONG] * 4
    assert tries(wrong) is ProofRefusal.SPENT and tries(code_of(row)) is ProofRefusal.SPENT
    firm.owner.refresh_from_db()
    assert firm.owner.name == "김대표"


def test_the_verification_must_still_hold_when_the_code_comes(firm: Company) -> None:
    row = asked(firm.owner)
    assert refusal(lambda: proved(row, is_verified=False)) is SpendRefusal.NOT_VERIFIED
    assert proved(row).state == HandoverState.DONE, "the proved number is kept meanwhile"
    assert refusal(lambda: proved(row)) is HandoverRefusal.NOT_WAITING


def test_an_owner_changes_the_account_of_somebody_in_the_company_only(firm: Company) -> None:
    row = proved(asked(firm.owner, firm.approver, W.OWNER))
    firm.approver.refresh_from_db()
    assert row.state == HandoverState.DONE and firm.approver.name == NEXT.name
    stranger = given.company()
    assert refusal(lambda: asked(firm.owner, stranger.approver, W.OWNER)) is CompanyRefusal.NOT_OWNER
    assert refusal(lambda: asked(firm.approver, firm.owner, W.OWNER)) is CompanyRefusal.NOT_OWNER


def test_a_certificate_waits_for_staff(firm: Company) -> None:
    """M5: until staff have seen it nothing changes, and only one waits."""
    row = proved(asked(firm.owner, way=W.CERTIFICATE))
    assert row.state == HandoverState.WAITING and queries.waiting_handovers() == [row]
    firm.owner.refresh_from_db()
    assert firm.owner.name == "김대표" and firm.owner.spend_blocked_until is None
    assert refusal(lambda: asked(firm.owner)) is HandoverRefusal.ALREADY_WAITING
    staff = given.operator()

    def decide(**more: Any) -> None:
        actions.decide_handover(row.id, by=staff, at=MONDAY, **more)

    assert refusal(lambda: decide(approve=False)) is HandoverRefusal.NO_REASON
    decide(approve=True)
    firm.owner.refresh_from_db()
    assert firm.owner.name == NEXT.name
    assert refusal(lambda: decide(approve=True)) is HandoverRefusal.NOT_WAITING


def test_a_refused_or_withdrawn_change_changes_nothing(firm: Company) -> None:
    row = proved(asked(firm.owner, way=W.CERTIFICATE))
    actions.decide_handover(row.id, approve=False, reason="다른 회사", by=given.operator(), at=MONDAY)
    later = MONDAY + timedelta(hours=1)
    again = proved(asked(firm.owner, way=W.CERTIFICATE, at=later), at=later)
    stranger = given.company().owner
    withdraw = actions.withdraw_handover
    assert refusal(lambda: withdraw(again.id, by=stranger, at=later)) is HandoverRefusal.NOT_WAITING
    withdraw(again.id, by=firm.owner, at=later)
    assert {one.state for one in Handover.objects.all()} == {HandoverState.REFUSED, HandoverState.WITHDRAWN}
    firm.owner.refresh_from_db()
    assert firm.owner.name == "김대표" and firm.owner.check_password("long-enough-1")


def test_asking_again_ends_the_first_and_a_taken_mail_stops_it(firm: Company) -> None:
    first = asked(firm.owner)
    second = asked(firm.owner)
    first.refresh_from_db()
    assert first.state == HandoverState.WITHDRAWN
    Member.objects.filter(id=firm.approver.id).update(mail=NEXT.mail)
    assert refusal(lambda: proved(second)) is ProfileRefusal.MAIL_TAKEN
    person = given.person()
    assert refusal(lambda: asked(person)) is CompanyRefusal.NOT_A_COMPANY
    same = Successor("박새롬", queries.phone_of(firm.owner), "x@y.example")
    assert refusal(lambda: asked(firm.owner, typed=same)) is HandoverRefusal.SAME_PHONE


def test_jobs_name_the_change_only(firm: Company) -> None:
    row = proved(asked(firm.owner))
    (job,) = ProcrastinateJob.objects.filter(task_name="notices.on.members.handover_moved")
    assert job.args == {"handover_id": str(row.id)}


def test_the_old_number_can_come_back(firm: Company) -> None:
    """M6: who proves a number once more has it once more."""
    verified = given.verified(firm.owner, "here")
    dispatch.add_proved_number(verified.id, at=MONDAY)
    dispatch.end_own_senders(firm.owner.id, at=MONDAY)
    dispatch.add_proved_number(verified.id, at=MONDAY)
    assert SenderNumber.objects.get(member=firm.owner).state == SenderState.APPROVED
