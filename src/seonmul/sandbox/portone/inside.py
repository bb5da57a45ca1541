"""The sandbox's own routes of PortOne under /_/portone: a person, a bank and a clock for tests. Unsigned."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from seonmul.sandbox.clock import iso
from seonmul.sandbox.door import Declined
from seonmul.sandbox.portone import asked
from seonmul.sandbox.portone.bank import MOST_TIMES, Bank
from seonmul.sandbox.portone.cancels import Cancels
from seonmul.sandbox.portone.pay import PayWindow, choice_of
from seonmul.sandbox.portone.payments import Payments
from seonmul.sandbox.portone.times import Clock
from seonmul.sandbox.store import Store

_PREFIX = "/_/portone"


class Inside:
    """What pages do, by plain HTTP."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        payments: Payments,
        window: PayWindow,
        bank: Bank,
        cancels: Cancels,
    ) -> None:
        self._store, self._clock, self._payments = store, clock, payments
        self._window, self._bank, self._cancels = window, bank, cancels

    def add_routes(self, app: web.Application) -> None:
        """Put the routes."""
        for name, work in (
            ("open", self._open),
            ("decide", self._decide),
            ("deposit", self._deposit),
            ("settle", self._settle),
            ("clock", self._set_clock),
        ):
            app.router.add_post(f"{_PREFIX}/{name}", _handler(work))

    def _open(self, body: dict[str, Any]) -> dict[str, object]:
        return dict(self._window.begin(body, str(body.get("redirectUrl", ""))))

    def _decide(self, body: dict[str, Any]) -> dict[str, object]:
        row, choice = self._payments.get(asked.text(body, "paymentId")), choice_of(body)
        if choice is None:
            raise asked.invalid("choice")
        return dict(self._window.choose(row["tx_id"], choice, asked.instant(body, "at")))

    def _deposit(self, body: dict[str, Any]) -> dict[str, object]:
        won, times = asked.won(body, "won", least=1), asked.won(body, "times", least=1) or 1
        if won is None or times > MOST_TIMES:
            raise asked.invalid("won or times")
        return dict(self._bank.deposit(asked.text(body, "paymentId"), won, asked.instant(body, "at"), times))

    def _settle(self, body: dict[str, Any]) -> dict[str, object]:
        name, succeeds = asked.text(body, "paymentId"), body.get("succeeds") is not False
        with self._store.transaction():
            return {"settled": self._cancels.settle(name, succeeds=succeeds)}

    def _set_clock(self, body: dict[str, Any]) -> dict[str, object]:
        self._clock.stop(asked.instant(body, "at"))
        return {"at": iso(self._clock.now())}


def _handler(work: Any) -> Any:
    async def enter(request: web.Request) -> web.Response:
        try:
            return web.json_response(work(asked.body_of(await request.read())))
        except Declined as no:
            return web.json_response({"type": no.code, "message": no.message}, status=no.status)

    return enter
