"""Lists of payments, whose an account is, and webhooks on request, by the vendor's own SDK."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from portone_server_sdk.common import PageInput
from portone_server_sdk.errors import (
    ForbiddenError,
    InvalidRequestError,
    PaymentNotFoundError,
    PlatformExternalApiFailedError,
    WebhookNotFoundError,
)
from portone_server_sdk.payment import (
    PaymentFilterInput,
)

from tests.sandbox.outside import Outside, until
from tests.sandbox.payments import (
    Shop,
    deposited,
    issued,
    paid,
    sdk,
    told,
)

TOMORROW = datetime.now(UTC) + timedelta(days=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


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
    noted = outside.inside("GET", "requests")[0]["path"]
    assert "/bank-accounts/KOOKMIN/***/holder" in noted and "840517" not in noted


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
