"""What the sandbox asks of each provider it plays. A new vendor is one more folder that fulfils this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from aiohttp import web


class Provider(Protocol):
    """One outside party."""

    name: str

    def add_routes(self, app: web.Application) -> None:
        """Put its routes under its own prefix."""

    async def start(self) -> None:
        """Begin what runs by itself, and take up what a killed process left."""

    async def stop(self) -> None:
        """End what runs by itself."""

    async def reset(self) -> None:
        """Forget everything; returns when nothing of it is on its way to the outside any more."""

    def stats(self) -> dict[str, int]:
        """Count, by the names of GET /_/stats."""

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """Tell the messages that were really sent, newest first; ``to`` and ``kind`` may be empty for all.

        Each is (accepted at, in milliseconds; the JSON object of GET /_/messages as text). Read in portions,
        so that one step takes few milliseconds and no cursor stays open in between.
        """
