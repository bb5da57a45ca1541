"""Questions about the address book. Names are sealed: an exact one and one by its beginning are found by keyed index."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractDay, ExtractMonth

from seonmul.kit import crypto, phones
from seonmul.kit.pages import Page, page
from seonmul.members.models import Buyer
from seonmul.people import rules
from seonmul.people.models import Label, Occasion, OccasionKind, Person, Reminded, Reminder
from seonmul.people.rules import Cells


@dataclass(frozen=True)
class Entry:
    """A person with what is sealed, opened."""

    person: Person
    cells: Cells


def people_page(buyer: Buyer, label: Label | None = None, after: str = "", limit: int = 50) -> Page[Person]:
    """The people changed last first; of one label."""
    rows = Person.objects.filter(buyer=buyer).prefetch_related("labels")
    rows = rows.filter(labels=label) if label else rows
    return page(rows, order=("-changed_at", "-id"), after=after, limit=limit)


def entries(rows: Sequence[Person]) -> list[Entry]:
    """Open what is sealed of people."""
    return [Entry(row, cells_of(row)) for row in rows]


def cells_of(row: Person) -> Cells:
    """The sealed part of one person."""
    return Cells.unpacked(crypto.ring().open(Person.CELLS, row.cells_sealed))


def found(buyer: Buyer, text: str, limit: int = 50) -> list[Entry]:
    """People with exactly this number, or whose name is or begins with this: two letters at least. O12"""
    text, ring = text.strip(), crypto.ring()
    number = phones.normalise_mobile(text)
    rows = Person.objects.filter(buyer=buyer).prefetch_related("labels").order_by("-changed_at", "-id")
    if number:
        return entries(list(rows.filter(phone_index=ring.index(phones.INDEX, number))[:limit]))
    if len(text) < rules.HEAD_LETTERS:
        return entries(list(rows.filter(name_index=ring.index(Person.NAME, text))[:limit])) if text else []
    alike = rows.filter(head_index=ring.index(Person.HEAD, rules.head_of(text)))
    fitting = (one for one in entries(list(alike[:5_000])) if one.cells.name.startswith(text))
    return [one for _, one in zip(range(limit), fitting, strict=False)]


def person(buyer: Buyer, public_id: str) -> Person | None:
    """One person of a buyer."""
    return Person.objects.filter(buyer=buyer, public_id=public_id).first()


def count(buyer: Buyer) -> int:
    """How many people a buyer keeps."""
    return Person.objects.filter(buyer=buyer).count()


def by_number(buyer: Buyer, indexes: Collection[bytes]) -> dict[bytes, Person]:
    """Those of these numbers who are kept already, locked in key order."""
    rows = Person.objects.select_for_update().filter(buyer=buyer, phone_index__in=indexes).order_by("id")
    return {bytes(row.phone_index): row for row in rows}


def labels_of(buyer: Buyer) -> list[tuple[Label, int]]:
    """A buyer's labels with how many people each has; groups first, then by name."""
    rows = list(Label.objects.filter(buyer=buyer).order_by("kind", "name")[:500])
    counted = (
        Person.objects.filter(buyer=buyer, labels__in=rows).values("labels").annotate(people=Count("id"))
    )
    people = dict(counted.order_by("labels").values_list("labels", "people"))
    return [(row, people.get(row.pk, 0)) for row in rows]


def label(buyer: Buyer, public_id: str) -> Label | None:
    """One label of a buyer."""
    return Label.objects.filter(buyer=buyer, public_id=public_id).first()


def chosen(buyer: Buyer, people: Collection[str], labels: Collection[str]) -> QuerySet[Person]:
    """These people and everybody with one of these labels, each once, in order."""
    labelled = Exists(
        Person.labels.through.objects.filter(person_id=OuterRef("id"), label__public_id__in=list(labels))
    )
    rows = Person.objects.filter(buyer=buyer)
    return rows.filter(Q(public_id__in=list(people)) | Q(labelled)).order_by("changed_at", "id")


def occasions_of(buyer: Buyer) -> list[Occasion]:
    """What is prepared for anniversaries, the newest first."""
    rows = Occasion.objects.filter(buyer=buyer, ended_at=None).select_related(
        "product__brand", "label", "member"
    )
    return list(rows.order_by("-made_at", "-id")[:50])


def reminders_of(buyer: Buyer, limit: int = 20) -> list[Reminder]:
    """The drafts that were prepared lately."""
    rows = Reminder.objects.filter(occasion__buyer=buyer).select_related("occasion__product")
    return list(rows.order_by("-day", "-id")[:limit])


def open_occasions(limit: int = 10_000) -> list[UUID]:
    """Every occasion for which something is prepared."""
    rows = Occasion.objects.filter(ended_at=None, buyer__closed_at=None).order_by("id")
    return list(rows.values_list("id", flat=True)[:limit])


def locked_occasion(occasion_id: UUID) -> Occasion:
    """Lock one occasion."""
    rows = Occasion.objects.select_for_update(of=("self",)).select_related(
        "product", "member", "buyer", "label"
    )
    return rows.get(id=occasion_id)


def near_people(occasion: Occasion, days: Mapping[int, int], today: date) -> list[tuple[Person, int]]:
    """Whose anniversary is on one of `days` ({month * 100 + day: year}) and was not prepared for, each with its year."""
    rows = Person.objects.filter(buyer_id=occasion.buyer_id)
    if occasion.label_id:
        rows = rows.filter(labels=occasion.label_id)
    if occasion.kind == OccasionKind.BIRTHDAY:
        rows = rows.annotate(month_day=F("birthday"))
    else:
        rows = rows.filter(joined_on__lt=today)
        rows = rows.annotate(month_day=ExtractMonth("joined_on") * 100 + ExtractDay("joined_on"))
    near = list(rows.filter(month_day__in=list(days)).order_by("changed_at", "id")[:100_000])
    done = set(
        Reminded.objects.filter(occasion=occasion, year__in=set(days.values()))
        .order_by("id")
        .values_list("person_id", "year")
    )
    dated = [(row, days[row.month_day]) for row in near]
    return [(row, year) for row, year in dated if (row.id, year) not in done]


def occasion_text(row: Occasion) -> tuple[str, str]:
    """Title and words of the template."""
    ring = crypto.ring()
    return ring.open(Occasion.TITLE, row.title_sealed), ring.open(Occasion.TEXT, row.text_sealed)


@dataclass(frozen=True)
class ReminderLetter:
    """What is told of anniversaries that are near, and to whom. `draft` "": none could be made."""

    buyer_id: UUID
    member_id: UUID
    kind: str
    people: int
    days_before: int
    draft: str
    made_at: datetime


def reminder_letter(reminder_id: UUID) -> ReminderLetter:
    """The notice about one reminder."""
    row = Reminder.objects.select_related("occasion").get(id=reminder_id)
    of = row.occasion
    return ReminderLetter(
        of.buyer_id, of.member_id, of.get_kind_display(), row.people, of.days_before, row.draft, row.made_at
    )
