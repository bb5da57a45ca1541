"""Questions about leaving: what stands in its way, who is to be erased, what law keeps. M9"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from seonmul.figures import queries as figures_now
from seonmul.kit import crypto
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.members.models import (
    Access,
    AccessKind,
    Buyer,
    BuyerKind,
    Consent,
    ConsentKind,
    Invitation,
    Kept,
    Member,
    Membership,
    Role,
    SpendGrant,
)
from seonmul.members.ports import Outstanding
from seonmul.members.queries._people import is_company, left_buyers, phone_of, place_of
from seonmul.members.rules import ClosingFacts


def ends_with(member: Member) -> Buyer | None:
    """The buyer that ends when this member leaves: the person's own, or a company without anybody else. M9"""
    place = place_of(member)
    if place is None or Membership.objects.filter(buyer_id=place.buyer_id).exclude(member=member).exists():
        return None
    return place.buyer


def closing_facts(
    member: Member,
    *,
    orders_under_way: int,
    on_its_way: int,
    has_orders: bool = False,
    by_password: bool = False,
    is_proved: bool = False,
    gives_up_reward: bool = False,
) -> ClosingFacts:
    """What the rule of leaving needs. `orders_under_way`, `on_its_way`: of the buyer that ends, counted by orders."""
    place, ends = place_of(member), ends_with(member)
    money = ledger.balances(ends.id) if ends else None
    returns = import_string(settings.RETURNS)()
    outstanding = returns.outstanding(ends.id) if ends else Outstanding(0, 0)
    left = [ledger.balances(one.id) for one in left_buyers(member)]
    owners = Membership.objects.filter(buyer_id=place.buyer_id, role=Role.OWNER) if place else None
    is_last_owner = bool(place and owners and place.role == Role.OWNER and owners.count() == 1)
    return ClosingFacts(
        is_proved=is_proved,
        is_closed=member.closed_at is not None,
        is_staff=place is None,
        leaves_others=is_last_owner and ends is None,
        orders_under_way=orders_under_way if ends else 0,
        held_won=(money.held_won + money.card_won if money else 0) + sum(one.held_won for one in left),
        cash_won=(money.cash_won if money else 0) + sum(one.cash_won for one in left),
        reward_won=money.reward_won if money else 0,
        gives_up_reward=gives_up_reward,
        on_its_way=on_its_way if ends else 0,
        undelivered=outstanding.copies,
        claims=outstanding.claims,
        is_weighty=has_orders or bool(money and money.reward_won) or bool(place and is_company(place.buyer)),
        by_password=by_password,
    )


def lock_invitations(buyer_id: UUID) -> None:
    """Let nobody come into a buyer until the end of the transaction."""
    rows = Invitation.objects.select_for_update().filter(
        buyer_id=buyer_id, accepted_at=None, withdrawn_at=None
    )
    list(rows.order_by("id").values_list("id"))


def members_to_erase(at: datetime, limit: int = 100) -> list[UUID]:
    """Who has left and whose days are over, the longest gone first. M9"""
    rows = Member.objects.filter(closed_at__lte=_over(at), erased_at=None).order_by("closed_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def is_to_erase(member: Member, at: datetime) -> bool:
    """Say whether this member has left, and whether the days after that are over. M9"""
    return member.erased_at is None and member.closed_at is not None and member.closed_at <= _over(at)


def _over(at: datetime) -> datetime:
    """Whoever left until then is erased now."""
    return at - timedelta(days=figures_now.figures(at).closing_days)


def kept_content(member: Member) -> dict[str, Any]:
    """What law keeps of a member who leaves, by Kept.what; nothing of whoever has never paid or agreed. M9"""
    found: dict[str, Any] = {}
    payments = SpendGrant.objects.filter(member=member, used_at__isnull=False).order_by("used_at")
    paid = list(payments.values("used_at", "method", "purpose"))
    buyer = Buyer.objects.filter(memberships__member=member).first()
    bought = import_string(settings.KEEPER)().kept(member.id)
    has_books = buyer is not None and bool(ledger.statement(buyer.id, Kind.CASH, limit=1).rows)
    if paid or has_books or bought:
        found["contract"] = {
            "login": member.login, "name": member.name, "phone": phone_of(member), "mail": member.mail,
            "joined_at": member.joined_at, "closed_at": member.closed_at,
            "buyer": buyer.public_id if buyer else "", "buyer_name": buyer.name if buyer else "",
        }  # fmt: skip
        found["payment"] = {"authorised": paid} | bought
    agreed = Consent.objects.filter(member=member, kind=ConsentKind.MARKETING).order_by("given_at")
    advertising = list(agreed.values("version", "given_at", "withdrawn_at"))
    logins = Access.objects.filter(member=member, kind=AccessKind.LOGIN).order_by("happened_at")
    access = list(logins.values("happened_at", "device", "address"))
    return (
        found | ({"advertising": advertising} if advertising else {}) | ({"access": access} if access else {})
    )


def kept(member: Member) -> dict[str, Any]:
    """What is kept of a member, opened: for whoever the law lets ask."""
    ring = crypto.ring()
    rows = Kept.objects.filter(member=member)
    return {row.what: json.loads(ring.open(Kept.CONTENT, row.content_sealed)) for row in rows}


def closed_letter(member_id: UUID) -> tuple[str, str] | None:
    """Login id and number of a member who has left and is not erased yet; None without a number."""
    member = Member.objects.filter(id=member_id, closed_at__isnull=False, erased_at=None).first()
    return (member.login, phone_of(member)) if member and member.phone_sealed else None


def is_person(buyer: Buyer) -> bool:
    """Say whether a buyer is a person, whose name is personal."""
    return buyer.kind == BuyerKind.PERSON
