"""P1-P5, O6, O9: random histories of money, against the provider's twin over HTTP, end with clean books on both sides.

What a person, a bank, a shop and a network may do is drawn at random: charging, deposits right, wrong, late and twice,
charges given up, what was parked credited and returned, paying with any mix, cards approved, refused, tampered with,
browsers gone, copies that arrive nowhere, cancellations, reward that ends, cash that is paid out, refunds that hang, fail
or lose their answer, reports doubled, late, lost. Then everything is given time to end, and `seonmul prove` is clean.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seonmul.catalog.models import Product
from seonmul.cli import prove
from seonmul.dispatch.ports import Result
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Chunk, Gift
from seonmul.kit import crypto
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members.models import Member, SpendCode
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.models import Checkout, Line, Order
from seonmul.payments import actions, queries
from seonmul.payments.models import Payment, PaymentRefund, Payout
from seonmul.payments.provider import provider
from tests import given as given_
from tests.given import MONDAY
from tests.orders import cards
from tests.payments import bank
from tests.payments.test_payouts import firm as known_firm
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: These histories are of money: no worker hands messages to a carrier, so copies may end without an outcome.
UNSENT = {"a finished order has copies without an outcome"}


@pytest.fixture
def outside(carrier: Outside, settings: Any) -> Outside:
    """The sandbox, whose memory `prove` compares with."""
    settings.SANDBOX_URL = carrier.url
    return carrier


@dataclass
class World:
    """One company, its bank, its cards, and a clock that both sides share."""

    carrier: Outside
    firm: given_.Company
    product: Product
    staff: Member
    at: datetime = MONDAY
    checkouts: list[Checkout] = field(default_factory=list)

    def pass_time(self, step: timedelta) -> None:
        self.at += step
        self.carrier.inside("POST", "portone/clock", {"at": self.at.isoformat()})

    @property
    def payments(self) -> list[Payment]:
        return list(Payment.objects.filter(buyer=self.firm.buyer).order_by("asked_at", "id"))

    @property
    def orders(self) -> list[Order]:
        return list(Order.objects.filter(buyer=self.firm.buyer).order_by("paid_at", "id"))


def pick(rows: list[Any], number: int) -> Any:
    return rows[number % len(rows)] if rows else None


def charge(world: World, number: int) -> None:
    try:
        payment = actions.ask_charge(world.firm.owner, 10_000 + number * 10, "shinhan", at=world.at)
    except Refused:
        return
    actions.issue(payment.id, at=world.at)


def deposit(world: World, number: int) -> None:
    """On an account that was issued, at whatever moment: the right sum, or another, once or twice."""
    payment = pick([p for p in world.payments if p.kind == "account" and p.number_sealed], number)
    if payment is None or provider().payment(payment.reference).paid_won:
        return
    won = payment.won if number % 3 else payment.won + 1_000
    body = {"paymentId": payment.reference, "won": won, "at": world.at.isoformat(), "times": 1 + number % 2}
    world.carrier.ask("POST", "/_/portone/deposit", body)  # the bank refuses a closed account


def report(world: World, number: int) -> None:
    """The provider calls us, rightly or not; read once or twice, or never."""
    payment = pick(world.payments, number)
    if payment is None:
        return
    headers, body = bank.report(payment.reference, secret="whsec_Zm9yZ2Vk" if number % 5 == 0 else "")
    for _ in range(number % 3):
        kept = actions.keep_report("portone", headers, body, at=datetime.now(MONDAY.tzinfo))
        actions.read_report(kept.id, at=world.at)
        ask(world, number)


def ask(world: World, number: int) -> None:
    payment = pick(world.payments, number)
    if payment:
        actions.ask(payment.id, at=world.at)
        tell(world, payment)


def tell(world: World, payment: Payment) -> None:
    """What those do who hear of a card; news comes once or more, in time or late."""
    payment.refresh_from_db()
    if payment.kind == "card" and payment.state == "paid":
        orders.complete_card(payment.id, at=world.at)
    elif payment.kind == "card" and payment.state in ("ended", "parked", "returned"):
        orders.note_card_ended(payment.id, at=world.at)


def close_charge(world: World, number: int) -> None:
    """An account is given up, whatever lies on it; the job that closes it comes, or a sweep does later."""
    payment = pick([p for p in world.payments if p.kind == "account"], number)
    if payment:
        with suppress(Refused):
            actions.close_charge(payment.id, by=world.firm.owner, at=world.at)
        if number % 2:
            actions.ask(payment.id, at=world.at)


def decide_parked(world: World, number: int) -> None:
    """Finance credits what came, or sends it back to whoever sent it."""
    payment = pick([p for p in world.payments if p.state == "parked" and queries.room_won(p) > 0], number)
    if payment is None:
        return
    if number % 3 == 0:
        actions.credit_parked(payment.id, by=world.staff, at=world.at)
        return
    to = {"bank_code": "kookmin", "number": "12345678900001", "holder": "한지원"}
    actions.return_parked(payment.id, **to, by=world.staff, at=world.at)


def pay_out(world: World, number: int) -> None:
    """Unused cash is asked back, to the firm's own account or to somebody else's; the bank tells whose it is."""
    owner, won = world.firm.owner, 1_000 * (1 + number)
    to = "1234567890009" if number % 7 == 0 else "1234567890001"
    try:
        purpose = actions.check_payout(owner, won, "kookmin", to, at=world.at)
        code = members.ask_spend_code(owner.id, purpose, at=world.at)
        secret = crypto.ring().open(SpendCode.CODE, code.code_sealed)
        payout = actions.ask_payout(owner, won, "kookmin", to, secret=secret, device="", at=world.at)
    except Refused:
        return  # no cash, one under way, too many codes in ten minutes
    actions.check_holder(payout.id, at=world.at)
    if number % 3:
        decide_payout(world, number)


def decide_payout(world: World, number: int) -> None:
    """What was asked is taken back, refused or approved; what no charge can give back, finance transfers."""
    payout = Payout.objects.filter(buyer=world.firm.buyer, state__in=["checked", "approved"]).first()
    if payout and payout.state == "checked" and number % 5 == 0:
        actions.withdraw_payout(payout.id, by=world.firm.owner, at=world.at)
    elif payout and payout.state == "checked" and number % 5 == 1:
        actions.refuse_payout(payout.id, reason="확인이 더 필요해요", by=world.staff, at=world.at)
    elif payout and payout.state == "checked":
        actions.approve_payout(payout.id, is_holder_seen=True, by=world.staff, at=world.at)
    elif payout and payout.by_hand_won and not payout.is_hand_done:
        actions.confirm_by_hand(payout.id, note="이체함", by=world.staff, at=world.at)


def expire(world: World, number: int) -> None:
    """Time passes, and the job takes away the reward that has ended."""
    world.pass_time(number % 3 * 8 * DAY)
    for account in ledger.accounts_with_ended_lots(world.at):
        actions.expire_reward(account, at=world.at)


def pay(world: World, number: int) -> None:
    """An order with some of everything that there is."""
    draft = given_.draft(world.firm, given_.numbers(1 + number % 3), world.product, at=world.at)
    has = ledger.balances(world.firm.buyer.id)
    total = orders_now.quote(draft).amount_won
    reward = min(ledger.reward_alive(world.firm.buyer.id, world.at), number * 7, total)
    cash = min(has.cash_won, total - reward) // (1 + number % 3)
    try:
        paid = cards.paid_with(world.firm, draft, reward_won=reward, cash_won=cash, at=world.at)
    except Refused:
        return  # too many codes in ten minutes
    if isinstance(paid, Checkout):
        world.checkouts.append(paid)


def card(world: World, number: int) -> None:
    """Somebody sits at the window of the last checkout."""
    checkout = pick(world.checkouts[-2:], number)
    if checkout is None:
        return
    if number % 7:
        actions.register(checkout.payment_id)
    wish = actions.window(
        cards.payment_of(checkout), title="모바일쿠폰", return_to="http://127.0.0.1:8000/b/"
    )
    world.carrier.ask("POST", "/_/portone/open", dict(wish["request"]))
    choice = ["corporate", "personal", "easy", "silent", "limit", "close", "tamper", "corporate"][number % 8]
    body = {"paymentId": cards.payment_of(checkout).reference, "choice": choice, "at": world.at.isoformat()}
    world.carrier.ask("POST", "/_/portone/decide", body | ({"won": 777} if choice == "tamper" else {}))
    if number % 2:
        actions.note_return(checkout.payment_id, code="" if number % 4 else "X", text="", at=world.at)


def give_up_card(world: World, number: int) -> None:
    checkout = pick(world.checkouts, number)
    if checkout:
        orders.cancel_card(checkout.draft_id, at=world.at)


def issue(world: World, number: int) -> None:
    """An order is sent; its copies arrive, or not. Gift certificates bring reward (O7 does not let them in yet)."""
    order = pick([order for order in world.orders if order.state == "paid"], number)
    if order is None:
        return
    if number % 2:
        Line.objects.filter(order=order).update(is_gift_certificate=True)
    if number % 3 == 0:
        Order.objects.filter(id=order.id).update(list="general")
    gifts.start(order.id, at=world.at)
    for chunk in Chunk.objects.filter(order=order):
        if number % 5:
            gifts.issue_chunk(chunk.id, at=world.at)
    copies = Gift.objects.filter(order=order).order_by("position")
    copies.update(result=Result.DELIVERED, result_at=world.at)
    lost = copies.values_list("id", flat=True)[: number % 3]
    Gift.objects.filter(id__in=list(lost)).update(result=Result.POWER_OFF)
    if number % 5 and number % 2:
        orders.finish(order.id, at=world.at)


def cancel(world: World, number: int) -> None:
    order = pick(world.orders, number)
    if order is None:
        return
    chosen = list(Gift.objects.filter(order=order).values_list("id", flat=True)[: 1 + number % 2])
    found = gifts.look_at_cancel(order, chosen, by=world.firm.owner, at=world.at)
    if found.plan:
        seen = found.plan.won - found.plan.kept_won
        gifts.cancel(order.id, chosen, by=world.firm.owner, seen_won=seen, at=world.at)


def give_up(world: World, number: int) -> None:
    order = pick(world.orders, number)
    if order:
        gifts.give_up(order.id, at=world.at)


def refund(world: World, number: int) -> None:
    """A refund is tried, and the network does what it likes."""
    found = PaymentRefund.objects.filter(payment__buyer=world.firm.buyer).order_by("asked_at", "id")
    one = pick(list(found), number)
    kind = [None, "html_error", "drop_connection", "pending_cancel", "failed_cancel", None][number % 6]
    if kind:
        more = {"seconds": 3_600} if kind.endswith("_cancel") else {"route": "cancel"}
        world.carrier.ask("POST", "/_/faults", {"provider": "portone", "kind": kind} | more)
    if one:
        try_refund(world, one)
    world.carrier.inside("DELETE", "faults")


def try_refund(world: World, one: PaymentRefund) -> None:
    """The job, and what hears of a part of a pay-out that has arrived."""
    actions.try_refund(one.id, at=world.at)
    one.refresh_from_db()
    if one.why == "payout" and one.state == "done":
        actions.finish_payout(one.id, at=world.at)


def wait(world: World, number: int) -> None:
    world.pass_time([timedelta(minutes=11), HOUR, DAY, 8 * DAY][number % 4])


def charged(world: World, number: int) -> None:
    """A charge from the wish to the deposit, heard of or not."""
    charge(world, number)
    deposit(world, len(world.payments) - 1 + number * 100)
    report(world, len(world.payments) - 1 + number * 100)


def ordered(world: World, number: int) -> None:
    """An order from the list to the card, and in most cases to its vouchers."""
    pay(world, number)
    card(world, number)
    if world.checkouts and number % 5:
        payment = cards.payment_of(world.checkouts[-1])
        actions.ask(payment.id, at=world.at)
        tell(world, payment)
    if number % 3:
        issue(world, number)


def returned(world: World, number: int) -> None:
    """What arrived nowhere for a week, or is not wanted any more, goes back to where it came from."""
    cancel(world, number)
    if number % 2:
        world.pass_time(8 * DAY)
    for order in range(len(world.orders)):
        give_up(world, order)
    refund(world, number)


#: What makes a history long stands here more often.
VERBS = [
    ordered, ordered, ordered, charged, charged, returned, returned, issue, refund, wait,
    charge, deposit, report, ask, pay, card, give_up_card, cancel, give_up, close_charge, decide_parked, pay_out, pay_out,
    decide_payout, expire,
]  # fmt: skip
_STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 60)), min_size=8, max_size=20)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_STEPS)
def test_whatever_happens_the_books_are_clean_on_both_sides(
    outside: Outside, steps: list[tuple[Any, int]]
) -> None:
    """P1-P5: during and after; and nothing is owed, parked without a decision, or held for nobody in the end."""
    outside.inside("POST", "reset")
    outside.inside("POST", "portone/clock", {"at": MONDAY.isoformat()})
    with alone():
        firm = known_firm(cash_won=20_000)
        cards.reward(firm, 500)
        cards.reward(firm, 400, days=15)
        world = World(outside, firm, given_.product(), given_.operator())
        for verb, number in steps:
            verb(world, number)
            assert ledger.faults() == [] and queries.faults() == []
        end(world)
        check(world)


@contextmanager
def alone() -> Iterator[None]:
    """One history by itself: its rows are gone before the next one begins, as what the provider knows is."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # a test's own, in which calls outside are allowed
    with block:
        yield
        transaction.set_rollback(True)


