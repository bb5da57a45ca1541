"""Questions about inquiries: a member sees those of their own. H3"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from seonmul.figures import queries as figures
from seonmul.gifts import queries as gifts
from seonmul.kit import business, crypto
from seonmul.kit.pages import Page, page
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders import queries as orders
from seonmul.orders.models import Order
from seonmul.support import rules
from seonmul.support.models import Attachment, Inquiry, InquiryKind, InquiryState, Outcome, Word

#: A thread longer than this is cut; staff would have opened a new one long before.
_WORDS_MOST = 200


@dataclass(frozen=True)
class Said:
    """One word of a thread, opened."""

    is_staff: bool
    text: str
    said_at: datetime
    attachments: list[Attachment]


def inquiries_seen_by(member: Member) -> QuerySet[Inquiry]:
    """A member's own inquiries: what people write to us is no matter of their colleagues."""
    return Inquiry.objects.filter(member=member)


def inquiries_page(member: Member, after: str = "", limit: int = 20) -> Page[Inquiry]:
    """A member's inquiries, the last moved first."""
    return page(inquiries_seen_by(member), order=("-moved_at", "-id"), after=after, limit=limit)


def thread(inquiry: Inquiry) -> list[Said]:
    """What was said, the oldest first."""
    ring = crypto.ring()
    rows = Word.objects.filter(inquiry=inquiry).prefetch_related("attachments").order_by("said_at", "id")
    return [
        Said(row.is_staff, ring.open(Word.TEXT, row.text_sealed), row.said_at, list(row.attachments.all()))
        for row in rows[:_WORDS_MOST]
    ]


def attachment_of(inquiry: Inquiry, public_id: str) -> Attachment | None:
    """A file of an inquiry."""
    return Attachment.objects.filter(word__inquiry=inquiry, public_id=public_id).first()


def open_count(member: Member) -> int:
    """How many of a member's inquiries wait for an answer."""
    return Inquiry.objects.filter(member=member, state=InquiryState.OPEN).count()


def open_rows(member_id: UUID) -> QuerySet[Inquiry]:
    """A member's inquiries that have not ended."""
    return Inquiry.objects.filter(member_id=member_id).exclude(state=InquiryState.CLOSED)


def open_of(member_id: UUID) -> list[str]:
    """A member's inquiries that have not ended, newest first: their public ids. M5"""
    return list(open_rows(member_id).order_by("-moved_at", "-id").values_list("public_id", flat=True)[:1000])


def words_to_erase(closed_before: datetime, limit: int = 1_000) -> list[UUID]:
    """Words in inquiries of members who left before a moment, the oldest first. M9"""
    rows = Word.objects.filter(inquiry__member__closed_at__lte=closed_before)
    return list(rows.order_by("said_at", "id").values_list("id", flat=True)[:limit])


def waiting_inquiries(limit: int = 200) -> list[Inquiry]:
    """Inquiries that wait for staff, oldest first."""
    rows = Inquiry.objects.filter(state=InquiryState.OPEN).select_related("buyer", "member")
    return list(rows.order_by("waits_since", "id")[:limit])


def inquiry(public_id: str) -> Inquiry | None:
    """One inquiry, for staff; what somebody wrote who has left is set apart. M9"""
    rows = Inquiry.objects.filter(public_id=public_id, member__closed_at=None)
    return rows.select_related("buyer", "member").first()


def locked_inquiry(inquiry_id: UUID) -> Inquiry:
    """Lock one inquiry."""
    return Inquiry.objects.select_for_update(of=("self",)).select_related("buyer").get(id=inquiry_id)


def is_of(member: Member, about: str) -> bool:
    """Say whether a draft or an order of this name is one of the member's buyer's."""
    return (
        orders.drafts_seen_by(member).filter(public_id=about).exists()
        or orders.orders_seen_by(member).filter(public_id=about).exists()
    )


def to_of(row: Inquiry) -> str:
    """The new number or address that an inquiry asks for, "" for none. S5"""
    return crypto.ring().open(Inquiry.TO, row.to_sealed) if row.to_sealed else ""


def is_move_open(about: str) -> bool:
    """Whether a change of this copy's number is asked for and not decided. S5"""
    rows = Inquiry.objects.filter(about=about, kind=InquiryKind.NUMBER, outcome=Outcome.NONE)
    return rows.exclude(state=InquiryState.CLOSED).exists()


def locked_inquiry_of(change_id: UUID) -> Inquiry | None:
    """Lock the inquiry in which a change of number was decided, if it was in one. S5"""
    rows = Inquiry.objects.select_for_update(of=("self",)).select_related("buyer")
    return rows.filter(id=gifts.change(change_id).subject).first()


def order_of(inquiry: Inquiry) -> Order | None:
    """The order that an inquiry is about, one of its buyer's; None for none, or for a draft."""
    return Order.objects.filter(buyer_id=inquiry.buyer_id, public_id=inquiry.about).first()


def orders_to_name(inquiry: Inquiry, limit: int = 20) -> list[Order]:
    """The newest orders of whoever asks, of which staff name one."""
    return list(Order.objects.filter(buyer_id=inquiry.buyer_id).order_by("-paid_at", "-id")[:limit])


def due_of(kind: str, since: datetime, at: datetime) -> datetime:
    """By when an inquiry is answered. H3"""
    term = rules.term(kind, figures.figures(at))
    return business.due(since, calendar=figures.calendar(at), **term)


@dataclass(frozen=True)
class AnswerLetter:
    """What the notice of an answer says, and where it goes. `phone`, `mail`: "" for none."""

    buyer_id: UUID
    public_id: str
    kind: str
    phone: str
    mail: str


def answer_letter(inquiry_id: UUID) -> AnswerLetter | None:
    """The notice of an answer; None while there is none."""
    row = Inquiry.objects.filter(id=inquiry_id).first()
    if row is None or row.state == InquiryState.OPEN:
        return None
    address = members.address_of(row.member_id)
    return AnswerLetter(
        row.buyer_id,
        row.public_id,
        str(row.get_kind_display()),
        address.phone if address else "",
        members.mail_address(row.member_id),
    )
