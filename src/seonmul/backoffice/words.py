"""What the audit log's codes are called on the screen."""

from __future__ import annotations

from django.utils.translation import gettext

from seonmul.backoffice.rules import ENDINGS, REASONS
from seonmul.kit.refusals import _
from seonmul.members.models import ConversionKind, HandoverWay, Role, StaffRole
from seonmul.members.rules import HOLDINGS, RELEASES, RESETS
from seonmul.payments.models import CardKind
from seonmul.payments.rules import ISSUERS

VERBS = {
    "conversion_applied": _("기업회원전환 신청"),
    "conversion_approved": _("기업회원전환 승인"),
    "conversion_refused": _("기업회원전환 반려"),
    "conversion_withdrawn": _("기업회원전환 신청 취소"),
    "temporary_corporate_ended": _("임시기업회원 종료"),
    "text_changed": _("안내 문구 변경"),
    "sender_applied": _("발신번호 신청"),
    "sender_approved": _("발신번호 승인"),
    "sender_rejected": _("발신번호 거부"),
    "sender_added_by_code": _("동료 휴대폰 번호 등록"),
    "handover_asked": _("담당자 변경 신청"),
    "handover_refused": _("담당자 변경 반려"),
    "handover_withdrawn": _("담당자 변경 신청 취소"),
    "person_changed": _("담당자 변경"),
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
    "inquiry_named": _("문의의 주문 고르기"),
    "inquiry_refunded": _("문의에 따라 주문 취소와 환불"),
    "gifts_resent": _("재발송"),
    "doubt_refunded": _("발행사에 확인한 쿠폰 환불"),
    "doubt_left": _("발행사에 확인하고 그대로 둠"),
    "claim_asked": _("쿠폰 만료 환불 신청"),
    "claim_mismatch": _("쿠폰 만료 환불 예금주 다름"),
    "claim_approved": _("쿠폰 만료 환불 승인"),
    "claim_refused": _("쿠폰 만료 환불 반려"),
    "claim_paid": _("쿠폰 만료 환불 송금"),
    "voucher_extended": _("쿠폰 기간 연장"),
    "policy_set": _("만료 조건 정하기"),
    "number_changed": _("번호 변경"),
    "number_kept": _("번호를 바꾸지 않음"),
    "signed_up": _("회원가입"),
    "identity_verified": _("본인인증"),
    "profile_changed": _("회원정보 변경"),
    "spend_method_set": _("추가 인증 방법 변경"),
    "spending_frozen": _("결제 멈춤"),
    "spending_thawed": _("결제 다시 열기"),
    "spending_held": _("고객센터에서 결제 멈춤"),
    "spending_released": _("고객센터에서 결제 열기"),
    "factors_reset": _("2단계 인증 초기화"),
    "member_invited": _("회사에 초대"),
    "invitation_withdrawn": _("초대 취소"),
    "member_joined": _("회사에 합류"),
    "join_asked": _("회사 합류 요청"),
    "join_accepted": _("회사 합류 수락"),
    "join_refused": _("회사 합류 거절"),
    "password_recovered": _("비밀번호 다시 정하기"),
    "password_changed": _("비밀번호 변경"),
    "totp_activated": _("인증 앱 등록"),
    "totp_deactivated": _("인증 앱 해제"),
    "webauthn_added": _("패스키 등록"),
    "webauthn_removed": _("패스키 해제"),
    "recovery_codes_generated": _("복구 코드 발급"),
    "member_ended": _("회사에서 내보내기"),
    "member_left": _("회사 나가기"),
    "place_changed": _("회사 안 역할 변경"),
    "department_set": _("부서 변경"),
    "approval_above_set": _("결재 기준 금액 변경"),
    "tier_set": _("회원등급 변경"),
    "numbers_seen": _("전체 번호 열람"),
    "numbers_exported": _("전체 번호 엑셀 받기"),
    "document_seen": _("서류 열람"),
    "member_unmasked": _("회원정보 열람"),
    "product_edited": _("상품 변경"),
    "goods_set": _("발행사 상품 코드 변경"),
    "copies_not_issued": _("발행 불가로 환급"),
    "pool_set": _("코드 풀 설정"),
    "codes_imported": _("코드 올리기"),
    "codes_voided": _("남은 코드 빼기"),
    "shop_opened": _("매장 등록"),
    "shop_opened_again": _("매장 교환 다시 시작"),
    "shop_closed": _("매장 교환 중지"),
    "shop_key_made": _("매장 열쇠 발급"),
    "shop_key_revoked": _("매장 열쇠 폐기"),
    "devices_forgotten": _("다른 기기 로그아웃"),
    "login_burst": _("로그인 실패가 몰림"),
    "alarm_seen": _("로그인 경보 확인"),
    "mail_changed": _("이메일 변경"),
    "account_closed": _("회원 탈퇴"),
    "own_senders_erased": _("탈퇴 회원 발신번호 파기"),
    "account_erased": _("탈퇴 회원 파기"),
    "figure_changed": _("설정 변경"),
    "day_set": _("영업일 변경"),
    "issuer_rule_added": _("카드사 표 변경"),
    "carrier_changed": _("발송사 비중 변경"),
    "strange_code_seen": _("모르는 결과 코드 확인"),
    "charge_asked": _("캐쉬 충전 요청"),
    "charge_closed": _("가상계좌 닫기"),
    "payment_booked": _("입금·결제 반영"),
    "payment_parked": _("요청과 다른 입금"),
    "parked_credited": _("다른 입금을 캐쉬로 적립"),
    "parked_returned": _("다른 입금을 반환"),
    "refund_done": _("환불 완료"),
    "refund_failed": _("환불 실패"),
    "refund_tried_again": _("환불 다시 시도"),
    "refund_by_hand": _("환불을 직접 송금"),
    "gifts_cancelled": _("쿠폰 취소"),
    "low_balance_set": _("잔액 알림 설정"),
    "order_refunded": _("주문 환불"),
    "trial_sent": _("시험 문자"),
    "ad_notice_set": _("광고 표기 변경"),
    "opt_outs_noted": _("광고 수신거부 등록"),
    "opt_out_dropped": _("광고 수신거부 해제"),
    "order_rested": _("광고라 아침으로 미룸"),
    "order_rescheduled": _("발송 시각 변경"),
    "order_cancelled": _("주문 취소"),
    "order_substituted": _("대체 상품으로 발송"),
    "order_halted": _("발송 중지"),
    "order_recalled": _("쿠폰 회수"),
    "payout_asked": _("캐쉬 환급 신청"),
    "payout_mismatch": _("캐쉬 환급 예금주 다름"),
    "payout_withdrawn": _("캐쉬 환급 취소"),
    "payout_refused": _("캐쉬 환급 반려"),
    "payout_approved": _("캐쉬 환급 승인"),
    "payout_by_hand": _("캐쉬 환급을 직접 송금"),
    "left_cash_paid": _("탈퇴한 계정의 캐쉬를 송금"),
    "payout_done": _("캐쉬 환급 완료"),
    "account_seen": _("계좌번호 열람"),
    "reconcile_asked": _("다시 맞춰 보기"),
    "difference_asked": _("차이를 결제사에 다시 묻기"),
    "difference_mended": _("차이를 다시 물어 맞춤"),
    "difference_accepted": _("차이를 확인함으로 정리"),
    "row_looked_up": _("표에서 열람"),
    "staff_made": _("담당자 등록"),
    "staff_role_set": _("담당자 역할 변경"),
    "payment_password_set": _("결제 비밀번호 설정"),
    "payment_password_locked": _("결제 비밀번호 잠김"),
    "spend_granted_at_console": _("운영체제에서 결제 승인"),
}


