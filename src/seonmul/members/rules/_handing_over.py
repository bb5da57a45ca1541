"""Decisions on the change of the person in charge. M5"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit import filetypes
from seonmul.kit.refusals import No, Refusal, _
from seonmul.members.rules._company import CompanyRefusal
from seonmul.members.rules._profile import ProfileRefusal
from seonmul.members.rules._spending import SpendRefusal


class HandoverRefusal(Refusal):
    PHONE_FORM = (
        "handover_phone_form",
        _("새 담당자의 휴대폰 번호를 확인해 주세요. 010으로 시작하는 번호여야 합니다."),
    )
    SAME_PHONE = (
        "handover_same_phone",
        _("지금 담당자와 같은 번호입니다. 새 담당자의 휴대폰 번호를 적어 주세요."),
    )
    SAME_MAIL = (
        "handover_same_mail",
        _("지금 담당자와 같은 이메일입니다. 새 담당자의 이메일 주소를 적어 주세요."),
    )
    ALREADY_WAITING = (
        "handover_already_waiting",
        _("담당자 변경을 이미 신청해 심사하고 있습니다. 결과를 새 담당자의 휴대폰으로 알려 드립니다."),
    )
    NOT_WAITING = "handover_not_waiting", _("이미 처리된 담당자 변경입니다. 바뀐 것은 없습니다.")
    NO_REASON = "handover_no_reason", _("반려하는 이유를 적어 주세요. 새 담당자에게 그대로 전합니다.")


@dataclass(frozen=True)
class HandoverFacts:
    """A change before anything is sent. `way`: models.HandoverWay; `phone` None: it cannot be read.

    `is_own`: the account of whoever asks; `owns_company`: who asks is an owner of the account's company.
    `is_verified`: who asks has proved who they are in this session.
    """

    is_company: bool
    way: str
    is_own: bool
    owns_company: bool
    is_verified: bool
    has_waiting: bool
    name: str
    mail: str
    phone: str | None
    phone_now: str
    mail_now: str
    is_mail_taken: bool
    certificate_bytes: int = 0
    certificate_type: str = ""


def why_not_hand_over(facts: HandoverFacts) -> No | None:
    """Say why this account does not go to another person. First reason wins. M5"""
    if not facts.is_company:
        return No(CompanyRefusal.NOT_A_COMPANY)
    if facts.has_waiting:
        return No(HandoverRefusal.ALREADY_WAITING)
    if no := _why_not_on_this_word(facts):
        return no
    if not facts.name:
        return No(ProfileRefusal.NO_NAME)
    if facts.phone is None:
        return No(HandoverRefusal.PHONE_FORM)
    if facts.phone == facts.phone_now:
        return No(HandoverRefusal.SAME_PHONE)
    if not facts.mail:
        return No(ProfileRefusal.NO_MAIL)
    if facts.mail == facts.mail_now:
        return No(HandoverRefusal.SAME_MAIL)
    return No(ProfileRefusal.MAIL_TAKEN) if facts.is_mail_taken else None


def _why_not_on_this_word(facts: HandoverFacts) -> No | None:
    """It takes the old person's identity verification, the company's owner, or a certificate that staff have seen.

    Owners prove who they are as well: with an owner's stolen password nobody gets at the accounts of the others.
    """
    if facts.way == "owner":
        if not facts.owns_company:
            return No(CompanyRefusal.NOT_OWNER)
        return None if facts.is_verified else No(SpendRefusal.NOT_VERIFIED)
    if not facts.is_own:
        return No(CompanyRefusal.NOT_OWNER)
    if facts.way == "certificate":
        return filetypes.why_not_paper(facts.certificate_bytes, facts.certificate_type)
    return None if facts.is_verified else No(SpendRefusal.NOT_VERIFIED)


def why_not_decide_handover(is_waiting: bool, *, approve: bool, reason: str) -> No | None:
    """Say why staff's decision on a certificate of employment is not taken. M5"""
    if not is_waiting:
        return No(HandoverRefusal.NOT_WAITING)
    if not approve and not reason.strip():
        return No(HandoverRefusal.NO_REASON)
    return None


def blocked_at_first(now: datetime | None, *, figures: Figures, at: datetime) -> datetime:
    """Until when an account that changed hands, or came into a company, spends nothing. M5, M8

    `now`: a pause that holds already.
    """
    until = at + timedelta(hours=figures.handover_block_hours)
    return max(now, until) if now else until
