"""Questions: messages and groups by the vendor's filters, in pages; and what the sandbox's own routes ask."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from multidict import MultiMapping

from seonmul.sandbox.clock import ms_of
from seonmul.sandbox.door import Declined
from seonmul.sandbox.solapi.shapes import group_info, message_item, seen_text
from seonmul.sandbox.solapi.tables import group_id, message_id, number_of, rows_of
from seonmul.sandbox.store import Store

MOST_IN_PAGE = 10_000
_PORTION = 2000


class Lists:
    """Reads only."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_group(self, group: sqlite3.Row, query: MultiMapping[str]) -> str:
        """Answer a page of a group's messages, oldest first."""
        first, last = rows_of(group["no"])
        start, limit = _row_of(query.get("startKey", ""), first), _limit(query)
        rows = self._store.rows(
            "SELECT * FROM solapi_seen WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            max(first, start),
            last,
            limit + 1,
        )
        return _page(rows, query, limit)

    def of_messages(self, query: MultiMapping[str]) -> str:
        """Answer a page of all messages, newest first, by messageIds, groupId, to, from, type and so on."""
        where, values = _filters(query)
        limit = _limit(query)
        sql = f"SELECT * FROM solapi_seen WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - fixed texts
        return _page(self._store.rows(sql, *values, limit + 1), query, limit)

    def of_groups(self, query: MultiMapping[str]) -> dict[str, Any]:
        """Answer a page of groups, newest first, by criteria, cond and value, and by dates."""
        where, values = _group_filters(query)
        limit = _limit(query)
        sql = f"SELECT * FROM solapi_groups WHERE {where} ORDER BY no DESC LIMIT ?"  # noqa: S608
        rows = self._store.rows(sql, *values, limit + 1)
        more = group_id(rows[limit]["stamp"], rows[limit]["no"]) if len(rows) > limit else None
        return {
            "startKey": query.get("startKey"),
            "limit": limit,
            "nextKey": more,
            "groupList": {group_id(row["stamp"], row["no"]): group_info(row) for row in rows[:limit]},
        }

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """Tell what was really sent, newest first (see ``Provider.texts``)."""
        for group_no, places in self._sent_groups(to):
            last = (group_no << 20) + places - 1
            while limit > 0:
                rows = self._sent_before(group_no << 20, last, to, kind, min(limit, _PORTION))
                yield from ((row["sent_at"], seen_text(row, base_url)) for row in rows)
                limit -= len(rows)
                if len(rows) < _PORTION:
                    break
                last = rows[-1]["id"] - 1

    def stats(self) -> dict[str, int]:
        """Count what happened, from the rows."""
        row = self._store.row("""
            SELECT count(*) AS groups, total(total - refused) AS accepted, total(refused) AS refused,
              total((total - refused) * (sent_at IS NOT NULL)) AS sent,
              total(arriving * (settled_at IS NOT NULL)) AS delivered,
              total(failing * (settled_at IS NOT NULL)) AS failed
            FROM solapi_groups WHERE status <> 'DELETED'""")
        counts = {name: int(n) for name, n in dict(row or {}).items()}
        counts["pending"] = counts["sent"] - counts["delivered"] - counts["failed"]
        twice = self._store.row("""
            SELECT count(*) FROM (SELECT 1 FROM solapi_seen WHERE sent_at IS NOT NULL AND code >= '2000'
              GROUP BY recipient, custom, CASE custom WHEN '{}' THEN text END HAVING count(*) > 1)""")
        tallies = dict.fromkeys(
            (
                "webhooks_sent",
                "webhook_failures",
                "webhooks_lost",
                "webhooks_repeated",
                "webhooks_late",
                "webhooks_swapped",
            ),
            0,
        )
        tallies |= {name: n for name, n in self._store.rows("SELECT name, n FROM solapi_tallies")}
        return counts | {"duplicates": twice[0] if twice else 0} | tallies

    def _sent_groups(self, to: str) -> list[tuple[int, int]]:
        of_one = "AND no IN (SELECT id >> 20 FROM solapi_messages WHERE recipient = :to)" if to else ""
        rows = self._store.connection.execute(
            f"SELECT no, places FROM solapi_groups WHERE sent_at IS NOT NULL {of_one}"  # noqa: S608
            " ORDER BY sent_at DESC, no DESC",
            {"to": to},
        )
        return [(row["no"], row["places"]) for row in rows]

    def _sent_before(self, first: int, last: int, to: str, kind: str, most: int) -> list[sqlite3.Row]:
        return self._store.rows(
            "SELECT * FROM solapi_seen WHERE id BETWEEN ? AND ? AND code >= '2000'"
            " AND (? = '' OR recipient = ?) AND (? = '' OR kind = ?) ORDER BY id DESC LIMIT ?",
            first,
            last,
            to,
            to,
            kind,
            kind,
            most,
        )


