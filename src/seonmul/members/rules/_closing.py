"""Decisions on leaving, and on what law keeps of whoever has left. M9"""

from __future__ import annotations

from dataclasses import dataclass

from seonmul.kit.refusals import No, Refusal, _

#: What law keeps of a closed account: which law, and for how many months after closing.
KEPT = {
    "contract": (_("전자상거래법 시행령"), 60),  # fixed, M9: contract and withdrawal, five years
    "payment": (_("전자상거래법 시행령"), 60),  # fixed, M9: payment and supply, five years
    "advertising": (_("전자상거래법 시행령"), 6),  # fixed, M9: labelling and advertising, six months
    "access": (_("통신비밀보호법"), 3),  # fixed, M9: logins, three months
}


class CloseRefusal(Refusal):
    NOT_PROVED = (
        "close_not_proved",
        _(
            "본인인지 확인하지 못해 탈퇴하지 않았습니다. 본인인증을 하거나 로그인 비밀번호를 다시 입력해 주세요."
        ),
    )
    NOT_VERIFIED = (
        "close_not_verified",
        _(
            "리워드나 주문, 회사가 있는 계정이라 비밀번호만으로는 탈퇴할 수 없습니다. 아무것도 바뀌지 않았습니다. "
            "본인인증을 한 뒤 다시 탈퇴해 주세요."
        ),
    )
    CLOSED = "close_closed", _("이미 탈퇴한 계정입니다.")
    STAFF = "close_staff", _("담당자 계정은 여기서 탈퇴할 수 없습니다. 총괄 담당자에게 부탁해 주세요.")
    HAND_OVER = (
        "close_hand_over",
        _("회사에 다른 구성원이 있습니다. 회사 화면에서 다른 분을 대표로 정한 뒤 다시 탈퇴해 주세요."),
    )
    ORDERS = (
        "close_orders",
        _("진행 중인 주문이 {orders:,}건 있어 탈퇴할 수 없습니다. 발송이 끝난 뒤 다시 탈퇴해 주세요."),
    )
    HELD = (
        "close_held",
        _("보류된 금액 {won:,}원이 있어 탈퇴할 수 없습니다. 주문이 정리된 뒤 다시 탈퇴해 주세요."),
    )
    CASH = (
        "close_cash",
        _("캐쉬 {won:,}원이 남아 있어 탈퇴할 수 없습니다. 먼저 쓰거나 계좌로 환급받아 주세요."),
    )
    ON_ITS_WAY = (
        "close_on_its_way",
        _(
            "끝나지 않은 충전, 카드 결제, 환불이 {count:,}건 있어 탈퇴할 수 없습니다. "
            "충전은 캐쉬 충전 화면에서 취소하고, 나머지는 처리가 끝난 뒤 다시 탈퇴해 주세요."
        ),
    )
    UNDELIVERED = (
        "close_undelivered",
        _(
            "도착하지 않은 쿠폰이 {count:,}개 있어 탈퇴할 수 없습니다. 주문 화면에서 다시 보내거나 주문을 취소해 "
            "주세요. 그대로 두면 정해진 날이 지난 뒤 낸 금액이 돌아오고, 그 뒤에 탈퇴할 수 있습니다."
        ),
    )
    CLAIMS = (
        "close_claims",
        _(
            "처리 중인 쿠폰 환불 신청이 {count:,}건 있어 탈퇴할 수 없습니다. "
            "신청한 것은 그대로 있습니다. 환불이 끝난 뒤 다시 탈퇴해 주세요."
        ),
    )
    REWARD = (
        "close_reward",
        _("리워드 {won:,}원은 탈퇴하면 사라집니다. 사라져도 괜찮다고 표시한 뒤 다시 눌러 주세요."),
    )


@dataclass(frozen=True)
class ClosingFacts:
    """An account before it is closed. Money and orders count only when the buyer ends with this member.

    `is_proved`: by a fresh identity verification or the login password; `leaves_others`: the last owner, and
    somebody else is still there; `on_its_way`: payments and refunds that may still bring money.
    `undelivered`: copies that arrived nowhere, whose price comes back; `claims`: asked for at the end of a voucher.
    `is_weighty`: there is reward, an order or a company, so that a stolen password (`by_password`) must not end it.
    """

    is_proved: bool
    is_closed: bool
    is_staff: bool
    leaves_others: bool
    orders_under_way: int
    held_won: int
    cash_won: int
    reward_won: int
    gives_up_reward: bool
    on_its_way: int = 0
    is_weighty: bool = False
    by_password: bool = False
    undelivered: int = 0
    claims: int = 0


def what_hinders_closing(facts: ClosingFacts) -> list[No]:
    """Everything to be put in order before an account can be closed, for the page that shows it all at once. M9"""
    found = [
        (facts.is_closed, No(CloseRefusal.CLOSED)),
        (facts.is_staff, No(CloseRefusal.STAFF)),
        (facts.leaves_others, No(CloseRefusal.HAND_OVER)),
        (facts.orders_under_way > 0, No(CloseRefusal.ORDERS, {"orders": facts.orders_under_way})),
        (facts.held_won > 0, No(CloseRefusal.HELD, {"won": facts.held_won})),
        (facts.cash_won > 0, No(CloseRefusal.CASH, {"won": facts.cash_won})),
        (facts.on_its_way > 0, No(CloseRefusal.ON_ITS_WAY, {"count": facts.on_its_way})),
        (facts.undelivered > 0, No(CloseRefusal.UNDELIVERED, {"count": facts.undelivered})),
        (facts.claims > 0, No(CloseRefusal.CLAIMS, {"count": facts.claims})),
    ]
    return [no for stands, no in found if stands]


def why_not_close(facts: ClosingFacts) -> No | None:
    """Say why this account is not closed. First reason wins; what the member confirms is asked last. M9"""
    hindrances = what_hinders_closing(facts)
    if hindrances:
        return hindrances[0]
    if facts.reward_won > 0 and not facts.gives_up_reward:
        return No(CloseRefusal.REWARD, {"won": facts.reward_won})
    if facts.is_weighty and (facts.by_password or not facts.is_proved):
        return No(CloseRefusal.NOT_VERIFIED)
    return None if facts.is_proved else No(CloseRefusal.NOT_PROVED)
