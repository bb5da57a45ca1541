"""NHN Cloud's routes, their requests read and their answers written."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from seonmul.sandbox.door import Declined, Door, Handler, Journal
from seonmul.sandbox.faults import Faults
from seonmul.sandbox.nhn.files import Files
from seonmul.sandbox.nhn.hooks import Hooks
from seonmul.sandbox.nhn.texts import ARRIVED, Texts, ad_refusal, refusal, result
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store

PREFIX = "/nhn/sms/v3.0/appKeys/{key}"
_MOST_RECIPIENTS = 1000


class Nhn:
    """The provider "nhn" of the sandbox (see ``Provider``)."""

    name = "nhn"

    def __init__(self, settings: Settings, store: Store, faults: Faults, journal: Journal) -> None:
        self._key, self._secret = settings.nhn_app_key, settings.nhn_secret_key
        self._senders = settings.senders
        self._texts, self._files = Texts(store, settings.delay_seconds), Files(store)
        self._hooks = Hooks(self._texts, faults, settings)
        self._door = Door(self.name, faults, journal, _says)
        self._running: asyncio.Task[None] | None = None

    def add_routes(self, app: web.Application) -> None:
        """Put every route behind the door and the two keys."""
        for path in ("sms", "mms", "ad-sms", "ad-mms"):
            app.router.add_post(f"{PREFIX}/sender/{path}", self._door.guard("send", self._keyed(self._send)))
        for path in ("sms", "mms"):
            app.router.add_get(
                f"{PREFIX}/sender/{path}/{{request}}", self._door.guard("ask", self._keyed(self._ask))
            )
        app.router.add_post(
            f"{PREFIX}/attachfile/binaryUpload", self._door.guard("upload", self._keyed(self._upload))
        )
        app.router.add_get("/nhn/files/{file}", self._show_file)
        app.router.add_route("*", "/nhn/{rest:.*}", self._door.guard("any", _nothing_here))

    async def start(self) -> None:
        """Go on telling results."""
        self._running = asyncio.create_task(self._hooks.run())

    async def stop(self) -> None:
        """End that."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def reset(self) -> None:
        """Forget every message."""
        async with self._hooks.posting:
            self._texts.reset()

    def stats(self) -> dict[str, int]:
        """Count what happened."""
        return self._texts.stats()

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """Tell the messages that were taken, newest first."""
        return self._texts.texts(base_url, to, kind, limit)

    def _keyed(self, handler: Handler) -> Handler:
        async def enter(request: web.Request) -> web.StreamResponse:
            if request.match_info["key"] != self._key:
                raise Declined(200, "-1001", "존재하지 않는 앱키입니다.")
            secret = request.headers.get("X-Secret-Key", "")
            if not hmac.compare_digest(secret.encode(), self._secret.encode()):
                raise Declined(200, "-1000", "유효하지 않은 앱키입니다.")
            return await handler(request)

        return enter

    async def _send(self, request: web.Request) -> web.StreamResponse:
        kind = "sms" if request.path.endswith("sms") else "mms"
        try:
            wish = json.loads(await request.read())
        except ValueError:
            raise Declined(200, "-9997", "JSON 형식이 올바르지 않습니다.") from None
        people = wish.get("recipientList") if isinstance(wish, dict) else None
        if not isinstance(people, list) or not people:
            raise Declined(200, "-2001", "수신자가 비어 있습니다.")
        if len(people) > _MOST_RECIPIENTS:
            raise Declined(200, "-2016", "수신자는 1,000명까지입니다.")
        for one in people:
            if code := refusal(kind, wish, str(one.get("recipientNo") or ""), self._senders):
                raise Declined(200, code, "요청을 처리할 수 없습니다.")
        if "/ad-" in request.path and (code := ad_refusal(wish)):
            raise Declined(200, code, "080 수신거부 번호를 확인해 주세요.")
        if code := self._files.refusal(kind, wish.get("attachFileIdList")):
            raise Declined(200, code, "첨부파일을 확인해 주세요.")
        number = self._texts.take(kind, wish, people)
        listed = [
            {"recipientNo": one["recipientNo"], "resultCode": 0, "resultMessage": "SUCCESS", "recipientSeq": seq,
             "recipientGroupingKey": one.get("recipientGroupingKey")}
            for seq, one in enumerate(people, 1)
        ]  # fmt: skip
        return _json({"data": {"requestId": number, "statusCode": "2", "sendResultList": listed}})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        try:
            wish = json.loads(await request.read())
            content = base64.b64decode(str(wish["fileBody"]), validate=True)
        except (ValueError, TypeError, KeyError, binascii.Error):
            raise Declined(200, "-9997", "JSON 형식이 올바르지 않습니다.") from None
        if code := self._files.fault(str(wish.get("fileName") or ""), content):
            raise Declined(200, code, "첨부할 수 없는 파일입니다.")
        return _json({"data": {"fileId": self._files.keep(content), "fileName": wish["fileName"]}})

    async def _show_file(self, request: web.Request) -> web.StreamResponse:
        content = self._files.content(request.match_info["file"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="image/jpeg")

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        kind = "sms" if "/sender/sms/" in request.path else "mms"
        row = self._texts.find(kind, request.match_info["request"], request.query.get("recipientSeq", ""))
        if row is None:
            raise Declined(200, "-9998", "존재하지 않는 요청입니다.")
        code = result(row)
        status = {"": "2", ARRIVED: "3"}.get(code, "4")
        return _json(
            {
                "data": {
                    "requestId": row["request"],
                    "recipientSeq": row["seq"],
                    "recipientNo": row["recipient"],
                    "sendNo": row["sender"],
                    "msgStatus": status,
                    "resultCode": code or None,
                    "recipientGroupingKey": row["own_key"],
                }
            }
        )


async def _nothing_here(request: web.Request) -> web.StreamResponse:
    raise Declined(200, "-9998", "존재하지 않는 API입니다.")


def _says(no: Declined) -> web.Response:
    number = int(no.code) if no.code.lstrip("-").isdecimal() else -9999
    header = {"isSuccessful": False, "resultCode": number, "resultMessage": no.message}
    return web.json_response({"header": header, "body": None}, status=no.status)


def _json(body: dict[str, Any]) -> web.Response:
    header = {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"}
    return web.json_response({"header": header, "body": body})
