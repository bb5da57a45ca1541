"""O6, P3, O9: paying with reward, cash and a card, against the payment provider's twin over HTTP."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.catalog.models import Offer
from seonmul.figures import actions as figures
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.members.rules import SpendRefusal
from seonmul.orders import actions, queries
from seonmul.orders.models import Checkout, Draft, Order
from seonmul.orders.rules import SplitRefusal
from seonmul.payments import actions as payments
from seonmul.payments import queries as payments_now
from seonmul.payments.models import Payment, PaymentRefund
from seonmul.payments.ports import Told
from seonmul.payments.rules import CardFacts, CardRefusal
from tests import given
from tests.given import MONDAY
from tests.orders import cards
from tests.sandbox.outside import Outside
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(minutes=5)
AFTER = MONDAY + timedelta(minutes=31)


@pytest.fixture
def carrier(carrier: Outside) -> Outside:
    """The outside, whose payment provider lives on that Monday."""
    carrier.inside("POST", "portone/clock", {"at": MONDAY.isoformat()})
    return carrier


@pytest.fixture
def firm() -> given.Company:
    made = given.company(cash_won=5_000)
    cards.reward(made, 1_000)
    return made


@pytest.fixture
def draft(firm: given.Company) -> Draft:
    """Three copies at 4,500 won: 13,500 won."""
    return given.draft(firm, given.numbers(3))


def test_reward_and_cash_pay_together(firm: given.Company, draft: Draft) -> None:
    """O6: without a card the order is placed at once, and reward is spent before cash."""
    rich = given.company(cash_won=50_000)
    cards.reward(rich, 1_000)
    order = cards.paid_with(rich, given.draft(rich, given.numbers(3)), reward_won=1_000, cash_won=12_500)
    assert isinstance(order, Order)
    assert (order.reward_won, order.cash_won, order.card_won, order.payment_id) == (1_000, 12_500, 0, None)
    assert ledger.shares_back(order.hold_id, 13_000) == {Kind.CASH: 12_500, Kind.REWARD: 500}
    assert ledger.balances(rich.buyer.id).held_won == 13_500


def test_a_card_pays_the_rest_and_the_order_is_placed_once(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """O6, P3: whoever is heard first, the browser, the report or the sweep, there is one result."""
    checkout = cards.window(firm, draft, reward_won=1_000, cash_won=5_000)
    assert (checkout.card_won, checkout.state) == (7_500, "open")
    assert ledger.balances(firm.buyer.id).held_won == 6_000, "reward and cash wait for the card"
    cards.approved(carrier, checkout)
    cards.heard(checkout, LATER)
    assert checkout.state == "placed"
    for _ in range(2):
        payments.ask(checkout.payment_id, at=LATER)
        actions.complete_card(checkout.payment_id, at=LATER)
        actions.note_card_ended(checkout.payment_id, at=LATER)
    order = Order.objects.get(draft_id=draft.id)
    assert (order.reward_won, order.cash_won, order.card_won) == (1_000, 5_000, 7_500)
    assert order.payment_id == checkout.payment_id and order.public_id == draft.public_id
    money = ledger.balances(firm.buyer.id)
    assert (money.cash_won, money.reward_won, money.held_won, money.card_won) == (0, 0, 13_500, 0)
    assert ledger.shares_back(order.hold_id, 13_500) == {
        Kind.CARD: 7_500, Kind.CASH: 5_000, Kind.REWARD: 1_000,
    }  # fmt: skip
    assert not PaymentRefund.objects.exists() and ledger.faults() == []
    payment = cards.payment_of(checkout)
    assert (payment.state, payment.paid_won, payment.is_corporate_card) == ("paid", 7_500, True)


def test_by_card_alone_no_spend_authentication_is_asked(carrier: Outside, draft: Draft, firm: Any) -> None:
    """M4: only cash and reward need it."""
    checkout = cards.window(firm, draft)
    assert checkout.grant_id is None and checkout.hold_id is None and checkout.card_won == 13_500
    cards.approved(carrier, checkout, "personal")
    assert cards.heard(checkout, LATER).state == "placed"
    assert Order.objects.get().grant_id is None


def test_with_cash_the_authentication_comes_before_the_window(firm: given.Company, draft: Draft) -> None:
    """M4, O6: a wrong code opens no window and holds nothing."""
    quote = queries.quote(draft)
    from seonmul.orders import rules

    with pytest.raises(Refused) as refused:
        actions.pay(
            draft.id, by=firm.owner, secret="000000", device="", seen_won=quote.amount_won, seen_left_out=0,
            split=rules.split_of(quote.amount_won, reward_won=0, cash_won=5_000), at=MONDAY,
        )  # fmt: skip
    assert refused.value.no.why is SpendRefusal.NO_CODE
    assert not Checkout.objects.exists() and not Payment.objects.exists()
    assert ledger.balances(firm.buyer.id).held_won == 0


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"reward_won": 1_001}, SplitRefusal.REWARD_SHORT),
        ({"cash_won": 5_001}, SplitRefusal.CASH_SHORT),
        ({"cash_won": -1}, SplitRefusal.TOO_MUCH),
    ],
)
def test_no_more_is_used_than_there_is(firm: given.Company, draft: Draft, wish: Any, why: Any) -> None:
    """O6"""
    with pytest.raises(Refused) as refused:
        cards.paid_with(firm, draft, **wish)
    assert refused.value.no.why is why
    assert not Checkout.objects.exists()


def test_a_refused_card_may_be_followed_by_another_in_the_same_window(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """P3: cause and next step are known, nothing has to be filled in again, and one payment comes of it."""
    checkout = cards.window(firm, draft, cash_won=5_000)
    cards.opened_there(carrier, checkout)
    answer = cards.decided(carrier, checkout, "restricted")
    words = f"{answer['message']} {answer['pgMessage']}"
    payments.note_return(checkout.payment_id, code=answer["code"], text=words, at=MONDAY)
    assert cards.payment_of(checkout).trouble == "restricted"
    assert cards.heard(checkout, LATER).state == "open", "the window is still open"
    assert cards.payment_of(checkout).trouble == "restricted"
    again = cards.window(firm, draft, cash_won=5_000, at=LATER)
    assert again == checkout, "whoever pays again pays under the same reference"
    cards.opened_there(carrier, checkout)
    cards.decided(carrier, checkout, "corporate")
    assert cards.heard(checkout, LATER).state == "placed"
    assert cards.payment_of(checkout).trouble == ""


def test_the_browser_is_gone_after_approving(carrier: Outside, firm: given.Company, draft: Draft) -> None:
    """P3: the sweep asks by itself."""
    checkout = cards.window(firm, draft, cash_won=5_000)
    cards.opened_there(carrier, checkout)
    cards.decided(carrier, checkout, "silent")
    payments.sweep(at=LATER)
    given.worked()
    checkout.refresh_from_db()
    assert checkout.state == "placed"


def test_a_window_that_nobody_used_gives_everything_back(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """O6: after 30 minutes; the draft stays as it was."""
    checkout = cards.window(firm, draft, reward_won=1_000, cash_won=5_000)
    assert cards.payment_of(checkout).ends_at == MONDAY + timedelta(minutes=30)
    assert cards.heard(checkout, MONDAY + timedelta(minutes=29)).state == "open"
    assert cards.heard(checkout, AFTER).state == "ended"
    assert checkout.why == "window_ended"
    money = ledger.balances(firm.buyer.id)
    assert (money.cash_won, money.reward_won, money.held_won) == (5_000, 1_000, 0)
    assert Draft.objects.filter(id=draft.id).exists() and ledger.faults() == []


def test_without_an_answer_of_the_provider_no_window_ends(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """P3: the money may have come; what is held stays held until it is known."""
    checkout = cards.window(firm, draft, cash_won=5_000)
    cards.approved(carrier, checkout)
    carrier.ask("POST", "/_/faults", {"provider": "portone", "kind": "html_error", "route": "ask"})
    assert cards.heard(checkout, AFTER).state == "open"
    assert cards.heard(checkout, AFTER).state == "placed"


def test_card_money_for_a_dead_window_goes_back_whole(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """P3, O6: paid in the last moment, heard of after the person had given up."""
    checkout = cards.window(firm, draft, cash_won=5_000)
    cards.opened_there(carrier, checkout)
    actions.cancel_card(draft.id, at=LATER)
    assert ledger.balances(firm.buyer.id).cash_won == 5_000
    cards.decided(carrier, checkout, "personal")
    cards.heard(checkout, AFTER)
    assert (checkout.state, checkout.why) == ("ended", "cancelled")
    assert not Order.objects.exists()
    assert ledger.total(Kind.OWED) == 8_500, "what we owe the card stands in the books"
    assert cards.refunded(checkout.payment_id) == ["done"]
    assert ledger.total(Kind.OWED) == 0 and ledger.total(Kind.CLEARING) == 0
    told = cards.there(carrier, checkout)
    assert (told.state, told.cancelled_won) == (Told.CANCELLED, 8_500)
    assert ledger.faults() == []


def test_a_price_that_changed_meanwhile_stops_the_order_and_gives_the_money_back(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """O6"""
    checkout = cards.window(firm, draft, cash_won=5_000)
    cards.approved(carrier, checkout)
    Offer.objects.filter(product=draft.items.get().product).update(price_won=4_600)
    assert cards.heard(checkout, LATER).state == "ended"
    assert checkout.why == "order_price_changed" and not Order.objects.exists()
    assert cards.refunded(checkout.payment_id) == ["done"]
    assert ledger.balances(firm.buyer.id).cash_won == 5_000 and ledger.faults() == []


def test_a_list_that_changed_meanwhile_stops_the_order(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """O6: also where the sum is the same: other people are another order."""
    checkout = cards.window(firm, draft, cash_won=5_000)
    cards.approved(carrier, checkout)
    actions.mend_row(draft.id, 1, phone="01099990001", at=LATER)
    assert cards.heard(checkout, LATER).state == "ended"
    assert checkout.why == "order_changed_meanwhile"
    assert cards.refunded(checkout.payment_id) == ["done"]


def test_a_tampered_amount_is_refused_by_the_provider_where_it_knows_ours(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """P3"""
    checkout = cards.window(firm, draft)
    cards.opened_there(carrier, checkout)
    answer = cards.decided(carrier, checkout, "tamper", won=100)
    assert answer["code"] == "AmountNotEqualToPredefined"
    payments.note_return(checkout.payment_id, code=answer["code"], text=answer["message"], at=MONDAY)
    assert cards.payment_of(checkout).trouble == "changed"
    assert cards.heard(checkout, LATER).state == "open"


def test_another_amount_is_not_an_order_and_goes_back(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """P3: the amount is checked on our own question, whatever the provider let through."""
    checkout = cards.window(firm, draft)
    cards.opened_there(carrier, checkout, is_registered=False)
    cards.decided(carrier, checkout, "tamper", won=100)
    assert cards.heard(checkout, LATER).state == "ended"
    payment = cards.payment_of(checkout)
    assert (payment.state, payment.paid_won) == ("parked", 100) and not Order.objects.exists()
    assert ledger.total(Kind.SUSPENSE) == 0 and ledger.total(Kind.OWED) == 100
    assert cards.refunded(payment.id) == ["done"]
    assert cards.payment_of(checkout).state == "returned" and ledger.faults() == []


def test_another_wish_ends_the_window_before_it(carrier: Outside, firm: given.Company, draft: Draft) -> None:
    """O6: what the first window held pays in the second."""
    first = cards.window(firm, draft, cash_won=5_000)
    second = cards.window(firm, draft, cash_won=3_000, at=LATER)
    first.refresh_from_db()
    assert first.state == "ended" and second.card_won == 10_500
    assert ledger.balances(firm.buyer.id).held_won == 3_000
    cards.approved(carrier, second)
    assert cards.heard(second, LATER).state == "placed"
    cards.heard(first, AFTER)
    assert Order.objects.count() == 1 and not PaymentRefund.objects.exists()


def test_paying_from_cash_after_all_ends_the_window(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """O6: one order, and the card is not needed any more."""
    rich = given.company(cash_won=50_000)
    wanted = given.draft(rich, given.numbers(3))
    checkout = cards.window(rich, wanted, cash_won=5_000)
    order = cards.paid_with(rich, wanted, cash_won=13_500, at=LATER)
    assert isinstance(order, Order)
    cards.approved(carrier, checkout)
    cards.heard(checkout, AFTER)
    assert checkout.state == "ended" and Order.objects.count() == 1
    assert cards.refunded(checkout.payment_id) == ["done"]
    assert ledger.balances(rich.buyer.id).cash_won == 36_500


def test_a_discarded_draft_ends_its_window(firm: given.Company, draft: Draft) -> None:
    """O12, O6"""
    checkout = cards.window(firm, draft, cash_won=5_000)
    actions.discard(draft.id, at=LATER)
    checkout.refresh_from_db()
    assert checkout.state == "ended" and ledger.balances(firm.buyer.id).held_won == 0


@pytest.mark.parametrize(
    ("figure", "most", "why"),
    [
        ("card_once_most_won", 13_499, CardRefusal.ONCE),
        ("card_day_most_won", 20_000, CardRefusal.DAY),
        ("card_month_most_won", 20_000, CardRefusal.MONTH),
    ],
)
def test_our_channel_has_its_limits(
    carrier: Outside, firm: given.Company, draft: Draft, figure: str, most: int, why: Any
) -> None:
    """P3: per payment, day and month, of what was paid."""
    first = cards.window(firm, given.draft(firm, given.numbers(2)))
    cards.approved(carrier, first)
    assert cards.heard(first, LATER).state == "placed"
    figures.change(figure, most, by="test", at=MONDAY)
    with pytest.raises(Refused) as refused:
        cards.paid_with(firm, draft, at=LATER)
    assert refused.value.no.why is why


def test_what_went_back_to_the_card_takes_no_room_of_a_limit(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """P3: a payment of which no order came is given back whole, and the room that is told is the one that there is."""
    figures.change("card_day_most_won", 20_000, by="test", at=MONDAY)
    dead = cards.window(firm, given.draft(firm, given.numbers(2)))
    cards.opened_there(carrier, dead)
    actions.cancel_card(dead.draft_id, at=MONDAY)
    cards.decided(carrier, dead, "personal")
    cards.heard(dead, LATER)
    assert payments_now.card_facts(firm.buyer.id, LATER) == CardFacts(9_000, 9_000)
    assert cards.refunded(dead.payment_id, LATER) == ["done"]
    assert payments_now.card_facts(firm.buyer.id, LATER) == CardFacts(0, 0)
    assert isinstance(cards.paid_with(firm, draft, at=LATER), Checkout)


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_the_same_moment_do_not_pass_a_limit_together() -> None:
    """P3: what an open window may yet pay counts; the same draft's own does not, and comes back as it was."""
    firm = given.company(cash_won=0)
    drafts = [given.draft(firm, given.numbers(3)) for _ in range(2)]  # 13,500 won each
    figures.change("card_day_most_won", 20_000, by="test", at=MONDAY)
    secrets = [cards.secret_for(firm.owner, one) for one in drafts]
    from seonmul.orders import rules

    pay = partial(
        actions.pay, by=firm.owner, device="", seen_won=13_500, seen_left_out=0,
        split=rules.split_of(13_500, reward_won=0, cash_won=0), at=MONDAY,
    )  # fmt: skip
    outcomes = at_once(
        [partial(pay, one.id, secret=secret) for one, secret in zip(drafts, secrets, strict=True)]
    )
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert [one.no.why for one in refused] == [CardRefusal.DAY], outcomes
    open_one = Payment.objects.get()
    assert payments_now.card_facts(firm.buyer.id, MONDAY).today_won == 13_500
    assert payments_now.card_facts(firm.buyer.id, MONDAY, but=open_one.subject).today_won == 0
    assert payments_now.card_facts(firm.buyer.id, MONDAY + timedelta(hours=1)).today_won == 0, "it has ended"


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_the_same_moment_opens_one_window() -> None:
    """O6: from two browsers, or a double click."""
    firm = given.company(cash_won=5_000)
    draft = given.draft(firm, given.numbers(3))
    secret = cards.secret_for(firm.owner, draft)
    from seonmul.orders import rules

    call = partial(
        actions.pay, draft.id, by=firm.owner, secret=secret, device="", seen_won=13_500, seen_left_out=0,
        split=rules.split_of(13_500, reward_won=0, cash_won=5_000), at=MONDAY,
    )  # fmt: skip
    outcomes = at_once([call] * 4)
    assert all(isinstance(one, Checkout) for one in outcomes)
    assert len({one.id for one in outcomes}) == 1 and Checkout.objects.count() == 1
    assert ledger.balances(firm.buyer.id).held_won == 5_000 and Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_news_of_the_card_from_all_sides_at_once_makes_one_order(carrier: Outside) -> None:
    """P3, O6"""
    firm = given.company(cash_won=5_000)
    checkout = cards.window(firm, given.draft(firm, given.numbers(3)), cash_won=5_000)
    cards.approved(carrier, checkout)
    at_once([partial(payments.ask, checkout.payment_id, at=LATER)] * 6)
    outcomes = at_once([partial(actions.complete_card, checkout.payment_id, at=LATER)] * 6)
    assert outcomes == [None] * 6
    assert Order.objects.count() == 1 and not PaymentRefund.objects.exists()
    assert ledger.faults() == []


