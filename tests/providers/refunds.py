"""What every adapter that moves money must do besides: money back, the other side's list, errors. P5, P9"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from seonmul.kit import ids, wire
from seonmul.payments.ports import Account, Bank, Forged, Told
from tests.providers.payments import Provider, When, World, account, card

DOUBTFUL = ["html_error", "error_500", "drop_connection"]
KOOKMIN = Account(Bank.KOOKMIN, "12345678900001", "한지원")


@dataclass(frozen=True)
class Report:
    """A call of the vendor as it came."""

    headers: dict[str, str]
    body: bytes


class RefundSuite:
    """P5"""

    def _paid(self, provider: Provider, world: World, reference: str) -> None:
        world.pays(provider, card(reference))
        assert provider.payment(reference).state is Told.PAID

    def test_a_part_then_the_rest(self, provider: Provider, world: World) -> None:
        self._paid(provider, world, "BACK1")
        part = provider.cancel("BACK1", "KEYPART", 13_000, left_won=53_000, why="한 건 취소")
        assert (part.key, part.won, part.state) == ("KEYPART", 13_000, "done")
        told = provider.payment("BACK1")
        assert (told.state, told.paid_won, told.cancelled_won) == (Told.PAID, 53_000, 13_000)
        assert told.cancelled == (part,) and told.is_ours
        rest = provider.cancel("BACK1", "KEYREST", 40_000, left_won=40_000, why="나머지 취소")
        told = provider.payment("BACK1")
        assert (told.state, told.paid_won, told.cancelled_won) == (Told.CANCELLED, 53_000, 53_000)
        assert told.cancelled == (part, rest)

    def test_the_same_key_gives_back_once(self, provider: Provider, world: World) -> None:
        self._paid(provider, world, "BACK2")
        first = provider.cancel("BACK2", "KEY2", 10_000, left_won=53_000, why="환불")
        assert provider.cancel("BACK2", "KEY2", 10_000, left_won=53_000, why="환불") == first
        assert provider.payment("BACK2").cancelled_won == 10_000

    def test_what_is_believed_to_be_left_must_be(self, provider: Provider, world: World) -> None:
        self._paid(provider, world, "BACK3")
        for key, won, left in (("KEY31", 1_000, 52_000), ("KEY32", 53_001, 53_000)):
            with pytest.raises(wire.Declined) as no:
                provider.cancel("BACK3", key, won, left_won=left, why="환불")
            assert no.value.code not in ("", "unknown")
        assert provider.payment("BACK3").cancelled_won == 0

    def test_nothing_was_paid(self, provider: Provider) -> None:
        provider.issue(account("BACK4"))
        for reference in ("BACK4", "NONE4"):
            with pytest.raises(wire.Declined):
                provider.cancel(reference, f"KEY{reference}", 1_000, left_won=100_000, why="환불", to=KOOKMIN)

    def test_a_deposit_goes_back_to_an_account(self, provider: Provider, world: World) -> None:
        provider.issue(account("BACK5"))
        world.deposits("BACK5", 90_000)
        with pytest.raises(wire.Declined):
            provider.cancel("BACK5", "KEY51", 90_000, left_won=90_000, why="금액이 달라 돌려드림")
        back = provider.cancel(
            "BACK5", "KEY52", 90_000, left_won=90_000, why="금액이 달라 돌려드림", to=KOOKMIN
        )
        assert back.state == "done" and provider.payment("BACK5").cancelled_won == 90_000

    @pytest.mark.parametrize(("succeeds", "state"), [(True, "done"), (False, "failed")])
    def test_a_cancellation_that_takes_its_time(
        self, provider: Provider, world: World, when: When, succeeds: bool, state: str
    ) -> None:
        self._paid(provider, world, "BACK6")
        when("pending_cancel", seconds=60)
        waiting = provider.cancel("BACK6", "KEY6", 53_000, left_won=53_000, why="환불")
        assert (waiting.state, waiting.at) == ("waiting", None)
        assert provider.payment("BACK6").cancelled == (waiting,)
        world.settles("BACK6", succeeds=succeeds)
        (now,) = provider.payment("BACK6").cancelled
        assert (now.key, now.state, now.vendor_id) == ("KEY6", state, waiting.vendor_id)

    def test_a_cancellation_in_doubt_is_found_by_its_key(
        self, provider: Provider, world: World, when: When
    ) -> None:
        self._paid(provider, world, "BACK7")
        when("timeout_after_accept", route="cancel")
        with pytest.raises(wire.InDoubt):
            provider.cancel("BACK7", "KEY7", 10_000, left_won=53_000, why="환불")
        (found,) = provider.payment("BACK7").cancelled
        assert (found.key, found.won, found.state) == ("KEY7", 10_000, "done")

    def test_a_cancellation_that_did_not_arrive_is_not_found(
        self, provider: Provider, world: World, when: When
    ) -> None:
        self._paid(provider, world, "BACK8")
        when("drop_connection", route="cancel")
        with pytest.raises(wire.InDoubt):
            provider.cancel("BACK8", "KEY8", 10_000, left_won=53_000, why="환불")
        assert provider.payment("BACK8").cancelled == ()
        assert provider.cancel("BACK8", "KEY8", 10_000, left_won=53_000, why="환불").state == "done"


class RecordSuite:
    """P9"""

    def test_all_of_a_span_in_order(self, provider: Provider, world: World) -> None:
        began = datetime.now(UTC) - timedelta(seconds=1)
        for number in range(5):
            provider.issue(account(f"LIST{number}"))
        world.deposits("LIST3", 100_000)
        told = list(provider.payments(began, datetime.now(UTC) + timedelta(minutes=1)))
        assert [one.reference for one in told] == [f"LIST{number}" for number in range(5)]
        assert [one.state for one in told].count(Told.PAID) == 1
        assert told[3] == provider.payment("LIST3")

    def test_none_of_another_span(self, provider: Provider) -> None:
        provider.issue(account("LIST9"))
        now = datetime.now(UTC)
        assert list(provider.payments(now - timedelta(days=3), now - timedelta(days=2))) == []
        assert list(provider.payments(now + timedelta(days=1), now + timedelta(days=2))) == []

    def test_reports_name_the_payment(
        self, provider: Provider, reports: Callable[[int], list[Report]]
    ) -> None:
        provider.issue(account("NEWS1"))
        (one,) = reports(1)
        now = datetime.now(UTC)
        assert provider.read_report(one.headers, one.body, now) == {"NEWS1"}
        with pytest.raises(Forged):
            provider.read_report(one.headers, one.body.replace(b"NEWS1", b"NEWS2"), now)
        with pytest.raises(Forged):
            provider.read_report(one.headers, one.body, now + timedelta(hours=1))
        with pytest.raises(Forged):
            provider.read_report({}, one.body, now)

    def test_a_forged_or_an_old_report(
        self, provider: Provider, reports: Callable[[int], list[Report]], when: When
    ) -> None:
        for number, kind in enumerate(("forged_webhook", "old_webhook"), 1):
            when(kind)
            provider.issue(account(f"NEWS{number}"))
            with pytest.raises(Forged):
                one = reports(number)[-1]
                provider.read_report(one.headers, one.body, datetime.now(UTC))

    def test_health(self, provider: Provider) -> None:
        assert provider.check_health()


# with names of their own: a slow call of another test may still run at the vendor, and its key with it
CALLS: dict[str, Callable[[Provider], object]] = {
    "register": lambda provider: provider.register("ANY1", 1_000),
    "issue": lambda provider: provider.issue(account(ids.reference())),
    "close": lambda provider: provider.close("ANY3"),
    "payment": lambda provider: provider.payment("ANY4"),
    "cancel": lambda provider: provider.cancel("ANY5", ids.reference(), 1, left_won=1, why="환불"),
    "holder": lambda provider: provider.holder(KOOKMIN, birth_date=None),
    "payments": lambda provider: list(provider.payments(datetime.now(UTC), datetime.now(UTC))),
    "check_health": lambda provider: provider.check_health(),
}


class WireSuite:
    """The three errors, whatever is asked. Subclasses know `secret`."""

    secret: str

    @pytest.mark.parametrize("name", CALLS)
    @pytest.mark.parametrize("kind", [*DOUBTFUL, "slow"])
    def test_a_broken_answer_is_in_doubt(self, provider: Provider, when: When, name: str, kind: str) -> None:
        when(kind)
        with pytest.raises(wire.InDoubt):
            CALLS[name](provider)

    @pytest.mark.parametrize("name", CALLS)
    def test_nobody_there_is_unreached(self, provider: Provider, when: When, name: str) -> None:
        when("unplugged")
        with pytest.raises(wire.Unreached):
            CALLS[name](provider)

    @pytest.mark.parametrize("name", CALLS)
    def test_a_wrong_key_is_declined(self, provider: Provider, when: When, name: str) -> None:
        when("wrong_key")
        with pytest.raises(wire.Declined) as no:
            CALLS[name](provider)
        assert no.value.status == 401

    def test_nothing_personal_and_no_key_gets_into_a_log(
        self, provider: Provider, when: When, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        logging.getLogger("httpx2").setLevel(logging.WARNING)  # as the settings have it
        provider.issue(account("LOG1"))
        told = provider.payment("LOG1")
        assert told.account is not None
        said = [repr(told), repr(account("LOG1"))]
        for kind in ("html_error", "refuse", "unplugged"):
            when(kind)
            for call in (CALLS["holder"], CALLS["issue"]):
                with pytest.raises(wire.WireError) as error:
                    call(provider)
                said += [str(error.value), repr(error.value), str(error.value.__cause__)]
                when(kind)
        said.append(caplog.text)
        for secret in (self.secret, "한지원", told.account.number, KOOKMIN.number):
            assert secret not in "\n".join(said)
