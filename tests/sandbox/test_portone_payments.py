"""PortOne's twin takes payments: every row by the vendor's own SDK, unchanged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from portone_server_sdk.common import CustomerInput, CustomerNameInput, PageInput, PaymentAmountInput
from portone_server_sdk.errors import (
    AlreadyPaidError,
    ChannelNotFoundError,
    ForbiddenError,
    InvalidRequestError,
    PaymentNotFoundError,
    PaymentNotWaitingForDepositError,
    PgProviderError,
    PlatformExternalApiFailedError,
    UnauthorizedError,
    UnknownError,
    WebhookNotFoundError,
)
from portone_server_sdk.payment import (
    FailedPayment,
    InstantPaymentMethodInput,
    InstantPaymentMethodInputVirtualAccount,
    InstantPaymentMethodInputVirtualAccountExpiry,
    InstantPaymentMethodInputVirtualAccountOption,
    PaidPayment,
    PaymentFilterInput,
    PaymentMethodCard,
    PaymentMethodEasyPay,
    PaymentMethodVirtualAccount,
    PayPendingPayment,
    ReadyPayment,
    VirtualAccountIssuedPayment,
)

from tests.sandbox.outside import Outside, until
from tests.sandbox.payments import (
    ACCOUNT,
    CARD,
    Shop,
    account,
    api,
    card,
    decided,
    deposited,
    issued,
    opened,
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
        {"amount": {"total": 100, "taxFree": 95, "vat": 6}}, {"noticeUrls": ["ftp://x"]}, {"method": {}},
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


def test_a_list_by_page_and_filter(outside: Outside) -> None:
    for n in range(3):
        issued(outside, f"va{n}")
    paid(outside)
    deposited(outside, name="va0")
    client = sdk(outside).payment
    listed = client.get_payments(page=PageInput(number=0, size=2))
    assert [one.id for one in listed.items] == ["va0", "card1"]  # type: ignore[union-attr]
    assert (listed.page.total_count, listed.page.size) == (4, 2)
    waiting = client.get_payments(
        page=PageInput(number=0, size=10),
        filter=PaymentFilterInput(
            status=["VIRTUAL_ACCOUNT_ISSUED"], sort_by="REQUESTED_AT", sort_order="ASC"
        ),
    )
    assert [one.id for one in waiting.items] == ["va1", "va2"]  # type: ignore[union-attr]
    cards = client.get_payments(filter=PaymentFilterInput(methods=["CARD"]))
    assert [one.id for one in cards.items] == ["card1"]  # type: ignore[union-attr]
    none = client.get_payments(
        filter=PaymentFilterInput(from_=TOMORROW.isoformat(), timestamp_type="STATUS_CHANGED_AT")
    )
    assert none.items == []
    with pytest.raises(InvalidRequestError):
        client.get_payments(page=PageInput(number=60, size=1000))
    with pytest.raises(InvalidRequestError):
        client.get_payments(filter=PaymentFilterInput(card_type="CREDIT"))
    with pytest.raises(ForbiddenError):
        client.get_payments(filter=PaymentFilterInput(store_id="other"))


def test_a_list_by_cursor_in_the_order_of_making(outside: Outside) -> None:
    for n in range(5):
        issued(outside, f"va{n}")
    deposited(outside, name="va0")
    client, seen, cursor = sdk(outside).payment, [], None
    while page := client.get_all_payments_by_cursor(
        from_=YESTERDAY.isoformat(), until=TOMORROW.isoformat(), size=2, cursor=cursor
    ).items:
        seen += [one.payment.id for one in page]  # type: ignore[union-attr]
        cursor = page[-1].cursor
    assert seen == [f"va{n}" for n in range(5)]
    made = told(outside, "va1")["requestedAt"]
    assert "va1" in str(client.get_all_payments_by_cursor(from_=made))
    assert "va1" not in [one.payment.id for one in client.get_all_payments_by_cursor(until=made).items]  # type: ignore[union-attr]
    with pytest.raises(InvalidRequestError):
        client.get_all_payments_by_cursor(cursor="x")
    with pytest.raises(InvalidRequestError):
        client.get_all_payments_by_cursor(size=1001)


@pytest.mark.parametrize(
    ("number", "asked", "name"),
    [
        ("11122233330001", {"birthdate": "840517"}, "한지원"),
        ("11122233330001", {"birthdate": "19900101"}, "김민수"),
        ("11122233330001", {"business_registration_number": "9998800014"}, "주식회사 한빛테크"),
        ("11122233330001", {"business_registration_number": "9998800033"}, "문서연"),
        ("11122233330001", {"business_registration_number": "1234567891"}, "임꺽정"),
        ("11122233330009", {"birthdate": "840517"}, "임꺽정"),
    ],
)
def test_whose_an_account_is(outside: Outside, number: str, asked: dict[str, str], name: str) -> None:
    found = sdk(outside).platform.account.get_platform_account_holder(
        bank="KOOKMIN", account_number=number, **asked
    )
    assert (found.holder_name, bool(found.account_verification_id)) == (name, True)


def test_an_account_that_there_is_not(outside: Outside) -> None:
    accounts = sdk(outside).platform.account
    with pytest.raises(PlatformExternalApiFailedError):
        accounts.get_platform_account_holder(bank="KOOKMIN", account_number="11122233330404")
    with pytest.raises(InvalidRequestError):
        accounts.get_platform_account_holder(bank="NOBANK", account_number="11122233330001")


def test_webhooks_are_sent_again_on_request(outside: Outside, hears: Shop) -> None:
    client = sdk(outside).payment
    with pytest.raises(PaymentNotFoundError):
        client.resend_webhook(payment_id="va1")
    issued(outside)
    until(lambda: hears.types == ["VirtualAccountIssued"])
    again = client.resend_webhook(payment_id="va1").webhook
    assert (again.status, again.payment_status, again.trigger) == (
        "SUCCEEDED",
        "VIRTUAL_ACCOUNT_ISSUED",
        "MANUAL",
    )
    assert [call.id for call in hears.calls] == [again.id, again.id] and again.url == hears.url
    hears.statuses = [500]
    assert (
        client.resend_webhook(payment_id="va1", webhook_id=again.id).webhook.status
        == "FAILED_NOT_OK_RESPONSE"
    )
    with pytest.raises(WebhookNotFoundError):
        client.resend_webhook(payment_id="va1", webhook_id="msg_0")


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
