"""What may still bring a buyer money: members ask it before somebody leaves a buyer of their own. M7"""

from __future__ import annotations

from uuid import UUID

from seonmul.orders import queries
from seonmul.payments import queries as payments


class Purse:
    """Implements members.ports.Purse. A card window is one of the payments."""

    def on_its_way(self, buyer_id: UUID) -> int:
        """Count orders that may be refunded, and money that may come in or come back."""
        return queries.under_way(buyer_id) + payments.on_its_way(buyer_id)
