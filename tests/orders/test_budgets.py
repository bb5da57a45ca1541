"""M7: within which bounds the members of a company pay, and their departments."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.kit.refusals import Refused
from seonmul.ledger import actions as ledger
from seonmul.members.models import Department, Membership
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import Draft
from seonmul.orders.rules import Bound, BudgetFacts, BudgetRefusal
from tests import given
from tests.given import MONDAY, Company
from tests.orders import cards, certificates
from tests.orders.certificates import AFTER_MIDNIGHT, BEFORE_MIDNIGHT
from tests.sandbox.outside import Outside
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)


def bound(
    firm: Company,
    *,
    monthly_won: int | None = None,
    order_won: int | None = None,
    department: Department | None = None,
) -> None:
    """Bounds of the firm's owner."""
    Membership.objects.filter(member=firm.owner).update(
        monthly_limit_won=monthly_won, order_limit_won=order_won, department=department
    )


def department(firm: Company, budget_won: int | None, name: str = "총무") -> Department:
    return Department.objects.create(buyer=firm.buyer, name=name, monthly_budget_won=budget_won)


def colleague(firm: Company, of: Department | None = None) -> Company:
    """The same firm as another of its buyers sees it."""
    made = certificates.colleague(firm)
    Membership.objects.filter(member=made.owner).update(department=of)
    return made


def of(firm: Company, at: Any = MONDAY) -> BudgetFacts:
    facts = queries.budget_of(firm.buyer, firm.owner, at)
    assert facts is not None
    return facts


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no


@assumed(
    limit=st.integers(0, 10**9),
    used=st.integers(0, 10**9),
    held=st.integers(0, 10**9),
    wanted=st.integers(1, 10**9),
)
def test_allowed_exactly_when_nothing_is_missing(limit: int, used: int, held: int, wanted: int) -> None:
    """M7: by each of the three bounds."""
    one = Bound(limit, used, held)
    fits = used + held + wanted <= limit
    for facts in (BudgetFacts(DECEMBER, member=one), BudgetFacts(DECEMBER, department="총무", budget=one)):
        no = rules.why_not_pay_within(facts, wanted)
        assert (no is None) == fits == (one.over_won(wanted) == 0) and (no is None or no.say())
    no = rules.why_not_pay_within(BudgetFacts(DECEMBER, order_most_won=limit), wanted)
    assert (no is None) == (wanted <= limit) and (no is None or no.why is BudgetRefusal.ORDER_OVER)
    assert rules.why_not_pay_within(BudgetFacts(DECEMBER), wanted) is None


def test_a_member_pays_within_the_month_and_the_order_is_kept() -> None:
    """M7: 4,500 won a copy; the sentence says what is left."""
    firm = given.company()
    bound(firm, monthly_won=20_000)
    given.placed(firm, given.numbers(3))
    draft = given.draft(firm, given.numbers(2))
    no = refusal_of(lambda: given.paid(firm, draft))
    assert no.why is BudgetRefusal.MEMBER_OVER and no.code == "budget_member_over"
    assert no.numbers == {"left_won": 6_500, "over_won": 2_500, "resets_on": "2026.12.01(화)"}
    assert Draft.objects.filter(id=draft.id).exists()
    assert of(firm).member == Bound(20_000, 13_500, 0)
    given.placed(colleague(firm), given.numbers(2))
    assert of(firm).member == Bound(20_000, 13_500, 0), "another member's orders are not mine"
    assert queries.faults() == []


def test_one_order_has_a_bound_of_its_own() -> None:
    """M7"""
    firm = given.company()
    bound(firm, order_won=9_000)
    no = refusal_of(lambda: given.placed(firm, given.numbers(3)))
    assert (no.why, no.numbers) == (BudgetRefusal.ORDER_OVER, {"limit_won": 9_000, "over_won": 4_500})
    for _ in range(3):
        given.placed(firm, given.numbers(2))


def test_a_department_pays_from_one_budget_each_month_anew() -> None:
    """M7: whoever of it pays; what was counted before there was a budget counts as well."""
    firm = given.company()
    part = department(firm, None)
    bound(firm, department=part)
    second = colleague(firm, part)
    order = given.placed(firm, given.numbers(3), at=BEFORE_MIDNIGHT)
    assert (order.department_id, order.budget_month) == (part.id, date(2026, 11, 1))
    Department.objects.filter(id=part.id).update(monthly_budget_won=20_000)
    no = refusal_of(lambda: given.placed(second, given.numbers(2), at=BEFORE_MIDNIGHT))
    assert no.why is BudgetRefusal.DEPARTMENT_OVER and no.numbers["department"] == "총무"
    assert given.placed(second, given.numbers(4), at=AFTER_MIDNIGHT).budget_month == DECEMBER
    assert of(firm, BEFORE_MIDNIGHT).budget == Bound(20_000, 13_500, 0)
    assert of(firm, AFTER_MIDNIGHT).budget == Bound(20_000, 18_000, 0)
    assert queries.faults() == []


