"""Moves of codes that replace each other, below whoever decides on them. S5"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from seonmul.kit import jobs, states
from seonmul.vouchers import events
from seonmul.vouchers.models import Change, Replacement, ReplacementState, Voucher, VoucherState


def move_by(
    voucher_id: UUID, before: VoucherState, after: VoucherState, *, by: str, where: str, at: datetime
) -> None:
    """Move a voucher, and write down who, where and when. V2"""
    if states.move(Voucher.objects.filter(id=voucher_id), before, after):
        Change.objects.create(
            voucher_id=voucher_id, before=before, after=after, by=by, where=where, changed_at=at
        )


def let_stand(voucher_id: UUID, *, by: str, at: datetime) -> None:
    """The issuer does not take a code back that should be replaced: it stays good, and whoever asked hears of it. S5"""
    row = Replacement.objects.select_for_update().filter(old=voucher_id, state=ReplacementState.ASKED).first()
    if row:
        move_by(voucher_id, VoucherState.FROZEN, VoucherState.ISSUED, by=by, where=row.where, at=at)
        end_with(row, ReplacementState.KEPT, at)
        jobs.announce(events.REPLACEMENT_KEPT, replacement_id=row.id)


def end_with(row: Replacement, state: ReplacementState, at: datetime) -> None:
    """Move a replacement to its end."""
    states.move(Replacement.objects.filter(id=row.id), ReplacementState(row.state), state, ended_at=at)
    row.state, row.ended_at = state, at
