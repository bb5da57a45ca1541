"""Every figure of the product: its default, its bounds and what it means. One frozen object for the rules.

Constants beside their rule, and not here: what the product fixes; the form of something, such as the digits of a code
or of a login id; what the file store or a vendor sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from seonmul.kit.refusals import No, Refusal, _


def _figure(default: int, least: int, most: int, about: str) -> Any:
    return field(default=default, metadata={"least": least, "most": most, "about": about})


@dataclass(frozen=True)
class Figures:
    """All figures as they hold at one moment."""

    recipients_most: int = _figure(100_000, 1, 1_000_000, _("한 주문에 담을 수 있는 수신자 행"))
    basket_products_most: int = _figure(10, 1, 50, _("한 주문에 담을 수 있는 상품 가짓수"))
    schedule_days_most: int = _figure(60, 1, 365, _("발송을 예약할 수 있는 날"))
    asleep_minutes_most: int = _figure(120, 5, 1_440, _("쿠폰을 재워 보낼 수 있는 시간(분)"))
    resend_most: int = _figure(5, 0, 50, _("쿠폰 하나를 다시 보낼 수 있는 횟수"))
    resend_wait_minutes: int = _figure(5, 0, 1_440, _("재발송 사이에 기다리는 시간(분)"))
    result_deadline_hours: int = _figure(81, 1, 240, _("전송결과를 기다리는 시간(시간)"))
    put_off_hours: int = _figure(24, 1, 120, _("받는 쪽이 미룬 메일을 다시 보내 보는 시간(시간)"))
    sms_price_won: int = _figure(20, 0, 10_000, _("발송사에 내는 값: SMS 한 건(원)"))
    lms_price_won: int = _figure(50, 0, 10_000, _("발송사에 내는 값: LMS 한 건(원)"))
    mms_price_won: int = _figure(200, 0, 10_000, _("발송사에 내는 값: MMS 한 건(원)"))
    mail_price_won: int = _figure(0, 0, 10_000, _("발송사에 내는 값: 이메일 한 건(원)"))
    carrier_failures: int = _figure(5, 1, 100, _("발송사를 쉬게 하는 잇따른 실패(번)"))
    carrier_rest_seconds: int = _figure(60, 5, 3_600, _("쉬는 발송사를 다시 확인할 때까지의 시간(초)"))
    spend_code_minutes: int = _figure(3, 1, 30, _("휴대폰 인증번호가 살아 있는 시간(분)"))
    spend_code_tries: int = _figure(5, 1, 10, _("인증번호를 틀릴 수 있는 횟수"))
    mail_code_minutes: int = _figure(10, 1, 60, _("이메일 인증번호가 살아 있는 시간(분)"))
    proofs_in_a_day: int = _figure(20, 5, 200, _("한 주소로 하루에 보낼 수 있는 인증번호"))
    proofs_of_one_in_a_day: int = _figure(30, 5, 200, _("한 사람이 하루에 요청할 수 있는 인증번호"))
    proofs_from_one_place_in_a_day: int = _figure(
        100, 10, 10_000, _("가입과 아이디·비밀번호 찾기: 한 인터넷 주소에서 하루에 요청할 수 있는 인증번호")
    )
    proved_minutes: int = _figure(30, 5, 1_440, _("확인한 휴대폰과 이메일을 쓸 수 있는 시간(분)"))
    sign_up_minutes: int = _figure(60, 10, 1_440, _("가입을 마칠 때까지 적은 내용을 두는 시간(분)"))
    business_check_seconds: int = _figure(20, 5, 120, _("가입할 때 국세청의 답을 기다리는 시간(초)"))
    spend_codes_minutes: int = _figure(10, 1, 1_440, _("인증번호를 함께 세는 시간(분)"))
    spend_codes_most: int = _figure(5, 1, 50, _("그 시간 동안 한 회원이나 한 주소로 보낼 수 있는 인증번호"))
    login_password_least: int = _figure(10, 8, 64, _("로그인 비밀번호의 가장 짧은 길이(자)"))
    payment_password_least: int = _figure(8, 8, 64, _("결제 비밀번호의 가장 짧은 길이(자)"))
    payment_password_tries: int = _figure(5, 1, 10, _("결제 비밀번호를 틀릴 수 있는 횟수"))
    payment_password_lock_minutes: int = _figure(30, 1, 1_440, _("결제 비밀번호가 잠기는 시간(분)"))
    new_device_hours: int = _figure(
        24, 0, 720, _("새 기기에서 결제 비밀번호를 쓸 때까지 기다리는 시간(시간)")
    )
    tries_from_one_place: int = _figure(
        30, 5, 10_000, _("한 인터넷 주소에서 1분 동안 로그인·가입·찾기를 해 볼 수 있는 횟수")
    )
    wrong_passwords_from_one_place: int = _figure(
        10, 3, 10_000, _("한 인터넷 주소에서 1분 동안 틀릴 수 있는 비밀번호(번)")
    )
    wrong_passwords_of_one: int = _figure(5, 3, 100, _("한 아이디의 로그인을 잠시 막는 틀린 비밀번호(번)"))
    wrong_passwords_minutes: int = _figure(5, 1, 1_440, _("틀린 비밀번호 뒤에 로그인을 막는 시간(분)"))
    login_burst_minutes: int = _figure(10, 1, 120, _("틀린 로그인을 함께 세는 시간(분)"))
    login_account_tries: int = _figure(20, 6, 1_000, _("한 아이디를 새 기기에서 막는 틀린 로그인 횟수"))
    login_site_tries: int = _figure(100, 10, 100_000, _("모든 아이디를 새 기기에서 막는 틀린 로그인 횟수"))
    invitation_days: int = _figure(7, 1, 60, _("회사 초대를 받아들일 수 있는 날"))
    people_most: int = _figure(50_000, 100, 1_000_000, _("주소록에 담을 수 있는 사람(명)"))
    reminder_days_most: int = _figure(60, 1, 180, _("기념일 초안을 준비할 수 있는 가장 이른 날(일 전)"))
    staff_sent_days: int = _figure(30, 1, 366, _("직원 명단 대조: 동료가 보낸 것을 찾는 날"))
    review_link_days: int = _figure(7, 1, 60, _("상급자 확인 링크가 열리는 날"))
    invitation_kept_days: int = _figure(30, 0, 365, _("끝난 초대의 이메일 주소를 지울 때까지의 날"))
    access_days: int = _figure(365, 90, 3_650, _("로그인과 결제 기록을 보여 주는 날"))
    closing_days: int = _figure(0, 0, 90, _("탈퇴한 뒤 개인정보를 지울 때까지 기다리는 날"))
    grant_minutes: int = _figure(10, 1, 60, _("추가 인증 뒤 결제까지 남는 시간(분)"))
    same_product_warn_hours: int = _figure(24, 0, 720, _("같은 상품을 다시 보낼 때 알려 주는 시간(시간)"))
    failed_before_days: int = _figure(180, 7, 730, _("발송 전 점검: 번호의 지난 전송 실패를 기억하는 날"))
    failed_before_times: int = _figure(2, 1, 20, _("발송 전 점검: 이어서 이만큼 실패한 번호를 알림(번)"))
    to_one_in_an_hour: int = _figure(
        10, 1, 1_000, _("발송 전 점검: 한 사람이 한 시간에 받는 문자가 이보다 많으면 알림")
    )
    to_one_in_a_day: int = _figure(
        20, 1, 1_000, _("발송 전 점검: 한 사람이 하루에 받는 문자가 이보다 많으면 알림")
    )
    from_one_in_an_hour: int = _figure(
        5, 1, 1_000, _("발송 전 점검: 한 발신번호가 한 사람에게 한 시간에 보내는 문자가 이보다 많으면 알림")
    )
    from_one_in_a_day: int = _figure(
        10, 1, 1_000, _("발송 전 점검: 한 발신번호가 한 사람에게 하루에 보내는 문자가 이보다 많으면 알림")
    )
    spread_crowded: int = _figure(
        0, 0, 1, _("한 사람에게 문자가 몰릴 때: 0은 알리고 회원이 고름, 1은 늘 시간을 나누어 보냄")
    )
    long_text_bytes: int = _figure(1_000, 100, 2_000, _("발송 전 점검: 내용이 이보다 길면 알림(바이트)"))
    short_validity_days: int = _figure(14, 1, 180, _("발송 전 점검: 유효기간이 이보다 짧으면 알림(일)"))
    trials_in_a_day: int = _figure(10, 1, 100, _("한 사람이 하루에 자기 휴대폰으로 보낼 수 있는 시험 문자"))
    decision_business_days: int = _figure(1, 1, 20, _("기업회원전환과 발신번호를 처리할 기한(영업일)"))
    temporary_corporate_days: int = _figure(90, 1, 365, _("임시기업회원으로 있을 수 있는 날"))
    verification_minutes: int = _figure(10, 1, 60, _("본인인증을 쓸 수 있는 시간(분)"))
    handover_block_hours: int = _figure(
        24, 0, 24 * 14, _("담당자가 바뀌거나 구성원이 들어온 뒤 결제를 멈추는 시간")
    )
    sender_days: int = _figure(366, 30, 3_660, _("서류로 등록한 발신번호를 다시 확인하는 날"))
    sender_warning_days: int = _figure(
        30, 1, 180, _("서류로 등록한 발신번호가 끝나는 것을 처음 알리는 날(며칠 전)")
    )
    sender_last_warning_days: int = _figure(
        7, 0, 180, _("서류로 등록한 발신번호가 끝나는 것을 다시 알리는 날(며칠 전)")
    )
    proof_days: int = _figure(92, 30, 366, _("통신서비스 이용증명원의 유효한 날"))
    tier_months: int = _figure(3, 1, 12, _("회원등급을 정하는 달"))
    tier_1_won: int = _figure(3_000_000, 0, 10**12, _("첫째 등급의 금액(원)"))
    tier_2_won: int = _figure(10_000_000, 0, 10**12, _("둘째 등급의 금액(원)"))
    tier_3_won: int = _figure(50_000_000, 0, 10**12, _("셋째 등급의 금액(원)"))
    tier_1_percent: int = _figure(1, 0, 50, _("첫째 등급의 할인(%)"))
    tier_2_percent: int = _figure(2, 0, 50, _("둘째 등급의 할인(%)"))
    tier_3_percent: int = _figure(3, 0, 50, _("셋째 등급의 할인(%)"))
    cash_most_won: int = _figure(100_000_000, 0, 10**12, _("보유·보류·입금대기를 더한 캐쉬의 한도(원)"))
    account_days: int = _figure(14, 1, 60, _("가상계좌에 입금할 수 있는 날"))
    card_window_minutes: int = _figure(30, 5, 120, _("카드 결제 창을 열어 두는 시간(분)"))
    card_once_most_won: int = _figure(
        0, 0, 10**12, _("카드로 한 번에 결제할 수 있는 금액(원, 0은 제한 없음)")
    )
    card_day_most_won: int = _figure(0, 0, 10**12, _("카드로 하루에 결제할 수 있는 금액(원, 0은 제한 없음)"))
    card_month_most_won: int = _figure(
        0, 0, 10**12, _("카드로 한 달에 결제할 수 있는 금액(원, 0은 제한 없음)")
    )
    reward_percent: int = _figure(1, 0, 20, _("상품권류에 캐쉬와 카드로 낸 금액에서 쌓이는 리워드(%)"))
    reward_days: int = _figure(365, 30, 3_650, _("리워드를 쓸 수 있는 날"))
    reward_notice_days: int = _figure(30, 1, 180, _("리워드가 사라지기 전에 알리는 날"))
    reward_back_days: int = _figure(30, 0, 365, _("환불로 돌아온 리워드를 적어도 쓸 수 있는 날"))
    undelivered_days: int = _figure(7, 1, 60, _("아무 데도 도착하지 않은 쿠폰을 환불하기까지의 날"))
    withdrawal_days: int = _figure(7, 0, 60, _("일반회원 상품리스트에서 산 쿠폰을 취소할 수 있는 날"))
    refund_decision_business_days: int = _figure(1, 1, 20, _("입금 확인과 환급을 처리할 기한(영업일)"))
    certificate_limit_won: int = _figure(1_000_000, 0, 10**10, _("상품권류를 한 달에 살 수 있는 한도(원)"))
    approval_business_days: int = _figure(5, 1, 20, _("승인되지 않은 주문을 환불하기까지의 영업일"))
    inquiry_business_days: int = _figure(1, 1, 20, _("1:1 문의에 답할 기한(영업일)"))
    urgent_business_hours: int = _figure(4, 1, 70, _("한도 문의와 주문 승인을 처리할 기한(영업시간)"))
    limit_raise_days: int = _figure(366, 1, 3_660, _("상품권 한도를 올려 둘 수 있는 날"))
    limit_raise_most_won: int = _figure(
        10_000_000_000, 1_000_000, 10**11, _("상품권 한도를 올릴 수 있는 가장 큰 금액(원)")
    )
    review_links_most: int = _figure(5, 1, 50, _("주문 하나에 만들 수 있는 확인 링크"))
    new_member_days: int = _figure(7, 0, 365, _("주문 승인: 가입하고 이 날이 안 되면 신규 회원으로 알림"))
    large_order_won: int = _figure(1_000_000, 0, 10**12, _("주문 승인: 이 금액부터 큰 첫 주문으로 알림(원)"))
    shared_accounts: int = _figure(2, 1, 1_000, _("주문 승인: 같은 번호로 보낸 계정이 이만큼이면 알림(개)"))
    shared_accounts_days: int = _figure(90, 1, 365, _("주문 승인: 같은 번호로 보낸 계정을 세는 날"))
    unusual_from_hour: int = _figure(22, 0, 23, _("주문 승인: 밤 결제로 알리기 시작하는 시각(시)"))
    unusual_to_hour: int = _figure(6, 0, 23, _("주문 승인: 밤 결제로 그만 알리는 시각(시)"))
    prepaid_most_won: int = _figure(3_000_000_000, 0, 10**15, _("선불업 등록 기준: 남은 선불금(원)"))
    issued_most_won: int = _figure(50_000_000_000, 0, 10**15, _("선불업 등록 기준: 한 해 발행액(원)"))
    stamp_low_above_won: int = _figure(50_000, 0, 10**12, _("인지세: 이 금액을 넘는 쿠폰부터(원)"))
    stamp_low_won: int = _figure(400, 0, 10**6, _("인지세: 그 쿠폰 하나에(원)"))
    stamp_high_above_won: int = _figure(100_000, 0, 10**12, _("인지세: 이 금액을 넘으면 더 높은 세액(원)"))
    stamp_high_won: int = _figure(800, 0, 10**6, _("인지세: 더 높은 세액(원)"))
    stamp_free_days: int = _figure(7, 0, 60, _("인지세: 이 날 안에 취소하면 내지 않음"))
    pool_low_codes: int = _figure(100, 0, 1_000_000, _("코드 풀에 이보다 적게 남으면 담당자에게 알림(개)"))
    external_parallel: int = _figure(8, 1, 200, _("외부 발행사에 한꺼번에 물어보는 쿠폰(개)"))
    remind_first_days: int = _figure(30, 1, 180, _("받는 분께 만료를 처음 알리는 날(며칠 전)"))
    remind_next_days: int = _figure(7, 1, 180, _("받는 분께 만료를 다시 알리는 날(며칠 전)"))
    remind_last_days: int = _figure(1, 1, 180, _("받는 분께 만료를 마지막으로 알리는 날(며칠 전)"))
    remind_from_hour: int = _figure(8, 0, 23, _("만료 알림을 보내기 시작하는 시각(시)"))
    remind_to_hour: int = _figure(21, 1, 24, _("만료 알림을 그만 보내는 시각(시)"))
    redeem_cancel_days: int = _figure(30, 0, 365, _("매장이 교환을 취소할 수 있는 날"))
    business_day_slack: int = _figure(1, 0, 31, _("매장의 영업일이 오늘과 다를 수 있는 날"))
    wrong_codes_minutes: int = _figure(10, 1, 1_440, _("매장이 조회한 없는 쿠폰 번호를 함께 세는 시간(분)"))
    wrong_codes_of_shop: int = _figure(20, 3, 10_000, _("한 매장을 막는 없는 쿠폰 번호(개)"))
    wrong_codes_from_place: int = _figure(100, 3, 100_000, _("한 인터넷 주소를 막는 없는 쿠폰 번호(개)"))
    wrong_links_minutes: int = _figure(10, 1, 1_440, _("없는 선물 링크를 함께 세는 시간(분)"))
    wrong_links_from_place: int = _figure(30, 3, 100_000, _("한 인터넷 주소를 막는 없는 선물 링크(개)"))
    external_ask_hours: int = _figure(24, 1, 168, _("외부 발행 쿠폰의 사용 여부를 다시 물어보는 간격(시간)"))
    report_days: int = _figure(30, 1, 365, _("제공사가 보낸 원문을 보관하는 날"))
    personal_data_days: int = _figure(180, 1, 3_650, _("주문이 끝난 뒤 개인정보를 보관하는 날"))


class FigureRefusal(Refusal):
    UNKNOWN = "figure_unknown", _("‘{name}’이라는 설정은 없습니다.")
    OUT_OF_BOUNDS = "figure_out_of_bounds", _("{least}부터 {most}까지 정할 수 있습니다. 바꾸지 않았습니다.")


def why_not_change(name: str, value: int) -> No | None:
    """Say why figure `name` may not become `value`."""
    for one in fields(Figures):
        if one.name == name:
            least, most = one.metadata["least"], one.metadata["most"]
            if not least <= value <= most:
                return No(FigureRefusal.OUT_OF_BOUNDS, {"least": least, "most": most})
            return None
    return No(FigureRefusal.UNKNOWN, {"name": name})


class DayKind(StrEnum):
    """How a day stands against the rule of business hours. H"""

    OPEN = "open"
    CLOSED = "closed"
    USUAL = "usual"


class DayRefusal(Refusal):
    PAST = (
        "day_past",
        _("지난 날은 바꿀 수 없습니다. 그날의 기한은 이미 그때의 영업일로 계산했습니다."),
    )
    SAME = "day_same", _("이미 그렇게 정해져 있는 날입니다. 바꾸지 않았습니다.")
    NO_NOTE = "day_no_note", _("무슨 날인지 적어 주세요. 예: 임시공휴일, 창립기념일")


def why_not_set_day(
    day: date, kind: DayKind, note: str, *, now: DayKind, is_open: bool, today: date
) -> No | None:
    """Say why a day may not be opened, closed, or given back to the rule. H

    `now`: how it stands in the table; `is_open`: whether it has business hours as things stand.
    """
    if day < today:
        return No(DayRefusal.PAST)
    if kind is now or (kind is not DayKind.USUAL and is_open is (kind is DayKind.OPEN)):
        return No(DayRefusal.SAME)
    if kind is not DayKind.USUAL and not note.strip():
        return No(DayRefusal.NO_NOTE)
    return None


@dataclass(frozen=True)
class Text:
    """A text that operators may change, since it says how the law stands. `text`: as it is at first, in Korean."""

    name: str
    about: str
    text: str


#: Why nobody gets the papers that accounting looks for, which there are instead, and why a company may pay first. P6
TAX_PAPERS = ("tax_papers_none", "tax_papers_instead", "tax_papers_first")
TEXTS = (
    Text(
        "tax_papers_none",
        _("세금계산서와 현금영수증을 발행하지 않는 까닭"),
        _(
            "모바일쿠폰은 비과세 유가증권이어서 세금계산서와 현금영수증을 발행하지 않습니다. "
            "현금영수증은 쿠폰을 실제로 쓰는 매장에서 받을 수 있습니다."
        ),
    ),
    Text(
        "tax_papers_instead",
        _("대신 받을 수 있는 서류"),
        _(
            "대신 기간별 이용내역과 주문별 쿠폰발송내역을 엑셀로, 가상계좌 입금 영수증을 메일로 받을 수 있습니다."
        ),
    ),
    Text(
        "tax_papers_first",
        _("세금계산서 없이 먼저 입금해도 되는 까닭"),
        _(
            "부가가치세가 붙지 않는 거래라 먼저 받을 세금계산서가 없으므로, 회사 계좌에서 바로 입금해도 됩니다. "
            "회계 처리는 세무 대리인에게 확인해 주세요."
        ),
    ),
    Text(
        "purpose_employees",
        _("임직원 선물의 세금 안내"),
        _("임직원 선물은 급여로 과세돼요. 확인은 세무 대리인에게 해 주세요."),
    ),
    Text(
        "purpose_clients",
        _("거래처 선물의 세금 안내"),
        _(
            "거래처 선물은 카드로 산 것만 업무추진비로 인정돼요. 캐쉬로 결제하기 전에 세무 대리인에게 확인해 주세요."
        ),
    ),
    Text(
        "purpose_prizes",
        _("고객 경품의 세금 안내"),
        _("고객 경품은 받는 분의 기타소득이 될 수 있어요. 확인은 세무 대리인에게 해 주세요."),
    ),
    Text(
        "clients_from_cash",
        _("거래처 선물을 캐쉬로 낼 때의 안내"),
        _(
            "거래처 선물을 캐쉬나 리워드로 내면 그 금액은 회사의 기업업무추진비로 인정되지 않을 수 있어요. 인정받으려면 카드로 "
            "결제해야 해요. 확인은 세무 대리인에게 해 주세요."
        ),
    ),
)
TEXT_MOST = 500
LANGUAGES = ("ko", "en")


class TextRefusal(Refusal):
    UNKNOWN = "wording_unknown", _("그런 안내 문구는 없습니다.")
    EMPTY = "wording_empty", _("안내 문구를 비워 둘 수 없습니다. 바꾸지 않았습니다.")
    TOO_LONG = "wording_too_long", _("안내 문구는 {most}자까지 적을 수 있습니다. 바꾸지 않았습니다.")


def why_not_set_text(name: str, language: str, text: str) -> No | None:
    """Say why this text may not become `text`. P6"""
    if language not in LANGUAGES or all(one.name != name for one in TEXTS):
        return No(TextRefusal.UNKNOWN)
    if not text.strip():
        return No(TextRefusal.EMPTY)
    return No(TextRefusal.TOO_LONG, {"most": TEXT_MOST}) if len(text.strip()) > TEXT_MOST else None


def chosen_text(kept: str, korean: str, translated: str) -> str:
    """What is shown: what operators wrote in the reader's language, else in Korean, else the text as it is at first."""
    return kept or korean or translated
