"""What a member ordered and paid: members ask it when they set apart what law keeps, and erase the rest. M9"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from seonmul.orders import queries
from seonmul.payments import actions as payments
from seonmul.payments import queries as payments_now


class Keeper:
    """Implements members.ports.Keeper."""

    def kept(self, member_id: UUID) -> dict[str, Any]:
        """Orders in numbers, and payments with the accounts that money went to."""
        orders = queries.ordered_by(member_id)
        return payments_now.kept_of(member_id) | ({"orders": orders} if orders else {})

    def erase(self, member_id: UUID) -> dict[str, int]:
        """Orders name nobody; of payments the accounts go."""
        return payments.erase_accounts(member_id)
