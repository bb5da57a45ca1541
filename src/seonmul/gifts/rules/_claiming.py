"""Who gets what back at the end of a voucher, and what people are reminded of. V4"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _
from seonmul.vouchers import rules as vouchers
from seonmul.vouchers.rules import Terms


class ClaimRefusal(Refusal):
    NOT_OVER = (
        "claim_not_over",
        _("아직 쓸 수 있는 쿠폰입니다. 유효기간이 지나면 환불을 신청할 수 있습니다."),
    )
    NOT_ENOUGH_USED = (
        "claim_not_enough_used",
        _("금액의 {percent}% 이상을 쓰면 남은 금액을 돌려받을 수 있습니다. 아직은 쿠폰으로 써 주세요."),
    )
    NOTHING = "claim_nothing", _("이미 사용했거나 환불한 쿠폰이라 돌려드릴 금액이 없습니다.")
    NOT_GIVEN = "claim_not_given", _("살 때의 조건에 따라 기간이 지나도 환불하지 않는 쿠폰입니다.")
    NO_POINTS = "claim_no_points", _("리워드로는 받을 수 없는 쿠폰입니다. 은행 계좌로 신청해 주세요.")
    NO_BANK = "claim_no_bank", _("계좌로는 받을 수 없습니다. 다른 방법으로 신청해 주세요.")
    AT_ISSUER = (
        "claim_at_issuer",
        _(
            "다른 회사가 발행한 쿠폰이라 마지막 날까지 썼는지 발행사에 확인하고 있습니다. 보통 하루쯤 걸립니다. 신청한 것은 없으니 내일 다시 열어 주세요."
        ),
    )
    CLAIMED = "claim_again", _("이미 환불을 신청한 쿠폰입니다. 처리 결과를 기다려 주세요.")
    LATE = (
        "claim_late",
        _("받는 분이 신청할 수 있는 기간({day}까지)이 지났습니다. 선물을 보낸 분께 환불을 부탁해 주세요."),
    )
    TOO_EARLY = (
        "claim_too_early",
        _("{day}까지는 받는 분이 환불을 신청할 수 있습니다. 그 뒤에 신청해 주세요."),
    )
    OVER = "claim_over", _("산 날부터 {years}년이 지나 환불할 수 없습니다.")
    NOT_THEIRS = "claim_not_theirs", _("선물을 받은 번호로 인증해 주세요. 신청하지 않았습니다.")
    NO_MEMBER = (
        "claim_no_member",
        _("이 번호로 가입한 개인 회원이 없습니다. 회원으로 가입한 뒤 신청하거나 계좌로 받아 주세요."),
    )
    NO_HOLDER = "claim_no_holder", _("예금주의 이름과 생년월일(여덟 자리)을 적어 주세요.")
    NOT_A_BUYER = (
        "claim_not_a_buyer",
        _("환불을 신청할 권한이 없는 계정입니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    DECIDED = "claim_decided", _("그사이 처리된 환불입니다. 새로 고침해서 확인해 주세요.")
    NO_REASON = "claim_no_reason", _("신청한 분께 전할 이유를 적어 주세요. 결정하지 않았습니다.")
    HOLDER_UNSEEN = (
        "claim_holder_unseen",
        _("은행에서 예금주를 알려 주지 않은 계좌입니다. 예금주를 직접 확인했는지 표시해 주세요."),
    )
    NOT_SEEN_THERE = (
        "claim_not_seen_there",
        _(
            "다른 회사가 발행한 코드입니다. 쓰지 않은 코드를 발행사가 폐기했는지 먼저 확인하고 표시해 주세요. 승인하지 않았습니다."
        ),
    )
    NO_NOTE = "claim_no_note", _("언제 어떻게 송금했는지 적어 주세요. 기록하지 않았습니다.")


@dataclass(frozen=True)
class ClaimFacts:
    """A voucher of which somebody wants money. `rest_won`: what is left of an amount voucher, None for goods.

    `price_won`: what was paid for it; `has_open`: it is asked for already; `is_buyer`: the buyer asks, not the recipient.
    `is_external`: its issuer alone knows whether it was used, and says when it is over. C3
    """

    state: str
    valid_until: datetime
    paid_at: datetime
    price_won: int
    face_won: int
    rest_won: int | None
    has_open: bool
    is_buyer: bool
    is_external: bool = False


@dataclass(frozen=True)
class Claimable:
    """What may be had: by money (a bank account, or a buyer's cash), and as points; 0 for not so."""

    is_balance: bool
    money_won: int
    points_won: int


def claimable(voucher: ClaimFacts, terms: Terms, *, at: datetime) -> Claimable | No:
    """What comes back of a voucher now, or why nothing does. First reason wins. V4"""
    if voucher.has_open:
        return No(ClaimRefusal.CLAIMED)
    is_over = voucher.state == "expired" or (
        voucher.state in ("issued", "partly_used") and at > voucher.valid_until
    )
    if not is_over and voucher.state not in ("issued", "partly_used"):
        return No(ClaimRefusal.NOTHING)
    found = _ended(voucher, terms) if is_over else _balance(voucher, terms)
    if isinstance(found, No):
        return found
    if is_over and voucher.is_external and voucher.state != "expired":
        return No(ClaimRefusal.AT_ISSUER)
    return _why_not_now(voucher, terms, is_over=is_over, at=at) or found


def due(voucher: ClaimFacts, terms: Terms, *, is_balance: bool) -> Claimable | No:
    """What comes back of a voucher that is set apart for a claim, by what is left of it now. V4

    A shop may undo a redemption while it waits (V3): more is left then, of the rest perhaps more than is given back.
    """
    return _rest(voucher, terms) if is_balance else _ended(voucher, terms)


def _ended(voucher: ClaimFacts, terms: Terms) -> Claimable | No:
    money, points = (
        vouchers.ended_won(
            terms,
            price_won=voucher.price_won,
            face_won=voucher.face_won,
            rest_won=voucher.rest_won,
            as_points=as_points,
        )
        for as_points in (False, True)
    )
    return Claimable(False, money, points) if money or points else No(ClaimRefusal.NOT_GIVEN)


def _balance(voucher: ClaimFacts, terms: Terms) -> Claimable | No:
    if voucher.state != "partly_used":
        return No(ClaimRefusal.NOT_OVER)
    return _rest(voucher, terms)


def _rest(voucher: ClaimFacts, terms: Terms) -> Claimable | No:
    if voucher.rest_won is None:
        return No(ClaimRefusal.NOT_OVER)
    won = vouchers.balance_won(
        terms, price_won=voucher.price_won, face_won=voucher.face_won, rest_won=voucher.rest_won
    )
    if won:
        return Claimable(True, won, 0)
    percent = terms.small_rest_percent if voucher.face_won <= terms.small_up_to_won else terms.rest_percent
    return No(ClaimRefusal.NOT_ENOUGH_USED, {"percent": percent}) if percent else No(ClaimRefusal.NOT_GIVEN)


def _why_not_now(voucher: ClaimFacts, terms: Terms, *, is_over: bool, at: datetime) -> No | None:
    """Whose turn it is: the recipient's until some days after the end, then the buyer's, until some years after buying."""
    until = vouchers.recipient_until(terms, voucher.valid_until)
    day = {"day": clock.korean_date(clock.seoul_date(until))}
    if at > vouchers.buyer_until(terms, voucher.paid_at):
        return No(ClaimRefusal.OVER, {"years": terms.claim_years})
    if voucher.is_buyer:
        return No(ClaimRefusal.TOO_EARLY, day) if at <= until else None
    return No(ClaimRefusal.LATE, day) if is_over and at > until else None


def claim_won(found: Claimable, way: str) -> int | No:
    """What comes back in one way."""
    if way == "points":
        return found.points_won or No(ClaimRefusal.NO_POINTS)
    return found.money_won or No(ClaimRefusal.NO_BANK)


def why_not_approve_claim(
    *,
    is_checked: bool,
    by_bank: bool,
    is_told: bool,
    is_holder_seen: bool,
    is_taken_elsewhere: bool = False,
    is_seen_there: bool = False,
) -> No | None:
    """Say why a claim may not be approved. `is_told`: the bank told the holder, who is the one that was typed. V4

    `is_taken_elsewhere`: others take its code, and have not told us that it is over; `is_seen_there`: staff have asked them. S5
    """
    if not is_checked:
        return No(ClaimRefusal.DECIDED)
    if is_taken_elsewhere and not is_seen_there:
        return No(ClaimRefusal.NOT_SEEN_THERE)
    return No(ClaimRefusal.HOLDER_UNSEEN) if by_bank and not is_told and not is_holder_seen else None


def remind_days(figures: Figures) -> tuple[int, ...]:
    """So many days before the last one people are reminded, the furthest first. V4"""
    days = (figures.remind_first_days, figures.remind_next_days, figures.remind_last_days)
    return tuple(sorted(set(days), reverse=True))


#: A reminder that could not go on its day still goes so many days later; after that it would only confuse.
REMIND_LATE_DAYS = 2


def may_remind_at(at: datetime, *, figures: Figures) -> bool:
    """Whether people are texted at this hour of Seoul. V4"""
    return figures.remind_from_hour <= at.astimezone(clock.SEOUL).hour < figures.remind_to_hour


#: What a recipient reads before the end; a short text has room for the day alone. V4
REMINDER = "[선물] {gift}, 아직 쓰지 않으셨어요.\n{day}까지 쓸 수 있어요.{back}\n▶ 선물 열기\n{link}"
REMINDER_BACK = "\n그 뒤에는 낸 금액의 {percent}%까지 환불을 신청할 수 있어요."
REMINDER_NO_BACK = "\n그 뒤에는 연장·환불되지 않아요."
REMINDER_SHORT = "[선물] {day}까지 써 주세요 {link}"
REMINDER_TITLE = "[선물] {day}까지 쓸 수 있어요"
