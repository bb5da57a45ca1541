"""Decisions on what staff do to an account: stop a company's spending, open it again, let a lost phone go. B, M8"""

from __future__ import annotations

from dataclasses import dataclass

from seonmul.kit.refusals import No, Refusal, _
from seonmul.members.rules._company import CompanyRefusal

#: Why staff stop a company's spending: codes, since the log holds nothing personal.
HOLDINGS = {
    "takeover": _("계정 도용 의심"),
    "abuse": _("부정 사용 의심"),
    "asked": _("회사의 요청"),
    "law": _("법령에 따른 요청"),
}
#: Why they open it again.
RELEASES = {
    "cleared": _("확인해 보니 이상 없음"),
    "proved": _("대표 본인 확인"),
    "law": _("법령에 따른 요청"),
}
#: Why they take away a member's second factors.
RESETS = {
    "lost": _("휴대폰 분실·교체"),
    "codes": _("복구 코드까지 잃어버림"),
    "takeover": _("계정 도용 의심"),
}


class StandingRefusal(Refusal):
    NO_REASON = "standing_no_reason", _("이유를 골라 주세요. 바뀐 것은 없습니다. 이유는 기록에 남습니다.")
    HELD = "standing_held", _("이미 고객센터에서 멈춘 결제입니다. 바뀐 것은 없습니다.")
    OPEN = "standing_open", _("결제가 멈춰 있지 않습니다. 바뀐 것은 없습니다.")
    ENDED = "standing_ended", _("탈퇴한 회원입니다. 바뀐 것은 없습니다.")
    OWN_FACTORS = (
        "standing_own_factors",
        _("자기 2단계 인증은 초기화할 수 없습니다. 다른 총괄 담당자에게 부탁해 주세요."),
    )
    STAFF_FACTORS = (
        "standing_staff_factors",
        _("담당자의 2단계 인증은 총괄 담당자만 초기화할 수 있습니다. 총괄 담당자에게 부탁해 주세요."),
    )


@dataclass(frozen=True)
class SpendingFacts:
    """How a buyer's spending stands. `is_held`: staff have stopped it, which no member lifts."""

    is_ended: bool
    is_frozen: bool
    is_held: bool


def why_not_hold(facts: SpendingFacts, reason: str) -> No | None:
    """Say why staff do not stop this spending; what a member has stopped before becomes theirs to lift. B, M8"""
    if facts.is_ended:
        return No(StandingRefusal.ENDED)
    if facts.is_held:
        return No(StandingRefusal.HELD)
    return None if reason in HOLDINGS else No(StandingRefusal.NO_REASON)


def why_not_release(facts: SpendingFacts, reason: str) -> No | None:
    """Say why staff do not open this spending again, whoever had stopped it. B, M8"""
    if facts.is_ended:
        return No(StandingRefusal.ENDED)
    if not facts.is_frozen:
        return No(StandingRefusal.OPEN)
    return None if reason in RELEASES else No(StandingRefusal.NO_REASON)


def why_not_thaw(facts: SpendingFacts) -> No | None:
    """Say why an owner does not open spending again: staff have stopped it. M8"""
    return No(CompanyRefusal.HELD) if facts.is_held else None


@dataclass(frozen=True)
class ResetFacts:
    """Whose second factors are to go. `by_super`: who asks is super at the console."""

    is_self: bool
    is_staff: bool
    is_closed: bool
    by_super: bool


def why_not_reset(facts: ResetFacts, reason: str) -> No | None:
    """Say why this member's second factors and sessions stay. Whoever could lift their own would need none. B, M8"""
    if facts.is_self:
        return No(StandingRefusal.OWN_FACTORS)
    if facts.is_staff and not facts.by_super:
        return No(StandingRefusal.STAFF_FACTORS)
    if facts.is_closed:
        return No(StandingRefusal.ENDED)
    return None if reason in RESETS else No(StandingRefusal.NO_REASON)
