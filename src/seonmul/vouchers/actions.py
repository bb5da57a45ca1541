"""Issuing vouchers. V1"""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.kit import bulk, crypto, ids
from seonmul.vouchers import rules
from seonmul.vouchers.models import Voucher, VoucherState

_COLUMNS = {
    "id": "uuid", "product_id": "uuid", "code_sealed": "bytea", "code_index": "bytea", "state": "varchar",
    "rest_won": "int4", "valid_until": "timestamptz", "issued_at": "timestamptz",
}  # fmt: skip


@transaction.atomic
def issue(product_id: UUID, count: int, *, rest_won: int, valid_until: datetime, at: datetime) -> list[UUID]:
    """Issue `count` vouchers of our own and return their ids. `rest_won`: what an amount voucher is worth, else 0.

    A code drawn before is left out by the database and drawn anew.
    """
    issued: list[UUID] = []
    while len(issued) < count:
        wanted = count - len(issued)
        codes = rules.codes_from(os.urandom(8 * wanted))
        ring = crypto.ring()
        sealed = ring.seal_all(Voucher.CODE, codes)
        indexes = ring.index_all(Voucher.CODE, codes, size=32)
        rows = zip(ids.new_ids(len(codes)), sealed, indexes, strict=True)
        issued += bulk.copy_new(
            "vouchers_voucher",
            _COLUMNS,
            (
                (new, product_id, code, index, VoucherState.ISSUED, rest_won, valid_until, at)
                for new, code, index in rows
            ),
            returning="id",
        )
    return issued
