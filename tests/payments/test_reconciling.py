"""P9: what no report told is found by holding the books against the provider's own list, day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.kit import wire
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.payments import actions, rules
from seonmul.payments.models import Difference, Payment, PaymentState, Reconciliation, RefundWhy
from seonmul.payments.ports import Account, Bank
from seonmul.payments.rules import ReconcileRefusal, RefundRefusal
from tests import given
from tests.given import MONDAY
from tests.payments.bank import called, deposited, fault, issued, report
from tests.sandbox import payments as there
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
NIGHT = MONDAY + timedelta(hours=18, minutes=30)  # 04:30 in Seoul


def reconciled(at: datetime = NIGHT) -> Reconciliation:
    actions.reconcile(DAY, at=at)
    return Reconciliation.objects.get(day=DAY)


def looked_again(at: datetime = NIGHT) -> None:
    jobs = ProcrastinateJob.objects.filter(task_name="payments.look_again")
    for args in list(jobs.values_list("args", flat=True)):
        actions.look_again(args["difference_id"], at=at)


def numbers(row: Reconciliation) -> tuple[int, int, int, int]:
    return row.theirs, row.theirs_won, row.matched, row.differences


def cash(firm: given.Company) -> int:
    return ledger.balances(firm.buyer.id).cash_won


def test_a_lost_webhook_is_found_and_mended(carrier: Outside) -> None:
    """P9: the money is booked, and both facts stay written down."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    fault(carrier, "lose_webhook", "any")
    deposited(carrier, payment)
    assert numbers(reconciled()) == (1, 100_000, 0, 1)
    row = Difference.objects.get()
    assert (row.kind, row.state, row.ours, row.theirs) == (
        "missing_here",
        "open",
        "waiting:0:0",
        "paid:100000:0",
    )
    looked_again()
    row.refresh_from_db()
    assert row.state == "mended" and row.note and cash(firm) == 100_000
    assert (row.ours, row.theirs_won) == ("waiting:0:0", 100_000)
    assert numbers(reconciled()) == (1, 100_000, 1, 0)
    row.refresh_from_db()
    assert row.state == "mended" and Difference.objects.count() == 1


def test_a_doubled_webhook_books_once_and_matches(carrier: Outside) -> None:
    """P2, P9: told twice, booked once."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    headers, body = report(payment.reference)
    assert called(headers, body) == called(headers, body) == 200
    for _ in range(2):
        actions.ask(payment.id, at=MONDAY)
    assert numbers(reconciled()) == (1, 100_000, 1, 0) and cash(firm) == 100_000
    assert not Difference.objects.exists()


def test_a_payment_made_while_we_were_down_is_found(carrier: Outside) -> None:
    """P9: nothing ran: no report was taken, no sweep asked, two days went by."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment, at=MONDAY + timedelta(hours=2))
    reconciled(NIGHT + timedelta(days=2))
    looked_again(NIGHT + timedelta(days=2))
    assert cash(firm) == 100_000 and Difference.objects.get().state == "mended"
    payment.refresh_from_db()
    assert payment.state == PaymentState.PAID and not payment.is_late


def test_money_there_that_nobody_here_asked_for(carrier: Outside) -> None:
    """P9: missing here, under a reference that is not ours: nobody is credited, finance looks."""
    there.issued(carrier, "STRANGE1", 70_000)
    carrier.inside(
        "POST", "portone/deposit", {"paymentId": "STRANGE1", "won": 70_000, "at": MONDAY.isoformat()}
    )
    assert numbers(reconciled()) == (1, 70_000, 0, 1)
    row = Difference.objects.get()
    assert (row.kind, row.reference, row.ours, row.theirs_won) == ("missing_here", "STRANGE1", "", 70_000)
    looked_again()
    assert not ProcrastinateJob.objects.filter(task_name="payments.look_again").exists()
    boss = given.operator()
    with pytest.raises(Refused) as refused:
        actions.accept_difference(row.id, note=" ", by=boss, at=NIGHT)
    assert refused.value.no.why is RefundRefusal.NO_NOTE
    actions.accept_difference(row.id, note="다른 상점의 결제로 확인", by=boss, at=NIGHT)
    reconciled()
    row.refresh_from_db()
    assert (row.state, row.settled_by) == ("accepted", boss)
    for again in (actions.ask_about_difference, actions.accept_difference):
        with pytest.raises(Refused) as refused:
            again(row.id, by=boss, at=NIGHT, **({"note": "x"} if again is actions.accept_difference else {}))
        assert refused.value.no.why is ReconcileRefusal.DECIDED


def test_cancelled_there_behind_our_back(carrier: Outside) -> None:
    """P9: different; asking again does not mend it, and nothing is taken from the member by itself."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    actions.ask(payment.id, at=MONDAY)
    answer = there.cancelled(
        carrier, payment.reference, amount=30_000, taxFreeAmount=30_000, refundAccount=there.REFUND_TO,
        reason="콘솔에서 취소",
    )  # fmt: skip
    assert answer.status == 200, answer.text
    assert numbers(reconciled()) == (1, 100_000, 0, 1)
    looked_again()
    row = Difference.objects.get()
    assert (row.kind, row.state, row.theirs) == ("different", "open", "paid:100000:30000")
    assert cash(firm) == 100_000
    actions.ask_about_difference(row.id, by=given.operator(), at=NIGHT)
    looked_again()
    row.refresh_from_db()
    assert row.state == "open"


def test_booked_here_and_unknown_there(carrier: Outside) -> None:
    """P9: missing there."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    actions.ask(payment.id, at=MONDAY)
    Payment.objects.filter(id=payment.id).update(reference="PLANTED")
    row = reconciled()
    assert (row.theirs, row.matched, row.differences) == (1, 0, 2)
    kinds = dict(Difference.objects.values_list("reference", "kind"))
    assert kinds == {"PLANTED": "missing_there", payment.reference: "missing_here"}
    Payment.objects.filter(id=payment.id).update(reference=payment.reference)
    assert numbers(reconciled()) == (1, 100_000, 1, 0)
    assert set(Difference.objects.values_list("state", flat=True)) == {"mended"}


