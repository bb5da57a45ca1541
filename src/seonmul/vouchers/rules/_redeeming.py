"""What a shop may take of a voucher, and give back. V3"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _

#: A shop's own words: what tills print without trouble. The form of something, so no figure.
_WORD = re.compile(r"[A-Za-z0-9._-]+")
TERMINAL_MOST = 20
NUMBER_MOST = 40


class RedeemRefusal(Refusal):
    UNKNOWN = "voucher_unknown", _("없는 쿠폰 번호입니다. 번호를 다시 확인해 주세요.")
    ELSEWHERE = (
        "voucher_elsewhere",
        _("이 매장에서 쓸 수 없는 쿠폰입니다. 쿠폰에 적힌 사용처를 확인해 주세요."),
    )
    ASLEEP = "voucher_asleep", _("아직 쓸 수 없는 쿠폰입니다. {minutes:,}분 뒤부터 쓸 수 있습니다.")
    USED = "voucher_used", _("이미 교환한 쿠폰입니다.")
    EXPIRED = "voucher_expired", _("유효기간이 지난 쿠폰입니다. 유효기간은 {day}까지였습니다.")
    ENDED = "voucher_ended", _("취소되었거나 환불된 쿠폰이라 쓸 수 없습니다.")
    REPLACED = (
        "voucher_replaced",
        _("다른 코드로 바꿔 보낸 쿠폰입니다. 가장 나중에 받은 쿠폰을 보여 달라고 해 주세요."),
    )
    FROZEN = "voucher_frozen", _("사용이 잠시 중지된 쿠폰입니다. 보낸 회사나 고객센터에 문의해 주세요.")
    NO_AMOUNT = "amount_missing", _("금액권입니다. 사용할 금액을 1원부터 {rest:,}원까지 적어 주세요.")
    TOO_MUCH = "amount_too_much", _("남은 금액은 {rest:,}원입니다. 사용할 금액을 줄여 주세요.")
    WHOLE = "amount_not_for_goods", _("상품 교환권은 한 번에 교환합니다. 금액 없이 다시 요청해 주세요.")
    CLOSED = "shop_closed", _("교환이 중지된 매장입니다. 운영사에 문의해 주세요.")


class NumberRefusal(Refusal):
    FORM = (
        "number_form",
        _(
            "단말기 번호는 {terminal}자, 거래 번호는 {number}자까지 영문과 숫자, 점, 밑줄, 붙임표로 적어 주세요."
        ),
    )
    DAY = "number_day", _("영업일은 오늘({today})에서 {days}일 안이어야 합니다.")
    TAKEN = "number_taken", _("이미 다른 요청에 쓴 거래 번호입니다. 새 번호로 다시 요청해 주세요.")
    REVERSED = "number_reversed", _("이미 망취소한 거래입니다. 교환하지 않았습니다.")
    CANCELLED = "number_cancelled", _("이미 교환을 취소한 거래입니다. 새 번호로 다시 요청해 주세요.")


class ReturnRefusal(Refusal):
    UNKNOWN = "redemption_unknown", _("이 매장의 교환 내역이 아닙니다. 승인 번호를 다시 확인해 주세요.")
    LATE = "redemption_late", _("교환한 지 {days}일이 지나 취소할 수 없습니다. 운영사에 문의해 주세요.")
    ENDED = "redemption_voucher_ended", _("그 뒤에 취소되었거나 환불된 쿠폰이라 되돌릴 수 없습니다.")


class GuessRefusal(Refusal):
    TOO_MANY = (
        "voucher_tries",
        _(
            "없는 번호를 여러 번 조회해 잠시 막았습니다. {minutes}분 뒤에 다시 해 주세요. 교환한 것은 없습니다."
        ),
    )


class ShopRefusal(Refusal):
    NO_NAME = "shop_no_name", _("매장 이름을 적어 주세요. 저장하지 않았습니다.")
    SAME_NAME = "shop_same_name", _("같은 브랜드에 같은 이름의 매장이 있습니다. 다른 이름을 적어 주세요.")
    NO_LABEL = "shop_key_no_label", _("어느 기기의 열쇠인지 적어 주세요. 예: 1번 계산대")


@dataclass(frozen=True)
class Redeemable:
    """A voucher as a shop meets it. `rest_won` is 0 for goods; `is_taken_here`: of our own issue and of the shop's brand.

    `is_replaced`: another code has taken its place. S5
    """

    voucher_id: UUID
    state: str
    is_amount: bool
    rest_won: int
    valid_until: datetime
    wakes_at: datetime | None
    is_taken_here: bool
    is_replaced: bool = False


def why_not_number(terminal: str, number: str, day: date, *, figures: Figures, at: datetime) -> No | None:
    """Say why these cannot be a shop's terminal, number and business day."""
    fits = _WORD.fullmatch(terminal) and _WORD.fullmatch(number)
    if not fits or len(terminal) > TERMINAL_MOST or len(number) > NUMBER_MOST:
        return No(NumberRefusal.FORM, {"terminal": TERMINAL_MOST, "number": NUMBER_MOST})
    today = clock.seoul_date(at)
    if abs((day - today).days) > figures.business_day_slack:
        return No(NumberRefusal.DAY, {"today": clock.korean_date(today), "days": figures.business_day_slack})
    return None


