"""A superior's link: made, opened, confirmed, taken back. It is no consent: nothing waits for it. O12"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, ids, jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import events, queries, rules
from seonmul.orders.models import ReviewLink


@transaction.atomic
def make_review_link(draft_id: UUID, *, by: Member, at: datetime) -> str:
    """Make a link to a draft, or to the order that it became; returns it, for it is kept nowhere. Raises Refused. O12"""
    queries.locked_draft(draft_id)  # two clicks at once: one after the other
    review, buyer = queries.review_of(draft_id), members_now.buyer_of(by)
    if review is None or buyer is None or not members_now.may_buy(by):
        raise Refused(No(rules.OrderRefusal.NOT_A_BUYER))
    refuse(
        rules.why_not_make_link(
            people=review.people,
            open_links=queries.open_review_links(draft_id, at),
            figures=figures_now.figures(at),
        )
    )
    link = ids.link_token()
    made = ReviewLink.objects.create(
        buyer=buyer,
        draft_id=draft_id,
        link_index=crypto.ring().index(ReviewLink.LINK, link),
        made_by=by,
        made_at=at,
        expires_at=at + timedelta(days=figures_now.figures(at).review_link_days),
    )
    audit.record("review_link_made", by=by.id, subject=made.id, company=buyer.id, at=at)
    return link


@transaction.atomic
def withdraw_review_link(link_id: UUID, *, by: Member, at: datetime) -> None:
    """Take a link back; it opens nothing any more. O12"""
    link = queries.locked_review_link(link_id)
    if link.withdrawn_at is None:
        ReviewLink.objects.filter(id=link.id).update(withdrawn_at=at)
        audit.record("review_link_withdrawn", by=by.id, subject=link.id, company=link.buyer_id, at=at)


@transaction.atomic
def note_review_opened(link_id: UUID, *, at: datetime) -> None:
    """Remember when a link was opened; the first time stays."""
    ReviewLink.objects.filter(id=link_id, opened_at=None).update(opened_at=at)


@transaction.atomic
def confirm_review(link: str, *, seen: str, at: datetime) -> None:
    """Whoever has the link has read it and says yes; told to who made it. Raises Refused. O12

    `seen`: the digest of what stood on the page; a yes to what has changed since does not count. Once more is nothing
    new, unless there is something new to say yes to.
    """
    found = queries.review_link(link)
    if found is None:
        raise Refused(No(rules.ReviewRefusal.GONE))
    queries.locked_draft(found.draft_id)
    row = queries.locked_review_link(found.id)
    refuse(rules.why_not_open_link(queries.review_facts(row), at=at))
    review = queries.review_of(row.draft_id)
    refuse(rules.why_not_confirm(seen=seen, now=review.what if review else ""))
    if row.confirmed_what == seen:
        return
    ReviewLink.objects.filter(id=row.id).update(confirmed_at=at, confirmed_what=seen)
    audit.record("review_confirmed", by="link", subject=row.id, company=row.buyer_id, at=at)
    jobs.announce(events.REVIEW_CONFIRMED, link_id=row.id)
