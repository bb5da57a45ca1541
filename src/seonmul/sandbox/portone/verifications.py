"""Identity verifications: begun when a window opens, decided once by the person in it."""

from __future__ import annotations

import sqlite3
import uuid
from typing import Any

from seonmul.sandbox.clock import iso, now_ms
from seonmul.sandbox.door import Declined
from seonmul.sandbox.portone.people import PEOPLE, Person
from seonmul.sandbox.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS portone_verifications (
  id TEXT PRIMARY KEY,
  tx_id TEXT NOT NULL,
  status TEXT NOT NULL,
  custom_data TEXT,
  person TEXT,
  requested_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
);
"""
TABLES = ("portone_verifications",)
_ALREADY = Declined(409, "IDENTITY_VERIFICATION_ALREADY_VERIFIED", "이미 인증이 완료된 본인인증입니다.")


class Verifications:
    """All verifications of the one store."""

    def __init__(self, store: Store, store_id: str, channel_key: str) -> None:
        store.create(SCHEMA)
        self._store, self._store_id, self._channel_key = store, store_id, channel_key

    def begin(self, name: str, custom_data: str) -> None:
        """Note that a window opened: an attempt with an id of its own. Raises 409 once one was successful."""
        with self._store.transaction() as connection:
            self._forbid_second_success(name)
            at, tx_id = now_ms(), str(uuid.uuid4())
            connection.execute(
                "INSERT INTO portone_verifications VALUES (?, ?, 'READY', ?, NULL, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET tx_id = excluded.tx_id, status = 'READY',"
                " changed_at = excluded.changed_at",
                (name, tx_id, custom_data or None, at, at),
            )

    def attempt(self, name: str) -> str:
        """Tell the id of the last attempt, "" when there was none."""
        row = self._row(name)
        return str(row["tx_id"]) if row else ""

    def decide(self, name: str, person: Person | None) -> None:
        """The person proved who they are, or (None) could not. Raises 409 once it was successful, 404."""
        status = "VERIFIED" if person else "FAILED"
        with self._store.transaction() as connection:
            self._forbid_second_success(name)
            done = connection.execute(
                "UPDATE portone_verifications SET status = ?, person = ?, changed_at = ? WHERE id = ?",
                (status, person.key if person else None, now_ms(), name),
            )
            if not done.rowcount:
                raise _not_found()

    def answer(self, name: str) -> dict[str, Any]:
        """Write one verification as the vendor does; raises 404."""
        row = self._row(name)
        if row is None:
            raise _not_found()
        written = {
            "status": row["status"],
            "id": name,
            "channel": self._channel(),
            **({"customData": row["custom_data"]} if row["custom_data"] else {}),
            "requestedAt": iso(row["requested_at"]),
            "updatedAt": iso(row["changed_at"]),
            "statusChangedAt": iso(row["changed_at"]),
            "pgTxId": row["tx_id"].replace("-", "")[:20],
            "version": "V2",
        }
        if row["status"] == "VERIFIED":
            person = self._customer(PEOPLE[row["person"]])
            return written | {
                "verifiedCustomer": person, "verifiedAt": iso(row["changed_at"]), "pgRawResponse": "{}"
            }  # fmt: skip
        written["requestedCustomer"] = {}
        if row["status"] == "FAILED":
            failed = {"reason": "본인인증에 실패했습니다.", "pgCode": "9999", "pgMessage": "인증 실패"}
            written["failure"] = failed
        return written

    def counts(self) -> dict[str, int]:
        """Count all of them and the successful ones."""
        row = self._store.row(
            "SELECT count(*) AS asked, count(*) FILTER (WHERE status = 'VERIFIED') AS verified"
            " FROM portone_verifications"
        )
        return {"verifications": row["asked"], "verified": row["verified"]} if row else {}

    def _forbid_second_success(self, name: str) -> None:
        row = self._row(name)
        if row is not None and row["status"] == "VERIFIED":
            raise _ALREADY

    def _row(self, name: str) -> sqlite3.Row | None:
        return self._store.row("SELECT * FROM portone_verifications WHERE id = ?", name)

    def _channel(self) -> dict[str, str]:
        return {
            "type": "TEST", "id": "channel-id-demo-identity", "key": self._channel_key,
            "name": "샌드박스 본인인증", "pgProvider": "KCP_V2", "pgMerchantId": "T0000",
        }  # fmt: skip

    def _customer(self, person: Person) -> dict[str, Any]:
        return {
            "name": person.name, "operator": person.operator, "phoneNumber": person.phone,
            "birthDate": person.born_on, "gender": person.gender, "isForeigner": person.is_foreigner,
            "ci": person.ci, "di": person.di(self._store_id),
        }  # fmt: skip


def _not_found() -> Declined:
    return Declined(404, "IDENTITY_VERIFICATION_NOT_FOUND", "요청된 본인인증 건이 존재하지 않습니다.")
