"""Decisions on becoming a company. M2"""

from __future__ import annotations

from dataclasses import dataclass

from seonmul.kit import filetypes
from seonmul.kit.refusals import No, Refusal, _


class ConversionRefusal(Refusal):
    ALREADY_CORPORATE = "conversion_already_corporate", _("이미 기업회원입니다.")
    ALREADY_WAITING = (
        "conversion_already_waiting",
        _("신청이 심사 중입니다. 결과를 문자와 이메일로 알려 드립니다."),
    )
    NOT_OWNER = "conversion_not_owner", _("이 계정은 기업회원전환을 신청할 수 없습니다.")
    NUMBER_FORM = (
        "conversion_number_form",
        _("사업자등록번호나 고유번호가 아닙니다. 증명서의 숫자 10자리를 확인해 주세요."),
    )
    NUMBER_TAKEN = (
        "conversion_number_taken",
        _("이미 등록된 사업자등록번호입니다. 그 회사의 대표에게 초대를 요청해 주세요."),
    )
    NOT_WAITING = "conversion_not_waiting", _("이미 처리된 신청입니다.")
    CLOSED = (
        "conversion_closed",
        _("신청한 계정이 끝났습니다. 승인하지 않았습니다. 반려하면 신청이 정리됩니다."),
    )
    NO_REASON = "conversion_no_reason", _("반려하는 이유를 적어 주세요. 신청한 분께 그대로 전합니다.")
    NOT_TEMPORARY = "conversion_not_temporary", _("임시기업회원이 아닙니다.")


@dataclass(frozen=True)
class ConversionFacts:
    """An application before it is stored. `is_number`: its business number can be one, or none is needed.

    `certificate_type`: by content, "" for anything that is not taken."""

    is_corporate: bool
    is_owner: bool
    has_waiting: bool
    is_number: bool
    is_number_taken: bool
    needs_certificate: bool
    certificate_bytes: int
    certificate_type: str


def why_not_convert(facts: ConversionFacts) -> No | None:
    """Say why this application is not taken. First reason wins. M2"""
    if facts.is_corporate:
        return No(ConversionRefusal.ALREADY_CORPORATE)
    if not facts.is_owner:
        return No(ConversionRefusal.NOT_OWNER)
    if facts.has_waiting:
        return No(ConversionRefusal.ALREADY_WAITING)
    if not facts.is_number:
        return No(ConversionRefusal.NUMBER_FORM)
    if facts.is_number_taken:
        return No(ConversionRefusal.NUMBER_TAKEN)
    if not facts.needs_certificate:
        return None
    return filetypes.why_not_paper(facts.certificate_bytes, facts.certificate_type)


def why_not_decide(is_waiting: bool, *, approve: bool, reason: str, is_closed: bool = False) -> No | None:
    """Say why this decision is not taken: a decided matter stays decided, a refusal needs its reason. M2, M6

    `is_closed`: the account that applied has ended, and nothing is made of it.
    """
    if not is_waiting:
        return No(ConversionRefusal.NOT_WAITING)
    if approve and is_closed:
        return No(ConversionRefusal.CLOSED)
    if not approve and not reason.strip():
        return No(ConversionRefusal.NO_REASON)
    return None


def why_not_end_temporary(*, is_temporary: bool) -> No | None:
    """Say why there is no temporary membership to end. M2"""
    return None if is_temporary else No(ConversionRefusal.NOT_TEMPORARY)
