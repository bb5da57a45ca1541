"""Copies of codes that others issue and take, on whose price staff decide. C3, S5, O9"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.gifts import queries, rules
from seonmul.gifts.models import Doubt, DoubtedCopy, DoubtState, DoubtWhy, Gift
from seonmul.kit import states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members.models import Member
from seonmul.orders import actions as orders
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers.models import VoucherState

_WHERE = "doubt"
_NOTE_MOST = 200


def doubt(gifts: Sequence[Gift], why: DoubtWhy, *, told: str = "", at: datetime) -> None:
    """Put copies of one order before staff, each code once for each reason."""
    known = set(
        DoubtedCopy.objects.filter(voucher__in=[gift.voucher_id for gift in gifts], why=why).values_list(
            "voucher_id", flat=True
        )
    )
    new = [gift for gift in gifts if gift.voucher_id not in known]
    if new:
        made = Doubt.objects.create(order_id=new[0].order_id, why=why, told=told[:20], found_at=at)
        DoubtedCopy.objects.bulk_create(
            DoubtedCopy(doubt=made, gift=gift, voucher_id=gift.voucher_id, why=why) for gift in new
        )


@transaction.atomic
def note_differing(voucher_id: UUID, *, at: datetime) -> None:
    """The external issuer says of a copy's code what our books cannot follow: staff look. C3"""
    gift = queries.gift_of_voucher(voucher_id)
    if gift:
        doubt([gift], DoubtWhy.DIFFERS, told=vouchers_now.told_of(voucher_id), at=at)


@transaction.atomic
def note_voided(voucher_id: UUID, *, at: datetime) -> None:
    """The external issuer has cancelled a copy's code by itself: staff ask why, and give its price back. C3, O9"""
    gift = queries.gift_of_voucher(voucher_id)
    if gift:
        doubt([gift], DoubtWhy.VOID, told=vouchers_now.told_of(voucher_id), at=at)


@transaction.atomic
def refund_doubt(doubt_id: UUID, *, is_seen: bool, by: Member, at: datetime) -> int:
    """Staff: give the price of copies in doubt back, as far as nobody had used them; returns how many. Raises Refused.

    `is_seen`: whoever issued a pool's codes has ended them unused.
    """
    row = queries.locked_doubt(doubt_id)
    refuse(rules.why_not_refund_doubt(row.why, is_open=row.state == DoubtState.OPEN, is_seen=is_seen))
    gifts = queries.locked_to_refund(queries.refundable(row))
    before = VoucherState.ISSUED if row.why == DoubtWhy.POOL else VoucherState.VOID
    codes = [gift.voucher_id for gift in gifts]
    moved = vouchers.refund(codes, by=str(by.id), where=_WHERE, before=before, at=at)
    lines = Counter(gift.line_id for gift in gifts if gift.voucher_id in moved)
    if not lines:
        raise Refused(No(rules.DoubtRefusal.NOTHING))
    orders.refund_copies(row.order_id, lines, cause=f"doubt:{row.id}", by=str(by.id), at=at)
    _end(row, DoubtState.REFUNDED, "", by, at, count=lines.total())
    return lines.total()


@transaction.atomic
def leave_doubt(doubt_id: UUID, *, note: str, by: Member, at: datetime) -> None:
    """Staff: leave copies in doubt as they are, and write down why. Raises Refused."""
    row = queries.locked_doubt(doubt_id)
    refuse(rules.why_not_leave_doubt(note, is_open=row.state == DoubtState.OPEN))
    _end(row, DoubtState.LEFT, note.strip()[:_NOTE_MOST], by, at, count=row.copies.count())


def _end(row: Doubt, state: DoubtState, note: str, by: Member, at: datetime, *, count: int) -> None:
    rows = Doubt.objects.filter(id=row.id)
    states.move(rows, DoubtState.OPEN, state, note=note, decided_by=by, decided_at=at)
    verb = "doubt_refunded" if state == DoubtState.REFUNDED else "doubt_left"
    audit.record(verb, by=by.id, subject=row.id, company=row.order.buyer_id, at=at, count=count)
