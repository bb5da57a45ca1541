"""It says sent, and the recipient has nothing: the causes to go through, the likeliest first. H2

The causes are those that carriers and makers of phones know; what is asked is for whoever holds the phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from seonmul.dispatch.ports import PENDING, Result
from seonmul.kit import phones
from seonmul.kit.phones import SenderKind
from seonmul.kit.refusals import _

#: Whom a recipient asks whether something was blocked. Fixed, H2
CARRIER_NUMBERS = (("KT", "100"), ("SKT", "1599-0011"), ("LG U+", "1544-0010"), (_("휴대폰에서"), "114"))


class Act(StrEnum):
    """What can be done when a cause is the one."""

    RESEND = "resend"
    OTHER_CHANNEL = "other_channel"
    NUMBER = "number"
    CARRIER = "carrier"


class Cause(Enum):
    """Why nothing came. Value: (stable code, title, what to look at one after the other, what helps)."""

    NUMBER = (
        "number", _("받는 번호가 맞는지 봐 주세요"),
        (
            _("번호가 바뀌었거나 한 자리가 다르지 않은지 받는 분께 확인해 주세요."),
            _("번호가 다르면 번호를 바꿔 새 쿠폰으로 다시 보낼 수 있어요."),
        ),
        (Act.NUMBER,),
    )  # fmt: skip
    SPAM_BOX = (
        "spam_box", _("스팸 메시지함이나 차단 앱을 봐 주세요"),
        (
            _("메시지 앱의 스팸 메시지함과 차단한 메시지를 열어 주세요."),
            _("스팸 차단 앱을 쓰면 그 앱의 차단 목록도 열어 주세요."),
            _("통신사의 스팸 차단 서비스를 쓰면 통신사 앱의 차단 보관함도 열어 주세요."),
        ),
        (Act.RESEND, Act.CARRIER),
    )  # fmt: skip
    CROWDED = (
        "crowded", _("문자가 몰려 통신사가 막았을 수 있어요"),
        (
            _("짧은 시간에 한 번호로 문자가 몰리면 통신사가 막기도 해요. 사진, 긴 글, 링크가 있으면 더 그래요."),
            _("통신사에 전화해 스팸으로 막힌 문자가 있는지 물어봐 주세요."),
            _("시간을 두고 다시 보내면 도착하기도 해요."),
        ),
        (Act.CARRIER, Act.RESEND),
    )  # fmt: skip
    PHONE = (
        "phone", _("휴대폰이 꺼져 있거나 신호가 닿지 않았을 수 있어요"),
        (
            _("휴대폰을 껐다 켜 주세요."),
            _("데이터가 켜져 있는지, 지하나 해외처럼 신호가 닿지 않는 곳은 아닌지 봐 주세요."),
            _("아이폰은 설정의 메시지에서 ‘MMS 메시지’가 켜져 있는지 봐 주세요."),
            _("안드로이드는 메시지 앱의 설정에서 MMS 자동 수신이 켜져 있는지 봐 주세요. 메뉴 이름은 기종마다 달라요."),
        ),
        (Act.RESEND,),
    )  # fmt: skip
    SENDER = (
        "sender", _("통신사가 발신번호나 문구를 막았을 수 있어요"),
        (
            _("통신사가 막은 발신번호나 문구는 보낸 쪽만 풀어 달라고 할 수 있어요(소명). 막혔는지는 저희도 볼 수 없어요."),
            _("보낸 쪽이 발신번호의 통신사에 소명하거나, 문구나 발신번호를 바꿔 다시 보내야 해요."),
        ),
        (Act.OTHER_CHANNEL, Act.CARRIER),
    )  # fmt: skip
    SILENCED = (
        "silenced", _("모르는 번호의 문자를 따로 모아 두었을 수 있어요"),
        (
            _("아이폰은 메시지 목록의 필터에서 ‘알 수 없는 발신자’를 열어 주세요."),
            _("아이폰 설정의 메시지에서 ‘알 수 없는 발신자 필터링’을 끄면 다음부터 바로 보여요."),
        ),
        (Act.RESEND,),
    )  # fmt: skip
    BLOCKED = (
        "blocked", _("070이나 080 번호를 막아 두었을 수 있어요"),
        (
            _("070이나 080을 막아 두면 그 번호로는 전화도 문자도 오지 않아요."),
            _("휴대폰의 차단 번호와 통신사의 차단 서비스에서 발신번호를 풀어 주세요."),
        ),
        (Act.OTHER_CHANNEL, Act.RESEND),
    )  # fmt: skip
    SHORT_ONLY = (
        "short_only", _("긴 문자를 받지 못하는 회선일 수 있어요"),
        (
            _("선불 요금제, 낮은 요금제, 유심을 나눠 쓰는 두 번째 기기, 워치는 짧은 문자(SMS)만 받기도 해요."),
            _("통신사에 LMS와 MMS를 받을 수 있는 회선인지 물어봐 주세요."),
        ),
        (Act.OTHER_CHANNEL, Act.CARRIER),
    )  # fmt: skip
    ADDRESS = (
        "address", _("받는 주소가 맞는지 봐 주세요"),
        (
            _("이메일 주소에 다른 글자가 있거나 @ 뒤가 다르지 않은지 받는 분께 확인해 주세요."),
            _("주소가 다르면 주소를 바꿔 새 쿠폰으로 다시 보낼 수 있어요."),
        ),
        (Act.NUMBER,),
    )  # fmt: skip
    MAIL_SPAM = (
        "mail_spam", _("스팸 메일함을 봐 주세요"),
        (
            _("스팸 메일함과 프로모션, 알림처럼 나뉜 메일함도 열어 주세요."),
            _("보낸 회사의 이름이나 ‘선물’로 찾아 주세요."),
        ),
        (Act.RESEND,),
    )  # fmt: skip
    MAIL_FULL = (
        "mail_full", _("메일함이 가득 찼을 수 있어요"),
        (
            _("메일함의 남은 용량을 보고, 가득 찼으면 비운 뒤 다시 받아 주세요."),
            _("오래 쓰지 않은 메일함은 멈춰 있기도 해요. 로그인해서 봐 주세요."),
        ),
        (Act.RESEND,),
    )  # fmt: skip
    MAIL_BLOCKED = (
        "mail_blocked", _("회사의 메일 서버가 막았을 수 있어요"),
        (
            _("회사 메일은 바깥에서 온 메일이나 링크를 막기도 해요. 회사의 메일 담당자께 물어봐 주세요."),
            _("다른 주소로 받을 수 있으면 그 주소로 다시 보내는 편이 빨라요."),
        ),
        (Act.NUMBER, Act.RESEND),
    )  # fmt: skip

    def __init__(self, code: str, title: str, steps: tuple[str, ...], acts: tuple[Act, ...]) -> None:
        self.code = code
        self.title = title
        self.steps = steps
        self.acts = acts


C = Cause
#: The seven known causes in their usual order. H2
CAUSES = (C.SPAM_BOX, C.CROWDED, C.PHONE, C.SENDER, C.SILENCED, C.BLOCKED, C.SHORT_ONLY)
#: The same of a mail.
MAIL_CAUSES = (C.MAIL_SPAM, C.MAIL_FULL, C.MAIL_BLOCKED)

#: What a result speaks of, the likeliest first; a result that is not here speaks of nothing.
_SPEAKS_OF: Mapping[Result, tuple[Cause, ...]] = {
    Result.DELIVERED: (C.SPAM_BOX, C.SILENCED),
    Result.INVALID_NUMBER: (C.NUMBER,),
    Result.SUSPENDED: (C.NUMBER,),
    Result.POWER_OFF: (C.PHONE,),
    Result.NO_COVERAGE: (C.PHONE,),
    Result.TIMEOUT: (C.PHONE,),
    Result.NO_ANSWER: (C.PHONE,),
    Result.DEVICE: (C.SHORT_ONLY, C.PHONE),
    Result.REFUSED: (C.SPAM_BOX, C.BLOCKED),
    Result.SPAM: (C.SENDER, C.CROWDED, C.SPAM_BOX),
    Result.SENDER: (C.SENDER,),
    Result.CONTENT: (C.SENDER,),
}
_MAIL_SPEAKS_OF: Mapping[Result, tuple[Cause, ...]] = {
    Result.DELIVERED: (C.MAIL_SPAM,),
    Result.INVALID_NUMBER: (C.ADDRESS,),
    Result.SUSPENDED: (C.ADDRESS, C.MAIL_FULL),
    Result.NO_COVERAGE: (C.ADDRESS,),
    Result.DEVICE: (C.MAIL_FULL,),
    Result.REFUSED: (C.MAIL_BLOCKED,),
    Result.SPAM: (C.MAIL_BLOCKED, C.MAIL_SPAM),
}
_OFTEN_BLOCKED = (SenderKind.INTERNET_070, SenderKind.FREE_080)


@dataclass(frozen=True)
class ArrivalFacts:
    """What is known where somebody says that nothing came. `sender`: digits, "" of a mail; `is_crowded`: that number
    got many messages about that time.
    """

    result: Result
    channel: str
    sender: str = ""
    is_crowded: bool = False


FOUND, END = "found", "end"
#: A way through the causes has no more steps than this: the last one holds all that is left. Fixed, by the design
STEPS_MOST = 4


@dataclass(frozen=True)
class Place:
    """Where somebody stands on the way through the causes. `at` counts from 1; 0 behind the last step, or when it came. H2"""

    causes: tuple[Cause, ...]
    at: int
    is_found: bool = False

    @property
    def steps(self) -> tuple[tuple[Cause, ...], ...]:
        """The likeliest causes one by one, the others together in the last step."""
        singles = len(self.causes) if len(self.causes) <= STEPS_MOST else STEPS_MOST - 1
        rest = self.causes[singles:]
        return (*((one,) for one in self.causes[:singles]), *((rest,) if rest else ()))

    @property
    def here(self) -> tuple[Cause, ...]:
        """What this step looks at."""
        return self.steps[self.at - 1] if self.at else ()

    @property
    def next_step(self) -> str:
        return END if self.at >= len(self.steps) else str(self.at + 1)

    @property
    def acts(self) -> tuple[Act, ...]:
        """What helps: with this step, or at the end with any of them, another number last; nothing once it is found."""
        if self.is_found or not self.causes:
            return ()
        acts = dict.fromkeys(act for one in self.here or self.causes for act in one.acts)
        return tuple(acts if self.at else acts | {Act.NUMBER: None})


def place_at(causes: tuple[Cause, ...], step: str) -> Place:
    """The place that an address asks for: a number, "found" or "end"; nonsense begins anew. H2"""
    if step == FOUND:
        return Place(causes, 0, is_found=True)
    if step == END or not causes:
        return Place(causes, 0)
    at = int(step) if step.isascii() and step.isdecimal() and len(step) < 4 else 1
    return Place(causes, at if 1 <= at <= len(Place(causes, 0).steps) else 1)


def causes_of_result(result: Result, channel: str) -> tuple[Cause, ...]:
    """What a result itself speaks of. S4, H2"""
    return (_MAIL_SPEAKS_OF if channel == "mail" else _SPEAKS_OF).get(result, ())


def causes_of(facts: ArrivalFacts) -> tuple[Cause, ...]:
    """The causes to go through: what the result speaks of, what else is known, then the others in their order. H2

    None while there is no result, and of a message that never went.
    """
    if facts.result in PENDING or facts.result is Result.WITHDRAWN:
        return ()
    found = [*causes_of_result(facts.result, facts.channel)]
    if facts.channel == "mail":
        return tuple(dict.fromkeys([*found, *MAIL_CAUSES]))
    if phones.sender_kind(facts.sender) in _OFTEN_BLOCKED:
        found.append(C.BLOCKED)
    if facts.is_crowded:
        found.append(C.CROWDED)
    if facts.channel == "sms" and C.SHORT_ONLY not in found:  # it was short already
        return tuple(
            dict.fromkeys([*found, *(one for one in CAUSES if one is not C.SHORT_ONLY), C.SHORT_ONLY])
        )
    return tuple(dict.fromkeys([*found, *CAUSES]))
