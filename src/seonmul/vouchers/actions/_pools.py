"""Codes that came from outside: taken in from sheets, kept for an order, handed out exactly once. C3"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from seonmul.audit import actions as audit
from seonmul.catalog.models import Product, Supplier
from seonmul.kit import bulk, clock, crypto, ids, jobs, sheets
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.vouchers import events, pools, queries, rules
from seonmul.vouchers.actions._issuing import issue
from seonmul.vouchers.actions._supplies import want
from seonmul.vouchers.models import CodeImport, Pool, PoolCodeState, Voucher
from seonmul.vouchers.pools import CheckedCode, CodeFault, Scheme

_CODE = {
    "id": "uuid", "pool_id": "uuid", "imported_id": "uuid", "row": "int4", "code_sealed": "bytea",
    "code_index": "bytea", "pin_sealed": "bytea", "expires_on": "date", "state": "varchar",
}  # fmt: skip
_FAULT = {"imported_id": "uuid", "row": "int4", "fault": "varchar", "same_as": "int4"}
#: Rows that are sealed and stored together, so that memory stays flat.
_PORTION = 10_000


class NoCodes(Exception):
    """A pool has fewer codes than an order that was paid needs: nothing is issued until staff bring more."""


@transaction.atomic
def set_pool(
    product_id: UUID, *, scheme: str, low_below: int | None, is_voidable: bool = False, by: UUID, at: datetime
) -> None:
    """Say how a pool's codes end, from when on few are too few, and whether single ones can be ended. Raises Refused. C3"""
    refuse(rules.why_not_set_pool(low_below, is_scheme=scheme in list(Scheme)))
    Pool.objects.update_or_create(
        product_id=product_id,
        defaults={
            "scheme": scheme, "low_below": low_below, "is_voidable": is_voidable, "low_told_at": None,
        },
    )  # fmt: skip
    audit.record(
        "pool_set", by=by, subject=product_id, at=at, scheme=scheme, low_below=low_below or 0,
        is_voidable=is_voidable,
    )  # fmt: skip


def import_codes(
    product_id: UUID, data: bytes | str | os.PathLike[str], name: str, *, by: UUID, at: datetime
) -> CodeImport:
    """Read an xlsx or csv file (bytes or path) of codes into a product's pool; all good rows are kept. C3

    Rows at fault are noted by number and reason. Raises SheetRefused, and Refused for a product without a pool.
    """
    if not Product.objects.filter(id=product_id, supplier=Supplier.POOL).exists():
        raise Refused(No(rules.PoolRefusal.NOT_A_POOL))
    sheet = sheets.read(data, name, most_rows=sheets.MOST_ROWS + 1)  # its header has words of its own
    with transaction.atomic():
        Pool.objects.get_or_create(product_id=product_id)
        pool = queries.locked_pool(product_id)
        found = CodeImport.objects.create(pool=pool, name=name[:200], by=by, imported_at=at)
        today = clock.seoul_date(at)
        rows = pools.check(pools.raw_codes(sheet), scheme=Scheme(pool.scheme), today=today)
        while portion := list(islice(rows, _PORTION)):
            added = _store(found, [row for row in portion if not row.fault])
            known = [row.row for row in portion if not row.fault and row.row not in added]
            _note_faults(found, [(r.row, r.fault, r.same_as) for r in portion if r.fault])
            _note_faults(found, [(row, CodeFault.KNOWN.code, 0) for row in known])
            found.rows += len(portion)
            found.added += len(added)
        ours = _drop_issued(found)
        _note_faults(found, [(row, CodeFault.KNOWN.code, 0) for row in ours])
        found.added -= len(ours)
        found.save(update_fields=["rows", "added", "faulty"])
        if queries.left(pool.product_id, today) >= queries.low_below(pool, at):
            Pool.objects.filter(product_id=product_id).update(low_told_at=None)
        audit.record(
            "codes_imported", by=by, subject=product_id, at=at, rows=found.rows, added=found.added,
            faulty=found.faulty,
        )  # fmt: skip
    return found


def _store(found: CodeImport, rows: Sequence[CheckedCode]) -> set[int]:
    """Store new codes; returns the rows that were: a code that any pool has is left out."""
    ring = crypto.ring()
    codes = [row.code for row in rows]
    sealed, indexes = ring.seal_all(Voucher.CODE, codes), ring.index_all(Voucher.CODE, codes, size=32)
    keys, state = ids.new_ids(len(rows)), PoolCodeState.FREE.value

    def stored() -> Iterator[tuple[object, ...]]:
        for row, key, code, index in zip(rows, keys, sealed, indexes, strict=True):
            pin = ring.seal(Voucher.PIN, row.pin) if row.pin else None
            yield key, found.pool_id, found.id, row.row, code, index, pin, row.expires_on, state

    return set(bulk.copy_new("vouchers_poolcode", _CODE, stored(), returning="row"))


def _drop_issued(found: CodeImport) -> list[int]:
    """Take codes out again that a voucher has which came from no pool; returns their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM vouchers_poolcode c USING vouchers_voucher v
            WHERE c.imported_id = %s AND v.code_index = c.code_index RETURNING c.row""",
            [found.id],
        )
        return [row[0] for row in cursor.fetchall()]


def _note_faults(found: CodeImport, faults: Sequence[tuple[int, str, int]]) -> None:
    bulk.copy("vouchers_faultyrow", _FAULT, ((found.id, *fault) for fault in faults))
    found.faulty += len(faults)


