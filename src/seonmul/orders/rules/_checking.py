"""The check before paying: what speaks against each recipient, with its weight. It never blocks. O4, S7, H2"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from seonmul.dispatch import rules as dispatch
from seonmul.figures.rules import Figures
from seonmul.kit.refusals import _


class Weight(StrEnum):
    """How much a reason says: it will hardly arrive, it may not, or somebody should know."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    NOTE = "note"


class Remedy(StrEnum):
    """What one click does about a reason."""

    DROP = "drop"
    SPREAD = "spread"
    AT_ONCE = "at_once"
    LATER = "later"
    SMS = "sms"
    SENDER = "sender"
    REPLACE = "replace"
    AD = "ad"
    MORNING = "morning"


class Sign(Enum):
    """What speaks against a recipient. Value: (stable code, bit, weight, title, what is known and what to do, remedies)."""

    GONE = (
        "gone", 1, Weight.LIKELY, _("없는 번호이거나 정지된 번호"),
        _("지난 문자가 ‘없는 번호’나 ‘서비스 정지’로 돌아왔어요. 번호를 확인해 주세요."), (Remedy.DROP,),
    )  # fmt: skip
    DEVICE = (
        "device", 2, Weight.LIKELY, _("긴 문자를 받지 못한 번호"),
        _("단말기나 요금제 때문에 긴 문자를 받지 못했어요. SMS로 보내면 받을 수 있어요."), (Remedy.SMS, Remedy.DROP),
    )  # fmt: skip
    BLOCKED = (
        "blocked", 4, Weight.LIKELY, _("문자가 막힌 적이 있는 번호"),
        _("수신 거부나 스팸 차단으로 받지 못했어요. 다른 발신번호로 보내거나 받는 분께 먼저 알려 주세요."),
        (Remedy.SENDER, Remedy.DROP),
    )  # fmt: skip
    FAILED = (
        "failed", 8, Weight.POSSIBLE, _("최근 잇달아 받지 못한 번호"),
        _("전원이 꺼져 있거나 신호가 닿지 않아 받지 못했어요. 번호가 맞는지 확인해 주세요."), (Remedy.DROP,),
    )  # fmt: skip
    CROWDED = (
        "crowded", 16, Weight.POSSIBLE, _("짧은 시간에 문자가 몰린 번호"),
        _("문자가 몰리면 통신사가 막을 수 있어요. 이분들께만 나누어 보내거나, 모두 조금 뒤에 보낼 수 있어요."),
        (Remedy.SPREAD, Remedy.LATER, Remedy.DROP),
    )  # fmt: skip
    REPEATED = (
        "repeated", 32, Weight.POSSIBLE, _("이 발신번호로 여러 번 받은 번호"),
        _("같은 번호가 자꾸 보내면 스팸으로 볼 수 있어요. 이분들께만 나누어 보내거나, 모두 조금 뒤에 보낼 수 있어요."),
        (Remedy.SPREAD, Remedy.LATER, Remedy.DROP),
    )  # fmt: skip
    UNLIKELY = (
        "unlikely", 64, Weight.POSSIBLE, _("예시로 쓰는 번호"),
        _("010-1234-5678처럼 양식에 적혀 있던 번호예요. 받는 분의 번호가 맞는지 확인해 주세요."), (Remedy.DROP,),
    )  # fmt: skip
    SAME_PRODUCT = (
        "same_product", 128, Weight.NOTE, _("같은 상품을 조금 전에 받은 번호"),
        _("다른 주문에서 이미 보낸 번호예요. 한 번 더 보내는 것이 맞는지 확인해 주세요."), (Remedy.DROP,),
    )  # fmt: skip

    def __init__(
        self, code: str, bit: int, weight: Weight, title: str, text: str, remedies: tuple[Remedy, ...]
    ) -> None:
        self.code = code
        self.bit = bit
        self.weight = weight
        self.title = title
        self.text = text
        self.remedies = remedies


