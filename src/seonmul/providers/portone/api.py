"""PortOne's manners on the wire, the same for persons and for payments."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from seonmul.kit import wire

#: What PortOne says about our request itself; the same request will get the same answer.
OURS_TO_MEND = frozenset({"INVALID_REQUEST", "UNAUTHORIZED", "FORBIDDEN"})


def get(path: str, *, answers: frozenset[str], timeout_seconds: float) -> dict[str, Any]:
    """Ask for one object. Raises `Declined` for the error types in `answers` and for what is ours to mend;
    every other error is `InDoubt`, since nobody knows what it means.
    """
    try:
        body = wire.call(
            "GET",
            settings.PORTONE_BASE_URL + path,
            headers={"Authorization": f"PortOne {settings.PORTONE_API_SECRET}"},
            params={"storeId": settings.PORTONE_STORE_ID},
            timeout_seconds=timeout_seconds,
        ).body
    except wire.Declined as no:
        if no.code in answers | OURS_TO_MEND:
            raise
        raise wire.InDoubt(f"PortOne: unknown error in a {no.status}") from no
    if not isinstance(body, dict):
        raise wire.InDoubt("PortOne: unreadable answer")
    return body
