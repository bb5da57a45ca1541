"""What buying gift certificates starts from: a product at its face value, colleagues who buy, the month's use."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from seonmul.catalog.models import Product
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import queries
from seonmul.orders.models import Approval, ApprovalState, Draft, Order
from seonmul.orders.rules import LimitFacts
from tests import given
from tests.given import MONDAY, Company

FACE_WON = 100_000
#: Ten minutes before a month is over in Seoul, and ten after.
BEFORE_MIDNIGHT = datetime(2026, 11, 30, 14, 50, tzinfo=UTC)
AFTER_MIDNIGHT = BEFORE_MIDNIGHT + timedelta(minutes=20)
_count = itertools.count(1)


def certificate(face_won: int = FACE_WON) -> Product:
    """A gift certificate at its face value."""
    return given.product(price_won=face_won, is_gift_certificate=True)


def numbers(count: int) -> list[str]:
    """Other numbers each time: nobody gets the same product twice."""
    return given.numbers(count, start=30_000_000 + next(_count) * 100_000)


def draft(who: Company, copies: int, product: Product | None = None, at: datetime = MONDAY) -> Draft:
    return given.draft(who, numbers(copies), product or certificate(), at)


def bought(who: Company, copies: int, at: datetime = MONDAY) -> Order:
    """So many gift certificates of 100,000 won, paid in cash; they wait for the operator."""
    return given.paid(who, draft(who, copies, at=at), at)


def colleague(who: Company) -> Company:
    """The same company, seen from another member who buys."""
    n = next(_count)
    made: Member = members.make_member(
        f"colleague{n}", "long-enough-1", "박구매", phone=given.phone_number(7, n), mail=f"colleague{n}@firm.example",
        at=MONDAY, buyer=who.buyer, role="buyer",
    )  # fmt: skip
    return Company(who.buyer, made, who.approver)


def limit(who: Company, at: datetime = MONDAY) -> LimitFacts:
    buyer = members_now.buyer_of(who.owner)
    assert buyer is not None
    return queries.limit_of(buyer, at)


def waiting(order: Order) -> Approval:
    return Approval.objects.get(order=order, state=ApprovalState.WAITING)
