"""How a person's wish becomes a split, and why a card window ended; rules without a database. O6"""

from __future__ import annotations

from hypothesis import given as for_all
from hypothesis import strategies as st

from seonmul.orders import rules
from seonmul.orders.rules import CheckoutRefusal, OrderRefusal, Split, SplitRefusal
from seonmul.payments.rules import CardRefusal

WON = st.integers(0, 10**9)


def wanted(total_won: int, has: tuple[int, int], **wish: object) -> Split:
    fits = {"reward_won": 0, "cash_won": None, "has_reward_won": has[0], "has_cash_won": has[1]}
    return rules.split_wanted(total_won, **(fits | wish))  # type: ignore[arg-type]


def test_unless_said_cash_pays_what_it_can_and_a_card_the_rest() -> None:
    """O6"""
    assert wanted(9_000, (3_000, 50_000)) == Split(0, 9_000, 0)
    assert wanted(9_000, (3_000, 4_000)) == Split(0, 4_000, 5_000)
    assert wanted(9_000, (0, 0)) == Split(0, 0, 9_000)


def test_reward_goes_first_and_cash_makes_room() -> None:
    """O6"""
    assert wanted(9_000, (3_000, 50_000), all_of="reward") == Split(3_000, 6_000, 0)
    assert wanted(9_000, (3_000, 50_000), reward_won=2_000, cash_won=9_000) == Split(2_000, 7_000, 0)
    assert wanted(9_000, (20_000, 0), all_of="reward") == Split(9_000, 0, 0)
    assert wanted(9_000, (3_000, 4_000), cash_won=0, all_of="cash") == Split(0, 4_000, 5_000)


@for_all(total=st.integers(1, 10**9), reward=WON, cash=WON | st.none(), has_reward=WON, has_cash=WON,
         all_of=st.sampled_from(["", "reward", "cash", "x"]))  # fmt: skip
def test_a_wish_is_a_split_of_the_whole_or_is_refused(
    total: int, reward: int, cash: int | None, has_reward: int, has_cash: int, all_of: str
) -> None:
    """O6: never another sum, never more than there is."""
    split = wanted(total, (has_reward, has_cash), reward_won=reward, cash_won=cash, all_of=all_of)
    no = rules.why_not_split(split, total, has_reward_won=has_reward, has_cash_won=has_cash)
    if no is None:
        assert split.total_won == total and min(split.reward_won, split.cash_won, split.card_won) >= 0
        assert split.reward_won <= has_reward and split.cash_won <= has_cash
    else:
        assert no.why in set(SplitRefusal) and "{" not in no.say()
    if cash is None and all_of in ("", "x") and reward == 0:
        assert no is None


def test_why_a_window_ended_is_said_in_words() -> None:
    """O6, P3"""
    price = rules.why_ended("order_price_changed", seen_won=9_000, now_won=10_000)
    assert price.why is OrderRefusal.PRICE_CHANGED and "9,000원에서 10,000원" in price.say()
    found = {
        why: rules.why_ended(why, seen_won=1, now_won=2).why
        for why in ("window_ended", "cancelled", "again", "order_changed_meanwhile", "product_sold_out")
    }
    assert list(found.values()) == [
        CardRefusal.ENDED, CheckoutRefusal.CANCELLED, CheckoutRefusal.AGAIN, OrderRefusal.CHANGED_MEANWHILE,
        CheckoutRefusal.CHANGED,
    ]  # fmt: skip
