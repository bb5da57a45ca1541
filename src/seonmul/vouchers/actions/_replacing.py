"""Another code in the place of one: at once of our own or a pool, by an external issuer in two steps. S5

The voucher's row lines it up with shops and everything else that moves a voucher: of two at the same moment one finds the
other's word. An external issuer takes the old code back before it is asked for the new one, so that there are never two.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.catalog.models import Product
from seonmul.kit import clock, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.vouchers import queries, rules
from seonmul.vouchers.actions._chains import end_with, move_by
from seonmul.vouchers.actions._issuing import issue
from seonmul.vouchers.actions._pools import NoCodes, note_low, take_free
from seonmul.vouchers.actions._supplies import queue_attending, want
from seonmul.vouchers.models import (
    Replacement,
    ReplacementState,
    Supply,
    SupplyState,
    Voucher,
    VoucherState,
)


@transaction.atomic
def replace(
    voucher_id: UUID, *, is_voided_there: bool = False, by: str, where: str, at: datetime
) -> Replacement:
    """Take a code out of use and put a new one in its place. Raises Refused. S5

    Done at once for our own and a pool's (`is_voided_there`: whoever issued it has ended it); of an external issuer the old
    code is only frozen and asked back, and `issue_anew` goes on when it has confirmed.
    """
    queries.locked_supplies([voucher_id])  # the issuer's answers take it before the voucher
    old = queries.locked(voucher_id)
    facts = queries.replaceable(old)
    refuse(rules.why_not_replace(facts, at=at))
    refuse(rules.why_not_void(facts.source, is_voided_there=is_voided_there))
    if facts.source == "external":
        return _ask_back(old, by, where, at)
    new_id = _from_pool(old, at) if facts.source == "pool" else _own(old, at)
    if old.wakes_at and at < old.wakes_at:
        Voucher.objects.filter(id=new_id).update(wakes_at=old.wakes_at)
    made = Replacement.objects.create(
        old=old, new_id=new_id, state=ReplacementState.DONE, by=by, where=where, asked_at=at, ended_at=at
    )
    move_by(old.id, VoucherState.ISSUED, VoucherState.VOID, by=by, where=where, at=at)
    return made


def _own(old: Voucher, at: datetime) -> UUID:
    return issue(old.product_id, 1, rest_won=old.rest_won, valid_until=old.valid_until, at=at)[0]


def _from_pool(old: Voucher, at: datetime) -> UUID:
    """The next free code that holds as long; one that ends earlier would take days from whoever gets it."""
    until = clock.seoul_date(old.valid_until)
    try:
        new_id = take_free(
            old.product_id, rest_won=old.rest_won, valid_until=old.valid_until, until=until, at=at
        )
    except NoCodes as none:
        raise Refused(No(rules.ReplaceRefusal.NO_CODE)) from none
    note_low(old.product_id, at=at)
    return new_id


def _ask_back(old: Voucher, by: str, where: str, at: datetime) -> Replacement:
    states.move(
        Supply.objects.filter(voucher_id=old.id), SupplyState.ISSUED, SupplyState.CANCELLING, next_at=at,
        cancel_by=by, cancel_where=where, tries=0,
    )  # fmt: skip
    move_by(old.id, VoucherState.ISSUED, VoucherState.FROZEN, by=by, where=where, at=at)
    queue_attending(at)
    return Replacement.objects.create(old=old, state=ReplacementState.ASKED, by=by, where=where, asked_at=at)


@transaction.atomic
def issue_anew(replacement_id: UUID, *, subject: UUID, at: datetime) -> None:
    """The issuer has taken the old code back: want the new one, by a reference of its own. Once. S5

    `subject`: who hears when it is there.
    """
    row = queries.locked_replacement(replacement_id)
    if row.state != ReplacementState.ASKED:
        return
    old = queries.locked(row.old_id)
    product = Product.objects.get(id=old.product_id)
    (new_id,) = want(product, 1, subject=subject, rest_won=old.rest_won, valid_until=old.valid_until, at=at)
    rows = Replacement.objects.filter(id=row.id)
    states.move(rows, ReplacementState.ASKED, ReplacementState.ISSUING, new_id=new_id)


@transaction.atomic
def finish_replacement(replacement_id: UUID, *, at: datetime) -> Replacement:
    """The new code is there: the old one is dead. S5"""
    row = queries.locked_replacement(replacement_id)
    if row.state == ReplacementState.ISSUING:
        move_by(row.old_id, VoucherState.FROZEN, VoucherState.VOID, by=row.by, where=row.where, at=at)
        end_with(row, ReplacementState.DONE, at)
    return row


@transaction.atomic
def give_up_replacement(replacement_id: UUID, *, at: datetime) -> bool:
    """The issuer gives no new code: the old one is over too, and its price goes back. Says whether it does now. S5"""
    row = queries.locked_replacement(replacement_id)
    if row.state != ReplacementState.ISSUING:
        return False
    move_by(row.old_id, VoucherState.FROZEN, VoucherState.REFUNDED, by=row.by, where=row.where, at=at)
    end_with(row, ReplacementState.LOST, at)
    return True
