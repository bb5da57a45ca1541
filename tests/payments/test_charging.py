"""P2: cash by virtual account. Every deposit ends as the product says: never lost, never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit.models import Act
from seonmul.figures import actions as figures
from seonmul.figures.rules import Figures
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind, Transfer
from seonmul.members.models import Buyer, Membership
from seonmul.payments import actions, queries
from seonmul.payments.models import Payment, PaymentState, Report
from seonmul.payments.rules import ChargeRefusal, RefundRefusal
from tests import given
from tests.given import MONDAY
from tests.payments.bank import (
    asked,
    asked_by_provider,
    by_card,
    called,
    deposited,
    fault,
    issued,
    report,
)
from tests.sandbox.outside import Outside, until

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=3)


def cash(firm: given.Company) -> int:
    return ledger.balances(firm.buyer.id).cash_won


def told(event: str) -> int:
    """How often those above were told."""
    return ProcrastinateJob.objects.filter(task_name__endswith=f".on.payments.{event}").count()


def read_reports() -> None:
    """Do what the worker does with reports, at a time of the test's own."""
    for one in Report.objects.filter(read_at=None):
        actions.read_report(one.id, at=one.came_at)
    waiting = ProcrastinateJob.objects.filter(task_name="payments.ask").values_list("args", flat=True)
    for args in list(waiting):
        actions.ask(args["payment_id"], at=LATER)


def now(payment: Payment) -> Payment:
    payment.refresh_from_db()
    return payment


def test_an_account_is_issued_and_told(carrier: Outside) -> None:
    """P2: bank, number and last moment are there; the sum waits for nobody's clock but Seoul's."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    account = queries.account_of(payment)
    assert account and account.bank.code == "shinhan" and account.number.isdigit()
    assert account.holder == firm.buyer.name and payment.ends_at.isoformat() == "2026-12-07T14:59:59+00:00"
    assert told("account_issued") == 1 and cash(firm) == 0
    assert bytes(payment.number_sealed).find(account.number.encode()) == -1


def test_no_cash_receipt_is_asked_for(carrier: Outside) -> None:
    """P6: whatever a person might want, the provider is told NO_RECEIPT; the sandbox shows what it was told."""
    payment = issued(given.company())
    body = carrier.ask(
        "GET", f"/portone/payments/{payment.reference}", headers={"Authorization": "PortOne DEMO-PORTONE-SECRET-0000"}
    ).json  # fmt: skip
    assert "cashReceipt" not in body and body["amount"]["taxFree"] == body["amount"]["total"]
    assert body["amount"]["vat"] == 0


def test_a_deposit_is_credited_by_a_report(carrier: Outside) -> None:
    """P2"""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    assert called(*report(payment.reference)) == 200 and cash(firm) == 0, "a page obeys nobody"
    read_reports()
    assert cash(firm) == 100_000 and now(payment).state == PaymentState.PAID
    assert payment.paid_at == MONDAY and payment.settled_at == LATER and not payment.is_late
    assert told("charged") == 1 and ledger.faults() == []


def test_a_deposit_is_credited_by_the_poll_when_the_report_is_lost(carrier: Outside) -> None:
    """P2"""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    assert payment.next_ask_at and queries.payments_to_ask(payment.next_ask_at) == [payment.id]
    actions.sweep(at=payment.next_ask_at)
    assert ProcrastinateJob.objects.filter(task_name="payments.ask").count() == 1
    actions.ask(payment.id, at=payment.next_ask_at)
    assert cash(firm) == 100_000


def test_by_report_and_by_poll_and_doubled_it_is_credited_once(carrier: Outside) -> None:
    """P2: the same report twice, two reports, and the poll."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    headers, body = report(payment.reference)
    for one in ((headers, body), (headers, body), report(payment.reference)):
        assert called(*one) == 200
    read_reports()
    actions.ask(payment.id, at=LATER)
    read_reports()
    assert cash(firm) == 100_000 and told("charged") == 1
    assert Transfer.objects.filter(cause=f"payment:{payment.id}").count() == 1
    assert now(payment).next_ask_at is None, "nobody asks any more"


