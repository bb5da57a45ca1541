"""What became of those of whom the check before paying had something to say. O4"""

from __future__ import annotations

from django.db import connection

from seonmul.orders.models import Order


def check_outcomes(order: Order) -> list[tuple[int, int, int]]:
    """The recipients of an order by what its check said of them: (bits of the signs, people, of them without any copy).

    A message that our own side withdrew says nothing of a number.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH people AS (
                SELECT coalesce(r.phone_index, r.mail_index) AS i, NOT bool_or(g.result = 'delivered') AS failed
                FROM gifts_gift g JOIN orders_recipient r ON r.id = g.recipient_id
                WHERE g.order_id = %s AND g.result NOT IN ('waiting', 'withdrawn') GROUP BY 1)
            SELECT coalesce(w.signs, 0), count(*), count(*) FILTER (WHERE p.failed)
            FROM people p JOIN orders_look l ON l.draft_id = %s
            LEFT JOIN orders_warned w ON w.look_id = l.id AND w.to_index = p.i
            GROUP BY 1""",
            [order.id, order.draft_id],
        )
        return [(bits, people, failed) for bits, people, failed in cursor.fetchall()]
