"""The report webhook: results are posted in batches until the product answers 200, five calls at most."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import dataclass, field

import aiohttp

from seonmul.sandbox.clock import now_ms
from seonmul.sandbox.faults import REPORT_KINDS, Faults
from seonmul.sandbox.solapi.codes import ACCEPTED, WAITING
from seonmul.sandbox.solapi.shapes import report_item
from seonmul.sandbox.solapi.tables import rows_of
from seonmul.sandbox.store import Store

MOST_IN_POST = 500
MOST_CALLS = 5
_POST_SECONDS = 10


@dataclass
class Batch:
    """Reports for one POST, and what to write when it is over."""

    rows: list[sqlite3.Row]
    calls: int = 0
    late_no: int | None = None
    cursors: list[tuple[int | None, int]] = field(default_factory=list)  # (reported up to | None, group)


class Reports:
    """Posts what was settled. The place reached stands in the file: after a kill it goes on there.

    A POST whose answer was lost by a kill is repeated; the vendor promises at least once, not exactly once.
    """

    def __init__(self, store: Store, faults: Faults, url: str, retry_seconds: float) -> None:
        self._store, self._faults, self._url, self._retry_seconds = store, faults, url, retry_seconds
        self._changed = asyncio.Event()
        #: Held while something is on its way: what empties the sandbox waits for it.
        self.posting = asyncio.Lock()
        self._held: list[int] = []  # numbers of late batches that wait for another to be posted

    @property
    def is_wanted(self) -> bool:
        """Tell whether anybody wants reports."""
        return bool(self._url)

    def look_again(self) -> None:
        """Say that groups were settled."""
        self._changed.set()

    async def run(self) -> None:
        """Post for ever."""
        if not self.is_wanted:
            return
        timeout = aiohttp.ClientTimeout(total=_POST_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, skip_auto_headers=["User-Agent"]) as session:
            while True:
                self._changed.clear()
                async with self.posting:
                    batch = self._late_batch() or self._new_batch()
                    if batch is not None:
                        await self._deliver(session, batch)
                if batch is None:
                    await self._rest()

    async def _rest(self) -> None:
        late = self._store.row("SELECT min(due_at) FROM solapi_late_reports")
        seconds = 60.0 if late is None or late[0] is None else max(0.0, (late[0] - now_ms()) / 1000) + 0.005
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def _late_batch(self) -> Batch | None:
        late = self._store.row(
            "SELECT * FROM solapi_late_reports WHERE due_at <= ? ORDER BY due_at, no LIMIT 1", now_ms()
        )
        if late is None:
            return None
        seen = "SELECT * FROM solapi_seen WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return Batch(self._store.rows(seen, late["ids"]), late["calls"], late["no"])

    def _new_batch(self) -> Batch | None:
        batch = Batch([])
        open_groups = self._store.rows(
            "SELECT no, reported FROM solapi_groups WHERE reported IS NOT NULL ORDER BY no LIMIT ?",
            MOST_IN_POST,
        )
        for group in open_groups:
            room = MOST_IN_POST - len(batch.rows)
            if room == 0:
                break
            found = self._store.rows(
                "SELECT * FROM solapi_seen WHERE id > ? AND id <= ? AND code > ? AND code <> ?"
                " ORDER BY id LIMIT ?",
                group["reported"],
                rows_of(group["no"])[1],
                ACCEPTED,
                WAITING,
                room,
            )
            batch.rows += found
            batch.cursors.append((found[-1]["id"] if len(found) == room else None, group["no"]))
        return batch if batch.cursors else None

    async def _deliver(self, session: aiohttp.ClientSession, batch: Batch) -> None:
        """Post one batch, or let an ordered fault happen to it."""
        if not batch.rows:
            return self._finish(batch)
        fault = self._faults.take("solapi", REPORT_KINDS)
        if fault and fault.kind == "lose_webhook":
            return self._finish(batch, "webhooks_lost")
        if fault and fault.kind == "late_webhook":
            return self._finish(batch, "webhooks_late", again_in_seconds=fault.seconds)
        if fault and fault.kind == "swap_webhook":
            return self._finish(batch, "webhooks_swapped", again_in_seconds=fault.seconds, is_held=True)
        arrived = await self._post(session, batch)
        if fault and fault.kind == "repeat_webhook":
            await self._post(session, batch)
            self._tally("webhooks_repeated")
        self._let_go()
        if arrived:
            return self._finish(batch, "webhooks_sent")
        batch.calls += 1
        again = self._retry_seconds * 2 ** (batch.calls - 1) if batch.calls < MOST_CALLS else None
        return self._finish(batch, "webhook_failures", again_in_seconds=again)

    async def _post(self, session: aiohttp.ClientSession, batch: Batch) -> bool:
        body = "[" + ",".join(report_item(row, batch.calls) for row in batch.rows) + "]"
        try:
            async with session.post(
                self._url,
                data=body.encode(),
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
            ) as response:
                await response.read()
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _let_go(self) -> None:
        """Another was posted: those that were held back come now."""
        if not self._held:
            return
        late = "UPDATE solapi_late_reports SET due_at = ? WHERE no = ?"
        with self._store.transaction() as connection:
            connection.executemany(late, [(now_ms(), no) for no in self._held])
        self._held.clear()

    def _finish(
        self, batch: Batch, tally: str = "", again_in_seconds: float | None = None, is_held: bool = False
    ) -> None:
        """Write down at once how far we are, and when this batch is to be posted again, if ever."""
        with self._store.transaction() as connection:
            connection.executemany("UPDATE solapi_groups SET reported = ? WHERE no = ?", batch.cursors)
            connection.execute("DELETE FROM solapi_late_reports WHERE no = ?", (batch.late_no,))
            if again_in_seconds is not None:
                ids = json.dumps([row["id"] for row in batch.rows])
                due = now_ms() + int(again_in_seconds * 1000)
                late = "INSERT INTO solapi_late_reports (ids, calls, due_at) VALUES (?, ?, ?)"
                written = connection.execute(late, (ids, batch.calls, due))
                self._held += [int(written.lastrowid or 0)] if is_held else []
            if tally:
                self._tally(tally)

    def _tally(self, name: str) -> None:
        self._store.connection.execute(
            "INSERT INTO solapi_tallies VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1", (name,)
        )
