"""Issuing vouchers. V1"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

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

    A code that was drawn before is left out by the database and drawn anew.
    """
    issued: list[UUID] = []
    while len(issued) < count:
        codes = rules.codes_from(os.urandom(8 * (count - len(issued))))
        ring = crypto.ring()
        new = ids.new_ids(len(codes))
        sealed = ring.seal_all(Voucher.CODE, codes)
        indexes = ring.index_all(Voucher.CODE, codes, size=32)

        def rows() -> Iterator[tuple[object, ...]]:
            state = VoucherState.ISSUED.value
            for voucher, code, index in zip(new, sealed, indexes, strict=True):  # noqa: B023 - used at once
                yield voucher, product_id, code, index, state, rest_won, valid_until, at

        issued += _store(rows, new)
    return issued


@transaction.atomic
def refund(
    voucher_ids: Sequence[UUID],
    *,
    by: str,
    where: str,
    at: datetime,
    before: VoucherState = VoucherState.ISSUED,
) -> set[UUID]:
    """Take unused vouchers out of use for good, since their price goes back; returns those that were unused. V2, P5

    `by`: who, `where`: what for. One that was used, even in part, in the same moment stays as it is. `before`: VOID for
    those that their issuer has cancelled.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH moved AS (
                UPDATE vouchers_voucher SET state = %s WHERE id IN (
                    SELECT id FROM vouchers_voucher WHERE id = ANY(%s) AND state = %s ORDER BY id FOR UPDATE)
                RETURNING id),
            noted AS (
                INSERT INTO vouchers_change (voucher_id, before, after, by, "where", changed_at)
                SELECT id, %s, %s, %s, %s, %s FROM moved)
            SELECT id FROM moved""",
            [
                VoucherState.REFUNDED, list(voucher_ids), before, before, VoucherState.REFUNDED, by, where, at,
            ],
        )  # fmt: skip
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def put_to_sleep(voucher_ids: Sequence[UUID], *, until: datetime) -> None:
    """Let vouchers be of no use before `until`, in the transaction that issued them. S6"""
    Voucher.objects.filter(id__in=list(voucher_ids)).update(wakes_at=until)


def _store(rows: Callable[[], Iterator[tuple[object, ...]]], new: list[UUID]) -> list[UUID]:
    """Copy the rows straight in; only when a code is taken, which is rare, look which ones are new."""
    try:
        bulk.copy("vouchers_voucher", _COLUMNS, rows())
    except IntegrityError:
        return bulk.copy_new("vouchers_voucher", _COLUMNS, rows(), returning="id")
    return new
