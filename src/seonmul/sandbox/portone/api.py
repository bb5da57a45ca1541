"""What servers ask of payments: each row of the vendor's API that we use."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping

from aiohttp import web

from seonmul.sandbox.door import Declined, Door, Handler
from seonmul.sandbox.portone import asked, shapes
from seonmul.sandbox.portone.accounts import Accounts
from seonmul.sandbox.portone.asked import Body
from seonmul.sandbox.portone.cancels import Cancels
from seonmul.sandbox.portone.holders import holder
from seonmul.sandbox.portone.keys import Keys, key_of, reply
from seonmul.sandbox.portone.lists import Lists
from seonmul.sandbox.portone.news import News
from seonmul.sandbox.portone.payments import Payments
from seonmul.sandbox.portone.times import Clock
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store

Work = Callable[[str, Body], Mapping[str, object]]


class Api:
    """The routes behind the secret."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        payments: Payments,
        accounts: Accounts,
        cancels: Cancels,
        news: News,
    ) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self._payments, self._accounts, self._cancels, self._news = payments, accounts, cancels, news
        self._lists = Lists(settings, store, payments)

    def add_routes(
        self, app: web.Application, prefix: str, door: Door, signed: Callable[[Handler], Handler]
    ) -> None:
        """Put them behind the door and the secret; what writes minds idempotency keys as well."""
        keys = Keys(self._store, door)
        one = prefix + "/payments/{payment}"
        holders = prefix + "/platform/bank-accounts/{bank}/{number}/holder"
        for path, route, handler in (
            (one, "ask", self._ask),
            (prefix + "/payments", "list", self._list),
            (prefix + "/payments-by-cursor", "list", self._list_by_cursor),
            (holders, "holder", self._ask_holder),
        ):
            app.router.add_get(path, door.guard(route, signed(handler)))
        works: tuple[tuple[str, str, Work], ...] = (
            ("/pre-register", "register", self._register),
            ("/instant", "instant", self._issue),
            ("/cancel", "cancel", self._cancel),
            ("/virtual-account/close", "close", self._close),
        )
        for path, route, work in works:
            app.router.add_post(one + path, keys.claim(door.guard(route, signed(self._worker(keys, work)))))
        resend = keys.claim(door.guard("resend", signed(self._resender(keys))))
        app.router.add_post(one + "/resend-webhook", resend)

    def _worker(self, keys: Keys, work: Work) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await self._body(request)
            name = request.match_info["payment"]
            return keys.once(key_of(request), lambda: work(name, body))

        return handle

    async def _body(self, request: web.Request) -> dict[str, object]:
        body = asked.body_of(await request.read())
        if body.get("storeId") not in (None, self._settings.portone_store_id):
            raise Declined(403, "FORBIDDEN", "요청이 거절되었습니다.")
        return body

    async def _ask(self, request: web.Request) -> web.Response:
        row = self._payments.get(request.match_info["payment"])
        return _json(self._payments.written(row))

    async def _list(self, request: web.Request) -> web.Response:
        return _json(self._lists.by_page(_question(request)))

    async def _list_by_cursor(self, request: web.Request) -> web.Response:
        return _json(self._lists.by_cursor(_question(request)))

    async def _ask_holder(self, request: web.Request) -> web.Response:
        asked_about = request.match_info
        name = holder(
            asked_about["bank"],
            asked_about["number"],
            request.query.get("birthdate", ""),
            request.query.get("businessRegistrationNumber", ""),
        )
        return _json({"holderName": name, "accountVerificationId": str(uuid.uuid4())})

    def _register(self, name: str, body: Body) -> Mapping[str, object]:
        self._payments.register(name, body)
        return {}

    def _issue(self, name: str, body: Body) -> Mapping[str, object]:
        return self._accounts.issue(name, body, self._clock.now())

    def _cancel(self, name: str, body: Body) -> Mapping[str, object]:
        return self._cancels.cancel(name, body, self._clock.now())

    def _close(self, name: str, body: Body) -> Mapping[str, object]:
        return self._accounts.close(name, self._clock.now())

    def _resender(self, keys: Keys) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            body, key = await self._body(request), key_of(request)
            known = keys.answered(key)
            if known is not None:
                return known
            row = self._payments.get(request.match_info["payment"])
            number = await self._news.resend(row["id"], str(body.get("webhookId") or ""))
            webhook = self._news.one(number)
            written = json.dumps({"webhook": shapes.webhook(webhook)} if webhook else {}, ensure_ascii=False)
            keys.keep(key, written, 200)
            return reply(written)

        return handle


def _question(request: web.Request) -> dict[str, object]:
    """A list is asked for by a GET that has its body in the address."""
    return asked.body_of(request.query.get("requestBody", ""))


def _json(answer: Mapping[str, object]) -> web.Response:
    return reply(json.dumps(answer, ensure_ascii=False))
