"""Money goes back: whole, in parts, never more than came, at once or later."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_server_sdk.errors import (
    CancelAmountExceedsCancellableAmountError,
    CancellableAmountConsistencyBrokenError,
    InvalidRequestError,
    PaymentAlreadyCancelledError,
    PaymentNotFoundError,
    PaymentNotPaidError,
)
from portone_server_sdk.payment import (
    CancelledPayment,
    CancelPaymentBodyRefundAccount,
    PartialCancelledPayment,
    RequestedPaymentCancellation,
    SucceededPaymentCancellation,
)

from tests.sandbox.outside import Outside, until
from tests.sandbox.payments import (
    REFUND_TO,
    Shop,
    cancelled,
    deposited,
    issued,
    opened,
    paid,
    sdk,
    told,
)


def test_in_parts_and_then_the_rest(outside: Outside) -> None:
    client = sdk(outside).payment
    paid(outside)
    part = client.cancel_payment(
        payment_id="card1",
        amount=30_000,
        tax_free_amount=30_000,
        reason="[R1] 부분 취소",
        requester="ADMIN",
        current_cancellable_amount=100_000,
    ).cancellation
    assert isinstance(part, SucceededPaymentCancellation)
    assert (part.total_amount, part.tax_free_amount, part.reason) == (30_000, 30_000, "[R1] 부분 취소")
    now = client.get_payment(payment_id="card1")
    assert isinstance(now, PartialCancelledPayment)
    assert (now.amount.paid, now.amount.cancelled, now.amount.cancelled_tax_free) == (100_000, 30_000, 30_000)
    assert now.cancellations == [part]
    with pytest.raises(CancellableAmountConsistencyBrokenError):
        client.cancel_payment(payment_id="card1", reason="x", current_cancellable_amount=100_000)
    with pytest.raises(CancelAmountExceedsCancellableAmountError):
        client.cancel_payment(payment_id="card1", amount=70_001, tax_free_amount=70_001, reason="x")
    client.cancel_payment(payment_id="card1", reason="나머지")
    now = client.get_payment(payment_id="card1")
    assert isinstance(now, CancelledPayment) and now.amount.cancelled == 100_000 and now.cancelled_at
    assert [one.reason for one in now.cancellations] == ["[R1] 부분 취소", "나머지"]  # type: ignore[union-attr]
    with pytest.raises(PaymentAlreadyCancelledError):
        client.cancel_payment(payment_id="card1", reason="x")


def test_what_was_not_paid_cannot_go_back(outside: Outside) -> None:
    client = sdk(outside).payment
    with pytest.raises(PaymentNotFoundError):
        client.cancel_payment(payment_id="card1", reason="x")
    opened(outside)
    issued(outside)
    for name in ("card1", "va1"):
        with pytest.raises(PaymentNotPaidError):
            client.cancel_payment(payment_id=name, reason="x")


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""}, {"requester": "NOBODY"}, {"amount": 0}, {"amount": -1}, {"amount": True}, {"refundAccount": {}},
        {"refundAccount": REFUND_TO | {"number": "1-2"}}, {"refundAccount": REFUND_TO | {"bank": "NOBANK"}},
        {"currentCancellableAmount": "100000"},
    ],
)  # fmt: skip
def test_bodies_that_are_refused(outside: Outside, wrong: dict[str, object]) -> None:
    paid(outside)
    assert cancelled(outside, **wrong).json["type"] == "INVALID_REQUEST"
    assert told(outside, "card1")["status"] == "PAID"


def test_the_part_that_is_free_of_tax(outside: Outside) -> None:
    paid(outside)
    kinds = [
        cancelled(outside, amount=1000).json["type"],
        cancelled(outside, amount=1000, taxFreeAmount=1001).json["type"],
    ]
    assert kinds == [
        "CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT",
        "SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT",
    ]
    paid(outside, "card2", taxFreeAmount=0)
    answer = cancelled(outside, "card2", amount=1000, taxFreeAmount=1000)
    assert answer.json["type"] == "CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT"
    assert cancelled(outside, "card2", amount=1100).json["cancellation"]["vatAmount"] == 100


@pytest.mark.parametrize("won", [90_000, 100_000, 110_000])
def test_a_deposit_goes_back_to_an_account(outside: Outside, won: int) -> None:
    client = sdk(outside).payment
    issued(outside)
    deposited(outside, won)
    with pytest.raises(InvalidRequestError):
        client.cancel_payment(payment_id="va1", reason="x")
    back = client.cancel_payment(
        payment_id="va1",
        amount=won,
        tax_free_amount=won,
        reason="환불",
        refund_account=CancelPaymentBodyRefundAccount(
            bank="KOOKMIN", number="12345678900001", holder_name="한지원"
        ),
    ).cancellation
    assert isinstance(back, SucceededPaymentCancellation) and back.total_amount == won
    now = told(outside, "va1")
    assert (now["status"], now["method"]["refundStatus"]) == ("CANCELLED", "COMPLETED")
    assert outside.inside("GET", "stats")["cancelled_won"] == won


def test_a_cancellation_that_takes_its_time(outside: Outside, hears: Shop) -> None:
    paid(outside)
    outside.fault("pending_cancel", provider="portone", seconds=1.5)
    asked = sdk(outside).payment.cancel_payment(payment_id="card1", reason="x").cancellation
    assert isinstance(asked, RequestedPaymentCancellation) and asked.cancelled_at is None
    now = told(outside, "card1")
    assert (now["status"], now["amount"]["cancelled"], now["cancellations"][0]["status"]) == (
        "PAID", 0, "REQUESTED",
    )  # fmt: skip
    assert cancelled(outside).json["type"] == "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT"
    until(lambda: hears.types == ["Ready", "Paid", "CancelPending", "Cancelled"])
    now = told(outside, "card1")
    assert (now["status"], now["cancellations"][0]["status"]) == ("CANCELLED", "SUCCEEDED")
    assert now["webhooks"][-1]["trigger"] == "ASYNC_CANCEL_APPROVED"


def test_a_cancellation_that_fails_in_the_end(outside: Outside, hears: Shop) -> None:
    issued(outside)
    deposited(outside)
    outside.fault("failed_cancel", provider="portone", seconds=3600)
    assert cancelled(outside, "va1", refundAccount=REFUND_TO).json["cancellation"]["status"] == "REQUESTED"
    assert told(outside, "va1")["method"]["refundStatus"] == "PENDING"
    assert outside.inside("POST", "portone/settle", {"paymentId": "va1", "succeeds": False}) == {"settled": 1}
    until(lambda: hears.types[-1:] == ["Paid"] and len(hears.types) == 4)
    now = told(outside, "va1")
    assert (now["status"], now["cancellations"][0]["status"], now["method"]["refundStatus"]) == (
        "PAID", "FAILED", "FAILED",
    )  # fmt: skip
    assert now["webhooks"][-1]["trigger"] == "ASYNC_CANCEL_FAILED"
    assert cancelled(outside, "va1", refundAccount=REFUND_TO).status == 200
    assert told(outside, "va1")["method"]["refundStatus"] == "PARTIAL_REFUND_FAILED"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.integers(1, 60_000), max_size=6))
def test_never_more_goes_back_than_came(outside: Outside, parts: list[int]) -> None:
    outside.inside("POST", "reset")
    paid(outside)
    left = 100_000
    for part in parts:
        answer = cancelled(outside, amount=part, taxFreeAmount=part, currentCancellableAmount=left)
        assert (answer.status == 200) == (part <= left)
        left -= part if answer.status == 200 else 0
        if left == 0:
            break
    amount = told(outside, "card1")["amount"]
    assert amount["cancelled"] == amount["cancelledTaxFree"] == 100_000 - left
