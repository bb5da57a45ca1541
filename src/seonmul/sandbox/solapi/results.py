"""The carriers' side: scheduled groups start, sent groups get their results after the delay."""

from __future__ import annotations

import asyncio

from seonmul.sandbox.clock import now_ms
from seonmul.sandbox.solapi.groups import Groups
from seonmul.sandbox.solapi.reports import Reports
from seonmul.sandbox.store import Store

_SETTLE = """
UPDATE solapi_groups SET settled_at = :now, updated_at = :now,
  status = CASE WHEN arriving + failing = total - refused THEN 'COMPLETE' ELSE status END,
  reported = CASE WHEN :reporting AND arriving + failing > 0 THEN (no << 20) - 1 END
WHERE sent_at IS NOT NULL AND settled_at IS NULL AND due_at <= :now
"""
_NEXT = """
SELECT min(at) FROM (
  SELECT min(due_at) AS at FROM solapi_groups WHERE sent_at IS NOT NULL AND settled_at IS NULL
  UNION ALL SELECT min(scheduled_at) FROM solapi_groups WHERE status = 'SCHEDULED')
"""


class Results:
    """Wakes up when something is due. What is due stands in the file, so a new process goes on with it."""

    def __init__(self, store: Store, groups: Groups, reports: Reports) -> None:
        self._store, self._groups, self._reports = store, groups, reports
        self._changed = asyncio.Event()

    def look_again(self) -> None:
        """Say that a group was sent or scheduled."""
        self._changed.set()

    def settle(self) -> int:
        """Give every group that is due its results; answers how many groups that were."""
        self._groups.send_scheduled()
        with self._store.transaction() as connection:
            now = {"now": now_ms(), "reporting": self._reports.is_wanted}
            settled = connection.execute(_SETTLE, now).rowcount
        if settled:
            self._reports.look_again()
        return settled

    async def run(self) -> None:
        """Settle for ever."""
        while True:
            self.settle()
            self._changed.clear()
            next_due = self._store.row(_NEXT)
            at_ms = next_due[0] if next_due else None
            # At most a minute, so that a clock that was set forward does not leave groups waiting.
            seconds = 60.0 if at_ms is None else min(60.0, max(0.0, (at_ms - now_ms()) / 1000) + 0.005)
            try:
                await asyncio.wait_for(self._changed.wait(), seconds)
            except TimeoutError:
                continue
