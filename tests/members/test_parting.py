"""A place in a company ends: by an owner, or by leaving. M7, M8"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core import mail
from hypothesis import given as for_all
from hypothesis import strategies as st

from seonmul.audit import queries as audit
from seonmul.catalog.models import List
from seonmul.dispatch.models import SenderNumber, SenderState
from seonmul.figures import actions as figures
from seonmul.kit import euckr
from seonmul.kit.refusals import Refusal, Refused
from seonmul.members import actions, queries, rules
from seonmul.members.models import Buyer, Handover, HandoverState, Invitation, Member, Membership, Role
from seonmul.members.rules import CompanyRefusal, EndingFacts, SpendRefusal
from seonmul.notices.actions import PARTED, PARTED_OWNER
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.models import Checkout, Draft, Order
from seonmul.orders.rules import OrderRefusal, split_of
from seonmul.payments import actions as payments
from seonmul.payments.rules import PayoutRefusal
from tests import given
from tests.given import MONDAY, Company
from tests.members.handing import asked
from tests.orders import cards
from tests.sandbox.outside import Outside
from tests.threads import at_once

WORKER_PHONE = "01066660001"


def refusal(does: Callable[..., object], *args: Any, **named: Any) -> Refusal:
    with pytest.raises(Refused) as refused:
        does(*args, **named)
    return refused.value.no.why


def worker_of(firm: Company, role: Role = Role.BUYER) -> Member:
    """A colleague who buys, with a mobile number that serves as a sender."""
    made = actions.make_member(
        f"worker{firm.owner.login}"[:20], "long-enough-1", "최구매", phone=WORKER_PHONE, mail="worker@firm.example",
        at=MONDAY, buyer=firm.buyer, role=role,
    )  # fmt: skip
    SenderNumber.objects.create(
        buyer=firm.buyer, member=made, digits=WORKER_PHONE, state=SenderState.APPROVED,
        is_registered_at_carrier=True, added_at=MONDAY,
    )  # fmt: skip
    return made


def as_payer(firm: Company, who: Member) -> Company:
    """The same company with somebody else at the order page."""
    return Company(firm.buyer, who, firm.approver)


def end(firm: Company, whom: Member, **more: Any) -> None:
    actions.end_place(firm.owner, whom.id, **({"is_verified": True, "at": MONDAY} | more))


@pytest.fixture
def firm(db: None) -> Company:
    return given.company(cash_won=1_000_000)


# the rule


@for_all(st.builds(EndingFacts, *[st.booleans()] * 6))
def test_who_may_end_a_place(facts: EndingFacts) -> None:
    """M7, M8: a company keeps an owner, an owner ends others and leaves oneself, and always proves who asks."""
    no = rules.why_not_end_place(facts)
    may = facts.is_company and not facts.is_last_owner and facts.is_verified
    may = may and (facts.by_oneself or (facts.by_owner and not facts.is_self))
    assert (no is None) is may


def test_why_not_is_said_in_order() -> None:
    """M7"""
    fine = {
        "is_company": True, "by_owner": True, "by_oneself": False, "is_self": False, "is_last_owner": False,
        "is_verified": True,
    }  # fmt: skip
    for changed, why in (
        ({"is_company": False}, CompanyRefusal.NOT_A_COMPANY),
        ({"by_owner": False}, CompanyRefusal.NOT_OWNER),
        ({"is_self": True, "is_last_owner": True}, CompanyRefusal.END_NOT_ONESELF),
        ({"is_last_owner": True}, CompanyRefusal.LAST_OWNER),
        ({"is_verified": False}, SpendRefusal.NOT_VERIFIED),
    ):
        no = rules.why_not_end_place(EndingFacts(**(fine | changed)))
        assert no is not None and no.why is why


# what it does


def test_an_ended_member_is_a_general_one_and_the_company_keeps_what_is_its_own(firm: Company) -> None:
    """M7: drafts go on with the owner, by a number that the owner may show; orders stay and are not the member's."""
    who = worker_of(firm)
    order = given.placed(as_payer(firm, who), given.numbers(2))
    draft = given.draft(as_payer(firm, who), given.numbers(1), sender=WORKER_PHONE)
    actions.make_member(
        "owner2nd", "long-enough-1", "박대표", phone="01066660009", mail="", at=MONDAY, buyer=firm.buyer
    )
    end(firm, who)
    place = Membership.objects.select_related("buyer").get(member=who)
    assert (place.buyer.kind, place.role, place.buyer.name) == ("person", "owner", "최구매")
    assert place.buyer_id != firm.buyer.id and place.department is None and place.monthly_limit_won is None
    draft.refresh_from_db()
    assert (draft.member_id, draft.buyer_id, draft.sender) == (firm.owner.id, firm.buyer.id, "15770000")
    assert SenderNumber.objects.get(digits=WORKER_PHONE).state == SenderState.EXPIRED
    order.refresh_from_db()
    assert (order.buyer_id, order.member_id, order.sender) == (firm.buyer.id, who.id, "15770000")
    assert not orders_now.orders_seen_by(who).exists() and not orders_now.drafts_seen_by(who).exists()
    assert given.paid(firm, orders_now.drafts_seen_by(firm.owner).select_related("buyer").get(id=draft.id))
    (act,) = [act for act in audit.acts_of(firm.buyer.id) if act.verb == "member_ended"]
    assert (act.by, act.subject) == (str(firm.owner.id), str(who.id))
    assert act.facts == {"handed": {"draft": 1, "order_sender": 1, "sender_ended": 1}}


