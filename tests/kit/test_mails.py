"""O1: mail addresses as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.kit import mails
from seonmul.kit.mails import MailFault

GOOD = {
    "kim@naver.com": "kim@naver.com",
    " Kim.Seo-yeon@Naver.COM ": "kim.seo-yeon@naver.com",
    "김서연 <kim@firm.co.kr>": "kim@firm.co.kr",
    "mailto:kim@firm.example": "kim@firm.example",
    "ｋｉｍ@naver.com": "kim@naver.com",
    "'kim@naver.com'": "kim@naver.com",
    "kim@naver.com;": "kim@naver.com",
    "a+b@sub.domain.kr": "a+b@sub.domain.kr",
}
BAD = {
    "": (MailFault.EMPTY, None),
    "kim": (MailFault.NO_AT, None),
    "010-2041-7735": (MailFault.IS_PHONE, None),
    "a@b.kr, c@d.kr": (MailFault.TWO, None),
    "kim seo@naver.com": (MailFault.LOCAL, "kimseo@naver.com"),
    "김@naver.com": (MailFault.LOCAL, None),
    "kim@navercom": (MailFault.DOMAIN, "kim@naver.com"),
    "kim@naver,com": (MailFault.DOMAIN, "kim@naver.com"),
    "kim@naver": (MailFault.DOMAIN, None),
    "kim..seo@naver.com": (MailFault.LOCAL, None),
    "a@" + "b" * 300 + ".kr": (MailFault.TOO_LONG, None),
}


@pytest.mark.parametrize("typed", GOOD)
def test_an_address_is_read_as_people_write_it(typed: str) -> None:
    assert mails.normalise(typed) == GOOD[typed]


@pytest.mark.parametrize("typed", BAD)
def test_what_is_no_address_says_why_and_what_was_probably_meant(typed: str) -> None:
    assert mails.normalise(typed) is None
    trouble = mails.why_not(typed)
    assert (trouble.fault, trouble.suggestion) == BAD[typed] and trouble.no().say()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("k@navr.com", "k@naver.com"),
        ("k@navre.com", "k@naver.com"),
        ("k@naver.con", "k@naver.com"),
        ("k@gmial.com", "k@gmail.com"),
        ("k@hanmail.ent", "k@hanmail.net"),
        ("k@naver.com", ""),
        ("k@firm.example", ""),
        ("k@mail.com", ""),
    ],
)
def test_a_mistyped_well_known_domain_is_a_hint(typed: str, meant: str) -> None:
    assert mails.normalise(typed) == typed and mails.hint(typed) == meant


@given(st.text(max_size=80))
def test_whatever_is_typed_is_an_address_or_has_a_reason(typed: str) -> None:
    found = mails.normalise(typed)
    if found is None:
        assert mails.why_not(typed).no().say()
    else:
        assert mails.normalise(found) == found and found.count("@") == 1 and not set(found) & set(" ,;<>\n")


@given(st.emails(domains=st.sampled_from(["naver.com", "firm.co.kr", "a-b.example"])))
def test_real_addresses_are_taken(address: str) -> None:
    local = address.rpartition("@")[0]
    if local.strip("\"'`=;, ") == local and len(local) <= 64 and not local.lower().startswith("mailto:"):
        assert mails.normalise(address) == address.lower()


@given(st.from_regex(mails._PLAIN, fullmatch=True) | st.text("a.@-_'1 ", max_size=20))
def test_what_is_taken_at_a_glance_is_what_a_close_look_takes(cell: str) -> None:
    """O1: the short way of nearly every cell leads where the long one does."""
    if len(cell) <= mails._PLAIN_MOST and mails._PLAIN.fullmatch(cell):
        assert mails._unwrapped(cell) == cell and mails._fault(cell) is None
