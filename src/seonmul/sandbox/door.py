"""The door of every provider: notes the visit, lets an ordered fault happen, puts errors into JSON."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from seonmul.sandbox.clock import iso, now_ms
from seonmul.sandbox.faults import REQUEST_KINDS, Fault, Faults

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_SECRETS = re.compile(r"(signature=|servicekey=|portone )[^,&\s]+", re.IGNORECASE)
_PERSONAL = re.compile(r"(birthdate=|/bank-accounts/[^/]+/)[^/&?\s]+", re.IGNORECASE)


class Declined(Exception):
    """A provider says no: an HTTP status and its own words for it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


@dataclass
class Journal:
    """The last visits, for the debugging page; the number of all of them."""

    visits: deque[dict[str, object]] = field(default_factory=lambda: deque(maxlen=5000))
    counted: int = 0

    def note(self, request: web.Request, status: int, fault: Fault | None, took: float) -> None:
        """Write down one visit, secrets cut."""
        self.counted += 1
        self.visits.append(
            {
                "at": iso(now_ms()),
                "method": request.method,
                "path": _cut(request.path_qs),
                "status": status,
                "milliseconds": round(took * 1000, 1),
                "bytes": request.content_length or 0,
                "authorization": _cut(request.headers.get("Authorization", "")),
                "fault": fault.kind if fault else None,
            }
        )

    def clear(self) -> None:
        """Forget all visits."""
        self.visits.clear()
        self.counted = 0


@dataclass
class Door:
    """Leads requests of one provider to their handler."""

    provider: str
    faults: Faults
    journal: Journal
    says: Callable[[Declined], web.Response]

    def guard(self, route: str, handler: Handler) -> Handler:
        """Wrap a handler; ``route`` is the name by which faults mean it (send, add, create, ask, any)."""

        async def enter(request: web.Request) -> web.StreamResponse:
            started = time.perf_counter()
            fault = self.faults.take(self.provider, REQUEST_KINDS, route)
            response = await self._befallen(request, handler, fault) if fault else None
            if response is None:
                response = await self._answer(request, handler)
            self.journal.note(request, response.status, fault, time.perf_counter() - started)
            return response

        return enter

    def turn_away(self, request: web.Request, no: Declined) -> web.Response:
        """Say no before the door, where no fault is used up."""
        self.journal.note(request, no.status, None, 0.0)
        return self.says(no)

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Declined as no:
            return self.says(no)
        except web.HTTPRequestEntityTooLarge:
            return self.says(Declined(413, "RequestEntityTooLarge", "요청의 크기가 너무 큽니다."))
        except UnicodeEncodeError:  # half of a surrogate pair, which no file and no phone can keep
            return self.says(Declined(400, "ValidationError", "UTF-8로 쓸 수 없는 글자가 있습니다."))

    async def _befallen(
        self, request: web.Request, handler: Handler, fault: Fault
    ) -> web.StreamResponse | None:
        """Let the fault happen. None: go on as if nothing had been (only later)."""
        match fault.kind:
            case "slow":
                await asyncio.sleep(fault.seconds)
                return None
            case "timeout_after_accept":
                answer = await self._answer(request, handler)
                await _wait_for_hang_up(request, fault.seconds)
                return _hang_up(request, answer.status)
            case "error_500":
                return self.says(Declined(500, "InternalServerError", "서버 오류가 발생했습니다."))
            case "html_error":
                page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
                return web.Response(status=502, text=page, content_type="text/html")
            case "refuse":
                return self.says(Declined(fault.status, fault.error_code, "요청을 처리할 수 없습니다."))
            case "answer":
                return web.json_response(fault.body, status=fault.status)
            case _:
                return _hang_up(request, 499)


def _cut(text: str) -> str:
    return _PERSONAL.sub(r"\1***", _SECRETS.sub(r"\1***", text))


async def _wait_for_hang_up(request: web.Request, most_seconds: float) -> None:
    until = time.monotonic() + most_seconds
    while time.monotonic() < until and request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.02)


def _hang_up(request: web.Request, status: int) -> web.Response:
    """Cut the line; the response made here is for the journal and reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=status)