def test_a_report_overtakes_the_issue(carrier: Outside) -> None:
    """P2: the provider did the work and never answered; somebody pays before we know the number."""
    firm = given.company(cash_won=0)
    payment = asked(firm)
    fault(carrier, "error_500", "ask")
    actions.issue(payment.id, at=MONDAY)
    assert now(payment).state == PaymentState.ASKED
    deposited(carrier, payment)
    actions.ask(payment.id, at=LATER)
    assert now(payment).state == PaymentState.PAID and cash(firm) == 100_000


def test_a_forged_report_asks_nobody(carrier: Outside) -> None:
    """P2: kept, marked, and obeyed by nobody; the poll still credits."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    forged = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
    assert called(*report(payment.reference, secret=forged)) == 200
    assert called(*report(payment.reference, age_seconds=600)) == 200
    read_reports()
    assert Report.objects.filter(is_forged=True).count() == 2
    assert not ProcrastinateJob.objects.filter(task_name="payments.ask").exists() and cash(firm) == 0


def test_a_report_of_a_stranger_s_payment_is_read_and_forgotten(carrier: Outside) -> None:
    """P2"""
    assert called(*report("NOTOURS")) == 200
    read_reports()
    assert Report.objects.filter(is_forged=False, read_at__isnull=False).count() == 1
    assert actions.forget_reports(at=MONDAY + timedelta(days=4_000)) == 1


def test_what_is_unpaid_expires_by_our_own_job(carrier: Outside) -> None:
    """P2: asked once more just behind the end, closed there, and told."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    last, behind = payment.ends_at, payment.ends_at + timedelta(seconds=1)
    actions.ask(payment.id, at=last)
    assert now(payment).state == PaymentState.WAITING and payment.next_ask_at == behind
    actions.sweep(at=behind)
    actions.ask(payment.id, at=behind)
    assert now(payment).state == PaymentState.ENDED and payment.next_ask_at is None
    assert asked_by_provider(carrier, "POST", "/virtual-account/close") == 1
    assert told("account_ended") == 1 and queries.open_won(firm.buyer.id, behind) == 0
    actions.ask(payment.id, at=behind)
    assert told("account_ended") == 1


def test_a_deposit_that_lay_unread_when_the_account_expired_is_credited(carrier: Outside) -> None:
    """P2: paid in time by the bank's clock, so it is not even late."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment, at=payment.ends_at)
    actions.ask(payment.id, at=payment.ends_at + timedelta(seconds=1))
    assert now(payment).state == PaymentState.PAID and not payment.is_late and cash(firm) == 100_000
    assert told("account_ended") == 0


def test_a_deposit_between_the_question_and_the_closing_is_credited(carrier: Outside) -> None:
    """P2: the provider does not close what was paid; it is asked again before anything ends."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    behind = payment.ends_at + timedelta(seconds=1)
    waiting = actions._asking.provider().payment(payment.reference)
    deposited(carrier, payment, at=payment.ends_at)
    assert actions._asking._should_close(payment, waiting, behind)
    actions._asking.note(payment.id, actions._asking._close(payment, waiting), at=behind)
    assert now(payment).state == PaymentState.PAID and cash(firm) == 100_000


def test_a_late_deposit_is_credited_and_flagged(carrier: Outside) -> None:
    """P2: while our job had not run, and long after it had."""
    firm = given.company(cash_won=0)
    for has_ended in (False, True):
        payment = issued(firm)
        if has_ended:
            Payment.objects.filter(id=payment.id).update(state=PaymentState.ENDED, next_ask_at=None)
        deposited(carrier, payment, at=payment.ends_at + timedelta(hours=2))
        assert called(*report(payment.reference)) == 200
        read_reports()
        assert now(payment).state == PaymentState.PAID and payment.is_late
    assert cash(firm) == 200_000 and ledger.faults() == []


