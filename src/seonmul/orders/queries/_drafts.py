"""Drafts: what they come to, and what a page shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import List, Offer
from seonmul.dispatch import queries as dispatch
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.rules import Ad, LetterFacts
from seonmul.kit import clock, crypto
from seonmul.kit.pages import Page, page
from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member
from seonmul.members.rules import Purpose
from seonmul.orders import rules
from seonmul.orders.models import (
    Draft,
    DraftRow,
    Order,
    Recipient,
)
from seonmul.orders.queries._rows import _OK, _REPAIRED

#: The length of a gift's link in a message; the address of the site in front of it is counted by whoever asks.
LINK_TOKEN_BYTES = 18


@dataclass(frozen=True)
class Quote:
    """What a draft comes to: rows by kind, people, copies and the sum in won, as computed now. O6"""

    rows: int
    rows_at_fault: int
    rows_repaired: int
    people: int
    copies: int
    doubles: int
    unit_price_won: int
    amount_won: int
    name_bytes: int

    @property
    def rows_ok(self) -> int:
        return self.rows - self.rows_at_fault


def drafts_seen_by(member: Member) -> QuerySet[Draft]:
    """The drafts of the buyer this member acts for."""
    return Draft.objects.filter(buyer__memberships__member=member)


def drafts_written_by(member_id: UUID) -> list[str]:
    """The drafts that a member is writing, newest first: their public ids. M5"""
    rows = Draft.objects.filter(member_id=member_id).order_by("-saved_at", "-id")
    return list(rows.values_list("public_id", flat=True)[:1000])


def drafts_page(member: Member, after: str = "", limit: int = 10) -> Page[Draft]:
    """Drafts, the last saved first, each with its `row_count`."""
    rows = drafts_seen_by(member).select_related("product__brand").annotate(row_count=Count("rows"))
    return page(rows, order=("-saved_at", "-id"), after=after, limit=limit)


def drafts_of(member: Member, ends: Buyer | None) -> list[UUID]:
    """Drafts that nobody goes on with when this member leaves: the member's own, or all of the buyer that ends. M9"""
    rows = Draft.objects.filter(buyer=ends) if ends else Draft.objects.filter(member=member)
    return list(rows.order_by("id").values_list("id", flat=True))


def offer_of(draft: Draft) -> Offer | None:
    """The product on the draft's list, as it stands now."""
    return catalog.offer(List(draft.list), draft.product.code)


def quote(draft: Draft) -> Quote:
    """Count the draft's rows and compute its sum, in one statement."""
    ok = _OK
    counts = DraftRow.objects.filter(draft=draft).aggregate(
        rows=Count("id"),
        at_fault=Count("id", filter=~ok),
        repaired=Count("id", filter=_REPAIRED),
        people=Count("phone_index", distinct=True, filter=ok),
        copies=Sum("copies", filter=ok),
        ok=Count("id", filter=ok),
        name_bytes=Max("name_bytes", filter=ok),
    )
    offer = offer_of(draft)
    price = catalog.price_won(offer, members.tier_of(draft.buyer)) if offer else 0
    copies = counts["copies"] or 0
    return Quote(
        rows=counts["rows"],
        rows_at_fault=counts["at_fault"],
        rows_repaired=counts["repaired"],
        people=counts["people"],
        copies=copies,
        doubles=counts["ok"] - counts["people"],
        unit_price_won=price,
        amount_won=rules.amount_won(price, copies),
        name_bytes=counts["name_bytes"] or 0,
    )


def purpose_of(draft: Draft, quote: Quote) -> Purpose:
    """What a payment for this draft is bound to. M4"""
    return Purpose(f"draft:{draft.id}", quote.amount_won, quote.people)


def letter_facts(draft: Draft, quote: Quote, site_url: str, at: datetime) -> LetterFacts:
    """The draft's whole message with the longest name and link in place. O3"""
    senders = [sender.digits for sender in dispatch.senders_of(draft.buyer_id, draft.member_id)]
    return LetterFacts(
        channel=draft.channel,
        is_sender_approved=draft.sender in senders,
        has_any_sender=bool(senders),
        title=dispatch_rules.ad_title(title_of(draft), ad_for(draft)),
        text=whole_text(draft, at),
        place_bytes={
            rules.NAME_PLACE: max(quote.name_bytes, rules.NO_NAME_BYTES),
            rules.LINK_PLACE: len(site_url) + len("/g/") + LINK_TOKEN_BYTES,
        },
    )


def whole_text(draft: Draft, at: datetime) -> str:
    """The member's words with what is added below them."""
    return rules.letter_text(
        text_of(draft),
        channel=draft.channel,
        gift=f"{draft.product.brand.name} {draft.product.name}",
        until=clock.korean_date(codes_until(draft, at)),
        ad=ad_for(draft),
    )


def ad_for(draft: Draft) -> Ad | None:
    """What stands around a draft's text; None when it is no advertising, or when nobody has set it yet. O3"""
    return dispatch.ad_of(draft.buyer_id) if draft.is_ad else None


def ad_of(order: Order) -> Ad | None:
    """What stands around an order's text, as it was when it was paid. O3"""
    return Ad(**order.ad) if order.ad else None


def codes_until(draft: Draft, at: datetime) -> date:
    """The day until which a draft's vouchers have to hold if they are sent as chosen. C3, O5, V4"""
    offer = offer_of(draft)
    return clock.seoul_date(draft.send_at or at) + timedelta(days=offer.validity_days if offer else 0)


def locked_draft(draft_id: UUID) -> Draft | None:
    """Lock one draft."""
    return (
        Draft.objects.select_for_update(of=("self",))
        .select_related("product__brand", "buyer")
        .filter(id=draft_id)
        .first()
    )


def title_of(row: Draft | Order) -> str:
    """The message's title."""
    return crypto.ring().open(Draft.TITLE, row.title_sealed) if row.title_sealed else ""


def text_of(row: Draft | Order) -> str:
    """The member's own words."""
    return crypto.ring().open(Draft.TEXT, row.text_sealed) if row.text_sealed else ""


def sent_lately(draft: Draft, at: datetime, hours: int) -> int:
    """How many of the draft's numbers got the same product from this buyer within `hours`. O2"""
    return (
        DraftRow.objects.filter(
            draft=draft,
            phone_index__in=Recipient.objects.filter(
                line__product_id=draft.product_id,
                line__order__buyer_id=draft.buyer_id,
                line__order__paid_at__gte=at - timedelta(hours=hours),
            ).values("phone_index"),
        )
        .values("phone_index")
        .distinct()
        .count()
    )
