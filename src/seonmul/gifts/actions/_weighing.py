"""How right the check before paying was, counted when an order has finished. O4"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.gifts import queries
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.models import OrderState


@transaction.atomic
def weigh_check(order_id: UUID, *, at: datetime) -> None:
    """Count who got nothing among those warned of and among the others. Counted from rows, so it may run again. O4"""
    order = orders_now.order(order_id)
    if order.state == OrderState.FINISHED and not order.halted_at:
        orders.note_outcomes(order.draft_id, queries.check_outcomes(order), at=at)
