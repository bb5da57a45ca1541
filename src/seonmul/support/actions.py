"""What is done with inquiries: asked, answered, decided, ended. H3, O7"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts import rules as gift_rules
from seonmul.gifts.rules import ResendRefusal
from seonmul.kit import clock, crypto, filetypes, jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders import rules as order_rules
from seonmul.orders.models import Order, OrderState
from seonmul.support import events, queries, rules
from seonmul.support.models import Attachment, Inquiry, InquiryKind, InquiryState, Outcome, Word
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers import rules as voucher_rules


@transaction.atomic
def ask(
    by: Member,
    kind: InquiryKind,
    text: str,
    *,
    files: Sequence[bytes] = (),
    about: str = "",
    wanted_won: int | None = None,
    to: str = "",
    at: datetime,
) -> Inquiry:
    """Ask something; raises Refused and stores nothing otherwise. `files`: their contents.

    `about`: a draft or an order of one's own, forgotten when it is none; for a change of number the copy. `wanted_won`: the
    limit that is asked for; `to`: the new number. H3, O7, S5
    """
    members.locked_member(by.id)  # so that two forms at once are counted one after the other
    buyer = members.buyer_of(by)
    if buyer is None:
        raise Refused(No(rules.InquiryRefusal.CLOSED))
    if kind == InquiryKind.LIMIT:
        refuse(order_rules.why_not_ask_raise(is_temporary=buyer.temporary_until is not None))
    else:
        wanted_won = None
    to_sealed = _new_number(by, about, to, at) if kind == InquiryKind.NUMBER else None
    facts, count = _facts(text, files), queries.open_count(by)
    refuse(rules.why_not_ask(kind, facts, wanted_won=wanted_won, open_count=count))
    made = Inquiry.objects.create(
        buyer=buyer,
        member=by,
        kind=kind,
        about=about if to_sealed or queries.is_of(by, about) else "",
        wanted_won=wanted_won,
        to_sealed=to_sealed,
        asked_at=at,
        waits_since=at,
        moved_at=at,
    )
    _say(made, by, text, files, is_staff=False, at=at)
    audit.record("inquiry_asked", by=by.id, subject=made.id, company=buyer.id, at=at, kind=str(kind))
    return made


def _new_number(by: Member, about: str, to: str, at: datetime) -> bytes:
    """The new number of a copy of one's own, sealed, when it could be changed as things stand. Raises Refused. S5"""
    gift = gifts_now.gift_seen_by(by, about)
    refuse(rules.why_not_ask_move(has_copy=gift is not None, was_asked=queries.is_move_open(about)))
    if gift is None:
        raise LookupError("a copy that is asked about is there")
    if members.buys_for(by) != gift.buyer_id:
        raise Refused(No(ResendRefusal.NOT_A_BUYER))
    read = gifts_now.read_to(gift, to)
    refuse(gift_rules.why_not_change_number(gifts_now.change_facts(gift, read)))
    refuse(voucher_rules.why_not_replace(vouchers_now.replaceable(gift.voucher), at=at))
    return crypto.ring().seal(Inquiry.TO, read)


@transaction.atomic
def write(inquiry_id: UUID, text: str, *, files: Sequence[bytes] = (), by: Member, at: datetime) -> None:
    """The member says more; an answered inquiry waits again, from now on. H3"""
    inquiry = _open(inquiry_id)
    refuse(rules.why_not_say(_facts(text, files)))
    _say(inquiry, by, text, files, is_staff=False, at=at)
    rows = Inquiry.objects.filter(id=inquiry.id)
    rows.update(moved_at=at)
    states.move(rows, InquiryState.ANSWERED, InquiryState.OPEN, waits_since=at)


@transaction.atomic
def answer(inquiry_id: UUID, text: str, *, by: Member, at: datetime) -> None:
    """Staff answer; the member is told by text and mail. Raises Refused when it has ended. H3"""
    inquiry = _open(inquiry_id)
    refuse(rules.why_not_say(_facts(text, ())))
    _answer(inquiry, text, by, at)
    audit.record(
        "inquiry_answered", by=by.id, subject=inquiry.id, company=inquiry.buyer_id, at=at, kind=inquiry.kind
    )


@transaction.atomic
def close(inquiry_id: UUID, *, by: Member, at: datetime) -> None:
    """The member needs nothing more. H3"""
    inquiry = _open(inquiry_id)
    before = InquiryState(inquiry.state)
    states.move(Inquiry.objects.filter(id=inquiry.id), before, InquiryState.CLOSED, moved_at=at)
    audit.record("inquiry_closed", by=by.id, subject=inquiry.id, company=inquiry.buyer_id, at=at)


@transaction.atomic
def raise_limit(
    inquiry_id: UUID, won: int, *, until_on: date | None = None, text: str = "", by: Member, at: datetime
) -> None:
    """Raise the limit that was asked for, and answer so: one decision for an inquiry. O7

    `until_on`: its last day, else the end of the month; `text`: more words for the member.
    """
    inquiry = _undecided(inquiry_id, InquiryKind.LIMIT)
    made = orders.raise_limit(inquiry.buyer_id, won, until_on=until_on, subject=inquiry.id, by=by, at=at)
    said = rules.RAISED.format(won=made.limit_won, until=clock.korean_date(made.until_on))
    Inquiry.objects.filter(id=inquiry.id).update(outcome=Outcome.RAISED)
    _answer(inquiry, _with(said, text), by, at)


