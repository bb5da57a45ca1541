"""What `prove` asks about orders."""

from __future__ import annotations

from django.db.models import F, Q, Sum

from seonmul.orders.models import (
    Line,
    Order,
)
from seonmul.orders.queries._budgets import budget_faults
from seonmul.orders.queries._limits import limit_faults


def faults() -> list[tuple[str, str, int, int]]:
    """Prove the orders: (what, where, expected, found) for each that does not add up."""
    totals = (
        Order.objects.annotate(
            found=Sum(F("lines__unit_price_won") * F("lines__copies")), found_copies=Sum("lines__copies")
        )
        .filter(~Q(found=F("amount_won")) | ~Q(found_copies=F("copies")))
        # a substitute may be cheaper than what was agreed; the difference went back
        .exclude(takes_substitute=True, found__lt=F("amount_won"), found_copies=F("copies"))
        .values_list("public_id", "amount_won", "found")
    )
    wrong = [
        ("an order's sum is not that of its lines", where, want, have or 0) for where, want, have in totals
    ]
    lines = (
        Line.objects.annotate(found=Sum("recipients__copies"))
        .exclude(found=F("copies"))
        .values_list("order__public_id", "copies", "found")
    )
    return [*wrong, *limit_faults(), *budget_faults()] + [
        ("a line's copies are not those of its recipients", where, want, have or 0)
        for where, want, have in lines
    ]
