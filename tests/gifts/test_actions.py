"""From a paid order to its results, through the real adapter and the sandbox over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Attempt, Batch, Message
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries
from seonmul.gifts.models import Chunk, Gift
from seonmul.kit import clock
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Hold
from seonmul.orders.models import Order
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers.models import Voucher
from tests import given

pytestmark = pytest.mark.django_db


def settle(order: Order) -> Order:
    """Let the worker work until nothing is left, asking for results as the sweep would."""
    given.worked()
    for batch in Batch.objects.filter(state="handed"):
        dispatch.ask(batch.id, at=clock.now())
    given.worked()
    return Order.objects.get(id=order.id)


def test_everybody_gets_a_message_with_a_link_and_the_books_add_up(carrier):
    """V1, S3, S4, O9"""
    who = given.company(cash_won=100_000)
    order = settle(given.placed(who, ["01020000001", "010-2000-3043", "1020001001"]))
    assert order.state == "finished"
    results = dict(Gift.objects.filter(order=order).values_list("position", "result"))
    assert results == {1: "delivered", 2: "power_off", 3: "delivered"}
    messages = carrier.ask("GET", "/_/messages?limit=10").json
    assert len(messages) == 3
    assert "http://127.0.0.1:8000/g/" in messages[0]["text"] and "김서연 님" in messages[0]["text"]
    money = ledger.balances(who.buyer.id)
    assert (money.cash_won, money.held_won) == (100_000 - 3 * 4_500, 0)
    assert ledger.faults() == [] and queries.faults() == []
    assert carrier.inside("GET", "stats")["duplicates"] == 0
    assert Message.objects.count() == Attempt.objects.count() == 3


def test_a_chunk_runs_any_number_of_times_and_issues_once(carrier):
    """V1: issuing is exactly once per copy paid for."""
    who = given.company()
    order = given.placed(who, given.numbers(3))
    gifts.start(order.id, at=given.MONDAY)
    gifts.start(order.id, at=given.MONDAY)
    chunk = Chunk.objects.get(order=order)
    for _ in range(3):
        gifts.issue_chunk(chunk.id, at=given.MONDAY)
    assert Gift.objects.count() == Voucher.objects.count() == Message.objects.count() == 3
    assert Hold.objects.get(id=order.hold_id).captured_won == order.amount_won
    assert queries.faults() == []


def test_an_order_is_cut_into_chunks_that_fit_a_batch():
    """O2: copies of one person stay together."""
    who = given.company()
    numbers = [n for n in given.numbers(500) for _ in range(5)]
    order = given.placed(who, numbers, given.product(price_won=1_000))
    gifts.start(order.id, at=given.MONDAY)
    copies = list(Chunk.objects.filter(order=order).order_by("number").values_list("copies", flat=True))
    assert sum(copies) == 2_500 and max(copies) <= 1_000 and len(copies) == 3


def test_validity_ends_with_the_day_in_seoul():
    """V4"""
    who = given.company()
    order = given.placed(who, given.numbers(1))
    gifts.start(order.id, at=given.MONDAY)
    until = Chunk.objects.get(order=order).valid_until.astimezone(clock.SEOUL)
    assert until.isoformat() == "2027-02-24T23:59:59+09:00"


def test_every_gift_has_its_own_link_and_code_and_neither_stands_in_the_table(carrier):
    """V1, V5"""
    who = given.company()
    order = given.placed(who, given.numbers(20))
    given.worked()
    links = {queries.link_of(gift) for gift in Gift.objects.filter(order=order)}
    codes = {vouchers.code_of(voucher) for voucher in Voucher.objects.all()}
    assert len(links) == len(codes) == 20
    found = queries.by_link(next(iter(links)))
    assert found is not None and queries.by_link("not-a-link") is None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(g::text, ' ') || string_agg(v::text, ' ') FROM gifts_gift g, vouchers_voucher v"
        )
        dump = cursor.fetchone()[0]
    assert not any(secret in dump or secret.encode().hex() in dump for secret in links | codes)


def resendable(carrier, count: int = 1, **company: int):
    who = given.company(**company)
    order = settle(given.placed(who, [f"010{2000 + n}3043" for n in range(count)], at=clock.now()))
    return who, order, [gift.id for gift in Gift.objects.filter(order=order)]


def test_a_resend_goes_out_with_the_same_link_and_is_counted(carrier):
    """S5: free of charge."""
    who, order, chosen = resendable(carrier, 2)
    before = ledger.balances(who.buyer.id)
    later = clock.now() + timedelta(minutes=6)
    outcome = gifts.resend(chosen, by=who.owner, at=later)
    assert (outcome.sent, list(outcome.refused)) == (2, [])
    assert Gift.objects.filter(result="waiting", resends=1).count() == 2
    settle(order)
    texts = [message["text"] for message in carrier.ask("GET", "/_/messages?to=01020003043").json]
    assert len(texts) == 2 and texts[0] == texts[1]
    assert ledger.balances(who.buyer.id) == before
    assert Voucher.objects.count() == 2 and queries.faults() == []


def test_those_that_may_not_be_resent_are_left_with_their_reason(carrier):
    """S5"""
    who, _, chosen = resendable(carrier, 3)
    Voucher.objects.filter(id=Gift.objects.get(id=chosen[0]).voucher_id).update(state="used")
    Gift.objects.filter(id=chosen[1]).update(resends=5)
    later = clock.now() + timedelta(minutes=6)
    outcome = gifts.resend(chosen, by=who.owner, at=later)
    assert outcome.sent == 1
    assert {no.code: count for no, count in outcome.refused} == {"gift_used": 1, "gift_resent_enough": 1}
    again = gifts.resend(chosen[2:], by=who.owner, at=later)
    assert again.sent == 0 and again.refused[0][0].code == "gift_under_way"
    for nobody in (who.approver, given.company().owner):
        refused = gifts.resend(chosen, by=nobody, at=later)
        assert refused.sent == 0 and refused.refused[0][0].code == "gift_not_a_buyer"


def test_delivered_once_stays_delivered_when_a_resend_fails(carrier):
    """S4"""
    who = given.company()
    order = settle(given.placed(who, ["01020000001"], at=clock.now()))
    gift = Gift.objects.get(order=order)
    gifts.resend([gift.id], by=who.owner, at=clock.now() + timedelta(minutes=6))
    batch = Batch.objects.latest("opened_at")
    Attempt.objects.filter(batch=batch).update(state="ended", result="spam", ended_at=clock.now())
    gifts.note_results(batch.id, at=clock.now())
    gift.refresh_from_db()
    assert gift.result == "delivered"


def test_the_tally_counts_what_stands_in_the_rows(carrier):
    """O11"""
    who = given.company()
    order = settle(given.placed(who, ["01020000001", "01020003043", "01020013043", "01020003054"]))
    tally = queries.tally(order)
    assert (tally.copies, tally.delivered, tally.failed, tally.waiting, tally.sending) == (4, 1, 3, 0, 0)
    assert [(str(result), count) for result, count in tally.results] == [("power_off", 2), ("spam", 1)]
    assert tally.is_settled


def test_an_order_is_not_finished_while_one_copy_waits(carrier):
    """O11"""
    who = given.company()
    order = settle(given.placed(who, ["01020000001", "01020009999"]))
    assert order.state == "sending"
    tally = queries.tally(order)
    assert (tally.delivered, tally.sending, tally.is_settled) == (1, 1, False)


def test_the_sweep_brings_on_what_lost_its_jobs(carrier):
    """S3: an order whose every job is gone ends by itself."""
    who = given.company()
    order = given.placed(who, given.numbers(2))
    at = clock.now()
    for step in range(1, 8):
        ProcrastinateJob.objects.all()._raw_delete("default")
        gifts.sweep(at=at + timedelta(minutes=step))
        dispatch.sweep(at=at + timedelta(minutes=step))
        given.worked(later=True)
        if Order.objects.get(id=order.id).state == "finished":
            break
    assert Order.objects.get(id=order.id).state == "finished"
    assert carrier.inside("GET", "stats")["duplicates"] == 0 and queries.faults() == []


def test_the_sweep_leaves_orders_alone_that_only_wait_for_results(carrier):
    """S3: any number of them must not stand before one that was never started."""
    waiting = settle(given.placed(given.company(), ["01020009999"]))
    lost = given.placed(given.company(), given.numbers(1))
    at = clock.now()
    assert queries.untended(at, at) == [lost.id]
    gifts.start(lost.id, at=at)
    assert queries.untended(at, at) == [], "its chunks are open"
    Gift.objects.filter(order=waiting).update(result="no_answer")
    assert queries.untended(at, at) == [waiting.id]
    gifts.tend(waiting.id, at=at)
    assert queries.untended(at, at) == []


@pytest.mark.django_db(transaction=True)
def test_many_workers_issue_one_order_once(carrier):
    """V1: eight threads run the same chunks at the same time."""
    who = given.company()
    order = given.placed(who, given.numbers(50))
    gifts.start(order.id, at=given.MONDAY)
    chunk = Chunk.objects.get(order=order)

    def run(_: int) -> None:
        gifts.issue_chunk(chunk.id, at=given.MONDAY)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(16)))
    assert Gift.objects.count() == 50 and queries.faults() == [] and ledger.faults() == []


PLANTED = {
    "a gift has no message": "DELETE FROM dispatch_attempt; DELETE FROM dispatch_message",
    "captured money is not that of the issued copies": "UPDATE ledger_hold SET captured_won = captured_won - 1",
    "an order's copies were not issued exactly once": "UPDATE gifts_chunk SET copies = copies + 1",
    "a chunk was not paid for exactly once": "UPDATE gifts_chunk SET capture_id = NULL",
    "a gift has no voucher, or a voucher no gift": (
        "INSERT INTO vouchers_voucher (id, product_id, code_sealed, code_index, state, rest_won, valid_until, issued_at)"
        " SELECT gen_random_uuid(), product_id, 'x', 'x', state, 0, valid_until, issued_at FROM vouchers_voucher LIMIT 1"
    ),
    "a finished order has copies without an outcome": "UPDATE gifts_gift SET result = 'waiting'",
}


@pytest.mark.parametrize("what", PLANTED)
def test_prove_finds_planted_damage(carrier, what):
    """P1, V1: a check that cannot fail would be worth nothing."""
    settle(given.placed(given.company(), given.numbers(2)))
    assert queries.faults() == []
    with connection.cursor() as cursor:
        cursor.execute(PLANTED[what])
    assert what in {fault[0] for fault in queries.faults()}
