"""What paying needs to know, and what goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import Supplier
from seonmul.figures import queries as figures_now
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Hold, Kind
from seonmul.members import queries as members
from seonmul.members.models import BuyerKind, Member
from seonmul.orders import rules
from seonmul.orders.models import (
    Draft,
    Line,
    Order,
)
from seonmul.orders.queries._approvals import approval_facts
from seonmul.orders.queries._baskets import Quote, QuoteLine, codes_until
from seonmul.orders.queries._budgets import budget_for
from seonmul.orders.queries._checkouts import open_checkout
from seonmul.orders.queries._drafts import ad_for, bad_places, letter_facts
from seonmul.orders.queries._limits import face_won, limit_for
from seonmul.payments import rules as payment_rules
from seonmul.vouchers import queries as vouchers


def facts(
    draft: Draft, quote: Quote, by: Member, *, seen_won: int, seen_left_out: int, site_url: str, at: datetime
) -> rules.OrderFacts:
    """What the rule of placing needs to know."""
    return rules.OrderFacts(
        may_buy=members.may_buy(by) and members.buyer_of(by) == draft.buyer,
        is_frozen=draft.buyer.frozen_at is not None,
        blocked_until=members.blocked_until(by),
        is_company=draft.buyer.kind == BuyerKind.COMPANY,
        lines=[_line_facts(draft, line, at) for line in quote.lines],
        letter=letter_facts(draft, quote, site_url, at),
        people=quote.people,
        rows=quote.rows,
        rows_at_fault=quote.rows_at_fault,
        amount_won=quote.amount_won,
        seen_won=seen_won,
        seen_left_out=seen_left_out,
        is_lawful=draft.is_lawful,
        is_ad=draft.is_ad,
        ad=ad_for(draft),
        is_later=draft.is_later,
        send_at=draft.send_at,
        asleep_minutes=draft.asleep_minutes,
        face_won=face_won(quote),
        limit=limit_for(draft, at) if quote.has_certificates else None,
        approval=approval_facts(draft, quote, by),
        budget=budget_for(draft, by, at),
        bad_places=bad_places(draft),
    )


def _line_facts(draft: Draft, line: QuoteLine, at: datetime) -> rules.LineFacts:
    return rules.LineFacts(
        name=line.name,
        offer=catalog.facts(line.offer),
        copies=line.copies,
        stock_left=vouchers.left_for(line.product, draft.id, codes_until(draft, line.offer, at)),
        is_own=line.product.supplier == Supplier.OWN,
    )


@dataclass(frozen=True)
class Means:
    """With what a draft can be paid, in won. What its own open card window holds counts as free: it would end. O6

    `reward_ends_at`: when the first of the reward ends; None when there is none.
    """

    reward_won: int
    reward_ends_at: datetime | None
    cash_won: int
    held_won: int


def means(draft: Draft, at: datetime) -> Means:
    """What its buyer has for a draft. O6"""
    has, opened = ledger.balances(draft.buyer_id), open_checkout(draft.id)
    alive = (lot.expires_at for lot in ledger.lots(draft.buyer_id) if lot.expires_at >= at)
    return Means(
        reward_won=ledger.reward_alive(draft.buyer_id, at) + (opened.reward_won if opened else 0),
        reward_ends_at=next(alive, None),
        cash_won=has.cash_won + (opened.cash_won if opened else 0),
        held_won=has.held_won - (opened.reward_won + opened.cash_won if opened else 0),
    )


def reward_to_come(draft: Draft, quote: Quote, split: rules.Split, at: datetime) -> int:
    """What reward an order of this draft would bring when it is sent. P4"""
    if draft.buyer.kind != BuyerKind.COMPANY:
        return 0
    return payment_rules.reward_won(
        sum(line.amount_won for line in quote.lines if line.product.is_gift_certificate),
        cash_and_card_won=split.cash_won + split.card_won,
        total_won=split.total_won,
        percent=figures_now.figures(at).reward_percent,
    )


def earning_facts(order: Order) -> rules.EarningFacts:
    """What the order's reward hangs on, as things stand. P4"""
    left = F("unit_price_won") * (F("copies") - F("refunded_copies") - F("unissued_copies"))
    won = Line.objects.filter(order=order, is_gift_certificate=True).aggregate(won=Sum(left))["won"]
    return rules.EarningFacts(
        certificates_won=int(won or 0),
        cash_and_card_won=order.amount_won - order.reward_won,
        total_won=order.amount_won,
        earned_won=order.earned_won,
        unearned_won=order.unearned_won,
    )


def refund_plan(order: Order, copies: Mapping[UUID, int], *, percent: int) -> rules.RefundPlan:
    """What a refund of {line: copies} comes to as things stand. P4, P5"""
    lines = Line.objects.filter(order=order, id__in=copies)
    won = sum(rules.amount_won(line.unit_price_won, copies[line.id]) for line in lines)
    certificates = sum(
        rules.amount_won(line.unit_price_won, copies[line.id]) for line in lines if line.is_gift_certificate
    )
    facts_, origin = earning_facts(order), f"reward:{order.id}"
    reward_back = rules.reward_to_take_back(facts_, certificates, percent=percent)
    spent = rules.kept_for_reward(
        facts_, reward_back, left_won=ledger.left_of(origin), used_won=ledger.used_of(origin)
    )
    kept = min(spent, won)
    shares = ledger.shares_back(order.hold_id, won, kept)
    return rules.RefundPlan(
        won=won,
        reward_back_won=reward_back,
        kept_won=kept,
        card_won=shares.get(Kind.CARD, 0),
        cash_won=shares.get(Kind.CASH, 0),
        reward_won=shares.get(Kind.REWARD, 0),
    )


def held_rest_won(order: Order) -> int:
    """What of an order's money is held for copies that are not issued; whoever calls holds the order. O9"""
    return Hold.objects.get(id=order.hold_id).rest_won
