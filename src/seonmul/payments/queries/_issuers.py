"""Questions about which card works by which way. P3"""

from __future__ import annotations

from datetime import datetime

from seonmul.payments.models import IssuerRule


def ways(at: datetime) -> dict[tuple[str, str], IssuerRule]:
    """The row that holds at a moment, by issuer and kind of card; what is not in it was never checked. P3"""
    rows = (
        IssuerRule.objects.filter(changed_at__lte=at)
        .order_by("issuer", "card", "-changed_at", "-id")
        .distinct("issuer", "card")
    )
    return {(row.issuer, row.card): row for row in rows}


def issuer_history(issuer: str, card: str, limit: int = 50) -> list[IssuerRule]:
    """Every row about an issuer's cards of a kind, the newest first. P3"""
    rows = IssuerRule.objects.filter(issuer=issuer, card=card).order_by("-changed_at", "-id")
    return list(rows[:limit])
