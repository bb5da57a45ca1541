"""Payments: begun by a window, decided in it by a person; every change is part of its caller's transaction."""

from __future__ import annotations

import json
import sqlite3
import uuid
from dataclasses import dataclass
from typing import Any

from seonmul.sandbox.door import Declined
from seonmul.sandbox.portone import asked, cards, shapes
from seonmul.sandbox.portone.asked import Body, Sum, invalid
from seonmul.sandbox.portone.news import News
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store

_BY_WINDOW = ("CARD", "EASY_PAY")
_SUCCESSFUL = ("PAID", "PARTIAL_CANCELLED", "CANCELLED")

#: What a refusal says: reason, pgCode, pgMessage. The payment company's real codes are not known.
REFUSALS = {
    "limit": ("결제가 거절되었습니다.", "SANDBOX_LIMIT", "한도 초과 또는 결제 불가 카드입니다."),
    "restricted": ("결제가 거절되었습니다.", "SANDBOX_RESTRICTED", "환금성 업종 사용이 제한된 카드입니다."),
    "invalid": ("결제가 거절되었습니다.", "SANDBOX_INVALID", "카드 정보가 올바르지 않습니다."),
}
APPROVALS = ("personal", "corporate", "easy", "tamper", "silent")
CHOICES = (*APPROVALS, *REFUSALS, "pending", "close")


@dataclass(frozen=True)
class Choice:
    """What a person does in the window. `won`: the amount that a tampered browser asks for."""

    name: str
    issuer: str = ""
    provider: str = ""
    month: int | None = None
    won: int | None = None


@dataclass(frozen=True)
class Began:
    """A payment that is about to begin."""

    name: str
    status: str
    channel: str
    title: str
    sum: Sum
    customer: dict[str, str]
    custom_data: str | None
    notice_urls: list[str]
    origin: dict[str, str]
    method: dict[str, Any] | None = None
    expires_at: int | None = None


