"""The check before paying: what speaks against a message. It never blocks. O4, O3, H2

No carrier and no vendor publishes what it takes for spam: the lists below are ours, in one place to be changed, and say
"may". What is certain (characters, lengths, night hours of advertising) is refused by its own rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum

from seonmul.dispatch import rules as dispatch
from seonmul.figures.rules import Figures
from seonmul.kit import clock, euckr, phones
from seonmul.kit.phones import SenderKind
from seonmul.kit.refusals import _
from seonmul.orders.rules._checking import Remedy, Weight

#: Ours: goods and promises that unlawful mass messages speak of. Blanks and signs between letters do not hide a word.
SPAM_WORDS = (
    "대출", "바카라", "카지노", "토토", "도박", "성인", "원금보장", "수익보장", "급등주", "리딩방", "고수익", "비아그라",
    "당첨되셨", "무료거부", "선착순마감", "지금바로클릭",
)  # fmt: skip
#: Ours: words by which people recognise advertising; whether it is one is for the member to say. providers 5.3
AD_WORDS = (
    "할인",
    "세일",
    "특가",
    "이벤트",
    "프로모션",
    "신상품",
    "신메뉴",
    "구매하",
    "방문하시면",
    "혜택을",
)
#: The same sign so often in a row, or signs making up so much of a text, looks like shouting. Ours
_RUN = re.compile(r"([!?~♥★☆♡■▶◀※@#$%^&*+=])\1{2,}")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s]+|[a-z0-9-]+\.(?:com|net|kr|co|io|me|ly|link|shop|site)\b(?:/[^\s]*)?", re.I
)
_BETWEEN = re.compile(r"[^0-9A-Za-z가-힣]+")


class Hint(Enum):
    """What speaks against a message. Value: (stable code, weight, title, what to do, remedies)."""

    CANNOT_CARRY = (
        "cannot_carry", Weight.LIKELY, _("문자로 보낼 수 없는 글자"),
        _("{characters} – 다른 글자로 바꿔야 보낼 수 있어요."), (Remedy.REPLACE,),
    )  # fmt: skip
    AD_AT_NIGHT = (
        "ad_at_night", Weight.LIKELY, _("광고를 보낼 수 없는 시간"),
        _("광고는 밤 9시부터 아침 8시까지 보낼 수 없어요. {morning}부터 보낼 수 있어요."), (Remedy.MORNING,),
    )  # fmt: skip
    SENDER = (
        "sender_often_blocked", Weight.POSSIBLE, _("받는 분이 자주 막는 발신번호"),
        _("{number}처럼 070·080으로 시작하는 번호는 차단해 둔 분이 많아요. 대표번호나 휴대폰 번호가 잘 도착해요."),
        (Remedy.SENDER,),
    )  # fmt: skip
    SPAM_WORDS = (
        "spam_words", Weight.POSSIBLE, _("스팸으로 볼 수 있는 말"),
        _("{words} – 스팸으로 막힐 수 있어요. 다른 말로 바꿔 주세요."), (),
    )  # fmt: skip
    SYMBOLS = (
        "symbols", Weight.POSSIBLE, _("되풀이한 기호"),
        _("{symbols} – 기호가 이어지면 스팸으로 볼 수 있어요. 하나만 남겨 주세요."), (),
    )  # fmt: skip
    LINK = (
        "link", Weight.POSSIBLE, _("내용에 적은 링크"),
        _("쿠폰 링크 말고 다른 링크가 {count}개 있어요. 링크가 많으면 스팸이나 피싱으로 볼 수 있어요."), (),
    )  # fmt: skip
    LOOKS_LIKE_AD = (
        "looks_like_ad", Weight.NOTE, _("광고로 볼 수 있는 말"),
        _("{words} – 광고라면 ‘광고성 내용 포함’에 표시해 주세요. 표시하지 않은 광고는 법을 어길 수 있어요."),
        (Remedy.AD,),
    )  # fmt: skip
    LONG = (
        "long", Weight.NOTE, _("긴 내용"),
        _("{bytes:,}바이트예요. 길수록 막히거나 잘 읽지 않아요. {most:,}바이트 안쪽이 좋아요."), (),
    )  # fmt: skip
    NIGHT = (
        "night", Weight.NOTE, _("밤에 도착하는 문자"),
        _("밤 9시부터 아침 8시 사이에 도착해요. {morning}에 보내면 더 잘 읽어요."), (Remedy.MORNING,),
    )  # fmt: skip
    SHORT_VALIDITY = (
        "short_validity", Weight.NOTE, _("짧은 유효기간"),
        _("{name} – {until}까지 {days}일 동안만 쓸 수 있어요. 받는 분께 미리 알려 주세요."), (),
    )  # fmt: skip

    def __init__(
        self, code: str, weight: Weight, title: str, text: str, remedies: tuple[Remedy, ...]
    ) -> None:
        self.code = code
        self.weight = weight
        self.title = title
        self.text = text
        self.remedies = remedies


@dataclass(frozen=True)
class Finding:
    """One hint with what it is about."""

    hint: Hint
    about: Mapping[str, object] = field(default_factory=dict)

    def say(self, translate: Callable[[str], str] = _) -> str:
        return translate(self.hint.text).format(**self.about)


@dataclass(frozen=True)
class MessageFacts:
    """A message before it is paid for. `text`: the member's own words; `bytes`: the whole message at its longest, 0
    when it cannot be counted; `moment`: when it goes; `validity`: for each product its name and last day.
    """

    sender: str
    title: str
    text: str
    bytes: int
    is_ad: bool
    moment: datetime
    validity: tuple[tuple[str, date], ...] = ()
    by_mail: bool = False


def look_at_message(message: MessageFacts, *, figures: Figures) -> list[Finding]:
    """What may keep a message from arriving, or from being read; the weightiest first. O4"""
    words = f"{message.title}\n{message.text}"
    found = [*_of_time(message), *_of_words(words, message.is_ad)]
    if not message.by_mail:
        found += [*_of_characters(words), *_of_sender(message.sender)]
    if not message.by_mail and message.bytes > figures.long_text_bytes:
        found.append(Finding(Hint.LONG, {"bytes": message.bytes, "most": figures.long_text_bytes}))
    found += _of_validity(message, figures)
    order = list(Weight)
    return sorted(found, key=lambda one: order.index(one.hint.weight))


def _of_characters(words: str) -> list[Finding]:
    bad = euckr.cannot_carry(words)
    return [Finding(Hint.CANNOT_CARRY, {"characters": " ".join(bad[:8])})] if bad else []


def _of_time(message: MessageFacts) -> list[Finding]:
    morning = dispatch.rests_until(message.moment)
    if morning is None or (message.by_mail and not message.is_ad):
        return []
    hint = Hint.AD_AT_NIGHT if message.is_ad else Hint.NIGHT
    return [Finding(hint, {"morning": clock.korean_datetime(morning)})]


def _of_sender(digits: str) -> list[Finding]:
    often_blocked = phones.sender_kind(digits) in (SenderKind.INTERNET_070, SenderKind.FREE_080)
    return [Finding(Hint.SENDER, {"number": phones.format_phone(digits)})] if often_blocked else []


def _of_words(words: str, is_ad: bool) -> list[Finding]:
    found, bare = [], _BETWEEN.sub("", words)
    if spam := [word for word in SPAM_WORDS if word in bare]:
        found.append(Finding(Hint.SPAM_WORDS, {"words": ", ".join(spam[:5])}))
    if runs := list(dict.fromkeys(match[0][:5] for match in _RUN.finditer(words))):
        found.append(Finding(Hint.SYMBOLS, {"symbols": " ".join(runs[:5])}))
    if links := _LINK.findall(words):
        found.append(Finding(Hint.LINK, {"count": len(links)}))
    ad = [] if is_ad else [word for word in AD_WORDS if word in bare]
    if ad:
        found.append(Finding(Hint.LOOKS_LIKE_AD, {"words": ", ".join(ad[:5])}))
    return found


def _of_validity(message: MessageFacts, figures: Figures) -> list[Finding]:
    sent_on, found = clock.seoul_date(message.moment), []
    for name, last_day in message.validity:
        if last_day - sent_on < timedelta(days=figures.short_validity_days):
            about = {"name": name, "until": clock.korean_date(last_day), "days": (last_day - sent_on).days}
            found.append(Finding(Hint.SHORT_VALIDITY, about))
    return found