def test_a_grant_made_before_pays_nothing_after(firm: Company) -> None:
    """M7, M4: nor does a code, nor is cash paid out."""
    who = worker_of(firm, Role.OWNER)
    draft = given.draft(as_payer(firm, who), given.numbers(1))
    quote = orders_now.quote(draft)
    grant = actions.grant_at_console(who.id, orders_now.purpose_of(draft, quote), by="test", at=MONDAY)
    secret = cards.secret_for(who, draft)
    end(firm, who)
    seen = {"seen_won": quote.amount_won, "seen_left_out": 0, "at": MONDAY}
    placing = partial(orders.place, draft.id, by=who, grant_id=grant.id, **seen)
    paying = partial(orders.pay, draft.id, by=who, secret=secret, device="", **seen)
    assert refusal(placing) is refusal(paying) is OrderRefusal.NOT_A_BUYER
    wanted = partial(payments.check_payout, who, 5_000, "kookmin", "12345678901", at=MONDAY)
    assert isinstance(refusal(wanted), PayoutRefusal)
    assert not Order.objects.exists()


def test_nobody_ends_the_last_owner_oneself_or_another_s(firm: Company) -> None:
    """M7, M8"""
    who, other = worker_of(firm), given.company()
    assert refusal(end, firm, firm.owner) is CompanyRefusal.END_NOT_ONESELF
    assert refusal(end, firm, who, is_verified=False) is SpendRefusal.NOT_VERIFIED
    assert refusal(end, other, who) is CompanyRefusal.NOT_OWNER, "there is no such colleague"
    by_worker = partial(actions.end_place, who, firm.approver.id, is_verified=True, at=MONDAY)
    assert refusal(by_worker) is CompanyRefusal.NOT_OWNER
    leave = partial(actions.leave_company, is_verified=True, at=MONDAY)
    assert refusal(leave, firm.owner) is CompanyRefusal.LAST_OWNER
    assert refusal(leave, given.person()) is CompanyRefusal.NOT_A_COMPANY
    unproved = partial(actions.leave_company, who, is_verified=False, at=MONDAY)
    assert refusal(unproved) is SpendRefusal.NOT_VERIFIED
    assert Membership.objects.filter(buyer=firm.buyer).count() == 3


def test_who_leaves_hands_to_an_owner_and_may_come_back(firm: Company) -> None:
    """M7: what the member began for the company is taken back or goes on."""
    who = worker_of(firm, Role.OWNER)
    draft = given.draft(as_payer(firm, who), given.numbers(1))
    actions.invite(who, "accomplice@else.example", Role.OWNER, is_verified=True, at=MONDAY)
    asked(who)
    actions.leave_company(who, is_verified=True, at=MONDAY)
    draft.refresh_from_db()
    assert draft.member_id == firm.owner.id
    assert Invitation.objects.get().withdrawn_at == MONDAY
    assert Handover.objects.get().state == HandoverState.WITHDRAWN
    assert next(act.verb for act in audit.acts_of(firm.buyer.id)) == "member_left"
    again = actions.invite(firm.owner, "worker@firm.example", Role.BUYER, is_verified=True, at=MONDAY)
    own = queries.buyer_of(who)
    place = actions.accept_invitation(queries.link_of(again), who, at=MONDAY)
    assert place.buyer_id == firm.buyer.id and own is not None
    assert Buyer.objects.get(id=own.id).closed_at == MONDAY


def test_the_member_and_the_owners_are_told(firm: Company, carrier: Outside) -> None:
    """M7"""
    who = worker_of(firm)
    end(firm, who)
    given.worked(later=False)

    def texts(number: str) -> list[str]:
        found = carrier.ask("GET", f"/_/messages?to={number}&limit=10").json
        return [text["text"] for text in found]

    assert any("구성원에서 빠져 일반회원이 되었습니다" in text for text in texts(WORKER_PHONE))
    owner = [text for text in texts(queries.phone_of(firm.owner)) if "구성원에서 빠졌습니다" in text]
    assert len(owner) == 1 and "최*매" in owner[0]
    (letter,) = mail.outbox
    assert letter.to == ["worker@firm.example"] and firm.buyer.name in letter.body
    for text in (PARTED, PARTED_OWNER):
        assert not euckr.cannot_carry(text)


