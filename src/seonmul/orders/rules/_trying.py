"""A trial: the draft's message to oneself, free of charge and without a voucher. O5"""

from __future__ import annotations

from dataclasses import dataclass

from seonmul.dispatch import rules as dispatch
from seonmul.dispatch.rules import LetterFacts
from seonmul.figures.rules import Figures
from seonmul.kit.refusals import No, Refusal, _

#: What stands before everything, so that nobody takes it for a gift.
MARK = "[시험]"
_MARK_BYTES = 6


class TrialRefusal(Refusal):
    NOT_A_BUYER = (
        "trial_not_a_buyer",
        _("시험 발송을 할 권한이 없는 계정입니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    NO_PHONE = (
        "trial_no_phone",
        _("확인한 휴대폰 번호가 없어 시험 문자를 보내지 못했습니다. 회원정보에서 번호를 확인해 주세요."),
    )
    NO_MAIL = (
        "trial_no_mail",
        _("확인한 이메일 주소가 없어 시험 메일을 보내지 못했습니다. 회원정보에서 주소를 확인해 주세요."),
    )
    ENOUGH = (
        "trial_enough",
        _(
            "시험 발송은 하루에 {most}번까지 보낼 수 있습니다. 내일 다시 보내 주세요. 적은 내용은 그대로 있습니다."
        ),
    )


@dataclass(frozen=True)
class TrialFacts:
    """Who wants to see the message on their own phone, or in their own mailbox. `today`: how many trials they sent since midnight in Seoul."""

    may_buy: bool
    has_address: bool
    by_mail: bool
    today: int
    letter: LetterFacts


def why_not_try(trial: TrialFacts, *, figures: Figures) -> No | None:
    """Say why no trial goes out. What keeps the message itself from being sent keeps its trial too. O5, M6"""
    if not trial.may_buy:
        return No(TrialRefusal.NOT_A_BUYER)
    if not trial.has_address:
        return No(TrialRefusal.NO_MAIL if trial.by_mail else TrialRefusal.NO_PHONE)
    if trial.today >= figures.trials_in_a_day:
        return No(TrialRefusal.ENOUGH, {"most": figures.trials_in_a_day})
    return dispatch.why_not_write(trial.letter)


def trial_text(text: str) -> str:
    """The message with its mark."""
    return f"{MARK} {text}"


def trial_channel(letter: LetterFacts) -> str:
    """A short message that its mark makes too long goes as a long one. O3"""
    if letter.channel != "sms":
        return letter.channel
    size = dispatch.longest_bytes(letter.text, letter.place_bytes) + _MARK_BYTES + 1
    return "lms" if size > dispatch.TEXT_MOST_BYTES["sms"] else letter.channel


def trial_title(title: str, channel: str) -> str:
    """A title keeps its length: where the mark does not fit, the text alone has it. A mail's title has room."""
    marked = f"{MARK} {title}"
    if channel == "mail":
        return marked
    if channel == "sms":
        return ""
    return marked if title and dispatch.longest_bytes(marked, {}) <= dispatch.TITLE_MOST_BYTES else title