def of_verb(verb: str) -> str:
    """An act in words; the code itself when nobody gave it any."""
    return gettext(VERBS[verb]) if verb in VERBS else verb


def codes() -> dict[str, str]:
    """Codes among an act's facts, in words."""
    reasons = REASONS | ENDINGS | HOLDINGS | RELEASES | RESETS
    own = {code: gettext(said) for code, said in reasons.items()}
    kinds = {
        "conversion": gettext("기업회원전환"),
        "sender": gettext("발신번호"),
        "handover": gettext("담당자 변경"),
        "payout": gettext("캐쉬 환급"),
        "claim": gettext("쿠폰 만료 환불"),
        "refund": gettext("환불"),
    }
    labels = [
        *CardKind.choices,
        *Role.choices,
        *ConversionKind.choices,
        *HandoverWay.choices,
        *StaffRole.choices,
    ]
    issuers = {code: gettext(said) for code, said in ISSUERS.items()}
    return {code: str(label) for code, label in labels} | own | kinds | issuers


#: Tables in reports of erasure. M9
TABLES = {
    "members": _("회원정보"), "devices": _("기기"), "accesses": _("로그인과 결제 기록"), "sessions": _("로그인"),
    "second_factors": _("2단계 인증"), "verifications": _("본인인증"), "spend_codes": _("결제 인증번호"),
    "proofs": _("휴대폰과 이메일 인증"), "sign_ups": _("회원가입"), "business_checks": _("사업자 확인"),
    "consents": _("동의"), "certificates": _("증명서"), "invitations": _("초대"), "buyers": _("회원 이름"),
    "accounts_of_charges": _("충전 계좌"), "accounts_of_refunds": _("환불 계좌"), "accounts_of_payouts": _("환급 계좌"),
    "kept": _("따로 보관하던 기록"), "set_apart": _("따로 보관한 기록"), "alarms": _("로그인 경보 안내"),
    "mail_addresses": _("이메일 주소"), "handovers": _("담당자 변경"),
}  # fmt: skip


def of_counts(counts: dict[str, int]) -> str:
    """How much of what was erased, on one line."""
    return ", ".join(f"{gettext(TABLES.get(name, name))} {number:,}" for name, number in counts.items())


#: How a payment stands on either side, as a difference keeps it: ours and the provider's states. P9
_SIDES = {
    "asked": _("준비 중"), "waiting": _("입금대기"), "paid": _("결제됨"), "parked": _("확인 중"), "returned": _("반환"),
    "ended": _("만료"), "failed": _("실패"), "open": _("시작됨"), "cancelled": _("취소됨"), "nothing": _("없음"),
}  # fmt: skip


def of_side(kept: str) -> str:
    """What one side of a difference says: "paid:100000:30000" -> 결제됨, 100,000원, 취소 30,000원. P9"""
    if not kept:
        return gettext("없음")
    state, paid, cancelled, *foreign = kept.split(":")
    said = gettext("{state}, {paid:,}원, 취소 {cancelled:,}원").format(
        state=gettext(_SIDES.get(state, state)), paid=int(paid), cancelled=int(cancelled)
    )
    another = gettext("다른 상점이나 채널")
    return f"{said} ({another})" if foreign else said