def why_not_use(voucher: Redeemable | None, *, is_open: bool, at: datetime) -> No | None:
    """Say why a shop cannot take anything of a voucher at this moment."""
    if not is_open:
        return No(RedeemRefusal.CLOSED)
    if voucher is None:
        return No(RedeemRefusal.UNKNOWN)
    if not voucher.is_taken_here:
        return No(RedeemRefusal.ELSEWHERE)
    if voucher.state == "used":
        return No(RedeemRefusal.USED)
    if voucher.state == "frozen":
        return No(RedeemRefusal.FROZEN)
    if voucher.state == "expired" or (
        voucher.state in ("issued", "partly_used") and at > voucher.valid_until
    ):
        return No(RedeemRefusal.EXPIRED, {"day": clock.korean_date(clock.seoul_date(voucher.valid_until))})
    if voucher.state not in ("issued", "partly_used"):
        return No(RedeemRefusal.REPLACED if voucher.is_replaced else RedeemRefusal.ENDED)
    if voucher.wakes_at and at < voucher.wakes_at:
        minutes = -(-int((voucher.wakes_at - at).total_seconds()) // 60)
        return No(RedeemRefusal.ASLEEP, {"minutes": minutes})
    return None


def why_not_redeem(voucher: Redeemable | None, amount_won: int, *, is_open: bool, at: datetime) -> No | None:
    """Say why `amount_won` of a voucher (0: the whole of a goods voucher) cannot be redeemed."""
    no = why_not_use(voucher, is_open=is_open, at=at)
    if no or voucher is None:
        return no
    if not voucher.is_amount:
        return No(RedeemRefusal.WHOLE) if amount_won else None
    if amount_won <= 0:
        return No(RedeemRefusal.NO_AMOUNT, {"rest": voucher.rest_won})
    if amount_won > voucher.rest_won:
        return No(RedeemRefusal.TOO_MUCH, {"rest": voucher.rest_won})
    return None


def after_redeem(voucher: Redeemable, amount_won: int) -> tuple[str, int]:
    """State and rest of a voucher once `amount_won` of it was taken."""
    rest = voucher.rest_won - amount_won if voucher.is_amount else 0
    return ("partly_used" if rest else "used"), rest


def why_not_repeat(state: str, *, is_same: bool) -> No | None:
    """Say why a number that was used before is no repeat that gets the same answer."""
    if state == "reversed":
        return No(NumberRefusal.REVERSED)
    if not is_same:
        return No(NumberRefusal.TAKEN)
    return No(NumberRefusal.CANCELLED) if state == "cancelled" else None


def why_not_return(voucher_state: str) -> No | None:
    """Say why a voucher cannot take back what a shop took of it."""
    return No(ReturnRefusal.ENDED) if voucher_state in ("refunded", "void") else None


def why_not_cancel(redeemed_at: datetime, *, figures: Figures, at: datetime) -> No | None:
    """Say why a shop may not cancel a redemption any more. A reverse is never too late: its redeem was not answered."""
    days = figures.redeem_cancel_days
    return No(ReturnRefusal.LATE, {"days": days}) if at > redeemed_at + timedelta(days=days) else None


def state_after_return(voucher_state: str, *, is_used_elsewhere: bool) -> str:
    """A voucher's state once a redemption of it is undone. What is frozen or over stays so, with its money back on it."""
    if voucher_state in ("frozen", "expired"):
        return voucher_state
    return "partly_used" if is_used_elsewhere else "issued"


def why_not_try(of_shop: int, from_place: int, *, figures: Figures) -> No | None:
    """Say why a shop or an address that asked for too many codes that nobody has must wait."""
    if of_shop < figures.wrong_codes_of_shop and from_place < figures.wrong_codes_from_place:
        return None
    return No(GuessRefusal.TOO_MANY, {"minutes": figures.wrong_codes_minutes})


def why_not_open(name: str, *, is_same: bool) -> No | None:
    """Say why no shop can be opened under this name."""
    if not name:
        return No(ShopRefusal.NO_NAME)
    return No(ShopRefusal.SAME_NAME) if is_same else None


def why_not_label(label: str) -> No | None:
    """Say why a key cannot be called like this."""
    return None if label else No(ShopRefusal.NO_LABEL)
