"""What a voucher's picture says besides its code: the terms of what companies buy stand on it whole. V4, S1"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from seonmul.giftpage import faces
from seonmul.giftpage.album import Album
from seonmul.gifts.models import Gift
from seonmul.kit import clock, voucher_pictures
from seonmul.vouchers.rules import TERMS
from tests import given
from tests.kit.test_barcodes import CODE, face

NO_TERMS = "(연장·환불 안 됨)"


def shows(picture: Image.Image, words: str) -> bool:
    """Whether the words stand somewhere beside the drawing, letter by letter as they are set alone."""
    font = voucher_pictures._fitting(words)
    tile = Image.new("L", (voucher_pictures.WIDTH - voucher_pictures._TEXT_LEFT, 40), 255)
    ImageDraw.Draw(tile).text((0, 20), words, font=font, fill=voucher_pictures.INK, anchor="lm")
    wanted = np.asarray(tile)[8:32].astype(int)
    grey = np.asarray(picture.convert("L")).astype(int)[:, voucher_pictures._TEXT_LEFT :]
    return worst(grey, wanted) < 30


def worst(grey: np.ndarray, wanted: np.ndarray) -> float:
    """How far the best place differs where it differs most: in columns of 8 pixels, about half a letter."""
    places = (np.abs(grey[y : y + 24] - wanted).reshape(24, -1, 8) for y in range(150, 356))
    return min(float(place.mean(axis=(0, 2)).max()) for place in places)


def drawn(**changed: str) -> Image.Image:
    told = replace(face(), **changed)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(voucher_pictures.jpeg(told, CODE, CODE)))


def test_the_look_sees_words_that_are_cut() -> None:
    assert shows(drawn(terms=NO_TERMS), NO_TERMS)
    assert not shows(drawn(terms=f"{NO_TERMS[:-3]}…"), NO_TERMS) and not shows(drawn(), NO_TERMS)


@settings(max_examples=15, deadline=None)
@each(st.text("가나다 AB", min_size=1, max_size=80), st.text("가나다 AB", min_size=1, max_size=80))
def test_the_terms_are_whole_whatever_stands_above_them(brand: str, name: str) -> None:
    """V4: beside the longest day, below the longest name; names are cut, terms never."""
    long = {"brand": brand, "name": name, "until": "2027.12.24(수)까지"}
    picture = drawn(terms=NO_TERMS, **long)
    assert shows(picture, NO_TERMS) and shows(picture, long["until"])


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.django_db
def test_what_companies_buy_says_so_on_the_voucher_and_on_its_sample(language: str) -> None:
    """V4, O3: on the order page before buying, and on every copy; in both languages whole."""
    who = given.company()
    draft = given.draft(who, given.numbers(1), at=clock.now(), channel="mms")
    order = given.placed(who, given.numbers(1), at=clock.now(), channel="mms")
    given.worked(only="gifts.")
    gift = Gift.objects.get(order=order)
    with translation.override(language):
        words = translation.gettext(NO_TERMS)
        assert language == "ko" or words != NO_TERMS
        for draw in Album().drawers([draft.id, gift.id]).values():
            assert shows(Image.open(io.BytesIO(draw())), words)


@pytest.mark.django_db
def test_what_gives_money_back_does_not_say_that_it_does_not() -> None:
    """V4: general vouchers."""
    who, at = given.company(), clock.now()
    product: Any = given.product()
    seen = faces._face(who.buyer, product, "x", at, TERMS["terms_2025"])
    assert seen.terms == "" and seen.until.endswith("까지")
