"""The end of validity: terms that hold from a day on, vouchers that end, and some that last longer. V4"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.audit import actions as audit
from seonmul.kit import clock, jobs
from seonmul.kit.refusals import refuse
from seonmul.vouchers import queries, rules
from seonmul.vouchers.actions._chains import move_by
from seonmul.vouchers.models import Extension, Policy, Voucher, VoucherState

#: Vouchers that end in one transaction.
_AT_ONCE = 5_000


@transaction.atomic
def set_policy(
    product_id: UUID | None, list_: str, preset: str, from_on: date | None, *, by: UUID, at: datetime
) -> Policy:
    """Let terms hold for what is bought from a day on, of one product or (None) of all. Raises Refused. V4

    What is bought already keeps the terms of its day.
    """
    is_taken = from_on is not None and queries.is_policy_taken(product_id, list_, from_on)
    refuse(rules.why_not_set_policy(preset, from_on, is_taken=is_taken, today=clock.seoul_date(at)))
    if from_on is None:
        raise LookupError("terms that hold from a day have one")
    made = Policy.objects.create(
        product_id=product_id, list=list_, preset=preset, from_on=from_on, made_by=str(by), made_at=at,
        **asdict(rules.TERMS[rules.Preset(preset)]),
    )  # fmt: skip
    audit.record(
        "policy_set", by=by, subject=made.id, at=at, preset=preset, list=list_, from_on=str(from_on),
        product=str(product_id or ""),
    )  # fmt: skip
    return made


def stamp(product_id: UUID, list_: str, *, at: datetime) -> Policy:
    """The terms of what is bought at this moment, as a row that never changes. V4

    Where staff have set nothing, the default becomes a row of its own, so that what was bought keeps it even when the
    program's defaults change.
    """
    day = clock.seoul_date(at)
    found = queries.policies_on([product_id], list_, day).get(product_id)
    if found:
        return found
    preset, from_on = rules.default_of(list_, day)
    made, _ = Policy.objects.get_or_create(
        product=None, list=list_, from_on=from_on,
        defaults={"preset": preset, "made_at": at, **asdict(rules.TERMS[preset])},
    )  # fmt: skip
    return made


@transaction.atomic
def expire(*, at: datetime) -> int:
    """End what is past its last moment, some thousand at a time; returns how many. V2, V4

    Those of an external issuer end by its word: one that was used on its last day is told of later.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS MATERIALIZED (
                SELECT v.id, v.state FROM vouchers_voucher v
                WHERE v.state IN ('issued', 'partly_used') AND v.valid_until < %(at)s
                    AND NOT EXISTS (SELECT FROM vouchers_supply s WHERE s.voucher_id = v.id)
                ORDER BY v.valid_until LIMIT %(most)s FOR UPDATE OF v SKIP LOCKED),
            moved AS (
                UPDATE vouchers_voucher v SET state = 'expired' FROM due WHERE v.id = due.id RETURNING v.id),
            noted AS (
                INSERT INTO vouchers_change (voucher_id, before, after, by, "where", changed_at)
                SELECT due.id, due.state, 'expired', 'platform', '', %(at)s FROM due JOIN moved USING (id))
            SELECT count(*) FROM moved""",
            {"at": at, "most": _AT_ONCE},
        )
        count = int(cursor.fetchone()[0])
    if count == _AT_ONCE:
        jobs.enqueue("vouchers.expire")
    return count


@transaction.atomic
def expire_one(voucher_id: UUID, *, at: datetime) -> bool:
    """End one that is past its last moment, before the job comes to it; says whether it was. V4

    As in `expire`, one of an external issuer ends by its word alone.
    """
    voucher = queries.locked(voucher_id)
    if voucher.state not in (VoucherState.ISSUED, VoucherState.PARTLY_USED) or not voucher.is_expired(at):
        return False
    if queries.count_external([voucher_id]):
        return False
    before = VoucherState(voucher.state)
    move_by(voucher_id, before, VoucherState.EXPIRED, by="platform", where="", at=at)
    return True


@transaction.atomic
def extend(voucher_id: UUID, terms: rules.Terms, *, paid_at: datetime, by: str, at: datetime) -> datetime:
    """Make a voucher last longer, as the terms of its purchase allow; returns its new last moment. Raises Refused. V4"""
    voucher = queries.locked(voucher_id)
    facts = rules.Extendable(
        state=voucher.state,
        valid_until=voucher.valid_until,
        paid_at=paid_at,
        times=queries.times_extended(voucher.id),
        is_own=queries.is_own(voucher),
    )
    refuse(rules.why_not_extend(facts, terms, at=at))
    until = rules.extended_until(terms, voucher.valid_until)
    Extension.objects.create(voucher=voucher, before=voucher.valid_until, after=until, by=by, extended_at=at)
    Voucher.objects.filter(id=voucher.id).update(valid_until=until)
    return until


@transaction.atomic
def freeze_rest(voucher_id: UUID, *, by: str, where: str, at: datetime) -> bool:
    """Let nobody use the rest of a voucher while it is being given back; says whether it was free to. V4"""
    return _move(voucher_id, VoucherState.PARTLY_USED, VoucherState.FROZEN, by, where, at)


@transaction.atomic
def thaw_rest(voucher_id: UUID, *, by: str, where: str, at: datetime) -> bool:
    """It is not given back: the rest can be used again. V4"""
    return _move(voucher_id, VoucherState.FROZEN, VoucherState.PARTLY_USED, by, where, at)


@transaction.atomic
def give_back_ended(voucher_id: UUID, *, by: str, where: str, at: datetime) -> bool:
    """What is left of an ended or a frozen voucher goes back as money, so it is over for good. V4"""
    return any(
        _move(voucher_id, before, VoucherState.REFUNDED, by, where, at)
        for before in (VoucherState.EXPIRED, VoucherState.FROZEN)
    )


def _move(
    voucher_id: UUID, before: VoucherState, after: VoucherState, by: str, where: str, at: datetime
) -> bool:
    if not Voucher.objects.select_for_update().filter(id=voucher_id, state=before).exists():
        return False
    move_by(voucher_id, before, after, by=by, where=where, at=at)
    return True