@transaction.atomic
def refuse_limit(inquiry_id: UUID, why: str, *, text: str = "", by: Member, at: datetime) -> None:
    """Do not raise the limit that was asked for, for one of the reasons, and answer so. O7"""
    inquiry = _undecided(inquiry_id, InquiryKind.LIMIT)
    refuse(rules.why_not_refuse(why))
    Inquiry.objects.filter(id=inquiry.id).update(outcome=Outcome.REFUSED, why=why)
    _answer(inquiry, _with(rules.REFUSALS[why], text), by, at)
    audit.record("limit_refused", by=by.id, subject=inquiry.id, company=inquiry.buyer_id, at=at, reason=why)


@transaction.atomic
def change_number(
    inquiry_id: UUID, *, is_voided_there: bool = False, text: str = "", by: Member, at: datetime
) -> None:
    """Send the copy that was asked about to its new number, with another code, and answer so. Raises Refused. S5

    `is_voided_there`: whoever issued a pool's code has ended it. An external issuer takes its code back first; how that ends,
    `note_moved` says in the thread.
    """
    inquiry = _undecided(inquiry_id, InquiryKind.NUMBER)
    gift = gifts_now.gift_named(inquiry.about)
    if gift is None or gift.buyer_id != inquiry.buyer_id:
        raise Refused(No(rules.InquiryRefusal.NO_COPY))
    change = gifts.change_number(
        gift.id, queries.to_of(inquiry), subject=inquiry.id, is_voided_there=is_voided_there, by=by, at=at
    )
    state = str(change.replacement.state)
    outcome = Outcome.MOVED if state == "done" else Outcome.MOVING
    Inquiry.objects.filter(id=inquiry.id).update(outcome=outcome)
    _answer(inquiry, _with(rules.MOVED[state], text), by, at)


@transaction.atomic
def refuse_number(inquiry_id: UUID, why: str, *, text: str = "", by: Member, at: datetime) -> None:
    """Leave the copy at its number, for one of the reasons, and answer so. S5"""
    inquiry = _undecided(inquiry_id, InquiryKind.NUMBER)
    refuse(rules.why_not_refuse_move(why))
    Inquiry.objects.filter(id=inquiry.id).update(outcome=Outcome.NOT_MOVED, why=why)
    _answer(inquiry, _with(rules.MOVE_REFUSALS[why], text), by, at)
    audit.record("number_kept", by=by.id, subject=inquiry.id, company=inquiry.buyer_id, at=at, reason=why)


@transaction.atomic
def note_moved(change_id: UUID, *, at: datetime) -> None:
    """Say in the thread how the external issuer has ended a change of number. Once. S5"""
    inquiry, change = queries.locked_inquiry_of(change_id), gifts_now.change(change_id)
    state = str(change.replacement.state)
    if inquiry is None or inquiry.outcome != Outcome.MOVING or state not in ("done", "kept", "lost"):
        return
    outcome = Outcome.MOVED if state == "done" else Outcome.NOT_MOVED
    Inquiry.objects.filter(id=inquiry.id).update(outcome=outcome)
    _answer(inquiry, rules.MOVED[state], change.by, at)


@transaction.atomic
def end_of(member_id: UUID, *, at: datetime) -> int:
    """End the inquiries of somebody who has left: nobody is there to read an answer. Returns how many. M9"""
    rows = queries.open_rows(member_id)
    return sum(
        states.move(rows, before, InquiryState.CLOSED, moved_at=at)
        for before in (InquiryState.OPEN, InquiryState.ANSWERED)
    )


@transaction.atomic
def erase(*, at: datetime) -> int:
    """Erase what those who left have asked and were answered, when law keeps it no longer; returns how many words. M9, X2

    That somebody asked, and of what kind, stays for the figures; nothing that was written does.
    """
    over = queries.words_to_erase(clock.months_before(at, rules.KEPT_MONTHS))
    files = Attachment.objects.filter(word__in=over)
    for stored in files.values_list("stored", flat=True):
        default_storage.delete(stored)
    files.delete()
    Inquiry.objects.filter(words__in=over).update(to_sealed=None)
    return Word.objects.filter(id__in=over).delete()[0]


@transaction.atomic
def name_order(inquiry_id: UUID, about: str, *, by: Member, at: datetime) -> None:
    """Staff say which order of whoever asked an inquiry is about. Raises Refused for one of somebody else. H3"""
    inquiry = _open(inquiry_id)
    inquiry.about = about
    if queries.order_of(inquiry) is None:
        raise Refused(No(rules.InquiryRefusal.NO_ORDER))
    Inquiry.objects.filter(id=inquiry.id).update(about=about)
    audit.record("inquiry_named", by=by.id, subject=inquiry.id, company=inquiry.buyer_id, at=at)


