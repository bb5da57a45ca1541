"""`prove` covers the money from outside: whatever is damaged by hand is found. P1, P2, P5, P9"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from seonmul.cli import prove
from seonmul.kit import ids
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind, Transfer
from seonmul.payments import actions, queries
from seonmul.payments.models import Payment, PaymentKind, PaymentState, Payout, RefundWhy
from seonmul.payments.ports import Account, Bank, Method, Told
from seonmul.payments.ports import Payment as ToldPayment
from tests import given
from tests.given import MONDAY, Company

pytestmark = pytest.mark.django_db
TO = Account(Bank.KOOKMIN, "12345678900001", "한지원")


def raw(sql: str, *args: object) -> None:
    """Damage that no trigger sees, as a hand in the database would do it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, args)
        cursor.execute("SET LOCAL session_replication_role = origin")


def payment(who: Company, won: int = 100_000, kind: str = "account", state: str = "waiting") -> Payment:
    return Payment.objects.create(
        kind=kind, buyer=who.buyer, member=who.owner, won=won, state=state, asked_at=MONDAY,
        ends_at=MONDAY + timedelta(days=14), subject="S" if kind == "card" else "",
    )  # fmt: skip


def paid(who: Company, won: int = 100_000, kind: str = "account", came: int = 0) -> Payment:
    """A payment booked as the provider told it; `came`: another sum than was asked, which is parked."""
    row = payment(who, won, kind, "asked" if kind == "card" else "waiting")
    told = ToldPayment(
        row.reference, Told.PAID, won=won, paid_won=came or won,
        method=Method.CARD if kind == "card" else Method.ACCOUNT,
        subject=queries.facts(row).subject, at=MONDAY,
    )  # fmt: skip
    actions.note(row.id, told, at=MONDAY)
    row.refresh_from_db()
    return row


@pytest.fixture
def who() -> Company:
    """A company with everything that can be: a charge, a card, a parked sum, refunds, a pay-out."""
    firm = given.company(cash_won=10_000)
    paid(firm)
    card = paid(firm, 30_000, PaymentKind.CARD)
    actions.give_back(card.id, 5_000, why=RefundWhy.DEAD, source=Kind.CARD, cause="dead:1", at=MONDAY)
    paid(firm, 20_000, came=15_000)
    actions.credit_parked(paid(firm, 20_000, came=25_000).id, by=firm.owner, at=MONDAY)
    returned = paid(firm, 20_000, came=1_000)
    actions.return_parked(
        returned.id, bank_code="kookmin", number="12345678900001", holder="한지원", by=firm.owner, at=MONDAY
    )
    payout = Payout(
        buyer=firm.buyer, member=firm.owner, won=40_000, bank="kookmin", number_sealed=b"x", asked_at=MONDAY
    )
    payout.hold_id = ledger.hold(
        firm.buyer.id, [(Kind.CASH, 40_000)], cause=f"payout:{payout.id}", at=MONDAY
    ).id
    payout.save(force_insert=True)
    return firm


def test_what_is_as_it_should_be_has_no_faults(who: Company) -> None:
    assert queries.faults() == []


_PAID = "(SELECT id FROM payments_payment WHERE state = 'paid' AND kind = 'account' LIMIT 1)"
_TRANSFER = f"(SELECT id FROM ledger_transfer WHERE cause = 'payment:' || {_PAID})"
DAMAGES: dict[str, str] = {
    "a payment is not booked as it came": f"UPDATE payments_payment SET paid_won = paid_won + 1 WHERE id = {_PAID}",
    "money was booked for a payment that did not come": (
        f"UPDATE payments_payment SET state = 'ended' WHERE id = {_PAID}"
    ),
    "a parked deposit was not credited or returned whole": (
        "UPDATE payments_payment SET paid_won = paid_won + 1 WHERE state = 'paid' AND paid_won = 25000"
    ),
    "a refund is not booked as owed": "UPDATE payments_paymentrefund SET won = won + 1 WHERE cause = 'dead:1'",
    "what went back was not booked, or booked too early": (
        "UPDATE payments_paymentrefund SET state = 'done' WHERE cause = 'dead:1'"
    ),
    "more went back than refunds say": f"UPDATE payments_payment SET cancelled_won = 1 WHERE id = {_PAID}",
    "what we owe is not the sum of unfinished refunds": (
        "DELETE FROM payments_paymentrefund WHERE cause = 'dead:1'"
    ),
    "what is parked is not the sum of undecided deposits": (
        "UPDATE payments_payment SET paid_won = paid_won + 1 WHERE state = 'parked' AND paid_won = 15000"
    ),
    "card money is not what cards paid, less what orders took and what goes back": (
        "UPDATE ledger_account SET balance_won = balance_won + 1 WHERE kind = 'card'"
    ),
    "a pay-out does not stand as its hold does": "UPDATE payments_payout SET state = 'refused'",
    "money is held for a pay-out that nobody asked for": "DELETE FROM payments_payout",
}


