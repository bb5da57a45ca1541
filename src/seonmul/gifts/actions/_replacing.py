"""A copy goes to another number: with another code and another link, the old ones dead. S5

Whoever has the old message has nothing any more, so that whatever went wrong with the number harms nobody. Locks are taken as
the issuer's answers take them: supplies, gifts, vouchers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.ports import Result
from seonmul.gifts import events, queries, rules
from seonmul.gifts.actions._falling import outgoing_for
from seonmul.gifts.models import Gift, NumberChange
from seonmul.kit import crypto, ids, jobs
from seonmul.kit.refusals import refuse
from seonmul.members.models import Member
from seonmul.orders import actions as orders
from seonmul.orders import lists
from seonmul.orders.models import DraftRow, OrderKind
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers.models import Replacement, ReplacementState, Supply

_WHERE = "number_change"


@transaction.atomic
def change_number(
    gift_id: UUID, to: str, *, subject: UUID, is_voided_there: bool = False, by: Member, at: datetime
) -> NumberChange:
    """Replace a copy's code and send the new one to another number (an address, in an order by mail). Raises Refused. S5

    `subject`: what staff decided it in; `is_voided_there`: whoever issued a pool's code has ended it. An external issuer takes
    its code back first: `events.NUMBER_CHANGED` tells when that has come to its end.
    """
    voucher_id = Gift.objects.values_list("voucher_id", flat=True).get(id=gift_id)
    vouchers_now.locked_supplies([voucher_id])
    (gift,) = queries.locked_gifts([gift_id])
    refuse(rules.why_not_change_number(queries.change_facts(gift, to)))
    cells = queries.cells_of(gift)
    is_mail = gift.order.kind == OrderKind.MAIL
    changed = cells._replace(typed=to, mail=to) if is_mail else cells._replace(typed=to, phone=to)
    replacement = vouchers.replace(
        gift.voucher_id, is_voided_there=is_voided_there, by=str(by.id), where=_WHERE, at=at
    )
    ring = crypto.ring()
    change = NumberChange.objects.create(
        gift=gift,
        replacement=replacement,
        subject=subject,
        cells_sealed=ring.seal(DraftRow.CELLS, changed.packed()),
        to_index=queries.index_of(gift.order, to),
        old_cells_sealed=ring.seal(DraftRow.CELLS, cells.packed()),
        by=by,
        asked_at=at,
    )
    audit.record(
        "number_changed", by=by.id, subject=gift.id, company=gift.buyer_id, at=at, order=str(gift.order_id),
        is_done=replacement.state == ReplacementState.DONE,
    )  # fmt: skip
    if replacement.state == ReplacementState.DONE:
        _swap(gift, change, replacement, at)
    return change


def _swap(gift: Gift, change: NumberChange, replacement: Replacement, at: datetime) -> None:
    """The copy has its new code and a new link from now on, its resends count anew, and a message is on its way."""
    link, ring = ids.link_token(), crypto.ring()
    NumberChange.objects.filter(id=change.id).update(
        link_index=gift.link_index, opened_at=gift.opened_at, done_at=at
    )
    Gift.objects.filter(id=gift.id).update(
        voucher_id=replacement.new_id,
        cells_sealed=change.cells_sealed,
        to_index=change.to_index,
        link_sealed=ring.seal(Gift.LINK, link),
        link_index=ring.index(Gift.LINK, link),
        result=Result.WAITING,
        result_at=None,
        resends=0,
        sent_at=at,
        opened_at=None,
    )
    cells = lists.Cells.unpacked(ring.open(DraftRow.CELLS, change.cells_sealed))
    dispatch.queue(gift.chunk.letter_id, [outgoing_for(gift.order, gift.id, cells, link)], at=at)


def go_on(found: Mapping[str, Sequence[Supply]], chunk_id: UUID, *, at: datetime) -> dict[str, list[Supply]]:
    """Go on with what the issuer has done for codes that are being replaced; returns the rows about all others. S5, C3"""
    rows = [row.voucher_id for group in found.values() for row in group]
    replaced = vouchers_now.open_replacements(rows)
    for state, group in found.items():
        for row in group:
            if row.voucher_id in replaced:
                _STEPS[state](replaced[row.voucher_id], chunk_id, at)
    return {state: [row for row in group if row.voucher_id not in replaced] for state, group in found.items()}


def _taken_back(replacement: Replacement, chunk_id: UUID, at: datetime) -> None:
    vouchers.issue_anew(replacement.id, subject=chunk_id, at=at)


def _issued(replacement: Replacement, chunk_id: UUID, at: datetime) -> None:
    del chunk_id
    change = queries.change_with(replacement.id)
    if change:
        (gift,) = queries.locked_gifts([change.gift_id])
        _swap(gift, change, vouchers.finish_replacement(replacement.id, at=at), at)
        jobs.announce(events.NUMBER_CHANGED, change_id=change.id)


def _refused(replacement: Replacement, chunk_id: UUID, at: datetime) -> None:
    """The old code is gone and no new one comes: the copy's price goes back. P5"""
    del chunk_id
    change = queries.change_with(replacement.id)
    if change and vouchers.give_up_replacement(replacement.id, at=at):
        (gift,) = queries.locked_gifts([change.gift_id])
        Gift.objects.filter(id=gift.id).update(result=Result.WITHDRAWN, result_at=at)
        cause = f"replacement_lost:{replacement.id}"
        orders.refund_copies(gift.order_id, {gift.line_id: 1}, cause=cause, by="issuer", at=at)
        jobs.announce(events.NUMBER_CHANGED, change_id=change.id)


_STEPS = {"cancelled": _taken_back, "issued": _issued, "refused": _refused}


@transaction.atomic
def note_kept(replacement_id: UUID, *, at: datetime) -> None:
    """The issuer has not taken the old code back: the copy stays as it is, and whoever decided it hears. S5"""
    del at
    change = queries.change_with(replacement_id)
    if change:
        jobs.announce(events.NUMBER_CHANGED, change_id=change.id)
