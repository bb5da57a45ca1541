"""Who may do what at the console. One table. B"""

from __future__ import annotations

from enum import StrEnum

from seonmul.kit.refusals import No, Refusal, _


class Power(StrEnum):
    """What a role may see or do."""

    SEE_WAITING = "see_waiting"
    DECIDE_CONVERSIONS = "decide_conversions"
    DECIDE_SENDERS = "decide_senders"
    DECIDE_HANDOVERS = "decide_handovers"
    DECIDE_ORDERS = "decide_orders"
    ANSWER_INQUIRIES = "answer_inquiries"
    SEE_MEMBERS = "see_members"
    UNMASK = "unmask"
    SEE_CATALOGUE = "see_catalogue"
    EDIT_CATALOGUE = "edit_catalogue"
    SEE_SETTINGS = "see_settings"
    CHANGE_SETTINGS = "change_settings"
    SEE_AUDIT = "see_audit"
    SEE_MONEY = "see_money"
    DECIDE_MONEY = "decide_money"
    EDIT_ISSUERS = "edit_issuers"
    SEE_ALARMS = "see_alarms"
    HOLD_SPENDING = "hold_spending"
    RESET_FACTORS = "reset_factors"
    MANAGE_STAFF = "manage_staff"
    LOOK_UP = "look_up"


_LOOKS = frozenset({Power.SEE_WAITING, Power.SEE_MEMBERS, Power.SEE_CATALOGUE, Power.SEE_SETTINGS})
_DECIDES = frozenset(
    {Power.DECIDE_CONVERSIONS, Power.DECIDE_SENDERS, Power.DECIDE_HANDOVERS, Power.DECIDE_ORDERS}
)
_HELPS = frozenset({Power.HOLD_SPENDING, Power.RESET_FACTORS})
_MONEY = frozenset({Power.SEE_MONEY, Power.DECIDE_MONEY, Power.EDIT_ISSUERS})

#: What each role may. Roles are `members.StaffRole`; a role that is not here may nothing.
POWERS: dict[str, frozenset[Power]] = {
    "support": _LOOKS
    | _HELPS
    | {Power.UNMASK, Power.DECIDE_SENDERS, Power.SEE_ALARMS, Power.ANSWER_INQUIRIES},
    "approver": _LOOKS | _DECIDES | {Power.UNMASK, Power.ANSWER_INQUIRIES},
    "finance": _LOOKS | _MONEY | {Power.UNMASK, Power.SEE_AUDIT},
    "catalogue": frozenset({Power.SEE_CATALOGUE, Power.EDIT_CATALOGUE, Power.SEE_SETTINGS}),
    "super": frozenset(Power),
}

#: Why somebody may look at whole numbers: codes, since the log holds nothing personal.
REASONS = {
    "inquiry": _("문의 응대"),
    "identity": _("신청 서류와 대조"),
    "fraud": _("부정 사용 의심"),
    "mending": _("회원정보 정정"),
    "law": _("법령에 따른 요청"),
}


#: Why a temporary corporate membership is taken back. M2
ENDINGS = {
    "resale": _("재판매 의심"),
    "cashing": _("현금화 의심"),
    "paper": _("증명서를 내지 않음"),
    "wish": _("본인 요청"),
}


class ConsoleRefusal(Refusal):
    NOT_ALLOWED = (
        "console_not_allowed",
        _("{roles} 담당자만 할 수 있는 일입니다. 필요하면 그 담당자에게 부탁해 주세요."),
    )
    NO_ENDING = "console_no_ending", _("끝내는 이유를 골라 주세요. 바꾸지 않았습니다.")
    NO_REASON = "console_no_reason", _("왜 보는지 골라 주세요. 이유는 기록에 남습니다.")


def may(role: str, power: Power) -> bool:
    """Say whether a role has a power."""
    return power in POWERS.get(role, frozenset())


def roles_with(power: Power) -> list[str]:
    """The roles that have a power, the closest first."""
    return [role for role, powers in POWERS.items() if power in powers]


def why_not_unmask(reason: str) -> No | None:
    """Say why nothing is shown unmasked: it takes a reason. B"""
    return None if reason in REASONS else No(ConsoleRefusal.NO_REASON)


def why_not_end(reason: str) -> No | None:
    """Say why a temporary membership is not taken back: it takes a reason. M2"""
    return None if reason in ENDINGS else No(ConsoleRefusal.NO_ENDING)
