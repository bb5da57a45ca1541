"""The tax office's routes."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from seonmul.sandbox.door import Declined, Door, Handler, Journal
from seonmul.sandbox.faults import Faults
from seonmul.sandbox.nts import register
from seonmul.sandbox.settings import Settings

PREFIX = "/nts"
_MOST = 100
_BAD_REQUEST = Declined(400, "BAD_JSON_REQUEST", "")


class Nts:
    """The provider "nts" of the sandbox (see ``Provider``)."""

    name = "nts"

    def __init__(self, settings: Settings, faults: Faults, journal: Journal) -> None:
        self._key, self._slow_seconds = settings.nts_service_key, settings.nts_slow_seconds
        self._door = Door(self.name, faults, journal, _says)

    def add_routes(self, app: web.Application) -> None:
        """Put both questions under /nts, behind the door and the key."""
        base = PREFIX + "/api/nts-businessman/v1"
        app.router.add_post(base + "/status", self._door.guard("status", self._keyed(self._status)))
        app.router.add_post(base + "/validate", self._door.guard("validate", self._keyed(self._validate)))
        app.router.add_route("*", PREFIX + "/{rest:.*}", self._door.guard("any", _nothing_here))

    async def start(self) -> None:
        """Nothing runs by itself."""

    async def stop(self) -> None:
        """Nothing runs by itself."""

    async def reset(self) -> None:
        """Nothing is kept."""

    def stats(self) -> dict[str, int]:
        """Nothing is counted."""
        return {}

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """It sends no messages."""
        return iter(())

    def _keyed(self, handler: Handler) -> Handler:
        async def enter(request: web.Request) -> web.StreamResponse:
            given = request.query.get("serviceKey", "")
            if not hmac.compare_digest(given.encode(), self._key.encode()):
                raise Declined(401, "-401", "유효하지 않은 인증키 입니다.")
            return await handler(request)

        return enter

    async def _status(self, request: web.Request) -> web.Response:
        numbers = await _asked(request, "b_no")
        if not all(isinstance(number, str) for number in numbers):
            raise _BAD_REQUEST
        if down := await self._troubles(numbers):
            return down
        rows = [register.status(number) for number in numbers]
        return _ok(rows, sum(bool(row["b_stt_cd"]) for row in rows))

    async def _validate(self, request: web.Request) -> web.Response:
        asked = await _asked(request, "businesses")
        if not all(isinstance(one, dict) and one.keys() >= {"b_no", "start_dt", "p_nm"} for one in asked):
            raise _BAD_REQUEST
        if down := await self._troubles([str(one["b_no"]) for one in asked]):
            return down
        rows = [_verdict(one) for one in asked]
        return _ok(rows, sum(row["valid"] == "01" for row in rows))

    async def _troubles(self, numbers: list[str]) -> web.Response | None:
        troubles = {register.trouble(number) for number in numbers}
        if register.SLOW in troubles:
            await asyncio.sleep(self._slow_seconds)
        if register.DOWN in troubles:
            page = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>"
            return web.Response(status=503, text=page, content_type="text/html")
        return None


def _verdict(one: dict[str, Any]) -> dict[str, Any]:
    number = str(one["b_no"])
    row: dict[str, Any] = {"b_no": number, "request_param": one}
    if register.matches(number, str(one["p_nm"]), str(one["start_dt"])):
        return row | {"valid": "01", "status": register.status(number)}
    return row | {"valid": "02", "valid_msg": "확인할 수 없습니다."}


async def _asked(request: web.Request, name: str) -> list[Any]:
    try:
        listed = json.loads(await request.read())[name]
    except (ValueError, KeyError, TypeError):
        raise _BAD_REQUEST from None
    if not isinstance(listed, list) or not listed:
        raise _BAD_REQUEST
    if len(listed) > _MOST:
        raise Declined(413, "TOO_LARGE_REQUEST", "")
    return listed


def _ok(rows: list[dict[str, Any]], matched: int) -> web.Response:
    counts = {"request_cnt": len(rows)} | ({"match_cnt": matched} if matched else {})
    return _json({"status_code": "OK", **counts, "data": rows})


async def _nothing_here(request: web.Request) -> web.StreamResponse:
    raise Declined(404, "-404", "존재하지 않는 서비스입니다.")


def _says(no: Declined) -> web.Response:
    """The portal's own errors have a negative code, the service's a status_code."""
    if no.code.startswith("-"):
        return _json({"code": int(no.code), "msg": no.message}, no.status)
    return _json({"status_code": no.code}, no.status)


def _json(answer: dict[str, Any], status: int = 200) -> web.Response:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")