SIGNS: Mapping[str, Sign] = {sign.code: sign for sign in Sign}
#: A recipient with one of these bits was warned of: what is only worth knowing is no warning.
WARNING_BITS = sum(sign.bit for sign in Sign if sign.weight is not Weight.NOTE)


#: The same of a mailbox: its title, and what is known and what to do.
_OF_MAIL: Mapping[Sign, tuple[str, str]] = {
    Sign.GONE: (
        _("없는 주소로 돌아온 적이 있는 주소"),
        _("지난 이메일이 ‘없는 주소’로 돌아왔어요. 주소를 확인해 주세요."),
    ),
    Sign.DEVICE: (
        _("메일함이 가득 찼던 주소"),
        _("지난 이메일이 메일함이 차서 들어가지 못했어요. 받는 분께 먼저 알려 주세요."),
    ),
    Sign.BLOCKED: (
        _("이메일이 막힌 적이 있는 주소"),
        _("받는 쪽 메일 서버가 스팸으로 보거나 거절했어요. 받는 분께 먼저 알려 주세요."),
    ),
    Sign.FAILED: (
        _("최근 잇달아 받지 못한 주소"),
        _("받는 쪽 메일 서버가 받아 주지 않았어요. 주소가 맞는지 확인해 주세요."),
    ),
    Sign.SAME_PRODUCT: (
        _("같은 상품을 조금 전에 받은 주소"),
        _("다른 주문에서 이미 보낸 주소예요. 한 번 더 보내는 것이 맞는지 확인해 주세요."),
    ),
}
#: What is said of those who get too much when what is too much goes later.
SPREAD = _("몰리는 만큼만 시간을 두고 나누어 보내요. 다른 분들께는 그대로 보내요.")
_THICK = (Sign.CROWDED, Sign.REPEATED)


def words_of(sign: Sign, *, by_mail: bool, spreads: bool) -> tuple[str, str]:
    """Title and text of a sign: of a number or a mailbox, and where what is too much is spread out. O4, S7"""
    title, text = _OF_MAIL.get(sign, (sign.title, sign.text)) if by_mail else (sign.title, sign.text)
    return title, SPREAD if spreads and sign in _THICK else text


def spreads(is_wanted: bool, figures: Figures) -> bool:
    """Whether what is too much for a recipient goes later: by the member's wish, or always. S7"""
    return is_wanted or bool(figures.spread_crowded)


