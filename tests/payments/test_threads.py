"""P2: what happens at the same moment, with real threads: the cap holds, a deposit counts once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind, Transfer
from seonmul.payments import actions, queries
from seonmul.payments.models import Payment, Report
from seonmul.payments.rules import ChargeRefusal
from tests import given
from tests.given import MONDAY
from tests.payments.bank import asked, by_card, called, deposited, issued, report
from tests.sandbox.outside import Outside
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

LATER = MONDAY + timedelta(hours=1)


def test_two_requests_that_together_pass_the_cap() -> None:
    """P2: one is refused."""
    firm = given.company(cash_won=0)
    outcomes = at_once([partial(asked, firm, 60_000_000) for _ in range(2)])
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert [one.no.why for one in refused] == [ChargeRefusal.OVER_CAP], outcomes
    assert queries.open_won(firm.buyer.id, MONDAY) == 60_000_000


def test_two_requests_beside_held_cash_and_card_money() -> None:
    """P2: the cash that is held counts, the card's money does not; together they never pass the cap."""
    firm = given.company(cash_won=40_000_000)
    by_card(firm, 60_000_000)
    parts = [(Kind.CASH, 30_000_000), (Kind.CARD, 60_000_000)]
    hold = given.ledger.hold(firm.buyer.id, parts, cause="held", at=MONDAY)
    back = partial(given.ledger.release, hold.id, 90_000_000, cause="back", at=MONDAY)
    *outcomes, _ = at_once([*[partial(asked, firm, 50_000_000) for _ in range(2)], back])
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert [one.no.why for one in refused] == [ChargeRefusal.OVER_CAP], outcomes
    assert queries.open_won(firm.buyer.id, MONDAY) == 50_000_000


def test_many_requests_fill_the_cap_exactly() -> None:
    """P2"""
    firm = given.company(cash_won=50_000_000)
    outcomes = at_once([partial(asked, firm, 10_000_000) for _ in range(8)])
    assert sum(isinstance(one, Refused) for one in outcomes) == 3, outcomes
    assert queries.open_won(firm.buyer.id, MONDAY) == 50_000_000


def test_a_request_and_a_deposit_that_is_booked_meanwhile_do_not_pass_the_cap(carrier: Outside) -> None:
    """P2: whichever of the two is first."""
    for _ in range(5):
        firm = given.company(cash_won=0)
        payment = issued(firm, 60_000_000)
        deposited(carrier, payment)
        outcomes = at_once(
            [
                partial(actions.ask, payment.id, at=LATER),
                *[partial(asked, firm, 50_000_000) for _ in range(3)],
            ]
        )
        assert outcomes[0] is None and all(isinstance(one, Refused) for one in outcomes[1:]), outcomes
        assert ledger.balances(firm.buyer.id).cash_won == 60_000_000


def test_twenty_deposit_notices_at_once(carrier: Outside) -> None:
    """P2: credited once, whoever of them is first."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    assert at_once([partial(called, *report(payment.reference)) for _ in range(20)]) == [200] * 20
    ids = list(Report.objects.values_list("id", flat=True))
    assert at_once([partial(actions.read_report, one, at=LATER) for one in ids]) == [None] * 20
    assert at_once([partial(actions.ask, payment.id, at=LATER) for _ in range(20)]) == [None] * 20
    assert ledger.balances(firm.buyer.id).cash_won == 100_000
    assert Transfer.objects.filter(kind="charge", cause__startswith="payment:").count() == 1
    assert ledger.faults() == []


def test_a_deposit_and_the_expiry_race(carrier: Outside) -> None:
    """P2: the money counts, whatever our clock says meanwhile."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    behind = payment.ends_at + timedelta(seconds=1)
    deposited(carrier, payment, at=payment.ends_at)
    outcomes = at_once([partial(actions.ask, payment.id, at=moment) for moment in (LATER, behind) * 4])
    assert outcomes == [None] * 8
    payment.refresh_from_db()
    assert payment.state == "paid" and ledger.balances(firm.buyer.id).cash_won == 100_000


def test_finance_credits_and_returns_a_parked_deposit_at_once(carrier: Outside) -> None:
    """P2: one of the two decides."""
    firm, finance = given.company(cash_won=0), given.operator()
    payment = issued(firm)
    deposited(carrier, payment, 90_000)
    actions.ask(payment.id, at=LATER)
    back = partial(
        actions.return_parked,
        payment.id,
        bank_code="kookmin",
        number="1230001",
        holder="김",
        by=finance,
        at=LATER,
    )
    outcomes = at_once([partial(actions.credit_parked, payment.id, by=finance, at=LATER), back])
    assert sum(isinstance(one, Refused) for one in outcomes) == 1, outcomes
    assert ledger.faults() == [] and Payment.objects.get(id=payment.id).state in ("paid", "parked")
