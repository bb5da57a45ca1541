"""Payments for tests: what a server, a browser, a person and a bank do at PortOne's twin; a shop that hears of it."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from portone_server_sdk import PortOneClient, webhook

from tests.sandbox.outside import PORTONE_SECRET, Answer, Outside

CARD, ACCOUNT = "channel-key-demo-card", "channel-key-demo-account"
WEBHOOK_SECRET = "whsec_REVNTy1QT1JUT05FLVdFQkhPT0stU0VDUkVULTAwMDA="
REFUND_TO = {"bank": "KOOKMIN", "number": "12345678900001", "holderName": "한지원"}


def sdk(outside: Outside, secret: str = PORTONE_SECRET) -> PortOneClient:
    return PortOneClient(secret=secret, base_url=f"{outside.url}/portone", store_id="store-demo")


def api(
    outside: Outside, method: str, path: str, body: object = None, key: str = "", timeout: float = 10
) -> Answer:
    """Ask as a server does; `key`: the Idempotency-Key header, quotes and all."""
    headers = {"Authorization": f"PortOne {PORTONE_SECRET}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    return outside.ask(method, f"/portone{path}", body, headers, timeout)


def account(won: int = 100_000, **more: object) -> dict[str, Any]:
    """Write the body of an `instant` for a virtual account that waits fourteen days."""
    until = datetime.now(UTC) + timedelta(days=14)
    return {
        "storeId": "store-demo",
        "channelKey": ACCOUNT,
        "method": {
            "virtualAccount": {
                "bank": "SHINHAN",
                "expiry": {"dueDate": until.isoformat()},
                "option": {"type": "NORMAL"},
                "cashReceipt": {"type": "NO_RECEIPT", "customerIdentityNumber": ""},
            }
        },
        "orderName": "캐쉬 충전 100,000원",
        "customer": {"id": "member-1", "name": {"full": "한지원"}},
        "customData": '{"subject":"O1"}',
        "amount": {"total": won, "taxFree": won},
        "currency": "KRW",
    } | more


def card(name: str = "card1", won: int = 100_000, **more: object) -> dict[str, Any]:
    """Write what a browser passes to `PortOne.requestPayment`."""
    return {
        "storeId": "store-demo",
        "channelKey": CARD,
        "paymentId": name,
        "orderName": "모바일 쿠폰 10건",
        "totalAmount": won,
        "taxFreeAmount": won,
        "currency": "KRW",
        "payMethod": "CARD",
        "customData": {"subject": "O1"},
        "customer": {"customerId": "member-1", "fullName": "한지원", "phoneNumber": "01020030001"},
    } | more


def issued(outside: Outside, name: str = "va1", won: int = 100_000, **more: object) -> None:
    answer = api(outside, "POST", f"/payments/{name}/instant", account(won, **more))
    assert answer.status == 200, answer.text


def opened(outside: Outside, name: str = "card1", won: int = 100_000, **more: object) -> Any:
    return outside.inside("POST", "portone/open", card(name, won, **more))


def decided(outside: Outside, choice: str, name: str = "card1", **more: object) -> Any:
    return outside.inside("POST", "portone/decide", {"paymentId": name, "choice": choice} | more)


def paid(outside: Outside, name: str = "card1", won: int = 100_000, **more: object) -> None:
    """A card payment, approved."""
    assert "code" not in opened(outside, name, won, **more)
    assert "code" not in decided(outside, "personal", name)


def deposited(outside: Outside, won: int = 100_000, name: str = "va1", **more: object) -> Any:
    return outside.inside("POST", "portone/deposit", {"paymentId": name, "won": won} | more)


def cancelled(outside: Outside, name: str = "card1", key: str = "", **more: object) -> Answer:
    return api(outside, "POST", f"/payments/{name}/cancel", {"reason": "[R1] 고객 요청"} | more, key)


def told(outside: Outside, name: str) -> Any:
    return api(outside, "GET", f"/payments/{name}").json


@dataclass
class Call:
    """One POST to the shop, as it came."""

    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def type(self) -> str:
        return str(json.loads(self.body)["type"]).removeprefix("Transaction.")

    def verified(self) -> Any:
        """What the vendor's SDK makes of it."""
        return webhook.verify(WEBHOOK_SECRET, self.body, self.headers)


class Shop:
    """Hears webhooks, while its ``door`` is open. Answers with ``statuses`` in turn, then always 200."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.statuses: list[int] = []
        self.door, self.knock = threading.Event(), threading.Event()
        self.door.set()
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                shop.knock.set()
                shop.door.wait(10)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                shop.calls.append(Call({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(shop.statuses.pop(0) if shop.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hooks/payments/portone"

    @property
    def types(self) -> list[str]:
        return [call.type for call in self.calls]

    def clear(self) -> None:
        self.calls.clear()
        self.statuses.clear()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
