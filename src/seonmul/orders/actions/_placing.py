"""A paid draft becomes an order; an order begins and ends. O6, O9, O11"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Hold, Kind
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import BY_CARD, Member
from seonmul.orders import events, queries, rules
from seonmul.orders.actions import _budgets as budgets
from seonmul.orders.actions import _limits as limits
from seonmul.orders.actions._advertising import mark_opted_out
from seonmul.orders.actions._approving import ask_consent
from seonmul.orders.actions._checking import forget_stale_look
from seonmul.orders.actions._checkouts import end_checkout, keep_stock
from seonmul.orders.actions._refunding import release_rest
from seonmul.orders.models import (
    ApprovalStep,
    Checkout,
    CheckoutState,
    Draft,
    Line,
    Order,
    OrderKind,
    OrderState,
)
from seonmul.payments import actions as payments
from seonmul.vouchers import actions as vouchers


@transaction.atomic
def place(
    draft_id: UUID,
    *,
    by: Member,
    grant_id: UUID | None,
    seen_won: int,
    seen_left_out: int,
    at: datetime,
    split: rules.Split | None = None,
) -> Order:
    """Turn a draft into a paid order: the money is held, and whoever sends is told. O6, O9

    `split`: from reward and cash, all from cash unless said. The same draft gives the same order, however often and
    by whomever it is sent. Raises Refused and keeps the draft as it is.
    """
    members_now.lock_payer(by.id)
    draft = queries.locked_draft(draft_id)
    if draft is None:
        placed = queries.order_from(draft_id)
        if placed is None:
            raise Refused(No(rules.OrderRefusal.CHANGED_MEANWHILE))
        return placed
    mark_opted_out(draft)
    quote = queries.quote(draft)
    facts = queries.facts(
        draft, quote, by, seen_won=seen_won, seen_left_out=seen_left_out, site_url=settings.PUBLIC_URL, at=at
    )
    refuse(rules.why_not_place(facts, figures=figures_now.figures(at), at=at))
    split = split or rules.Split(cash_won=quote.amount_won)
    if split.card_won or split.total_won != quote.amount_won or grant_id is None:
        raise Refused(No(rules.SplitRefusal.TOO_MUCH, {"total_won": quote.amount_won}))
    open_one = queries.locked_checkout(draft.id)
    if open_one:
        end_checkout(open_one, why="again", at=at)
    members.use_grant(grant_id, by.id, queries.purpose_of(draft, quote), at=at)
    return make_order(draft, by=by, grant_id=grant_id, split=split, at=at)


def make_order(
    draft: Draft,
    *,
    by: Member,
    grant_id: UUID | None,
    split: rules.Split,
    at: datetime,
    checkout: Checkout | None = None,
) -> Order:
    """Hold the money and make the order; whoever calls has locked the draft and asked the rules. O6, O7, O8, O9"""
    quote = queries.quote(draft)
    steps = rules.steps_of(queries.approval_facts(draft, quote, by))
    face_won = queries.face_won(quote)
    if checkout:
        limits.let_go(checkout)
        budgets.let_go(checkout)
    month = limits.take(draft.buyer, face_won, is_held=bool(steps), at=at)
    budget_month = budgets.take(draft.buyer, by, quote.amount_won, is_held=bool(steps), at=at)
    held = _hold(draft, split, checkout, at)
    order = Order.objects.create(
        draft_id=draft.id,
        public_id=draft.public_id,  # the draft's address leads on to its order
        buyer_id=draft.buyer_id,
        member=by,
        state=OrderState.WAITING if steps else OrderState.PAID,
        people=quote.people,
        copies=quote.copies,
        amount_won=quote.amount_won,
        reward_won=split.reward_won,
        card_won=split.card_won,
        hold_id=held.id,
        grant_id=grant_id,
        payment_id=checkout.payment_id if checkout else None,
        department_id=members_now.bounds_of(by, draft.buyer_id).department_id,
        limit_month=month,
        limit_won=face_won,
        budget_month=budget_month,
        ad=dataclasses.asdict(ad) if (ad := queries.ad_for(draft)) else None,
        paid_at=at,
        sender="" if draft.kind == OrderKind.MAIL else draft.sender,
        **{name: getattr(draft, name) for name in _AS_WRITTEN},
    )
    if checkout:
        rows = Checkout.objects.filter(id=checkout.id)
        states.move(rows, CheckoutState.OPEN, CheckoutState.PLACED, ended_at=at)
    if split.card_won and not split.needs_grant:  # else the payment was listed as its grant was used
        members.note_spend(by.id, BY_CARD, split.card_won, at)
    forget_stale_look(draft)
    _take_over(draft, order, quote)
    audit.record(
        "order_placed", by=by.id, subject=order.id, company=draft.buyer_id, at=at,
        amount_won=quote.amount_won, people=quote.people, copies=quote.copies, left_out=quote.rows_at_fault,
        reward_won=split.reward_won, card_won=split.card_won, is_lawful=draft.is_lawful, is_ad=draft.is_ad,
    )  # fmt: skip
    payments.note_spent(draft.buyer_id, at=at)
    if steps:
        ask_consent(order, ApprovalStep(steps[0]), at=at)
    else:
        jobs.announce(events.PAID, order_id=order.id)
    return order


#: What an order takes from its draft as it was written.
_AS_WRITTEN = (
    "list", "kind", "channel", "title_sealed", "text_sealed", "places", "purpose",
    "send_at", "asleep_minutes", "takes_substitute", "spreads", "falls_back",
)  # fmt: skip


def _hold(draft: Draft, split: rules.Split, checkout: Checkout | None, at: datetime) -> Hold:
    """Set the order's stock and money aside, in the order of spending; a card window has set a part aside already."""
    keep_stock(draft, queries.quote(draft), at)
    cause, subject = f"order:{draft.id}", str(draft.id)
    if checkout and checkout.hold_id:
        return ledger.add_part(checkout.hold_id, Kind.CARD, split.card_won, cause=cause, at=at)
    shares = [(Kind.REWARD, split.reward_won), (Kind.CASH, split.cash_won), (Kind.CARD, split.card_won)]
    parts = [(kind, won) for kind, won in shares if won]
    return ledger.hold(draft.buyer_id, parts, cause=cause, subject=subject, at=at)


