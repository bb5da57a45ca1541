"""Virtual accounts: issued, paid into, closed. Part of their caller's transaction."""

from __future__ import annotations

import json
import sqlite3

from seonmul.sandbox.clock import iso
from seonmul.sandbox.door import Declined
from seonmul.sandbox.portone import asked, banks, shapes
from seonmul.sandbox.portone.asked import Body, invalid
from seonmul.sandbox.portone.news import News, tally
from seonmul.sandbox.portone.payments import Began, Payments, change, no_such_channel
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store

_HOUR_MS = 3_600_000
_WAITING = "VIRTUAL_ACCOUNT_ISSUED"
_MOST_SHOWN = 50


class Accounts:
    """Accounts to pay into."""

    def __init__(self, settings: Settings, store: Store, payments: Payments, news: News) -> None:
        self._settings, self._store, self._payments, self._news = settings, store, payments, news

    def issue(self, name: str, body: Body, at: int) -> dict[str, object]:
        """Give out an account; answers as the vendor does, without its number."""
        asked.payment_id(name)
        self._check_channel(body)
        wish = asked.part(asked.part(body, "method"), "virtualAccount")
        bank = asked.text(wish, "bank")
        if bank not in banks.ISSUING:
            raise invalid("method.virtualAccount.bank")
        if asked.part(wish, "option").get("type") != "NORMAL":
            raise invalid("method.virtualAccount.option.type")
        expires_at = _expiry(asked.part(wish, "expiry"), at)
        asked.currency(body)
        amount = asked.part(body, "amount")
        total = asked.summed(
            asked.won(amount, "total"), asked.won(amount, "taxFree"), asked.won(amount, "vat")
        )
        title, addresses, customer = asked.title(body), asked.addresses(body), _customer(body)
        row = self._payments.find(name)
        if row is not None and row["status"] not in ("READY", "FAILED"):
            if row["status"] in (_WAITING, "PAY_PENDING"):
                raise Declined(409, "ALREADY_PAID_OR_WAITING", "결제가 이미 완료되었거나 대기중입니다.")
            raise Declined(409, "ALREADY_PAID", "결제가 이미 완료되었습니다.")
        self._payments.begin(
            Began(
                name=name,
                status=_WAITING,
                channel=body["channelKey"],
                title=title,
                sum=total,
                customer=customer,
                custom_data=asked.custom_data(body),
                notice_urls=addresses,
                origin={"platformType": "API", "ipAddress": "127.0.0.1"},
                method={
                    "type": "PaymentMethodVirtualAccount",
                    "bank": bank,
                    "accountNumber": banks.number(bank, self._drawn()),
                    "accountType": "NORMAL",
                    "remitteeName": customer.get("name", ""),
                    "remitterName": customer.get("name", ""),
                    "issuedAt": iso(at),
                    "expiredAt": iso(expires_at),
                },
                expires_at=expires_at,
            ),
            at,
        )
        issued = self._payments.get(name)
        return {"payment": {"pgTxId": shapes.pg_tx_id(issued), "paidAt": iso(at)}}

    def close(self, name: str, at: int) -> dict[str, object]:
        """Take no deposit any more. Once only; the payment itself reads as before."""
        row = self._payments.get(name)
        if row["status"] != _WAITING or row["closed_at"] is not None:
            raise Declined(409, "PAYMENT_NOT_WAITING_FOR_DEPOSIT", "결제 건이 입금 대기 상태가 아닙니다.")
        change(self._store, name, closed_at=at)
        return {"closedAt": iso(at)}

    def deposit(self, name: str, won: int, at: int) -> None:
        """Pay in. The first deposit makes it PAID whatever the sum; a further one is told again, no more."""
        row = self._payments.get(name)
        if row["expires_at"] is None:
            raise Declined(409, "NO_ACCOUNT", "가상계좌 결제가 아닙니다.")
        if row["closed_at"] is not None:
            raise Declined(409, "ACCOUNT_CLOSED", "말소된 계좌입니다.")
        if won <= 0:
            raise invalid("won")
        if row["status"] == _WAITING:
            change(self._store, name, status="PAID", paid=won, paid_at=at, changed_at=at)
        tally(self._store, "deposits")
        self._news.tell(
            self._payments.get(name), at, kind="Transaction.Paid", cause="VIRTUAL_ACCOUNT_DEPOSIT"
        )

    def shown(self, number: str) -> list[sqlite3.Row]:
        """Look for accounts by number, or all that wait for a deposit; the newest first."""
        return self._store.rows(
            "SELECT * FROM portone_payments WHERE expires_at IS NOT NULL AND"
            " CASE WHEN ? = '' THEN status = ? AND closed_at IS NULL"
            " ELSE json_extract(method, '$.accountNumber') = ? END ORDER BY no DESC LIMIT ?",
            number,
            _WAITING,
            number,
            _MOST_SHOWN,
        )

    def _check_channel(self, body: Body) -> None:
        key = body.get("channelKey")
        if key == self._settings.portone_card_channel_key:
            raise invalid("channelKey")
        if key != self._settings.portone_account_channel_key:
            raise no_such_channel()

    def _drawn(self) -> int:
        """Draw a number that no account had."""
        connection = self._store.connection
        connection.execute(
            "INSERT INTO portone_draws VALUES ('account', 1) ON CONFLICT (name) DO UPDATE SET n = n + 1"
        )
        return int(connection.execute("SELECT n FROM portone_draws WHERE name = 'account'").fetchone()[0])


def method_of(row: sqlite3.Row) -> dict[str, str]:
    """Read how an account was given out."""
    method: dict[str, str] = json.loads(row["method"])
    return method


def _expiry(wish: Body, at: int) -> int:
    hours = asked.won(wish, "validHours", least=1)
    until = asked.instant(wish, "dueDate")
    if (hours is None) == (until is None):
        raise invalid("method.virtualAccount.expiry")
    if until is not None:
        if until <= at:
            raise invalid("method.virtualAccount.expiry.dueDate")
        return until
    return at + (hours or 0) * _HOUR_MS


def _customer(body: Body) -> dict[str, str]:
    """Read the customer; KCP shows its name as the depositor's."""
    given = asked.part(body, "customer")
    name = asked.part(given, "name").get("full")
    read = {
        "id": given.get("id"),
        "name": name,
        "email": given.get("email"),
        "phoneNumber": given.get("phoneNumber"),
    }
    return {key: value for key, value in read.items() if isinstance(value, str) and value}
