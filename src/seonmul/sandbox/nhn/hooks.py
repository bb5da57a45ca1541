"""NHN Cloud's webhook: one message a call, with fixed words for a signature. OURS: how often it tries again."""

from __future__ import annotations

import asyncio
import sqlite3

import aiohttp

from seonmul.sandbox.faults import REPORT_KINDS, Faults
from seonmul.sandbox.nhn.texts import ARRIVED, Texts
from seonmul.sandbox.settings import Settings

_LOOK_SECONDS = 0.05
_ANSWER_SECONDS = 10
_MOST_CALLS = 5


class Hooks:
    """Tells results one by one."""

    def __init__(self, texts: Texts, faults: Faults, settings: Settings) -> None:
        self._texts, self._faults = texts, faults
        self._key, self._url = settings.nhn_app_key, settings.nhn_webhook_url
        self._signature = settings.nhn_webhook_signature
        self._held: set[int] = set()
        #: Held while something is on its way: what empties the sandbox waits for it.
        self.posting = asyncio.Lock()

    async def run(self) -> None:
        """Go on for ever."""
        if not self._url:
            return
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_ANSWER_SECONDS)) as session:
            while True:
                async with self.posting:
                    for row in self._texts.due():
                        await self._tell(session, row)
                await asyncio.sleep(_LOOK_SECONDS)

    async def _tell(self, session: aiohttp.ClientSession, row: sqlite3.Row) -> None:
        fault = None if row["hooks"] else self._faults.take("nhn", REPORT_KINDS)
        if fault and fault.kind in ("late_webhook", "swap_webhook"):
            if fault.kind == "swap_webhook":
                self._held.add(row["id"])
            self._texts.count("webhooks_swapped" if fault.kind == "swap_webhook" else "webhooks_late")
            return self._texts.hooked(row["id"], again_seconds=fault.seconds)
        if fault and fault.kind == "lose_webhook":
            self._texts.count("webhooks_lost")
            return self._texts.hooked(row["id"])
        is_heard = await self._post(session, row)
        if fault:
            await self._post(session, row)
            self._texts.count("webhooks_repeated")
        if self._held:
            self._texts.let_go(self._held - {row["id"]})
            self._held.clear()
        if not is_heard and row["hooks"] + 1 < _MOST_CALLS:
            return self._texts.hooked(row["id"], again_seconds=2.0 ** row["hooks"])
        self._texts.count("webhooks_sent" if is_heard else "webhook_failures")
        return self._texts.hooked(row["id"])

    async def _post(self, session: aiohttp.ClientSession, row: sqlite3.Row) -> bool:
        hook = {
            "hookId": f"hook-{row['id']}",
            "requestId": row["request"],
            "recipientSeq": row["seq"],
            "messageStatus": "COMPLETED" if row["code"] == ARRIVED else "FAILED",
            "resultCode": row["code"],
        }
        told = {
            "hooksId": f"hooks-{row['id']}",
            "webhookConfigId": "sandbox",
            "productName": "SMS",
            "appKey": self._key,
            "event": "MESSAGE_RESULT_UPDATE",
            "hooks": [hook],
        }
        headers = {"X-Toast-Webhook-Signature": self._signature}
        try:
            async with session.post(self._url, json=told, headers=headers) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False
