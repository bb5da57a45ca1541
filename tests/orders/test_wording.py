"""O4, O3, H2: what speaks against a message. It says "may" and stands in nobody's way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.orders import rules
from seonmul.orders.rules import Hint, MessageFacts, Weight
from tests.given import MONDAY

NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=clock.SEOUL)


def found(text: str = "고맙습니다.", **facts: object) -> dict[Hint, str]:
    given = {"sender": "15770000", "title": "", "bytes": 100, "is_ad": False, "moment": MONDAY} | facts
    message = MessageFacts(text=text, **given)  # type: ignore[arg-type]
    return {one.hint: one.say() for one in rules.look_at_message(message, figures=Figures())}


@pytest.mark.parametrize(
    ("text", "hint", "says"),
    [
        ("축하해요 😀", Hint.CANNOT_CARRY, "😀"),
        ("무이자 대 출 안내", Hint.SPAM_WORDS, "대출"),
        ("카.지.노", Hint.SPAM_WORDS, "카지노"),
        ("지금!!!! 확인", Hint.SYMBOLS, "!!!!"),
        ("여기 https://bit.ly/abc 와 www.shop.co.kr", Hint.LINK, "2개"),
        ("여름 할인 이벤트", Hint.LOOKS_LIKE_AD, "할인, 이벤트"),
    ],
)
def test_of_words(text, hint, says):
    """O4"""
    assert says in found(text)[hint]


def test_plain_words_are_left_alone():
    """O4: thanks, names, one exclamation mark, a date."""
    assert found("#{이름} 님, 한 해 동안 고맙습니다! 12.24(목) 17:00에 만나요~ ★") == {}


def test_what_is_marked_as_advertising_is_not_pointed_out():
    """O3"""
    assert Hint.LOOKS_LIKE_AD not in found("여름 할인", is_ad=True)


@pytest.mark.parametrize(
    ("sender", "is_said"),
    [("07023456789", True), ("0802345678", True), ("0234567890", False), ("01023456789", False), ("", False)],
)
def test_of_senders_that_people_block(sender, is_said):
    """O4, H2, M6"""
    assert (Hint.SENDER in found(sender=sender)) == is_said


def test_of_the_hour():
    """O3, O4: at night advertising cannot go, and everything else is read the next morning."""
    assert Hint.NIGHT in found(moment=NIGHT) and Hint.AD_AT_NIGHT not in found(moment=NIGHT)
    said = found(moment=NIGHT, is_ad=True)
    assert "2026.11.24(화) 08:00" in said[Hint.AD_AT_NIGHT] and Hint.NIGHT not in said
    assert Hint.AD_AT_NIGHT not in found(is_ad=True)


def test_of_length_and_validity():
    """O4"""
    assert Hint.LONG in found(bytes=1_001) and Hint.LONG not in found(bytes=1_000)
    today = clock.seoul_date(MONDAY)
    short = found(validity=(("커피", today + timedelta(days=13)), ("케이크", today + timedelta(days=14))))
    assert "커피" in short[Hint.SHORT_VALIDITY] and "13일" in short[Hint.SHORT_VALIDITY]


@each(
    st.text(max_size=80),
    st.booleans(),
    st.integers(0, 3_000),
    st.sampled_from(["15770000", "07023456789", ""]),
)
def test_whatever_is_written_it_is_said_once_and_the_weightiest_first(text, is_ad, size, sender):
    """O4: no text breaks it."""
    message = MessageFacts(sender, text[:20], text, size, is_ad, NIGHT, (("커피", date(2026, 11, 30)),))
    hints = rules.look_at_message(message, figures=Figures())
    assert len({one.hint for one in hints}) == len(hints)
    weights = [list(Weight).index(one.hint.weight) for one in hints]
    assert weights == sorted(weights)
    assert all("{" not in one.say().replace(text, "") or "{" in text for one in hints)