def test_a_late_report_is_not_lost_when_the_provider_is_down(carrier: Outside) -> None:
    """P2: what had ended is asked about again."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    Payment.objects.filter(id=payment.id).update(state=PaymentState.ENDED, next_ask_at=None)
    deposited(carrier, payment, at=payment.ends_at + timedelta(days=1))
    behind = payment.ends_at + timedelta(days=2)
    fault(carrier, "error_500", "ask")
    actions.ask(payment.id, at=behind)
    assert cash(firm) == 0 and now(payment).next_ask_at
    assert queries.payments_to_ask(behind + timedelta(minutes=1)) == [payment.id]
    actions.ask(payment.id, at=behind + timedelta(minutes=1))
    assert cash(firm) == 100_000


@pytest.mark.parametrize("came", [90_000, 110_000])
def test_another_amount_is_parked_and_credited_by_finance(carrier: Outside, came: int) -> None:
    """P2"""
    firm, finance = given.company(cash_won=0), given.operator()
    payment = issued(firm)
    deposited(carrier, payment, came)
    actions.ask(payment.id, at=LATER)
    assert now(payment).state == PaymentState.PARKED and payment.paid_won == came
    assert cash(firm) == 0 and ledger.total(Kind.SUSPENSE) == came and told("charged") == 0
    assert queries.parked() == (1, LATER)
    actions.credit_parked(payment.id, by=finance, at=LATER)
    assert now(payment).state == PaymentState.PAID and cash(firm) == came and told("charged") == 1
    with pytest.raises(Refused) as no:
        actions.credit_parked(payment.id, by=finance, at=LATER)
    assert no.value.no.why is RefundRefusal.DECIDED
    assert cash(firm) == came and ledger.total(Kind.SUSPENSE) == 0 and ledger.faults() == []
    assert Act.objects.filter(verb="parked_credited", by=str(finance.id)).count() == 1


def test_another_amount_is_parked_and_returned_by_finance(carrier: Outside) -> None:
    """P2: to the depositor's account; nothing is ever cash."""
    firm, finance = given.company(cash_won=0), given.operator()
    payment = issued(firm)
    deposited(carrier, payment, 90_000)
    actions.ask(payment.id, at=LATER)
    with pytest.raises(Refused) as no:
        actions.return_parked(payment.id, bank_code="kookmin", number="", holder="김", by=finance, at=LATER)
    assert no.value.no.why is RefundRefusal.NO_ACCOUNT
    refund = actions.return_parked(
        payment.id, bank_code="kookmin", number="123-456-0001", holder="김입금", by=finance, at=LATER
    )
    with pytest.raises(Refused):
        actions.credit_parked(payment.id, by=finance, at=LATER)
    actions.try_refund(refund.id, at=LATER)
    actions.try_refund(refund.id, at=LATER)
    refund.refresh_from_db()
    assert refund.state == "done" and now(payment).state == PaymentState.RETURNED
    assert cash(firm) == 0 and ledger.total(Kind.SUSPENSE) == 0 and ledger.total(Kind.OWED) == 0
    assert ledger.faults() == [] and carrier.inside("GET", "stats")["cancelled_won"] == 90_000


def test_a_deposit_over_the_cap_is_credited_and_charging_stops(carrier: Outside) -> None:
    """P2: refunds or another figure may have filled the balance meanwhile."""
    firm = given.company(cash_won=0)
    payment = issued(firm, 60_000_000)
    given.ledger.charge(firm.buyer.id, 80_000_000, cause="given:more", at=MONDAY)
    deposited(carrier, payment)
    actions.ask(payment.id, at=LATER)
    assert cash(firm) == 140_000_000
    with pytest.raises(Refused) as no:
        asked(firm, 10_000, LATER)
    assert no.value.no.why is ChargeRefusal.OVER_CAP and no.value.no.numbers["room"] == 0


def test_cash_held_and_open_requests_count_together() -> None:
    """P2"""
    firm = given.company(cash_won=50_000_000)
    given.ledger.hold(firm.buyer.id, [(Kind.CASH, 20_000_000)], cause="held", at=MONDAY)
    asked(firm, 40_000_000)
    assert queries.room_to_charge(firm.buyer.id, MONDAY, figures=Figures()) == 10_000_000
    with pytest.raises(Refused) as no:
        asked(firm, 10_000_010)
    assert no.value.no.numbers["room"] == 10_000_000
    asked(firm, 10_000_000)


