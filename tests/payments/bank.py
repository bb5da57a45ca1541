"""What charging starts from: a bank and a depositor at the provider's twin, and what it calls us with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.test import Client

from seonmul.ledger.models import Kind
from seonmul.payments import actions
from seonmul.payments.models import Payment
from tests import given
from tests.given import MONDAY, Company
from tests.sandbox.outside import Outside

DOOR = "/hooks/payments/portone"


def asked(firm: Company, won: int = 100_000, at: datetime = MONDAY) -> Payment:
    """A charge that no job has issued yet."""
    return actions.ask_charge(firm.owner, won, "shinhan", at=at)


def issued(firm: Company, won: int = 100_000, at: datetime = MONDAY) -> Payment:
    """A charge whose account waits for a deposit."""
    payment = asked(firm, won, at)
    actions.issue(payment.id, at=at)
    payment.refresh_from_db()
    assert payment.state == "waiting", payment.state
    return payment


def deposited(carrier: Outside, payment: Payment, won: int = 0, at: datetime = MONDAY) -> None:
    """Somebody pays into the account, at the bank's time."""
    body = {"paymentId": payment.reference, "won": won or payment.won, "at": at.isoformat()}
    assert carrier.inside("POST", "portone/deposit", body)["status"] == "PAID"


def fault(carrier: Outside, kind: str, route: str, **more: object) -> None:
    answer = carrier.ask("POST", "/_/faults", {"provider": "portone", "kind": kind, "route": route} | more)
    assert answer.status == 201, answer.text


def asked_by_provider(carrier: Outside, method: str, ending: str) -> int:
    """How often we called a route of the provider."""
    visits = carrier.inside("GET", "requests?limit=500")
    rows = visits if isinstance(visits, list) else visits["requests"]
    return sum(row["method"] == method and row["path"].split("?")[0].endswith(ending) for row in rows)


def report(reference: str, *, secret: str = "", age_seconds: int = 0) -> tuple[dict[str, str], bytes]:
    """A report as the vendor signs it, in the moment in which it comes."""
    body = json.dumps(
        {
            "type": "Transaction.Paid",
            "timestamp": datetime.now(UTC).isoformat(),
            "data": {"paymentId": reference, "storeId": settings.PORTONE_STORE_ID, "transactionId": "t1"},
        }
    ).encode()
    name, stamp = f"msg_{secrets.token_hex(8)}", str(int(datetime.now(UTC).timestamp()) - age_seconds)
    key = base64.b64decode((secret or settings.PORTONE_WEBHOOK_SECRET).removeprefix("whsec_"))
    signed = base64.b64encode(hmac.digest(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256)).decode()
    headers = {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signed}"}
    return headers, body


def called(headers: dict[str, str], body: bytes) -> int:
    """The vendor knocks at our door."""
    answer: Any = Client().post(DOOR, body, content_type="application/json", headers=headers)
    return int(answer.status_code)


def by_card(who: Company, won: int) -> None:
    """Money of a card, as an order is paid with it."""
    given.ledger.move(
        who.buyer.id, {Kind.CLEARING: -won, Kind.CARD: won}, cause="card", kind="card", at=MONDAY
    )
