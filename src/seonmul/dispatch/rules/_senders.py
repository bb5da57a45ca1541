"""Sender numbers: who may show which. M6"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit import filetypes
from seonmul.kit.phones import SenderKind
from seonmul.kit.refusals import No, Refusal, _


class SenderRefusal(Refusal):
    NOT_A_BUYER = (
        "sender_not_a_buyer",
        _("발신번호를 신청할 권한이 없는 계정입니다. 회사의 대표에게 요청해 주세요."),
    )
    WRONG_FORM = (
        "sender_wrong_form",
        _("발신번호로 쓸 수 없는 번호입니다. 지역번호까지 넣었는지, 대표번호는 8자리인지 확인해 주세요."),
    )
    MOBILE_BY_DOCUMENT = (
        "sender_mobile_by_document",
        _("휴대폰 번호는 서류 없이 본인인증이나 문자 인증번호로 등록해 주세요."),
    )
    NOT_MOBILE = (
        "sender_not_mobile",
        _("문자 인증번호로는 휴대폰 번호만 등록할 수 있습니다. 회사 번호는 이용증명원으로 신청해 주세요."),
    )
    ALREADY_APPROVED = "sender_already_approved", _("이미 등록된 발신번호입니다.")
    ALREADY_WAITING = "sender_already_waiting", _("심사 중인 발신번호입니다. 결과를 문자로 알려 드립니다.")
    PROOF_TOO_OLD = (
        "sender_proof_too_old",
        _("이용증명원은 발급한 지 {days}일이 지나지 않아야 합니다. 새로 발급해 주세요."),
    )
    PROOF_AHEAD = "sender_proof_ahead", _("발급일이 오늘보다 뒤입니다. 날짜를 확인해 주세요.")
    NOT_WAITING = "sender_not_waiting", _("이미 처리된 발신번호입니다.")
    NO_REASON = "sender_no_reason", _("반려하는 이유를 적어 주세요. 신청한 분께 그대로 전합니다.")
    NOT_AT_CARRIER = (
        "sender_not_at_carrier",
        _("통신사에 먼저 등록해 주세요. 등록하지 않은 번호로는 보낼 수 없습니다."),
    )


@dataclass(frozen=True)
class SenderFacts:
    """A number that is asked for.

    `standing`: the state of the same number of this buyer, "" for none, "pending" too for one whose newer paper waits;
    `standing_proved_on`: the day of the paper by which it stands, None when it stands by no paper.
    """

    may_apply: bool
    kind: SenderKind | None
    standing: str
    standing_proved_on: date | None
    certificate_bytes: int
    certificate_type: str
    proved_on: date


def why_not_apply(sender: SenderFacts, *, figures: Figures, today: date) -> No | None:
    """Say why this number is not taken for a decision. First reason wins. M6

    A number that stands by a paper may be asked for again with a newer one, before the first grows old.
    """
    if not sender.may_apply:
        return No(SenderRefusal.NOT_A_BUYER)
    if sender.kind is None:
        return No(SenderRefusal.WRONG_FORM)
    if sender.kind in (SenderKind.MOBILE, SenderKind.MOBILE_OLD):
        return No(SenderRefusal.MOBILE_BY_DOCUMENT)
    if sender.standing == "pending":
        return No(SenderRefusal.ALREADY_WAITING)
    if sender.standing == "approved" and not _is_newer(sender):
        return No(SenderRefusal.ALREADY_APPROVED)
    if no := filetypes.why_not_paper(sender.certificate_bytes, sender.certificate_type):
        return no
    if sender.proved_on > today:
        return No(SenderRefusal.PROOF_AHEAD)
    if today - sender.proved_on > timedelta(days=figures.proof_days):
        return No(SenderRefusal.PROOF_TOO_OLD, {"days": figures.proof_days})
    return None


def _is_newer(sender: SenderFacts) -> bool:
    return sender.standing_proved_on is not None and sender.proved_on > sender.standing_proved_on


def last_day(proved_on: date, *, figures: Figures) -> date:
    """The last day on which a number serves that stands by a paper of this day. M6"""
    return proved_on + timedelta(days=figures.sender_days)


def ends_soon(last: date, *, figures: Figures, today: date) -> bool:
    """Whether a number's company has been told of its end, or is told today. M6"""
    return (last - today).days <= max(warning_days(figures))


def warning_days(figures: Figures) -> list[int]:
    """So many days before its end a number's company is told, the last time first. M6"""
    return sorted({figures.sender_last_warning_days, figures.sender_warning_days})


def why_not_add_mobile(*, may_apply: bool, kind: SenderKind | None, standing: str) -> No | None:
    """Say why no code goes to this number to make it a sender number. `standing`: as in SenderFacts. M6"""
    if not may_apply:
        return No(SenderRefusal.NOT_A_BUYER)
    if kind not in (SenderKind.MOBILE, SenderKind.MOBILE_OLD):
        return No(SenderRefusal.NOT_MOBILE)
    if standing in ("approved", "pending"):
        approved = standing == "approved"
        return No(SenderRefusal.ALREADY_APPROVED if approved else SenderRefusal.ALREADY_WAITING)
    return None


def why_not_decide_sender(is_waiting: bool, *, approve: bool, reason: str, is_registered: bool) -> No | None:
    """Say why this decision is not taken. M6"""
    if not is_waiting:
        return No(SenderRefusal.NOT_WAITING)
    if approve:
        return None if is_registered else No(SenderRefusal.NOT_AT_CARRIER)
    return None if reason.strip() else No(SenderRefusal.NO_REASON)
