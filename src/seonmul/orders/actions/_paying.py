"""Paying a draft: reward, cash, and a card for the rest. M4, O6"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.kit.refusals import No, Refused
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import queries, rules
from seonmul.orders.models import Order


def pay(
    draft_id: UUID, *, by: Member, secret: str, device: str, seen_won: int, seen_left_out: int, at: datetime
) -> Order:
    """Take the member's spend authentication (`secret`: texted code or payment password) and place. M4, O6

    `device`: the browser's cookie; on a new one it is always the texted code. M8

    The draft is locked from the first look to the last, so the same form sent twice at once is one order. Raises
    Refused; a wrong try stays counted.
    """
    with transaction.atomic():
        outcome = _pay(draft_id, by, secret, device, seen_won, seen_left_out, at)
    if isinstance(outcome, No):
        raise Refused(outcome)
    return outcome


def _pay(
    draft_id: UUID, by: Member, secret: str, device: str, seen_won: int, seen_left_out: int, at: datetime
) -> Order | No:
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return queries.order_from(draft_id) or No(rules.OrderRefusal.CHANGED_MEANWHILE)
    purpose = queries.purpose_of(draft, queries.quote(draft))
    try:
        if members_now.pays_by_password(by, device, at):
            grant = members.enter_payment_password(by.id, purpose, secret, device=device, at=at)
        else:
            grant = members.enter_spend_code(by.id, purpose, secret, at=at)
        return place(
            draft_id, by=by, grant_id=grant.id, seen_won=seen_won, seen_left_out=seen_left_out, at=at
        )
    except Refused as refused:
        return refused.no
