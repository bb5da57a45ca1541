"""M6, O3, S4: what may be sent, how long it is, what a result means."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.dispatch import rules
from seonmul.dispatch.ports import PENDING, Result
from seonmul.dispatch.rules import (
    LetterFacts,
    LetterRefusal,
    SenderFacts,
    SenderRefusal,
    why_not_apply,
    why_not_decide_sender,
    why_not_write,
)
from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.phones import SenderKind
from tests.given import MONDAY

GOOD = LetterFacts(
    channel="lms",
    is_sender_approved=True,
    has_any_sender=True,
    title="선물",
    text="#{이름} 님 #{링크}",
    place_bytes={"이름": 6, "링크": 40},
)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"has_any_sender": False}, LetterRefusal.NO_SENDER),
        ({"is_sender_approved": False}, LetterRefusal.SENDER_NOT_APPROVED),
        ({"text": " \n"}, LetterRefusal.NO_TEXT),
        ({"text": "가" * 1001}, LetterRefusal.TEXT_TOO_LONG),
        ({"text": "가" * 978 + "#{이름}#{링크}"}, LetterRefusal.TEXT_TOO_LONG),
        ({"title": "가" * 21}, LetterRefusal.TITLE_TOO_LONG),
        ({"text": "축하해요 😀"}, LetterRefusal.CANNOT_CARRY),
        ({"title": "똠양꿍"}, LetterRefusal.CANNOT_CARRY),
        ({"text": "첫 줄\x0b둘째 줄"}, LetterRefusal.CANNOT_CARRY),
        ({"text": "#{부서} 여러분"}, LetterRefusal.UNKNOWN_PLACE),
        ({"channel": "sms"}, LetterRefusal.TITLE_ON_SMS),
        ({"channel": "sms", "title": "", "text": "가" * 23 + "#{이름}#{링크}"}, LetterRefusal.TEXT_TOO_LONG),
    ],
)
def test_why_not_write(changed, refusal):
    """M6, O3"""
    no = why_not_write(replace(GOOD, **changed))
    assert no is not None and no.why is refusal
    assert no.say() and "{" not in no.say().replace("#{", "")


def test_a_text_that_just_fits_may_be_written():
    """O3: lengths are those after the longest values are put in."""
    assert why_not_write(GOOD) is None
    assert why_not_write(replace(GOOD, text="가" * 977 + "#{이름}#{링크}")) is None
    assert why_not_write(replace(GOOD, channel="sms", title="", text="가" * 22 + "#{이름}#{링크}")) is None


def test_signs_that_nobody_sees_are_named_by_their_number():
    """O3: carriers refuse them after the money is spent, so they are refused before."""
    no = why_not_write(replace(GOOD, title="선\x07물", text="가\t나\n다\x7f\x07"))
    assert no is not None and no.numbers == {"characters": "U+0007 U+007F"}


def test_the_first_reason_wins():
    no = why_not_write(replace(GOOD, has_any_sender=False, text="", title="가" * 30))
    assert no is not None and no.why is LetterRefusal.NO_SENDER


@each(st.text(max_size=30), st.text(max_size=20))
def test_values_are_put_in_once_and_never_read_again(name, link):
    """O3: a name that looks like a place stays a name."""
    filled = rules.fill("#{이름}|#{링크}|#{부서}", {"이름": name, "링크": link})
    assert filled == f"{name}|{link}|#{{부서}}"


def test_every_result_has_words_and_none_says_received():
    """S4"""
    assert set(rules.WORDS) == set(Result)
    for result, words in rules.WORDS.items():
        assert words.label and words.cause
        assert "수신완료" not in words.label + words.cause + words.next_step
        if result not in PENDING | {Result.DELIVERED, Result.WITHDRAWN}:
            assert words.next_step, result


def test_asking_becomes_rarer_and_never_stops():
    waits = [rules.next_ask(asks, MONDAY) - MONDAY for asks in range(40)]
    assert waits == sorted(waits) and waits[0] <= timedelta(seconds=5) and waits[-1] == timedelta(hours=1)


def test_a_result_is_overdue_after_the_figure():
    """S4"""
    figures = Figures()
    assert not rules.is_overdue(MONDAY, figures=figures, at=MONDAY + timedelta(hours=80, minutes=59))
    assert rules.is_overdue(MONDAY, figures=figures, at=MONDAY + timedelta(hours=81))


TODAY = clock.seoul_date(MONDAY)
ASKED = SenderFacts(
    may_apply=True,
    kind=SenderKind.SEOUL,
    standing="",
    standing_proved_on=None,
    certificate_bytes=1_000,
    certificate_type="pdf",
    proved_on=TODAY,
)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"may_apply": False}, SenderRefusal.NOT_A_BUYER),
        ({"kind": None, "certificate_bytes": 0}, SenderRefusal.WRONG_FORM),
        ({"kind": SenderKind.MOBILE}, SenderRefusal.MOBILE_BY_DOCUMENT),
        ({"kind": SenderKind.MOBILE_OLD}, SenderRefusal.MOBILE_BY_DOCUMENT),
        ({"standing": "approved"}, SenderRefusal.ALREADY_APPROVED),
        ({"standing": "approved", "standing_proved_on": TODAY}, SenderRefusal.ALREADY_APPROVED),
        ({"standing": "approved", "standing_proved_on": TODAY - timedelta(days=1)}, None),
        (
            {"standing": "pending", "standing_proved_on": TODAY - timedelta(days=1)},
            SenderRefusal.ALREADY_WAITING,
        ),
        ({"standing": "pending"}, SenderRefusal.ALREADY_WAITING),
        ({"standing": "rejected"}, None),
        ({"standing": "expired"}, None),
        ({"certificate_bytes": 0}, PaperRefusal.MISSING),
        ({"certificate_bytes": 10 * 1024 * 1024}, None),
        ({"certificate_bytes": 10 * 1024 * 1024 + 1}, PaperRefusal.TOO_LARGE),
        ({"certificate_type": ""}, PaperRefusal.WRONG_TYPE),
        ({"proved_on": TODAY + timedelta(days=1)}, SenderRefusal.PROOF_AHEAD),
        ({"proved_on": TODAY - timedelta(days=92)}, None),
        ({"proved_on": TODAY - timedelta(days=93)}, SenderRefusal.PROOF_TOO_OLD),
    ],
)
def test_a_sender_number_is_taken_or_its_first_fault_is_said(changed, refusal):
    """M6"""
    no = why_not_apply(replace(ASKED, **changed), figures=Figures(), today=TODAY)
    assert (no and no.why) is refusal
    assert no is None or "{" not in no.say()


@pytest.mark.parametrize("kind", list(SenderKind))
def test_every_kind_of_number_has_one_way_in(kind):
    """M6: mobile numbers by proof, all others by paper."""
    no = why_not_apply(replace(ASKED, kind=kind), figures=Figures(), today=TODAY)
    assert (no is None) != kind.value.startswith("mobile")


@pytest.mark.parametrize(
    ("waiting", "approve", "reason", "registered", "refusal"),
    [
        (True, True, "", True, None),
        (True, True, "", False, SenderRefusal.NOT_AT_CARRIER),
        (True, False, "흐림", False, None),
        (True, False, " ", True, SenderRefusal.NO_REASON),
        (False, True, "", True, SenderRefusal.NOT_WAITING),
        (False, False, "흐림", True, SenderRefusal.NOT_WAITING),
    ],
)
def test_a_number_is_decided_once_and_approved_when_the_carrier_knows_it(
    waiting, approve, reason, registered, refusal
):
    """M6"""
    no = why_not_decide_sender(waiting, approve=approve, reason=reason, is_registered=registered)
    assert (no and no.why) is refusal


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"has_any_sender": False, "is_sender_approved": False}, None),
        ({"text": "축하해요 😀"}, None),
        ({"text": "가" * 10_000}, None),
        ({"title": " "}, LetterRefusal.NO_TITLE),
        ({"text": " "}, LetterRefusal.NO_TEXT),
        ({"text": "가" * 10_001}, LetterRefusal.MAIL_TOO_LONG),
        ({"title": "가" * 101}, LetterRefusal.MAIL_TITLE_TOO_LONG),
        ({"text": "#{나이}"}, LetterRefusal.UNKNOWN_PLACE),
    ],
)
def test_a_mail_needs_a_title_and_neither_number_nor_euckr(changed, why):
    """S1, O3"""
    no = rules.why_not_write(
        replace(GOOD, channel="mail") if not changed else replace(GOOD, channel="mail", **changed)
    )
    assert (no and no.why) is why


def test_a_result_of_a_mail_has_words_of_its_own():
    """S4: nobody has switched a mailbox off."""
    assert rules.words_of(Result.INVALID_NUMBER, "mail").label == "없는 주소"
    assert rules.words_of(Result.INVALID_NUMBER, "lms").label == "없는 번호"
    assert rules.words_of(Result.IN_DOUBT, "mail") == rules.words_of(Result.IN_DOUBT)
