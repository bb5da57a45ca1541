"""What is done with the address book. O12"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.catalog.models import List
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, crypto, ids, jobs, phones, sheets
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.kit.sheets import Sheet
from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member
from seonmul.orders import actions as orders
from seonmul.orders import lists
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Draft
from seonmul.people import events, queries, rules
from seonmul.people.models import Label, LabelKind, Occasion, OccasionKind, Person, Reminded, Reminder
from seonmul.people.rules import Checked, PeopleRefusal, Typed

#: What stands above a column, and what of a person it is.
_TITLES = {
    "부서": "department", "소속": "department", "팀": "department", "department": "department",
    "그룹": "groups", "group": "groups", "태그": "tags", "tag": "tags", "tags": "tags",
    "생일": "birthday", "생년월일": "birthday", "birthday": "birthday",
    "입사일": "joined_on", "입사일자": "joined_on", "joined": "joined_on",
}  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What a sheet brought: new people, changed ones, and rows that were not taken, each with why."""

    added: int
    changed: int
    faults: Sequence[tuple[int, No]]


def import_sheet(by: Member, data: bytes | str | os.PathLike[str], name: str, *, at: datetime) -> Imported:
    """Read an xlsx or csv file into the address book; rows at fault are told and left out. O12

    Raises SheetRefused and Refused; nothing is kept then. Somebody who is there (the same number) is brought up to date.
    """
    most = figures_now.figures(at).people_most
    sheet = sheets.read(data, name, most_rows=most)
    checked = list(rules.check_sheet(_typed(sheet)))
    good = [one for _, one in checked if isinstance(one, Checked)]
    added, changed = keep(by, good, at=at)
    return Imported(added, changed, [(row, one) for row, one in checked if isinstance(one, No)])


def _typed(sheet: Sheet) -> Iterator[Typed]:
    columns = lists.columns_of(sheet)
    named = {
        index: _TITLES.get(title.replace(" ", "").lower(), "") for index, title in enumerate(columns.headers)
    }
    more = {what: index for index, what in named.items() if what}
    for index in range(columns.first_index, sheet.height):
        row = sheet.row(index)
        cells = {what: row[column] for what, column in more.items()}
        name = row[columns.name] if columns.name is not None and columns.name not in more.values() else ""
        mail = row[columns.mail] if columns.mail is not None else ""
        if any(row):
            phone = row[columns.phone] if columns.phone is not None else ""
            yield Typed(name, phone, mail, row=sheet.row_number(index), **cells)


def add(by: Member, typed: Typed, *, at: datetime) -> None:
    """Keep one person as typed; somebody with the same number is brought up to date. Raises Refused. O12"""
    found = rules.check(typed)
    if isinstance(found, No):
        raise Refused(found)
    keep(by, [found], at=at)


@transaction.atomic
def keep(by: Member, people: Sequence[Checked], *, at: datetime) -> tuple[int, int]:
    """Keep people by their number; returns how many are new and how many were there. Raises Refused. O12"""
    buyer = _buyer(by)
    members.locked_buyer(buyer.id)  # two sheets at once: one after the other, so that nobody is kept twice
    ring = crypto.ring()
    indexes = ring.index_all(phones.INDEX, (one.cells.phone for one in people))
    there = queries.by_number(buyer, indexes)
    new = len(people) - len(there)
    most = figures_now.figures(at).people_most
    refuse(rules.why_not_keep(queries.count(buyer) + new, most=most) if new else None)
    rows = []
    for one, index in zip(people, indexes, strict=True):
        row = there.get(index)
        if row:
            old = Checked(queries.cells_of(row), row.birthday, row.joined_on, (), ())
            one = rules.merged(old, one)
        rows.append(_row(buyer, one, index, at, row))
    Person.objects.bulk_create([row for row in rows if bytes(row.phone_index) not in there], batch_size=2_000)
    Person.objects.bulk_update(
        [row for row in rows if bytes(row.phone_index) in there], _CHANGING, batch_size=500
    )
    _label(buyer, list(zip(rows, people, strict=True)))
    audit.record(
        "people_kept", by=by.id, subject=buyer.id, company=buyer.id, at=at, added=new, changed=len(there)
    )
    return new, len(there)


_CHANGING = ["cells_sealed", "name_index", "head_index", "birthday", "joined_on", "changed_at"]


def _row(buyer: Buyer, one: Checked, index: bytes, at: datetime, row: Person | None) -> Person:
    ring, name = crypto.ring(), one.cells.name
    return Person(
        id=row.id if row else ids.new_id(),
        buyer=buyer,
        cells_sealed=ring.seal(Person.CELLS, one.cells.packed()),
        phone_index=index,
        name_index=ring.index(Person.NAME, name),
        head_index=ring.index(Person.HEAD, rules.head_of(name)),
        birthday=one.birthday,
        joined_on=one.joined_on,
        changed_at=at,
    )


def _label(buyer: Buyer, people: Sequence[tuple[Person, Checked]]) -> None:
    """Put people under the words that stand beside them; words that are new become labels."""
    wanted = [
        (row.id, (kind, word))
        for row, one in people
        for kind, words in ((LabelKind.TAG, one.tags), (LabelKind.GROUP, one.groups))
        for word in words
    ]
    if not wanted:
        return
    keys = sorted({key for _, key in wanted})
    made = [Label(buyer=buyer, kind=kind, name=word) for kind, word in keys]
    Label.objects.bulk_create(made, ignore_conflicts=True)
    found = Label.objects.filter(buyer=buyer, name__in={word for _, word in keys}).order_by("id")
    known = {(row.kind, row.name): row.pk for row in found}
    through = Person.labels.through
    through.objects.bulk_create(
        [through(person_id=person_id, label_id=known[key]) for person_id, key in wanted],
        ignore_conflicts=True, batch_size=5_000,
    )  # fmt: skip


