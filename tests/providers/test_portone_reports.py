"""PortOne's signed reports, held against the vendor's sample and its SDK. P2, P3"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from portone_server_sdk import webhook
from standardwebhooks import Webhook

from seonmul.payments.ports import Forged
from seonmul.providers.portone.payments import PortOne

# the vendor's sample: its secret is a dummy
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
BODY = (
    b'{"type":"Transaction.Paid","timestamp":"2026-11-22T01:00:00.000Z",'
    b'"data":{"paymentId":"va1","storeId":"store-dummy","transactionId":"t1"}}'
)
HEADERS = {
    "Content-Type": "application/json",
    "Webhook-Id": "msg_1",
    "Webhook-Timestamp": "1700000000",
    "Webhook-Signature": "v1,Wwngq+EddW6eWbTWn11eXjd+Ib8edtMyBLfYfaEjGxI=",
}
AT = datetime.fromtimestamp(1_700_000_000, UTC)


@pytest.fixture(autouse=True)
def _ours(settings: Any) -> None:
    settings.PORTONE_WEBHOOK_SECRET, settings.PORTONE_STORE_ID = SECRET, "store-dummy"


def _read(headers: dict[str, str] = HEADERS, body: bytes = BODY, at: datetime = AT) -> frozenset[str]:
    return PortOne().read_report(headers, body, at)


def _signed(body: bytes, at: datetime = AT, secret: str = SECRET) -> dict[str, str]:
    signature = Webhook(secret).sign("msg_2", at, body.decode())
    return {
        "webhook-id": "msg_2", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature
    }  # fmt: skip


def _about(kind: str, **data: object) -> bytes:
    told = {"storeId": "store-dummy", "paymentId": "R1", "transactionId": "t"} | data
    return json.dumps({"type": kind, "timestamp": "2026-11-22T01:00:00.000Z", "data": told}).encode()


def test_the_vendors_own_sample() -> None:
    assert _read() == {"va1"}
    assert _read({name.lower(): value for name, value in HEADERS.items()}) == {"va1"}


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_are_young_enough(seconds: int) -> None:
    assert _read(at=AT + timedelta(seconds=seconds)) == {"va1"}


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_another_time_is_forged(seconds: int) -> None:
    with pytest.raises(Forged):
        _read(at=AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("body", [BODY.replace(b"va1", b"va2"), BODY + b" ", b""])
def test_a_changed_body_is_forged(body: bytes) -> None:
    with pytest.raises(Forged):
        _read(body=body)


@pytest.mark.parametrize("name", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
@pytest.mark.parametrize(
    "value",
    ["", "x", "v1,", "v1,x", "-1", "²", "9" * 5000, "v2,Wwngq+EddW6eWbTWn11eXjd+Ib8edtMyBLfYfaEjGxI="],
)
def test_a_header_that_is_missing_or_wrong_is_forged(name: str, value: str) -> None:
    with pytest.raises(Forged):
        _read(HEADERS | {name: value})
    with pytest.raises(Forged):
        _read({other: kept for other, kept in HEADERS.items() if other != name})


def test_while_a_secret_is_replaced_one_of_two_signatures_is_enough() -> None:
    """So a new secret can be set in the vendor's console before it is set here."""
    both = "v1,AAAA v2,x " + HEADERS["Webhook-Signature"]
    assert _read(HEADERS | {"Webhook-Signature": both}) == {"va1"}


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64!", "whsec_===="])
def test_without_a_usable_secret_nothing_is_believed(settings: Any, secret: str) -> None:
    """An empty key is known to everybody."""
    settings.PORTONE_WEBHOOK_SECRET = secret
    empty = hmac.digest(b"", b"msg_1.1700000000." + BODY, hashlib.sha256)
    with pytest.raises(Forged):
        _read(HEADERS | {"Webhook-Signature": f"v1,{base64.b64encode(empty).decode()}"})


@pytest.mark.parametrize(
    "kind",
    ["Ready", "Paid", "VirtualAccountIssued", "PartialCancelled", "Cancelled", "Failed", "PayPending",
     "CancelPending", "DisputeCreated", "DisputeResolved", "Confirm"],
)  # fmt: skip
def test_whatever_happened_to_a_payment_of_ours(kind: str) -> None:
    """The kind is not believed either: the payment is asked for."""
    body = _about(f"Transaction.{kind}", cancellationId="c")
    assert _read(_signed(body), body) == {"R1"}


@pytest.mark.parametrize(
    "body",
    [
        _about("Something.New"), _about("Transaction.Something"), _about("BillingKey.Issued", billingKey="b"),
        _about("Transaction.Paid", storeId="store-other"), _about("Transaction.Paid", paymentId=""),
        _about("Transaction.Paid", paymentId=7), b"[]", b"null", b'{"type":[],"data":{}}', b"{}", b"no JSON",
        b'{"payment_id":"R1","tx_id":"t","status":"Paid"}',
    ],
)  # fmt: skip
def test_what_is_not_known_speaks_of_nobody(body: bytes) -> None:
    """Signed, so it is the vendor's: nothing to refuse, and nothing to do."""
    assert _read(_signed(body), body) == frozenset()


def test_it_agrees_with_the_vendors_sdk(settings: Any) -> None:
    """The SDK goes by the machine's clock; with the same time both say the same."""
    body, now = _about("Transaction.Paid"), datetime.fromtimestamp(int(time.time()), UTC)
    for headers in (
        _signed(body, now),
        _signed(body, now - timedelta(minutes=9)),
        _signed(body, now, "whsec_" + base64.b64encode(b"another").decode()),
        _signed(body + b" ", now),
    ):
        try:
            theirs = frozenset({webhook.verify(SECRET, body.decode(), headers).data.payment_id})  # type: ignore[union-attr]
        except webhook.WebhookVerificationError:
            with pytest.raises(Forged):
                _read(headers, body, now)
        else:
            assert _read(headers, body, now) == theirs
