"""The bank: somebody pays into a virtual account, rightly, wrongly, late or twice."""

from __future__ import annotations

import html
import re
import sqlite3
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from seonmul.sandbox.clock import SEOUL, ms_of, seoul
from seonmul.sandbox.door import Declined
from seonmul.sandbox.portone import banks, pages
from seonmul.sandbox.portone.accounts import Accounts, method_of
from seonmul.sandbox.portone.payments import Payments
from seonmul.sandbox.portone.times import Clock
from seonmul.sandbox.store import Store

_TITLE = "은행"
MOST_TIMES = 5
_CHOICES = ("exact", "other", "twice")
_STATES = {
    "VIRTUAL_ACCOUNT_ISSUED": "입금 대기",
    "PAID": "입금됨",
    "PARTIAL_CANCELLED": "일부 환불",
    "CANCELLED": "환불",
}


class Bank:
    """Pages on which money is paid in."""

    def __init__(self, store: Store, clock: Clock, payments: Payments, accounts: Accounts) -> None:
        self._store, self._clock, self._payments, self._accounts = store, clock, payments, accounts

    def add_routes(self, app: web.Application, prefix: str) -> None:
        """Put the pages."""
        app.router.add_get(prefix + "/bank", self._list)
        app.router.add_get(prefix + "/bank/{payment}", self._show)
        app.router.add_post(prefix + "/bank/{payment}", self._pay_in)

    def deposit(self, name: str, won: int, at: int | None, times: int) -> dict[str, str]:
        """Pay in so often: answers the payment's state. Raises ``Declined``."""
        moment = self._clock.now() if at is None else at
        with self._store.transaction():
            for _ in range(times):
                self._accounts.deposit(name, won, moment)
        return {"paymentId": name, "status": self._payments.get(name)["status"]}

    async def _list(self, request: web.Request) -> web.Response:
        number = re.sub(r"[^0-9]", "", request.query.get("account", ""))
        rows = self._accounts.shown(number)
        items = "".join(_item(row, self._clock.now()) for row in rows)
        nothing = "그런 계좌가 없습니다." if number else "입금을 기다리는 계좌가 없습니다."
        body = (
            "<h1>은행 (샌드박스)</h1><p>가상계좌에 입금합니다. 실제 돈은 오가지 않습니다.</p>"
            '<form action="/portone/bank"><input name="account" inputmode="numeric" aria-label="계좌번호"'
            f' placeholder="계좌번호 14자리" value="{number}"><button>찾기</button></form>'
            + (f'<ul class="accounts">{items}</ul>' if items else f"<p>{nothing}</p>")
            + ('<p><a href="/portone/bank">입금 대기 계좌 모두 보기</a></p>' if number else "")
        )
        return pages.page(_TITLE, body)

    async def _show(self, request: web.Request) -> web.Response:
        row = self._payments.find(request.match_info["payment"])
        if row is None or row["expires_at"] is None:
            return pages.refuse(_TITLE, "그런 계좌가 없습니다.", status=404)
        return _account(row, self._clock.now(), request.query.get("done", ""))

    async def _pay_in(self, request: web.Request) -> web.Response:
        name, form = request.match_info["payment"], await request.post()
        row = self._payments.find(name)
        choice, won = str(form.get("choice", "")), str(form.get("won", "")).replace(",", "")
        at, is_right_time = _time(str(form.get("at", "")))
        if row is None or choice not in _CHOICES or not is_right_time:
            return pages.refuse(_TITLE, "계좌, 고른 것 또는 입금 시각이 올바르지 않습니다.")
        if choice != "other":
            won = str(row["won"])
        if not won.isdecimal() or int(won) == 0:
            return pages.refuse(_TITLE, "금액은 1원 이상의 숫자여야 합니다.")
        try:
            self.deposit(name, int(won), at, 2 if choice == "twice" else 1)
        except Declined as no:
            return pages.refuse(_TITLE, no.message, no.status)
        raise web.HTTPSeeOther(f"{request.path}?{urlencode({'done': won})}")


def _time(text: str) -> tuple[int | None, bool]:
    """Read the time of a deposit, Seoul's where it has no offset; None where none was given."""
    if not text.strip():
        return None, True
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None, False
    at = at if at.tzinfo else at.replace(tzinfo=SEOUL)
    return ms_of(at.isoformat()), True


def _state(row: sqlite3.Row, now: int) -> str:
    if row["closed_at"] is not None:
        return "말소"
    if row["status"] == "VIRTUAL_ACCOUNT_ISSUED" and row["expires_at"] <= now:
        return "기한 지남"
    return _STATES.get(row["status"], "")


def _item(row: sqlite3.Row, now: int) -> str:
    method = method_of(row)
    return (
        f'<li><a href="/portone/bank/{html.escape(row["id"])}">'
        f"{banks.ALL[method['bank']]} {_spaced(method['accountNumber'])}"
        f"<span>{row['won']:,}원 · {_state(row, now)}</span></a></li>"
    )


def _account(row: sqlite3.Row, now: int, done: str) -> web.Response:
    method, is_late = method_of(row), row["expires_at"] <= now
    told = f'<p class="told">{int(done):,}원을 입금했습니다.</p>' if done.isdecimal() else ""
    came = f"<dt>들어온 금액</dt><dd>{row['paid']:,}원</dd>" if row["paid"] else ""
    exact = "지난 계좌에 입금" if is_late else "정확한 금액 입금"
    is_waiting = row["status"] == "VIRTUAL_ACCOUNT_ISSUED"
    buttons = f'<button name="choice" value="exact">{exact}</button>'
    if is_waiting:
        buttons += '<button class="quiet" name="choice" value="twice">같은 금액 두 번 입금</button>'
    else:
        buttons = '<button class="quiet" name="choice" value="exact">한 번 더 입금</button>'
    form = (
        f'<form class="choices" method="post" action="/portone/bank/{html.escape(row["id"])}">'
        '<label for="at">입금 시각 (비우면 지금, 서울)<input id="at" name="at" placeholder="2026-12-06T15:30"></label>'
        f'<div class="stack">{buttons}</div><div class="ends"><label for="won">다른 금액(원)'
        f'<input id="won" name="won" inputmode="numeric" value="{row["won"] + 10_000}"></label>'
        '<button class="quiet" name="choice" value="other">이 금액 입금</button></div></form>'
    )
    body = (
        f"<h1>{banks.ALL[method['bank']]} {_spaced(method['accountNumber'])}</h1>{told}"
        f'<dl class="facts"><dt>상태</dt><dd>{_state(row, now)}</dd>'
        f"<dt>주문명</dt><dd>{html.escape(row['title'])}</dd>"
        f"<dt>받을 금액</dt><dd><strong>{row['won']:,}원</strong></dd>{came}"
        f"<dt>예금주</dt><dd>{html.escape(method['remitteeName'])}</dd>"
        f"<dt>입금 기한</dt><dd>{seoul(row['expires_at'], '%Y.%m.%d %H:%M:%S')}</dd></dl>"
        + ("" if row["closed_at"] else form)
        + '<p><a href="/portone/bank">다른 계좌</a></p>'
    )
    return pages.page(_TITLE, body)


def _spaced(number: str) -> str:
    return f"{number[:3]}-{number[3:8]}-{number[8:]}"
