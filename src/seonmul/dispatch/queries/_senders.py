"""Sender numbers: who may show which, and which may be shown no more. M6"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from seonmul.dispatch.models import Channel, Letter, SenderNumber, SenderState


def senders_of(buyer_id: UUID, member_id: UUID) -> list[SenderNumber]:
    """The numbers that this member may show: approved here and registered at the carrier. M6

    A company's number serves all its members, a mobile number only its owner.
    """
    own = Q(member_id=None) | Q(member_id=member_id)
    return list(_usable().filter(own, buyer_id=buyer_id).order_by("added_at", "id"))


def gone_senders(numbers: Collection[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Of these buyers' numbers those that no text may show any more: not approved, or not registered at the carrier. M6

    A number ends between paying and sending: its paper grows old, its owner goes, it is rejected.
    """
    wanted = set(numbers)
    if not wanted:
        return set()
    rows = _usable().filter(
        buyer_id__in={buyer_id for buyer_id, _ in wanted}, digits__in={digits for _, digits in wanted}
    )
    return wanted - set(rows.order_by("id").values_list("buyer_id", "digits"))


def is_from_gone_number(letter: Letter) -> bool:
    """Whether a buyer's text would go from a number that may not be shown; a mail and our own texts have none. M6"""
    if letter.channel == Channel.MAIL or letter.buyer_id is None or letter.sender == settings.PLATFORM_SENDER:
        return False
    return bool(gone_senders({(letter.buyer_id, letter.sender)}))


def _usable() -> QuerySet[SenderNumber]:
    return SenderNumber.objects.filter(state=SenderState.APPROVED, is_registered_at_carrier=True)


def senders_asked_for(buyer_id: UUID) -> list[SenderNumber]:
    """Every number of a buyer with its state, newest first."""
    return list(SenderNumber.objects.filter(buyer_id=buyer_id).order_by("-added_at", "-id")[:100])


def sender(public_id: str) -> SenderNumber | None:
    """One number with its buyer."""
    return SenderNumber.objects.select_related("buyer").filter(public_id=public_id).first()


def standing_of(buyer_id: UUID, digits: str) -> tuple[str, date | None]:
    """Lock a buyer's number; its state ("" for none) and the day of its paper, as `rules.SenderFacts` wants both."""
    found = SenderNumber.objects.select_for_update().filter(buyer_id=buyer_id, digits=digits).first()
    if found is None:
        return "", None
    return (SenderState.PENDING if found.is_renewing else found.state), found.proved_on


def locked_sender(sender_id: UUID) -> SenderNumber:
    """Lock one number."""
    return SenderNumber.objects.select_for_update().get(id=sender_id)


def ending_sender(sender_id: UUID) -> SenderNumber | None:
    """A number whose paper grows old, or has grown so, and for which no newer one waits."""
    ends = [SenderState.APPROVED, SenderState.EXPIRED]
    return SenderNumber.objects.filter(
        id=sender_id, state__in=ends, proved_on__isnull=False, renewal_at=None
    ).first()


def decided_sender(sender_id: UUID) -> SenderNumber | None:
    """A number about which there is something to tell."""
    decided = [SenderState.APPROVED, SenderState.REJECTED]
    return SenderNumber.objects.filter(id=sender_id, state__in=decided).first()


def waiting_senders(limit: int = 200) -> list[SenderNumber]:
    """Numbers that wait for a decision, also on a newer paper, or for being entered at the carrier, oldest first."""
    unregistered = Q(state=SenderState.APPROVED, is_registered_at_carrier=False)
    waits = Q(state=SenderState.PENDING) | unregistered | Q(renewal_at__isnull=False)
    rows = SenderNumber.objects.filter(waits).select_related("buyer")
    return list(rows.order_by(Coalesce("renewal_at", "added_at"), "id")[:limit])


def waiting_senders_of(buyer_id: UUID) -> list[SenderNumber]:
    """A company's own numbers that wait for a decision, oldest first. M5"""
    rows = SenderNumber.objects.filter(buyer_id=buyer_id, member=None, state=SenderState.PENDING)
    return list(rows.order_by("added_at", "id")[:50])
