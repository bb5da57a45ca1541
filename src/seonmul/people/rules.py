"""What may stand in an address book, and which anniversaries are near. O12"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from seonmul.kit import phones
from seonmul.kit.refusals import No, Refusal, _

NAME_MOST, LABEL_MOST, LABELS_MOST, DEPARTMENT_MOST = 30, 30, 10, 40
#: How many letters of a name are found by a keyed index of their own: a surname and one more.
HEAD_LETTERS = 2
_BETWEEN = "\x1f"
_CONTROL = dict.fromkeys([*range(32), 127])


class PeopleRefusal(Refusal):
    NO_NAME = "person_no_name", _("이름을 적어 주세요. 저장하지 않았습니다.")
    NAME_TOO_LONG = (
        "person_name_too_long",
        _("이름은 {most}자까지 적을 수 있습니다. 줄여서 다시 적어 주세요."),
    )
    NO_PHONE = "person_no_phone", _("휴대폰 번호를 확인해 주세요. 010으로 시작하는 번호만 담을 수 있습니다.")
    WRONG_DAY = (
        "person_wrong_day",
        _("날짜를 확인해 주세요. 생일은 3월 5일이나 0305, 입사일은 2024-03-05처럼 적어 주세요."),
    )
    TWICE = "person_twice", _("같은 번호가 파일에 두 번 있습니다. 처음 행만 담았습니다.")
    TOO_MANY = (
        "people_too_many",
        _(
            "주소록에는 {most:,}명까지 담을 수 있습니다. {over:,}명이 넘어 담지 않았습니다. 나누어 올려 주세요."
        ),
    )
    NOT_A_BUYER = (
        "people_not_a_buyer",
        _("주소록은 구매 권한이 있는 구성원만 쓸 수 있습니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    NO_TEXT = "occasion_no_text", _("미리 쓸 메시지를 적어 주세요. 저장하지 않았습니다.")
    WRONG_DAYS = (
        "occasion_wrong_days",
        _("기념일 {most}일 전까지 정할 수 있습니다. 0부터 {most}까지의 숫자를 적어 주세요."),
    )


class Cells(NamedTuple):
    """The personal part of a person, sealed as one text."""

    name: str
    phone: str
    mail: str
    department: str

    def packed(self) -> str:
        return _BETWEEN.join(self)

    @classmethod
    def unpacked(cls, text: str) -> Cells:
        return cls(*text.split(_BETWEEN))


@dataclass(frozen=True)
class Typed:
    """A person as typed or as a row of a sheet (`row`), all as text. `tags`, `groups`: words between commas."""

    name: str
    phone: str
    mail: str = ""
    department: str = ""
    birthday: str = ""
    joined_on: str = ""
    tags: str = ""
    groups: str = ""
    row: int = 0


@dataclass(frozen=True)
class Checked:
    """A person who may be kept. `birthday`: month * 100 + day."""

    cells: Cells
    birthday: int | None
    joined_on: date | None
    tags: tuple[str, ...]
    groups: tuple[str, ...]


def check(typed: Typed) -> Checked | No:
    """Read one person, or say what is wrong. O12"""
    name, phone = _line(typed.name), phones.normalise_mobile(typed.phone)
    if not name:
        return No(PeopleRefusal.NO_NAME)
    if len(name) > NAME_MOST:
        return No(PeopleRefusal.NAME_TOO_LONG, {"most": NAME_MOST})
    if phone is None:
        return No(PeopleRefusal.NO_PHONE)
    birthday, joined_on = _birthday(typed.birthday), _day(typed.joined_on)
    if (typed.birthday.strip() and birthday is None) or (typed.joined_on.strip() and joined_on is None):
        return No(PeopleRefusal.WRONG_DAY)
    cells = Cells(name, phone, _line(typed.mail)[:254], _line(typed.department)[:DEPARTMENT_MOST])
    return Checked(cells, birthday, joined_on, words(typed.tags), words(typed.groups))


def check_sheet(rows: Iterable[Typed]) -> Iterator[tuple[int, Checked | No]]:
    """Check rows of a sheet; the second row with a number is at fault. O12"""
    seen: set[str] = set()
    for typed in rows:
        found = check(typed)
        if isinstance(found, Checked):
            if found.cells.phone in seen:
                found = No(PeopleRefusal.TWICE)
            else:
                seen.add(found.cells.phone)
        yield typed.row, found


def merged(old: Checked, new: Checked) -> Checked:
    """What is kept of somebody who is there already: what a sheet leaves empty stays as it was."""
    cells = Cells(*(after or before for before, after in zip(old.cells, new.cells, strict=True)))
    return Checked(cells, new.birthday or old.birthday, new.joined_on or old.joined_on, new.tags, new.groups)


def words(text: str) -> tuple[str, ...]:
    """Labels between commas, each once, in order."""
    found = (_line(word)[:LABEL_MOST] for word in re.split(r"[,;\n]", text))
    return tuple(dict.fromkeys(word for word in found if word))[:LABELS_MOST]


def head_of(name: str) -> str:
    """The beginning of a name by which it is found."""
    return name[:HEAD_LETTERS]


def why_not_keep(people: int, *, most: int) -> No | None:
    """Say why an address book may not grow to so many. O12"""
    return No(PeopleRefusal.TOO_MANY, {"most": most, "over": people - most}) if people > most else None


def why_not_prepare(*, text: str, days_before: int, most: int) -> No | None:
    """Say why a template for anniversaries is not kept. O12"""
    if not text.strip():
        return No(PeopleRefusal.NO_TEXT)
    return None if 0 <= days_before <= most else No(PeopleRefusal.WRONG_DAYS, {"most": most})


def near(today: date, days: int) -> Mapping[int, int]:
    """The days of a year (month * 100 + day) from today on, with the year of each. O12

    Whoever was born, or came, on a 29 February is remembered on the 28th in a year that has none.
    """
    found: dict[int, int] = {}
    for day in (today + timedelta(days=n) for n in range(days + 1)):
        found[day.month * 100 + day.day] = day.year
        if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
            found[229] = day.year
    return found


def _line(text: str) -> str:
    return " ".join(text.translate(_CONTROL).split())


def _numbers(text: str) -> list[int]:
    text = text.strip().split(" 00:00")[0]  # a day as some sheets keep it
    if text.isdecimal():
        cuts = {4: (2, 4), 8: (4, 6, 8), 6: (2, 4, 6)}.get(len(text), ())
        return [int(text[a:b]) for a, b in zip((0, *cuts), cuts, strict=False)]
    return [int(one) for one in re.findall(r"[0-9]{1,4}", text)][:3]


def _birthday(text: str) -> int | None:
    numbers = _numbers(text)
    if len(numbers) not in (2, 3):
        return None
    month, day = numbers[-2:]
    # 2024 was a leap year: 29 February is somebody's birthday
    return month * 100 + day if _is_day(2024, month, day) else None


def _day(text: str) -> date | None:
    numbers = _numbers(text)
    if len(numbers) != 3 or numbers[0] < 1900 or not _is_day(*numbers):
        return None
    return date(*numbers)


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
