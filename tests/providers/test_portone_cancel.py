"""Money back and accounts closed by PortOne: what was done before, what was not, what nobody knows. P2, P5"""

from __future__ import annotations

from typing import Any

import pytest

from seonmul.kit import wire
from seonmul.payments.ports import Cancelled
from seonmul.providers.portone.payments import PortOne
from tests.providers import portone_shapes as shapes
from tests.providers.recorder import Recorder


def _cancel(portone: PortOne) -> Cancelled:
    return portone.cancel("CARDPAID1", "K1", 30_000, left_won=100_000, why="환불")


CONSISTENCY = "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"


@pytest.mark.parametrize(
    "code", [CONSISTENCY, "PAYMENT_ALREADY_CANCELLED", "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT"]
)
def test_the_same_cancellation_of_long_ago_is_found_again(
    vendor: Recorder, portone: PortOne, code: str
) -> None:
    """P5: the vendor forgets a key after three hours; the reason keeps it for ever."""
    vendor.will_answer({"type": code}, 409)
    vendor.will_answer(
        shapes.cancelled(shapes.cancellation(reason="[K0] x"), shapes.cancellation()) | {"id": "CARDPAID1"}
    )
    assert _cancel(portone).key == "K1"
    assert [sent.method for sent in vendor.sent] == ["POST", "GET"]


def test_a_cancellation_of_another_key_or_a_failed_one_is_none(vendor: Recorder, portone: PortOne) -> None:
    vendor.will_answer({"type": CONSISTENCY}, 409)
    others = shapes.cancellation(reason="[K0] x"), shapes.cancellation("FAILED")
    vendor.will_answer(shapes.cancelled(*others) | {"id": "CARDPAID1"})
    with pytest.raises(wire.Declined) as no:
        _cancel(portone)
    assert no.value.code == CONSISTENCY


def test_a_no_that_cannot_be_looked_into_is_in_doubt(vendor: Recorder, portone: PortOne) -> None:
    vendor.will_answer({"type": CONSISTENCY}, 409)
    vendor.will_answer("<html>", 502)
    with pytest.raises(wire.InDoubt):
        _cancel(portone)


@pytest.mark.parametrize(
    "answer",
    [{}, {"cancellation": None}, {"cancellation": shapes.cancellation("SOMETHING_NEW")},
     {"cancellation": shapes.cancellation(won=29_999)}],
)  # fmt: skip
def test_a_cancellation_it_cannot_read_is_in_doubt(
    vendor: Recorder, portone: PortOne, answer: object
) -> None:
    vendor.will_answer(answer)
    with pytest.raises(wire.InDoubt):
        _cancel(portone)


@pytest.mark.parametrize(
    "now",
    [
        shapes.issued("VA1"),
        shapes.issued("VA1", status="CANCELLED", cancellations=[], cancelledAt="2026-11-23T10:00:00+09:00"),
        shapes.failed("VA1"),
        {"type": "PAYMENT_NOT_FOUND"},
    ],
)
def test_an_account_that_takes_no_deposit_is_closed(
    vendor: Recorder, portone: PortOne, now: dict[str, Any]
) -> None:
    vendor.will_answer({"type": "PAYMENT_NOT_WAITING_FOR_DEPOSIT"}, 409)
    vendor.will_answer(now, 200 if "status" in now else 404)
    portone.close("VA1")


@pytest.mark.parametrize(
    "now", [shapes.paid("VA1"), shapes.cancelled(shapes.cancellation(won=100_000)) | {"id": "VA1"}]
)
def test_an_account_with_money_is_not_closed(vendor: Recorder, portone: PortOne, now: dict[str, Any]) -> None:
    """P2: the deposit was faster."""
    vendor.will_answer({"type": "PAYMENT_NOT_WAITING_FOR_DEPOSIT"}, 409)
    vendor.will_answer(now)
    with pytest.raises(wire.Declined) as no:
        portone.close("VA1")
    assert no.value.code == "PAYMENT_NOT_WAITING_FOR_DEPOSIT"


def test_an_account_that_is_being_issued_is_in_doubt(vendor: Recorder, portone: PortOne) -> None:
    vendor.will_answer({"type": "PAYMENT_NOT_WAITING_FOR_DEPOSIT"}, 409)
    vendor.will_answer(shapes.issued("VA1", status="PAY_PENDING"))
    with pytest.raises(wire.InDoubt):
        portone.close("VA1")
