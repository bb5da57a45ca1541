"""The gift-certificate limit. O7"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.members.models import Buyer
from seonmul.orders import rules
from seonmul.orders.models import (
    Draft,
    LimitMonth,
    LimitRaise,
    Line,
    Order,
)
from seonmul.orders.queries._baskets import Quote
from seonmul.orders.queries._checkouts import open_checkout


def face_won(quote: Quote) -> int:
    """What a draft would take of the gift-certificate limit: face value, not price. O7"""
    return sum(line.face_won for line in quote.lines)


def face_of(order: Order, copies: Mapping[UUID, int]) -> int:
    """Face value of the gift certificates among {line: copies}. O7"""
    lines = Line.objects.filter(order=order, id__in=copies, is_gift_certificate=True)
    return sum(line.face_value_won * copies[line.id] for line in lines)


def limit_of(buyer: Buyer, at: datetime) -> rules.LimitFacts:
    """A buyer's gift-certificate limit in the month of `at`. O7"""
    month = LimitMonth.objects.filter(buyer=buyer, month=rules.month_of(at)).first()
    rows = LimitRaise.objects.filter(buyer=buyer, until_on__gte=clock.seoul_date(at), raised_at__lte=at)
    limit_won, until_on = rules.limit_on(
        clock.seoul_date(at),
        list(rows.order_by("id").values_list("limit_won", "until_on")[:100]),
        is_temporary=buyer.temporary_until is not None,
        figures=figures_now.figures(at),
    )
    return rules.LimitFacts(
        limit_won=limit_won,
        used_won=month.used_won if month else 0,
        held_won=month.held_won if month else 0,
        resets_on=rules.resets_on(at),
        until_on=until_on,
    )


def limit_for(draft: Draft, at: datetime) -> rules.LimitFacts:
    """The limit as a draft finds it: what its own open card window holds counts as free, since it would end. O7"""
    limit, opened = limit_of(draft.buyer, at), open_checkout(draft.id)
    if opened is None or opened.limit_month != rules.month_of(at):
        return limit
    return replace(limit, held_won=limit.held_won - opened.limit_won)


def locked_limit(buyer_id: UUID, month: date) -> LimitMonth:
    """Lock what a buyer has used in a month; behind the order's hold and before any account. O7"""
    return LimitMonth.objects.select_for_update().get(buyer_id=buyer_id, month=month)


#: What the kept use of a limit must be: of each month's orders and open card windows. O7
_LIMITS_KEPT = """
    WITH taken AS (
        SELECT buyer_id, limit_month AS month, limit_won - limit_back_won AS won, state = 'waiting' AS is_held
        FROM orders_order WHERE limit_won > 0
        UNION ALL
        SELECT buyer_id, limit_month, limit_won, true FROM orders_checkout WHERE state = 'open' AND limit_won > 0
    ), sums AS (
        SELECT buyer_id, month, sum(won) FILTER (WHERE NOT is_held) AS used, sum(won) FILTER (WHERE is_held) AS held
        FROM taken GROUP BY buyer_id, month
    )
    SELECT b.public_id || ' ' || coalesce(m.month, s.month), coalesce(s.{part}, 0), coalesce(m.{part}_won, 0)
    FROM orders_limitmonth m FULL JOIN sums s ON s.buyer_id = m.buyer_id AND s.month = m.month
    JOIN members_buyer b ON b.id = coalesce(m.buyer_id, s.buyer_id)
    WHERE coalesce(s.{part}, 0) <> coalesce(m.{part}_won, 0)"""


def limit_faults() -> list[tuple[str, str, int, int]]:
    """Prove the limits: months whose kept use is not that of their orders and card windows. O7"""
    found = []
    with connection.cursor() as cursor:
        for part in ("used", "held"):
            cursor.execute(_LIMITS_KEPT.format(part=part))
            what = f"the {part} gift-certificate limit is not that of the orders"
            found += [(what, str(w), int(e), int(f)) for w, e, f in cursor.fetchall()]
    return found