def remedies_of(sign: Sign, *, by_mail: bool, is_wanted: bool, figures: Figures) -> tuple[Remedy, ...]:
    """What one click does about a sign here; a wish to spread can be taken back, the operator's figure cannot. O4, S7"""
    if by_mail:
        return tuple(one for one in sign.remedies if one is Remedy.DROP)
    if sign not in _THICK or not spreads(is_wanted, figures):
        return sign.remedies
    back = () if figures.spread_crowded else (Remedy.AT_ONCE,)
    return (*back, Remedy.DROP)


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What is known of one recipient when the check is made.

    `copies`: this order's own messages to it; `failed`, `result`: failures since the last message that arrived, and the
    newest of them; the counts: messages of the hour and of the day before it is to be sent, or behind it where those
    are more: sent, put off and of orders that wait, by anybody and by this sender; `is_odd`: a number of an example; `got_same`: got a product of this order lately. S7
    """

    copies: int
    failed: int = 0
    result: str = ""
    hour: int = 0
    day: int = 0
    own_hour: int = 0
    own_day: int = 0
    is_odd: bool = False
    got_same: bool = False


def signs_of(number: NumberFacts, *, channel: str, figures: Figures) -> int:
    """What speaks against a recipient, as bits; 0 for nothing. O4, O2, S7"""
    bits = _by_result(number, channel, figures)
    if channel != "mail":  # no mail server counts what comes from others
        bits |= Sign.CROWDED.bit if is_crowded(number, figures) else 0
        bits |= Sign.REPEATED.bit if is_repeated(number, figures) else 0
    if number.is_odd:
        bits |= Sign.UNLIKELY.bit
    return bits | (Sign.SAME_PRODUCT.bit if number.got_same else 0)


def _by_result(number: NumberFacts, channel: str, figures: Figures) -> int:
    """The newest failure decides, unless it is one that anybody may have once."""
    if not number.failed:
        return 0
    if number.result in ("invalid_number", "suspended"):
        return Sign.GONE.bit
    if number.result in ("refused", "spam"):
        return Sign.BLOCKED.bit
    if number.result == "device":
        return 0 if channel == "sms" else Sign.DEVICE.bit
    return Sign.FAILED.bit if number.failed >= figures.failed_before_times else 0


def is_crowded(number: NumberFacts, figures: Figures) -> bool:
    """Whether a recipient gets too many messages in an hour or a day, from whomever, with those of this order. S7"""
    return _over_day(number, figures) or number.hour + number.copies > figures.to_one_in_an_hour


def is_repeated(number: NumberFacts, figures: Figures) -> bool:
    """The same of messages from one sender number. S7"""
    return (
        number.own_hour + number.copies > figures.from_one_in_an_hour
        or number.own_day + number.copies > figures.from_one_in_a_day
    )


def _over_day(number: NumberFacts, figures: Figures) -> bool:
    return number.day + number.copies > figures.to_one_in_a_day


def free_after(number: NumberFacts, figures: Figures) -> timedelta:
    """How long to wait until what a recipient got before does not count any more; nothing when that does not help. S7"""
    by_day = number.day and _over_day(number, figures)
    by_day = by_day or (number.own_day and number.own_day + number.copies > figures.from_one_in_a_day)
    if by_day:
        return timedelta(days=1)
    by_hour = number.hour and number.hour + number.copies > figures.to_one_in_an_hour
    by_hour = by_hour or (number.own_hour and number.own_hour + number.copies > figures.from_one_in_an_hour)
    return timedelta(hours=1) if by_hour else timedelta()


def later_at(wait: timedelta, moment: datetime) -> datetime:
    """The moment after a wait at which it is best sent: on a full ten minutes, and by day. S7"""
    return dispatch.round_up(moment + wait)


def morning_after(moment: datetime) -> datetime | None:
    """The end of the night in which a message would arrive; None by day. O4, O3"""
    return dispatch.rests_until(moment)


#: Numbers that forms and sheets show as examples. 010-0 and 010-1 are not given out to anybody (providers 5.1), and yet a
#: recipient is only warned of. Kept as a list, since the keyed index of a number does not tell how it begins.
EXAMPLES = (
    "01012345678", "01000000000", "01011111111", "01000000001", "01012341234", "01011112222", "01001234567",
    "01000001111", "01011110000", "01012345679", "01010101010", "01012121212",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """Of how many recipients the check said something, and how many of them got nothing. O4"""

    people: int = 0
    failed: int = 0

    @property
    def percent(self) -> int:
        return self.failed * 100 // self.people if self.people else 0


#: Recipients of whom the check warned, and those of whom it did not.
WARNED, QUIET = "warned", "quiet"


def outcomes(counts: Iterable[tuple[int, int, int]]) -> dict[str, Outcome]:
    """How right a check was, by sign and as a whole. `counts`: (bits, people, of them failed). O4

    Somebody with two signs counts for both of them, and once for the whole.
    """
    found: dict[str, Outcome] = {}

    def add(code: str, people: int, failed: int) -> None:
        had = found.get(code, Outcome())
        found[code] = Outcome(had.people + people, had.failed + failed)

    for bits, people, failed in counts:
        add(WARNED if bits & WARNING_BITS else QUIET, people, failed)
        for sign in Sign:
            if bits & sign.bit:
                add(sign.code, people, failed)
    return found
