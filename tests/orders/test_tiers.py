"""M3: a company's tier from its orders of the last months, and what an order costs it then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seonmul.catalog.models import List
from seonmul.figures import actions as figures
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.ledger import actions as ledger
from seonmul.members import actions as members
from seonmul.members.models import Buyer
from seonmul.orders import actions, queries
from seonmul.orders.models import Line, Order
from seonmul.orders.rules import OrderRefusal
from tests import given
from tests.given import MONDAY, Company

pytestmark = pytest.mark.django_db
TOMORROW = MONDAY + timedelta(days=1)


@pytest.fixture
def firm() -> Company:
    return given.company()


def tier_of(firm: Company) -> int:
    return Buyer.objects.values_list("tier_percent", flat=True).get(id=firm.buyer.id)


def paid(firm: Company, won: int, at: datetime = MONDAY) -> Order:
    """One order for so many won."""
    return given.placed(firm, given.numbers(1), given.product(price_won=won, at=at), at)


def test_after_three_million_won_a_company_has_one_percent_tomorrow(firm: Company) -> None:
    """M3: nothing changes today, and one won less is not enough."""
    paid(firm, 2_000_000)
    paid(firm, 999_999)
    assert actions.recompute_tiers(at=TOMORROW) == 0 and tier_of(firm) == 0
    paid(firm, 1)
    assert tier_of(firm) == 0
    assert actions.recompute_tiers(at=TOMORROW) == 1 and tier_of(firm) == 1


def test_three_months_count_to_the_day_in_seoul(firm: Company) -> None:
    """M3"""
    paid(firm, 10_000_000)
    end = clock.months_before(MONDAY, -3)
    actions.recompute_tiers(at=end + timedelta(hours=23))
    assert tier_of(firm) == 2
    actions.recompute_tiers(at=end + timedelta(hours=24))
    assert tier_of(firm) == 0
    figures.change("tier_months", 4, by="test", at=MONDAY)
    actions.recompute_tiers(at=end + timedelta(hours=24))
    assert tier_of(firm) == 2


def test_what_went_back_does_not_count(firm: Company) -> None:
    """M3: paid less refunds."""
    order = paid(firm, 3_000_000)
    ledger.release(order.hold_id, 1, cause="given:release", at=MONDAY)
    actions.recompute_tiers(at=TOMORROW)
    assert tier_of(firm) == 0 and queries.paid_lately(firm.buyer.id, TOMORROW) == 2_999_999


def test_each_company_has_its_own_and_persons_have_none(firm: Company) -> None:
    """M3, M7"""
    other, former = given.company(), given.company()
    paid(firm, 3_000_000)
    paid(other, 10_000_000)
    paid(former, 10_000_000)
    Buyer.objects.filter(id=former.buyer.id).update(kind="person", tier_percent=2)
    actions.recompute_tiers(at=TOMORROW)
    assert [tier_of(one) for one in (firm, other, former)] == [1, 2, 0]
    assert queries.paid_lately(former.buyer.id, TOMORROW) == 0


def test_the_work_of_a_night_does_not_grow_with_the_companies() -> None:
    """M3: one sum, and one update a tier."""

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            actions.recompute_tiers(at=TOMORROW)
        return len(asked)

    paid(given.company(), 3_000_000)
    statements()
    before = statements()
    for _ in range(3):
        paid(given.company(), 3_000_000)
    statements()
    assert statements() == before


def test_an_order_costs_what_the_tier_says_and_keeps_it(firm: Company) -> None:
    """M3, O6"""
    members.set_tiers({firm.buyer.id: 1}, at=MONDAY)
    order = given.placed(firm, given.numbers(3), given.product(price_won=4_300))
    assert (order.amount_won, Line.objects.get().unit_price_won) == (3 * 4_257, 4_257)
    members.set_tiers({}, at=MONDAY)
    assert queries.faults() == []
    order.refresh_from_db()
    assert order.amount_won == 3 * 4_257


def test_a_tier_that_changes_meanwhile_stops_the_payment(firm: Company) -> None:
    """M3, O6: what was agreed to was another sum."""
    draft = given.draft(firm, given.numbers(2), given.product(price_won=4_300))
    quote = queries.quote(draft)
    members.set_tiers({firm.buyer.id: 3}, at=MONDAY)
    purpose = queries.purpose_of(draft, quote)
    grant = members.grant_at_console(firm.owner.id, purpose, by="test", at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.place(
            draft.id, by=firm.owner, grant_id=grant.id, seen_won=quote.amount_won, seen_left_out=0, at=MONDAY
        )
    assert refused.value.no.why is OrderRefusal.PRICE_CHANGED
    assert refused.value.no.numbers == {"seen_won": 8_600, "now_won": 8_342}


def test_a_certificate_and_the_general_list_cost_the_same_at_every_tier(firm: Company) -> None:
    """M3"""
    members.set_tiers({firm.buyer.id: 3}, at=MONDAY)
    product = given.product(price_won=10_000)
    general = actions.begin(firm.owner, List.GENERAL, product.code, at=MONDAY)
    assert queries.quote(general).lines[0].unit_price_won == 10_000
    draft = given.draft(firm, given.numbers(1), product)
    type(product).objects.filter(id=product.id).update(is_gift_certificate=True)
    assert queries.quote(draft).lines[0].unit_price_won == 10_000