def test_held_card_money_and_reward_are_no_cash() -> None:
    """P2: what a card paid for an order, and reward, take no room; the cash behind the same hold does."""
    firm = given.company(cash_won=0)
    by_card(firm, 60_000_000)
    given.ledger.give(firm.buyer.id, 5_000, expires_at=MONDAY + timedelta(days=9), cause="r", at=MONDAY)
    given.ledger.charge(firm.buyer.id, 20_000_000, cause="c", at=MONDAY)
    hold = given.ledger.hold(
        firm.buyer.id, [(Kind.REWARD, 5_000), (Kind.CASH, 20_000_000)], cause="held", at=MONDAY
    )
    given.ledger.add_part(hold.id, Kind.CARD, 60_000_000, cause="more", at=MONDAY)
    assert ledger.cash(firm.buyer.id) == ledger.Cash(0, 20_000_000)
    assert asked(firm, 50_000_000).won == 50_000_000
    assert queries.room_to_charge(firm.buyer.id, MONDAY, figures=Figures()) == 30_000_000
    given.ledger.capture(hold.id, 10_005_000, cause="sold", at=MONDAY)
    assert ledger.cash(firm.buyer.id).held_won == 10_000_000, "reward and cash are spent before the card"
    given.ledger.release(hold.id, 65_000_000, cause="back", at=MONDAY)
    assert ledger.cash(firm.buyer.id) == ledger.Cash(5_000_000, 5_000_000)
    with pytest.raises(Refused):
        asked(firm, 40_000_010)


def test_an_operator_may_lower_the_cap() -> None:
    """P2: the figure is a setting."""
    firm = given.company(cash_won=0)
    figures.change("cash_most_won", 50_000, by=given.operator().login, at=MONDAY)
    with pytest.raises(Refused) as no:
        asked(firm, 50_010, LATER)
    assert no.value.no.why is ChargeRefusal.OVER_CAP
    asked(firm, 50_000, LATER)


def test_who_looks_only_may_not_charge_nor_staff() -> None:
    """P2, M7"""
    firm = given.company()
    for who in (firm.approver, given.operator()):
        with pytest.raises(Refused) as no:
            actions.ask_charge(who, 10_000, "shinhan", at=MONDAY)
        assert no.value.no.why is ChargeRefusal.NOT_A_BUYER
    assert not Payment.objects.exists()


@pytest.mark.parametrize("kind", ["error_500", "html_error", "drop_connection", "timeout_after_accept"])
def test_whatever_happens_while_issuing_one_account_comes_of_it(
    carrier: Outside, settings: Any, kind: str
) -> None:
    """P2: nothing fails, nothing is issued twice; the sweep tries again under the same reference."""
    settings.SECONDS_PAYMENT = 0.5
    firm = given.company(cash_won=0)
    payment = asked(firm)
    fault(carrier, kind, "instant")
    actions.issue(payment.id, at=MONDAY)
    assert now(payment).state == PaymentState.ASKED and payment.next_ask_at
    settings.SECONDS_PAYMENT = 10
    soon = MONDAY + timedelta(minutes=1)
    assert queries.payments_to_issue(soon) == [payment.id]
    until(lambda: actions.issue(payment.id, at=soon) or now(payment).state == PaymentState.WAITING)
    assert told("account_issued") == 1
    assert carrier.inside("GET", "stats")["accounts_waiting"] == 1


def test_an_account_that_the_provider_refuses_fails_and_frees_its_room(carrier: Outside) -> None:
    """P2"""
    firm = given.company(cash_won=0)
    payment = asked(firm)
    fault(carrier, "refuse", "instant", status=404, errorCode="CHANNEL_NOT_FOUND")
    actions.issue(payment.id, at=MONDAY)
    assert now(payment).state == PaymentState.FAILED and payment.vendor_code == "CHANNEL_NOT_FOUND"
    assert queries.open_won(firm.buyer.id, MONDAY) == 0 and payment.next_ask_at is None


def test_a_charge_is_given_up_and_closed_there(carrier: Outside) -> None:
    """P2"""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    actions.close_charge(payment.id, by=firm.owner, at=LATER)
    assert queries.open_won(firm.buyer.id, LATER + timedelta(seconds=1)) == 0
    actions.ask(payment.id, at=LATER)
    actions.ask(payment.id, at=LATER + timedelta(seconds=1))
    assert now(payment).state == PaymentState.ENDED and told("account_ended") == 1
    with pytest.raises(Refused) as no:
        actions.close_charge(payment.id, by=firm.owner, at=LATER)
    assert no.value.no.why is ChargeRefusal.NOT_OPEN


