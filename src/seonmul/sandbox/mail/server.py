"""The mail server: every answer by the fate of the address, or by a fault that a test ordered."""

from __future__ import annotations

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from seonmul.sandbox.faults import REQUEST_KINDS, Faults
from seonmul.sandbox.mail.box import Box
from seonmul.sandbox.mail.fates import AFTER_DATA, PUT_OFF, REFUSED, fate_of

NAME = "mail"
_CUT = "421 4.3.0 closing"
_MOST_BYTES = 10 * 1024 * 1024


class Server:
    """Handler of aiosmtpd: it is asked at each command."""

    def __init__(self, box: Box, faults: Faults, *, grey_seconds: float, slow_seconds: float) -> None:
        self._box, self._faults = box, faults
        self._grey_seconds, self._slow_seconds = grey_seconds, slow_seconds

    def line(self) -> SMTP:
        """One connection."""
        return SMTP(self, data_size_limit=_MOST_BYTES, enable_SMTPUTF8=True, hostname="mail.sandbox")

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        fault = await self._befallen(server, "connect")
        return [fault] if fault else responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := await self._befallen(server, "rcpt"):
            return fault
        fate = fate_of(address)
        if fate in REFUSED:
            return REFUSED[fate]
        if fate == "busy" or (fate == "grey" and self._box.is_grey(address, self._grey_seconds)):
            return PUT_OFF[fate]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fate = fate_of(envelope.rcpt_tos[0])
        if fate in AFTER_DATA:
            return AFTER_DATA[fate]
        if fate == "slow":
            await asyncio.sleep(self._slow_seconds)
        fault = self._faults.take(NAME, REQUEST_KINDS, "data")
        if fault and fault.kind in ("error_500", "refuse", "drop_connection", "html_error"):
            return self._said(server, fault.kind, fault.status, fault.error_code)
        if fate == "cut":
            return _hang_up(server)
        for recipient in envelope.rcpt_tos:
            self._box.keep(recipient, envelope.mail_from or "", envelope.original_content or b"")
        if fate == "drop":
            return _hang_up(server)
        if fault:
            await asyncio.sleep(fault.seconds)
            if fault.kind == "timeout_after_accept":
                return _hang_up(server)
        return f"250 2.0.0 OK: taken by {NAME}"

    async def _befallen(self, server: SMTP, route: str) -> str:
        """The answer of a fault, "" to go on."""
        fault = self._faults.take(NAME, REQUEST_KINDS, route)
        if fault is None:
            return ""
        if fault.kind in ("slow", "timeout_after_accept"):
            await asyncio.sleep(fault.seconds)
            return "" if fault.kind == "slow" else _hang_up(server)
        return self._said(server, fault.kind, fault.status, fault.error_code)

    def _said(self, server: SMTP, kind: str, status: int, code: str) -> str:
        if kind == "error_500":
            return "451 4.3.0 local error in processing"
        if kind == "refuse":
            # `status` and `errorCode` of the fault are the reply's number and its enhanced code
            number = status if 400 <= status < 600 and status != 400 else 550
            return f"{number} {code if code[:2] in ('4.', '5.') else f'{number // 100}.7.1'} refused"
        return _hang_up(server)


def _hang_up(server: SMTP) -> str:
    """Cut the line; the answer made here reaches nobody."""
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()
    return _CUT
