"""What the audit log's codes are called on the screen."""

from __future__ import annotations

from django.utils.translation import gettext

from seonmul.kit.refusals import _

VERBS = {
    "conversion_applied": _("기업회원전환 신청"),
    "conversion_approved": _("기업회원전환 승인"),
    "conversion_refused": _("기업회원전환 반려"),
    "conversion_withdrawn": _("기업회원전환 신청 취소"),
    "temporary_corporate_ended": _("임시기업회원 종료"),
    "sender_applied": _("발신번호 신청"),
    "sender_approved": _("발신번호 승인"),
    "sender_rejected": _("발신번호 거부"),
    "document_seen": _("서류 열람"),
    "member_unmasked": _("회원정보 열람"),
    "product_edited": _("상품 변경"),
    "figure_changed": _("설정 변경"),
    "day_set": _("영업일 변경"),
    "staff_made": _("담당자 등록"),
    "staff_role_set": _("담당자 역할 변경"),
    "payment_password_set": _("결제 비밀번호 설정"),
    "payment_password_locked": _("결제 비밀번호 잠김"),
    "spend_granted_at_console": _("운영체제에서 결제 승인"),
}


def of_verb(verb: str) -> str:
    """An act in words; the code itself when nobody gave it any."""
    return gettext(VERBS[verb]) if verb in VERBS else verb