def test_saving_what_stands_there_already_leaves_the_window_alone(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """O6: the order page sends its whole form with every press of the button."""
    checkout = cards.window(firm, draft, cash_won=5_000)
    same = {"title": queries.title_of(draft), "text": queries.text_of(draft), "is_lawful": True}
    actions.save(draft.id, at=LATER, **same)
    assert cards.window(firm, draft, cash_won=5_000, at=LATER) == checkout
    actions.save(draft.id, at=LATER, text="#{이름} 님, 다른 말입니다.")
    cards.approved(carrier, checkout)
    assert cards.heard(checkout, AFTER).why == "order_changed_meanwhile"


def test_a_window_given_up_does_not_renew_reward(firm: given.Company, draft: Draft) -> None:
    """P4: only a refund lengthens the life of what comes back."""
    (before,) = ledger.lots(firm.buyer.id)
    cards.window(firm, draft, reward_won=1_000)
    actions.cancel_card(draft.id, at=LATER)
    (after,) = ledger.lots(firm.buyer.id)
    assert (after.left_won, after.expires_at) == (1_000, before.expires_at)


def test_a_window_that_was_not_registered_is_taken_up_again(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """P3: the job has given up, or was lost with its worker; nobody waits for the window until it ends."""
    checkout = cards.window(firm, draft)
    jobs = ProcrastinateJob.objects.filter(task_name="payments.register", status="todo")
    payments.sweep(at=LATER)
    assert jobs.count() == 1, "it waits already"
    jobs._raw_delete("default")  # type: ignore[attr-defined]
    payments.sweep(at=MONDAY + timedelta(seconds=1))
    assert not jobs.exists(), "not at every look: with the next question about it"
    payments.sweep(at=LATER)
    payments.sweep(at=LATER)
    assert jobs.count() == 1
    given.worked(only="payments.register")
    assert cards.payment_of(checkout).is_registered
    payments.sweep(at=LATER)
    assert not jobs.exists()
    row = Payment.objects.filter(id=checkout.payment_id)
    row.update(is_registered=False, vendor_code="NO_SUCH_CHANNEL")
    payments.sweep(at=LATER)
    row.update(vendor_code="")
    payments.sweep(at=AFTER)
    assert not jobs.exists(), "neither a declined one nor one that has ended"


def test_news_of_a_card_that_was_lost_is_found_by_looking(
    carrier: Outside, firm: given.Company, draft: Draft
) -> None:
    """P3: whatever became of the job that should have heard."""
    paid = cards.window(firm, draft, cash_won=5_000)
    cards.approved(carrier, paid)
    payments.ask(paid.payment_id, at=LATER)
    dead = cards.window(firm, given.draft(firm, given.numbers(1)), at=LATER)
    cards.opened_there(carrier, dead)
    actions.cancel_card(dead.draft_id, at=LATER)
    cards.decided(carrier, dead, "personal")
    payments.ask(dead.payment_id, at=AFTER)
    assert set(queries.cards_to_hear_of(MONDAY - timedelta(days=1))) == {
        (paid.payment_id, True),
        (dead.payment_id, True),
    }
    actions.sweep_cards(at=AFTER)
    given.worked()
    assert Order.objects.count() == 1 and cards.there(carrier, dead).state is Told.CANCELLED
    assert queries.cards_to_hear_of(MONDAY - timedelta(days=1)) == []
