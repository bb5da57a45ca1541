"""O12: the address book, whom it finds, and what is prepared before anniversaries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.catalog.models import List, Offer
from seonmul.kit.refusals import No, Refused
from seonmul.members.models import Buyer
from seonmul.members.ports import HandingOver, Parting
from seonmul.orders import queries as orders
from seonmul.orders.models import Draft
from seonmul.people import actions, queries, rules
from seonmul.people.handing import Hander
from seonmul.people.models import Occasion, OccasionKind, Person, Reminded, Reminder
from seonmul.people.rules import Checked, PeopleRefusal, Typed
from tests import given
from tests.given import MONDAY, Company
from tests.threads import at_once

pytestmark = pytest.mark.django_db
SHEET = """휴대폰,이메일,이름,부서,그룹,태그,생일,입사일
010-2000-0001,a@firm.example,김서연,인사팀,본사,"우수,신입",3월 5일,2024-11-30
010-2000-0002,,김서준,영업팀,본사,,19900229,
010-2000-0003,,,영업팀,,,,
02-123,,박새봄,,,,,
010-2000-0001,,김서연,,,,,
010-2000-0004,,이하늘,,,,13월 1일,
"""


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


def added(firm: Company, name: str = "김서연", phone: str = "010-2000-0001", **more: str) -> Person:
    actions.add(firm.owner, Typed(name, phone, **more), at=MONDAY)
    return Person.objects.latest("changed_at", "id")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (Typed("김서연", "010-2000-0001"), None),
        (Typed(" ", "010-2000-0001"), PeopleRefusal.NO_NAME),
        (Typed("가" * 31, "010-2000-0001"), PeopleRefusal.NAME_TOO_LONG),
        (Typed("김서연", "02-123-4567"), PeopleRefusal.NO_PHONE),
        (Typed("김서연", "010-2000-0001", birthday="2월 30일"), PeopleRefusal.WRONG_DAY),
        (Typed("김서연", "010-2000-0001", joined_on="11-30"), PeopleRefusal.WRONG_DAY),
    ],
)
def test_what_may_stand_in_the_book(typed: Typed, why: PeopleRefusal | None) -> None:
    found = rules.check(typed)
    assert (found.why if isinstance(found, No) else None) is why and (why is None or found.say())  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["3월 5일", "0305", "03-05", "3/5", "1990-03-05", "19900305", "1990-03-05 00:00:00"]
)
def test_a_birthday_is_read_as_people_write_it(text: str) -> None:
    found = rules.check(Typed("김서연", "010-2000-0001", birthday=text))
    assert isinstance(found, Checked) and found.birthday == 305


@assumed(st.dates(date(2024, 1, 1), date(2034, 1, 1)), st.integers(0, 180))
def test_each_day_of_the_window_has_its_year(today: date, days: int) -> None:
    """O12: whoever was born on a 29 February is remembered on the 28th in a year that has none."""
    near = rules.near(today, days)
    for n in range(days + 1):
        day = today + timedelta(days=n)
        assert near[day.month * 100 + day.day] == day.year
    if 229 in near:
        year = near[229]
        leap = year % 4 == 0
        on = date(year, 2, 29 if leap else 28)
        assert today <= on <= today + timedelta(days=days)


def test_a_sheet_is_taken_and_each_faulty_row_has_its_reason() -> None:
    """O12"""
    firm = given.company()
    brought = actions.import_sheet(firm.owner, SHEET.encode(), "people.csv", at=MONDAY)
    assert (brought.added, brought.changed) == (2, 0)
    assert [(row, no.code) for row, no in brought.faults] == [
        (4, "person_no_name"), (5, "person_no_phone"), (6, "person_twice"), (7, "person_wrong_day"),
    ]  # fmt: skip
    assert {(row.kind, row.name): count for row, count in queries.labels_of(firm.buyer)} == {
        ("group", "본사"): 2, ("tag", "신입"): 1, ("tag", "우수"): 1,
    }  # fmt: skip
    again = actions.import_sheet(
        firm.owner, "휴대폰,이름\n010-2000-0001,김서윤\n".encode(), "b.csv", at=MONDAY
    )
    assert (again.added, again.changed) == (0, 1)
    entry = queries.found(firm.buyer, "01020000001")[0]
    assert entry.cells == ("김서윤", "01020000001", "a@firm.example", "인사팀"), "empty cells change nothing"
    assert (entry.person.birthday, entry.person.joined_on) == (305, date(2024, 11, 30))


def test_people_are_found_by_number_by_name_and_by_the_beginning_of_one() -> None:
    """O12: nothing personal stands open in the table."""
    firm, other = given.company(), given.company()
    added(firm), added(firm, "김서준", "01020000002"), added(firm, "김", "01020000003"), added(other)
    names = lambda text: sorted(one.cells.name for one in queries.found(firm.buyer, text))  # noqa: E731
    assert names("김서") == ["김서연", "김서준"] and names("김서연") == ["김서연"] and names("김") == ["김"]
    assert names("010-2000-0002") == ["김서준"] and names("서연") == names("") == []
    assert not any(
        "김서" in str(value) or "2000" in str(value) for value in Person.objects.values_list("cells_sealed")
    )


def test_chosen_people_and_labels_go_on_a_draft_each_once() -> None:
    """O1, O12"""
    firm, other = given.company(), given.company()
    first = added(firm, groups="본사")
    added(firm, "김서준", "01020000002", groups="본사"), added(firm, "이하늘", "01020000003")
    label = queries.labels_of(firm.buyer)[0][0]
    draft = given.draft(firm, [])
    count = actions.put_into(draft, [first.public_id], [label.public_id], by=firm.owner, at=MONDAY)
    assert count == 2 and orders.quote(draft).people == 2
    stranger = given.draft(other, [])
    assert actions.put_into(stranger, [first.public_id], [label.public_id], by=other.owner, at=MONDAY) == 0
    assert (
        refusal_of(partial(actions.put_into, draft, [], [], by=other.owner, at=MONDAY))
        is PeopleRefusal.NOT_A_BUYER
    )
    assert actions.drop(firm.owner, [first.public_id], [label.public_id], at=MONDAY) == 2
    assert queries.count(firm.buyer) == 1 and queries.labels_of(firm.buyer) == []


def occasion(firm: Company, days: int = 7, kind: OccasionKind = OccasionKind.BIRTHDAY) -> Occasion:
    product = given.product()
    return actions.prepare_for(
        firm.owner, kind, days_before=days, list_=List.CORPORATE, product_id=product.id, title="축하해요",
        text="#{이름} 님, 축하합니다.", label=None, at=MONDAY,
    )  # fmt: skip


def test_a_draft_is_prepared_once_a_year_for_each() -> None:
    """O12: MONDAY is 23 November; whoever was missed yesterday is in today's."""
    firm = given.company()
    added(firm, birthday="1130"), added(firm, "김서준", "01020000002", birthday="1201")
    added(firm, "이하늘", "01020000003")
    of = occasion(firm)
    made = actions.remind(of.id, at=MONDAY)
    assert made and made.people == 1
    draft = Draft.objects.select_related("buyer").get(public_id=made.draft)
    assert orders.quote(draft).people == 1 and orders.text_of(draft) == "#{이름} 님, 축하합니다."
    assert orders.items_of(draft)[0].product_id == of.product_id and not draft.is_lawful
    assert actions.remind(of.id, at=MONDAY) is None
    later = actions.remind(of.id, at=MONDAY + timedelta(days=3))
    assert later and later.people == 1 and Reminded.objects.count() == 2
    assert actions.remind(of.id, at=MONDAY + timedelta(days=4)) is None
    next_year = actions.remind(of.id, at=MONDAY + timedelta(days=365))
    assert next_year and next_year.people == 1
    given.worked(only="notices")
    assert mail.outbox[0].to == [firm.owner.mail] and made.draft in mail.outbox[0].body