def _filters(query: MultiMapping[str]) -> tuple[str, list[object]]:
    where, values = ["1"], list[object]()
    ids = query.getall("messageIds", []) + query.getall("messageIds[]", []) + query.getall("messageId", [])
    if ids:
        where.append(f"id IN ({','.join('?' * len(ids))})")
        values += [_row_of(name, -1) for name in ids]
    if name := query.get("groupId"):
        known = number_of(name, "G4V")
        where.append("id BETWEEN ? AND ?")
        values += rows_of(known[1]) if known and known[1] < 1 << 40 else (-1, -1)
    for field, column in (
        ("to", "recipient"),
        ("from", "sender"),
        ("type", "kind"),
        ("statusCode", "seen_code"),
    ):
        if value := query.get(field):
            where.append(f"{column} = ?")
            values.append(value.replace("-", "") if field in ("to", "from") else value)
    if key := query.get("startKey"):
        where.append("id <= ?")
        values.append(_row_of(key, -1))
    updated = query.get("dateType") == "UPDATED"
    _between(query, "coalesce(settled_at, sent_at, created_at)" if updated else "created_at", where, values)
    return " AND ".join(where), values


def _group_filters(query: MultiMapping[str]) -> tuple[str, list[object]]:
    where, values = ["1"], list[object]()
    criteria, value = query.get("criteria"), query.get("value", "")
    if criteria is not None and query.get("cond", "eq") != "eq":
        raise Declined(400, "ValidationError", '"cond" must be eq')
    if criteria == "groupId":
        known = number_of(value, "G4V")
        where.append("no = ?")
        values.append(known[1] if known and known[1] < 1 << 40 else -1)
    elif criteria == "status":
        where.append("status = ?")
        values.append(value)
    elif criteria is not None:
        raise Declined(400, "ValidationError", '"criteria" must be groupId or status')
    if known_start := number_of(query.get("startKey", ""), "G4V"):
        where.append("no <= ?")
        values.append(known_start[1])
    _between(query, "created_at", where, values)
    return " AND ".join(where), values


def _between(query: MultiMapping[str], column: str, where: list[str], values: list[object]) -> None:
    for field, sign in (("startDate", ">="), ("endDate", "<=")):
        if text := query.get(field):
            at_ms = ms_of(text)
            if at_ms is None:
                raise Declined(400, "ValidationError", f'"{field}" must be a valid ISO 8601 date')
            where.append(f"{column} {sign} ?")
            values.append(at_ms)


def _limit(query: MultiMapping[str]) -> int:
    text = query.get("limit", "20")
    if not text.isdecimal() or not 1 <= int(text) <= MOST_IN_PAGE:
        raise Declined(400, "ValidationError", f'"limit" must be between 1 and {MOST_IN_PAGE}')
    return int(text)


def _row_of(name: str, otherwise: int) -> int:
    known = number_of(name, "M4V")
    return known[1] if known else otherwise


def _page(rows: list[sqlite3.Row], query: MultiMapping[str], limit: int) -> str:
    """Write a page of messages; nextKey is the first message of the next page."""
    more = f'"{message_id(rows[limit]["stamp"], rows[limit]["id"])}"' if len(rows) > limit else "null"
    start = f'"{query["startKey"]}"' if number_of(query.get("startKey", ""), "M4V") else "null"
    items = ",".join(message_item(row) for row in rows[:limit])
    return f'{{"startKey":{start},"nextKey":{more},"limit":{limit},"messageList":{{{items}}}}}'
