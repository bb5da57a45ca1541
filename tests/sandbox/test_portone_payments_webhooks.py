"""PortOne's webhooks: signed by Standard Webhooks, at least once, and every way in which they may go wrong."""

from __future__ import annotations

import threading
import time

import pytest
from portone_server_sdk import webhook

from seonmul.sandbox.portone.news import signature
from tests.sandbox.outside import Outside, until
from tests.sandbox.payments import (
    WEBHOOK_SECRET,
    Shop,
    cancelled,
    decided,
    deposited,
    issued,
    opened,
    paid,
    told,
)


def reason(call: object) -> str:
    with pytest.raises(webhook.WebhookVerificationError) as refused:
        call.verified()  # type: ignore[attr-defined]
    return refused.value.reason


def test_the_vendor_s_own_sample() -> None:
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    body = (
        '{"type":"Transaction.Paid","timestamp":"2026-11-22T01:00:00.000Z",'
        '"data":{"paymentId":"va1","storeId":"store-dummy","transactionId":"t1"}}'
    )
    expected = "v1,Wwngq+EddW6eWbTWn11eXjd+Ib8edtMyBLfYfaEjGxI="
    assert signature(secret, "msg_1", 1700000000, body) == expected


def test_nothing_of_before_is_heard_once_the_sandbox_is_emptied(outside: Outside, hears: Shop) -> None:
    hears.door.clear()
    hears.knock.clear()
    issued(outside)
    deposited(outside)
    assert hears.knock.wait(8)
    emptying = threading.Thread(target=outside.inside, args=("POST", "reset"))
    emptying.start()
    emptying.join(0.2)
    assert emptying.is_alive()  # the first of the two is on its way to the shop
    hears.door.set()
    emptying.join()
    assert hears.types == ["VirtualAccountIssued"]
    issued(outside, "va2")
    until(lambda: hears.types == ["VirtualAccountIssued", "VirtualAccountIssued"])


def test_every_change_is_told_in_order_and_verifies(outside: Outside, hears: Shop) -> None:
    issued(outside)
    deposited(outside)
    opened(outside)
    decided(outside, "limit")
    opened(outside)
    decided(outside, "pending")
    decided(outside, "personal")
    cancelled(outside, amount=1000, taxFreeAmount=1000)
    cancelled(outside)
    expected = [
        "VirtualAccountIssued", "Paid", "Ready", "Failed", "Ready", "PayPending", "Paid", "PartialCancelled",
        "Cancelled",
    ]  # fmt: skip
    until(lambda: hears.types == expected)
    for call in hears.calls:
        assert type(call.verified()).__name__.startswith("WebhookTransaction")
    assert len({call.id for call in hears.calls}) == len(expected)
    last = hears.calls[-1].verified()
    now = told(outside, "card1")
    assert (last.data.payment_id, last.data.transaction_id) == ("card1", now["transactionId"])
    assert last.data.cancellation_id == now["cancellations"][1]["id"]
    assert [one["paymentStatus"] for one in told(outside, "va1")["webhooks"]] == [
        "VIRTUAL_ACCOUNT_ISSUED",
        "PAID",
    ]
    until(lambda: outside.inside("GET", "stats")["payment_webhooks_sent"] == len(expected))


def test_a_request_s_own_addresses_go_before_the_store_s(outside: Outside, hears: Shop) -> None:
    own = hears.url.replace("portone", "own")
    issued(outside, noticeUrls=[own, own])
    opened(outside)
    until(lambda: len(hears.calls) == 3)
    assert [one["url"] for one in told(outside, "va1")["webhooks"]] == [own, own]


def test_quiet_cancellations(outside: Outside, hears: Shop) -> None:
    paid(outside)
    cancelled(outside, skipWebhook=True)
    issued(outside)
    until(lambda: hears.types == ["Ready", "Paid", "VirtualAccountIssued"])


def test_retries_with_the_same_id_and_a_fresh_time(outside: Outside, hears: Shop) -> None:
    hears.statuses = [500, 302, 404]
    issued(outside)
    until(lambda: len(hears.calls) == 4)
    assert len({call.id for call in hears.calls}) == 1
    hears.calls[-1].verified()
    # the shop has heard it before the sandbox has read its answer
    until(lambda: told(outside, "va1")["webhooks"][0]["status"] == "SUCCEEDED")
    (seen,) = told(outside, "va1")["webhooks"]
    assert seen["currentExecutionCount"] == 4
    assert outside.inside("GET", "stats")["payment_webhook_failures"] == 3


def test_five_retries_at_most(outside: Outside, hears: Shop) -> None:
    hears.statuses = [500] * 3
    issued(outside, noticeUrls=["http://127.0.0.1:9/closed"])
    until(lambda: outside.inside("GET", "stats")["payment_webhook_failures"] >= 3)
    assert told(outside, "va1")["webhooks"][0]["status"] == "FAILED_UNEXPECTED_ERROR"
    assert told(outside, "va1")["webhooks"][0]["maxExecutionCount"] == 6


def test_lost_ones_never_come(outside: Outside, hears: Shop) -> None:
    issued(outside)
    until(lambda: len(hears.calls) == 1)
    outside.fault("lose_webhook", provider="portone")
    deposited(outside)
    opened(outside)
    until(lambda: hears.types == ["VirtualAccountIssued", "Ready"])
    assert outside.inside("GET", "stats")["payment_webhooks_lost"] == 1


def test_duplicates_have_one_id(outside: Outside, hears: Shop) -> None:
    outside.fault("repeat_webhook", provider="portone")
    issued(outside)
    until(lambda: len(hears.calls) == 2)
    first, second = hears.calls
    assert first.id == second.id and first.body == second.body
    second.verified()
    until(lambda: outside.inside("GET", "stats")["payment_webhooks_repeated"] == 1)


def test_late_ones_come_later(outside: Outside, hears: Shop) -> None:
    outside.fault("late_webhook", provider="portone", seconds=0.3)
    started = time.monotonic()
    issued(outside)
    until(lambda: len(hears.calls) == 1)
    assert time.monotonic() - started >= 0.3


def test_two_in_the_wrong_order(outside: Outside, hears: Shop) -> None:
    outside.fault("swap_webhook", provider="portone")
    issued(outside)
    deposited(outside)
    until(lambda: hears.types == ["Paid", "VirtualAccountIssued"])
    for call in hears.calls:
        call.verified()


def test_an_old_timestamp_once_and_then_a_right_one(outside: Outside, hears: Shop) -> None:
    outside.fault("old_webhook", provider="portone")
    hears.statuses = [400]
    issued(outside)
    until(lambda: len(hears.calls) == 2)
    assert reason(hears.calls[0]) == "TIMESTAMP_TOO_OLD"
    hears.calls[1].verified()
    name, at = hears.calls[0].id, int(hears.calls[0].headers["webhook-timestamp"])
    assert hears.calls[0].headers["webhook-signature"] == signature(
        WEBHOOK_SECRET, name, at, hears.calls[0].body
    )


def test_a_wrong_signature_once_and_then_a_right_one(outside: Outside, hears: Shop) -> None:
    outside.fault("forged_webhook", provider="portone")
    hears.statuses = [400]
    issued(outside)
    until(lambda: len(hears.calls) == 2)
    assert reason(hears.calls[0]) == "NO_MATCHING_SIGNATURE"
    hears.calls[1].verified()
