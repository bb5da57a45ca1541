"""Objects as the vendor writes them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from seonmul.sandbox.clock import iso, seoul
from seonmul.sandbox.settings import Settings

MOST_CALLS = 6
_MERCHANT = "merchant-demo"
_DECIDED = ("PAID", "PARTIAL_CANCELLED", "CANCELLED")


def pg_tx_id(row: sqlite3.Row) -> str:
    """The payment company's own number: fourteen digits."""
    return f"{seoul(row['requested_at'], '%y%m%d')}{row['no'] % 10**8:08d}"


def channel(settings: Settings, key: str) -> dict[str, str]:
    """One of the two channels, both for tests."""
    is_card = key == settings.portone_card_channel_key
    return {
        "type": "TEST", "id": f"channel-id-demo-{'card' if is_card else 'account'}", "key": key,
        "name": "샌드박스 카드" if is_card else "샌드박스 가상계좌", "pgProvider": "KCP_V2", "pgMerchantId": "T0000",
    }  # fmt: skip


def payment(
    settings: Settings,
    row: sqlite3.Row,
    cancellations: Sequence[sqlite3.Row],
    webhooks: Sequence[sqlite3.Row],
) -> dict[str, Any]:
    """Write a payment in whatever state it is."""
    status = row["status"]
    written: dict[str, Any] = {
        "status": status,
        "id": row["id"],
        "transactionId": row["tx_id"],
        "merchantId": _MERCHANT,
        "storeId": settings.portone_store_id,
        "channel": channel(settings, row["channel"]),
        "version": "V2",
        "requestedAt": iso(row["requested_at"]),
        "updatedAt": iso(row["changed_at"]),
        "statusChangedAt": iso(row["changed_at"]),
        "orderName": row["title"],
        "amount": _amount(row, cancellations),
        "currency": "KRW",
        "customer": json.loads(row["customer"]),
        "origin": json.loads(row["origin"]),
        "webhooks": [webhook(one) for one in webhooks],
    }
    if row["custom_data"] is not None:
        written["customData"] = row["custom_data"]
    if row["method"]:
        written["method"] = _method(row, cancellations)
    if status not in ("READY", "FAILED"):
        written["pgTxId"] = pg_tx_id(row)
    if status in _DECIDED:
        written["paidAt"] = iso(row["paid_at"])
    if status == "FAILED":
        written |= {"failedAt": iso(row["failed_at"]), "failure": json.loads(row["failure"])}
    if status == "PAID":
        written["disputes"] = []
    if cancellations:
        written["cancellations"] = [cancellation(one) for one in cancellations]
    if status in ("PARTIAL_CANCELLED", "CANCELLED"):
        written["cancelledAt"] = iso(row["cancelled_at"])
    return written


def cancellation(row: sqlite3.Row) -> dict[str, Any]:
    """Write one cancellation."""
    done = {"cancelledAt": iso(row["cancelled_at"])} if row["cancelled_at"] else {}
    return {
        "status": row["status"],
        "id": row["id"],
        "pgCancellationId": f"{seoul(row['requested_at'], '%y%m%d')}{row['no'] % 10**8:08d}",
        "totalAmount": row["won"],
        "taxFreeAmount": row["tax_free"],
        "vatAmount": row["vat"],
        "reason": row["reason"],
        "requestedAt": iso(row["requested_at"]),
        "trigger": "API",
    } | done


def webhook(row: sqlite3.Row) -> dict[str, Any]:
    """Write one webhook as the API tells it; its status is missing until it was posted once."""
    return {
        "id": row["id"],
        "url": row["url"],
        "paymentStatus": row["payment_status"],
        "isAsync": False,
        "currentExecutionCount": row["calls"],
        "maxExecutionCount": MOST_CALLS,
        "triggeredAt": iso(row["triggered_at"]),
        **({"status": row["status"]} if row["status"] else {}),
        **({"trigger": row["cause"]} if row["cause"] else {}),
    }


def _amount(row: sqlite3.Row, cancellations: Sequence[sqlite3.Row]) -> dict[str, int]:
    done = [one for one in cancellations if one["status"] == "SUCCEEDED"]
    return {
        "total": row["won"],
        "taxFree": row["tax_free"],
        "vat": row["vat"],
        "supply": row["won"] - row["tax_free"] - row["vat"],
        "discount": 0,
        "paid": row["paid"],
        "cancelled": sum(one["won"] for one in done),
        "cancelledTaxFree": sum(one["tax_free"] for one in done),
    }


def _method(row: sqlite3.Row, cancellations: Sequence[sqlite3.Row]) -> dict[str, Any]:
    method: dict[str, Any] = json.loads(row["method"])
    if method["type"] == "PaymentMethodVirtualAccount" and cancellations:
        states = {one["status"] for one in cancellations}
        state = "PENDING" if "REQUESTED" in states else "COMPLETED" if states == {"SUCCEEDED"} else "FAILED"
        if states == {"SUCCEEDED", "FAILED"}:
            state = "PARTIAL_REFUND_FAILED"
        method["refundStatus"] = state
    return method
