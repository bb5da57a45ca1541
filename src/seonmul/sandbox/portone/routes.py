"""PortOne's routes: what servers ask, and what browsers load and see."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from aiohttp import web

from seonmul.sandbox.door import Declined, Door, Handler, Journal
from seonmul.sandbox.faults import Faults
from seonmul.sandbox.portone import tables, verifications, window
from seonmul.sandbox.portone.accounts import Accounts
from seonmul.sandbox.portone.api import Api
from seonmul.sandbox.portone.bank import Bank
from seonmul.sandbox.portone.cancels import Cancels
from seonmul.sandbox.portone.inside import Inside
from seonmul.sandbox.portone.news import News
from seonmul.sandbox.portone.pay import PayWindow
from seonmul.sandbox.portone.payments import Payments
from seonmul.sandbox.portone.people import PEOPLE
from seonmul.sandbox.portone.times import Clock
from seonmul.sandbox.portone.verifications import Verifications
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store

PREFIX = "/portone"
_HERE = Path(__file__).parent
_FILES = {
    "sdk.js": "text/javascript",
    "window.js": "text/javascript",
    "away.js": "text/javascript",
    "window.css": "text/css",
}
_LONGEST_NAME = 70
_CODES = {
    "fail": ("IDENTITY_VERIFICATION_FAILED", "본인인증에 실패했습니다."),
    "close": ("WINDOW_CLOSED", "사용자가 창을 닫았습니다."),
}


class PortOne:
    """The provider "portone" of the sandbox (see ``Provider``)."""

    name = "portone"

    def __init__(self, settings: Settings, store: Store, faults: Faults, journal: Journal) -> None:
        self._store, self._settings = store, settings
        self._secret = f"PortOne {settings.portone_api_secret}"
        self._verifications = Verifications(
            store, settings.portone_store_id, settings.portone_identity_channel_key
        )
        self._door = Door(self.name, faults, journal, _says)
        store.create(tables.SCHEMA)
        self._clock = Clock()
        self._news = News(settings, store, faults)
        self._payments = Payments(settings, store, self._news)
        accounts = Accounts(settings, store, self._payments, self._news)
        self._cancels = Cancels(store, self._payments, self._news, faults, self._clock)
        self._api = Api(settings, store, self._clock, self._payments, accounts, self._cancels, self._news)
        self._pay = PayWindow(store, self._clock, self._payments)
        self._bank = Bank(store, self._clock, self._payments, accounts)
        self._inside = Inside(store, self._clock, self._payments, self._pay, self._bank, self._cancels)
        self._runners: list[asyncio.Task[None]] = []

    def add_routes(self, app: web.Application) -> None:
        """Put what servers ask behind the door and the secret, what browsers need before both."""
        path = PREFIX + "/identity-verifications/{verification}"
        app.router.add_get(path, self._door.guard("ask", self._signed(self._ask_verification)))
        for name in _FILES:
            app.router.add_get(f"{PREFIX}/{name}", self._file)
        app.router.add_get(PREFIX + "/identity", self._open_identity)
        app.router.add_post(PREFIX + "/identity", self._decide_identity)
        self._api.add_routes(app, PREFIX, self._door, self._signed)
        self._pay.add_routes(app, PREFIX)
        self._bank.add_routes(app, PREFIX)
        self._inside.add_routes(app)
        app.router.add_route("*", PREFIX + "/{rest:.*}", self._door.guard("any", _nothing_here))

    async def start(self) -> None:
        """Post webhooks and end cancellations, also those that a killed process left."""
        self._runners = [asyncio.create_task(self._news.run()), asyncio.create_task(self._cancels.run())]

    async def stop(self) -> None:
        """End both."""
        for runner in self._runners:
            runner.cancel()
        await asyncio.gather(*self._runners, return_exceptions=True)

    async def reset(self) -> None:
        """Forget every verification and payment; the clock runs again."""
        async with self._news.posting:
            self._store.empty(*verifications.TABLES, *tables.TABLES)
        self._clock.stop(None)

    def stats(self) -> dict[str, int]:
        """Count the verifications, the payments and their webhooks."""
        return self._verifications.counts() | self._payments.counts() | self._news.counts()

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """It sends no messages."""
        return iter(())

    def _signed(self, handler: Handler) -> Handler:
        async def enter(request: web.Request) -> web.StreamResponse:
            given = request.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(), self._secret.encode()):
                raise Declined(401, "UNAUTHORIZED", "인증 정보가 올바르지 않습니다.")
            ours = self._settings.portone_store_id
            if request.query.get("storeId", ours) != ours:
                raise Declined(403, "FORBIDDEN", "요청이 거절되었습니다.")
            return await handler(request)

        return enter

    async def _ask_verification(self, request: web.Request) -> web.Response:
        return _json(self._verifications.answer(request.match_info["verification"]))

    async def _file(self, request: web.Request) -> web.Response:
        name = request.path.rsplit("/", 1)[1]
        return web.Response(text=(_HERE / name).read_text(), content_type=_FILES[name])

    async def _open_identity(self, request: web.Request) -> web.Response:
        wish = window.Wish({name: request.query.get(name, "") for name in window.FIELDS})
        trouble = self._trouble(wish)
        if trouble:
            return window.refuse(trouble)
        try:
            self._verifications.begin(wish.name, wish.fields["customData"])
        except Declined as no:
            return window.tell(wish, self._result(wish, no.code, no.message))
        return window.ask(wish)

    async def _decide_identity(self, request: web.Request) -> web.Response:
        form = await request.post()
        wish = window.Wish({name: str(form.get(name, "")) for name in window.FIELDS})
        choice = str(form.get("choice", ""))
        trouble = self._trouble(wish)
        if trouble or choice not in PEOPLE | _CODES:
            return window.refuse(trouble or "고른 사람이 없습니다.")
        code, message = _CODES.get(choice, ("", ""))
        try:
            if choice != "close":
                self._verifications.decide(wish.name, PEOPLE.get(choice))
        except Declined as no:
            code, message = no.code, no.message
        return window.tell(wish, self._result(wish, code, message))

    def _trouble(self, wish: window.Wish) -> str:
        if wish.fields["storeId"] != self._settings.portone_store_id:
            return "등록되지 않은 상점입니다(storeId)."
        if wish.fields["channelKey"] != self._settings.portone_identity_channel_key:
            return "등록되지 않은 채널입니다(channelKey)."
        if not (wish.name.isascii() and wish.name.isalnum() and len(wish.name) <= _LONGEST_NAME):
            return "본인인증 번호는 영문자와 숫자 70자까지입니다(identityVerificationId)."
        return "" if wish.is_answerable() else "결과를 돌려줄 곳이 없습니다(redirectUrl)."

    def _result(self, wish: window.Wish, code: str, message: str) -> dict[str, str]:
        """Write what the browser gets; servers must ask for themselves."""
        told = {
            "transactionType": "IDENTITY_VERIFICATION",
            "identityVerificationId": wish.name,
            "identityVerificationTxId": self._verifications.attempt(wish.name),
        }
        return told | ({"code": code, "message": message} if code else {})


async def _nothing_here(request: web.Request) -> web.StreamResponse:
    raise Declined(404, "NOT_FOUND", "존재하지 않는 주소입니다.")


def _says(no: Declined) -> web.Response:
    return _json({"type": no.code, "message": no.message}, no.status)


def _json(answer: Mapping[str, object], status: int = 200) -> web.Response:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")
