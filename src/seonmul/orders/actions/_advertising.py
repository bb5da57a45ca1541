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
            UPDATE orders_draftrow SET fault = CASE fault WHEN '' THEN %(fault)s ELSE '' END
            WHERE draft_id = %(draft)s AND fault IN ('', %(fault)s) AND (fault = %(fault)s) <> (
                %(is_ad)s AND coalesce(to_index IN (SELECT to_index FROM dispatch_optout WHERE buyer_id = %(buyer)s), false))""",
            {
                "is_ad": draft.is_ad,
                "fault": RowFault.OPTED_OUT.code,
                "buyer": draft.buyer_id,
                "draft": draft.id,
            },
        )
        return int(cursor.rowcount)
