"""M7, M8: working as a company: coming in, roles, bounds, freezing."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit import queries as audit
from seonmul.kit import ids
from seonmul.kit.refusals import Refused
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions, queries, rules
from seonmul.members.models import (
    Buyer,
    ConversionKind,
    Department,
    Invitation,
    JoinRequest,
    Member,
    Membership,
    Role,
)
from seonmul.members.rules import CompanyRefusal, ConversionRefusal, JoinRefusal, SpendRefusal
from seonmul.orders.models import Order
from seonmul.payments import actions as payments
from seonmul.payments.models import Payment
from tests import given
from tests.given import MONDAY, PAPERS, Company
from tests.threads import at_once

pytestmark = pytest.mark.django_db
GUEST = "new@firm.example"


@pytest.fixture
def firm() -> Company:
    return given.company(cash_won=1_000_000)


def later(**time: float) -> datetime:
    return MONDAY + timedelta(**time)


def refusal(call: Any, *args: Any, **named: Any) -> CompanyRefusal:
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    why = refused.value.no.why
    assert isinstance(why, CompanyRefusal)
    return why


def invited(firm: Company, to: str = GUEST, role: Role = Role.BUYER, at: datetime = MONDAY) -> Invitation:
    return actions.invite(firm.owner, to, role, is_verified=True, at=at)


def accept(invitation: Invitation, by: Member, at: datetime = MONDAY) -> Membership:
    return actions.accept_invitation(queries.link_of(invitation), by, at=at)


def place_of(member: Member) -> Membership:
    return Membership.objects.get(member=member)


def set_place(by: Member, member: Member, role: Role, **changed: Any) -> None:
    wanted: dict[str, Any] = {"department_id": None, "monthly_limit_won": None, "sees_numbers": False}
    wanted |= {"is_verified": True}
    actions.set_place(by, member.id, role=role, at=MONDAY, **(wanted | changed))


# invitations


def test_who_comes_into_a_company_takes_back_what_waits_for_the_own_account(firm: Company) -> None:
    """M2, M7: nobody makes a company of an account that has ended, nor lets in somebody who is elsewhere."""
    guest, other = given.person(), given.company(cash_won=0)
    asked = JoinRequest.objects.create(buyer=other.buyer, member=guest, asked_at=MONDAY)
    applied = actions.apply_for_conversion(
        guest, ConversionKind.BUSINESS, company_name="새 회사", business_number=given.business_number(),
        certificate=PAPERS["pdf"], at=MONDAY,
    )  # fmt: skip
    accept(invited(firm), guest, later(hours=1))
    for row in (asked, applied):
        row.refresh_from_db()
        assert (row.state, row.decided_at) == ("withdrawn", later(hours=1))
    with pytest.raises(Refused) as refused:
        actions.decide_conversion(applied.id, approve=True, by=given.operator(), at=later(hours=2))
    assert refused.value.no.why is ConversionRefusal.NOT_WAITING
    applied.buyer.refresh_from_db()
    assert applied.buyer.kind == "person" and applied.buyer.business_number == ""


def test_an_invitation_brings_somebody_in_once(firm: Company) -> None:
    """M7"""
    invitation, guest = invited(firm), given.person()
    place = accept(invitation, guest)
    assert (place.buyer_id, place.role, place.sees_numbers) == (firm.buyer.id, "buyer", False)
    assert queries.buyer_of(guest) == firm.buyer
    invitation.refresh_from_db()
    assert (invitation.accepted_by_id, invitation.accepted_at) == (guest.id, MONDAY)
    assert refusal(accept, invitation, given.person()) is CompanyRefusal.INVITATION_GONE
    verbs = [act.verb for act in audit.acts_of(firm.buyer.id)]
    assert verbs == ["member_joined", "member_invited"]


def test_an_invitation_lives_seven_days(firm: Company) -> None:
    """M7"""
    invitation = invited(firm)
    assert refusal(accept, invitation, given.person(), at=later(days=7)) is CompanyRefusal.INVITATION_GONE
    assert queries.open_invitations(firm.buyer.id, later(days=7)) == []
    assert accept(invitation, given.person(), at=later(days=7, seconds=-1))


def test_an_invitation_that_was_taken_back_is_dead(firm: Company) -> None:
    """M7"""
    invitation = invited(firm)
    actions.withdraw_invitation(firm.owner, invitation.id, at=MONDAY)
    assert refusal(accept, invitation, given.person()) is CompanyRefusal.INVITATION_GONE
    assert queries.invitation_letter(invitation.id) is None


def test_a_link_that_nobody_sent_opens_nothing() -> None:
    for link in ("", "x" * 18, ids.link_token()):
        no = refusal(actions.accept_invitation, link, given.person(), at=MONDAY)
        assert no is CompanyRefusal.INVITATION_GONE
        assert queries.invitation_by_link(link) is None


def test_one_open_invitation_an_address_however_it_is_written(firm: Company) -> None:
    """M7: after the old one is taken back or over, another may go out."""
    first = invited(firm)
    assert refusal(invited, firm, " New@Firm.example ") is CompanyRefusal.ALREADY_INVITED
    assert invited(given.company(cash_won=0)), "another company's is its own"
    actions.withdraw_invitation(firm.owner, first.id, at=MONDAY)
    second = invited(firm)
    assert refusal(invited, firm, at=later(days=6)) is CompanyRefusal.ALREADY_INVITED
    third = invited(firm, at=later(days=7))
    assert [one.id for one in queries.open_invitations(firm.buyer.id, later(days=7))] == [third.id]
    assert refusal(accept, second, given.person(), at=later(days=7)) is CompanyRefusal.INVITATION_GONE


def test_address_and_link_cannot_be_read_in_the_table(firm: Company) -> None:
    """X2"""
    invitation = invited(firm)
    link = queries.link_of(invitation)
    row = Invitation.objects.filter(id=invitation.id).values().get()
    kept = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
    assert GUEST.encode() not in kept and link.encode() not in kept
    assert queries.invitation_by_link(link) == invitation and len(link) >= 16


def test_the_mail_with_the_link_goes_out_and_the_link_in_it_works(firm: Company) -> None:
    """M7"""
    invitation = invited(firm, " New@firm.example ")
    (job,) = ProcrastinateJob.objects.values_list("args", flat=True)
    assert job == {"invitation_id": str(invitation.id)}
    given.worked()
    (letter,) = mail.outbox
    assert letter.to == [GUEST] and firm.buyer.name in letter.subject
    link = next(line for line in letter.body.splitlines() if "/company/join/" in line).split("/")[-2]
    assert actions.accept_invitation(link, given.person(), at=MONDAY).buyer_id == firm.buyer.id


def test_who_is_in_a_company_stays_there(firm: Company) -> None:
    """M7"""
    other = given.company(cash_won=0)
    assert refusal(accept, invited(firm), other.approver) is CompanyRefusal.ALREADY_MEMBER
    assert queries.buyer_of(other.approver) == other.buyer


@pytest.mark.parametrize("is_held", [False, True])
def test_nobody_leaves_money_behind(firm: Company, is_held: bool) -> None:
    """M7, P1: money of one's own would be out of reach."""
    guest, invitation = given.person(cash_won=500), invited(firm)
    own = queries.buyer_of(guest)
    assert own is not None
    if is_held:
        ledger.hold(own.id, [(Kind.CASH, 500)], cause="given", subject="x", at=MONDAY)
    assert refusal(accept, invitation, guest) is CompanyRefusal.HAS_MONEY
    assert queries.buyer_of(guest) == own


