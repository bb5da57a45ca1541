"""The sandbox's own routes under /_/: look in, order faults, empty it. For tests and for `seonmul prove`."""

from __future__ import annotations

import asyncio
import heapq
import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice

from aiohttp import web

from seonmul.sandbox.door import Journal
from seonmul.sandbox.faults import Faults
from seonmul.sandbox.provider import Provider

MOST_MESSAGES = 200_000
_PORTION = 1000


class Inside:
    """Answers for all providers together."""

    def __init__(self, providers: list[Provider], faults: Faults, journal: Journal) -> None:
        self._providers, self._faults, self._journal = providers, faults, journal

    def add_routes(self, app: web.Application) -> None:
        """Put the routes under /_/."""
        app.router.add_get("/_/messages", self._messages)
        app.router.add_get("/_/stats", self._stats)
        app.router.add_get("/_/requests", self._requests)
        app.router.add_post("/_/reset", self._reset)
        app.router.add_get("/_/faults", self._list_faults)
        app.router.add_post("/_/faults", self._order_fault)
        app.router.add_delete("/_/faults", self._clear_faults)

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[str]:
        """Tell what phones got from every provider, newest first, as JSON objects."""
        each = [provider.texts(base_url, to, kind, limit) for provider in self._providers]
        merged = heapq.merge(*each, key=lambda text: text[0], reverse=True)
        return (text for _, text in islice(merged, limit))

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        limit = _limit(request, MOST_MESSAGES)
        to = request.query.get("to", "").replace("-", "")
        texts = self.texts(str(request.url.origin()), to, request.query.get("type", "").upper(), limit)
        response = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
        await response.prepare(request)
        comma = "["
        while portion := list(islice(texts, _PORTION)):
            await response.write((comma + ",\n".join(portion)).encode())
            comma = ",\n"
            await asyncio.sleep(0)
        await response.write(b"[]" if comma == "[" else b"]")
        await response.write_eof()
        return response

    async def _stats(self, request: web.Request) -> web.Response:
        total: dict[str, int] = {}
        for provider in self._providers:
            for name, n in provider.stats().items():
                total[name] = total.get(name, 0) + n
        return web.json_response(total | {"requests": self._journal.counted})

    async def _requests(self, request: web.Request) -> web.Response:
        visits = islice(reversed(self._journal.visits), _limit(request, 5000))
        return web.json_response(list(visits))

    async def _reset(self, request: web.Request) -> web.Response:
        for provider in self._providers:
            await provider.reset()
        self._faults.clear()
        self._journal.clear()
        return web.json_response({"emptied": True})

    async def _list_faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._faults.listed())

    async def _order_fault(self, request: web.Request) -> web.Response:
        names = frozenset(provider.name for provider in self._providers)
        try:
            fault = self._faults.order(json.loads(await request.text()), names)
        except ValueError as wrong:  # JSONDecodeError is one too
            return web.json_response({"error": str(wrong)}, status=400)
        return web.json_response(asdict(fault), status=201)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._faults.clear()
        return web.json_response([])


def _limit(request: web.Request, most: int) -> int:
    text = request.query.get("limit", "100")
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise web.HTTPBadRequest(text=f"limit must be between 1 and {most}")
    return int(text)