@dataclass(frozen=True)
class Refundable:
    """What may go back of the order that an inquiry is about. `is_whole`: its sending has not started, so all of it does;
    else `gift_ids` may be cancelled, and `refused` says why others stay, and how many.
    """

    order: Order
    is_whole: bool
    back_won: int
    gift_ids: Sequence[UUID] = ()
    refused: Sequence[tuple[No, int]] = ()


def look_at_refund(
    inquiry: Inquiry, *, is_voided_there: bool = False, by: Member, at: datetime
) -> Refundable | None:
    """Say what a refund would come to, without doing it; None while no order is named. O10, P5

    `is_voided_there`: whoever issued a pool's codes has ended them. S5

    The rules are those that its buyer has. At most so many vouchers at once; whoever wants more does it again.
    """
    order = queries.order_of(inquiry)
    if order is None:
        return None
    if order.state in (OrderState.WAITING, OrderState.PAID):
        return Refundable(order, True, orders_now.held_rest_won(order))
    ids = gifts_now.live_ids(order.id, None, rules.REFUND_MOST)
    found = gifts.look_at_cancel(
        order, ids, by=by, wished_by=inquiry.buyer_id, is_voided_there=is_voided_there, at=at
    )
    back_won = found.plan.won - found.plan.kept_won if found.plan else 0
    return Refundable(order, False, back_won, [gift.id for gift in found.gifts], found.refused)


@transaction.atomic
def refund(
    inquiry_id: UUID,
    *,
    seen_won: int,
    is_voided_there: bool = False,
    text: str = "",
    by: Member,
    at: datetime,
) -> int:
    """Cancel what may be of the order that an inquiry is about, and answer so; returns what goes back. O10, P5, H3

    `seen_won`: what was shown as going back; Refused when it is another sum now, or nothing. `is_voided_there`: as there.
    """
    inquiry = _open(inquiry_id)
    found = look_at_refund(inquiry, is_voided_there=is_voided_there, by=by, at=at)
    if found is None:
        raise Refused(No(rules.InquiryRefusal.NO_ORDER))
    if not found.is_whole and not found.gift_ids:
        raise Refused(No(rules.InquiryRefusal.NOTHING_BACK))
    order, wished_by = found.order, inquiry.buyer_id
    if found.is_whole:
        back = orders.cancel_waiting(order.id, by=by, wished_by=wished_by, at=at)
        refuse(gift_rules.why_not_as_seen(seen_won, back))
        said = rules.CANCELLED.format(order=order.public_id, won=back)
    else:
        back = found.back_won
        gifts.cancel(
            order.id, found.gift_ids, by=by, wished_by=wished_by, is_voided_there=is_voided_there,
            seen_won=seen_won, at=at,
        )  # fmt: skip
        said = rules.CANCELLED_SOME.format(order=order.public_id, won=back, count=len(found.gift_ids))
    _answer(inquiry, _with(said, text), by, at)
    audit.record("inquiry_refunded", by=by.id, subject=inquiry.id, company=wished_by, at=at, amount_won=back)
    return back


def _undecided(inquiry_id: UUID, kind: InquiryKind) -> Inquiry:
    inquiry = queries.locked_inquiry(inquiry_id)
    refuse(
        rules.why_not_decide(
            is_asked=inquiry.kind == kind,
            is_closed=inquiry.state == InquiryState.CLOSED,
            outcome=inquiry.outcome,
        )
    )
    return inquiry


def _open(inquiry_id: UUID) -> Inquiry:
    inquiry = queries.locked_inquiry(inquiry_id)
    refuse(rules.why_not_go_on(is_closed=inquiry.state == InquiryState.CLOSED))
    return inquiry


def _answer(inquiry: Inquiry, text: str, by: Member, at: datetime) -> None:
    refuse(rules.why_not_say(_facts(text, ())))
    _say(inquiry, by, text, (), is_staff=True, at=at)
    rows = Inquiry.objects.filter(id=inquiry.id)
    rows.update(moved_at=at)
    states.move(rows, InquiryState.OPEN, InquiryState.ANSWERED)
    jobs.announce(events.INQUIRY_ANSWERED, inquiry_id=inquiry.id)


def _say(
    inquiry: Inquiry, by: Member, text: str, files: Sequence[bytes], *, is_staff: bool, at: datetime
) -> None:
    sealed = crypto.ring().seal(Word.TEXT, text.strip())
    word = Word.objects.create(inquiry=inquiry, by=by, is_staff=is_staff, text_sealed=sealed, said_at=at)
    for content in files:
        stored = default_storage.save("attachment", ContentFile(content))
        Attachment.objects.create(word=word, stored=stored, type=filetypes.kind_of(content))


def _facts(text: str, files: Sequence[bytes]) -> rules.WordFacts:
    return rules.WordFacts(text, [(len(content), filetypes.kind_of(content)) for content in files])


def _with(said: str, text: str) -> str:
    return f"{said}\n\n{text.strip()}" if text.strip() else said
