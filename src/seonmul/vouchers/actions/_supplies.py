"""Vouchers of the external issuer: wanted, asked for, polled, taken back. C3

Three beats each: a claim marks due rows as held, `calling` makes the calls without a transaction, a record notes what
came of them. A reference is stored before its first call and issues once, so whoever finds a row that was asked for
asks about it before anything else. Only what the issuer confirms moves a voucher.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from seonmul.catalog.models import Product, ProductKind
from seonmul.figures import queries as figures_now
from seonmul.kit import bulk, crypto, ids, jobs, states
from seonmul.vouchers import calling, events, queries, rules
from seonmul.vouchers.actions._chains import let_stand, move_by
from seonmul.vouchers.calling import Came, Outcome
from seonmul.vouchers.models import (
    VOUCHER_MOVES,
    ExternalGoods,
    IssuerHealth,
    Supply,
    SupplyState,
    Voucher,
    VoucherState,
)
from seonmul.vouchers.ports import Coupon

_VOUCHER = {
    "id": "uuid", "product_id": "uuid", "state": "varchar", "rest_won": "int4", "valid_until": "timestamptz",
    "issued_at": "timestamptz",
}  # fmt: skip
_SUPPLY = {
    "voucher_id": "uuid", "subject": "uuid", "goods_code": "varchar", "reference": "varchar", "past": "varchar[]",
    "state": "varchar", "tries": "int4", "next_at": "timestamptz", "hindrance": "varchar", "vendor_code": "varchar",
    "vendor_id": "varchar", "cancel_by": "varchar", "cancel_where": "varchar", "asked_at": "timestamptz",
}  # fmt: skip
#: Rows that one job takes at a time; each needs three calls at most.
PORTION = 4
#: Who moves a voucher by the issuer's word.
ISSUER = "issuer"


@transaction.atomic
def want(
    product: Product, count: int, *, subject: UUID, rest_won: int, valid_until: datetime, at: datetime
) -> list[UUID]:
    """Write down that vouchers are wanted of the external issuer; returns their ids. They have no codes yet. C3"""
    goods = ExternalGoods.objects.get(product=product)
    new, ordered, wanted = ids.new_ids(count), VoucherState.ORDERED.value, SupplyState.WANTED.value
    bulk.copy(
        "vouchers_voucher", _VOUCHER, ((one, product.id, ordered, rest_won, valid_until, at) for one in new)
    )
    nothing: list[str] = []
    bulk.copy(
        "vouchers_supply",
        _SUPPLY,
        (
            (one, subject, goods.goods_code, ids.reference(), nothing, wanted, 0, at, "", "", "", "", "", at)
            for one in new
        ),
    )
    queue_attending(at)
    return new


def queue_attending(at: datetime) -> None:
    """Have jobs attend to what is due: no more of them than the issuer may be asked at once."""
    for place in range(-(-figures_now.figures(at).external_parallel // PORTION)):
        jobs.enqueue_once("vouchers.attend", f"attend:{place}")


def attend(*, at: datetime) -> int:
    """Do one portion of what is due with the issuer; returns how many rows. C3"""
    claimed = claim(at=at)
    if claimed:
        record([(row, calling.call(row)) for row in claimed], at=at)
    if len(claimed) == PORTION:
        jobs.enqueue("vouchers.attend")
    return len(claimed)


@transaction.atomic
def claim(*, at: datetime) -> list[Supply]:
    """Hold due rows for a while, codes that are wanted first; returns them as they stood. C3

    At most `external_parallel` rows are held by all workers together; while the issuer is hindered, none is issued.
    """
    health, most = queries.locked_health(), figures_now.figures(at).external_parallel
    room = min(most - Supply.objects.filter(claimed_until__gt=at).count(), PORTION)
    if room <= 0:
        return []
    waits, found = bool(health.waits_until and health.waits_until > at), list[UUID]()
    for which in ("state <> 'issued'", "state = 'issued'"):
        found += _hold(which, room - len(found), waits, at)
    rows = list(Supply.objects.filter(voucher_id__in=found).order_by("next_at", "voucher_id"))
    # noted before the call: whoever finds it asked for does not know whether the call was made
    states.move(Supply.objects.filter(voucher_id__in=found), SupplyState.WANTED, SupplyState.ASKED)
    return rows


def _hold(which: str, count: int, waits: bool, at: datetime) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH due AS MATERIALIZED (
                SELECT voucher_id FROM vouchers_supply
                WHERE {which} AND next_at <= %s AND (claimed_until IS NULL OR claimed_until <= %s)
                    AND NOT (%s AND state = 'wanted')
                ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED)
            UPDATE vouchers_supply s SET claimed_until = %s FROM due WHERE s.voucher_id = due.voucher_id
            RETURNING s.voucher_id""",  # noqa: S608 - one of our two conditions
            [at, at, waits, count, at + timedelta(seconds=rules.HELD_SECONDS)],
        )
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def record(outcomes: Sequence[tuple[Supply, Outcome]], *, at: datetime) -> None:
    """Note what came of a portion of calls; a row that somebody else has recorded meanwhile stays. C3"""
    health = queries.locked_health()
    rows = {row.voucher_id: row for row in queries.locked_supplies([row.voucher_id for row, _ in outcomes])}
    subjects = set()
    for before, outcome in outcomes:
        row = rows[before.voucher_id]
        state = SupplyState.ASKED if before.state == SupplyState.WANTED else before.state
        if (row.state, row.reference) == (state, before.reference) and _note(
            row, before, outcome, health, at
        ):
            subjects.add(row.subject)
    for subject in sorted(subjects):
        jobs.announce(events.SUPPLIED, subject_id=subject)


