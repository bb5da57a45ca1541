"""PortOne's twin takes payments: every row by the vendor's own SDK, unchanged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from portone_server_sdk.common import CustomerInput, CustomerNameInput, PaymentAmountInput
from portone_server_sdk.errors import (
    AlreadyPaidError,
    ChannelNotFoundError,
    InvalidRequestError,
    PaymentNotFoundError,
    PaymentNotWaitingForDepositError,
    PgProviderError,
    UnauthorizedError,
    UnknownError,
)
from portone_server_sdk.payment import (
    InstantPaymentMethodInput,
    InstantPaymentMethodInputVirtualAccount,
    InstantPaymentMethodInputVirtualAccountExpiry,
    InstantPaymentMethodInputVirtualAccountOption,
    PaidPayment,
    PaymentMethodVirtualAccount,
    VirtualAccountIssuedPayment,
)

from tests.sandbox.outside import Outside, until
from tests.sandbox.payments import (
    ACCOUNT,
    CARD,
    Shop,
    account,
    api,
    deposited,
    issued,
    paid,
    sdk,
    told,
)

TOMORROW = datetime.now(UTC) + timedelta(days=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def issue_by_sdk(
    outside: Outside, name: str, channel: str = ACCOUNT, bank: str = "SHINHAN", due: datetime = TOMORROW
) -> object:
    return sdk(outside).payment.pay_instantly(
        payment_id=name,
        channel_key=channel,
        method=InstantPaymentMethodInput(
            virtual_account=InstantPaymentMethodInputVirtualAccount(
                bank=bank,
                expiry=InstantPaymentMethodInputVirtualAccountExpiry(due_date=due.isoformat()),
                option=InstantPaymentMethodInputVirtualAccountOption(type="NORMAL"),
                remittee_name="선물",
            )
        ),
        order_name="캐쉬 충전 100,000원",
        customer=CustomerInput(id="member-1", name=CustomerNameInput(full="한지원")),
        custom_data='{"subject":"O1"}',
        amount=PaymentAmountInput(total=100_000, tax_free=100_000),
        currency="KRW",
    )


def test_an_account_is_issued_paid_into_and_read(outside: Outside) -> None:
    client = sdk(outside).payment
    with pytest.raises(PaymentNotFoundError):
        client.get_payment(payment_id="va1")
    issue_by_sdk(outside, "va1")
    waiting = client.get_payment(payment_id="va1")
    assert isinstance(waiting, VirtualAccountIssuedPayment)
    assert isinstance(waiting.method, PaymentMethodVirtualAccount)
    assert (waiting.method.bank, len(waiting.method.account_number)) == ("SHINHAN", 14)
    assert waiting.method.remittee_name == "한지원" and waiting.method.expired_at is not None
    assert datetime.fromisoformat(waiting.method.expired_at) - TOMORROW < timedelta(seconds=1)
    assert (waiting.amount.total, waiting.amount.tax_free, waiting.amount.paid) == (100_000, 100_000, 0)
    assert (waiting.channel.key, waiting.channel.type) == (ACCOUNT, "TEST")
    assert waiting.custom_data == '{"subject":"O1"}'
    assert deposited(outside, at="2026-11-30T10:00:00+09:00") == {"paymentId": "va1", "status": "PAID"}
    done = client.get_payment(payment_id="va1")
    assert isinstance(done, PaidPayment)
    assert (done.amount.paid, done.paid_at) == (100_000, "2026-11-30T01:00:00.000Z")


def test_an_account_is_issued_once(outside: Outside) -> None:
    issue_by_sdk(outside, "va1")
    with pytest.raises(UnknownError, match="ALREADY_PAID_OR_WAITING"):
        issue_by_sdk(outside, "va1")
    deposited(outside)
    with pytest.raises(AlreadyPaidError):
        issue_by_sdk(outside, "va1")
    issue_by_sdk(outside, "va2")
    numbers = {told(outside, name)["method"]["accountNumber"] for name in ("va1", "va2")}
    assert len(numbers) == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"bank": "KAKAO"}, InvalidRequestError),
        ({"due": YESTERDAY}, InvalidRequestError),
        ({"channel": CARD}, InvalidRequestError),
        ({"channel": "channel-key-other"}, ChannelNotFoundError),
        ({"name": "va-1"}, InvalidRequestError),
        ({"name": "v" * 41}, InvalidRequestError),
    ],
)
def test_what_kcp_refuses_to_issue(
    outside: Outside, wrong: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        issue_by_sdk(outside, **({"name": "va1"} | wrong))  # type: ignore[arg-type]
    assert outside.inside("GET", "stats")["payments"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"orderName": "가" * 34}, {"orderName": " "}, {"currency": "USD"}, {"storeId": "other"},
        {"amount": {"total": 0}}, {"amount": {"total": 100, "taxFree": 101}}, {"amount": {"total": "100"}},
        {"amount": {"total": 100, "taxFree": 95, "vat": 6}}, {"amount": {"total": 10**30}},
        {"orderName": "\ud800"}, {"noticeUrls": ["ftp://x"]}, {"method": {}},
    ],
)  # fmt: skip
def test_bodies_that_are_refused(outside: Outside, wrong: dict[str, object]) -> None:
    answer = api(outside, "POST", "/payments/va1/instant", account() | wrong)
    assert answer.json["type"] == ("FORBIDDEN" if "storeId" in wrong else "INVALID_REQUEST")
    assert api(outside, "GET", "/payments/va1").status == 404


def test_a_taxed_part_is_split(outside: Outside) -> None:
    issued(outside, amount={"total": 110_000, "taxFree": 0})
    amount = told(outside, "va1")["amount"]
    assert (amount["vat"], amount["supply"], amount["taxFree"]) == (10_000, 100_000, 0)


def test_an_account_is_closed_once(outside: Outside) -> None:
    client = sdk(outside).payment
    with pytest.raises(PaymentNotFoundError):
        client.close_virtual_account(payment_id="va1")
    issued(outside)
    assert client.close_virtual_account(payment_id="va1").closed_at
    assert told(outside, "va1")["status"] == "VIRTUAL_ACCOUNT_ISSUED"
    with pytest.raises(PaymentNotWaitingForDepositError):
        client.close_virtual_account(payment_id="va1")
    assert deposited(outside)["type"] == "ACCOUNT_CLOSED"
    issued(outside, "va2")
    deposited(outside, name="va2")
    with pytest.raises(PaymentNotWaitingForDepositError):
        client.close_virtual_account(payment_id="va2")


@pytest.mark.parametrize("won", [90_000, 110_000])
def test_another_amount_is_told_as_what_came(outside: Outside, won: int) -> None:
    issued(outside)
    deposited(outside, won)
    now = told(outside, "va1")
    assert (now["status"], now["amount"]["total"], now["amount"]["paid"]) == ("PAID", 100_000, won)


def test_a_second_deposit_is_told_again_and_changes_nothing(outside: Outside, hears: Shop) -> None:
    issued(outside)
    deposited(outside, times=2)
    once = told(outside, "va1")
    deposited(outside, 5000)
    until(lambda: hears.types.count("Paid") == 3)
    now = told(outside, "va1")
    assert now["amount"] == once["amount"] and now["paidAt"] == once["paidAt"]
    assert outside.inside("GET", "stats")["deposits"] == 3


def test_a_deposit_after_the_last_day_comes_in(outside: Outside) -> None:
    issued(outside)
    late = (datetime.now(UTC) + timedelta(days=15)).isoformat()
    assert deposited(outside, at=late)["status"] == "PAID"


def test_a_clock_that_is_stopped(outside: Outside) -> None:
    assert outside.inside("POST", "portone/clock", {"at": "2026-03-02T10:00:00+09:00"})["at"]
    issued(outside, "va1", method={"virtualAccount": {
        "bank": "IBK", "expiry": {"dueDate": "2026-03-16T23:59:59+09:00"}, "option": {"type": "NORMAL"},
    }})  # fmt: skip
    deposited(outside)
    assert told(outside, "va1")["paidAt"] == "2026-03-02T01:00:00.000Z"
    outside.inside("POST", "portone/clock", {})
    paid(outside)
    assert told(outside, "card1")["paidAt"] > "2026-03-03"


def test_another_secret_and_ordered_faults(outside: Outside) -> None:
    with pytest.raises(UnauthorizedError):
        sdk(outside, "wrong").payment.get_payment(payment_id="va1")
    client = sdk(outside).payment
    pg = {"type": "PG_PROVIDER", "message": "PG 오류", "pgCode": "8133", "pgMessage": "취소 기간 초과"}
    paid(outside)
    outside.fault("answer", provider="portone", route="cancel", status=502, body=pg)
    with pytest.raises(PgProviderError) as refused:
        client.cancel_payment(payment_id="card1", reason="x")
    assert refused.value.pg_code == "8133"
    outside.fault(
        "answer", provider="portone", route="ask", body=told(outside, "card1") | {"status": "SOMETHING_NEW"}
    )
    with pytest.raises(ValueError, match="SOMETHING_NEW"):
        client.get_payment(payment_id="card1")
    for route, path in (("list", "/payments"), ("list", "/payments-by-cursor")):
        outside.fault("html_error", provider="portone", route=route)
        assert api(outside, "GET", path).status == 502
    assert api(outside, "GET", "/payments").status == 200


def test_no_secret_is_noted_and_accounts_are_counted(outside: Outside) -> None:
    issued(outside)
    assert outside.inside("GET", "requests")[0]["authorization"] == "PortOne ***"
    assert outside.inside("GET", "stats")["accounts_waiting"] == 1
