"""Questions about pay-outs. P5"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from seonmul.kit import crypto, ids
from seonmul.ledger import queries as ledger
from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member
from seonmul.members.rules import Purpose
from seonmul.payments import rules
from seonmul.payments.models import (
    Payment,
    PaymentKind,
    PaymentRefund,
    PaymentState,
    Payout,
    PayoutState,
    RefundState,
    RefundWhy,
)
from seonmul.payments.ports import Account, Bank

_ARRIVED = (RefundState.DONE, RefundState.BY_HAND)
_OPEN = (PayoutState.ASKED, PayoutState.CHECKED, PayoutState.APPROVED)


@dataclass(frozen=True)
class Owner:
    """Whose an account must be. One of `born_on` and `business_number` is what the bank is asked with."""

    name: str
    born_on: date | None
    business_number: str


def owner_of_payout(buyer: Buyer, member: Member) -> Owner | None:
    """A company by its number, a person by the newest identity verification; None when there is neither. P5"""
    if members.is_company(buyer):
        return Owner(buyer.name, None, buyer.business_number) if buyer.business_number else None
    person = members.proved_person(member)
    return Owner(person.name, person.born_on, "") if person else None


def purse_of(by: Member, left: str = "") -> Buyer | None:
    """Whose cash a member may ask for: of the buyer they act for, or of an account of their own that they `left`. M7"""
    if not left:
        return members.buyer_of(by)
    return next((one for one in members.left_buyers(by) if one.public_id == left), None)


def left_purses(by: Member) -> list[tuple[Buyer, int]]:
    """The accounts that a member left for a company, to which cash has come back since, with how much. M7"""
    found = [(one, ledger.balances(one.id).cash_won) for one in members.left_buyers(by)]
    return [(buyer, won) for buyer, won in found if won]


def owns_purse(buyer: Buyer, by: Member) -> bool:
    """Say whether cash of this buyer is this member's to ask for."""
    return buyer.left_by_id == by.id if buyer.closed_at else members.is_owner(by)


def is_purse_frozen(buyer: Buyer) -> bool:
    """Say whether no cash of this buyer goes out. A stop of the own account that was left ended with it. M8, M7"""
    return buyer.frozen_at is not None and (buyer.closed_at is None or buyer.is_held)


def payout_facts(buyer: Buyer, by: Member) -> rules.PayoutFacts:
    """What decides whether this member may ask for cash."""
    return rules.PayoutFacts(
        is_owner=owns_purse(buyer, by),
        is_frozen=is_purse_frozen(buyer),
        blocked_until=members.blocked_until(by),
        is_known=owner_of_payout(buyer, by) is not None,
        has_open=open_payout(buyer.id) is not None,
        cash_won=ledger.balances(buyer.id).cash_won,
    )


def payout_purpose(buyer: Buyer, won: int) -> Purpose:
    """What the spend code is bound to: this buyer's pay-out of this sum. M4"""
    return Purpose(f"payout:{buyer.public_id}", won, 0)


def open_payout(buyer_id: UUID) -> Payout | None:
    """The one pay-out of a buyer that is under way."""
    return Payout.objects.filter(buyer_id=buyer_id, state__in=_OPEN).first()


def payouts_of(buyer_id: UUID, limit: int = 20) -> list[Payout]:
    """A buyer's pay-outs, the newest first."""
    return list(Payout.objects.filter(buyer_id=buyer_id).order_by("-asked_at", "-id")[:limit])


def payouts_about(member: Member, subjects: Iterable[str]) -> dict[str, Payout]:
    """The pay-outs behind subjects of transfers: the books know them by their public ids. P1, P5"""
    names = [subject for subject in subjects if subject and not ids.is_id(subject)]
    rows = Payout.objects.filter(buyer__memberships__member=member, public_id__in=names)
    return {row.public_id: row for row in rows}


def payout_seen_by(member: Member, public_id: str) -> Payout | None:
    """One pay-out of the buyer this member acts for, or of an account of their own that they left."""
    own = Q(buyer__memberships__member=member) | Q(buyer__left_by=member)
    return Payout.objects.filter(own, public_id=public_id).first()


def locked_payout(payout_id: UUID) -> Payout:
    """Lock one pay-out."""
    return Payout.objects.select_for_update().select_related(None).get(id=payout_id)


def locked_payout_about(public_id: str) -> Payout | None:
    """Lock the pay-out that a refund is about."""
    return Payout.objects.select_for_update().filter(public_id=public_id).first()


def payout_account(payout: Payout) -> Account:
    """The account it goes to; the holder as the bank told, or "" when it did not."""
    ring, bank = crypto.ring(), Bank.of(payout.bank)
    if bank is None:
        raise ValueError("a pay-out to no bank")
    told = ring.open(Payout.TOLD, payout.told_sealed) if payout.told_sealed else ""
    return Account(bank, ring.open(Payout.NUMBER, payout.number_sealed), told)


def charges_to_give_back(buyer_id: UUID, limit: int = 200) -> list[tuple[UUID, int]]:
    """A buyer's paid charges by account of which something can go back, the newest first: (id, won). P5"""
    rows = (
        Payment.objects.filter(buyer_id=buyer_id, kind=PaymentKind.ACCOUNT, state=PaymentState.PAID)
        .annotate(room=F("paid_won") - Coalesce(Sum("refunds__won"), 0))
        .filter(room__gt=0)
        .order_by("-paid_at", "-id")
    )
    return [(row.id, row.room) for row in rows[:limit]]


def parts_of_payout(payout: Payout, limit: int = 200) -> list[PaymentRefund]:
    """The refunds by which a pay-out goes, oldest first."""
    rows = _parts(payout.public_id).select_related("payment")
    return list(rows.order_by("asked_at", "id")[:limit])


def has_open_parts(payout: Payout) -> bool:
    """Whether a refund by which a pay-out goes has not arrived yet."""
    return _parts(payout.public_id).exclude(state__in=_ARRIVED).exists()


def parts_of_payouts_to_finish(limit: int = 200) -> list[UUID]:
    """Of each pay-out of which everything has arrived, and which nobody has finished, one refund."""
    whole = Q(by_hand_won=0) | Q(is_hand_done=True)
    arrived = PaymentRefund.objects.filter(
        why=RefundWhy.PAYOUT, state__in=_ARRIVED, subject=OuterRef("public_id")
    )
    rows = Payout.objects.filter(whole, state=PayoutState.APPROVED).exclude(
        Exists(_parts(OuterRef("public_id")).exclude(state__in=_ARRIVED))
    )
    rows = rows.annotate(part=Subquery(arrived.order_by("id").values("id")[:1])).filter(part__isnull=False)
    return list(rows.order_by("asked_at", "id").values_list("part", flat=True)[:limit])


def _parts(public_id: str | OuterRef) -> QuerySet[PaymentRefund]:
    return PaymentRefund.objects.filter(why=RefundWhy.PAYOUT, subject=public_id).exclude(subject="")


def payouts_to_check(at: datetime, limit: int = 200) -> list[UUID]:
    """Pay-outs whose holder should be asked for by now."""
    rows = Payout.objects.filter(next_try_at__lte=at, state=PayoutState.ASKED).order_by("next_try_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])
