"""Copies of codes that others issue and take. C3, S5, O9"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from seonmul.dispatch.models import Channel
from seonmul.dispatch.ports import Result
from seonmul.gifts import rules
from seonmul.gifts.models import Doubt, DoubtedCopy, DoubtState, DoubtWhy, Gift
from seonmul.orders.models import Order
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers.models import Change, VoucherState

#: Their messages have a link, never the code itself.
_BY_LINK = (Channel.SMS, Channel.LMS)


def pool_copies(order: Order, gifts: Sequence[Gift]) -> dict[UUID, rules.PoolCopy]:
    """Those of an order's gifts whose codes came from a pool; each comes with its voucher. O10"""
    pools = vouchers.pool_codes([gift.voucher_id for gift in gifts])
    is_by_link = order.channel in _BY_LINK and not order.falls_back
    return {
        gift.id: rules.PoolCopy(
            is_voidable=pools[gift.voucher_id],
            is_unsent=gift.result == Result.WITHDRAWN and gift.resends == 0 and gift.opened_at is None,
            is_link_only=is_by_link and gift.resends == 0,
            wakes_at=gift.voucher.wakes_at,
        )
        for gift in gifts
        if gift.voucher_id in pools
    }


def is_doubted(why: DoubtWhy) -> Exists:
    """Whether staff have a gift's code to decide on, or had."""
    return Exists(DoubtedCopy.objects.filter(voucher=OuterRef("voucher"), why=why))


def is_at_odds(voucher_id: UUID) -> bool:
    """Whether the issuer has said of a code what our books cannot follow. C3"""
    return DoubtedCopy.objects.filter(voucher_id=voucher_id, why=DoubtWhy.DIFFERS).exists()


def waiting_doubts(limit: int = 200) -> list[Doubt]:
    """What waits for staff, the oldest first, each with the count of its copies."""
    rows = Doubt.objects.filter(state=DoubtState.OPEN).select_related("order__buyer")
    return list(rows.annotate(count=Count("copies")).order_by("found_at", "id")[:limit])


def doubt_named(public_id: str) -> Doubt | None:
    """One of them, for staff."""
    return Doubt.objects.filter(public_id=public_id).select_related("order__buyer").first()


def locked_doubt(doubt_id: UUID) -> Doubt:
    """Lock one."""
    return Doubt.objects.select_for_update().get(id=doubt_id)


def doubted(doubt: Doubt, limit: int = 20) -> list[Gift]:
    """The first of its copies, in the order of their list."""
    rows = Gift.objects.filter(id__in=doubt.copies.values("gift_id"))
    with_ = rows.select_related("voucher", "recipient", "order", "line__product__brand")
    return list(with_.order_by("position", "copy_number")[:limit])


def refundable(doubt: Doubt) -> list[UUID]:
    """Its copies whose code is still the one in doubt, and that as far as we know nobody had used, even in part."""
    unused = Exists(Change.objects.filter(voucher=OuterRef("voucher"), before="issued", after="void"))
    whole = {
        DoubtWhy.POOL: Q(voucher__state=VoucherState.ISSUED),
        DoubtWhy.VOID: Q(unused, voucher__state=VoucherState.VOID),
    }.get(DoubtWhy(doubt.why))
    if whole is None:
        return []
    rows = Gift.objects.filter(whole, voucher__in=doubt.copies.values("voucher_id"))
    return list(rows.order_by("id").values_list("id", flat=True))


def gift_of_voucher(voucher_id: UUID) -> Gift | None:
    """The copy that has a code now."""
    return Gift.objects.filter(voucher=voucher_id).first()
