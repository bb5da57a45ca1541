import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.kit import euckr

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]


def test_hangul_is_two_bytes_and_ascii_one():
    assert euckr.byte_length("가" * 45) == 90
    assert euckr.byte_length("쿠폰 도착 A1") == 12
    assert euckr.byte_length("") == 0


def test_signs_that_look_dangerous_and_are_carried():
    assert euckr.byte_length("·…“”★♥☎①㈜※￦™~") == 25


def test_the_trap_8822_syllables_cannot_be_carried():
    refused = euckr.cannot_carry("".join(SYLLABLES))
    assert len(refused) == 8822
    assert "똠" in refused and "가" not in refused


@pytest.mark.parametrize("text", ["똠방각하", "😀 hi", "1–2", "₩100", "•", "\u00a0", "\ud800"])
def test_what_cannot_be_carried_is_refused_and_named(text):
    with pytest.raises(euckr.CannotCarry) as refused:
        euckr.byte_length(text)
    assert refused.value.characters == euckr.cannot_carry(text) != ()
    assert all(character in text for character in refused.value.characters)


def test_each_refused_character_is_named_once_in_order():
    assert euckr.cannot_carry("😀 똠 가 😀") == ("😀", "똠")


def test_the_error_itself_holds_code_points_not_text():
    with pytest.raises(euckr.CannotCarry, match=r"U\+B620$"):
        euckr.byte_length("홍길동 똠")


@given(st.text())
def test_the_fast_count_agrees_with_counting_each_character(text):
    sizes = []
    for character in text:
        try:
            sizes.append(len(character.encode("euc-kr")))
        except UnicodeEncodeError:
            sizes.append(99)
    if max(sizes, default=0) > 2:
        with pytest.raises(euckr.CannotCarry):
            euckr.byte_length(text)
    else:
        assert euckr.byte_length(text) == sum(sizes)


def test_every_replacement_mends():
    for character, instead in euckr.replaceable.items():
        assert euckr.cannot_carry(character) == (character,)
        assert euckr.cannot_carry(instead) == ()


def test_replacing_leaves_what_has_no_stand_in():
    assert euckr.replace("1–2 • a\u00a0b 😀") == "1-2 · a b 😀"


def test_a_won_sign_before_figures_goes_behind_them():
    assert euckr.replace("₩1,000 할인, ₩ 500, ₩") == "1,000원 할인, 500원, 원"


def test_decomposed_hangul_is_composed():
    assert euckr.replace(unicodedata.normalize("NFD", "쿠폰")) == "쿠폰"


@given(st.text("가나A 1·", max_size=40), st.integers(0, 60))
def test_a_cut_is_the_longest_beginning_that_fits(text, most):
    kept = euckr.cut(text, most)
    assert text.startswith(kept)
    assert euckr.byte_length(kept) <= most
    assert kept == text or euckr.byte_length(text[: len(kept) + 1]) > most


def test_a_cut_refuses_what_cannot_be_carried():
    with pytest.raises(euckr.CannotCarry):
        euckr.cut("가나다😀", 2)