def test_a_refund_of_ours_that_was_done_there_unheard_is_mended(carrier: Outside) -> None:
    """P5, P9: the answer to our cancellation was lost; the list shows it."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment)
    actions.ask(payment.id, at=MONDAY)
    refund = actions.give_back(
        payment.id, 40_000, why=RefundWhy.ORDER, source=Kind.CASH, cause="test",
        to=Account(Bank.KOOKMIN, "12345678900001", "한지원"), at=MONDAY,
    )  # fmt: skip
    fault(carrier, "timeout_after_accept", "cancel", seconds=1)
    actions.try_refund(refund.id, at=MONDAY)
    refund.refresh_from_db()
    assert refund.state == "open"
    assert reconciled().differences == 1
    looked_again()
    refund.refresh_from_db()
    assert refund.state == "done" and Difference.objects.get().state == "mended"
    assert numbers(reconciled())[2:] == (1, 0)


def test_a_settled_difference_opens_again_only_when_a_side_has_changed(carrier: Outside) -> None:
    there.issued(carrier, "STRANGE2", 70_000)
    carrier.inside(
        "POST", "portone/deposit", {"paymentId": "STRANGE2", "won": 70_000, "at": MONDAY.isoformat()}
    )
    reconciled()
    row = Difference.objects.get()
    actions.accept_difference(row.id, note="확인", by=given.operator(), at=NIGHT)
    there.cancelled(
        carrier, "STRANGE2", amount=20_000, taxFreeAmount=20_000, refundAccount=there.REFUND_TO, reason="x"
    )
    reconciled()
    row.refresh_from_db()
    assert row.state == "open" and row.theirs_won == 50_000


def test_a_silent_provider_leaves_the_day_as_it_was(carrier: Outside) -> None:
    fault(carrier, "error_500", "list")
    with pytest.raises(wire.WireError):
        actions.reconcile(DAY, at=NIGHT)
    assert not Reconciliation.objects.exists()


def test_every_day_is_held_once_and_days_left_out_are_taken_up() -> None:
    """P9: daily; and every day on which nothing ran."""
    actions.reconcile_days(at=NIGHT)
    jobs = ProcrastinateJob.objects.filter(task_name="payments.reconcile")
    assert [args["day_id"] for args in jobs.values_list("args", flat=True)] == ["2026-11-23"]
    days = rules.days_to_reconcile([date(2026, 11, 19), date(2026, 11, 21)], at=NIGHT)
    assert days == [date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23)]


def test_after_a_long_outage_every_day_is_taken_up(carrier: Outside) -> None:
    """P9: a payment made on the first of twenty days without us is found; a longer time follows in portions."""
    firm = given.company(cash_won=0)
    payment = issued(firm)
    deposited(carrier, payment, at=MONDAY + timedelta(hours=2))
    Reconciliation.objects.create(
        day=date(2026, 11, 22), theirs=0, theirs_won=0, matched=0, differences=0, done_at=MONDAY
    )
    back = NIGHT + timedelta(days=19)
    actions.reconcile_days(at=back)
    jobs = ProcrastinateJob.objects.filter(task_name="payments.reconcile").order_by("id")
    queued = [date.fromisoformat(args["day_id"]) for args in jobs.values_list("args", flat=True)]
    assert queued == [DAY + timedelta(days=n) for n in range(20)]
    for day in queued:
        actions.reconcile(day, at=back)
    looked_again(back)
    assert cash(firm) == 100_000
    done, nights = [date(2026, 11, 22)], 0
    while missing := rules.days_to_reconcile(done, at=NIGHT + timedelta(days=99)):
        done, nights = [*done, *missing], nights + 1
    assert (len(done), nights) == (101, 4)
    assert rules.days_to_reconcile([], at=NIGHT) == [DAY]


def test_staff_hold_a_day_again_that_is_over() -> None:
    boss = given.operator()
    actions.reconcile_again(DAY, by=boss, at=NIGHT)
    actions.reconcile_again(DAY, by=boss, at=NIGHT)
    assert ProcrastinateJob.objects.filter(task_name="payments.reconcile").count() == 1
    with pytest.raises(Refused) as refused:
        actions.reconcile_again(DAY, by=boss, at=MONDAY)
    assert refused.value.no.why is ReconcileRefusal.NOT_OVER


def test_what_both_sides_say_holds_nothing_personal(carrier: Outside) -> None:
    there.issued(carrier, "STRANGE3", 70_000)
    carrier.inside(
        "POST", "portone/deposit", {"paymentId": "STRANGE3", "won": 70_000, "at": MONDAY.isoformat()}
    )
    reconciled()
    row: Any = Difference.objects.values().get()
    assert "한지원" not in str(row)
