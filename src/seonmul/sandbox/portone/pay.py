"""The payment window: a person approves, is refused, goes away, or tampers with the amount."""

from __future__ import annotations

import html
import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from seonmul.sandbox.door import Declined
from seonmul.sandbox.portone import asked, cards, pages
from seonmul.sandbox.portone.payments import CHOICES, Choice, Payments
from seonmul.sandbox.portone.times import Clock
from seonmul.sandbox.store import Store

_TITLE = "결제"
#: What the browser's script calls our refusals.
_CODES = {
    "INVALID_REQUEST": "RequestParseFailed",
    "FORBIDDEN": "StoreNotFound",
    "CHANNEL_NOT_FOUND": "ChannelNotFound",
    "ALREADY_PAID": "PaymentAlreadyPaid",
    "ALREADY_PAID_OR_WAITING": "InvalidEntityState",
    "AMOUNT_NOT_EQUAL": "AmountNotEqualToPredefined",
    "TRANSACTION_NOT_FOUND": "TransactionNotFound",
    "PAYMENT_NOT_FOUND": "PaymentNotFound",
}
_REFUSALS = (
    ("limit", "거절: 한도 초과/결제 불가 카드"),
    ("restricted", "거절: 환금성 업종 제한"),
    ("invalid", "거절: 카드 정보 오류"),
)


