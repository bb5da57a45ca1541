"""O9, P4, P5: what goes back, where to, and the reward that goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from hypothesis import given as for_all
from hypothesis import strategies as st

from seonmul.dispatch.ports import Result
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Gift
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.orders import actions, rules
from seonmul.orders.models import Line, Order
from seonmul.orders.rules import EarningFacts, RefundPlan, Split
from seonmul.payments import actions as payments
from seonmul.payments import rules as payment_rules
from seonmul.payments.models import PaymentRefund
from tests import given
from tests.given import MONDAY
from tests.orders import cards
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def carrier(carrier: Outside) -> Outside:
    """The outside, whose payment provider lives on that Monday."""
    carrier.inside("POST", "portone/clock", {"at": MONDAY.isoformat()})
    return carrier


@pytest.fixture
def firm() -> given.Company:
    made = given.company(cash_won=50_000)
    cards.reward(made, 1_000)
    return made


def paid_by_card(carrier: Outside, firm: given.Company, copies: int = 3) -> Order:
    """Three copies at 4,500 won: 1,000 reward, 2,500 cash, 10,000 by card."""
    checkout = cards.window(firm, given.draft(firm, given.numbers(copies)), reward_won=1_000, cash_won=2_500)
    cards.approved(carrier, checkout)
    assert cards.heard(checkout).state == "placed"
    return Order.objects.get(payment_id=checkout.payment_id)


def issued(order: Order) -> list[Gift]:
    """Start the order and issue its copies, without sending them."""
    gifts.start(order.id, at=MONDAY)
    from seonmul.gifts.models import Chunk

    for chunk in Chunk.objects.filter(order=order):
        gifts.issue_chunk(chunk.id, at=MONDAY)
    return list(Gift.objects.filter(order=order).order_by("position"))


def test_a_refund_goes_to_the_card_first(carrier: Outside, firm: given.Company) -> None:
    """P5: then cash, then reward; each is traceable from the order."""
    order = paid_by_card(carrier, firm)
    first, *others = issued(order)
    Gift.objects.update(result=Result.POWER_OFF, result_at=MONDAY)
    Gift.objects.filter(id=first.id).update(result=Result.DELIVERED)
    assert gifts.give_up(order.id, at=MONDAY + WEEK) == 0, "a week has to pass"
    at = MONDAY + WEEK + timedelta(seconds=1)
    assert gifts.give_up(order.id, at=at) == 2
    assert gifts.give_up(order.id, at=at) == 0, "once"
    (refund,) = PaymentRefund.objects.filter(subject=str(order.draft_id))
    assert (refund.won, refund.why, refund.state) == (9_000, "order", "open")
    assert cards.refunded(order.payment_id, at) == ["done"]
    line = Line.objects.get(order=order)
    assert line.refunded_copies == 2
    closing = gifts_now.closing(order)
    assert closing.adds_up and (closing.live_won, closing.refunded_won) == (4_500, 9_000)
    assert ledger.balances(firm.buyer.id).cash_won == 47_500, "all of it went to the card"
    assert ledger.faults() == [] and gifts_now.faults() == []
    assert {v.voucher.state for v in Gift.objects.filter(id__in=[g.id for g in others])} == {"refunded"}


def test_the_last_refund_reaches_cash_and_reward(carrier: Outside, firm: given.Company) -> None:
    """P5"""
    order = paid_by_card(carrier, firm)
    made = issued(order)
    plan = actions.plan_refund(order, {made[0].line_id: 3}, MONDAY)
    assert plan == RefundPlan(13_500, 0, 0, card_won=10_000, cash_won=2_500, reward_won=1_000)
    Gift.objects.update(result=Result.POWER_OFF, result_at=MONDAY)
    at = MONDAY + WEEK + timedelta(seconds=1)
    assert gifts.give_up(order.id, at=at) == 3
    money = ledger.balances(firm.buyer.id)
    assert (money.cash_won, money.reward_won, money.held_won) == (50_000, 1_000, 0)
    assert cards.refunded(order.payment_id, at) == ["done"]
    told = payments_there(order)
    assert told.cancelled_won == 10_000 and ledger.faults() == []


def payments_there(order: Order) -> Any:
    from seonmul.payments.models import Payment
    from seonmul.payments.provider import provider

    return provider().payment(Payment.objects.get(id=order.payment_id).reference)


def test_copies_never_issued_are_released_to_the_card(carrier: Outside, firm: given.Company) -> None:
    """O9: what was paid and not used goes back when the order ends."""
    order = paid_by_card(carrier, firm)
    gifts.start(order.id, at=MONDAY)
    assert actions.finish(order.id, at=MONDAY)
    assert not actions.finish(order.id, at=MONDAY)
    closing = gifts_now.closing(order)
    assert closing.adds_up and closing.returned_won == 13_500
    assert cards.refunded(order.payment_id) == ["done"]
    assert ledger.balances(firm.buyer.id).cash_won == 50_000 and ledger.faults() == []


def certificates(order: Order) -> None:
    """The line says what the rule looks at: so the order needs no approval on its way."""
    Line.objects.filter(order=order).update(is_gift_certificate=True)


def test_reward_is_earned_when_the_last_copy_is_issued(carrier: Outside, firm: given.Company) -> None:
    """P4: 1 % of the cash and card share, rounded down, once."""
    order = paid_by_card(carrier, firm)
    certificates(order)
    issued(order)
    order.refresh_from_db()
    assert order.earned_won == 125, "1 % of 12,500, since 1,000 was paid with reward"
    assert actions.earn_reward(order.id, at=MONDAY) == 125
    (lot,) = ledger.lots(firm.buyer.id)
    assert lot.left_won == 125 and lot.expires_at > MONDAY + timedelta(days=364)
    assert ledger.faults() == []


def test_a_person_earns_nothing_and_goods_bring_nothing(firm: given.Company) -> None:
    """P4: corporate members, gift certificates."""
    order = given.placed(firm, given.numbers(3))
    issued(order)
    order.refresh_from_db()
    assert order.earned_won == 0


def test_reward_goes_back_with_a_refund_and_what_is_spent_is_kept_from_it(
    carrier: Outside, firm: given.Company
) -> None:
    """P4: shown before it is done, and done as shown."""
    order = given.placed(firm, given.numbers(3))
    certificates(order)
    made = issued(order)
    order.refresh_from_db()
    assert order.earned_won == 135
    # spends the points of the order itself: they end later than those that were given before
    spent = given.draft(firm, given.numbers(1, start=30_000_000))
    cards.paid_with(firm, spent, reward_won=1_100, cash_won=3_400)
    assert ledger.balances(firm.buyer.id).reward_won == 35
    plan = actions.plan_refund(order, {made[0].line_id: 2}, MONDAY)
    assert plan == RefundPlan(9_000, 90, 55, card_won=0, cash_won=8_945, reward_won=0)
    before = ledger.balances(firm.buyer.id).cash_won
    Gift.objects.filter(order=order).update(result=Result.POWER_OFF, result_at=MONDAY)
    Gift.objects.filter(id=made[0].id).update(result=Result.DELIVERED)
    at = MONDAY + WEEK + timedelta(seconds=1)
    assert gifts.give_up(order.id, at=at) == 2
    money = ledger.balances(firm.buyer.id)
    assert (money.cash_won - before, money.reward_won) == (8_945, 0)
    order.refresh_from_db()
    assert (order.earned_won, order.unearned_won) == (135, 90)
    assert gifts_now.closing(order).adds_up
    assert ledger.faults() == [] and gifts_now.faults() == []


def test_reward_that_ended_unspent_is_not_kept_from_a_refund(firm: given.Company) -> None:
    """P4: of 135 won 55 were spent and 80 ended; whatever the steps, 55 are kept and no more."""
    order = given.placed(firm, given.numbers(3))
    certificates(order)
    line_id = issued(order)[0].line_id
    cards.paid_with(
        firm, given.draft(firm, given.numbers(1, start=30_000_000)), reward_won=1_055, cash_won=3_445
    )
    (lot,) = ledger.lots(firm.buyer.id)
    after = lot.expires_at + timedelta(hours=1)
    assert lot.left_won == 80 and given.ledger.expire(lot.account_id, at=after)
    order.refresh_from_db()
    plan = actions.plan_refund(order, {line_id: 2}, after)
    assert plan == RefundPlan(9_000, 90, 10, card_won=0, cash_won=8_990, reward_won=0)
    before = ledger.balances(firm.buyer.id).cash_won
    refunds = [
        actions.refund_copies(order.id, {line_id: copies}, cause=f"part{copies}", by="test", at=after)
        for copies in (2, 1)
    ]
    assert refunds == [8_990, 4_455] and ledger.balances(firm.buyer.id).cash_won - before == 13_445
    order.refresh_from_db()
    assert (order.earned_won, order.unearned_won) == (135, 135)
    assert ledger.faults() == []


def test_reward_that_was_never_used_costs_nothing(firm: given.Company) -> None:
    """P4: all of it ended before the vouchers came back."""
    order = given.placed(firm, given.numbers(3))
    certificates(order)
    line_id = issued(order)[0].line_id
    lot = next(one for one in ledger.lots(firm.buyer.id) if one.origin == f"reward:{order.id}")
    after = lot.expires_at + timedelta(hours=1)
    given.ledger.expire(lot.account_id, at=after)
    assert actions.refund_copies(order.id, {line_id: 3}, cause="all", by="test", at=after) == 13_500
    assert ledger.faults() == []


_WON = st.integers(0, 10**9)


@for_all(st.data())
def test_what_is_kept_is_what_was_spent(data: st.DataObject) -> None:
    """P4: over any steps the reward that ended unspent is paid by nobody, and what was spent is paid once."""
    earned = data.draw(st.integers(0, 1_000))
    used = data.draw(st.integers(0, earned))
    left = data.draw(st.integers(0, earned - used))
    unearned = kept = 0
    while unearned < earned:
        back = data.draw(st.integers(1, earned - unearned))
        facts = EarningFacts(0, 0, 0, earned, unearned)
        now = rules.kept_for_reward(facts, back, left_won=left, used_won=used)
        assert 0 <= now <= back
        left, unearned, kept = left - min(left, back), unearned + back, kept + now
    assert kept == used


@for_all(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 100), st.integers(0, 20))
def test_all_refunds_together_take_back_all_that_was_earned(
    total: int, reward: int, cuts: int, percent: int
) -> None:
    """P4: in whatever steps an order is refunded, no more and no less reward goes than it brought."""
    reward = min(reward, total)
    earned = payment_rules.reward_won(
        total, cash_and_card_won=total - reward, total_won=total, percent=percent
    )
    left, unearned = total, 0
    steps = [total * n // (cuts + 1) for n in range(1, cuts + 2)]
    for upto in steps:
        refunded = upto - (total - left)
        facts = EarningFacts(left, total - reward, total, earned, unearned)
        taken = rules.reward_to_take_back(facts, refunded, percent=percent)
        assert 0 <= taken <= earned - unearned
        left, unearned = left - refunded, unearned + taken
    assert left == 0 and unearned == earned


@for_all(_WON, _WON, _WON)
def test_a_split_always_sums_to_the_order_or_is_refused(total: int, reward: int, cash: int) -> None:
    """O6"""
    split = rules.split_of(total, reward_won=reward, cash_won=cash)
    no = rules.why_not_split(split, total, has_reward_won=reward, has_cash_won=cash)
    assert (no is None) is (split.total_won == total)
    assert split.needs_grant is (reward + cash > 0)
    assert Split().needs_grant is False


# --- the provider's side of a refund ---


@pytest.fixture
def open_refund(carrier: Outside, firm: given.Company) -> PaymentRefund:
    """10,000 won that a card should get back."""
    order = paid_by_card(carrier, firm)
    gifts.start(order.id, at=MONDAY)
    actions.finish(order.id, at=MONDAY)
    return PaymentRefund.objects.get()


def state(refund: PaymentRefund) -> str:
    refund.refresh_from_db()
    return refund.state


def fault(carrier: Outside, kind: str, route: str = "any", **more: object) -> None:
    answer = carrier.ask("POST", "/_/faults", {"provider": "portone", "kind": kind, "route": route} | more)
    assert answer.status == 201, answer.text


def test_what_the_provider_has_not_finished_stays_visible(
    carrier: Outside, open_refund: PaymentRefund
) -> None:
    """P5"""
    fault(carrier, "pending_cancel", seconds=3600)
    payments.try_refund(open_refund.id, at=MONDAY)
    assert state(open_refund) == "sent" and ledger.total(Kind.OWED) == 10_000
    payments.try_refund(open_refund.id, at=MONDAY + timedelta(minutes=1))
    assert state(open_refund) == "sent"
    carrier.inside("POST", "portone/settle", {"paymentId": open_refund.payment.reference})
    payments.try_refund(open_refund.id, at=MONDAY + timedelta(hours=1))
    assert state(open_refund) == "done" and ledger.total(Kind.OWED) == 0


def test_a_refund_that_fails_there_waits_for_staff(
    carrier: Outside, open_refund: PaymentRefund, firm: given.Company
) -> None:
    """P5: they try again, under a new key, or pay by hand with a note."""
    fault(carrier, "failed_cancel", seconds=3600)
    payments.try_refund(open_refund.id, at=MONDAY)
    ends = {"paymentId": open_refund.payment.reference, "succeeds": False}
    carrier.inside("POST", "portone/settle", ends)
    payments.try_refund(open_refund.id, at=MONDAY + timedelta(hours=1))
    assert state(open_refund) == "failed" and ledger.total(Kind.OWED) == 10_000
    key, staff = open_refund.key, given.operator()
    payments.try_again(open_refund.id, by=staff, at=MONDAY + timedelta(hours=2))
    assert state(open_refund) == "open" and open_refund.key != key
    payments.try_refund(open_refund.id, at=MONDAY + timedelta(hours=2))
    assert state(open_refund) == "done"
    with pytest.raises(Refused) as refused:
        payments.note_by_hand(open_refund.id, by=staff, note="송금", at=MONDAY)
    assert refused.value.no.why is payment_rules.RefundRefusal.DECIDED
    assert ledger.total(Kind.CLEARING) == 0 and ledger.faults() == []


def test_what_is_paid_by_hand_needs_a_note(carrier: Outside, open_refund: PaymentRefund) -> None:
    """P5, P9: nothing is settled by hand without a trace."""
    fault(carrier, "refuse", "cancel", status=409, errorCode="MAX_CANCEL_COUNT_REACHED")
    fault(carrier, "refuse", "cancel", status=409, errorCode="MAX_CANCEL_COUNT_REACHED")
    payments.try_refund(open_refund.id, at=MONDAY)
    assert state(open_refund) == "failed" and open_refund.vendor_code == "MAX_CANCEL_COUNT_REACHED"
    with pytest.raises(Refused) as refused:
        payments.note_by_hand(open_refund.id, by=given.operator(), note=" ", at=MONDAY)
    assert refused.value.no.why is payment_rules.RefundRefusal.NO_NOTE
    payments.note_by_hand(open_refund.id, by=given.operator(), note="국민은행으로 송금", at=MONDAY)
    assert state(open_refund) == "by_hand"
    assert (ledger.total(Kind.OWED), ledger.total(Kind.BANK)) == (0, -50_000 + 10_000)
    given.worked(only="notices.")
    (said,) = [one.body for one in mail.outbox if "환불했습니다" in one.subject]
    assert "10,000원을 계좌로 환불했습니다" in said and "카드" not in said, "it went to an account"


def test_what_went_back_to_the_card_is_mailed_so(carrier: Outside, open_refund: PaymentRefund) -> None:
    """P5"""
    payments.try_refund(open_refund.id, at=MONDAY)
    given.worked(only="notices.")
    assert "10,000원을 결제한 카드로 환불했습니다" in mail.outbox[-1].body


@pytest.mark.parametrize("kind", ["timeout_after_accept", "html_error", "error_500", "drop_connection"])
def test_a_refund_in_doubt_goes_back_exactly_once(
    carrier: Outside, open_refund: PaymentRefund, settings: Any, kind: str
) -> None:
    """P5: whatever befell the call, the provider is asked before it is asked for again."""
    settings.SECONDS_PAYMENT = 1
    fault(carrier, kind, "cancel", seconds=5)
    payments.try_refund(open_refund.id, at=MONDAY)
    assert state(open_refund) == "open"
    payments.try_refund(open_refund.id, at=MONDAY + timedelta(minutes=1))
    assert state(open_refund) == "done"
    stats = carrier.inside("GET", "stats")
    assert (stats["cancellations"], stats["cancelled_won"]) == (1, 10_000)
    assert ledger.total(Kind.OWED) == 0 and ledger.faults() == []


def test_no_more_goes_back_than_came(carrier: Outside, open_refund: PaymentRefund) -> None:
    """P5"""
    with pytest.raises(Refused) as refused:
        payments.give_back(
            open_refund.payment_id, 1, why="order", source=Kind.CARD, cause="once more", at=MONDAY
        )
    assert refused.value.no.why is payment_rules.RefundRefusal.TOO_MUCH
    again = payments.give_back(
        open_refund.payment_id, 1, why="order", source=Kind.CARD, cause=open_refund.cause, at=MONDAY
    )
    assert again == open_refund, "the same cause gives back once"


def test_a_cancellation_behind_our_back_is_not_taken_for_ours(
    carrier: Outside, open_refund: PaymentRefund
) -> None:
    """P5: the provider's lock refuses ours, and staff see it."""
    from seonmul.payments.provider import provider

    provider().cancel(
        open_refund.payment.reference, "SOMEBODYELSE0000", 4_000, left_won=10_000, why="콘솔에서 취소"
    )
    payments.try_refund(open_refund.id, at=MONDAY)
    assert state(open_refund) == "failed"
    assert open_refund.vendor_code == "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"


