"""What of copies may still come back as money: members ask it before an account is closed. M9"""

from __future__ import annotations

from uuid import UUID

from seonmul.gifts import queries
from seonmul.members.ports import Outstanding


class Returns:
    """Implements members.ports.Returns."""

    def outstanding(self, buyer_id: UUID) -> Outstanding:
        """Count copies that arrived nowhere, and claims that nobody has decided."""
        return Outstanding(queries.undelivered_of(buyer_id), queries.open_claims_of(buyer_id))