@pytest.mark.parametrize("what", DAMAGES)
def test_planted_damage_is_found(what: str, who: Company) -> None:
    raw(DAMAGES[what])
    assert what in {fault[0] for fault in queries.faults()}


def test_money_that_no_provider_brought_is_found(who: Company) -> None:
    ledger.charge(who.buyer.id, 1_000, cause="out of nowhere", at=MONDAY)
    assert [fault[:2] for fault in queries.faults()] == [
        ("cash or card money came without a payment", "out of nowhere")
    ]


def test_the_same_deposit_booked_under_another_cause_is_found(who: Company) -> None:
    """P2: twice is never right, whatever the second booking is called."""
    ledger.charge(who.buyer.id, 1_000, cause=f"payment:{ids.new_id()}", at=MONDAY)
    assert {fault[0] for fault in queries.faults()} == {"money was booked for a payment that did not come"}


def test_given_cash_is_no_fault_and_is_counted(who: Company) -> None:
    assert queries.given_charges() == (1, 10_000)
    assert "1 charges of 10,000 won were given, not paid" in " ".join(prove.prove()[1])


def told(reference: str, won: int = 100_000, **more: object) -> ToldPayment:
    return ToldPayment(reference, Told.PAID, won=won, paid_won=won, at=MONDAY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("theirs", "what"),
    [
        (lambda ref: [told(ref), told("STRANGE")], "the provider took money that is not booked here"),
        (lambda ref: [], "a payment is booked that the provider does not know"),
        (lambda ref: [told(ref, 90_000)], "a payment was booked with another sum than it had"),
        (lambda ref: [told(ref)], ""),
        (lambda ref: [told(ref, cancelled_won=100_000)], ""),
        (lambda ref: [told(ref), told("GONE", cancelled_won=100_000)], ""),
    ],
)
def test_every_payment_is_once_on_each_side(theirs: Callable[[str], list[ToldPayment]], what: str) -> None:
    """P9: held against the provider's own memory."""
    row = paid(given.company())
    compared = queries.against(theirs(row.reference), since=MONDAY, at=MONDAY + timedelta(hours=1))
    assert [fault[0] for fault in compared.faults] == ([what] if what else [])


def test_a_payment_of_a_moment_ago_is_on_its_way() -> None:
    compared = queries.against([told("NEW")], since=MONDAY, at=MONDAY + timedelta(minutes=1))
    assert (compared.faults, compared.on_their_way) == ([], 1)


def test_what_was_paid_before_the_list_begins_is_not_missing_there() -> None:
    """P9: a provider's list goes back so far, the books further."""
    paid(given.company())
    at = MONDAY + timedelta(days=100)
    assert queries.against([], since=MONDAY + timedelta(seconds=1), at=at).faults == []
    (fault,) = queries.against([], since=MONDAY, at=at).faults
    assert fault[0] == "a payment is booked that the provider does not know"


def test_a_state_is_never_left_half_booked(who: Company) -> None:
    assert (
        Transfer.objects.filter(cause__startswith="payment:").count()
        == Payment.objects.filter(
            state__in=[PaymentState.PAID, PaymentState.PARKED, PaymentState.RETURNED]
        ).count()
    )
