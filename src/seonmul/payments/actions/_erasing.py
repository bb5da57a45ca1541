"""Erasing the bank accounts of those who have left. What law keeps of them is set apart before. M9"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from seonmul.payments import queries

_EMPTY = {
    "charges": {"number_sealed": b"", "holder_sealed": b""},
    "refunds": {"number_sealed": b"", "holder_sealed": b""},
    "payouts": {"number_sealed": b"", "told_sealed": b""},
}


@transaction.atomic
def erase_accounts(member_id: UUID | None = None) -> dict[str, int]:
    """Empty numbers and holders of one member who has left; without one of all who are erased, as money may end later."""
    return {
        f"accounts_of_{name}": rows.model.objects.filter(id__in=rows.values("id")).update(**_EMPTY[name])
        for name, rows in queries.accounts_to_erase(member_id).items()
    }
