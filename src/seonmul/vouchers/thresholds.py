"""What own issue comes to: against the registration thresholds of prepaid means, and for stamp duty. P8"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from seonmul.figures.rules import Figures
from seonmul.vouchers import rules
from seonmul.vouchers.models import LIVE, VoucherState

#: What is still good for something, at face value: an amount voucher with what is left of it.
_OUTSTANDING = """
    SELECT coalesce(sum(CASE WHEN p.kind = 'amount' THEN v.won ELSE v.count * p.face_value_won END), 0)
    FROM (SELECT product_id, count(*) AS count, sum(rest_won) AS won FROM vouchers_voucher
          WHERE state = ANY(%s) GROUP BY product_id) v
    JOIN catalog_product p ON p.id = v.product_id"""

_ISSUED = """
    SELECT p.face_value_won, sum(v.issued), sum(v.replaced), sum(v.cancelled)
    FROM (SELECT v.product_id, count(*) AS issued, count(*) FILTER (WHERE v.state = 'void') AS replaced,
                 count(*) FILTER (WHERE v.state = 'refunded' AND EXISTS (
                     SELECT 1 FROM vouchers_change c WHERE c.voucher_id = v.id AND c.after = 'refunded'
                         AND c.changed_at <= v.issued_at + make_interval(days => %s))) AS cancelled
          FROM vouchers_voucher v WHERE v.issued_at >= %s AND v.issued_at < %s GROUP BY v.product_id) v
    JOIN catalog_product p ON p.id = v.product_id
    GROUP BY p.face_value_won ORDER BY p.face_value_won"""


@dataclass(frozen=True)
class Face:
    """What was issued of one face value. `duty_won`: of one voucher; `replaced`: voided for another code."""

    face_won: int
    issued: int
    replaced: int
    cancelled: int
    duty_won: int

    @property
    def taxed(self) -> int:
        return self.issued - self.replaced - self.cancelled

    @property
    def total_won(self) -> int:
        return self.taxed * self.duty_won


def outstanding_won() -> int:
    """What vouchers of own issue are still good for, in one statement. P8"""
    with connection.cursor() as cursor:
        cursor.execute(_OUTSTANDING, [[str(state) for state in LIVE if state != VoucherState.VOID]])
        return int(cursor.fetchone()[0])


def issued(since: datetime, until: datetime, *, figures: Figures) -> list[Face]:
    """Own issue in [since, until) by face value, the lowest first, in one statement. P8

    Stamp duty leaves out codes that were replaced, and what was cancelled within some days.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ISSUED, [figures.stamp_free_days, since, until])
        return [
            Face(
                int(face),
                int(all_),
                int(replaced),
                int(cancelled),
                rules.stamp_won(int(face), figures=figures),
            )
            for face, all_, replaced, cancelled in cursor.fetchall()
        ]