def test_a_refund_that_got_through_under_its_old_key_is_found(
    carrier: Outside, open_refund: PaymentRefund, settings: Any
) -> None:
    """P5: staff try again what was declined, and it turns out to have been made."""
    settings.SECONDS_PAYMENT = 1
    fault(carrier, "timeout_after_accept", "cancel", seconds=5)
    payments.try_refund(open_refund.id, at=MONDAY)
    PaymentRefund.objects.filter(id=open_refund.id).update(state="failed", next_try_at=None)
    payments.try_again(open_refund.id, by=given.operator(), at=MONDAY + timedelta(hours=4))
    payments.try_refund(open_refund.id, at=MONDAY + timedelta(hours=4))
    assert state(open_refund) == "done" and carrier.inside("GET", "stats")["cancellations"] == 1


def test_a_refund_that_is_never_answered_goes_to_staff(carrier: Outside, open_refund: PaymentRefund) -> None:
    """P5: the provider knows nothing of it and says neither yes nor no, for hours."""
    fault(carrier, "error_500", "cancel", times=99)
    at = MONDAY
    for _ in range(10):
        payments.try_refund(open_refund.id, at=at)
        assert open_refund.state == "open" or at > MONDAY + timedelta(hours=3)
        at = PaymentRefund.objects.get(id=open_refund.id).next_try_at or at
    assert state(open_refund) == "failed" and open_refund.vendor_code == "in_doubt"
    assert ledger.total(Kind.OWED) == 10_000


def test_without_a_word_about_the_payment_nothing_is_given_up(
    carrier: Outside, open_refund: PaymentRefund
) -> None:
    """P5: a provider that cannot even be asked has not said no."""
    fault(carrier, "error_500", "any", times=99)
    for hours in range(15):
        payments.try_refund(open_refund.id, at=MONDAY + timedelta(hours=hours))
    assert state(open_refund) == "open" and open_refund.tries == 15
