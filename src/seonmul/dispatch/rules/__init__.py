"""Decisions on messages: who may be shown as sender, what a carrier can carry, what a result means. M6, O3, S4."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from seonmul.dispatch.ports import PICTURE
from seonmul.dispatch.rules._advertising import (
    MARK,
    Ad,
    AdRefusal,
    ad_head,
    ad_text,
    ad_title,
    rests_until,
    why_not_advertise,
    why_not_set_ad,
)
from seonmul.dispatch.rules._arriving import (
    CARRIER_NUMBERS,
    CAUSES,
    FOUND,
    MAIL_CAUSES,
    STEPS_MOST,
    Act,
    ArrivalFacts,
    Cause,
    Place,
    causes_of,
    causes_of_result,
    place_at,
)
from seonmul.dispatch.rules._carriers import (
    CarrierRefusal,
    Standing,
    after_failure,
    after_probe,
    after_success,
    free_at_after,
    is_used_up,
    pick,
    why_not_set_carrier,
)
from seonmul.dispatch.rules._crowding import DAY, HOUR, Goes, alone_most, goes_at, round_up
from seonmul.dispatch.rules._falling import (
    LADDER,
    TO_MAIL,
    TO_NEXT,
    TO_NOTHING,
    next_channel,
    price_won,
    ways_below,
)
from seonmul.dispatch.rules._results import COUNTS_AGAINST, MAIL_WORDS, WORDS, Words, words_of
from seonmul.dispatch.rules._senders import (
    SenderFacts,
    SenderRefusal,
    ends_soon,
    last_day,
    warning_days,
    why_not_add_mobile,
    why_not_apply,
    why_not_decide_sender,
)
from seonmul.figures.rules import Figures
from seonmul.kit import euckr
from seonmul.kit.refusals import No, Refusal, _

__all__ = [
    "BATCH_MOST",
    "CARRIER_NUMBERS",
    "CAUSES",
    "COUNTS_AGAINST",
    "DAY",
    "FOUND",
    "HOUR",
    "LADDER",
    "MAIL_CAUSES",
    "MAIL_MOST",
    "MAIL_TITLE_MOST",
    "MAIL_WORDS",
    "MARK",
    "STEPS_MOST",
    "TEXT_MOST_BYTES",
    "TITLE_MOST_BYTES",
    "TO_MAIL",
    "TO_NEXT",
    "TO_NOTHING",
    "WORDS",
    "Act",
    "Ad",
    "AdRefusal",
    "ArrivalFacts",
    "CarrierRefusal",
    "Cause",
    "Goes",
    "LetterFacts",
    "LetterRefusal",
    "Place",
    "SenderFacts",
    "SenderRefusal",
    "Standing",
    "Words",
    "ad_head",
    "ad_text",
    "ad_title",
    "after_failure",
    "after_probe",
    "after_success",
    "alone_most",
    "causes_of",
    "causes_of_result",
    "ends_soon",
    "fill",
    "fill_html",
    "free_at_after",
    "goes_at",
    "has_picture",
    "is_overdue",
    "is_put_off_too_long",
    "is_used_up",
    "last_day",
    "longest_bytes",
    "next_ask",
    "next_channel",
    "pick",
    "place_at",
    "price_won",
    "rests_until",
    "round_up",
    "warning_days",
    "ways_below",
    "why_not_add_mobile",
    "why_not_advertise",
    "why_not_apply",
    "why_not_decide_sender",
    "why_not_set_ad",
    "why_not_set_carrier",
    "why_not_write",
    "words_of",
]

#: What the carriers carry, in EUC-KR bytes. Fixed, O3
TEXT_MOST_BYTES = {"sms": 90, "lms": 2000, "mms": 2000}
TITLE_MOST_BYTES = 40
#: A mail is counted in letters; nobody but us sets a limit.
MAIL_MOST = 10_000
MAIL_TITLE_MOST = 100
BATCH_MOST = 1000

_PLACE = re.compile(r"#\{([^{}]{1,20})\}")
#: Inside EUC-KR, and yet refused by carriers; word processors write some where a line breaks.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class LetterRefusal(Refusal):
    NO_SENDER = (
        "sender_missing",
        _("등록된 발신번호가 없어 문자를 보낼 수 없습니다. 발신번호를 먼저 등록해 주세요."),
    )
    SENDER_NOT_APPROVED = (
        "sender_not_approved",
        _("승인되지 않은 발신번호입니다. 등록된 발신번호를 골라 주세요."),
    )
    NO_TEXT = "text_missing", _("보낼 내용을 입력해 주세요.")
    TEXT_TOO_LONG = (
        "text_too_long",
        _("내용이 {bytes:,}바이트로 {most:,}바이트를 넘습니다. {over:,}바이트를 줄여 주세요."),
    )
    TITLE_TOO_LONG = "title_too_long", _("제목이 {bytes}바이트로 {most}바이트를 넘습니다. 줄여 주세요.")
    CANNOT_CARRY = (
        "text_cannot_carry",
        _("문자로 보낼 수 없는 글자가 있습니다: {characters}. 다른 글자로 바꿔 주세요."),
    )
    UNKNOWN_PLACE = (
        "text_unknown_place",
        _("‘#{{{place}}}’ 자리에 넣을 값이 없습니다. 지우거나 #{{이름}}으로 바꿔 주세요."),
    )
    NO_TITLE = "title_missing", _("이메일에는 제목이 있어야 합니다. 제목을 입력해 주세요.")
    MAIL_TOO_LONG = "mail_too_long", _("내용이 {length:,}자로 {most:,}자를 넘습니다. 줄여 주세요.")
    MAIL_TITLE_TOO_LONG = "mail_title_too_long", _("제목이 {length}자로 {most}자를 넘습니다. 줄여 주세요.")
    TITLE_ON_SMS = "title_on_sms", _("SMS에는 제목을 쓸 수 없습니다. 제목을 지우거나 LMS로 보내 주세요.")


@dataclass(frozen=True)
class LetterFacts:
    """A text before it is paid for. `place_bytes`: the longest value of each place, in EUC-KR bytes."""

    channel: str
    is_sender_approved: bool
    has_any_sender: bool
    title: str
    text: str
    place_bytes: Mapping[str, int]


def why_not_write(letter: LetterFacts) -> No | None:
    """Say why this text cannot be sent to everybody on the list. M6, O3"""
    is_mail = letter.channel == "mail"
    if not is_mail and not letter.has_any_sender:
        return No(LetterRefusal.NO_SENDER)
    if not is_mail and not letter.is_sender_approved:
        return No(LetterRefusal.SENDER_NOT_APPROVED)
    if not letter.text.strip():
        return No(LetterRefusal.NO_TEXT)
    if letter.channel == "sms" and letter.title:
        return No(LetterRefusal.TITLE_ON_SMS)
    for place in _PLACE.findall(letter.title + letter.text):
        if place not in letter.place_bytes:
            return No(LetterRefusal.UNKNOWN_PLACE, {"place": place})
    return _why_not_mail(letter) if is_mail else _why_not_text(letter)


def _why_not_mail(letter: LetterFacts) -> No | None:
    """No number and no EUC-KR: a mail carries every letter."""
    if not letter.title.strip():
        return No(LetterRefusal.NO_TITLE)
    if (title := len(letter.title)) > MAIL_TITLE_MOST:
        return No(LetterRefusal.MAIL_TITLE_TOO_LONG, {"length": title, "most": MAIL_TITLE_MOST})
    if (text := len(letter.text)) > MAIL_MOST:
        return No(LetterRefusal.MAIL_TOO_LONG, {"length": text, "most": MAIL_MOST})
    return None


def _why_not_text(letter: LetterFacts) -> No | None:
    words = letter.title + letter.text
    bad = euckr.cannot_carry(words)
    bad += tuple(f"U+{ord(sign):04X}" for sign in dict.fromkeys(_UNPRINTABLE.findall(words)))
    if bad:
        return No(LetterRefusal.CANNOT_CARRY, {"characters": " ".join(bad[:5])})
    return _too_long(letter)


def _too_long(letter: LetterFacts) -> No | None:
    title = longest_bytes(letter.title, letter.place_bytes)
    if title > TITLE_MOST_BYTES:
        return No(LetterRefusal.TITLE_TOO_LONG, {"bytes": title, "most": TITLE_MOST_BYTES})
    text, most = longest_bytes(letter.text, letter.place_bytes), TEXT_MOST_BYTES[letter.channel]
    if text > most:
        return No(LetterRefusal.TEXT_TOO_LONG, {"bytes": text, "most": most, "over": text - most})
    return None


def longest_bytes(template: str, place_bytes: Mapping[str, int]) -> int:
    """The EUC-KR bytes of a template with the longest value in every place."""
    fixed = euckr.byte_length(_PLACE.sub("", template))
    return fixed + sum(place_bytes.get(place, 0) for place in _PLACE.findall(template))


def has_picture(channel: str, html: str) -> bool:
    """Whether messages of a letter show a picture: every MMS, and a mail that has a place for one. S1"""
    return channel == "mms" or PICTURE in html


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values into `#{...}` places, in one pass: a value that looks like a place stays as it is."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def fill_html(template: str, values: Mapping[str, str]) -> str:
    """The same for HTML: what is put in stays text."""
    return fill(template, {place: html.escape(value) for place, value in values.items()})


def is_put_off_too_long(opened_at: datetime, *, figures: Figures, at: datetime) -> bool:
    """Say whether a carrier has put a message off for too long. S4"""
    return at >= opened_at + timedelta(hours=figures.put_off_hours)


def next_ask(asks: int, at: datetime) -> datetime:
    """When a batch is asked for results again: soon at first, then ever more rarely, at most hourly. S4"""
    return at + timedelta(seconds=min(3600, 3 * 2 ** min(asks, 12)))


def is_overdue(handed_at: datetime, *, figures: Figures, at: datetime) -> bool:
    """Say whether a result that has not come counts as none. S4"""
    return at >= handed_at + timedelta(hours=figures.result_deadline_hours)