def test_names_of_who_is_there_no_more_are_masked(firm: Company) -> None:
    """M7: and staff have none in a company's log."""
    found = queries.names_of({str(firm.owner.id), str(given.operator().id), "system", ""})
    assert found == {str(firm.owner.id): "김*표"}


@pytest.mark.django_db
def test_a_card_window_of_who_was_ended_goes_on_for_the_company(carrier: Outside) -> None:
    """M7, O6: the card has paid; the right to buy is that of who has the draft now."""
    carrier.inside("POST", "portone/clock", {"at": MONDAY.isoformat()})
    firm = given.company(cash_won=5_000)
    who = worker_of(firm)
    draft = given.draft(as_payer(firm, who), given.numbers(3))
    checkout = cards.window(as_payer(firm, who), draft, cash_won=5_000)
    end(firm, who)
    cards.approved(carrier, checkout)
    assert cards.heard(checkout).state == "placed"
    order = Order.objects.get(draft_id=draft.id)
    assert (order.buyer_id, order.member_id, order.card_won) == (firm.buyer.id, who.id, 8_500)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(3))
def test_ended_while_paying_one_or_the_other_wins(number: int) -> None:
    """M7, O6: the order is there and the company's, or the member is told that it may not buy; nothing in between."""
    firm = given.company(cash_won=1_000_000)
    who = worker_of(firm)
    draft = given.draft(as_payer(firm, who), given.numbers(2))
    secret, quote = cards.secret_for(who, draft), orders_now.quote(draft)
    pay = partial(
        orders.pay, draft.id, by=who, secret=secret, device="", seen_won=quote.amount_won, seen_left_out=0, at=MONDAY
    )  # fmt: skip
    paid, ended = at_once([pay, partial(end, firm, who)])
    assert ended is None and Membership.objects.get(member=who).buyer_id != firm.buyer.id
    if isinstance(paid, Order):
        assert paid.buyer_id == firm.buyer.id and not Draft.objects.exists()
    else:
        assert isinstance(paid, Refused) and paid.no.why is OrderRefusal.NOT_A_BUYER
        assert Draft.objects.get().member_id == firm.owner.id and not Order.objects.exists()


def by_card(who: Member, draft: Draft) -> partial[Order | Checkout]:
    """Paying a draft by card alone, which opens a window."""
    quote = orders_now.quote(draft)
    return partial(
        orders.pay, draft.id, by=who, secret="", device="", seen_won=quote.amount_won, seen_left_out=0,
        split=split_of(quote.amount_won, reward_won=0, cash_won=0), at=MONDAY,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(4))
def test_ended_while_paying_by_card_within_limits_nobody_waits_for_the_other(number: int) -> None:
    """M7, P3: who opens a window where a limit is set locks the buyer, and before its member, as ending a place does."""
    figures.change("card_day_most_won", 50_000, by="test", at=MONDAY)
    firm = given.company(cash_won=0)
    who = worker_of(firm)
    drafts = [given.draft(as_payer(firm, who), given.numbers(1, start=20_000_000 + n)) for n in range(3)]
    *paid, ended = at_once([*[by_card(who, draft) for draft in drafts], partial(end, firm, who)])
    assert ended is None and Membership.objects.get(member=who).buyer_id != firm.buyer.id
    for one in paid:
        assert isinstance(one, Checkout) or (
            isinstance(one, Refused) and one.no.why is OrderRefusal.NOT_A_BUYER
        ), paid


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(4))
def test_joining_a_company_while_paying_nobody_waits_for_the_other(number: int) -> None:
    """M7: who joins locks the own buyer whole, which an order points at; paying waits before it holds the member."""
    shopper = given.shopper(0)
    who = shopper.owner
    drafts = [
        given.draft(shopper, given.numbers(1, start=20_000_000 + n), list_=List.GENERAL) for n in range(3)
    ]
    invited = actions.invite(given.company().owner, who.mail, Role.BUYER, is_verified=True, at=MONDAY)
    join = partial(actions.accept_invitation, queries.link_of(invited), who, at=MONDAY)
    *paid, joined = at_once([*[by_card(who, draft) for draft in drafts], join])
    assert isinstance(joined, Membership) or (
        isinstance(joined, Refused) and joined.no.why is CompanyRefusal.HAS_MONEY
    ), joined
    assert all(isinstance(one, Checkout | Refused) for one in paid), paid


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_end_each_other_leave_one() -> None:
    """M7: whoever was slower is no owner any more."""
    firm = given.company(cash_won=0)
    second = worker_of(firm, Role.OWNER)
    outcomes = at_once(
        [
            partial(end, firm, second),
            partial(actions.end_place, second, firm.owner.id, is_verified=True, at=MONDAY),
        ]
    )
    refused = [one.no.why for one in outcomes if one is not None]
    assert len(refused) == 1 and refused[0] in (CompanyRefusal.NOT_OWNER, CompanyRefusal.NOT_A_COMPANY)
    assert queries.owners(firm.buyer.id) == 1
