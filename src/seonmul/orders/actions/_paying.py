"""Paying a draft: reward, cash, and a card for the rest. M4, O6"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.figures import queries as figures_now
from seonmul.kit import jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import queries as ledger
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import queries, rules
from seonmul.orders.actions import _limits as limits
from seonmul.orders.actions._checkouts import end_checkout, give_card_back, is_same, open_checkout
from seonmul.orders.actions._placing import make_order, place
from seonmul.orders.models import Checkout, Draft, Order
from seonmul.payments import actions as payments
from seonmul.payments import queries as payments_now

#: How far back news of cards is looked for.
_NEWS_DAYS = timedelta(days=40)


def pay(
    draft_id: UUID,
    *,
    by: Member,
    secret: str,
    device: str,
    seen_won: int,
    seen_left_out: int,
    at: datetime,
    split: rules.Split | None = None,
) -> Order | Checkout:
    """Take the member's spend authentication (`secret`: texted code or payment password) and place. M4, O6

    `device`: the browser's cookie; on a new one it is always the texted code. M8. `split`: with what it is paid, all
    from cash unless said; with a card share a window opens and the order is placed when the card has paid. By card
    alone no authentication is needed.

    The draft is locked from the first look to the last, so the same form sent twice at once is one order. Raises
    Refused; a wrong try stays counted.
    """
    with transaction.atomic():
        outcome = _pay(draft_id, by, secret, device, seen_won, seen_left_out, split, at)
    if isinstance(outcome, No):
        raise Refused(outcome)
    return outcome


def _pay(
    draft_id: UUID,
    by: Member,
    secret: str,
    device: str,
    seen_won: int,
    seen_left_out: int,
    split: rules.Split | None,
    at: datetime,
) -> Order | Checkout | No:
    buyer_id = members_now.buys_for(by)
    if buyer_id and split and split.card_won:
        payments.lock_card_limits(buyer_id, at=at)  # the buyer before its member, as where a place ends
    members_now.lock_payer(by.id)
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return queries.order_from(draft_id) or No(rules.OrderRefusal.CHANGED_MEANWHILE)
    split = split or rules.Split(cash_won=seen_won)
    open_one = queries.locked_checkout(draft_id)
    if open_one and open_one.member_id == by.id and is_same(open_one, draft, split, seen_left_out):
        return open_one  # the same form once more, also by a double click: authenticated already
    try:
        if split.card_won:
            _check(draft, by, split, seen_won, seen_left_out, at)
        grant_id = _authenticate(draft, by, secret, device, at) if split.needs_grant else None
        if split.card_won:
            with transaction.atomic():  # all of it or nothing: a refusal leaves the window before it open
                if grant_id:
                    members.use_grant(grant_id, by.id, queries.purpose_of(draft, queries.quote(draft)), at=at)
                return open_checkout(draft, split, by=by, grant_id=grant_id, left_out=seen_left_out, at=at)
        return place(
            draft_id,
            by=by,
            grant_id=grant_id,
            split=split,
            seen_won=seen_won,
            seen_left_out=seen_left_out,
            at=at,
        )
    except Refused as refused:
        return refused.no


def _authenticate(draft: Draft, by: Member, secret: str, device: str, at: datetime) -> UUID:
    purpose = queries.purpose_of(draft, queries.quote(draft))
    if members_now.pays_by_password(by, device, at):
        return members.enter_payment_password(by.id, purpose, secret, device=device, at=at).id
    return members.enter_spend_code(by.id, purpose, secret, at=at).id


def _check(
    draft: Draft, by: Member, split: rules.Split, seen_won: int, seen_left_out: int, at: datetime
) -> None:
    """All that stands in the way of the order, before a card is asked for. An open window's own hold counts as free."""
    quote = queries.quote(draft)
    facts = queries.facts(
        draft, quote, by, seen_won=seen_won, seen_left_out=seen_left_out, site_url=settings.PUBLIC_URL, at=at
    )
    refuse(rules.why_not_place(facts, figures=figures_now.figures(at), at=at))
    before = queries.locked_checkout(draft.id)
    has = ledger.balances(draft.buyer_id)
    refuse(
        rules.why_not_split(
            split,
            quote.amount_won,
            has_reward_won=ledger.reward_alive(draft.buyer_id, at) + (before.reward_won if before else 0),
            has_cash_won=has.cash_won + (before.cash_won if before else 0),
        )
    )


def complete_card(payment_id: UUID, *, at: datetime) -> None:
    """The card has paid: the order is placed as it was agreed, or the money goes back and the person is told why.

    One result however often, and from whichever side, it is heard. O6, P3
    """
    with transaction.atomic():
        found = queries.checkout_of_payment(payment_id)
        draft = queries.locked_draft(found.draft_id) if found else None
        payment = payments_now.locked_payment(payment_id)
        checkout = queries.locked_checkout(found.draft_id) if found else None
        if found is None or queries.is_placed(found):
            if found is None:
                give_card_back(payment_id, payment.won, at=at)
            return
        if checkout is None or checkout.id != found.id or draft is None:
            give_card_back(payment_id, payment.won, at=at)
            return
        limits.lock_for(checkout, at)
        no = _why_not_complete(draft, checkout, at)
        if no is None:
            make_order(
                draft,
                by=checkout.member,
                grant_id=checkout.grant_id,
                split=rules.Split(checkout.reward_won, checkout.cash_won, checkout.card_won),
                checkout=checkout,
                at=at,
            )
            return
        give_card_back(payment_id, payment.won, at=at)
        end_checkout(checkout, why=no.code, at=at)


@transaction.atomic
def sweep_cards(*, at: datetime) -> None:
    """Look for rows, not for news: card payments that were decided and that nobody here has heard of. P3"""
    for payment_id, is_paid in queries.cards_to_hear_of(at - _NEWS_DAYS):
        name = "orders.complete_card" if is_paid else "orders.note_card_ended"
        jobs.enqueue_once(name, f"{name}:{payment_id}", payment_id=payment_id)


def _why_not_complete(draft: Draft, checkout: Checkout, at: datetime) -> No | None:
    """Say why what was agreed when the window opened cannot be placed any more. O6"""
    if draft.saved_at != checkout.saved_at:
        return No(rules.OrderRefusal.CHANGED_MEANWHILE)
    facts = queries.facts(
        draft,
        queries.quote(draft),
        queries.answers_for(draft, checkout),
        seen_won=checkout.total_won,
        seen_left_out=checkout.left_out,
        site_url=settings.PUBLIC_URL,
        at=at,
    )
    # advertising that was agreed by day and is paid in the night waits for the morning, as any that begins late. O3
    facts = replace(facts, is_ad=False)
    return rules.why_not_place(facts, figures=figures_now.figures(at), at=at)
