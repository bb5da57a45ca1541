"""Whole numbers of an order's recipients: a right of its own, and never without a reason. M7, O11"""

from __future__ import annotations

import re

from seonmul.kit.refusals import No, Refusal, _

#: A typed reason says at least so much. Fixed, O11
REASON_LEAST, REASON_MOST = 10, 200
#: A mail address, or as many digits as a number has: they have no place in a log.
_PERSONAL = re.compile(r"@|(?:\d[\s\-.]*){7}")


class NumbersRefusal(Refusal):
    NOT_YOURS = (
        "numbers_not_yours",
        _("전체 번호를 볼 수 있는 권한이 없습니다. 회사의 대표에게 요청해 주세요."),
    )
    NO_REASON = "numbers_no_reason", _("번호를 보는 이유를 골라 주세요. 이유는 회사 기록에 남습니다.")
    SHORT_REASON = (
        "numbers_short_reason",
        _("그 밖의 이유는 {least}자부터 {most}자까지 적어 주세요. 이유는 기록에 그대로 남습니다."),
    )
    PERSONAL_REASON = (
        "numbers_personal_reason",
        _("이유에 전화번호나 이메일 주소를 적지 마세요. 기록에 그대로 남으니 빼고 다시 적어 주세요."),
    )
    WEAK_PASSWORD = (
        "numbers_weak_password",
        _("파일을 여는 비밀번호는 {least}자 이상으로 정해 주세요. 파일은 아직 만들지 않았습니다."),
    )


#: Why somebody looks at whole numbers: codes, so that nothing personal gets into the log. The last one takes words.
NUMBER_REASONS = {
    "inquiry": _("받는 분의 문의 확인"),
    "list": _("명단과 대조"),
    "proof": _("회계·감사 증빙"),
    "other": _("그 밖의 이유 (직접 적기)"),
}


def why_not_see_numbers(*, has_right: bool, reason: str, said: str = "") -> No | None:
    """Say why the recipients' whole numbers stay hidden. `said`: the words of another reason than those of the list. M7"""
    if not has_right:
        return No(NumbersRefusal.NOT_YOURS)
    if reason not in NUMBER_REASONS:
        return No(NumbersRefusal.NO_REASON)
    if reason != "other":
        return None
    if not REASON_LEAST <= len(said.strip()) <= REASON_MOST:
        return No(NumbersRefusal.SHORT_REASON, {"least": REASON_LEAST, "most": REASON_MOST})
    return No(NumbersRefusal.PERSONAL_REASON) if _PERSONAL.search(said) else None


#: The shortest password of a sheet with whole numbers: it leaves the house, and is tried without a limit.
SHEET_PASSWORD_LEAST = 10  # fixed, O11


def why_not_export_numbers(*, has_right: bool, reason: str, password: str, said: str = "") -> No | None:
    """Say why a sheet with the recipients' whole numbers is not made: as for looking, and never without a password. O11"""
    no = why_not_see_numbers(has_right=has_right, reason=reason, said=said)
    if no or len(password.strip()) >= SHEET_PASSWORD_LEAST:
        return no
    return No(NumbersRefusal.WEAK_PASSWORD, {"least": SHEET_PASSWORD_LEAST})
