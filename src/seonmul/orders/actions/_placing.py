"""A paid draft becomes an order; an order begins and ends. O6, O9, O11"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import events, queries, rules
from seonmul.orders.models import Draft, Line, Order, OrderState


@transaction.atomic
def place(
    draft_id: UUID, *, by: Member, grant_id: UUID, seen_won: int, seen_left_out: int, at: datetime
) -> Order:
    """Turn a draft into a paid order: the money is held, and whoever sends is told. O6, O9

    The same draft gives the same order, however often and by whomever it is sent. Raises Refused and keeps the
    draft as it is.
    """
    draft = queries.locked_draft(draft_id)
    if draft is None:
        placed = queries.order_from(draft_id)
        if placed is None:
            raise Refused(No(rules.OrderRefusal.CHANGED_MEANWHILE))
        return placed
    quote = queries.quote(draft)
    facts = queries.facts(
        draft, quote, by, seen_won=seen_won, seen_left_out=seen_left_out, site_url=settings.PUBLIC_URL, at=at
    )
    refuse(rules.why_not_place(facts, figures=figures_now.figures(at), at=at))
    members.use_grant(grant_id, by.id, queries.purpose_of(draft, quote), at=at)
    held = ledger.hold(
        draft.buyer_id,
        [(Kind.CASH, quote.amount_won)],
        cause=f"order:{draft.id}",
        subject=str(draft.id),
        at=at,
    )
    order = Order.objects.create(
        draft_id=draft.id,
        public_id=draft.public_id,  # the draft's address leads on to its order
        buyer_id=draft.buyer_id,
        member=by,
        list=draft.list,
        channel=draft.channel,
        sender=draft.sender,
        title_sealed=draft.title_sealed,
        text_sealed=draft.text_sealed,
        purpose=draft.purpose,
        people=quote.people,
        copies=quote.copies,
        amount_won=quote.amount_won,
        hold_id=held.id,
        grant_id=grant_id,
        paid_at=at,
    )
    _take_over(draft, order, quote)
    audit.record(
        "order_placed", by=by.id, subject=order.id, company=draft.buyer_id, at=at,
        amount_won=quote.amount_won, people=quote.people, copies=quote.copies, left_out=quote.rows_at_fault,
    )  # fmt: skip
    jobs.announce(events.PAID, order_id=order.id)
    return order


def _take_over(draft: Draft, order: Order, quote: queries.Quote) -> None:
    """Make the draft's good rows the order's recipients, cut into chunks, and forget the draft."""
    offer = queries.offer_of(draft)
    line = Line.objects.create(
        order=order,
        product=draft.product,
        unit_price_won=quote.unit_price_won,
        validity_days=offer.validity_days if offer else 0,
        people=quote.people,
        copies=quote.copies,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO orders_recipient (line_id, position, chunk, cells_sealed, phone_index, copies)
            SELECT %s, position, (sum(copies) OVER (ORDER BY position) - 1) / %s, cells_sealed, phone_index, copies
            FROM orders_draftrow WHERE draft_id = %s AND fault = '' AND NOT is_over""",
            [line.id, rules.CHUNK_COPIES, draft.id],
        )
        cursor.execute("DELETE FROM orders_draftrow WHERE draft_id = %s", [draft.id])
    Draft.objects.filter(id=draft.id).delete()


@transaction.atomic
def close_account(by: Member, *, is_proved: bool, gives_up_reward: bool, at: datetime) -> None:
    """Close a member's account and discard the drafts that nobody goes on with. Raises Refused and changes nothing. M9

    Vouchers already sent are their recipients': orders, links and codes stay as they are.
    """
    facts = queries.closing_facts(by)
    drafts = queries.drafts_of(by, members_now.ends_with(by))
    members.close(
        by,
        orders_under_way=facts.orders_under_way,
        is_proved=is_proved,
        gives_up_reward=gives_up_reward,
        at=at,
    )
    for draft_id in drafts:
        discard(draft_id)


@transaction.atomic
def begin_sending(order_id: UUID) -> bool:
    """Paid becomes sending; says whether this call did it."""
    return bool(states.move(Order.objects.filter(id=order_id), OrderState.PAID, OrderState.SENDING))


@transaction.atomic
def finish(order_id: UUID, *, at: datetime) -> bool:
    """Sending becomes finished: every copy has an outcome. O11"""
    return bool(
        states.move(
            Order.objects.filter(id=order_id), OrderState.SENDING, OrderState.FINISHED, finished_at=at
        )
    )
