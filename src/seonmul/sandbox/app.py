"""Puts the sandbox together: one web application, one file, every provider."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from seonmul.sandbox.door import Journal
from seonmul.sandbox.faults import Faults
from seonmul.sandbox.giftishow.routes import Giftishow
from seonmul.sandbox.inside import Inside
from seonmul.sandbox.mail.provider import Mail
from seonmul.sandbox.nhn.routes import Nhn
from seonmul.sandbox.nts.routes import Nts
from seonmul.sandbox.phone import Pages
from seonmul.sandbox.portone.routes import PortOne
from seonmul.sandbox.provider import Provider
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.solapi.routes import Solapi
from seonmul.sandbox.store import Store

_MOST_BYTES = 32 * 1024 * 1024
#: The one provider that listens at a port of its own.
MAIL = web.AppKey("mail", Mail)


def build(settings: Settings) -> web.Application:
    """Make the application; its file is opened now, its providers start with it."""
    store, faults, journal = Store(settings.data), Faults(), Journal()
    mail = Mail(settings, store, faults, journal)
    providers: list[Provider] = [
        Solapi(settings, store, faults, journal),
        Nts(settings, faults, journal),
        PortOne(settings, store, faults, journal),
        Giftishow(settings, store, faults, journal),
        Nhn(settings, store, faults, journal),
        mail,
    ]
    inside = Inside(providers, faults, journal)
    app = web.Application(client_max_size=_MOST_BYTES)
    app[MAIL] = mail
    for provider in providers:
        provider.add_routes(app)
    inside.add_routes(app)
    Pages(inside).add_routes(app)

    async def live(app: web.Application) -> AsyncIterator[None]:
        for provider in providers:
            await provider.start()
        yield
        for provider in providers:
            await provider.stop()
        store.close()

    app.cleanup_ctx.append(live)
    return app
