"""What is done with inquiries: asked, answered, decided, ended. H3, O7"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import clock, crypto, filetypes, jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders import actions as orders
from seonmul.orders import rules as order_rules
from seonmul.support import events, queries, rules
from seonmul.support.models import Attachment, Inquiry, InquiryKind, InquiryState, Outcome, Word


@transaction.atomic
def ask(
    by: Member,
    kind: InquiryKind,
    text: str,
    *,
    files: Sequence[bytes] = (),
    about: str = "",
    wanted_won: int | None = None,
    at: datetime,
) -> Inquiry:
    """Ask something; raises Refused and stores nothing otherwise. `files`: their contents.

    `about`: a draft or an order of one's own, forgotten when it is none. `wanted_won`: the limit that is asked for. H3, O7
    """
    members.locked_member(by.id)  # so that two forms at once are counted one after the other
    buyer = members.buyer_of(by)
    if buyer is None:
        raise Refused(No(rules.InquiryRefusal.CLOSED))
    if kind == InquiryKind.LIMIT:
        refuse(order_rules.why_not_ask_raise(is_temporary=buyer.temporary_until is not None))
    else:
        wanted_won = None
    facts, count = _facts(text, files), queries.open_count(by)
    refuse(rules.why_not_ask(kind, facts, wanted_won=wanted_won, open_count=count))
    made = Inquiry.objects.create(
        buyer=buyer,
        member=by,
        kind=kind,
        about=about if queries.is_of(by, about) else "",
        wanted_won=wanted_won,
        asked_at=at,
        waits_since=at,
        moved_at=at,
    )
    _say(made, by, text, files, is_staff=False, at=at)
    audit.record("inquiry_asked", by=by.id, subject=made.id, company=buyer.id, at=at, kind=str(kind))
    return made


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
    inquiry = _undecided(inquiry_id)
    made = orders.raise_limit(inquiry.buyer_id, won, until_on=until_on, subject=inquiry.id, by=by, at=at)
    said = rules.RAISED.format(won=made.limit_won, until=clock.korean_date(made.until_on))
    Inquiry.objects.filter(id=inquiry.id).update(outcome=Outcome.RAISED)
    _answer(inquiry, _with(said, text), by, at)


@transaction.atomic
def refuse_limit(inquiry_id: UUID, why: str, *, text: str = "", by: Member, at: datetime) -> None:
    """Do not raise the limit that was asked for, for one of the reasons, and answer so. O7"""
    inquiry = _undecided(inquiry_id)
    refuse(rules.why_not_refuse(why))
    Inquiry.objects.filter(id=inquiry.id).update(outcome=Outcome.REFUSED, why=why)
    _answer(inquiry, _with(rules.REFUSALS[why], text), by, at)
    audit.record("limit_refused", by=by.id, subject=inquiry.id, company=inquiry.buyer_id, at=at, reason=why)


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
    return Word.objects.filter(id__in=over).delete()[0]


def _undecided(inquiry_id: UUID) -> Inquiry:
    inquiry = queries.locked_inquiry(inquiry_id)
    refuse(
        rules.why_not_decide(
            is_limit=inquiry.kind == InquiryKind.LIMIT,
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
