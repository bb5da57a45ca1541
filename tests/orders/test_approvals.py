"""O8, M7: a paid order that waits for the company's approver, then for the operator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.audit.models import Act
from seonmul.dispatch.models import Letter
from seonmul.figures import actions as figures
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Buyer, Member
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import Approval, ApprovalState, ApprovalStep, Order
from seonmul.orders.rules import ApprovalFacts, ApprovalRefusal
from seonmul.payments.models import PaymentRefund
from tests import given
from tests.given import MONDAY, Company
from tests.orders import cards, certificates
from tests.orders.certificates import bought, limit, waiting
from tests.sandbox.outside import Outside
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


def state_of(order: Order) -> str:
    return str(Order.objects.values_list("state", flat=True).get(id=order.id))


@pytest.fixture
def firm() -> Company:
    return given.company()


@pytest.fixture
def strict(firm: Company) -> Company:
    """A company whose approver must consent from 500,000 won on."""
    Buyer.objects.filter(id=firm.buyer.id).update(approval_above_won=500_000)
    firm.buyer.refresh_from_db()
    return firm


@assumed(st.booleans(), st.integers(0, 10**9), st.none() | st.integers(0, 10**9), st.integers(0, 3))
def test_who_must_consent(certificates_: bool, won: int, above: int | None, approvers: int) -> None:
    """O8: the company first, then the operator; whoever needs a consent that nobody can give is told before."""
    facts = ApprovalFacts(certificates_, won, above, approvers)
    steps = rules.steps_of(facts)
    assert steps == sorted(steps) and ("operator" in steps) == certificates_
    assert ("company" in steps) == (above is not None and won >= above)
    no = rules.why_not_ask_approval(facts)
    assert (no is None) == ("company" not in steps or approvers > 0)


def test_certificates_wait_and_are_sent_when_the_operator_approves(carrier: Outside, firm: Company) -> None:
    """O8: nothing is issued before."""
    order = bought(firm, 2)
    given.worked(only="gifts")
    assert (state_of(order), Gift.objects.count()) == ("waiting", 0)
    assert ledger.balances(firm.buyer.id).held_won == 200_000
    assert gifts.untended(MONDAY + timedelta(days=1), MONDAY + timedelta(days=1)) == [], (
        "the sweep leaves it alone"
    )
    actions.decide_order(waiting(order).id, approve=True, by=given.operator(), at=MONDAY)
    assert limit(firm).used_won == 200_000 and limit(firm).held_won == 0
    given.worked()
    assert state_of(order) in ("sending", "finished") and Gift.objects.count() == 2
    assert queries.faults() == gifts.faults() == ledger.faults() == []


def test_a_refused_order_is_paid_back_at_once_and_gives_its_share_back(firm: Company) -> None:
    """O7, O8"""
    order = bought(firm, 5)
    approval = waiting(order)
    operator = given.operator()
    decide = partial(actions.decide_order, approval.id, by=operator, at=MONDAY)
    assert refusal_of(lambda: decide(approve=False, reason=" ")) is ApprovalRefusal.NO_REASON
    decide(approve=False, reason="본인이 쓰려고 사는 것으로 보입니다.")
    order.refresh_from_db()
    assert (order.state, order.limit_back_won) == ("refused", 500_000)
    assert limit(firm).taken_won == 0
    balances = ledger.balances(firm.buyer.id)
    assert (balances.cash_won, balances.held_won) == (50_000_000, 0)
    assert refusal_of(lambda: decide(approve=True)) is ApprovalRefusal.NOT_WAITING
    assert gifts.closing(order).adds_up and queries.under_way(firm.buyer.id) == 0
    assert queries.faults() == ledger.faults() == []
    acts = Act.objects.filter(subject=str(order.id), company=str(firm.buyer.id))
    assert list(acts.order_by("acted_at", "id").values_list("verb", flat=True)) == [
        "order_placed",
        "order_refused",
    ]


def test_what_was_paid_by_card_goes_back_to_the_card(carrier: Outside) -> None:
    """O8, P5"""
    carrier.inside("POST", "portone/clock", {"at": MONDAY.isoformat()})
    firm = given.company(cash_won=100_000)
    checkout = cards.window(firm, certificates.draft(firm, 4), cash_won=100_000)
    cards.approved(carrier, checkout)
    cards.heard(checkout)
    order = Order.objects.get(draft_id=checkout.draft_id)
    assert order.state == "waiting"
    actions.decide_order(waiting(order).id, approve=False, reason="의심", by=given.operator(), at=MONDAY)
    assert PaymentRefund.objects.get(payment_id=order.payment_id).won == 300_000
    assert cards.refunded(order.payment_id) == ["done"]
    assert ledger.balances(firm.buyer.id).cash_won == 100_000 and ledger.faults() == []


def test_nobody_decides_for_five_business_days(firm: Company) -> None:
    """O8: Monday 10:00 to the next Monday 10:00."""
    order = bought(firm, 3)
    assert waiting(order).due_at == MONDAY + timedelta(days=7)
    assert actions.end_overdue_approvals(at=MONDAY + timedelta(days=7, seconds=-1)) == 0
    assert actions.end_overdue_approvals(at=MONDAY + timedelta(days=7)) == 1
    assert actions.end_overdue_approvals(at=MONDAY + timedelta(days=8)) == 0
    assert state_of(order) == "refused" and limit(firm).taken_won == 0
    assert Approval.objects.get(order=order).state == ApprovalState.LAPSED
    assert ledger.balances(firm.buyer.id).cash_won == 50_000_000


def test_the_company_consents_first_and_then_the_operator(strict: Company) -> None:
    """O8, M7"""
    order = bought(strict, 6)
    first = waiting(order)
    assert first.step == ApprovalStep.COMPANY
    decide = partial(actions.decide_for_company, first.id, at=MONDAY)
    assert refusal_of(lambda: decide(approve=True, by=strict.owner)) is ApprovalRefusal.OWN_ORDER
    stranger = certificates.colleague(strict).owner
    assert refusal_of(lambda: decide(approve=True, by=stranger)) is ApprovalRefusal.NOT_APPROVER
    foreign = given.company().approver
    assert refusal_of(lambda: decide(approve=True, by=foreign)) is ApprovalRefusal.NOT_APPROVER
    operator = given.operator()
    wrong_door = partial(actions.decide_order, first.id, approve=True, by=operator, at=MONDAY)
    assert refusal_of(wrong_door) is ApprovalRefusal.NOT_WAITING, (
        "the operator does not decide for the company"
    )
    decide(approve=True, by=strict.approver)
    second = waiting(order)
    assert (second.step, state_of(order), limit(strict).held_won) == ("operator", "waiting", 600_000)
    actions.decide_order(second.id, approve=True, by=operator, at=MONDAY)
    assert state_of(order) == "paid"


def test_the_company_consents_to_goods_as_well(strict: Company) -> None:
    """M7: above its amount, for any product; below it nobody is asked."""
    goods = given.product(price_won=100_000)
    small = given.placed(strict, certificates.numbers(4), goods)
    assert small.state == "paid" and not Approval.objects.exists()
    large = given.placed(strict, certificates.numbers(5), goods)
    assert large.state == "waiting"
    actions.decide_for_company(waiting(large).id, approve=True, by=strict.approver, at=MONDAY)
    assert state_of(large) == "paid" and Approval.objects.count() == 1
    refused = given.placed(strict, certificates.numbers(5), goods)
    actions.decide_for_company(
        waiting(refused).id, approve=False, reason="예산 초과", by=strict.approver, at=MONDAY
    )
    assert state_of(refused) == "refused" and ledger.faults() == []


def test_an_order_that_nobody_could_consent_to_is_not_paid(strict: Company) -> None:
    """M7: the draft stays, and the reason says what to do."""
    Member.objects.filter(id=strict.approver.id).update(is_active=False)
    draft = certificates.draft(strict, 6)
    assert refusal_of(lambda: given.paid(strict, draft)) is ApprovalRefusal.NO_APPROVER
    given.paid(strict, certificates.draft(strict, 4))


@pytest.mark.django_db(transaction=True)
def test_approving_and_refusing_at_once_is_one_decision() -> None:
    """O8"""
    firm = given.company()
    order, operator = bought(firm, 5), given.operator()
    decide = partial(actions.decide_order, waiting(order).id, reason="확인", by=operator, at=MONDAY)
    outcomes = at_once([partial(decide, approve=True), partial(decide, approve=False)])
    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True]
    assert state_of(order) in ("paid", "refused")
    assert queries.faults() == ledger.faults() == []


def test_signals_of_somebody_who_launders(firm: Company) -> None:
    """O8: each with what it was seen by."""
    night = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    Member.objects.filter(id=firm.owner.id).update(joined_at=night - timedelta(days=1))
    own = members_now.phone_of(firm.owner)
    others = [given.company(), given.company()]
    shared = certificates.numbers(1)
    for other in others:
        given.placed(other, shared, certificates.certificate(), night - timedelta(days=2))
    product = certificates.certificate()
    order = given.placed(firm, [*certificates.numbers(8), *shared, own], product, night)
    signs = queries.approval_signs(queries.waiting_approvals(ApprovalStep.OPERATOR)[-1])
    assert signs.is_new_member and signs.is_first_large and signs.is_at_night
    assert (signs.own_people, signs.shared_people, signs.accounts_most, signs.is_shared) == (1, 1, 2, True)
    assert order.people == 10


def test_signals_of_an_ordinary_order(firm: Company) -> None:
    Member.objects.filter(id=firm.owner.id).update(joined_at=MONDAY - timedelta(days=100))
    bought(firm, 2)
    signs = queries.approval_signs(queries.waiting_approvals(ApprovalStep.OPERATOR)[0])
    assert not (signs.is_new_member or signs.is_first_large or signs.is_at_night or signs.is_shared)
    assert (signs.own_people, signs.shared_people) == (0, 0)


def test_a_large_order_that_was_taken_back_hides_no_first_one(firm: Company) -> None:
    """O8: and what counts as large is a figure."""
    figures.change("large_order_won", 200_000, by="operator", at=MONDAY)
    first = bought(firm, 2)
    actions.cancel_waiting(first.id, by=firm.owner, at=MONDAY)
    bought(firm, 2, at=MONDAY + timedelta(minutes=5))
    signs = queries.approval_signs(queries.waiting_approvals(ApprovalStep.OPERATOR)[-1])
    assert signs.is_first_large and signs.earlier_most_won == 0


def test_the_buyer_and_the_approver_are_told_at_each_step(strict: Company) -> None:
    """O8: who waits for whom, and what came of it."""
    order = bought(strict, 6)
    given.worked(only="notices")
    texts = list(Letter.objects.order_by("written_at", "id").values_list("buyer", flat=True))
    assert len(texts) == 2, "the approver is asked, and whoever ordered reads for whom it waits"
    actions.decide_for_company(waiting(order).id, approve=True, by=strict.approver, at=MONDAY)
    given.worked(only="notices")
    assert Letter.objects.count() == 3, "that the operator looks now"
    actions.decide_order(
        waiting(order).id, approve=False, reason="확인 불가 ✈", by=given.operator(), at=MONDAY
    )
    given.worked(only="notices")
    assert Letter.objects.count() == 4


def test_of_an_order_whose_buyer_has_left_the_owners_are_told() -> None:
    """M7, O8: who is in the company no more reads neither its number nor its sum; somebody there does."""
    firm = given.company()
    gone = certificates.colleague(firm)
    order = bought(gone, 6)
    members.end_place(firm.owner, gone.owner.id, is_verified=True, at=MONDAY)
    given.worked(only="notices", later=False)
    mail.outbox.clear()
    before = Letter.objects.count()
    actions.decide_order(waiting(order).id, approve=False, reason="확인 불가", by=given.operator(), at=MONDAY)
    given.worked(only="notices", later=False)
    assert [one.to[0] for one in mail.outbox if order.public_id in one.body] == [firm.owner.mail]
    assert Letter.objects.count() == before + 1
    assert members_now.address_for(gone.owner.id, firm.buyer.id) is None


def test_approvals_are_told_by_mail_too() -> None:
    """O8, M7: to the approver, to who ordered, and what was decided; each once, as things stand when it is sent."""
    firm = given.company()
    Buyer.objects.filter(id=firm.buyer.id).update(approval_above_won=100_000)
    order = certificates.bought(firm, 3)
    given.worked(only="notices")
    assert sorted(one.to[0] for one in mail.outbox) == sorted([firm.approver.mail, firm.owner.mail])
    assert "결재할 주문이 있습니다" in next(one.body for one in mail.outbox if one.to == [firm.approver.mail])
    actions.decide_for_company(
        certificates.waiting(order).id, approve=False, reason="예산 초과", by=firm.approver, at=MONDAY
    )
    given.worked(only="notices")
    told = mail.outbox[-1]
    assert told.to == [firm.owner.mail] and "예산 초과" in told.body and "\n" not in told.subject
    assert len(mail.outbox) == 3