def test_money_that_lies_there_when_a_charge_is_given_up_is_credited(carrier: Outside) -> None:
    """P2"""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    actions.close_charge(payment.id, by=firm.owner, at=LATER)
    actions.ask(payment.id, at=LATER + timedelta(seconds=1))
    assert now(payment).state == PaymentState.PAID and cash(firm) == 100_000


def test_a_charge_given_up_before_it_was_issued_is_never_told(carrier: Outside) -> None:
    """P2: the job comes too late, and issues nothing."""
    firm = given.company(cash_won=0)
    payment = asked(firm)
    actions.close_charge(payment.id, by=firm.owner, at=MONDAY + timedelta(seconds=1))
    for second in (1, 2, 3):
        actions.issue(payment.id, at=MONDAY + timedelta(seconds=second))
    assert now(payment).state == PaymentState.ENDED and told("account_issued") == 0
    assert asked_by_provider(carrier, "POST", "/instant") == 0


def test_a_charge_given_up_while_it_is_issued_is_closed(carrier: Outside) -> None:
    """P2: the provider has done it, we have given it up: no account stays open that nobody waits for."""
    firm = given.company(cash_won=0)
    payment = asked(firm)
    fault(carrier, "error_500", "ask")
    actions.issue(payment.id, at=MONDAY)
    actions.close_charge(payment.id, by=firm.owner, at=LATER)
    actions.issue(payment.id, at=LATER + timedelta(seconds=1))
    assert now(payment).state == PaymentState.ENDED and told("account_issued") == 0
    assert asked_by_provider(carrier, "POST", "/virtual-account/close") == 1


def test_what_was_paid_and_cancelled_over_there_before_we_looked_is_no_money(carrier: Outside) -> None:
    """P2: also when the charge had failed here."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    answer = carrier.ask(
        "POST",
        f"/portone/payments/{payment.reference}/cancel",
        {"storeId": "store-demo", "reason": "창구", "amount": 100_000, "taxFreeAmount": 100_000,
         "refundAccount": {"bank": "KOOKMIN", "number": "12345678900001", "holderName": "김"}},
        {"Authorization": "PortOne DEMO-PORTONE-SECRET-0000", "Content-Type": "application/json"},
    )  # fmt: skip
    assert answer.status == 200, answer.text
    actions.ask(payment.id, at=LATER)
    assert now(payment).state == PaymentState.ENDED and cash(firm) == 0 and ledger.faults() == []


def test_nothing_personal_stands_in_jobs_and_acts(carrier: Outside) -> None:
    """X2: no name of the depositor, no account number."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment, 90_000)
    assert called(*report(payment.reference)) == 200
    read_reports()
    account = queries.account_of(payment)
    assert account
    said = str(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    said += str(list(Act.objects.values_list("facts", flat=True)))
    for secret in (account.number, account.holder, firm.owner.name, firm.owner.mail):
        assert secret not in said


def test_a_deposit_for_whoever_has_left_is_parked_and_only_returned(carrier: Outside) -> None:
    """P2, M9: late, for an account that is closed or that nobody belongs to any more: never cash, and nobody is told."""
    closed, empty, finance = given.company(cash_won=0), given.company(cash_won=0), given.operator()
    for firm in (closed, empty):
        payment = issued(firm)
        deposited(carrier, payment)
        if firm is closed:
            Buyer.objects.filter(id=firm.buyer.id).update(closed_at=MONDAY)
        else:
            Membership.objects.filter(buyer=firm.buyer).delete()
        actions.ask(payment.id, at=LATER)
        assert now(payment).state == PaymentState.PARKED and cash(firm) == 0
        with pytest.raises(Refused) as no:
            actions.credit_parked(payment.id, by=finance, at=LATER)
        assert no.value.no.why is RefundRefusal.LEFT and cash(firm) == 0
        actions.return_parked(
            payment.id, bank_code="kookmin", number="123-456-0001", holder="김입금", by=finance, at=LATER
        )
    assert told("parked") == told("charged") == 0 and ledger.faults() == []
