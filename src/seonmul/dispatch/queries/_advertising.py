"""Questions about advertising: what stands around it, and who wants none. O3, S7"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef

from seonmul.dispatch.models import AdNotice, Attempt, AttemptState, OptOut
from seonmul.dispatch.rules import Ad
from seonmul.kit import crypto
from seonmul.kit.pages import Page, page


def ad_of(buyer_id: UUID) -> Ad | None:
    """What a buyer has set to stand around its advertising; None before that. O3"""
    row = AdNotice.objects.filter(buyer_id=buyer_id).first()
    return Ad(row.name, row.contact, row.opt_out) if row else None


def opt_outs_of(buyer_id: UUID, after: str = "", limit: int = 50) -> Page[OptOut]:
    """Who wants no advertising of this buyer, newest first. S7"""
    rows = OptOut.objects.filter(buyer_id=buyer_id)
    return page(rows, order=("-noted_at", "-id"), after=after, limit=limit)


def to_opted_out(batch_id: UUID, buyer_id: UUID) -> list[UUID]:
    """Attempts of a batch that would go to somebody who wants no advertising of this buyer. S7"""
    refused = OptOut.objects.filter(buyer_id=buyer_id, to_index=OuterRef("message__to_index"))
    rows = Attempt.objects.filter(Exists(refused), batch_id=batch_id, state=AttemptState.OPEN)
    return list(rows.values_list("id", flat=True))


def number_of(row: OptOut) -> str:
    """The number of somebody who wants no advertising; pages mask it."""
    return crypto.ring().open(OptOut.TO, row.to_sealed)


def opted_out(buyer_id: UUID, indexes: Iterable[bytes]) -> set[bytes]:
    """Which of these numbers, by their keyed index, want no advertising of this buyer."""
    rows = OptOut.objects.filter(buyer_id=buyer_id, to_index__in=list(indexes))
    return {bytes(index) for index in rows.values_list("to_index", flat=True)}
