"""What a company reads of its own audit log. M7"""

from __future__ import annotations

from django.utils.translation import gettext

from seonmul.kit.refusals import _

VERBS = {
    "order_placed": _("주문 결제"),
    "order_copied": _("지난 주문을 새 주문으로 담기"),
    "order_approved": _("주문 승인"),
    "order_refused": _("주문 반려"),
    "people_kept": _("주소록에 담기"),
    "people_dropped": _("주소록에서 지우기"),
    "occasion_made": _("기념일 초안 준비"),
    "occasion_ended": _("기념일 초안 준비 끝"),
    "review_link_made": _("확인 링크 만들기"),
    "review_link_withdrawn": _("확인 링크 취소"),
    "review_confirmed": _("상급자 확인"),
    "order_lapsed": _("승인 기한이 지나 환불"),
    "limit_raised": _("상품권 한도 상향"),
    "limit_refused": _("상품권 한도 상향 거절"),
    "inquiry_asked": _("1:1 문의"),
    "inquiry_answered": _("1:1 문의 답변"),
    "inquiry_closed": _("1:1 문의 종료"),
    "gifts_resent": _("쿠폰 재발송"),
    "numbers_seen": _("전체 번호 열람"),
    "numbers_exported": _("전체 번호 엑셀 받기"),
    "member_invited": _("구성원 초대"),
    "invitation_withdrawn": _("초대 취소"),
    "member_joined": _("구성원 참여"),
    "join_asked": _("회사 함께 쓰기 요청"),
    "join_accepted": _("함께 쓰기 요청 수락"),
    "join_refused": _("함께 쓰기 요청 거절"),
    "member_ended": _("구성원 내보내기"),
    "member_left": _("회사 나가기"),
    "place_changed": _("역할과 한도 변경"),
    "department_set": _("부서와 예산 변경"),
    "approval_above_set": _("결재 기준 변경"),
    "spending_frozen": _("모든 결제 멈춤"),
    "spending_thawed": _("결제 다시 열기"),
    "spending_held": _("고객센터에서 모든 결제 멈춤"),
    "spending_released": _("고객센터에서 결제 다시 열기"),
    "factors_reset": _("고객센터에서 2단계 인증 초기화"),
    "conversion_applied": _("기업회원전환 신청"),
    "conversion_approved": _("기업회원전환 승인"),
    "conversion_refused": _("기업회원전환 반려"),
    "conversion_withdrawn": _("기업회원전환 신청 취소"),
    "temporary_corporate_ended": _("임시기업회원 종료"),
    "document_seen": _("서류 열람"),
    "sender_applied": _("발신번호 신청"),
    "sender_approved": _("발신번호 승인"),
    "sender_rejected": _("발신번호 거부"),
    "trial_sent": _("시험 문자"),
    "ad_notice_set": _("광고 표기 변경"),
    "opt_outs_noted": _("광고 수신거부 등록"),
    "opt_out_dropped": _("광고 수신거부 해제"),
    "account_closed": _("구성원 탈퇴"),
    "sender_added_by_code": _("동료 휴대폰 번호 등록"),
    "handover_asked": _("담당자 변경 신청"),
    "handover_refused": _("담당자 변경 반려"),
    "handover_withdrawn": _("담당자 변경 신청 취소"),
    "person_changed": _("담당자 변경"),
    "tier_set": _("회원등급 변경"),
}


def of_verb(verb: str) -> str:
    """An act in words."""
    return gettext(VERBS.get(verb, _("그 밖의 일")))


def of_nobody(by: str) -> str:
    """Who did it when it was nobody who works in the company now."""
    return gettext("자동") if by == "system" else gettext("구성원 아님")
