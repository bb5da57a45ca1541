"""Kept tallies are folded, so that they stay few rows. O11"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.gifts import queries
from seonmul.kit import jobs

_KEYS = "result, is_opened, state"


@transaction.atomic
def fold_tallies(buyer_id: UUID, *, at: datetime) -> int:
    """Add a buyer's rows up, by line and by buyer; returns how many new ones went into that. O11

    One statement takes rows away and puts their sums back, so that whoever adds up meanwhile sees all of the old ones
    or all of the new ones. What is being folded by somebody else, or not committed yet, stays for the next time.
    """
    del at
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH fresh AS (
                DELETE FROM gifts_tallyrow WHERE id IN (
                    SELECT id FROM gifts_tallyrow WHERE buyer_id = %(buyer)s AND level = 'new'
                    FOR UPDATE SKIP LOCKED)
                RETURNING order_id, line_id, {_KEYS}, copies),
            folded AS (
                DELETE FROM gifts_tallyrow WHERE id IN (
                    SELECT id FROM gifts_tallyrow
                    WHERE level = 'line' AND order_id IN (SELECT order_id FROM fresh)
                        OR level = 'buyer' AND buyer_id = %(buyer)s AND EXISTS (SELECT FROM fresh)
                    FOR UPDATE SKIP LOCKED)
                RETURNING level, order_id, line_id, {_KEYS}, copies),
            parts AS (
                SELECT level, order_id, line_id, {_KEYS}, copies FROM folded
                UNION ALL SELECT 'line', order_id, line_id, {_KEYS}, copies FROM fresh
                UNION ALL SELECT 'buyer', NULL, NULL, {_KEYS}, copies FROM fresh),
            kept AS (
                INSERT INTO gifts_tallyrow (buyer_id, order_id, line_id, level, {_KEYS}, copies)
                SELECT %(buyer)s, order_id, line_id, level, {_KEYS}, sum(copies) FROM parts
                GROUP BY level, order_id, line_id, {_KEYS} HAVING sum(copies) <> 0)
            SELECT count(*) FROM fresh""",  # noqa: S608 - names of columns
            {"buyer": buyer_id},
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def sweep_tallies(*, at: datetime) -> int:
    """Have the tallies of buyers folded that have anything new; returns how many buyers. O11"""
    del at
    found = queries.buyers_to_fold()
    for buyer_id in found:
        jobs.enqueue_once("gifts.fold_tallies", f"fold:{buyer_id}", buyer_id=buyer_id)
    return len(found)