def _take_over(draft: Draft, order: Order, quote: queries.Quote) -> None:
    """Make the draft's good rows the recipients of a line for each product, cut into chunks, and forget the draft. O1"""
    for nth, part in enumerate(quote.lines):
        product = part.product
        line = Line.objects.create(
            order=order,
            position=nth + 1,
            product=product,
            unit_price_won=part.unit_price_won,
            face_value_won=product.face_value_won,
            validity_days=part.offer.validity_days if part.offer else 0,
            cancel_days=part.offer.cancel_days if part.offer else 0,
            is_gift_certificate=product.is_gift_certificate,
            supplier=product.supplier,
            policy=vouchers.stamp(product.id, order.list, at=order.paid_at),
            people=part.people,
            copies=part.copies,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO orders_recipient
                    (line_id, position, chunk, cells_sealed, phone_index, mail_index, copies, copies_before)
                SELECT %s, position, (sum(copies) OVER (ORDER BY position) - 1) / %s, cells_sealed, phone_index,
                    mail_index, copies, CASE WHEN item_id IS NULL THEN copies * %s ELSE 0 END
                FROM orders_draftrow
                WHERE draft_id = %s AND fault = '' AND NOT is_over AND (item_id IS NULL OR item_id = %s)""",
                [line.id, rules.CHUNK_COPIES, nth, draft.id, part.item.id],
            )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_draftrow WHERE draft_id = %s", [draft.id])
    Draft.objects.filter(id=draft.id).delete()


@transaction.atomic
def finish(order_id: UUID, *, at: datetime) -> bool:
    """Sending becomes finished: every copy has an outcome; what is left of its money goes back. O9, O11

    Copies that were never issued have been released before, with their share of the limit: what is left is what a
    substitute was cheaper. O12
    """
    order = queries.locked_with_hold(order_id)
    moved = states.move(
        Order.objects.filter(id=order_id), OrderState.SENDING, OrderState.FINISHED, finished_at=at
    )
    if moved:
        budgets.give_back(order, queries.held_rest_won(order))
        release_rest(order, at=at)
    return bool(moved)