def test_who_asked_to_come_in_leaves_no_money_behind_either(firm: Company) -> None:
    """M7, P1: the request goes on waiting, and may be refused."""
    guest = given.person(cash_won=500)
    asking = JoinRequest.objects.create(buyer=firm.buyer, member=guest, asked_at=MONDAY)
    answer = partial(
        actions.answer_join_request, firm.owner, asking.id, role=Role.BUYER, is_verified=True, at=MONDAY
    )
    with pytest.raises(Refused) as refused:
        answer(accept=True)
    assert refused.value.no.why is JoinRefusal.HAS_MONEY
    assert queries.open_join_requests(firm.buyer.id) == [asking]
    answer(accept=False)
    assert queries.buyer_of(guest) != firm.buyer


def test_a_company_that_is_none_any_more_takes_nobody_in(firm: Company) -> None:
    """M2, M7"""
    invitation = invited(firm)
    Buyer.objects.filter(id=firm.buyer.id).update(kind="person")
    assert refusal(accept, invitation, given.person()) is CompanyRefusal.INVITATION_GONE


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_comes_in(firm: Company) -> None:
    """M7"""
    invitation, guests = invited(firm), [given.person(), given.person()]
    outcomes = at_once([partial(accept, invitation, guest) for guest in guests])
    assert sum(isinstance(one, Membership) for one in outcomes) == 1
    said = [one.no.why for one in outcomes if isinstance(one, Refused)]
    assert said == [CompanyRefusal.INVITATION_GONE]
    assert len(queries.places_of(firm.buyer.id)) == 3


