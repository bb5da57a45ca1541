"""Cards and easy pay at PortOne's twin: what a person decides in the window, read by the vendor's own SDK."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from portone_server_sdk.errors import (
    AlreadyPaidError,
    PaymentNotFoundError,
)
from portone_server_sdk.payment import (
    FailedPayment,
    PaidPayment,
    PaymentMethodCard,
    PaymentMethodEasyPay,
    PayPendingPayment,
    ReadyPayment,
)

from tests.sandbox.outside import Outside
from tests.sandbox.payments import (
    ACCOUNT,
    CARD,
    card,
    decided,
    opened,
    sdk,
    told,
)

TOMORROW = datetime.now(UTC) + timedelta(days=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def test_a_card_payment_from_the_window_to_the_end(outside: Outside) -> None:
    client = sdk(outside).payment
    client.pre_register_payment(
        payment_id="card1", total_amount=100_000, tax_free_amount=100_000, currency="KRW"
    )
    with pytest.raises(PaymentNotFoundError):
        client.get_payment(payment_id="card1")
    assert "code" not in opened(outside)
    ready = client.get_payment(payment_id="card1")
    assert isinstance(ready, ReadyPayment) and ready.custom_data == '{"subject":"O1"}'
    result = decided(outside, "corporate", issuer="WOORI_CARD")
    assert result == {"transactionType": "PAYMENT", "txId": ready.transaction_id, "paymentId": "card1"}
    done = client.get_payment(payment_id="card1")
    assert isinstance(done, PaidPayment) and isinstance(done.method, PaymentMethodCard) and done.method.card
    assert (done.method.card.issuer, done.method.card.owner_type) == ("WOORI_CARD", "CORPORATE")
    assert done.method.installment and done.method.installment.month == 0
    assert (done.customer.name, done.customer.phone_number) == ("한지원", "01020030001")
    assert done.channel.key == CARD and done.pg_tx_id and len(done.pg_tx_id) == 14
    with pytest.raises(AlreadyPaidError):
        client.pre_register_payment(payment_id="card1", total_amount=1, currency="KRW")
    assert opened(outside)["code"] == "PaymentAlreadyPaid"
    assert decided(outside, "personal")["code"] == "PaymentAlreadyPaid"


def test_easy_pay(outside: Outside) -> None:
    opened(outside, payMethod="EASY_PAY")
    decided(outside, "easy", provider="NAVERPAY")
    done = sdk(outside).payment.get_payment(payment_id="card1")
    assert isinstance(done, PaidPayment) and isinstance(done.method, PaymentMethodEasyPay)
    assert done.method.provider == "NAVERPAY"
    assert isinstance(done.method.easy_pay_method, PaymentMethodCard)


@pytest.mark.parametrize(
    ("choice", "words"),
    [("limit", "한도 초과 또는 결제 불가 카드"), ("restricted", "환금성 업종"), ("invalid", "카드 정보")],
)
def test_refusals(outside: Outside, choice: str, words: str) -> None:
    opened(outside)
    result = decided(outside, choice)
    assert result["code"] == "PGProviderError" and words in result["pgMessage"]
    failed = sdk(outside).payment.get_payment(payment_id="card1")
    assert isinstance(failed, FailedPayment) and failed.failure.pg_message == result["pgMessage"]
    assert failed.failure.pg_code and failed.failure.reason
    assert (
        decided(outside, "personal").get("code") is None
    )  # the person tries another card in the same window


def test_closing_the_window_decides_nothing_and_pending_waits(outside: Outside) -> None:
    opened(outside)
    assert decided(outside, "close")["code"] == "WINDOW_CLOSED"
    assert told(outside, "card1")["status"] == "READY"
    decided(outside, "pending")
    assert isinstance(sdk(outside).payment.get_payment(payment_id="card1"), PayPendingPayment)
    assert opened(outside)["code"] == "InvalidEntityState"
    decided(outside, "personal")
    assert told(outside, "card1")["status"] == "PAID"


def test_a_tampered_amount(outside: Outside) -> None:
    opened(outside)
    assert "code" not in decided(outside, "tamper", won=1000)
    amount = told(outside, "card1")["amount"]
    assert (amount["total"], amount["taxFree"], amount["paid"]) == (1000, 1000, 1000)


def test_a_fixed_amount_cannot_be_tampered_with(outside: Outside) -> None:
    client = sdk(outside).payment
    client.pre_register_payment(
        payment_id="card1", total_amount=100_000, tax_free_amount=100_000, currency="KRW"
    )
    assert opened(outside, won=1000)["code"] == "AmountNotEqualToPredefined"
    opened(outside)
    assert decided(outside, "tamper", won=1000)["code"] == "AmountNotEqualToPredefined"
    assert (
        told(outside, "card1")["status"] == "READY" and told(outside, "card1")["amount"]["total"] == 100_000
    )
    client.pre_register_payment(payment_id="card1", total_amount=1000, currency="KRW")
    assert "code" not in opened(outside, won=1000)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"storeId": "x"}, "StoreNotFound"), ({"channelKey": ACCOUNT}, "ChannelNotFound"),
        ({"paymentId": "a-1"}, "RequestParseFailed"), ({"payMethod": "TRANSFER"}, "RequestParseFailed"),
        ({"totalAmount": 1.5}, "RequestParseFailed"), ({"currency": "USD"}, "RequestParseFailed"),
        ({"orderName": "n" * 101}, "RequestParseFailed"), ({"customer": []}, "RequestParseFailed"),
    ],
)  # fmt: skip
def test_requests_of_a_browser_that_open_nothing(
    outside: Outside, wrong: dict[str, object], code: str
) -> None:
    assert outside.inside("POST", "portone/open", card() | wrong)["code"] == code
    assert outside.inside("GET", "stats")["payments"] == 0


def test_only_offered_issuers_and_instalments(outside: Outside) -> None:
    wish = {"availableCards": ["WOORI_CARD", "NH_CARD"], "installment": {"monthOption": {"fixedMonth": 0}}}
    opened(outside, card=wish)
    assert decided(outside, "personal", issuer="BC_CARD")["code"] == "RequestParseFailed"
    assert decided(outside, "personal", month="3")["code"] == "RequestParseFailed"
    decided(outside, "personal")
    assert told(outside, "card1")["method"]["card"]["issuer"] == "WOORI_CARD"
