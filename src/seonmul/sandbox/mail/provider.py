"""The mail server as a provider of the sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from aiohttp import web

from seonmul.sandbox.door import Journal
from seonmul.sandbox.faults import Faults
from seonmul.sandbox.mail.bounces import Bounces
from seonmul.sandbox.mail.box import Box
from seonmul.sandbox.mail.pages import Pages
from seonmul.sandbox.mail.server import NAME, Server
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store


class Mail:
    """The provider "mail" of the sandbox (see ``Provider``); SMTP at `port` once it has started."""

    name = NAME

    def __init__(self, settings: Settings, store: Store, faults: Faults, journal: Journal) -> None:
        del journal  # its visits are no requests
        self._host, self.port = settings.host, settings.smtp_port
        self._box = Box(store, settings.delay_seconds)
        self._server = Server(
            self._box,
            faults,
            grey_seconds=settings.mail_grey_seconds,
            slow_seconds=settings.mail_slow_seconds,
        )
        self._bounces = Bounces(self._box, faults, settings.mail_bounce_url)
        self._listening: asyncio.Server | None = None
        self._running: asyncio.Task[None] | None = None

    def add_routes(self, app: web.Application) -> None:
        """Put the inbox for people."""
        Pages(self._box).add_routes(app)

    async def start(self) -> None:
        """Listen, and go on returning what is to come back. Raises ``OSError`` when the port is taken."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._server.line, self._host, self.port)
        self.port = int(self._listening.sockets[0].getsockname()[1])
        self._running = asyncio.create_task(self._bounces.run())

    async def stop(self) -> None:
        """Stop listening."""
        if self._listening:
            self._listening.close()
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def reset(self) -> None:
        """Forget every mail."""
        async with self._bounces.posting:
            self._box.reset()

    def stats(self) -> dict[str, int]:
        """Count what happened."""
        return self._box.stats()

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """Tell the mails that were taken, newest first."""
        return self._box.texts(to, kind, limit)
