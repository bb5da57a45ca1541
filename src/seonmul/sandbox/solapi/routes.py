"""SOLAPI's routes, their requests read and their answers written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from seonmul.sandbox.clock import ms_of, now_ms
from seonmul.sandbox.door import Declined, Door, Handler, Journal
from seonmul.sandbox.faults import Faults
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.solapi import tables
from seonmul.sandbox.solapi.auth import Auth
from seonmul.sandbox.solapi.check import Check, Examined
from seonmul.sandbox.solapi.codes import is_refused
from seonmul.sandbox.solapi.groups import Groups
from seonmul.sandbox.solapi.lists import Lists
from seonmul.sandbox.solapi.pictures import Pictures
from seonmul.sandbox.solapi.reports import Reports
from seonmul.sandbox.solapi.results import Results
from seonmul.sandbox.solapi.shapes import ACCOUNT_ID, accepted_item, group_info, listed_item
from seonmul.sandbox.store import Store

MOST_BYTES = 15 * 1024 * 1024
PREFIX = "/solapi"
_NO_SUCH = Declined(404, "ResourceNotFound", "존재하지 않는 주소입니다.")


class Solapi:
    """The provider "solapi" of the sandbox (see ``Provider``)."""

    name = "solapi"

    def __init__(self, settings: Settings, store: Store, faults: Faults, journal: Journal) -> None:
        store.create(tables.SCHEMA)
        self._store = store
        self._auth = Auth(settings.solapi_api_key, settings.solapi_api_secret)
        self._pictures = Pictures(store)
        check = Check(settings.senders, self._pictures.has)
        self._groups = Groups(store, check, settings.delay_seconds, settings.solapi_balance_won)
        self._lists = Lists(store)
        self._reports = Reports(
            store, faults, settings.solapi_webhook_url, settings.solapi_webhook_retry_seconds
        )
        self._results = Results(store, self._groups, self._reports)
        self._door = Door(self.name, faults, journal, _says)
        self._running: list[asyncio.Task[None]] = []

    def add_routes(self, app: web.Application) -> None:
        """Put every route under /solapi, behind the door and the signature."""
        groups = "/messages/v4/groups"
        for method, path, fault_route, handler in (
            ("POST", groups, "create", self._create),
            ("GET", groups, "ask", self._ask_groups),
            ("GET", groups + "/{group}", "ask", self._ask_group),
            ("DELETE", groups + "/{group}", "delete", self._delete),
            ("PUT", groups + "/{group}/messages", "add", self._add),
            ("GET", groups + "/{group}/messages", "ask", self._ask_group_messages),
            ("DELETE", groups + "/{group}/messages", "delete", self._remove),
            ("POST", groups + "/{group}/send", "send", self._send),
            ("POST", groups + "/{group}/schedule", "send", self._schedule),
            ("DELETE", groups + "/{group}/schedule", "delete", self._cancel_schedule),
            ("POST", "/messages/v4/send-many/detail", "send", self._send_many),
            ("GET", "/messages/v4/list", "ask", self._ask_messages),
            ("GET", "/messages/v4/list-old", "ask", self._ask_messages),
            ("POST", "/storage/v1/files", "upload", self._upload),
            ("GET", "/cash/v1/balance", "ask", self._ask_balance),
        ):
            guarded = self._door.guard(fault_route, self._signed(handler))
            app.router.add_route(method, PREFIX + path, guarded)
        app.router.add_get(PREFIX + "/pictures/{picture}", self._show_picture)
        app.router.add_route("*", PREFIX + "/{rest:.*}", self._door.guard("any", _nothing_here))

    async def start(self) -> None:
        """Take up what is due, then go on settling and reporting."""
        self._running = [asyncio.create_task(self._results.run()), asyncio.create_task(self._reports.run())]

    async def stop(self) -> None:
        """End the two loops."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def reset(self) -> None:
        """Forget every group, message, picture, report and signature."""
        async with self._reports.posting:
            self._store.empty(*tables.TABLES)
        self._pictures.forget()
        self._auth.forget()

    def stats(self) -> dict[str, int]:
        """Count what happened."""
        return self._lists.stats()

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """Tell the messages that were really sent, newest first."""
        return self._lists.texts(base_url, to, kind, limit)

    def _signed(self, handler: Callable[[web.Request], Awaitable[web.Response]]) -> Handler:
        async def enter(request: web.Request) -> web.StreamResponse:
            self._auth.check(request.headers.get("Authorization", ""), now_ms())
            return await handler(request)

        return enter

    async def _create(self, request: web.Request) -> web.Response:
        no = self._groups.create(await _body(request))
        return _json(group_info(self._groups.row(no)))

    async def _add(self, request: web.Request) -> web.Response:
        group = self._groups.find(request.match_info["group"])
        messages = (await _body(request)).get("messages")
        added = self._groups.add(group["no"], messages)
        items = _items(group["stamp"], added, accepted_item)
        errors = sum(is_refused(one.code) for _, one in added)
        return _text(f'{{"errorCount":{errors},"resultList":[{items}]}}')

    async def _send(self, request: web.Request) -> web.Response:
        no = self._groups.find(request.match_info["group"])["no"]
        self._groups.send(no)
        self._results.look_again()
        return _json(group_info(self._groups.row(no)))

    async def _schedule(self, request: web.Request) -> web.Response:
        no = self._groups.find(request.match_info["group"])["no"]
        self._groups.schedule(no, _scheduled_at(await _body(request)))
        self._results.look_again()
        return _json(group_info(self._groups.row(no)))

    async def _cancel_schedule(self, request: web.Request) -> web.Response:
        no = self._groups.find(request.match_info["group"])["no"]
        self._groups.cancel_schedule(no)
        return _json(group_info(self._groups.row(no)))

    async def _delete(self, request: web.Request) -> web.Response:
        no = self._groups.find(request.match_info["group"])["no"]
        self._groups.delete(no)
        return _json(group_info(self._groups.row(no)))

    async def _remove(self, request: web.Request) -> web.Response:
        group = self._groups.find(request.match_info["group"])
        wanted = (await _body(request)).get("messageIds")
        if not isinstance(wanted, list) or not wanted:
            raise Declined(400, "ValidationError", '"messageIds" is required')
        known = {name: tables.number_of(str(name), "M4V") for name in map(str, wanted)}
        removed = self._groups.remove(group["no"], [found[1] for found in known.values() if found])
        results = [
            {
                "messageId": name,
                "resultCode": "Success" if found and found[1] in removed else "MessageNotFound",
            }
            for name, found in known.items()
        ]
        errors = sum(result["resultCode"] != "Success" for result in results)
        name = tables.group_id(group["stamp"], group["no"])
        return _json({"groupId": name, "errorCount": errors, "resultList": results})

    async def _send_many(self, request: web.Request) -> web.Response:
        wish = await _body(request)
        due = _scheduled_at(wish) if wish.get("scheduledDate") else None
        no = self._groups.create(wish)
        try:
            added = self._groups.add(no, wish.get("messages"))
            if any(one.code == "1030" for _, one in added):
                raise Declined(402, "NotEnoughBalance", "잔액이 부족합니다.")
            if due is None:
                self._groups.send(no)
            else:
                self._groups.schedule(no, due)
        except Declined:
            self._groups.delete(no)
            raise
        self._results.look_again()
        group = self._groups.row(no)
        failed = _items(group["stamp"], [pair for pair in added if is_refused(pair[1].code)], accepted_item)
        info = json.dumps(group_info(group), ensure_ascii=False)
        listed = ""
        if wish.get("showMessageList"):
            listed = f',"messageList":[{_items(group["stamp"], added, listed_item)}]'
        return _text(f'{{"failedMessageList":[{failed}],"groupInfo":{info}{listed}}}')

    async def _ask_group(self, request: web.Request) -> web.Response:
        return _json(group_info(self._groups.find(request.match_info["group"])))

    async def _ask_groups(self, request: web.Request) -> web.Response:
        return _json(self._lists.of_groups(request.query))

    async def _ask_group_messages(self, request: web.Request) -> web.Response:
        group = self._groups.find(request.match_info["group"])
        return _text(self._lists.of_group(group, request.query))

    async def _ask_messages(self, request: web.Request) -> web.Response:
        return _text(self._lists.of_messages(request.query))

    async def _upload(self, request: web.Request) -> web.Response:
        return _json(self._pictures.upload(await _body(request), str(request.url.origin())))

    async def _show_picture(self, request: web.Request) -> web.Response:
        try:
            content = self._pictures.content(request.match_info["picture"])
        except Declined as no:
            return _says(no)
        return web.Response(body=content, content_type="image/jpeg")

    async def _ask_balance(self, request: web.Request) -> web.Response:
        return _json(
            {
                "lowBalanceAlert": {},
                "point": 0,
                "minimumCash": 3000,
                "rechargeTo": 0,
                "rechargeTryCount": 0,
                "autoRecharge": 0,
                "accountId": ACCOUNT_ID,
                "balance": self._groups.balance_won(),
            }
        )