def _note(row: Supply, before: Supply, outcome: Outcome, health: IssuerHealth, at: datetime) -> bool:
    """Note one outcome; says whether whoever asked has something to take over."""
    if outcome.came is Came.ISSUED:
        return _note_issued(row, outcome, health, at)
    if outcome.came is Came.REFUSED:
        move_voucher(row.voucher_id, VoucherState.ORDERED, VoucherState.NOT_ISSUED, at=at)
        _set(row, SupplyState.REFUSED, None, vendor_code=outcome.vendor_code)
        return True
    if outcome.came is Came.CANCELLED:
        _set(row, SupplyState.CANCELLED, None, taken_at=None)
        return True
    if row.state == SupplyState.CANCELLING and outcome.came in (Came.STANDS, Came.KEPT):
        let_stand(row.voucher_id, by=ISSUER, at=at)
    if outcome.came is Came.STANDS and outcome.coupon:
        _note_standing(row, outcome.coupon, at)
    elif outcome.came is Came.HINDERED:
        until = _note_hindered(health, str(outcome.hindrance), at)
        # what is asked for again may have arrived before: it stays asked for
        state = before.state if before.state == SupplyState.WANTED else row.state
        _set(row, state, until, hindrance=outcome.hindrance, vendor_code=outcome.vendor_code)
    elif outcome.came is Came.LOST:
        _set(row, SupplyState.DROPPING, at)
        queue_attending(at)
    elif outcome.came is Came.GONE:
        _set(row, SupplyState.WANTED, at, reference=ids.reference(), past=[*row.past, row.reference])
        queue_attending(at)
    elif outcome.came is Came.KEPT:
        _set(
            row, SupplyState.ISSUED, rules.ask_again_at(at, figures=figures_now.figures(at)), hindrance="kept"
        )
    else:
        state = SupplyState.WANTED if outcome.came is Came.NOT_SENT else row.state
        _set(
            row,
            state,
            rules.try_again_at(row.tries, at),
            tries=row.tries + 1,
            vendor_code=outcome.vendor_code,
        )
    return False


def _note_issued(row: Supply, outcome: Outcome, health: IssuerHealth, at: datetime) -> bool:
    ring = crypto.ring()
    index = ring.index(Voucher.CODE, outcome.code, size=32)
    if Voucher.objects.filter(code_index=index).exclude(id=row.voucher_id).exists():
        # a code that another voucher has is good for nobody: cancelled there, and issued anew
        _set(row, SupplyState.DROPPING, at, hindrance="known")
        return False
    Voucher.objects.filter(id=row.voucher_id).update(
        code_sealed=ring.seal(Voucher.CODE, outcome.code), code_index=index, issued_at=at
    )
    move_voucher(row.voucher_id, VoucherState.ORDERED, VoucherState.ISSUED, at=at)
    next_at = rules.ask_again_at(at, figures=figures_now.figures(at))
    _set(
        row,
        SupplyState.ISSUED,
        next_at,
        vendor_id=outcome.vendor_id[:40],
        hindrance="",
        vendor_code="",
        tries=0,
    )
    IssuerHealth.objects.filter(id=health.id).exclude(hindrance="").update(hindrance="", waits_until=None)
    return True


def _note_hindered(health: IssuerHealth, why: str, at: datetime) -> datetime:
    """The issuer gives us nothing: all wait a while, and staff are told once. Returns until when."""
    until = at + timedelta(minutes=rules.HINDERED_MINUTES)
    if health.hindrance != why:
        health.hindrance = why
        jobs.announce(events.HINDERED, health_id=health.id)
    IssuerHealth.objects.filter(id=health.id).update(hindrance=why, waits_until=until)
    return until