def test_the_day_of_joining_comes_from_the_next_year_on() -> None:
    """O12"""
    firm = given.company()
    added(firm, joined_on="2024-11-25"), added(firm, "김서준", "01020000002", joined_on="2026-11-25")
    made = actions.remind(occasion(firm, kind=OccasionKind.JOINING).id, at=MONDAY)
    assert made and made.people == 1


def test_29_february_is_kept_on_the_28th() -> None:
    """O12"""
    firm = given.company()
    added(firm, birthday="0229")
    of = occasion(firm, days=0)
    assert actions.remind(of.id, at=datetime(2027, 2, 27, 1, tzinfo=UTC)) is None
    assert actions.remind(of.id, at=datetime(2027, 2, 28, 1, tzinfo=UTC)) is not None
    assert actions.remind(of.id, at=datetime(2028, 2, 28, 1, tzinfo=UTC)) is None
    assert actions.remind(of.id, at=datetime(2028, 2, 29, 1, tzinfo=UTC)) is not None


def test_what_cannot_be_bought_is_told_and_not_prepared() -> None:
    """O12"""
    firm = given.company()
    added(firm, birthday="1125")
    of = occasion(firm)
    Offer.objects.filter(product=of.product).delete()
    made = actions.remind(of.id, at=MONDAY)
    assert made and made.draft == "" and made.why and Draft.objects.count() == 0


def test_a_template_needs_words_and_a_day_within_bounds() -> None:
    """O12"""
    firm = given.company()
    made = partial(
        actions.prepare_for, firm.owner, OccasionKind.BIRTHDAY, list_=List.CORPORATE, product_id=given.product().id,
        title="", label=None, at=MONDAY,
    )  # fmt: skip
    assert refusal_of(partial(made, text=" ", days_before=7)) is PeopleRefusal.NO_TEXT
    assert refusal_of(partial(made, text="축하", days_before=61)) is PeopleRefusal.WRONG_DAYS
    no = rules.why_not_keep(50_001, most=50_000)
    assert no is not None and no.why is PeopleRefusal.TOO_MANY and no.say()


def test_the_book_stays_with_the_company_and_ends_with_it() -> None:
    """M5, M7, M9"""
    firm = given.company()
    added(firm, birthday="1125")
    of = occasion(firm)
    said = Hander().hand_over(HandingOver(firm.owner.id, firm.buyer.id, "", ""), at=MONDAY)
    assert [(one.what, one.count) for one in said] == [("people", 1)]
    Hander().part(Parting(firm.owner.id, firm.buyer.id, firm.approver.id), at=MONDAY)
    of.refresh_from_db()
    assert of.member_id == firm.approver.id
    assert actions.erase_closed() == 0
    Buyer.objects.filter(id=firm.buyer.id).update(closed_at=MONDAY)
    assert actions.erase_closed() == 1 and not Person.objects.exists() and not Occasion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_two_sheets_at_once() -> None:
    """O12: one draft, and nobody is kept twice."""
    firm = given.company()
    bring = partial(actions.import_sheet, firm.owner, SHEET.encode(), "people.csv", at=MONDAY)
    outcomes = at_once([bring, bring, bring])
    assert sorted((one.added, one.changed) for one in outcomes) == [(0, 2), (0, 2), (2, 0)]
    added(firm, "이하늘", "01020000009", birthday="1125")
    of = occasion(firm)
    reminded = at_once([partial(actions.remind, of.id, at=MONDAY)] * 3)
    assert sum(one is not None for one in reminded) == 1 and Reminder.objects.count() == 1
