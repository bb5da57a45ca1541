"""What can be done with a group of messages. Each verb is one transaction, committed before the answer."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from itertools import chain
from typing import Any

from seonmul.sandbox.clock import iso, now_ms, seoul
from seonmul.sandbox.door import Declined
from seonmul.sandbox.solapi.check import Check, Examined
from seonmul.sandbox.solapi.codes import ARRIVED, WAITING, is_refused
from seonmul.sandbox.solapi.shapes import PRICES_WON
from seonmul.sandbox.solapi.tables import MOST_IN_GROUP, number_of, rows_of
from seonmul.sandbox.store import Store

MOST_IN_REQUEST = 10_000
_KIND_WORDS = {"SMS": "단문문자", "LMS": "장문문자", "MMS": "사진문자", "ATA": "알림톡"}
_INSERT = "INSERT INTO solapi_messages VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"


class Groups:
    """The groups of the one account that the emulator knows."""

    def __init__(self, store: Store, check: Check, delay_seconds: float, balance_won: int) -> None:
        self._store, self._check = store, check
        self._delay_ms, self._opening_won = int(delay_seconds * 1000), balance_won

    def create(self, wish: dict[str, Any]) -> int:
        """Open an empty group; answers its number."""
        at = now_ms()
        agent = wish | (wish["agent"] if isinstance(wish.get("agent"), dict) else {})
        log = [{"message": "메시지 그룹이 생성되었습니다.", "createAt": iso(at)}]
        with self._store.transaction() as connection:
            made = connection.execute(
                "INSERT INTO solapi_groups"
                " (stamp, status, allow_duplicates, custom, agent, log, created_at, updated_at)"
                " VALUES (?, 'PENDING', ?, ?, ?, ?, ?, ?)",
                (
                    seoul(at, "%Y%m%d%H%M%S"),
                    int(bool(wish.get("allowDuplicates"))),
                    json.dumps(wish.get("customFields") or {}, ensure_ascii=False),
                    json.dumps({k: agent.get(k) for k in ("appId", "sdkVersion", "osPlatform")}),
                    json.dumps(log, ensure_ascii=False),
                    at,
                    at,
                ),
            )
        return int(made.lastrowid or 0)

    def row(self, no: int) -> sqlite3.Row:
        """Answer a group's row by its number."""
        found = self._store.row("SELECT * FROM solapi_groups WHERE no = ?", no)
        if found is None:
            raise Declined(404, "ResourceNotFound", "존재하지 않는 그룹입니다.")
        return found

    def find(self, name: str) -> sqlite3.Row:
        """Answer the row of the group with this id; raises ``Declined`` 404."""
        known = number_of(name, "G4V")
        group = self.row(known[1] if known and known[1] < 1 << 40 else 0)
        if known is None or group["stamp"] != known[0]:
            raise Declined(404, "ResourceNotFound", "존재하지 않는 그룹입니다.")
        return group

    def add(self, no: int, messages: object) -> list[tuple[int, Examined]]:
        """Examine messages and store all of them, refused ones too; answers (row number, examined) in order.

        Raises ``Declined`` 400 when the group is no longer PENDING, nothing is given, or too much is given.
        """
        pairs = _recipients(messages)
        with self._store.transaction() as connection:
            group = self._pending(no)
            if group["places"] + len(pairs) > MOST_IN_GROUP:
                raise Declined(
                    400, "ValidationError", "하나의 그룹에 담을 수 있는 메시지는 1,000,000건입니다."
                )
            examine = self._check.examine
            examined = [examine(message, to) for message, to in pairs]
            if not group["allow_duplicates"]:
                examined = self._without_twins(no, examined)
            examined = self._within_balance(group, examined)
            first, at = rows_of(no)[0] + group["places"], now_ms()
            numbered = list(enumerate(examined, first))
            connection.executemany(_INSERT, [(row, *one, at) for row, one in numbered])
            self._count_in(group, examined, at)
        return numbered

    def send(self, no: int) -> None:
        """Switch a PENDING group to SENDING: the only thing that sends. Raises ``Declined`` 400 or 402."""
        with self._store.transaction():
            self._start(self._pending(no))

    def schedule(self, no: int, at_ms: int) -> None:
        """Have a PENDING group sent at an instant; a past one means now."""
        with self._store.transaction() as connection:
            group = self._pending(no)
            self._require_something_to_send(group)
            connection.execute(
                "UPDATE solapi_groups SET status = 'SCHEDULED', scheduled_at = ?, updated_at = ?, log = ?"
                " WHERE no = ?",
                (at_ms, now_ms(), _logged(group, "예약 발송이 등록되었습니다."), no),
            )

    def send_scheduled(self) -> None:
        """Send the scheduled groups whose time has come; one without enough balance fails."""
        due = "SELECT * FROM solapi_groups WHERE status = 'SCHEDULED' AND scheduled_at <= ?"
        for group in self._store.rows(due, now_ms()):
            with self._store.transaction():
                try:
                    self._start(group)
                except Declined:
                    self._close(group, "FAILED", "잔액이 부족하여 발송에 실패하였습니다.")

    def cancel_schedule(self, no: int) -> None:
        """Take back a schedule; the group becomes FAILED and is never sent."""
        with self._store.transaction():
            group = self.row(no)
            if group["status"] != "SCHEDULED":
                raise Declined(400, "ScheduleNotFound", "예약된 그룹이 아닙니다.")
            self._close(group, "FAILED", "예약 발송이 취소되었습니다.")

    def delete(self, no: int) -> None:
        """Throw a PENDING group and its messages away."""
        with self._store.transaction() as connection:
            group = self._pending(no)
            connection.execute("DELETE FROM solapi_messages WHERE id BETWEEN ? AND ?", rows_of(no))
            self._close(group, "DELETED", "메시지 그룹이 삭제되었습니다.")

    def remove(self, no: int, rows: list[int]) -> set[int]:
        """Take messages out of a PENDING group; answers those that were in it."""
        with self._store.transaction() as connection:
            group = self._pending(no)
            removed = {
                row
                for row in rows
                if row >> 20 == no
                and connection.execute("DELETE FROM solapi_messages WHERE id = ?", (row,)).rowcount
            }
            self._recount(group)
        return removed

    def balance_won(self) -> int:
        """Tell the balance: what it opened with less what was sent."""
        spent = self._store.row("SELECT coalesce(sum(cost), 0) FROM solapi_groups WHERE sent_at IS NOT NULL")
        return self._opening_won - int(spent[0] if spent else 0)

    def _pending(self, no: int) -> sqlite3.Row:
        group = self.row(no)
        if group["status"] != "PENDING":
            raise Declined(400, "GroupNotPending", f"대기 중인 그룹이 아닙니다: {group['status']}")
        return group

    def _require_something_to_send(self, group: sqlite3.Row) -> None:
        if group["total"] == 0:
            raise Declined(400, "MessagesNotFound", "그룹에 메시지가 없습니다.")

    def _start(self, group: sqlite3.Row) -> None:
        self._require_something_to_send(group)
        before = self.balance_won()
        if group["cost"] > before:
            raise Declined(402, "NotEnoughBalance", "잔액이 부족합니다.")
        at = now_ms()
        money: dict[str, object] = {
            "oldBalance": before,
            "newBalance": before - group["cost"],
            "totalPrice": group["cost"],
        }
        self._store.connection.execute(
            "UPDATE solapi_groups SET status = 'SENDING', sent_at = ?, due_at = ?, updated_at = ?, log = ?"
            " WHERE no = ?",
            (at, at + self._delay_ms, at, _logged(group, "메시지를 발송했습니다.", money), group["no"]),
        )

    def _close(self, group: sqlite3.Row, status: str, words: str) -> None:
        self._store.connection.execute(
            "UPDATE solapi_groups SET status = ?, updated_at = ?, log = ? WHERE no = ?",
            (status, now_ms(), _logged(group, words), group["no"]),
        )

    def _without_twins(self, no: int, examined: list[Examined]) -> list[Examined]:
        known = self._store.rows(
            "SELECT recipient FROM solapi_messages WHERE id BETWEEN ? AND ?", *rows_of(no)
        )
        seen = {row[0] for row in known}
        single = []
        for one in examined:
            if one.recipient in seen and not is_refused(one.code):
                one = one._replace(code="1026")
            seen.add(one.recipient)
            single.append(one)
        return single

    def _within_balance(self, group: sqlite3.Row, examined: list[Examined]) -> list[Examined]:
        left = self.balance_won() - int(group["cost"])
        if _cost(examined) <= left:
            return examined
        affordable = []
        for one in examined:
            if not is_refused(one.code):
                left -= PRICES_WON[one.kind]
                if left < 0:
                    one = one._replace(code="1030")
            affordable.append(one)
        return affordable

    def _count_in(self, group: sqlite3.Row, examined: list[Examined], at: int) -> None:
        accepted = [one for one in examined if not is_refused(one.code)]
        kinds = Counter(one.kind for one in accepted)
        added = ", ".join(f"{_KIND_WORDS[kind]}({kind}) {n} 건" for kind, n in kinds.items()) or "0 건"
        arriving = sum(one.code == ARRIVED for one in accepted)
        silent = sum(one.code == WAITING for one in accepted)
        self._store.connection.execute(
            "UPDATE solapi_groups SET places = places + ?, total = total + ?, refused = refused + ?,"
            " arriving = arriving + ?, failing = failing + ?, cost = cost + ?, kinds = ?, log = ?,"
            " updated_at = ? WHERE no = ?",
            (
                len(examined),
                len(examined),
                len(examined) - len(accepted),
                arriving,
                len(accepted) - arriving - silent,
                _cost(accepted),
                json.dumps(Counter(json.loads(group["kinds"])) + kinds),
                _logged(group, f"국가코드(82)의 {added}이 추가되었습니다."),
                at,
                group["no"],
            ),
        )

    def _recount(self, group: sqlite3.Row) -> None:
        """Count a group anew after messages were taken out; places are never given twice."""
        rows = self._store.rows(
            "SELECT kind, code, count(*) AS n FROM solapi_messages WHERE id BETWEEN ? AND ? GROUP BY 1, 2",
            *rows_of(group["no"]),
        )
        accepted = [row for row in rows if not is_refused(row["code"])]
        kinds: Counter[str] = Counter()
        for row in accepted:
            kinds[row["kind"]] += row["n"]
        total = sum(row["n"] for row in rows)
        arriving = sum(row["n"] for row in accepted if row["code"] == ARRIVED)
        silent = sum(row["n"] for row in accepted if row["code"] == WAITING)
        self._store.connection.execute(
            "UPDATE solapi_groups SET total = ?, refused = ?, arriving = ?, failing = ?, cost = ?, kinds = ?,"
            " log = ?, updated_at = ? WHERE no = ?",
            (
                total,
                total - kinds.total(),
                arriving,
                kinds.total() - arriving - silent,
                sum(PRICES_WON[kind] * n for kind, n in kinds.items()),
                json.dumps(kinds),
                _logged(group, "메시지를 삭제했습니다."),
                now_ms(),
                group["no"],
            ),
        )