def _note_standing(row: Supply, coupon: Coupon, at: datetime) -> None:
    """Take over how a coupon stands: used, given back, expired, cancelled there, or worth less. V2

    What our books cannot follow moves nothing here: staff are told, and the others of a portion are recorded all the same.
    """
    voucher = queries.locked(row.voucher_id)
    if coupon.valid_until and coupon.valid_until < voucher.valid_until:
        Voucher.objects.filter(id=voucher.id).update(valid_until=coupon.valid_until)
    before = VoucherState(voucher.state)
    product = Product.objects.get(id=voucher.product_id)
    print_won = product.face_value_won if product.kind == ProductKind.AMOUNT else 0
    is_used = before == VoucherState.USED
    after = rules.state_there(coupon, face_won=voucher.rest_won, is_used=is_used, print_won=print_won)
    if rules.is_at_odds(before, after, moves=VOUCHER_MOVES.get(before, ())):
        jobs.announce(events.DIFFERS, voucher_id=voucher.id)
    elif after and after != before and before not in rules.SETTLED:
        move_voucher(voucher.id, before, VoucherState(after), at=coupon.at or at, where=coupon.place)
        if after == VoucherState.VOID:
            jobs.announce(events.VOIDED, voucher_id=voucher.id)
    if after in ("used", "partly_used", "issued"):
        Voucher.objects.filter(id=voucher.id).update(rest_won=(coupon.rest_won or 0) if print_won else 0)
    # what is frozen may be thawed again, and has to be followed then
    ends = after in ("used", "expired", "void") and before != VoucherState.FROZEN
    if after == VoucherState.USED and before not in rules.SETTLED:
        change = queries.last_change(voucher)
        ends = change is None or not rules.is_watched(change.changed_at, at)
    next_at = None if ends else rules.ask_again_at(at, figures=figures_now.figures(at))
    _set(row, SupplyState.ISSUED, next_at, vendor_code=coupon.vendor_code)


def move_voucher(
    voucher_id: UUID, before: VoucherState, after: VoucherState, *, at: datetime, where: str = ""
) -> None:
    """Move a voucher by the issuer's word. V2"""
    move_by(voucher_id, before, after, by=ISSUER, where=where, at=at)


def _set(row: Supply, state: str, next_at: datetime | None, **also: Any) -> None:
    if "vendor_code" in also:
        also["vendor_code"] = also["vendor_code"][:20]
    rows = Supply.objects.filter(voucher_id=row.voucher_id, state=row.state)
    rows.update(state=state, next_at=next_at, claimed_until=None, **also)


@transaction.atomic
def ask_back(voucher_ids: Sequence[UUID], *, by: str, where: str, at: datetime) -> set[UUID]:
    """Of these, have the issuer take its own unused ones back; returns them. Their state waits for its word. C3, P5

    Asked once more it changes nothing.
    """
    ours = Supply.objects.filter(voucher_id__in=voucher_ids, voucher__state=VoucherState.ISSUED)
    locked = queries.locked_supplies(list(ours.values_list("voucher_id", flat=True)))
    wanted = [row.voucher_id for row in locked if row.state == SupplyState.ISSUED]
    rows = Supply.objects.filter(voucher_id__in=wanted)
    if states.move(
        rows,
        SupplyState.ISSUED,
        SupplyState.CANCELLING,
        next_at=at,
        cancel_by=by,
        cancel_where=where,
        tries=0,
    ):
        queue_attending(at)
    return {row.voucher_id for row in locked}


@transaction.atomic
def withdraw(subjects: Sequence[UUID], *, at: datetime) -> int:
    """Want no more of the issuer for these subjects: what it was not asked for yet is never issued. Returns how many. S6

    Of what it was asked for nobody knows better than whoever takes it over.
    """
    rows = Supply.objects.select_for_update().filter(subject__in=subjects, state=SupplyState.WANTED)
    found = list(rows.order_by("voucher_id"))
    for row in found:
        move_voucher(row.voucher_id, VoucherState.ORDERED, VoucherState.NOT_ISSUED, at=at)
    wanted = Supply.objects.filter(voucher_id__in=[row.voucher_id for row in found])
    states.move(wanted, SupplyState.WANTED, SupplyState.REFUSED, next_at=None)
    for subject in sorted({row.subject for row in found}):
        jobs.announce(events.SUPPLIED, subject_id=subject)
    return len(found)


@transaction.atomic
def take_over(subject: UUID, *, at: datetime) -> dict[str, list[Supply]]:
    """What the issuer has given, refused or taken back for a subject since it was last asked: rows by state, once. C3"""
    rows = queries.locked_untaken(subject)
    Supply.objects.filter(voucher_id__in=[row.voucher_id for row in rows]).update(taken_at=at)
    found: dict[str, list[Supply]] = {"issued": [], "refused": [], "cancelled": []}
    for row in rows:
        found[row.state].append(row)
    return found


@transaction.atomic
def sweep(*, at: datetime) -> None:
    """Look for rows, not for jobs: what is due at the issuer, and news that nobody heard. C3"""
    if queries.is_anything_due(at):
        queue_attending(at)
    for subject in queries.untaken_subjects():
        jobs.announce(events.SUPPLIED, subject_id=subject)
    for product_id in queries.goods_to_check(at):
        jobs.enqueue_once("vouchers.check_goods", f"goods:{product_id}", product_id=product_id)
