"""Drafts: what they come to, and what a page shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Prefetch, QuerySet

from seonmul.catalog.models import List
from seonmul.dispatch import queries as dispatch
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.rules import Ad, LetterFacts
from seonmul.kit import clock, crypto
from seonmul.kit.pages import Page, page
from seonmul.members.models import Buyer, BuyerKind, Member
from seonmul.members.rules import Purpose
from seonmul.orders import rules
from seonmul.orders.models import Draft, DraftItem, Order, OrderKind
from seonmul.orders.queries._baskets import Quote, QuoteLine, codes_until
from seonmul.orders.queries._checkouts import paid_as

#: The length of a gift's link in a message; the address of the site in front of it is counted by whoever asks.
LINK_TOKEN_BYTES = 18


def drafts_seen_by(member: Member) -> QuerySet[Draft]:
    """The drafts of the buyer this member acts for."""
    return Draft.objects.filter(buyer__memberships__member=member)


def drafts_written_by(member_id: UUID) -> list[str]:
    """The drafts that a member is writing, newest first: their public ids. M5"""
    rows = Draft.objects.filter(member_id=member_id).order_by("-saved_at", "-id")
    return list(rows.values_list("public_id", flat=True)[:1000])


def drafts_page(member: Member, after: str = "", limit: int = 10) -> Page[Draft]:
    """Drafts, the last saved first, each with its `row_count`."""
    rows = drafts_seen_by(member).annotate(row_count=Count("rows"))
    rows = rows.prefetch_related(
        Prefetch("items", DraftItem.objects.order_by("position", "id")), "items__product__brand"
    )
    return page(rows, order=("-saved_at", "-id"), after=after, limit=limit)


def draft_for(member: Member, list_: List, public_id: str = "") -> Draft | None:
    """A member's draft on one list: the one that is named, else the one that was saved last. O1"""
    rows = drafts_seen_by(member).filter(list=list_)
    rows = rows.filter(public_id=public_id) if public_id else rows.filter(member=member)
    return rows.order_by("-saved_at", "-id").first()


def drafts_of(member: Member, ends: Buyer | None) -> list[UUID]:
    """Drafts that nobody goes on with when this member leaves: the member's own, or all of the buyer that ends. M9"""
    rows = Draft.objects.filter(buyer=ends) if ends else Draft.objects.filter(member=member)
    return list(rows.order_by("id").values_list("id", flat=True))


def purpose_of(draft: Draft, quote: Quote) -> Purpose:
    """What a payment for this draft is bound to. M4"""
    return Purpose(paid_as(draft.id), quote.amount_won, quote.people)


def letter_facts(draft: Draft, quote: Quote, site_url: str, at: datetime) -> LetterFacts:
    """The draft's whole message with the longest name, product and link in place. O3"""
    senders = [sender.digits for sender in dispatch.senders_of(draft.buyer_id, draft.member_id)]
    texts = [whole_text(draft, line, at) for line in quote.lines]
    return LetterFacts(
        channel=draft.channel,
        is_sender_approved=draft.sender in senders,
        has_any_sender=bool(senders),
        title=dispatch_rules.ad_title(title_of(draft), ad_for(draft)),
        text=max(texts, key=len, default=text_of(draft)),
        place_bytes={
            **{place: max(most, 0) for place, (most, _bad) in place_lengths(draft).items()},
            rules.NAME_PLACE: max(quote.name_bytes, rules.NO_NAME_BYTES),
            rules.LINK_PLACE: len(site_url) + len("/g/") + LINK_TOKEN_BYTES,
        },
    )


def whole_text(draft: Draft, line: QuoteLine, at: datetime) -> str:
    """The member's words about one product of the basket, with what is added below them."""
    return rules.letter_text(
        text_of(draft),
        channel=draft.channel,
        gift=line.name,
        until=clock.korean_date(codes_until(draft, line.offer, at)),
        ad=ad_for(draft),
    )


def place_lengths(draft: Draft) -> dict[str, tuple[int, int]]:
    """For each further column: the longest value in EUC-KR bytes, and how many rows no carrier carries. O3"""
    if not draft.places:
        return {}
    parts = ", ".join(
        f"coalesce(max(field_bytes[{n}]), 0), count(*) FILTER (WHERE field_bytes[{n}] < 0)"
        for n in range(1, len(draft.places) + 1)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {parts} FROM orders_draftrow WHERE draft_id = %s AND fault = '' AND NOT is_over",  # noqa: S608
            [draft.id],
        )
        found = cursor.fetchone()
    return {place: (found[2 * n], found[2 * n + 1]) for n, place in enumerate(draft.places)}


def bad_places(draft: Draft) -> dict[str, int]:
    """Further columns with values that no carrier carries, and in how many rows. O3"""
    return {place: bad for place, (_most, bad) in place_lengths(draft).items() if bad}


def ad_for(draft: Draft) -> Ad | None:
    """What stands around a draft's text; None when it is no advertising, or when nobody has set it yet. O3"""
    return dispatch.ad_of(draft.buyer_id) if draft.is_ad else None


def ad_of(order: Order) -> Ad | None:
    """What stands around an order's text, as it was when it was paid. O3"""
    return Ad(**order.ad) if order.ad else None


def locked_draft(draft_id: UUID) -> Draft | None:
    """Lock one draft."""
    return Draft.objects.select_for_update(of=("self",)).select_related("buyer").filter(id=draft_id).first()


def title_of(row: Draft | Order) -> str:
    """The message's title."""
    return crypto.ring().open(Draft.TITLE, row.title_sealed) if row.title_sealed else ""


def text_of(row: Draft | Order) -> str:
    """The member's own words."""
    return crypto.ring().open(Draft.TEXT, row.text_sealed) if row.text_sealed else ""


def shown_sender(row: Draft | Order, channel: str = "") -> str:
    """Who a message is from: its number; of a mail a company's name before our address, and never a person's. S1, V5

    `channel`: of the message, where it is not the order's own.
    """
    if (channel or row.channel) != OrderKind.MAIL:
        return row.sender
    return row.buyer.name if row.buyer.kind == BuyerKind.COMPANY else ""


def gone_senders(orders: Iterable[Order]) -> dict[UUID, str]:
    """The orders by text whose sender number may not be shown any more, each with that number. M6"""
    texts = [order for order in orders if order.kind != OrderKind.MAIL]
    gone = dispatch.gone_senders({(order.buyer_id, order.sender) for order in texts})
    return {order.id: order.sender for order in texts if (order.buyer_id, order.sender) in gone}


def sent_lately(draft: Draft, at: datetime, hours: int) -> int:
    """How many of the draft's recipients got a product of it from this buyer within `hours`. O2"""
    index = "mail_index" if draft.kind == OrderKind.MAIL else "phone_index"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(DISTINCT r.to_index) FROM orders_draftrow r
            JOIN orders_draftitem i ON i.draft_id = r.draft_id AND (r.item_id IS NULL OR r.item_id = i.id)
            WHERE r.draft_id = %s AND (r.to_index, i.product_id) IN (
                SELECT p.{index}, l.product_id FROM orders_recipient p JOIN orders_line l ON l.id = p.line_id
                JOIN orders_order o ON o.id = l.order_id
                WHERE o.buyer_id = %s AND o.paid_at >= %s)""",  # noqa: S608 - one of two names
            [draft.id, draft.buyer_id, at - timedelta(hours=hours)],
        )
        return int(cursor.fetchone()[0])