@transaction.atomic
def drop(by: Member, people: Collection[str], labels: Collection[str] = (), *, at: datetime) -> int:
    """Delete people for good, these and those of these labels; returns how many. O12, X2"""
    buyer = _buyer(by)
    gone = queries.chosen(buyer, people, labels).count()
    queries.chosen(buyer, people, labels).delete()
    Label.objects.filter(buyer=buyer, public_id__in=labels).delete()
    audit.record("people_dropped", by=by.id, subject=buyer.id, company=buyer.id, at=at, count=gone)
    return gone


@transaction.atomic
def put_into(
    draft: Draft, people: Collection[str], labels: Collection[str], *, by: Member, at: datetime
) -> int:
    """Put people of the address book on a draft's list, each once; returns how many. Raises Refused. O1, O12"""
    buyer = _buyer(by)
    if buyer.id != draft.buyer_id:
        raise Refused(No(PeopleRefusal.NOT_A_BUYER))
    return _put(draft.id, list(queries.chosen(buyer, people, labels)), at)


def _put(draft_id: UUID, people: Sequence[Person], at: datetime) -> int:
    cells = [queries.cells_of(one) for one in people]
    rows = [RawRow(number, one.phone, one.name, one.mail) for number, one in enumerate(cells, 1)]
    return orders.add_rows(draft_id, rows, at=at, are_kept=True) if rows else 0


@transaction.atomic
def prepare_for(
    by: Member, kind: OccasionKind, *, days_before: int, list_: List, product_id: UUID, title: str, text: str,
    label: Label | None, at: datetime,
) -> Occasion:  # fmt: skip
    """From now on, so many days before each anniversary, prepare a draft and tell `by`. Raises Refused. O12"""
    buyer, ring = _buyer(by), crypto.ring()
    most = figures_now.figures(at).reminder_days_most
    refuse(rules.why_not_prepare(text=text, days_before=days_before, most=most))
    made = Occasion.objects.create(
        buyer=buyer, member=by, kind=kind, days_before=days_before, list=list_, product_id=product_id, label=label,
        title_sealed=ring.seal(Occasion.TITLE, title), text_sealed=ring.seal(Occasion.TEXT, text), made_at=at,
    )  # fmt: skip
    audit.record("occasion_made", by=by.id, subject=made.id, company=buyer.id, at=at, kind=str(kind))
    return made


@transaction.atomic
def end_occasion(by: Member, public_id: str, *, at: datetime) -> None:
    """Prepare nothing any more."""
    buyer = _buyer(by)
    ended = Occasion.objects.filter(buyer=buyer, public_id=public_id, ended_at=None).update(ended_at=at)
    if ended:
        audit.record("occasion_ended", by=by.id, subject=buyer.id, company=buyer.id, at=at)


@transaction.atomic
def remind_all(*, at: datetime) -> int:
    """Queue every occasion once; returns how many. Each morning, and whoever was missed comes the next. O12"""
    return sum(
        jobs.enqueue_once("people.remind", f"people.remind:{one}", occasion_id=one)
        for one in queries.open_occasions()
    )


@transaction.atomic
def remind(occasion_id: UUID, *, at: datetime) -> Reminder | None:
    """Prepare one draft for all whose anniversary is near and has not been prepared for this year. Once a year each. O12"""
    occasion, today = queries.locked_occasion(occasion_id), clock.seoul_date(at)
    if occasion.ended_at or Reminder.objects.filter(occasion=occasion, day=today).exists():
        return None
    found = queries.near_people(occasion, rules.near(today, occasion.days_before), today)
    if not found:
        return None
    Reminded.objects.bulk_create(
        [Reminded(occasion=occasion, person=row, year=year) for row, year in found], batch_size=5_000
    )
    draft, why = _prepared(occasion, [row for row, _ in found], at)
    made = Reminder.objects.create(
        occasion=occasion,
        day=today,
        people=len(found),
        draft=draft.public_id if draft else "",
        why=why,
        made_at=at,
    )
    jobs.announce(events.ANNIVERSARY_NEAR, reminder_id=made.id)
    return made


def _prepared(occasion: Occasion, people: Sequence[Person], at: datetime) -> tuple[Draft | None, str]:
    """The draft for these people, or the code of why there is none: its product is not sold, its member may not buy."""
    buyer = members.buyer_of(occasion.member)
    if buyer is None or buyer.id != occasion.buyer_id:
        return None, PeopleRefusal.NOT_A_BUYER.code
    title, text = queries.occasion_text(occasion)
    try:
        with transaction.atomic():
            draft = orders.begin(occasion.member, List(occasion.list), occasion.product.code, at=at)
            _put(draft.id, people, at)
            orders.save(draft.id, title=title, text=text, at=at)
    except Refused as refused:
        return None, refused.no.code[:40]
    return draft, ""


@transaction.atomic
def erase_closed() -> int:
    """Delete the address books of buyers that are closed; returns how many people. M9, X2"""
    rows = Person.objects.filter(buyer__closed_at__isnull=False)
    gone = rows.count()
    rows.delete()
    Occasion.objects.filter(buyer__closed_at__isnull=False).delete()
    Label.objects.filter(buyer__closed_at__isnull=False).delete()
    return gone


def _buyer(by: Member) -> Buyer:
    buyer = members.buyer_of(by)
    if buyer is None or not members.may_buy(by):
        raise Refused(No(PeopleRefusal.NOT_A_BUYER))
    return buyer