def end(world: World) -> None:
    """Windows close, accounts run out, the provider finishes, staff decide."""
    for _ in range(3):
        world.pass_time(20 * DAY)
        for payment in world.payments:
            actions.ask(payment.id, at=world.at)
            tell(world, payment)
        for payout in Payout.objects.filter(buyer=world.firm.buyer, state__in=["checked", "approved"]):
            decide_payout(world, 2 if payout.state == "checked" else 0)
        for refund_ in PaymentRefund.objects.filter(payment__buyer=world.firm.buyer):
            world.carrier.ask("POST", "/_/portone/settle", {"paymentId": refund_.payment.reference})
            try_refund(world, refund_)
            if refund_.state == "failed":
                actions.try_again(refund_.id, by=world.staff, at=world.at)
                try_refund(world, refund_)
        for payment in world.payments:
            if payment.state == "parked" and queries.room_won(payment) > 0:
                actions.credit_parked(payment.id, by=world.staff, at=world.at)
        expire(world, 0)


def check(world: World) -> None:
    found, notes = prove.prove(at=world.at)
    assert [fault for fault in found if fault["what"] not in UNSENT] == []
    assert sum(note.startswith("compared with") for note in notes) == 3, "nothing was left out"
    for order in world.orders:
        assert gifts_now.closing(order).adds_up
    owed = PaymentRefund.objects.exclude(state__in=["done", "by_hand"])
    assert not owed.exists(), list(owed.values_list("state", "vendor_code"))
    open_ = Payout.objects.filter(state__in=["asked", "checked", "approved"])
    assert not open_.exists(), list(open_.values_list("state", "by_hand_won", "is_hand_done"))
    assert not ledger.accounts_with_ended_lots(world.at)
    assert ledger.balances(world.firm.buyer.id).card_won == 0
    held = sum(order_hold.rest_won for order_hold in map(_hold, world.orders))
    assert ledger.balances(world.firm.buyer.id).held_won == held
    for payment in world.payments:
        told = provider().payment(payment.reference)
        came = told.paid_won or 0
        assert (payment.paid_won or 0) == came, "every payment there is here, once"
        assert payment.cancelled_won == told.cancelled_won
    assert ledger.total(Kind.SUSPENSE) == 0 and ledger.total(Kind.OWED) == 0


def _hold(order: Order) -> Any:
    from seonmul.ledger.models import Hold

    return Hold.objects.get(id=order.hold_id)
