"""Idempotency keys: the same key answers the same, and never works twice.

The answer is kept in the transaction of the work, so that a kill leaves both or neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from aiohttp import web

from seonmul.sandbox.clock import now_ms
from seonmul.sandbox.door import Declined, Door, Handler
from seonmul.sandbox.portone.asked import invalid
from seonmul.sandbox.store import Store

_FORM = re.compile(r'"([A-Za-z0-9_-]{16,256})"')
_KEPT_MS = 3 * 3600 * 1000


class Keys:
    """Keys of the last three hours, and those of requests that are under way."""

    def __init__(self, store: Store, door: Door) -> None:
        self._store, self._door = store, door
        self._running: set[str] = set()

    def claim(self, handler: Handler) -> Handler:
        """Wrap a whole request, faults and all: another one with its key is turned away meanwhile."""

        async def enter(request: web.Request) -> web.StreamResponse:
            try:
                key = key_of(request)
            except Declined as no:
                return self._door.turn_away(request, no)
            if key in self._running:
                return self._door.turn_away(
                    request,
                    Declined(
                        409, "IDEMPOTENCY_OUTSTANDING_REQUEST", "같은 멱등 키의 요청을 처리하고 있습니다."
                    ),
                )
            if key:
                self._running.add(key)
            try:
                return await handler(request)
            finally:
                self._running.discard(key)

        return enter

    def answered(self, key: str) -> web.Response | None:
        """Look for the answer that this key got."""
        row = key and self._store.row(
            "SELECT * FROM portone_keys WHERE key = ? AND at > ?", key, now_ms() - _KEPT_MS
        )
        return reply(row["body"], row["status"]) if row else None

    def keep(self, key: str, body: str, status: int) -> None:
        """Keep an answer."""
        if key:
            self._store.connection.execute(
                "INSERT OR REPLACE INTO portone_keys VALUES (?, ?, ?, ?)", (key, status, body, now_ms())
            )

    def once(self, key: str, work: Callable[[], Mapping[str, object]]) -> web.Response:
        """Work in one transaction and keep the answer there, a refusal as well."""
        with self._store.transaction() as connection:
            known = self.answered(key)
            if known is not None:
                return known
            connection.execute("SAVEPOINT work")
            try:
                status, answer = 200, work()
            except Declined as no:
                connection.execute("ROLLBACK TO work")
                status, answer = no.status, {"type": no.code, "message": no.message}
            connection.execute("RELEASE work")
            body = json.dumps(answer, ensure_ascii=False)
            self.keep(key, body, status)
        return reply(body, status)


def key_of(request: web.Request) -> str:
    """Read the key, "" where there is none. The quotes are part of the header (RFC 8941)."""
    given = request.headers.get("Idempotency-Key")
    if given is None or request.method == "GET":
        return ""
    found = _FORM.fullmatch(given)
    if found is None:
        raise invalid("Idempotency-Key")
    return found[1]


def reply(body: str, status: int = 200) -> web.Response:
    """Answer with JSON that is written already."""
    return web.Response(body=body.encode(), status=status, content_type="application/json", charset="utf-8")