def test_who_moves_to_another_department_leaves_what_was_paid() -> None:
    """M7: the order keeps the department of its day, and gives back to it."""
    firm = given.company()
    old, new = department(firm, 20_000), department(firm, 20_000, "영업")
    bound(firm, department=old)
    order = given.placed(firm, given.numbers(4))
    bound(firm, department=new)
    assert of(firm).budget == Bound(20_000, 0, 0)
    actions.cancel_waiting(order.id, by=firm.owner, at=AFTER_MIDNIGHT)
    bound(firm, department=old)
    assert of(firm).budget == Bound(20_000, 0, 0) and queries.faults() == []


def test_a_refund_goes_back_to_its_month() -> None:
    """M7: whenever it is made."""
    firm = given.company()
    bound(firm, monthly_won=100_000)
    order = given.placed(firm, given.numbers(10), at=BEFORE_MIDNIGHT)
    ledger.capture(order.hold_id, order.amount_won, cause=f"test:{order.id}", at=AFTER_MIDNIGHT)
    line = queries.lines_of(order.id)[0]
    actions.refund_copies(order.id, {line.id: 4}, cause="test", by="test", at=AFTER_MIDNIGHT)
    assert of(firm, BEFORE_MIDNIGHT).member == Bound(100_000, 27_000, 0)
    assert of(firm, AFTER_MIDNIGHT).member == Bound(100_000, 0, 0) and queries.faults() == []


def test_an_order_that_waits_holds_and_a_refusal_gives_it_back() -> None:
    """M7, O8"""
    firm = given.company()
    bound(firm, monthly_won=1_000_000)
    orders = [certificates.bought(firm, 3) for _ in range(2)]
    assert of(firm).member == Bound(1_000_000, 0, 600_000)
    operator = given.operator()
    actions.decide_order(certificates.waiting(orders[0]).id, approve=True, by=operator, at=MONDAY)
    actions.decide_order(
        certificates.waiting(orders[1]).id,
        approve=False,
        reason="재판매 의심",
        by=operator,
        at=AFTER_MIDNIGHT,
    )
    assert of(firm).member == Bound(1_000_000, 300_000, 0) and queries.faults() == []


def test_an_open_card_window_holds_and_lets_go(carrier: Outside) -> None:
    """M7: as it does with the limit of gift certificates."""
    firm = given.company(cash_won=0)
    part = department(firm, 20_000)
    bound(firm, monthly_won=20_000, department=part)
    draft = given.draft(firm, given.numbers(3))
    checkout = cards.window(firm, draft)
    assert of(firm).member == of(firm).budget == Bound(20_000, 0, 13_500)
    own = queries.budget_for(draft, firm.owner, MONDAY)
    assert own is not None and own.member == Bound(20_000, 0, 0), "its own window would end"
    other = given.draft(firm, given.numbers(2))
    assert refusal_of(lambda: cards.paid_with(firm, other)).why is BudgetRefusal.MEMBER_OVER
    actions.cancel_card(draft.id, at=MONDAY)
    assert of(firm).member == Bound(20_000, 0, 0)
    checkout = cards.window(firm, other)
    cards.approved(carrier, checkout)
    cards.heard(checkout)
    assert of(firm).member == of(firm).budget == Bound(20_000, 9_000, 0)
    assert queries.faults() == []


def test_a_person_alone_has_no_bounds() -> None:
    """M7"""
    member = given.person(cash_won=100_000)
    buyer = Membership.objects.get(member=member).buyer
    assert queries.budget_of(buyer, member, MONDAY) is None


@pytest.mark.django_db(transaction=True)
def test_two_members_of_a_department_at_once() -> None:
    """M7: the last of the budget goes to one of them, and nobody waits for the other in a circle."""
    firm = given.company()
    part = department(firm, 20_000)
    bound(firm, department=part)
    firms = [firm, colleague(firm, part), colleague(firm, part), colleague(firm, part)]
    pairs = [
        (one, given.draft(one, given.numbers(4, 21_000_000 + n * 100_000))) for n, one in enumerate(firms)
    ]
    outcomes = at_once([partial(_paid, one, draft.id) for one, draft in pairs])
    assert sorted(outcomes) == ["budget_department_over"] * 3 + ["paid"]
    assert of(firm).budget == Bound(20_000, 18_000, 0) and queries.faults() == []


def _paid(firm: Company, draft_id: UUID) -> str:
    draft = Draft.objects.select_related("buyer").get(id=draft_id)
    try:
        given.paid(firm, draft)
    except Refused as refused:
        return refused.no.code
    return "paid"
