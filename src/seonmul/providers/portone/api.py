"""PortOne's manners on the wire, the same for persons and for payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from seonmul.kit import wire

#: What PortOne says about our request itself; the same request will get the same answer.
OURS_TO_MEND = frozenset({"INVALID_REQUEST", "UNAUTHORIZED", "FORBIDDEN"})


def get(
    path: str, *, answers: frozenset[str], timeout_seconds: float, params: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Ask for one object. Raises `Declined` for the error types in `answers` and for what is ours to mend;
    every other error is `InDoubt`, since nobody knows what it means. `params` take the place of the store's id.
    """
    if params is None:
        params = {"storeId": settings.PORTONE_STORE_ID}
    return _ask("GET", path, answers, timeout_seconds, params=params)


def post(
    path: str,
    body: Mapping[str, Any] | None,
    *,
    answers: frozenset[str],
    timeout_seconds: float,
    key: str = "",
) -> dict[str, Any]:
    """Have something done, with the same errors as `get`. `key`: what was done under it is not done again.

    The vendor keeps a key for three hours and wants its quotation marks as a part of the header's value.
    """
    store = {"storeId": settings.PORTONE_STORE_ID}
    headers = {"Idempotency-Key": f'"{key}"'} if key else {}
    if body is None:
        return _ask("POST", path, answers, timeout_seconds, params=store, headers=headers)
    return _ask("POST", path, answers, timeout_seconds, json=store | dict(body), headers=headers)


def _ask(
    method: str,
    path: str,
    answers: frozenset[str],
    timeout_seconds: float,
    *,
    headers: Mapping[str, str] | None = None,
    **sent: Any,
) -> dict[str, Any]:
    try:
        body = wire.call(
            method,
            settings.PORTONE_BASE_URL + path,
            headers={"Authorization": f"PortOne {settings.PORTONE_API_SECRET}"} | dict(headers or {}),
            timeout_seconds=timeout_seconds,
            **sent,
        ).body
    except wire.Declined as no:
        if no.code in answers | OURS_TO_MEND:
            raise
        raise wire.InDoubt(f"PortOne: unknown error in a {no.status}") from no
    if not isinstance(body, dict):
        raise wire.InDoubt("PortOne: unreadable answer")
    return body