def _recipients(messages: object) -> list[tuple[dict[str, Any], object]]:
    """Spread messages over their recipients: ``to`` may be one number or a list of them."""
    if not isinstance(messages, list) or not messages:
        raise Declined(400, "ValidationError", '"messages" is required')
    if not all(isinstance(message, dict) for message in messages):
        raise Declined(400, "ValidationError", '"messages" must contain objects')
    pairs = list(chain.from_iterable(_spread(message) for message in messages))
    if len(pairs) > MOST_IN_REQUEST:
        raise Declined(400, "ValidationError", "하나의 요청에 수신번호는 10,000개를 넘을 수 없습니다.")
    return pairs


def _spread(message: dict[str, Any]) -> list[tuple[dict[str, Any], object]]:
    to = message.get("to")
    return [(message, one) for one in to] if isinstance(to, list) and to else [(message, to)]


def _cost(examined: list[Examined]) -> int:
    return sum(PRICES_WON[one.kind] for one in examined if not is_refused(one.code))


def _logged(group: sqlite3.Row, words: str, more: dict[str, object] | None = None) -> str:
    """Write the group's log with one more line."""
    line = {"message": words, "createAt": iso(now_ms())} | (more or {})
    return json.dumps([*json.loads(group["log"]), line], ensure_ascii=False)