class PayWindow:
    """Opens the window, lets a person decide in it, and tells the browser. Tests do the same without a browser."""

    def __init__(self, store: Store, clock: Clock, payments: Payments) -> None:
        self._store, self._clock, self._payments = store, clock, payments

    def add_routes(self, app: web.Application, prefix: str) -> None:
        """Put what browsers need: no secret, no faults."""
        app.router.add_post(prefix + "/pay/open", self._open)
        app.router.add_get(prefix + "/pay", self._show)
        app.router.add_post(prefix + "/pay", self._decide)

    def begin(self, request: dict[str, Any], redirect_url: str = "", origin: str = "") -> dict[str, str]:
        """Open a window: answers its txId, or what a browser is told when it cannot be opened."""
        told = {"transactionType": "PAYMENT", "txId": "", "paymentId": str(request.get("paymentId", ""))}
        try:
            with self._store.transaction():
                tx_id = self._payments.open(request, redirect_url, origin, self._clock.now())
        except Declined as no:
            return told | _code(no)
        return told | {"txId": tx_id}

    def choose(self, tx_id: str, choice: Choice, at: int | None = None) -> dict[str, str]:
        """Let the person decide: answers what a browser is told."""
        window = self._payments.window(tx_id)
        told = {"transactionType": "PAYMENT", "txId": tx_id, "paymentId": window["payment"] if window else ""}
        try:
            with self._store.transaction():
                return self._payments.decide(tx_id, choice, self._clock.now() if at is None else at)
        except Declined as no:
            return told | _code(no)

    async def _open(self, request: web.Request) -> web.Response:
        form = await request.post()
        redirect_url, origin = str(form.get("redirectUrl", "")), str(form.get("origin", ""))
        if not pages.origin_of(redirect_url or origin):
            return pages.refuse(_TITLE, "결과를 돌려줄 곳이 없습니다(redirectUrl).")
        try:
            wish = asked.body_of(str(form.get("request", "")))
        except Declined as no:
            return pages.refuse(_TITLE, no.message)
        told = self.begin(wish, redirect_url, origin)
        if "code" in told:
            return pages.tell(_TITLE, told, redirect_url, origin)
        raise web.HTTPSeeOther(f"{request.path.removesuffix('/open')}?tx={told['txId']}")

    async def _show(self, request: web.Request) -> web.Response:
        window = self._payments.window(request.query.get("tx", ""))
        if window is None:
            return pages.refuse(_TITLE, "열린 결제창이 없습니다.", status=404)
        return _page(window, self._payments.get(window["payment"]))

    async def _decide(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        window = self._payments.window(form.get("tx", ""))
        choice = choice_of(form)
        if window is None or choice is None:
            return pages.refuse(_TITLE, "열린 결제창이 없거나 고른 것이 없습니다.")
        told = self.choose(window["tx_id"], choice)
        if choice.name == "silent" and "code" not in told:
            return pages.page(
                _TITLE,
                "<h1>결제 (샌드박스)</h1><p>승인했습니다. 결제를 요청한 화면에는 아무것도 알리지 않습니다."
                " 창이 닫히지 않으면 직접 닫아 주세요.</p>",
                script="/portone/away.js",
            )
        return pages.tell(_TITLE, told, window["redirect_url"], window["origin"])


def choice_of(form: Mapping[str, object]) -> Choice | None:
    """Read what was chosen; None when there is no such choice."""
    name = str(form.get("choice", ""))
    won, month = str(form.get("won", "")).replace(",", ""), str(form.get("month", ""))
    if name not in CHOICES:
        return None
    return Choice(
        name=name,
        issuer=str(form.get("issuer", "")),
        provider=str(form.get("provider", "")),
        month=int(month) if month.isdecimal() else None,
        won=int(won) if won.isdecimal() else None,
    )


def _code(no: Declined) -> dict[str, str]:
    return {"code": _CODES.get(no.code, "UnknownError"), "message": no.message}


def _page(window: sqlite3.Row, row: sqlite3.Row) -> web.Response:
    request = json.loads(window["request"])
    is_easy = request.get("payMethod") == "EASY_PAY"
    card = request.get("card")
    only_app = isinstance(card, dict) and card.get("useAppCardOnly") is True
    months = cards.months(request)
    issuers = "" if is_easy else _select("issuer", "카드사", cards.offered(request))
    named = {str(month): f"{month}개월" if month else "일시불" for month in months}
    instalments = "" if is_easy or len(months) == 1 else _select("month", "할부", named)
    providers = _select("provider", "간편결제사", cards.PROVIDERS)
    approvals = [("personal", "개인 카드로 승인"), ("corporate", "법인 카드로 승인")]
    shown = ([] if is_easy else approvals) + [("easy", "간편결제로 승인")]
    note = "<p>앱카드만 쓸 수 있는 요청입니다(useAppCardOnly).</p>" if only_app else ""
    body = (
        "<h1>결제 (샌드박스)</h1><p>실제로 결제되지 않습니다.</p>"
        f'<dl class="facts"><dt>주문명</dt><dd>{html.escape(row["title"])}</dd>'
        f"<dt>결제 금액</dt><dd><strong>{row['won']:,}원</strong></dd></dl>{note}"
        '<form class="choices" method="post" action="/portone/pay">'
        f'<input type="hidden" name="tx" value="{html.escape(window["tx_id"])}">'
        f'<div class="picks">{issuers}{instalments}{providers}</div>'
        f'<div class="stack">{_buttons(shown, "")}</div>'
        f'<h2>거절</h2><div class="stack">{_buttons(_REFUSALS, "quiet")}</div>'
        '<h2>그 밖의 일</h2><div class="stack">'
        + _buttons((("silent", "승인하고 응답 없이 닫기"), ("pending", "승인 대기로 남기기")), "quiet")
        + '</div><div class="ends"><label for="won">다른 금액(원)'
        f'<input id="won" name="won" inputmode="numeric" value="{max(1, row["won"] // 10)}"></label>'
        + _buttons((("tamper", "금액 바꿔 결제하기"),), "quiet")
        + f'</div><div class="stack">{_buttons((("close", "창 닫기"),), "quiet")}</div></form>'
    )
    return pages.page(_TITLE, body, redirect_url=window["redirect_url"])


def _buttons(choices: Any, look: str) -> str:
    shown = f' class="{look}"' if look else ""
    return "".join(f'<button{shown} name="choice" value="{value}">{text}</button>' for value, text in choices)


def _select(name: str, label: str, options: Mapping[str, str]) -> str:
    listed = "".join(
        f'<option value="{html.escape(value)}">{html.escape(text)}</option>'
        for value, text in options.items()
    )
    return f'<label for="{name}">{label}<select id="{name}" name="{name}">{listed}</select></label>'