@pytest.mark.django_db(transaction=True)
def test_two_invitations_accepted_at_once_lead_into_one_company(firm: Company) -> None:
    """M7"""
    guest, other = given.person(), given.company(cash_won=0)
    outcomes = at_once([partial(accept, one, guest) for one in (invited(firm), invited(other))])
    said = [one.no.why for one in outcomes if isinstance(one, Refused)]
    assert said == [CompanyRefusal.ALREADY_MEMBER]
    assert Membership.objects.filter(member=guest).count() == 1


def test_who_comes_in_to_buy_waits_a_day(firm: Company) -> None:
    """M8: with the owner's password alone nobody makes a buyer whose phone gets the code at once."""
    guest, looking, asking = given.person(), given.person(), given.person()
    accept(invited(firm), guest)
    accept(invited(firm, "books@firm.example", Role.ACCOUNTANT), looking)
    asked = JoinRequest.objects.create(buyer=firm.buyer, member=asking, asked_at=MONDAY)
    actions.answer_join_request(
        firm.owner, asked.id, accept=True, role=Role.BUYER, is_verified=True, at=MONDAY
    )
    assert queries.blocked_until(guest) == queries.blocked_until(asking) == later(hours=24)
    assert queries.blocked_until(looking) is None and queries.blocked_until(firm.owner) is None
    no = rules.why_not_spend(queries.blocked_until(guest), at=later(hours=23))
    assert no is not None and no.why is SpendRefusal.BLOCKED
    assert rules.why_not_spend(queries.blocked_until(guest), at=later(hours=24)) is None


