"""The adapter that moves money, against the sandbox, over HTTP. P2, P3, P5, P9"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from seonmul.kit import wire
from seonmul.payments.ports import Account, Bank, CardWish, Told
from seonmul.providers.portone import payments
from seonmul.providers.portone.payments import PortOne
from tests.providers.payments import AccountSuite, CardSuite, account
from tests.providers.refunds import RecordSuite, RefundSuite, Report, WireSuite
from tests.sandbox.outside import Outside, until
from tests.sandbox.payments import Shop


class World:
    """Person, depositor and time, by the sandbox's own routes."""

    def __init__(self, sandbox: Outside) -> None:
        self._sandbox = sandbox

    def pays(
        self, provider: PortOne, wish: CardWish, deed: str = "personal", won: int | None = None
    ) -> dict[str, str]:
        request = dict(provider.window(wish)["request"])
        if won is not None:
            request |= {"totalAmount": won, "taxFreeAmount": won}
        heard = self._sandbox.inside("POST", "portone/open", request)
        if "code" not in heard:
            heard = self._sandbox.inside(
                "POST", "portone/decide", {"paymentId": wish.reference, "choice": deed}
            )
        return {
            "code": heard.get("code", ""),
            "text": f"{heard.get('message', '')} {heard.get('pgMessage', '')}",
        }

    def deposits(self, reference: str, won: int) -> None:
        self._sandbox.inside("POST", "portone/deposit", {"paymentId": reference, "won": won})

    def settles(self, reference: str, *, succeeds: bool = True) -> None:
        self._sandbox.inside("POST", "portone/settle", {"paymentId": reference, "succeeds": succeeds})


@pytest.fixture
def provider(carrier: Outside, monkeypatch: pytest.MonkeyPatch) -> PortOne:
    monkeypatch.setattr(payments, "_PAGE", 2)
    return PortOne()


@pytest.fixture
def world(carrier: Outside) -> World:
    return World(carrier)


@pytest.fixture
def when(make_trouble: Callable[..., Callable[..., None]], settings: Any) -> Callable[..., None]:
    trouble = make_trouble("portone", "PORTONE_BASE_URL", "PORTONE_API_SECRET")

    def when(kind: str, **more: object) -> None:
        if kind == "slow":
            settings.SECONDS_PAYMENT, more = 0.3, {"seconds": 1} | more
        if kind == "timeout_after_accept":
            settings.SECONDS_PAYMENT = 1
        trouble(kind, **more)

    return when


@pytest.fixture
def reports(settings: Any) -> Iterator[Callable[[int], list[Report]]]:
    """Wait for so many calls of the vendor; they come to the site's address."""
    shop = Shop()
    settings.PUBLIC_URL = shop.url.removesuffix(payments.REPORTS_PATH)

    def arrived(count: int) -> list[Report]:
        until(lambda: len(shop.calls) >= count)
        return [Report(call.headers, call.body.encode()) for call in shop.calls]

    yield arrived
    shop.close()


class TestCard(CardSuite):
    pass


class TestAccount(AccountSuite):
    pass


class TestRefund(RefundSuite):
    pass


class TestRecords(RecordSuite):
    pass


class TestWire(WireSuite):
    secret = "DEMO-PORTONE-SECRET"


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ({"birth_date": date(1984, 5, 17)}, "한지원"),
        ({"birth_date": None, "business_number": "9998800014"}, "주식회사 한빛테크"),
    ],
)
def test_holders(provider: PortOne, about: dict[str, Any], name: str) -> None:
    """P5: money is paid out only to an account of the member's name."""
    account = Account(Bank.KOOKMIN, "12345678900001")
    assert provider.holder(account, **about) == name
    another = provider.holder(Account(Bank.KOOKMIN, "12345678900009"), **about)
    assert another not in ("", name)


def test_a_holder_that_cannot_be_asked_for_now_is_in_doubt(provider: PortOne) -> None:
    with pytest.raises(wire.InDoubt):
        provider.holder(Account(Bank.KOOKMIN, "12345678900503"), birth_date=None)


def test_a_reference_cannot_lead_to_another_address(provider: PortOne, carrier: Outside) -> None:
    assert provider.payment("../identity-verifications/R1?x=1").state is Told.NOTHING
    (visit,) = carrier.inside("GET", "requests?limit=1")
    assert visit["path"].startswith("/portone/payments/..%2Fidentity-verifications%2FR1%3Fx%3D1?storeId=")


def test_a_payment_through_another_channel_is_not_ours(provider: PortOne, settings: Any) -> None:
    """Keys of channels are public: what came through one that is not in our settings is nobody's money."""
    provider.issue(account("OTHER1"))
    assert provider.payment("OTHER1").is_ours
    settings.PORTONE_ACCOUNT_CHANNEL_KEY = "channel-key-of-another"
    assert not provider.payment("OTHER1").is_ours
