"""What time it is at PortOne: the real time, unless a test has set it."""

from __future__ import annotations

from seonmul.sandbox.clock import now_ms


class Clock:
    """A clock that a test may stop at an instant. Webhooks go by the real time, since their age is checked."""

    def __init__(self) -> None:
        self._stopped_at: int | None = None

    def now(self) -> int:
        """Tell the present."""
        return now_ms() if self._stopped_at is None else self._stopped_at

    def stop(self, at: int | None) -> None:
        """Stop at an instant; None lets it run with the real time again."""
        self._stopped_at = at