def test_nobody_comes_in_without_the_owners_verification(firm: Company) -> None:
    """M8"""
    asked = JoinRequest.objects.create(buyer=firm.buyer, member=given.person(), asked_at=MONDAY)
    answer = partial(
        actions.answer_join_request, firm.owner, asked.id, role=Role.BUYER, is_verified=False, at=MONDAY
    )
    for call in (
        partial(actions.invite, firm.owner, GUEST, Role.ACCOUNTANT, is_verified=False, at=MONDAY),
        partial(answer, accept=True),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.no.why is SpendRefusal.NOT_VERIFIED
    assert not Invitation.objects.exists() and len(queries.places_of(firm.buyer.id)) == 2
    answer(accept=False)


# roles and bounds


def test_bounds_widen_only_behind_a_verification(firm: Company) -> None:
    """M8: narrower ones are set at once."""
    team = actions.set_department(firm.owner, "인사팀", monthly_budget_won=500, is_verified=False, at=MONDAY)
    place = partial(set_place, firm.owner, firm.approver, is_verified=False)
    place(Role.APPROVER, monthly_limit_won=500, department_id=team.id)
    place(Role.APPROVER, monthly_limit_won=400, department_id=team.id)
    above = partial(actions.set_approval_above, firm.owner, is_verified=False, at=MONDAY)
    above(1_000)
    above(900)
    budget = partial(
        actions.set_department, firm.owner, "인사팀", department_id=team.id, is_verified=False, at=MONDAY
    )
    budget(monthly_budget_won=400)
    actions.freeze(firm.owner, at=MONDAY)
    for call in (
        partial(place, Role.OWNER, monthly_limit_won=400, department_id=team.id),
        partial(place, Role.BUYER, monthly_limit_won=400, department_id=team.id),
        partial(place, Role.APPROVER, monthly_limit_won=401, department_id=team.id),
        partial(place, Role.APPROVER, monthly_limit_won=None, department_id=team.id),
        partial(place, Role.APPROVER, monthly_limit_won=400),
        partial(above, 901),
        partial(above, None),
        partial(budget, monthly_budget_won=401),
        partial(budget, monthly_budget_won=None),
        partial(actions.thaw, firm.owner, is_verified=False, at=MONDAY),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.no.why is SpendRefusal.NOT_VERIFIED
    firm.buyer.refresh_from_db()
    assert firm.buyer.frozen_at and firm.buyer.approval_above_won == 900
    now = place_of(firm.approver)
    assert (now.role, now.monthly_limit_won, now.department) == (Role.APPROVER, 400, team)


def test_what_is_no_company_any_more_shows_nobody_more_than_before(firm: Company) -> None:
    """M7: the term of a temporary membership ends, its members stay."""
    Membership.objects.filter(member=firm.owner).update(sees_numbers=True)
    assert queries.sees_numbers(firm.owner) and not queries.sees_numbers(firm.approver)
    Buyer.objects.filter(id=firm.buyer.id).update(kind="person")
    assert queries.sees_numbers(firm.owner) and not queries.sees_numbers(firm.approver)
    assert queries.sees_numbers(given.person()), "one's own business"


def test_an_owner_decides_what_a_member_may(firm: Company) -> None:
    """M7"""
    team = actions.set_department(
        firm.owner, " 인사팀 ", monthly_budget_won=3_000_000, is_verified=True, at=MONDAY
    )
    set_place(
        firm.owner, firm.approver, Role.BUYER, department_id=team.id, monthly_limit_won=500_000,
        sees_numbers=True,
    )  # fmt: skip
    place = place_of(firm.approver)
    assert (place.role, place.department, place.monthly_limit_won, place.sees_numbers) == (
        "buyer", team, 500_000, True,
    )  # fmt: skip
    assert queries.may_buy(firm.approver)
    assert (team.name, team.monthly_budget_won) == ("인사팀", 3_000_000)
    (act, _made) = audit.acts_of(firm.buyer.id)
    assert (act.verb, act.facts["role"], act.facts["monthly_limit_won"]) == (
        "place_changed",
        "buyer",
        500_000,
    )


def test_the_last_owner_stays_one(firm: Company) -> None:
    """M7"""
    assert refusal(set_place, firm.owner, firm.owner, Role.BUYER) is CompanyRefusal.LAST_OWNER
    set_place(firm.owner, firm.approver, Role.OWNER)
    set_place(firm.owner, firm.owner, Role.ACCOUNTANT)
    assert [place.role for place in queries.places_of(firm.buyer.id)] == ["owner", "accountant"]
    assert refusal(set_place, firm.owner, firm.approver, Role.BUYER) is CompanyRefusal.NOT_OWNER


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_dismiss_each_other_at_once(firm: Company) -> None:
    """M7"""
    set_place(firm.owner, firm.approver, Role.OWNER)
    outcomes = at_once(
        [
            partial(set_place, firm.owner, firm.approver, Role.BUYER),
            partial(set_place, firm.approver, firm.owner, Role.BUYER),
        ]
    )
    assert [one.no.why for one in outcomes if one] == [CompanyRefusal.NOT_OWNER]
    assert queries.owners(firm.buyer.id) == 1


def test_departments_have_one_name_each_and_change(firm: Company) -> None:
    """M7"""
    first = actions.set_department(firm.owner, "인사팀", monthly_budget_won=None, is_verified=True, at=MONDAY)
    second = actions.set_department(firm.owner, "영업팀", monthly_budget_won=1, is_verified=True, at=MONDAY)
    make = partial(actions.set_department, firm.owner, monthly_budget_won=None, is_verified=True, at=MONDAY)
    assert refusal(make, "인사팀") is CompanyRefusal.DEPARTMENT_TAKEN
    assert refusal(make, "인사팀", department_id=second.id) is CompanyRefusal.DEPARTMENT_TAKEN
    actions.set_department(
        firm.owner, "총무팀", monthly_budget_won=5, department_id=first.id, is_verified=True, at=MONDAY
    )
    assert [(one.name, one.monthly_budget_won) for one in queries.departments_of(firm.buyer.id)] == [
        ("영업팀", 1), ("총무팀", 5),
    ]  # fmt: skip
    other = given.company(cash_won=0)
    assert actions.set_department(other.owner, "인사팀", monthly_budget_won=None, is_verified=True, at=MONDAY)


def test_an_owner_says_from_which_sum_on_an_approver_is_asked(firm: Company) -> None:
    """M7"""
    for won in (300_000, None):
        actions.set_approval_above(firm.owner, won, is_verified=True, at=MONDAY)
        firm.buyer.refresh_from_db()
        assert firm.buyer.approval_above_won == won
    assert [act.facts for act in audit.acts_of(firm.buyer.id)] == [{"won": None}, {"won": 300_000}]


MANAGING = [
    lambda by, firm: actions.invite(by, GUEST, Role.BUYER, is_verified=True, at=MONDAY),
    lambda by, firm: actions.withdraw_invitation(by, ids.new_id(), at=MONDAY),
    lambda by, firm: set_place(by, firm.approver, Role.BUYER),
    lambda by, firm: actions.set_department(by, "팀", monthly_budget_won=None, is_verified=True, at=MONDAY),
    lambda by, firm: actions.set_approval_above(by, 1, is_verified=True, at=MONDAY),
]


@pytest.mark.parametrize("manage", MANAGING)
def test_only_owners_of_companies_manage(firm: Company, manage: Any) -> None:
    """M7"""
    for role in (Role.APPROVER, Role.BUYER, Role.ACCOUNTANT):
        Membership.objects.filter(member=firm.approver).update(role=role)
        assert refusal(manage, firm.approver, firm) is CompanyRefusal.NOT_OWNER
    assert refusal(manage, given.person(), firm) is CompanyRefusal.NOT_A_COMPANY
    assert not Invitation.objects.exists() and not Department.objects.exists()


def test_strangers_of_another_company_cannot_be_changed(firm: Company) -> None:
    """M7"""
    other = given.company(cash_won=0)
    with pytest.raises(Membership.DoesNotExist):
        set_place(firm.owner, other.approver, Role.OWNER)
    theirs = actions.set_department(other.owner, "인사팀", monthly_budget_won=7, is_verified=True, at=MONDAY)
    with pytest.raises(Refused):
        actions.set_department(
            firm.owner,
            "내 부서",
            monthly_budget_won=None,
            department_id=theirs.id,
            is_verified=True,
            at=MONDAY,
        )
    set_place(firm.owner, firm.approver, Role.BUYER, department_id=theirs.id)
    assert place_of(firm.approver).department is None
    invitation = actions.invite(other.owner, GUEST, Role.BUYER, is_verified=True, at=MONDAY)
    actions.withdraw_invitation(firm.owner, invitation.id, at=MONDAY)
    theirs.refresh_from_db()
    assert (theirs.name, theirs.monthly_budget_won) == ("인사팀", 7)
    assert place_of(other.approver).role == Role.APPROVER
    assert accept(invitation, given.person()).buyer_id == other.buyer.id


def test_owners_and_accountants_read_what_the_companys_people_did() -> None:
    """M7"""
    for role in Role:
        no = rules.why_not_read_record(is_company=True, role=role)
        assert (no is None) is (role in (Role.OWNER, Role.ACCOUNTANT))
        assert no is None or no.why is CompanyRefusal.NOT_A_READER
    no = rules.why_not_read_record(is_company=False, role="owner")
    assert no is not None and no.why is CompanyRefusal.NOT_A_COMPANY


def test_whole_numbers_are_shown_to_nobody_without_a_verification(firm: Company) -> None:
    """M7, M8: taking them away, or leaving them as they are, needs none."""
    grant = partial(set_place, firm.owner, firm.approver, Role.APPROVER, is_verified=False)
    with pytest.raises(Refused) as refused:
        grant(sees_numbers=True)
    assert refused.value.no.why is SpendRefusal.NOT_VERIFIED
    set_place(firm.owner, firm.approver, Role.APPROVER, sees_numbers=True)
    grant(sees_numbers=True)
    assert queries.sees_numbers(firm.approver)
    grant(sees_numbers=False)
    assert not queries.sees_numbers(firm.approver)


# freezing


def test_one_click_of_anybody_stops_all_paying_and_only_owners_thaw(firm: Company) -> None:
    """M8: an order that is not paid stays a draft."""
    draft = given.draft(firm, given.numbers(2))
    actions.freeze(firm.approver, at=MONDAY)
    draft.buyer.refresh_from_db()
    assert refusal(given.paid, firm, draft) is CompanyRefusal.FROZEN
    assert not Order.objects.exists()
    assert refusal(actions.thaw, firm.approver, is_verified=True, at=MONDAY) is CompanyRefusal.NOT_OWNER
    actions.thaw(firm.owner, is_verified=True, at=MONDAY)
    draft.buyer.refresh_from_db()
    assert given.paid(firm, draft)
    verbs = [act.verb for act in audit.acts_of(firm.buyer.id) if act.verb.startswith("spending")]
    assert verbs == ["spending_thawed", "spending_frozen"]


def test_a_person_freezes_and_thaws_as_well() -> None:
    """M8"""
    who = given.person()
    thaw = partial(actions.thaw, is_verified=True)
    for verb, is_frozen in ((actions.freeze, True), (thaw, False)):
        verb(who, at=MONDAY)
        buyer = queries.buyer_of(who)
        assert buyer is not None and (buyer.frozen_at is not None) == is_frozen


def test_the_owners_phones_are_told_once(firm: Company, carrier: Any) -> None:
    """M8"""
    set_place(firm.owner, firm.approver, Role.OWNER)
    guest = given.person()
    accept(invited(firm), guest)
    for _ in range(3):
        actions.freeze(guest, at=MONDAY)
    given.worked(later=False)

    def texts(member: Member) -> list[str]:
        told = carrier.ask("GET", f"/_/messages?to={queries.phone_of(member)}&limit=10").json
        return [text["text"] for text in told]

    told = [text for text in texts(firm.owner) if "모든 결제를 멈췄습니다" in text]
    joined = [text for text in texts(firm.owner) if "구성원이 되었습니다" in text]
    assert len(told) == len(joined) == 1, "M7: that somebody came in as well"
    assert set(texts(firm.approver)) == {*told, *joined} and texts(guest) == []


def test_a_freeze_between_the_last_look_and_the_payment_holds(firm: Company) -> None:
    """M8: the draft in hand still says that nothing is frozen."""
    draft = given.draft(firm, given.numbers(1))
    assert draft.buyer.frozen_at is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_buyer SET frozen_at = %s WHERE id = %s", [MONDAY, firm.buyer.id])
    assert refusal(given.paid, firm, draft) is CompanyRefusal.FROZEN


def test_nobody_comes_in_while_money_may_still_reach_an_account_of_their_own(firm: Company) -> None:
    """M7, P2: an open charge, or an order that is not finished, of a buyer that nobody would open again."""
    guest, sending = given.person(), given.person(cash_won=0)
    payments.ask_charge(guest, 50_000, "shinhan", at=MONDAY)
    own = queries.buyer_of(sending)
    given.placed(firm, given.numbers(1))
    Order.objects.update(buyer=own)
    for who in (guest, sending):
        assert refusal(accept, invited(firm, f"{who.login}@mail.example"), who) is CompanyRefusal.HAS_MONEY
    asking = JoinRequest.objects.create(buyer=firm.buyer, member=guest, asked_at=MONDAY)
    answer = partial(
        actions.answer_join_request, firm.owner, asking.id, role=Role.BUYER, is_verified=True, at=MONDAY
    )
    with pytest.raises(Refused) as no:
        answer(accept=True)
    assert no.value.no.why is JoinRefusal.HAS_MONEY
    Payment.objects.update(state="ended")
    answer(accept=True)
    assert place_of(guest).buyer_id == firm.buyer.id
