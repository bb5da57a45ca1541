"""The issuer's books: coupons by the buyer's reference, goods, and the balance that issuing takes from."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any

from seonmul.sandbox.clock import now_ms
from seonmul.sandbox.store import Store

ISSUED, USED, CANCELLED, EXPIRED = "01", "02", "07", "08"
NAMES = {ISSUED: "발행", USED: "교환", CANCELLED: "구매취소", EXPIRED: "기간만료"}
DAY_MS = 86_400_000

SCHEMA = """
CREATE TABLE IF NOT EXISTS giftishow_coupons (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  tr_id TEXT NOT NULL UNIQUE,
  goods_code TEXT NOT NULL,
  pin TEXT NOT NULL UNIQUE,
  order_no TEXT NOT NULL,
  status TEXT NOT NULL,
  won INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  changed_at INTEGER,
  place TEXT NOT NULL DEFAULT ''
);
"""


@dataclass
class Goods:
    """One product of the issuer, invented."""

    code: str
    name: str
    brand: str
    won: int
    days: int
    state: str = "SALE"


def shelf() -> dict[str, Goods]:
    """All goods as a fresh sandbox has them."""
    listed = [
        Goods("G00000000101", "오미자 에이드", "온결찻집", 4_800, 93),
        Goods("G00000000102", "한 판 피자 교환권", "둥근화덕", 21_000, 30),
    ]
    return {one.code: one for one in listed}


class Refused(Exception):
    """The issuer's own word for no."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


class Coupons:
    """What the routes do."""

    def __init__(self, store: Store, balance_won: int) -> None:
        store.create(SCHEMA)
        self._store, self._first_won = store, balance_won
        self.goods, self._given_won = shelf(), balance_won

    def reset(self) -> None:
        self._store.empty("giftishow_coupons")
        self.goods, self._given_won = shelf(), self._first_won

    def give(self, won: int) -> None:
        """Let the balance be so much now."""
        self._given_won += won - self.balance_won

    @property
    def balance_won(self) -> int:
        row = self._store.row(
            "SELECT coalesce(sum(won), 0) FROM giftishow_coupons WHERE status <> ?", CANCELLED
        )
        return self._given_won - int(row[0] if row else 0)

    def issue(self, tr_id: str, goods_code: str) -> sqlite3.Row:
        if not 0 < len(tr_id) <= 25:
            raise Refused(
                "ERR0000", "TR_ID 형식"
            )  # OURS: its code for a reference of a wrong form is unknown
        if self._store.row("SELECT 1 FROM giftishow_coupons WHERE tr_id = ?", tr_id):
            raise Refused("ERR0215", "중복된 TR_ID 입니다.")
        goods = self.goods.get(goods_code)
        if goods is None or goods.state != "SALE":
            raise Refused("ERR0401", "상품이 존재하지 않습니다.")
        if goods.won > self.balance_won:
            raise Refused("E0010", "비즈머니가 부족합니다.")
        at = now_ms()
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT INTO giftishow_coupons (tr_id, goods_code, pin, order_no, status, won, issued_at, valid_until)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (tr_id, goods_code, f"9{secrets.randbelow(10**11):011d}", f"{secrets.randbelow(10**17):017d}",
                 ISSUED, goods.won, at, at + goods.days * DAY_MS),
            )  # fmt: skip
        return self.get(tr_id)

    def get(self, tr_id: str) -> sqlite3.Row:
        row = self._store.row("SELECT * FROM giftishow_coupons WHERE tr_id = ?", tr_id)
        if row is None:
            raise Refused("ERR0204", "조회된 쿠폰이 없습니다.")
        return row

    def cancel(self, tr_id: str) -> None:
        row = self.get(tr_id)
        if row["status"] == CANCELLED:
            raise Refused("COUPON.0008", "이미 취소된 쿠폰입니다.")
        if row["status"] == USED:
            raise Refused("COUPON.0007", "이미 교환된 쿠폰입니다.")
        if row["status"] != ISSUED:
            raise Refused("COUPON.0006", "취소할 수 없는 쿠폰입니다.")
        self.move(tr_id, CANCELLED)

    def move(self, tr_id: str, status: str, place: str = "", at_ms: int | None = None) -> sqlite3.Row:
        """Let a coupon stand so: a shop takes it, time passes, it is cancelled."""
        self.get(tr_id)
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE giftishow_coupons SET status = ?, changed_at = ?, place = ? WHERE tr_id = ?",
                (status, at_ms or now_ms(), place, tr_id),
            )
        return self.get(tr_id)

    def listed(self) -> list[dict[str, Any]]:
        """Every coupon without its PIN, oldest first."""
        rows = self._store.rows("SELECT tr_id, goods_code, status, won FROM giftishow_coupons ORDER BY no")
        return [
            {"trId": r["tr_id"], "goodsCode": r["goods_code"], "pinStatusCd": r["status"], "won": r["won"]}
            for r in rows
        ]

    def counts(self) -> dict[str, int]:
        rows = self._store.rows("SELECT status, count(*) AS n FROM giftishow_coupons GROUP BY status")
        by_status = {row["status"]: int(row["n"]) for row in rows}
        return {
            "coupons_issued": sum(by_status.values()),
            "coupons_live": by_status.get(ISSUED, 0),
            "coupons_used": by_status.get(USED, 0),
            "coupons_cancelled": by_status.get(CANCELLED, 0),
        }
