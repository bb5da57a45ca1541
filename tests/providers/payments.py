"""What every adapter that brings money in must do; a new one gets a subclass of this, and nothing else. P2, P3"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest

from seonmul.kit import wire
from seonmul.payments.ports import (
    AccountWish,
    Bank,
    Card,
    CardWish,
    Method,
    Records,
    Refund,
    Told,
    Trouble,
    VirtualAccount,
)
from tests.sandbox.outside import until

When = Callable[..., None]


class Provider(Card, VirtualAccount, Refund, Records, Protocol):
    """One vendor that plays all four."""


class World(Protocol):
    """Who else is there: a person before the window, a depositor, time."""

    def pays(self, provider: Provider, wish: CardWish, deed: str = "personal", won: int | None = None) -> Any:
        """Open the window and decide: "personal", "corporate", "limit", "close", "pending". Answers what the browser
        is told: {"code", "text"}, both "" on success. `won`: the browser asks for another sum.
        """
        ...

    def deposits(self, reference: str, won: int) -> None:
        """Pay into an account."""
        ...

    def settles(self, reference: str, *, succeeds: bool = True) -> None:
        """End the cancellations that wait."""
        ...


def card(reference: str, won: int = 53_000, **more: Any) -> CardWish:
    return CardWish(reference, won, "아메리카노 외 2건", f"S{reference}", "https://shop.example/back", **more)


def account(reference: str, won: int = 100_000, **more: Any) -> AccountWish:
    about = {
        "bank": Bank.SHINHAN,
        "title": "캐쉬 충전 100,000원",
        "holder": "한지원",
        "subject": f"S{reference}",
    }
    return AccountWish(reference, won, until=datetime(2099, 12, 6, 14, 59, 59, tzinfo=UTC), **(about | more))


class CardSuite:
    """P3. Subclasses give the fixtures `provider`, `world` and `when`."""

    def test_nobody_began_it(self, provider: Provider) -> None:
        assert provider.payment("NONE1").state is Told.NOTHING

    def test_paid(self, provider: Provider, world: World) -> None:
        provider.register("CARD1", 53_000)
        assert world.pays(provider, card("CARD1"))["code"] == ""
        told = provider.payment("CARD1")
        assert (told.reference, told.state, told.method) == ("CARD1", Told.PAID, Method.CARD)
        assert (told.won, told.paid_won, told.cancelled_won, told.subject) == (53_000, 53_000, 0, "SCARD1")
        assert told.is_ours and told.is_corporate is False and told.vendor_id and not told.cancelled
        assert told.at is not None and abs(told.at - datetime.now(UTC)) < timedelta(minutes=1)
        assert provider.payment("CARD1") == told

    def test_an_issuer_that_was_offered_and_a_corporate_card(self, provider: Provider, world: World) -> None:
        world.pays(provider, card("CARD2", issuers=["NH_CARD"]), "corporate")
        told = provider.payment("CARD2")
        assert (told.issuer, told.is_corporate) == ("NH_CARD", True)

    def test_easy_pay(self, provider: Provider, world: World) -> None:
        world.pays(provider, card("CARD3", is_easy=True))
        assert provider.payment("CARD3").method is Method.EASY_PAY

    def test_a_limit_is_told_as_one_and_another_card_is_good(self, provider: Provider, world: World) -> None:
        heard = world.pays(provider, card("CARD4"), "limit")
        assert provider.trouble(heard["code"], heard["text"]) is Trouble.RESTRICTED
        told = provider.payment("CARD4")
        assert (told.state, told.trouble, told.paid_won) == (Told.FAILED, Trouble.RESTRICTED, None)
        assert told.vendor_code and told.vendor_text
        world.pays(provider, card("CARD4"))
        assert provider.payment("CARD4").state is Told.PAID

    @pytest.mark.parametrize("deed", ["close", "pending"])
    def test_not_decided(self, provider: Provider, world: World, deed: str) -> None:
        heard = world.pays(provider, card("CARD5"), deed)
        if deed == "close":
            assert provider.trouble(heard["code"], heard["text"]) is Trouble.CLOSED
        assert provider.payment("CARD5").state is Told.OPEN

    def test_a_browser_cannot_pay_another_sum_than_was_registered(
        self, provider: Provider, world: World
    ) -> None:
        provider.register("CARD6", 53_000)
        heard = world.pays(provider, card("CARD6"), won=100)
        assert provider.trouble(heard["code"], heard["text"]) is Trouble.CHANGED
        assert provider.payment("CARD6").state in (Told.NOTHING, Told.OPEN)

    def test_the_last_sum_that_was_registered_counts(self, provider: Provider, world: World) -> None:
        for won in (1_000, 53_000, 53_000):
            provider.register("CARD7", won)
        world.pays(provider, card("CARD7"))
        assert provider.payment("CARD7").paid_won == 53_000
        with pytest.raises(wire.Declined):
            provider.register("CARD7", 53_000)


class AccountSuite:
    """P2"""

    def test_issued_once_however_often_asked(self, provider: Provider) -> None:
        wish = account("VA1")
        for _ in range(2):
            provider.issue(wish)
        told = provider.payment("VA1")
        assert (told.state, told.method, told.won, told.paid_won) == (
            Told.WAITING, Method.ACCOUNT, 100_000, None
        )  # fmt: skip
        assert told.is_ours and told.subject == "SVA1" and told.at is None and told.account is not None
        assert (told.account.bank, told.account.until) == (Bank.SHINHAN, wish.until)
        assert told.account.number.isdecimal()
        provider.issue(wish)
        assert provider.payment("VA1") == told

    @pytest.mark.parametrize("bank", [bank for bank in Bank if bank.takes_deposits])
    def test_each_bank_that_takes_deposits(self, provider: Provider, bank: Bank) -> None:
        provider.issue(account("VA2", bank=bank))
        told = provider.payment("VA2").account
        assert told is not None and told.bank is bank

    @pytest.mark.parametrize("won", [100_000, 90_000, 110_000])
    def test_a_deposit_is_told_as_it_came(self, provider: Provider, world: World, won: int) -> None:
        provider.issue(account("VA3"))
        world.deposits("VA3", won)
        told = provider.payment("VA3")
        assert (told.state, told.won, told.paid_won) == (Told.PAID, 100_000, won)
        assert told.at is not None and abs(told.at - datetime.now(UTC)) < timedelta(minutes=1)
        provider.issue(account("VA3"))
        assert provider.payment("VA3") == told

    def test_closed_for_good(self, provider: Provider) -> None:
        provider.issue(account("VA4"))
        for _ in range(3):
            provider.close("VA4")
        assert provider.payment("VA4").paid_won is None

    def test_what_was_never_issued_is_closed(self, provider: Provider) -> None:
        provider.close("VA5")

    def test_a_deposit_was_faster_than_the_closing(self, provider: Provider, world: World) -> None:
        provider.issue(account("VA6"))
        world.deposits("VA6", 100_000)
        with pytest.raises(wire.Declined):
            provider.close("VA6")
        assert provider.payment("VA6").state is Told.PAID

    def test_an_issue_in_doubt_was_done_or_was_not(self, provider: Provider, when: When) -> None:
        """Beats of a crash: whether or not it got through, asking again gives one account."""
        for kind, state in (("html_error", Told.NOTHING), ("timeout_after_accept", Told.WAITING)):
            when(kind, route="instant")
            with pytest.raises(wire.InDoubt):
                provider.issue(account(f"VA7{state}"))
            assert provider.payment(f"VA7{state}").state is state
            before = provider.payment(f"VA7{state}").account
            until(lambda: _issues(provider, account(f"VA7{state}")))  # noqa: B023 - called at once
            told = provider.payment(f"VA7{state}")
            assert told.state is Told.WAITING and before in (None, told.account)


def _issues(provider: Provider, wish: AccountWish) -> bool:
    """Whether it is issued: while the first call still runs at the vendor, a second one is in doubt."""
    try:
        provider.issue(wish)
    except wire.InDoubt:
        return False
    return True