async def _nothing_here(request: web.Request) -> web.StreamResponse:
    raise _NO_SUCH


async def _body(request: web.Request) -> dict[str, Any]:
    """Read a JSON object; an empty body counts as {}."""
    if (request.content_length or 0) > MOST_BYTES:
        raise Declined(413, "RequestEntityTooLarge", "하나의 요청은 15MB를 넘을 수 없습니다.")
    raw = await request.read()
    try:
        read = json.loads(raw) if raw.strip() else {}
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise Declined(400, "InvalidJSON", "JSON 형식이 올바르지 않습니다.") from None
    if not isinstance(read, dict):
        raise Declined(400, "ValidationError", "body must be an object")
    return read


def _scheduled_at(wish: dict[str, Any]) -> int:
    at_ms = ms_of(str(wish.get("scheduledDate") or ""))
    if at_ms is None:
        raise Declined(400, "ValidationError", '"scheduledDate" must be a valid ISO 8601 date')
    if at_ms > now_ms() + 183 * 24 * 3600 * 1000:
        raise Declined(400, "ValidationError", "예약은 6개월 이내만 가능합니다.")
    return at_ms


def _items(stamp: str, added: list[tuple[int, Examined]], write: Callable[[Examined, str], str]) -> str:
    return ",".join([write(one, tables.message_id(stamp, row)) for row, one in added])


def _says(no: Declined) -> web.Response:
    return _json({"errorCode": no.code, "errorMessage": no.message}, no.status)


def _json(answer: dict[str, Any], status: int = 200) -> web.Response:
    return _text(json.dumps(answer, ensure_ascii=False), status)


def _text(answer: str, status: int = 200) -> web.Response:
    return web.Response(body=answer.encode(), status=status, content_type="application/json", charset="utf-8")
