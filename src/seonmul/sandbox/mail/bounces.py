"""Mails that come back: a notification by RFC 3464, posted where the product hears of its own mails."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

import aiohttp

from seonmul.sandbox.faults import REPORT_KINDS, Faults
from seonmul.sandbox.mail.box import Box

_LOOK_SECONDS = 0.05
_ANSWER_SECONDS = 10
_MOST_CALLS = 5


class Bounces:
    """Posts what is due, one after another."""

    def __init__(self, box: Box, faults: Faults, url: str) -> None:
        self._box, self._faults, self._url = box, faults, url
        self._held: set[int] = set()
        #: Held while something is on its way: what empties the sandbox waits for it.
        self.posting = asyncio.Lock()

    async def run(self) -> None:
        """Go on for ever."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_ANSWER_SECONDS)) as session:
            while True:
                async with self.posting:
                    for row in self._box.due():
                        await self._return(session, row)
                await asyncio.sleep(_LOOK_SECONDS)

    async def _return(self, session: aiohttp.ClientSession, row: sqlite3.Row) -> None:
        fault = self._faults.take("mail", REPORT_KINDS) if not row["calls"] else None
        if fault and fault.kind in ("late_webhook", "swap_webhook"):
            if fault.kind == "swap_webhook":
                self._held.add(row["id"])
            self._box.count("swapped" if fault.kind == "swap_webhook" else "late")
            return self._box.put_off(row["id"], fault.seconds)
        if (fault and fault.kind == "lose_webhook") or not self._url:
            return self._box.bounced(row["id"], tally="lost" if fault else "")
        is_heard = await self._post(session, row)
        if fault:
            await self._post(session, row)
            self._box.count("repeated")
        if self._held:
            self._box.let_go(self._held - {row["id"]})
            self._held.clear()
        if is_heard:
            return self._box.bounced(row["id"], tally="sent")
        self._box.count("failures")
        if row["calls"] + 1 >= _MOST_CALLS:
            return self._box.bounced(row["id"])
        return self._box.put_off(row["id"], 2.0 ** row["calls"])

    async def _post(self, session: aiohttp.ClientSession, row: sqlite3.Row) -> bool:
        try:
            async with session.post(
                self._url, data=notification(dict(row)), headers={"Content-Type": "message/rfc822"}
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


def notification(row: Mapping[str, Any]) -> bytes:
    """The mail that tells the sender."""
    mail = MIMEMultipart("report", report_type="delivery-status")
    mail["From"], mail["To"] = "MAILER-DAEMON@mail.sandbox", row["envelope"]
    mail["Subject"], mail["Message-ID"] = "Undelivered Mail Returned to Sender", f"<{row['id']}@mail.sandbox>"
    mail.attach(MIMEText("The mail could not be delivered.", "plain"))
    status, about, of_one = MIMEBase("message", "delivery-status"), Message(), Message()
    about["Reporting-MTA"] = "dns; mail.sandbox"
    of_one["Final-Recipient"], of_one["Action"] = f"rfc822; {row['recipient']}", "failed"
    of_one["Status"] = row["bounce_code"]
    status.attach(about)
    status.attach(of_one)
    mail.attach(status)
    headers = MIMEBase("text", "rfc822-headers")
    headers.set_payload(f"Message-ID: {row['message_id']}\r\n")
    mail.attach(headers)
    return mail.as_bytes()
