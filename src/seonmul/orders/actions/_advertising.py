"""Who refused advertising of a company is left out of its advertising, with the reason in the row. O3, S7"""

from __future__ import annotations

from django.db import connection

from seonmul.orders.lists import RowFault
from seonmul.orders.models import Draft


def mark_opted_out(draft: Draft) -> int:
    """Make the fault of each row say whether its person refused advertising; returns how many rows changed. O3

    Whoever calls holds the draft. Where it is no advertising, and where somebody wants it again, the rows are good.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_draftrow r SET fault = n.fault FROM (
                SELECT d.id, CASE WHEN %(is_ad)s AND o.id IS NOT NULL THEN %(fault)s ELSE '' END AS fault
                FROM orders_draftrow d
                LEFT JOIN dispatch_optout o ON o.buyer_id = %(buyer)s AND o.to_index = d.to_index
                WHERE d.draft_id = %(draft)s AND (d.fault = %(fault)s OR d.fault = '' AND %(is_ad)s AND o.id IS NOT NULL)) n
            WHERE r.id = n.id AND r.fault <> n.fault""",
            {
                "is_ad": draft.is_ad,
                "fault": RowFault.OPTED_OUT.code,
                "buyer": draft.buyer_id,
                "draft": draft.id,
            },
        )
        return int(cursor.rowcount)
