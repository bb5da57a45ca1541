"""What a superior's link shows: an order or a draft, masked. O12"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from seonmul.catalog.models import Product
from seonmul.kit import crypto, masks
from seonmul.members import queries as members
from seonmul.orders import lists, rules
from seonmul.orders.models import Draft, DraftRow, Order, Recipient, ReviewLink
from seonmul.orders.queries._baskets import quote
from seonmul.orders.queries._drafts import text_of, title_of
from seonmul.orders.queries._orders import lines_of, order_from

#: So many recipients are shown to a superior; of the rest the number.
SHOWN_MOST = 20


@dataclass(frozen=True)
class Goods:
    """One product with how many copies of it, at which price."""

    product: Product
    copies: int
    unit_price_won: int


@dataclass(frozen=True)
class Review:
    """An order as a superior sees it: nothing in it is whole. `what`: a digest of all of it and of the whole list.

    `state`, `paid_at` None: a draft that is not paid.
    """

    company: str
    asked_by: str
    number: str
    goods: Sequence[Goods]
    people: int
    copies: int
    amount_won: int
    left_out: int
    purpose: str
    channel: str
    title: str
    text: str
    send_at: datetime | None
    state: str | None
    paid_at: datetime | None
    rows: Sequence[tuple[str, str, int]]
    what: str


def review_link(link: str) -> ReviewLink | None:
    """The row of a link that somebody has."""
    index = crypto.ring().index(ReviewLink.LINK, link)
    return ReviewLink.objects.select_related("buyer", "made_by").filter(link_index=index).first()


def locked_review_link(link_id: UUID) -> ReviewLink:
    """Lock one link; behind its draft."""
    rows = ReviewLink.objects.select_for_update(of=("self",))
    return rows.select_related("buyer", "made_by").get(id=link_id)


def review_links(draft_id: UUID, limit: int = 20) -> list[ReviewLink]:
    """The links of a draft or the order that it became, the newest first."""
    return list(ReviewLink.objects.filter(draft_id=draft_id).order_by("-made_at", "-id")[:limit])


def open_review_links(draft_id: UUID, at: datetime) -> int:
    """How many links of an order still open something."""
    return ReviewLink.objects.filter(draft_id=draft_id, withdrawn_at=None, expires_at__gt=at).count()


def review_facts(link: ReviewLink | None) -> rules.ReviewFacts | None:
    """What the rule of opening needs."""
    if link is None:
        return None
    return rules.ReviewFacts(
        link.expires_at, link.withdrawn_at is not None, _subject(link.draft_id) is not None
    )


def review_of(draft_id: UUID) -> Review | None:
    """The draft, or the order that it became, as a superior sees it."""
    found = _subject(draft_id)
    if found is None:
        return None
    return _of_order(found) if isinstance(found, Order) else _of_draft(found)


def _subject(draft_id: UUID) -> Draft | Order | None:
    draft = Draft.objects.select_related("buyer", "member").filter(id=draft_id).first()
    return draft or order_from(draft_id)


def _of_draft(draft: Draft) -> Review:
    counted = quote(draft)
    rows = DraftRow.objects.filter(draft=draft, fault="", is_over=False).order_by("position")
    return _review(
        draft,
        [Goods(line.product, line.copies, line.unit_price_won) for line in counted.lines],
        people=counted.people,
        copies=counted.copies,
        amount_won=counted.amount_won,
        left_out=counted.rows_at_fault,
        rows=[_masked(row) for row in rows[:SHOWN_MOST]],
        list_digest=_digest(_DRAFT_DIGEST, draft.id),
    )


def _of_order(order: Order) -> Review:
    lines = lines_of(order.id)
    rows = Recipient.objects.filter(line__order_id=order.id).order_by("line__position", "position")
    return _review(
        order,
        [Goods(line.product, line.copies, line.unit_price_won) for line in lines],
        people=order.people,
        copies=order.copies,
        amount_won=order.amount_won,
        left_out=0,
        rows=[_masked(row) for row in rows[:SHOWN_MOST]],
        list_digest=_digest(_ORDER_DIGEST, order.id),
    )


def _review(
    row: Draft | Order, goods: Sequence[Goods], *, people: int, copies: int, amount_won: int, left_out: int,
    rows: Sequence[tuple[str, str, int]], list_digest: str,
) -> Review:  # fmt: skip
    title, text = title_of(row), text_of(row)
    written = [
        *(f"{one.product.code}:{one.copies}:{one.unit_price_won}" for one in goods),
        people, copies, amount_won, row.purpose, row.channel, row.send_at, title, text, list_digest,
    ]  # fmt: skip
    return Review(
        company=row.buyer.name,
        asked_by=masks.mask_name(row.member.name),
        number=row.public_id,
        goods=goods,
        people=people,
        copies=copies,
        amount_won=amount_won,
        left_out=left_out,
        purpose=row.get_purpose_display(),
        channel=row.get_channel_display(),
        title=title,
        text=text,
        send_at=row.send_at,
        state=row.get_state_display() if isinstance(row, Order) else None,
        paid_at=row.paid_at if isinstance(row, Order) else None,
        rows=rows,
        what=hashlib.sha256("\0".join(map(str, written)).encode()).hexdigest(),
    )


def _masked(row: DraftRow | Recipient) -> tuple[str, str, int]:
    cells = lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, row.cells_sealed))
    to = masks.mask_mail(cells.mail) if row.phone_index is None else masks.mask_phone(cells.phone)
    return masks.mask_name(cells.name), to, row.copies


#: A digest of who gets what and how often, the same for a draft's rows and for the recipients of its order.
_DRAFT_DIGEST = """
    SELECT coalesce(sum(hashtextextended(i.product_id || encode(r.to_index, 'hex'), r.copies)), 0)
    FROM orders_draftrow r
    JOIN orders_draftitem i ON i.draft_id = r.draft_id AND (r.item_id IS NULL OR r.item_id = i.id)
    WHERE r.draft_id = %s AND r.fault = '' AND NOT r.is_over"""
_ORDER_DIGEST = """
    SELECT coalesce(sum(hashtextextended(
        l.product_id || encode(coalesce(r.phone_index, r.mail_index), 'hex'), r.copies)), 0)
    FROM orders_recipient r JOIN orders_line l ON l.id = r.line_id WHERE l.order_id = %s"""


def _digest(sql: str, key: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        return str(cursor.fetchone()[0])


@dataclass(frozen=True)
class ReviewLetter:
    """What is told of a superior's yes, and to whom."""

    member_id: UUID
    buyer_id: UUID
    public_id: str


def review_letter(link_id: UUID) -> ReviewLetter | None:
    """The notice about a confirmed link; None when whoever made it is in the company no more."""
    link = ReviewLink.objects.select_related("made_by").filter(id=link_id, confirmed_at__isnull=False).first()
    if link is None:
        return None
    found, buyer = _subject(link.draft_id), members.buyer_of(link.made_by)
    if found is None or buyer is None or buyer.id != link.buyer_id:
        return None
    return ReviewLetter(link.made_by_id, link.buyer_id, found.public_id)
