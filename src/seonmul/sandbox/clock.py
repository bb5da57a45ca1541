"""Times as the sandbox keeps them: whole milliseconds since 1970 UTC; as text only at the edge."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

SEOUL = timezone(timedelta(hours=9))


def now_ms() -> int:
    """Tell the present in milliseconds."""
    return time.time_ns() // 1_000_000


@lru_cache(maxsize=4096)
def iso(at_ms: int | None) -> str | None:
    """Write an instant as the vendors do: 2026-11-22T01:00:00.000Z."""
    if at_ms is None:
        return None
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"


def seoul(at_ms: int, form: str) -> str:
    """Write an instant in Seoul's time by a strftime form."""
    return datetime.fromtimestamp(at_ms / 1000, SEOUL).strftime(form)


def ms_of(text: str) -> int | None:
    """Read an ISO 8601 instant; None when it is no date. Without an offset it counts as UTC."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return int(at.timestamp() * 1000)
