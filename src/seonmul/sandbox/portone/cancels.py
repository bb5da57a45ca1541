"""Money that goes back: at once, or asked for and settled later. Part of their caller's transaction."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import uuid

from seonmul.sandbox.clock import now_ms
from seonmul.sandbox.door import Declined
from seonmul.sandbox.faults import CANCEL_KINDS, Faults
from seonmul.sandbox.portone import asked, banks, shapes
from seonmul.sandbox.portone.asked import Body, Sum, invalid
from seonmul.sandbox.portone.news import News
from seonmul.sandbox.portone.payments import Payments, change
from seonmul.sandbox.portone.times import Clock
from seonmul.sandbox.store import Store

_LONGEST_REST_SECONDS = 60.0
_CANCELLABLE = ("PAID", "PARTIAL_CANCELLED")


class Cancels:
    """Cancellations of payments."""

    def __init__(self, store: Store, payments: Payments, news: News, faults: Faults, clock: Clock) -> None:
        self._store, self._payments, self._news, self._faults = store, payments, news, faults
        self._clock, self._changed = clock, asyncio.Event()

    def cancel(self, name: str, body: Body, at: int) -> dict[str, object]:
        """Give money back; answers the cancellation."""
        row = self._payments.get(name)
        reason, account = asked.text(body, "reason"), _account(body)
        if body.get("requester") not in (None, "CUSTOMER", "ADMIN"):
            raise invalid("requester")
        if row["status"] == "CANCELLED":
            raise Declined(409, "PAYMENT_ALREADY_CANCELLED", "결제가 이미 취소되었습니다.")
        if row["status"] not in _CANCELLABLE:
            raise Declined(409, "PAYMENT_NOT_PAID", "결제가 완료되지 않았습니다.")
        if row["expires_at"] is not None and account is None:
            raise invalid("refundAccount")
        amount = self._amount(row, body)
        fault = self._faults.take("portone", CANCEL_KINDS)
        due_at = now_ms() + int(fault.seconds * 1000) if fault else None
        ends = "FAILED" if fault and fault.kind == "failed_cancel" else "SUCCEEDED"
        key = str(uuid.uuid4())
        self._store.connection.execute(
            "INSERT INTO portone_cancellations (id, payment, status, won, tax_free, vat, reason, account, is_quiet,"
            " requested_at, due_at, ends) VALUES (?, ?, 'REQUESTED', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key, name, amount.won, amount.tax_free, amount.vat, reason, account,
                body.get("skipWebhook") is True, at, due_at, ends,
            ),
        )  # fmt: skip
        if fault is None:
            self._settle(self._one(key), at)
        else:
            self._tell(self._one(key), at, "Transaction.CancelPending")
            self._changed.set()
        return {"cancellation": shapes.cancellation(self._one(key))}

    def settle(self, name: str, *, succeeds: bool) -> int:
        """End now whatever of a payment is asked for: answers how many."""
        waiting = self._store.rows(
            "SELECT * FROM portone_cancellations WHERE payment = ? AND status = 'REQUESTED' ORDER BY no", name
        )
        for one in waiting:
            self._store.connection.execute(
                "UPDATE portone_cancellations SET ends = ? WHERE id = ?",
                ("SUCCEEDED" if succeeds else "FAILED", one["id"]),
            )
            self._settle(self._one(one["id"]), self._clock.now())
        return len(waiting)

    async def run(self) -> None:
        """End what is due, for ever."""
        while True:
            self._changed.clear()
            due = self._store.row(
                "SELECT * FROM portone_cancellations WHERE due_at <= ? ORDER BY due_at LIMIT 1", now_ms()
            )
            if due is None:
                await self._rest()
                continue
            with self._store.transaction():
                self._settle(due, self._clock.now())

    async def _rest(self) -> None:
        due = self._store.row("SELECT min(due_at) FROM portone_cancellations")
        seconds = _LONGEST_REST_SECONDS
        if due is not None and due[0] is not None:
            seconds = min(seconds, max(0.0, (due[0] - now_ms()) / 1000) + 0.005)
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def _settle(self, one: sqlite3.Row, at: int) -> None:
        is_done, was_asked_for = one["ends"] == "SUCCEEDED", one["due_at"] is not None
        self._store.connection.execute(
            "UPDATE portone_cancellations SET status = ?, cancelled_at = ?, due_at = NULL WHERE id = ?",
            (one["ends"], at if is_done else None, one["id"]),
        )
        if is_done:
            row = self._payments.get(one["payment"])
            back = self._sums(one["payment"], "SUCCEEDED").won
            status = "CANCELLED" if back >= row["paid"] else "PARTIAL_CANCELLED"
            change(self._store, row["id"], status=status, cancelled_at=at, changed_at=at)
        cause = f"ASYNC_CANCEL_{'APPROVED' if is_done else 'FAILED'}" if was_asked_for else None
        self._tell(one, at, cause=cause)

    def _tell(self, one: sqlite3.Row, at: int, kind: str = "", cause: str | None = None) -> None:
        if one["is_quiet"]:
            return
        row = self._payments.get(one["payment"])
        named = one["id"] if kind or row["status"] != "PAID" else ""
        self._news.tell(row, at, kind=kind, cancellation=named, cause=cause)

    def _amount(self, row: sqlite3.Row, body: Body) -> Sum:
        """Work out how much goes back, and whether so much is left."""
        back, coming = self._sums(row["id"], "SUCCEEDED"), self._sums(row["id"], "REQUESTED")
        left = row["paid"] - back.won - coming.won
        is_free = row["tax_free"] == row["won"]  # then so is whatever came beyond it
        free_part = row["paid"] if is_free else min(row["tax_free"], row["paid"])
        left_free = free_part - back.tax_free - coming.tax_free
        believed = asked.won(body, "currentCancellableAmount")
        if believed is not None and believed != left:
            raise Declined(
                409, "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN", "취소 가능 잔액 검증에 실패했습니다."
            )
        wished, free = asked.won(body, "amount", least=1), asked.won(body, "taxFreeAmount")
        won = left if wished is None else wished
        if won > left or won == 0:
            raise Declined(
                409,
                "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT",
                "결제 취소 금액이 취소 가능 금액을 초과했습니다.",
            )
        if free is None:
            free = left_free if wished is None else 0  # the vendor takes what is not named as taxed
        vat = asked.won(body, "vatAmount")
        if free + (vat or 0) > won:
            raise Declined(
                409, "SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT", "하위 항목들의 합이 취소 금액을 초과했습니다."
            )
        if free > left_free:
            raise Declined(
                409,
                "CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT",
                "취소 면세 금액이 취소 가능한 면세 금액을 초과했습니다.",
            )
        if won - free > left - left_free:
            raise Declined(
                409,
                "CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT",
                "취소 과세 금액이 취소 가능한 과세 금액을 초과했습니다.",
            )
        return Sum(won, free, round((won - free) / 11) if vat is None else vat)

    def _sums(self, name: str, status: str) -> Sum:
        row = self._store.row(
            "SELECT coalesce(sum(won), 0), coalesce(sum(tax_free), 0), coalesce(sum(vat), 0)"
            " FROM portone_cancellations WHERE payment = ? AND status = ?",
            name,
            status,
        )
        return Sum(*row) if row else Sum(0, 0, 0)

    def _one(self, key: str) -> sqlite3.Row:
        found = self._store.row("SELECT * FROM portone_cancellations WHERE id = ?", key)
        if found is None:
            raise LookupError(key)
        return found


def _account(body: Body) -> str | None:
    """Read the account to pay out to."""
    if body.get("refundAccount") is None:
        return None
    account = asked.part(body, "refundAccount")
    number = asked.text(account, "number")
    if asked.text(account, "bank") not in banks.ALL or not number.isdecimal():
        raise invalid("refundAccount")
    holder = asked.text(account, "holderName")
    return json.dumps({"bank": account["bank"], "number": number, "holderName": holder}, ensure_ascii=False)
