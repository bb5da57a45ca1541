"""M9: what of copies may still come back as money is put in order before an account is closed; the rest is not lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seonmul.audit.models import Act
from seonmul.dispatch.ports import Result
from seonmul.gifts import actions, queries
from seonmul.gifts.models import ClaimWay, Gift
from seonmul.kit.refusals import Refused
from seonmul.ledger import actions as ledger
from seonmul.ledger import queries as books
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Buyer, Member, Membership, Role
from seonmul.members.rules import CloseRefusal
from seonmul.orders import actions as orders
from seonmul.orders.models import Order
from seonmul.payments import actions as payments
from seonmul.payments import queries as payments_now
from seonmul.payments.rules import PayoutRefusal, RefundRefusal
from tests import given
from tests.gifts.test_cancelling import sent
from tests.gifts.test_claiming import OVER, ended
from tests.given import MONDAY, Company

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def alone() -> Company:
    """Somebody without anybody else, who spends all there is."""
    firm = given.company(cash_won=13_500)
    Membership.objects.filter(member=firm.approver).delete()
    return firm


def finished(firm: Company) -> Order:
    """An order whose three copies arrived nowhere."""
    order = sent(firm, 3, list_="corporate")
    Gift.objects.filter(order=order).update(result=Result.POWER_OFF, result_at=MONDAY)
    Order.objects.filter(id=order.id, state="paid").update(state="sending")
    Order.objects.filter(id=order.id).update(state="finished")
    return order


def close(firm: Company) -> None:
    orders.close_account(firm.owner, is_proved=True, gives_up_reward=False, at=MONDAY + DAY)


def refusal(firm: Company) -> object:
    with pytest.raises(Refused) as refused:
        close(firm)
    assert Buyer.objects.get(id=firm.buyer.id).closed_at is None
    return refused.value.no.why


def test_copies_that_arrived_nowhere_stand_in_the_way(alone: Company) -> None:
    """M9, O9: the order is finished, but its price comes back within the week. The person is told what to do."""
    order = finished(alone)
    assert refusal(alone) is CloseRefusal.UNDELIVERED
    Gift.objects.filter(order=order).update(opened_at=MONDAY)
    close(alone)


def test_an_open_claim_stands_in_the_way(alone: Company) -> None:
    """M9, V4: its money would go to an account that nobody opens."""
    gift = ended(alone, 3)[0]
    Order.objects.filter(state="paid").update(state="sending")
    Order.objects.update(state="finished")
    claim = actions.claim_as_buyer(gift.id, ClaimWay.CASH, by=alone.owner, at=OVER + 181 * DAY)
    assert refusal(alone) is CloseRefusal.CLAIMS
    actions.refuse_claim(claim.id, reason="시험", by=given.operator(), at=OVER + 182 * DAY)
    close(alone)


@pytest.fixture
def left(alone: Company) -> Company:
    """Who has closed before copies of theirs turned out to have arrived nowhere."""
    order = finished(alone)
    Gift.objects.filter(order=order).update(result=Result.DELIVERED)
    close(alone)
    Gift.objects.filter(order=order).update(result=Result.POWER_OFF)
    assert actions.give_up(order.id, at=MONDAY + 8 * DAY) == 3
    return alone


def test_what_comes_back_after_closing_waits_for_finance(left: Company) -> None:
    """M9: nobody can log in to ask for it, so finance transfers it and says so."""
    (row,) = payments_now.left_cash()
    assert (row.id, row.cash_won) == (left.buyer.id, 13_500)
    staff, at = given.operator(), MONDAY + 9 * DAY
    for won, note, why in (
        (13_501, "이체", PayoutRefusal.OTHER_SUM), (0, "이체", PayoutRefusal.OTHER_SUM), (9_000, " ", RefundRefusal.NO_NOTE),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            payments.pay_left(row.id, won, note=note, by=staff, at=at)
        assert refused.value.no.why is why
    payments.pay_left(row.id, 9_000, note="이체", by=staff, at=at)
    assert [one.cash_won for one in payments_now.left_cash()] == [4_500]
    payments.pay_left(row.id, 4_500, note="이체", by=staff, at=at)
    assert payments_now.left_cash() == [] and books.faults() == [] and queries.faults() == []
    assert Act.objects.filter(verb="left_cash_paid", subject=str(row.id)).count() == 2
    with pytest.raises(Refused) as refused:
        payments.pay_left(row.id, 4_500, note="이체", by=staff, at=at)
    assert refused.value.no.why is PayoutRefusal.NO_HAND


def test_an_account_that_somebody_left_for_a_company_is_theirs_until_they_leave_too() -> None:
    """M7, M9: they ask for a pay-out themselves."""
    who, firm = given.person(), given.company(cash_won=0)
    own = Buyer.objects.get(memberships__member=who)
    members.accept_invitation(
        members_now.link_of(members.invite(firm.owner, who.mail, Role.BUYER, is_verified=True, at=MONDAY)), who, at=MONDAY
    )  # fmt: skip
    ledger.charge(own.id, 4_500, cause="a voucher that arrived nowhere", at=MONDAY)
    assert payments_now.left_cash() == [] and payments_now.left_cash_of(own.id) is None
    Member.objects.filter(id=who.id).update(closed_at=MONDAY)
    assert [one.id for one in payments_now.left_cash()] == [own.id]
