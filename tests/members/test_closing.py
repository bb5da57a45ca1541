"""Leaving, erasing, and what law keeps. M9"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection
from hypothesis import given as for_all
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit.models import Act
from seonmul.dispatch.models import SenderNumber
from seonmul.figures import actions as figures
from seonmul.figures.rules import Figures
from seonmul.kit import clock, crypto, masks
from seonmul.kit.refusals import Refusal, Refused
from seonmul.ledger import actions as ledger
from seonmul.ledger import queries as books
from seonmul.members import actions, queries, rules
from seonmul.members.models import (
    Buyer,
    Consent,
    Conversion,
    ConversionKind,
    ConversionState,
    Device,
    Erasure,
    Handover,
    HandoverWay,
    Invitation,
    JoinRequest,
    JoinState,
    Kept,
    Member,
    Membership,
    Role,
)
from seonmul.members.rules import CloseRefusal, ClosingFacts
from seonmul.orders import actions as orders
from seonmul.orders.models import Draft, Order
from seonmul.payments import actions as payments
from seonmul.payments.models import Payment, PaymentRefund, Payout
from tests import given
from tests.given import MONDAY, PAPERS, Company
from tests.members.handing import asked, proved
from tests.threads import at_once

LATER = MONDAY + timedelta(hours=2)


def refusal(does: Callable[..., object], *args: Any, **named: Any) -> Refusal:
    with pytest.raises(Refused) as refused:
        does(*args, **named)
    return refused.value.no.why


def close(who: Member, at: datetime = LATER, **more: Any) -> None:
    named = {"is_proved": True, "gives_up_reward": False} | more
    orders.close_account(who, **named, at=at)


# the rule

COUNTS = st.integers(0, 3)


@for_all(
    orders=COUNTS, held=COUNTS, cash=COUNTS, reward=COUNTS, proved=st.booleans(), agreed=st.booleans(),
    others=st.booleans(), closed=st.booleans(), staff=st.booleans(),
)  # fmt: skip
def test_an_account_with_anything_open_is_never_closed(
    orders: int, held: int, cash: int, reward: int, proved: bool, agreed: bool, others: bool, closed: bool, staff: bool
) -> None:  # fmt: skip
    """M9: money, orders, colleagues, and never without knowing who asks."""
    facts = ClosingFacts(proved, closed, staff, others, orders, held, cash, reward, agreed)
    is_open = bool(orders or held or cash or others or closed or staff)
    may = not is_open and proved and (agreed or not reward)
    assert (rules.why_not_close(facts) is None) is may
    assert bool(rules.what_hinders_closing(facts)) is is_open


@pytest.mark.parametrize(
    "more, why",
    [
        ({"is_closed": True}, CloseRefusal.CLOSED), ({"is_staff": True}, CloseRefusal.STAFF),
        ({"leaves_others": True}, CloseRefusal.HAND_OVER), ({"orders_under_way": 2}, CloseRefusal.ORDERS),
        ({"held_won": 5}, CloseRefusal.HELD), ({"cash_won": 5}, CloseRefusal.CASH),
        ({"on_its_way": 2}, CloseRefusal.ON_ITS_WAY), ({"reward_won": 5}, CloseRefusal.REWARD), ({"is_proved": False}, CloseRefusal.NOT_PROVED),
        ({"undelivered": 3}, CloseRefusal.UNDELIVERED), ({"claims": 1}, CloseRefusal.CLAIMS),
        ({"is_weighty": True, "by_password": True}, CloseRefusal.NOT_VERIFIED),
        ({"is_weighty": True, "is_proved": False}, CloseRefusal.NOT_VERIFIED),
    ],
)  # fmt: skip
def test_each_reason_has_its_sentence(more: dict[str, Any], why: CloseRefusal) -> None:
    plain: dict[str, Any] = {
        "is_proved": True, "is_closed": False, "is_staff": False, "leaves_others": False, "orders_under_way": 0,
        "held_won": 0, "cash_won": 0, "reward_won": 0, "gives_up_reward": False,
        "on_its_way": 0,
    }  # fmt: skip
    no = rules.why_not_close(ClosingFacts(**(plain | more)))
    assert no and no.why is why and "{" not in no.say() and no.say().endswith(("니다.", "세요."))


# closing


@pytest.fixture
def person(db: None) -> Member:
    return given.person()


def test_a_person_leaves_and_what_is_open_is_taken_back(person: Member) -> None:
    """M9"""
    firm = given.company()
    JoinRequest.objects.create(buyer=firm.buyer, member=person, asked_at=MONDAY)
    applied = actions.apply_for_conversion(
        person, ConversionKind.BUSINESS, company_name="새 회사", business_number=given.business_number(),
        certificate=PAPERS["pdf"], at=MONDAY,
    )  # fmt: skip
    close(person)
    person.refresh_from_db()
    assert not person.is_active and not person.has_usable_password() and person.closed_at == LATER
    assert JoinRequest.objects.get().state == JoinState.WITHDRAWN
    assert Conversion.objects.get(id=applied.id).state == ConversionState.WITHDRAWN
    buyer = queries.buyer_of(person)
    assert buyer and buyer.closed_at == LATER
    assert refusal(close, person) is CloseRefusal.CLOSED
    assert Act.objects.filter(verb="account_closed").count() == 1


def test_cash_held_money_and_orders_stand_in_the_way(db: None) -> None:
    """M9: nothing is discarded by a refusal."""
    rich = given.person(cash_won=1_000)
    assert refusal(close, rich) is CloseRefusal.CASH
    firm = given.company(cash_won=9_000)
    Membership.objects.filter(member=firm.approver).delete()
    draft = given.draft(firm, given.numbers(1))
    given.placed(firm, given.numbers(2))
    assert refusal(close, firm.owner) is CloseRefusal.ORDERS
    Order.objects.update(state="sending")
    Order.objects.update(state="finished")
    assert refusal(close, firm.owner) is CloseRefusal.HELD
    assert Draft.objects.filter(id=draft.id).exists() and Member.objects.get(id=firm.owner.id).is_active


def test_reward_is_given_up_knowingly_and_leaves_the_books_in_balance(person: Member) -> None:
    """M9"""
    buyer = queries.buyer_of(person)
    assert buyer
    ledger.give(buyer.id, 700, expires_at=clock.now() + timedelta(days=90), cause="gift", at=MONDAY)
    assert refusal(close, person) is CloseRefusal.REWARD
    close(person, gives_up_reward=True)
    assert books.balances(buyer.id).reward_won == 0
    assert not books.faults()


def test_the_last_owner_hands_over_first(db: None) -> None:
    """M9"""
    firm = given.company()
    assert refusal(close, firm.owner) is CloseRefusal.HAND_OVER
    actions.set_place(
        firm.owner, firm.approver.id, role=Role.OWNER, department_id=None, monthly_limit_won=None,
        sees_numbers=True, is_verified=True, at=MONDAY,
    )  # fmt: skip
    mine = given.draft(firm, given.numbers(1))
    invited = actions.invite(firm.owner, "new@firm.example", Role.BUYER, is_verified=True, at=MONDAY)
    close(firm.owner)
    firm.buyer.refresh_from_db()
    assert firm.buyer.closed_at is None, "the company goes on, with its money"
    assert not Draft.objects.filter(id=mine.id).exists()
    assert Invitation.objects.get(id=invited.id).withdrawn_at == LATER
    assert [place.member for place in queries.places_of(firm.buyer.id)] == [firm.approver]


def test_the_last_member_ends_the_company_and_frees_its_number(db: None) -> None:
    """M9"""
    firm = given.company(cash_won=0)
    close(firm.approver)
    invited = actions.invite(firm.owner, "new@firm.example", Role.BUYER, is_verified=True, at=MONDAY)
    close(firm.owner)
    firm.buyer.refresh_from_db()
    assert firm.buyer.closed_at == LATER and Invitation.objects.get(id=invited.id).withdrawn_at == LATER
    assert queries.company_by_number(firm.buyer.business_number) is None
    assert actions.make_buyer("company", "다시", business_number=firm.buyer.business_number, at=LATER)


def test_without_proof_of_who_asks_nothing_happens(person: Member) -> None:
    """M9"""
    assert refusal(close, person, is_proved=False) is CloseRefusal.NOT_PROVED
    assert Member.objects.get(id=person.id).is_active


def test_the_number_that_leaves_is_nobody_s_sender_and_is_told(person: Member, carrier: Any) -> None:
    """M9, M6"""
    verification = given.verified(person, "session")
    given_number = queries.proved_number(verification.id)
    assert given_number
    SenderNumber.objects.create(
        buyer_id=given_number.buyer_id, member=person, digits=given_number.phone, state="approved",
        added_at=MONDAY,
    )  # fmt: skip
    close(person)
    given.worked(later=False)
    assert not SenderNumber.objects.exists()
    told = carrier.ask("GET", f"/_/messages?to={given_number.phone}").json
    assert "탈퇴를 처리했습니다" in told[0]["text"]


# erasing


def everything_of(who: Member, firm: Company) -> None:
    """A row in each table that knows something personal of this member."""
    given.device(who)
    given.device(who, key="another")
    given.verified(who, "session")
    actions.ask_proof("mail", who.mail, rules.ProofPurpose.RECOVER, at=MONDAY)
    actions.ask_spend_code(who.id, rules.Purpose("a", 1, 1), at=MONDAY)
    actions.note_wrong_login(who.login, at=MONDAY)
    Authenticator.objects.create(user=who, type="webauthn", data={"name": "열쇠"})
    Consent.objects.create(member=who, kind="marketing", version="1", given_at=MONDAY)
    actions.invite(firm.owner, who.mail, Role.BUYER, is_verified=True, at=MONDAY)
    actions.apply_for_conversion(
        who, ConversionKind.BUSINESS, company_name="새 회사", representative=who.name,
        business_number=given.business_number(), certificate=PAPERS["pdf"], at=MONDAY,
    )  # fmt: skip


def text_of_all_tables() -> str:
    """Every row of every table of ours, but for the queue."""
    found = []
    tables = {model._meta.db_table for model in apps.get_models()}
    with connection.cursor() as cursor:
        for table in sorted(name for name in tables if not name.startswith("procrastinate")):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.fixture
def gone(db: None) -> Member:
    """Somebody with a row in every table, who left two hours after."""
    who = given.person()
    everything_of(who, given.company())
    close(who)
    return who


def test_nothing_personal_is_left_but_what_law_keeps(gone: Member) -> None:
    """M9: login, name, mail and phone stand in no table, and in no sealed value outside of what is kept apart."""
    phone_index, mail = bytes(gone.phone_index).hex(), gone.mail
    before = text_of_all_tables()
    assert gone.login in before and mail in before and gone.name in before and phone_index in before
    actions.erase(gone.id, at=LATER)
    after = text_of_all_tables()
    for word in (gone.login, mail, gone.name, phone_index):
        assert word not in after, word
    left = {
        model.__name__
        for model in apps.get_models()
        for field in model._meta.fields
        if field.related_model is Member and model._default_manager.filter(**{field.name: gone}).exists()
    }
    assert left == {"Membership", "Kept", "Conversion"}
    paper = Conversion.objects.get()
    assert (paper.certificate, paper.representative) == ("", "")


def test_the_name_of_a_person_s_gifts_stays_masked_as_it_was(gone: Member) -> None:
    """M9, V5"""
    buyer = queries.buyer_of(gone)
    assert buyer
    actions.erase(gone.id, at=LATER)
    buyer.refresh_from_db()
    assert buyer.name[0] == "김" and set(buyer.name[1:-1]) == {"*"}


def test_the_report_counts_and_names_nobody(gone: Member) -> None:
    """M9"""
    actions.erase(gone.id, at=LATER)
    actions.erase(gone.id, at=LATER)
    report = Erasure.objects.get()
    assert (report.kind, report.members, report.day) == ("closed", 1, clock.seoul_date(LATER))
    wanted = {
        "members": 1,
        "devices": 2,
        "verifications": 1,
        "second_factors": 1,
        "certificates": 1,
        "buyers": 1,
    }
    assert wanted.items() <= report.counts.items() and report.counts["proofs"] == 1
    other = given.person()
    close(other)
    actions.erase(other.id, at=LATER)
    report.refresh_from_db()
    assert report.members == 2 and report.counts["members"] == 2, "one report a day"


def test_what_law_keeps_is_sealed_apart_for_its_term(db: None) -> None:
    """M9: five years for who paid, half a year for marketing, three months for logins; then it goes too."""
    firm = given.company(cash_won=4_500)
    close(firm.approver)
    given.device(firm.owner)
    Consent.objects.create(member=firm.owner, kind="marketing", version="1", given_at=MONDAY)
    given.placed(firm, given.numbers(1))
    given.worked(later=False)
    Order.objects.filter(state="sending").update(state="finished")
    close(firm.owner)
    actions.erase(firm.owner.id, at=LATER)
    kept = queries.kept(firm.owner)
    assert set(kept) == {"contract", "payment", "advertising", "access"}
    assert kept["contract"]["login"] == firm.owner.login and len(kept["payment"]["authorised"]) == 1
    assert (kept["payment"]["orders"]["count"], kept["payment"]["orders"]["total_won"]) == (1, 4_500)
    assert kept["access"][0]["address"] == "203.0.*.*"
    assert firm.owner.login not in text_of_all_tables()
    for days, left in ((91, 4), (93, 3), (190, 2), (1_820, 2), (1_830, 0)):
        actions.erase_kept(at=LATER + timedelta(days=days))
        assert Kept.objects.count() == left, days
    assert [row.counts for row in Erasure.objects.filter(kind="term").order_by("day")] == [
        {"kept": 1}, {"kept": 1}, {"kept": 2},
    ]  # fmt: skip


NUMBER, HOLDER = "11012345678901", "김시험"


def money_of(who: Member, refund_state: str = "done") -> list[Payment | PaymentRefund | Payout]:
    """A charge, what of it went back to a bank account, and a pay-out of the rest, all done."""
    ring, buyer = crypto.ring(), queries.buyer_of(who)
    charge = Payment.objects.create(
        kind="account", state="paid", buyer=buyer, member=who, won=9_000, paid_won=9_000, asked_at=MONDAY,
        ends_at=MONDAY, paid_at=MONDAY, bank="shinhan", number_sealed=ring.seal(Payment.NUMBER, "9876543210987"),
        holder_sealed=ring.seal(Payment.HOLDER, HOLDER),
    )  # fmt: skip
    refund = PaymentRefund.objects.create(
        payment=charge, won=4_000, why="parked", cause=f"test:{who.id}", state=refund_state, bank="kookmin", asked_at=MONDAY,
        number_sealed=ring.seal(PaymentRefund.NUMBER, NUMBER), holder_sealed=ring.seal(PaymentRefund.HOLDER, HOLDER),
    )  # fmt: skip
    payout = Payout.objects.create(
        buyer=buyer, member=who, won=5_000, bank="kookmin", state="done", asked_at=MONDAY, hold_id=charge.id,
        number_sealed=ring.seal(Payout.NUMBER, NUMBER), told_sealed=ring.seal(Payout.TOLD, HOLDER),
    )  # fmt: skip
    return [charge, refund, payout]


def sealed_of(row: Payment | PaymentRefund | Payout) -> set[bytes]:
    row.refresh_from_db()
    found = [field.name for field in row._meta.fields if field.name.endswith("_sealed")]
    return {bytes(getattr(row, name)) for name in found}


def test_no_sealed_value_is_left_of_the_bank_accounts_of_who_left(db: None) -> None:
    """M9, P5: numbers and holders go from charges, refunds and pay-outs; law keeps where the money went, set apart."""
    who, other = given.person(), given.company(cash_won=0)
    mine, theirs = money_of(who), money_of(other.approver)
    close(who)
    close(other.approver)
    for one in (who, other.approver):
        actions.erase(one.id, at=LATER)
    assert all(sealed_of(row) == {b""} for row in mine)
    assert not any(b"" in sealed_of(row) for row in theirs), "the company goes on, and they are its own"
    went = queries.kept(who)["payment"]["accounts"]
    assert [(row["won"], row["number"], row["holder"]) for row in went] == [
        (4_000, NUMBER, HOLDER), (5_000, NUMBER, HOLDER),
    ]  # fmt: skip
    counts = Erasure.objects.get(kind="closed").counts
    assert {counts[f"accounts_of_{what}"] for what in ("charges", "refunds", "payouts")} == {1}


def test_an_account_that_money_is_still_on_its_way_to_is_erased_when_it_has_arrived(db: None) -> None:
    """M9: finance may return a deposit after the person is gone."""
    who = given.person()
    close(who)
    _, refund, _ = money_of(who, "sent")
    actions.erase(who.id, at=LATER)
    assert b"" not in sealed_of(refund)
    PaymentRefund.objects.update(state="done")
    payments.erase_accounts()
    assert sealed_of(refund) == {b""}
    assert payments.erase_accounts() == dict.fromkeys(payments.erase_accounts(), 0)


def test_who_paid_only_by_card_has_a_contract_too(db: None) -> None:
    """M9: no payment code and no cash stands in the books, but law keeps what was paid."""
    who = given.person()
    Payment.objects.create(
        kind="card", state="paid", buyer=queries.buyer_of(who), member=who, won=4_500, paid_won=4_500,
        asked_at=MONDAY, ends_at=MONDAY, paid_at=MONDAY, subject="S",
    )  # fmt: skip
    close(who)
    actions.erase(who.id, at=LATER)
    kept = queries.kept(who)
    assert set(kept) == {"contract", "payment"} and kept["contract"]["name"] == who.name
    assert (kept["payment"]["payments"]["count"], kept["payment"]["payments"]["total_won"]) == (1, 4_500)


def test_of_whoever_never_paid_nor_agreed_nothing_is_kept(db: None) -> None:
    """M9"""
    who = given.person()
    close(who)
    actions.erase(who.id, at=LATER)
    assert not Kept.objects.exists()


def test_the_same_person_signs_up_again_with_everything_the_same(gone: Member) -> None:
    """M9: login id, mail and phone are free."""
    phone, mail, login = queries.phone_of(gone), gone.mail, gone.login
    given.worked()
    assert Member.objects.get(id=gone.id).erased_at, "the job of closing has done it"
    assert not queries.is_login_taken(login, LATER)
    again = actions.make_member(login, "long-enough-1", "김시험", phone=phone, mail=mail, at=LATER)
    assert queries.members_at("mail", mail) == queries.members_at("phone", phone) == [again]


def test_with_days_to_wait_nothing_is_erased_before(db: None) -> None:
    """M9"""
    figures.change("closing_days", 7, by="test", at=MONDAY)
    who = given.person()
    close(who)
    actions.sweep_closed(at=LATER + timedelta(days=6))
    given.worked()
    assert Member.objects.get(id=who.id).erased_at is None
    actions.erase(who.id, at=LATER + timedelta(days=6, hours=23))
    assert Member.objects.get(id=who.id).erased_at is None
    actions.erase(who.id, at=LATER + timedelta(days=7))
    assert Member.objects.get(id=who.id).erased_at


def test_the_sweep_finds_whom_a_lost_job_left(gone: Member) -> None:
    """M9"""
    ProcrastinateJob.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    actions.sweep_closed(at=clock.now() + timedelta(days=1))
    assert ProcrastinateJob.objects.filter(task_name="members.erase").count() == 1


def test_devices_and_buyers_of_others_are_not_touched(gone: Member) -> None:
    other = given.person()
    given.device(other)
    actions.erase(gone.id, at=LATER)
    assert Device.objects.filter(member=other).count() == 1
    buyer = queries.buyer_of(other)
    assert buyer and "*" not in buyer.name and Buyer.objects.filter(closed_at=None, id=buyer.id).exists()


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_do_not_both_leave_the_others_alone() -> None:
    """M9, M7: a company with people in it is never without an owner."""
    firm = given.company()
    second = actions.make_member(
        "second1", "long-enough-1", "박대표", phone="01055550001", mail="second@firm.example", at=MONDAY,
        buyer=firm.buyer,
    )  # fmt: skip
    outcomes = at_once([partial(close, firm.owner), partial(close, second)])
    refused = [one.no.why for one in outcomes if one is not None]
    assert refused == [CloseRefusal.HAND_OVER] and queries.owners(firm.buyer.id) == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_comes_into_a_company_that_ends_at_the_same_moment() -> None:
    """M9: either the guest is in and the owner hands over, or the company ended and the invitation is gone."""
    firm = given.company(cash_won=0)
    close(firm.approver)
    invited, guest = (
        actions.invite(firm.owner, "new@firm.example", Role.BUYER, is_verified=True, at=MONDAY),
        given.person(),
    )
    link = queries.link_of(invited)
    left, came = at_once(
        [partial(close, firm.owner), partial(actions.accept_invitation, link, guest, at=LATER)]
    )
    firm.buyer.refresh_from_db()
    people = [place.member_id for place in queries.places_of(firm.buyer.id)]
    if left is None:
        assert firm.buyer.closed_at and people == [firm.owner.id] and isinstance(came, Refused)
    else:
        assert firm.buyer.closed_at is None and set(people) == {firm.owner.id, guest.id}
        assert left.no.why is CloseRefusal.HAND_OVER


@pytest.mark.django_db(transaction=True)
def test_erased_twice_at_once_is_reported_once() -> None:
    """M9"""
    who = given.person()
    close(who)
    assert at_once([partial(actions.erase, who.id, at=LATER)] * 4) == [None] * 4
    assert Erasure.objects.get().members == 1


def test_a_change_of_person_that_waits_is_taken_back_and_leaves_nothing(db: None) -> None:
    """M5, M9: for staff nothing waits of an account that is closed."""
    firm = given.company(cash_won=0)
    row = proved(asked(firm.approver, way=HandoverWay.CERTIFICATE))
    close(firm.approver)
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("withdrawn", LATER)
    actions.erase(firm.approver.id, at=LATER)
    row.refresh_from_db()
    ring = crypto.ring()
    assert row.certificate == "" and ring.open(Handover.PHONE, row.phone_sealed) == ""


# what still comes, and what stays behind


def charging(who: Member) -> None:
    """Somebody asks for an account to pay into, and nobody has paid yet."""
    payments.ask_charge(who, 50_000, "shinhan", at=MONDAY)


def test_an_open_account_stands_in_the_way(person: Member) -> None:
    """M9, P2: a deposit would come to an account that nobody opens."""
    charging(person)
    assert refusal(close, person) is CloseRefusal.ON_ITS_WAY
    charge = Payment.objects.get()
    payments.close_charge(charge.id, by=person, at=MONDAY)
    assert refusal(close, person) is CloseRefusal.ON_ITS_WAY, "the provider has not closed it yet"
    Payment.objects.update(state="ended")
    close(person)


def test_a_refund_that_is_not_done_stands_in_the_way(person: Member) -> None:
    """M9, P5: what cannot be given back is paid by hand, to somebody who is there."""
    charging(person)
    Payment.objects.update(state="paid", paid_won=50_000, paid_at=MONDAY)
    charge = Payment.objects.get()
    refund = PaymentRefund.objects.create(payment=charge, won=1, why="order", cause="x", asked_at=MONDAY)
    assert refusal(close, person) is CloseRefusal.ON_ITS_WAY
    PaymentRefund.objects.filter(id=refund.id).update(state="done")
    close(person)


def joined(who: Member) -> Company:
    """Somebody with an account of their own who came into a company by an invitation to another mailbox."""
    firm = given.company(cash_won=0)
    invited = actions.invite(firm.owner, "elsewhere@mail.example", Role.BUYER, is_verified=True, at=MONDAY)
    actions.accept_invitation(queries.link_of(invited), who, at=MONDAY)
    return firm


def test_of_whoever_joined_a_company_no_name_and_no_other_mailbox_is_left(person: Member) -> None:
    """M9, M7: the buyer of one's own ends with the joining; recipients read its masked name, as before."""
    own = queries.buyer_of(person)
    assert own
    joined(person)
    own.refresh_from_db()
    assert own.closed_at == MONDAY and own.name == masks.mask_name(person.name) != person.name
    close(person)
    actions.erase(person.id, at=LATER)
    assert person.name not in text_of_all_tables()
    invited = Invitation.objects.get()
    assert queries.mail_of(invited) == "" and bytes(invited.mail_index) == b""