class Payments:
    """All payments of the one store."""

    def __init__(self, settings: Settings, store: Store, news: News) -> None:
        self._settings, self._store, self._news = settings, store, news

    def find(self, name: str) -> sqlite3.Row | None:
        """Look for a payment."""
        return self._store.row("SELECT * FROM portone_payments WHERE id = ?", name)

    def get(self, name: str) -> sqlite3.Row:
        """Look for a payment; raises 404."""
        row = self.find(name)
        if row is None:
            raise Declined(404, "PAYMENT_NOT_FOUND", "결제 건이 존재하지 않습니다.")
        return row

    def window(self, tx_id: str) -> sqlite3.Row | None:
        """Look for a window that was opened."""
        return self._store.row("SELECT * FROM portone_windows WHERE tx_id = ?", tx_id)

    def written(self, row: sqlite3.Row) -> dict[str, Any]:
        """Write a payment as the vendor does."""
        cancellations = self._store.rows(
            "SELECT * FROM portone_cancellations WHERE payment = ? ORDER BY no", row["id"]
        )
        webhooks = self._store.rows("SELECT * FROM portone_webhooks WHERE payment = ? ORDER BY no", row["id"])
        return shapes.payment(self._settings, row, cancellations, webhooks)

    def register(self, name: str, body: Body) -> None:
        """Fix the amount that a browser may ask for; the last call counts."""
        asked.currency(body)
        amount = asked.summed(asked.won(body, "totalAmount"), asked.won(body, "taxFreeAmount"))
        row = self.find(asked.payment_id(name))
        if row is not None and row["status"] in _SUCCESSFUL:
            raise _paid_already()
        self._store.connection.execute(
            "INSERT OR REPLACE INTO portone_registrations VALUES (?, ?, ?)",
            (name, amount.won, asked.won(body, "taxFreeAmount")),
        )

    def open(self, request: dict[str, Any], redirect_url: str, origin: str, at: int) -> str:
        """Begin an attempt by a window: answers its transaction. Raises ``Declined``."""
        began = self._wish(request, origin)
        self._forbid_another_amount(began.name, began.sum)
        row = self.find(began.name)
        if row is not None and row["status"] not in ("READY", "FAILED"):
            raise _paid_already() if row["status"] in _SUCCESSFUL else _busy()
        tx_id = self.begin(began, at)
        self._store.connection.execute(
            "INSERT INTO portone_windows VALUES (?, ?, ?, ?, ?)",
            (tx_id, began.name, json.dumps(request, ensure_ascii=False), redirect_url, origin),
        )
        return tx_id

    def begin(self, began: Began, at: int) -> str:
        """Write a new attempt down, in the place of an older one that had no success."""
        tx_id = str(uuid.uuid4())
        values = {
            "id": began.name, "tx_id": tx_id, "status": began.status, "channel": began.channel,
            "title": began.title, "won": began.sum.won, "tax_free": began.sum.tax_free, "vat": began.sum.vat,
            "customer": _json(began.customer), "custom_data": began.custom_data,
            "notice_urls": _json(began.notice_urls), "origin": _json(began.origin),
            "method": _json(began.method) if began.method else None, "requested_at": at, "changed_at": at,
            "expires_at": began.expires_at,
        }  # fmt: skip
        again = ", ".join(
            f"{name} = excluded.{name}" for name in values if name not in ("id", "requested_at")
        )
        self._store.connection.execute(
            f"INSERT INTO portone_payments ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608 - our own names
            f" ON CONFLICT (id) DO UPDATE SET {again}, failure = NULL, failed_at = NULL",
            tuple(values.values()),
        )
        self._news.tell(self.get(began.name), at)
        return tx_id

    def decide(self, tx_id: str, choice: Choice, at: int) -> dict[str, str]:
        """Let a person decide in a window: answers what the browser is told. Raises ``Declined``."""
        window = self.window(tx_id)
        if window is None:
            raise Declined(404, "TRANSACTION_NOT_FOUND", "결제 시도를 찾을 수 없습니다.")
        row, request = self.get(window["payment"]), json.loads(window["request"])
        told = {"transactionType": "PAYMENT", "txId": tx_id, "paymentId": row["id"]}
        if choice.name == "close":
            return told | {"code": "WINDOW_CLOSED", "message": "사용자가 창을 닫았습니다."}
        if row["status"] in _SUCCESSFUL:
            raise _paid_already()
        if row["tx_id"] != tx_id or row["status"] == "VIRTUAL_ACCOUNT_ISSUED":
            raise _busy()
        if choice.name in REFUSALS:
            reason, code, words = REFUSALS[choice.name]
            failure = _json({"reason": reason, "pgCode": code, "pgMessage": words})
            self._change(row, at, status="FAILED", failure=failure, failed_at=at)
            return told | {"code": "PGProviderError", "message": reason, "pgCode": code, "pgMessage": words}
        if choice.name == "tamper":
            row = self._tamper(row, choice)
        if choice.name == "pending":
            self._change(row, at, status="PAY_PENDING")
            return told
        method = _json(self._method(row, request, choice))
        self._change(row, at, status="PAID", method=method, paid=row["won"], paid_at=at, failure=None)
        return told

    def counts(self) -> dict[str, int]:
        """Count payments by state, and the money that came and went."""
        row = self._store.row(
            "SELECT count(*) AS payments,"
            " count(*) FILTER (WHERE status IN ('PAID', 'PARTIAL_CANCELLED', 'CANCELLED')) AS payments_paid,"
            " count(*) FILTER (WHERE status = 'FAILED') AS payments_failed,"
            " count(*) FILTER (WHERE status = 'VIRTUAL_ACCOUNT_ISSUED') AS accounts_waiting,"
            " coalesce(sum(paid), 0) AS paid_won FROM portone_payments"
        )
        back = self._store.row(
            "SELECT count(*) AS cancellations, coalesce(sum(won), 0) AS cancelled_won"
            " FROM portone_cancellations WHERE status = 'SUCCEEDED'"
        )
        return (dict(row) if row else {}) | (dict(back) if back else {})

    def _wish(self, request: dict[str, Any], origin: str) -> Began:
        """Read what the browser's script was asked for."""
        if request.get("storeId") != self._settings.portone_store_id:
            raise Declined(403, "FORBIDDEN", "등록되지 않은 상점입니다(storeId).")
        if request.get("channelKey") != self._settings.portone_card_channel_key:
            raise no_such_channel()
        if request.get("payMethod") not in _BY_WINDOW:
            raise invalid("payMethod")
        asked.currency(request)
        customer = asked.part(request, "customer")
        names = {"id": "customerId", "name": "fullName", "email": "email", "phoneNumber": "phoneNumber"}
        return Began(
            name=asked.payment_id(asked.text(request, "paymentId")),
            status="READY",
            channel=request["channelKey"],
            title=asked.title(request),
            sum=asked.summed(
                asked.won(request, "totalAmount"),
                asked.won(request, "taxFreeAmount"),
                asked.won(request, "vatAmount"),
            ),
            customer={ours: str(customer[theirs]) for ours, theirs in names.items() if customer.get(theirs)},
            custom_data=asked.custom_data(request),
            notice_urls=asked.addresses(request),
            origin={"platformType": "PC", "url": origin, "ipAddress": "127.0.0.1"},
        )

    def _forbid_another_amount(self, name: str, amount: Sum) -> None:
        fixed = self._store.row("SELECT * FROM portone_registrations WHERE id = ?", name)
        if fixed is None:
            return
        if fixed["won"] != amount.won or fixed["tax_free"] not in (None, amount.tax_free):
            raise Declined(409, "AMOUNT_NOT_EQUAL", "사전 등록된 결제 금액과 다릅니다.")

    def _tamper(self, row: sqlite3.Row, choice: Choice) -> sqlite3.Row:
        """Ask for another amount, all of it as free of tax as before; refused where the amount is fixed."""
        if choice.won is None or choice.won <= 0:
            raise invalid("won")
        is_free = row["tax_free"] == row["won"]
        amount = asked.summed(choice.won, choice.won if is_free else min(row["tax_free"], choice.won))
        self._forbid_another_amount(row["id"], amount)
        self._store.connection.execute(
            "UPDATE portone_payments SET won = ?, tax_free = ?, vat = ? WHERE id = ?",
            (amount.won, amount.tax_free, amount.vat, row["id"]),
        )
        return self.get(row["id"])

    def _method(self, row: sqlite3.Row, request: dict[str, Any], choice: Choice) -> dict[str, Any]:
        offered = cards.offered(request)
        issuer = choice.issuer or next(iter(offered))
        provider = choice.provider or next(iter(cards.PROVIDERS))
        months = cards.months(request)
        month = months[0] if choice.month is None else choice.month
        if issuer not in offered or provider not in cards.PROVIDERS or month not in months:
            raise invalid("issuer, provider or month")
        approval = f"{30_000_000 + row['no']}"
        if choice.name == "easy" or request.get("payMethod") == "EASY_PAY":
            return cards.easy(provider, issuer, approval)
        return cards.method(issuer, month, is_corporate=choice.name == "corporate", approval=approval)

    def _change(self, row: sqlite3.Row, at: int, **values: object) -> None:
        """Write a change of state and tell of it."""
        change(self._store, row["id"], changed_at=at, **values)
        self._news.tell(self.get(row["id"]), at)


def change(store: Store, name: str, **values: object) -> None:
    """Write columns of a payment."""
    columns = ", ".join(f"{column} = ?" for column in values)
    store.connection.execute(
        f"UPDATE portone_payments SET {columns} WHERE id = ?",  # noqa: S608 - our own names
        (*values.values(), name),
    )


def no_such_channel() -> Declined:
    """Say that the channel is unknown."""
    return Declined(404, "CHANNEL_NOT_FOUND", "요청된 채널이 존재하지 않습니다.")


def _paid_already() -> Declined:
    return Declined(409, "ALREADY_PAID", "결제가 이미 완료되었습니다.")


def _busy() -> Declined:
    return Declined(409, "ALREADY_PAID_OR_WAITING", "결제가 이미 완료되었거나 대기중입니다.")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
