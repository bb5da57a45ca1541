"""O1, O2, O3, O6: what a row says of itself, and why a draft may not become an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.catalog.rules import OfferFacts, ProductRefusal
from seonmul.dispatch.rules import LetterFacts, LetterRefusal
from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.phones import PhoneFault
from seonmul.kit.sheets import Mark
from seonmul.members.rules import CompanyRefusal, SpendRefusal
from seonmul.orders import lists, rules
from seonmul.orders.lists import Cells, RawRow, RowFault
from seonmul.orders.rules import BasketRefusal, LineFacts, OrderFacts, OrderRefusal, why_not_place
from tests.given import MONDAY

ON_LIST = OfferFacts(is_shown=True, is_sold_out=False, is_gift_certificate=False, is_corporate_list=True)
LINE = LineFacts("달무리커피 아이스 아메리카노", ON_LIST, copies=10)
GOOD = OrderFacts(
    may_buy=True,
    is_frozen=False,
    blocked_until=None,
    is_company=True,
    lines=[LINE],
    letter=LetterFacts("lms", True, True, "선물", "#{이름} 님", {"이름": 6, "링크": 40}),
    people=10,
    rows=12,
    rows_at_fault=2,
    amount_won=45_000,
    seen_won=45_000,
    seen_left_out=2,
    is_lawful=True,
)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"may_buy": False}, OrderRefusal.NOT_A_BUYER),
        ({"is_frozen": True}, CompanyRefusal.FROZEN),
        ({"blocked_until": MONDAY + timedelta(hours=1)}, SpendRefusal.BLOCKED),
        ({"lines": [replace(LINE, offer=None)]}, ProductRefusal.NOT_ON_LIST),
        (
            {
                "lines": [
                    replace(
                        LINE, offer=replace(ON_LIST, on_sale_to=clock.seoul_date(MONDAY) - timedelta(days=1))
                    )
                ]
            },
            ProductRefusal.NO_LONGER,
        ),
        ({"lines": [replace(LINE, offer=replace(ON_LIST, channels=("sms",)))]}, ProductRefusal.CHANNEL),
        ({"rows": 100_001}, OrderRefusal.TOO_MANY_ROWS),
        ({"people": 0}, OrderRefusal.NOBODY),
        ({"lines": [LINE, replace(LINE, copies=0)]}, BasketRefusal.NOBODY),
        ({"bad_places": {"이름": 3}}, OrderRefusal.BAD_PLACE),
        ({"seen_left_out": 0}, OrderRefusal.HAS_FAULTS),
        ({"rows_at_fault": 3}, OrderRefusal.HAS_FAULTS),
        ({"letter": replace(GOOD.letter, text="")}, LetterRefusal.NO_TEXT),
        ({"is_lawful": False}, OrderRefusal.NOT_LAWFUL),
        ({"seen_won": 44_000}, OrderRefusal.PRICE_CHANGED),
    ],
)
def test_why_not_place(changed, refusal):
    """O1, O2, O3, O6"""
    no = why_not_place(replace(GOOD, **changed), figures=Figures(), at=MONDAY)
    assert no is not None and no.why is refusal and no.say()


def test_a_draft_in_order_may_be_placed():
    assert why_not_place(GOOD, figures=Figures(), at=MONDAY) is None


def test_a_changed_price_is_told_with_both_sums():
    """O6"""
    no = why_not_place(replace(GOOD, seen_won=44_000), figures=Figures(), at=MONDAY)
    assert no is not None and "44,000원" in no.say() and "45,000원" in no.say()


ROWS = {
    "01020417735": ("", "", "01020417735"),
    "010-2041-7735": ("", "separators", "01020417735"),
    "1020417735": ("", "leading_zero", "01020417735"),
    "+82 10 2041 7735": ("", "country_code", "01020417735"),
    "０１０２０４１７７３５": ("", "full_width", "01020417735"),
    "": (PhoneFault.EMPTY.code, "", ""),
    "010-2417-83": (PhoneFault.TOO_SHORT.code, "", ""),
    "010-2O88-1450": (PhoneFault.LETTER_FOR_DIGIT.code, "", ""),
    "02-345-6789": (PhoneFault.LANDLINE.code, "", ""),
    "1588-0000": (PhoneFault.REPRESENTATIVE.code, "", ""),
    "a@b.example": (PhoneFault.MAIL_ADDRESS.code, "", ""),
}


@pytest.mark.parametrize("typed", ROWS)
def test_a_number_is_repaired_with_a_note_or_refused_with_a_reason(typed):
    """O1"""
    fault, repair, digits = ROWS[typed]
    row = next(lists.check([RawRow(7, typed, "김서연")]))
    assert (row.position, row.fault, row.repair, row.cells.phone) == (7, fault, repair, digits)
    if fault:
        assert lists.why(fault, row.cells).say()
        assert row.cells.typed == typed


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (RawRow(1, "01020417735", copies="6"), RowFault.COPIES),
        (RawRow(1, "01020417735", copies="둘"), RowFault.COPIES),
        (RawRow(1, "01020417735", name="김😀"), RowFault.NAME_CANNOT_CARRY),
        (RawRow(1, "01020417735", name="가" * 31), RowFault.NAME_TOO_LONG),
        (RawRow(1, "", mark=Mark.ERROR_VALUE.code), Mark.ERROR_VALUE),
        (RawRow(1, "1.0e10", mark=Mark.LOST_DIGITS.code), Mark.LOST_DIGITS),
    ],
)
def test_other_cells_have_their_faults(raw, fault):
    """O1"""
    row = next(lists.check([raw]))
    assert row.fault == fault.code
    assert lists.why(row.fault, row.cells).why is fault


def test_too_many_copies_names_what_the_product_allows():
    """O2"""
    no = lists.why(RowFault.TOO_MANY_COPIES.code, Cells("01020417735", "", "", ""), 3)
    assert no.why is RowFault.TOO_MANY_COPIES and "3건" in no.say()


def test_a_letter_for_a_digit_is_suggested_but_never_assumed():
    row = next(lists.check([RawRow(1, "010-2O88-1450")]))
    assert row.cells.phone == "" and lists.suggestion(row.cells, row.fault, "") == "01020881450"


@each(st.text(alphabet=st.characters(exclude_characters="\x1f", exclude_categories=["Cs"])))
def test_cells_survive_packing(text):
    cells = Cells("01020417735", text, "", text)
    assert Cells.unpacked(cells.packed()) == cells


def test_copies_are_read_with_and_without_their_word():
    assert [next(lists.check([RawRow(1, "01020417735", copies=c)])).copies for c in ("", "3", "2개", "5건")] == [
        1, 3, 2, 5,
    ]  # fmt: skip


def test_what_is_added_below_the_words_names_gift_link_and_last_day():
    """V5"""
    text = rules.letter_text(
        "고맙습니다.\n\n", channel="lms", gift="달무리커피 아메리카노", until="2027.02.24(수)"
    )
    assert text.startswith("고맙습니다.\n\n▶") and "#{링크}" in text and "2027.02.24(수)까지" in text
    assert rules.letter_text("선물", channel="sms", gift="x", until="y") == "선물\n#{링크}"