def test_an_invitation_whose_days_are_over_is_erased_with_whom_it_invited(person: Member) -> None:
    """M9"""
    for one in (given.company(), given.company()):
        actions.invite(one.owner, person.mail, Role.BUYER, is_verified=True, at=MONDAY)
    late = MONDAY + timedelta(days=8)
    close(person, at=late)
    actions.erase(person.id, at=late)
    assert {queries.mail_of(row) for row in Invitation.objects.all()} == {""}


def test_old_invitations_forget_where_they_went(db: None) -> None:
    """M9: thirty days after their end, also two of one company at once; one that is open keeps its address."""
    firm = given.company()
    for name in ("a", "b", "c"):
        actions.invite(firm.owner, f"{name}@mail.example", Role.BUYER, is_verified=True, at=MONDAY)
    over = MONDAY + timedelta(days=Figures().invitation_days + Figures().invitation_kept_days)
    fresh = actions.invite(firm.owner, "d@mail.example", Role.BUYER, is_verified=True, at=over)
    assert actions.forget_invitations(at=over - timedelta(seconds=1)) == 0
    assert actions.forget_invitations(at=over) == 3 and actions.forget_invitations(at=over) == 0
    assert sorted(queries.mail_of(row) for row in Invitation.objects.all()) == ["", "", "", "d@mail.example"]
    assert queries.open_invitations(firm.buyer.id, over) == [fresh]
