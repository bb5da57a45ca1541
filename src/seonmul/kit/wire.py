"""Every call to an outside party goes through here.

Three errors say what to do next: `Unreached` (it never left: try again), `InDoubt` (it may have arrived: ask
before trying again), `Declined(code)` (a final no). A call inside a transaction is refused: no row waits on a
vendor.
"""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx2
from django.db import connections

CONNECT_SECONDS = 5.0


class WireError(Exception):
    """Base of the three; the text names the party and the kind of trouble, never what was sent."""


class Unreached(WireError):
    """The request did not leave this machine; trying again is safe."""


class InDoubt(WireError):
    """The request may have been carried out; ask the other side before trying again."""


class Declined(WireError):
    """The other side said no. `code` is the vendor's own word, `status` the HTTP status."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(f"{code} ({status})")
        self.code = code
        self.status = status


class InTransaction(RuntimeError):
    """A programming error: an outside call while a transaction is open."""


@dataclass(frozen=True)
class Answer:
    """A 2xx answer with its JSON body (an object or a list; {} when the body is empty)."""

    status: int
    body: Any


def call(
    method: str,
    url: str,
    *,
    json: Any = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    params: Any = None,
    timeout_seconds: float = 30.0,
) -> Answer:
    """Make one HTTP call and return its JSON answer, or raise one of the three errors."""
    refuse_in_transaction()
    sent = dict(headers or {})
    if json is not None:
        content = jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":")).encode()
        sent.setdefault("Content-Type", "application/json")
    try:
        answer = _client().request(
            method,
            url,
            content=content,
            headers=sent,
            params=params,
            timeout=httpx2.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        )
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        raise Unreached(type(error).__name__) from error
    except httpx2.HTTPError as error:
        raise InDoubt(type(error).__name__) from error
    return _read(answer)


def _read(answer: httpx2.Response) -> Answer:
    try:
        body = answer.json() if answer.content else {}
    except ValueError as error:
        # a gateway's HTML page instead of the vendor's answer: nobody knows what happened behind it
        raise InDoubt(f"no JSON in a {answer.status_code}") from error
    if answer.is_success:
        return Answer(answer.status_code, body)
    if answer.status_code >= 500 or answer.status_code in (408, 425):
        raise InDoubt(f"status {answer.status_code}")
    code = body.get("errorCode") or body.get("type") or body.get("code") if isinstance(body, dict) else None
    raise Declined(str(code or "unknown"), answer.status_code)


def refuse_in_transaction() -> None:
    """Raise when any database connection of this thread is inside a transaction (a test case's own aside)."""
    for connection in connections.all(initialized_only=True):
        if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            raise InTransaction("an outside call must not wait inside a transaction")


@lru_cache
def _client() -> httpx2.Client:
    return httpx2.Client(limits=httpx2.Limits(max_keepalive_connections=8, max_connections=32))
