"""Webhooks: rows, written with the change that they tell of, posted until the other side takes them.

A POST whose answer was lost by a kill is repeated, with the same id: at least once, not exactly once.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import sqlite3

import aiohttp

from seonmul.sandbox.clock import iso, now_ms
from seonmul.sandbox.door import Declined
from seonmul.sandbox.faults import REPORT_KINDS, SIGNED_REPORT_KINDS, Fault, Faults
from seonmul.sandbox.portone.shapes import MOST_CALLS
from seonmul.sandbox.portone.tables import TALLIES
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store

_POST_SECONDS = 30
_LONGEST_REST_SECONDS = 60.0
_TYPES = {
    "READY": "Transaction.Ready",
    "PAY_PENDING": "Transaction.PayPending",
    "VIRTUAL_ACCOUNT_ISSUED": "Transaction.VirtualAccountIssued",
    "PAID": "Transaction.Paid",
    "FAILED": "Transaction.Failed",
    "PARTIAL_CANCELLED": "Transaction.PartialCancelled",
    "CANCELLED": "Transaction.Cancelled",
}


def signature(secret: str, name: str, at_seconds: int, body: str) -> str:
    """Sign as Standard Webhooks does."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{name}.{at_seconds}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


class News:
    """What the store's owner is told."""

    def __init__(self, settings: Settings, store: Store, faults: Faults) -> None:
        self._settings, self._store, self._faults = settings, store, faults
        self._changed = asyncio.Event()
        #: Held while something is on its way: what empties the sandbox waits for it.
        self.posting = asyncio.Lock()

    def tell(
        self,
        payment: sqlite3.Row,
        at: int,
        *,
        kind: str = "",
        cancellation: str = "",
        cause: str | None = None,
    ) -> None:
        """Have a payment's state told, to its own addresses or else to the store's."""
        urls = json.loads(payment["notice_urls"]) or [self._settings.portone_webhook_url]
        told = {
            "paymentId": payment["id"],
            "storeId": self._settings.portone_store_id,
            "transactionId": payment["tx_id"],
        } | ({"cancellationId": cancellation} if cancellation else {})
        body = json.dumps(
            {"type": kind or _TYPES[payment["status"]], "timestamp": iso(at), "data": told},
            separators=(",", ":"),
        )
        for url in filter(None, urls):
            self._store.connection.execute(
                "INSERT INTO portone_webhooks (id, payment, url, body, payment_status, cause, triggered_at, due_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    f"msg_{secrets.token_hex(12)}",
                    payment["id"],
                    url,
                    body,
                    payment["status"],
                    cause,
                    at,
                    now_ms(),
                ),
            )
        self._changed.set()

    async def resend(self, payment: str, name: str) -> int:
        """Post one again at once, the last one where no name was given: answers its number. Raises 404."""
        found = self._store.row(
            "SELECT * FROM portone_webhooks WHERE payment = ? AND ? IN ('', id) ORDER BY no DESC LIMIT 1",
            payment,
            name,
        )
        if found is None:
            raise Declined(404, "WEBHOOK_NOT_FOUND", "웹훅 내역이 존재하지 않습니다.")
        async with self._session() as session:
            status = await self._post(session, found)
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE portone_webhooks SET status = ?, cause = 'MANUAL',"
                " due_at = CASE WHEN ? = 'SUCCEEDED' THEN NULL ELSE due_at END WHERE no = ?",
                (status, status, found["no"]),
            )
            self._tally("payment_webhooks_sent" if status == "SUCCEEDED" else "payment_webhook_failures")
        return int(found["no"])

    def one(self, number: int) -> sqlite3.Row | None:
        """Look for a webhook by its number."""
        return self._store.row("SELECT * FROM portone_webhooks WHERE no = ?", number)

    def counts(self) -> dict[str, int]:
        """Count what was posted."""
        told = {row["name"]: row["n"] for row in self._store.rows("SELECT * FROM portone_tallies")}
        return {name: told.get(name, 0) for name in TALLIES}

    async def run(self) -> None:
        """Post for ever."""
        async with self._session() as session:
            while True:
                self._changed.clear()
                async with self.posting:
                    due = self._store.row(
                        "SELECT * FROM portone_webhooks WHERE due_at <= ? ORDER BY due_at, no LIMIT 1",
                        now_ms(),
                    )
                    if due is not None:
                        await self._deliver(session, due)
                if due is None:
                    await self._rest()

    def _session(self) -> aiohttp.ClientSession:
        timeout = aiohttp.ClientTimeout(total=_POST_SECONDS)
        return aiohttp.ClientSession(timeout=timeout, skip_auto_headers=["User-Agent"])

    async def _rest(self) -> None:
        due = self._store.row("SELECT min(due_at) FROM portone_webhooks")
        seconds = _LONGEST_REST_SECONDS
        if due is not None and due[0] is not None:
            seconds = min(seconds, max(0.0, (due[0] - now_ms()) / 1000) + 0.005)
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    async def _deliver(self, session: aiohttp.ClientSession, due: sqlite3.Row) -> None:
        """Post one, or let an ordered fault happen to it. One that was held back once is let through."""
        fault = None if due["is_late"] else self._faults.take("portone", REPORT_KINDS | SIGNED_REPORT_KINDS)
        if fault and fault.kind == "lose_webhook":
            return self._finish(due, None, "payment_webhooks_lost")
        if fault and fault.kind in ("late_webhook", "swap_webhook"):
            return self._hold(due, fault)
        status = await self._post(session, due, fault)
        if fault and fault.kind == "repeat_webhook":
            await self._post(session, due)
            self._tally("payment_webhooks_repeated")
        self._finish(
            due, status, "payment_webhooks_sent" if status == "SUCCEEDED" else "payment_webhook_failures"
        )
        return None

    async def _post(
        self, session: aiohttp.ClientSession, due: sqlite3.Row, fault: Fault | None = None
    ) -> str:
        at, secret = now_ms() // 1000, self._settings.portone_webhook_secret
        if fault and fault.kind == "old_webhook":
            at -= int(fault.seconds)
        if fault and fault.kind == "forged_webhook":
            secret = base64.b64encode(secrets.token_bytes(32)).decode()
        headers = {
            "content-type": "application/json",
            "webhook-id": due["id"],
            "webhook-timestamp": str(at),
            "webhook-signature": signature(secret, due["id"], at, due["body"]),
        }
        try:
            async with session.post(
                due["url"], data=due["body"].encode(), headers=headers, allow_redirects=False
            ) as response:
                await response.read()
                return "SUCCEEDED" if 200 <= response.status < 300 else "FAILED_NOT_OK_RESPONSE"
        except (aiohttp.ClientError, TimeoutError, ValueError):  # ValueError: no address at all
            return "FAILED_UNEXPECTED_ERROR"

    def _hold(self, due: sqlite3.Row, fault: Fault) -> None:
        """Let it wait: for so long, or (swap) until another one has been posted, whichever is first."""
        self._store.connection.execute(
            "UPDATE portone_webhooks SET due_at = ?, is_late = 1, is_held = ? WHERE no = ?",
            (now_ms() + int(fault.seconds * 1000), fault.kind == "swap_webhook", due["no"]),
        )

    def _finish(self, due: sqlite3.Row, status: str | None, tally: str) -> None:
        """Write down at once what became of it, and when it is to be posted again, if ever."""
        calls = due["calls"] + 1
        is_over = status in (None, "SUCCEEDED") or calls >= MOST_CALLS
        wait_ms = int(self._settings.portone_webhook_retry_seconds * 4 ** (calls - 1) * 1000)
        with self._store.transaction() as connection:
            written = connection.execute(
                "UPDATE portone_webhooks SET status = ?, calls = ?, due_at = ?, is_held = 0 WHERE no = ?",
                (status, calls, None if is_over else now_ms() + wait_ms, due["no"]),
            )
            connection.execute(
                "UPDATE portone_webhooks SET due_at = ?, is_held = 0 WHERE is_held", (now_ms(),)
            )
            if written.rowcount:  # not emptied meanwhile
                self._tally(tally)

    def _tally(self, name: str) -> None:
        tally(self._store, name)


def tally(store: Store, name: str) -> None:
    """Count one more."""
    store.connection.execute(
        "INSERT INTO portone_tallies VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1", (name,)
    )