@transaction.atomic
def void_import(import_id: UUID, *, by: UUID, at: datetime) -> int:
    """Take what is still free of one sheet out of its pool, for good; returns how many. C3"""
    found = queries.locked_import(import_id)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE vouchers_poolcode SET state = 'void' WHERE id IN (
                SELECT id FROM vouchers_poolcode WHERE imported_id = %s AND state = 'free'
                ORDER BY id FOR UPDATE SKIP LOCKED)""",
            [import_id],
        )
        count = int(cursor.rowcount)
    CodeImport.objects.filter(id=import_id).update(voided=found.voided + count)
    audit.record("codes_voided", by=by, subject=found.pool_id, at=at, count=count)
    note_low(found.pool_id, at=at)
    return count


@transaction.atomic
def reserve(product: Product, subject: UUID, count: int, *, until: date, at: datetime) -> None:
    """Keep `count` codes that hold until a day for `subject`, those that end soonest first. Raises Refused. C3

    What is kept for it already counts. Only for pools: whatever else supplies has no end that we know.
    """
    if product.supplier != Supplier.POOL:
        return
    had = queries.reserved_count(product.id, subject)
    if had >= count:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            -- materialised: inside IN, a LIMIT that locks may be run again for each row. It waits for rows that another
            -- order holds: passing over them, orders would share the last codes out and all be refused
            WITH picked AS MATERIALIZED (
                SELECT id FROM vouchers_poolcode
                WHERE pool_id = %s AND state = 'free' AND (expires_on IS NULL OR expires_on >= %s)
                ORDER BY expires_on, id LIMIT %s FOR UPDATE)
            UPDATE vouchers_poolcode c SET state = 'reserved', reserved_for = %s FROM picked p WHERE c.id = p.id""",
            [product.id, until, count - had, subject],
        )
        got = int(cursor.rowcount)
    refuse(rules.why_not_fill(count, had + got))
    note_low(product.id, at=at)


@transaction.atomic
def release(subject: UUID) -> int:
    """What was kept for `subject` and not issued is free again; returns how many codes. C3, O9"""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE vouchers_poolcode SET state = 'free', reserved_for = NULL WHERE id IN (
                SELECT id FROM vouchers_poolcode WHERE reserved_for = %s AND state = 'reserved'
                ORDER BY id FOR UPDATE)""",
            [subject],
        )
        return int(cursor.rowcount)


@transaction.atomic
def supply(
    product: Product,
    supplier: str,
    count: int,
    *,
    kept_for: UUID,
    subject: UUID,
    rest_won: int,
    valid_until: datetime,
    at: datetime,
) -> list[UUID]:
    """Issue `count` vouchers from where they come; returns their ids. V1, C3

    `supplier`: as it was when the order was paid; `kept_for`: what codes of a pool are kept for; `subject`: who hears
    (`events.SUPPLIED`) when the external issuer has given its codes: until then such vouchers are only ordered.
    """
    if supplier == Supplier.POOL:
        return _take(product.id, count, kept_for, rest_won, valid_until, clock.seoul_date(at), at)
    if supplier == Supplier.EXTERNAL:
        return want(product, count, subject=subject, rest_won=rest_won, valid_until=valid_until, at=at)
    return issue(product.id, count, rest_won=rest_won, valid_until=valid_until, at=at)


@transaction.atomic
def take_free(pool_id: UUID, *, rest_won: int, valid_until: datetime, until: date, at: datetime) -> UUID:
    """Make a voucher of one free code that holds until a day. Raises NoCodes. S5"""
    return _take(pool_id, 1, ids.new_id(), rest_won, valid_until, until, at)[0]


def _take(
    pool_id: UUID, count: int, subject: UUID, rest_won: int, valid_until: datetime, until: date, at: datetime
) -> list[UUID]:
    """Make vouchers of codes that are kept for `subject`; should some be missing, of free ones. They hold until a day.

    A code that somebody else is taking at this moment is passed over, and each is taken by one. Raises NoCodes.
    """
    taken: list[UUID] = []
    for where in ("reserved_for = %s AND state = 'reserved'", "%s::uuid IS NOT NULL AND state = 'free'"):
        if len(taken) == count:
            break
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH picked AS MATERIALIZED (
                    SELECT id FROM vouchers_poolcode WHERE {where} AND pool_id = %s
                    AND (expires_on IS NULL OR expires_on >= %s)
                    ORDER BY expires_on, id LIMIT %s FOR UPDATE SKIP LOCKED),
                moved AS (
                    UPDATE vouchers_poolcode c SET state = 'assigned', assigned_at = %s FROM picked p
                    WHERE c.id = p.id RETURNING c.id, c.code_sealed, c.code_index, c.pin_sealed, c.expires_on)
                INSERT INTO vouchers_voucher
                    (id, product_id, code_sealed, code_index, pin_sealed, state, rest_won, valid_until, issued_at)
                SELECT id, %s, code_sealed, code_index, pin_sealed, 'issued', %s,
                    least(%s, (expires_on + 1)::timestamp AT TIME ZONE 'Asia/Seoul' - interval '1 second'), %s
                FROM moved RETURNING id""",  # noqa: S608 - the two conditions above
                [
                    subject, pool_id, until, count - len(taken), at, pool_id, rest_won, valid_until, at,
                ],
            )  # fmt: skip
            taken += [row[0] for row in cursor.fetchall()]
    if len(taken) < count:
        raise NoCodes(f"{count - len(taken)} codes are missing")
    return taken


@transaction.atomic
def note_low(product_id: UUID, *, at: datetime) -> None:
    """Tell staff once when few codes are left, again only after there were enough. C3"""
    pool = Pool.objects.filter(product_id=product_id, low_told_at=None).first()
    if pool is None or queries.left(product_id, clock.seoul_date(at)) >= queries.low_below(pool, at):
        return
    # of two that see it at the same moment, one tells
    if Pool.objects.filter(product_id=product_id, low_told_at=None).update(low_told_at=at):
        jobs.announce(events.POOL_LOW, product_id=product_id)
