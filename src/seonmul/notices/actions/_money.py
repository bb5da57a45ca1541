"""What is mailed about money: to whoever asked, while they are there, and to the owners. P2, P4, P5, P7, M7

An account to pay into stands in the mail, as the member needs it; the account that money goes back to never does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.figures import queries as figures_now
from seonmul.kit import clock, jobs, masks
from seonmul.ledger import queries as ledger
from seonmul.members import queries as members
from seonmul.notices.actions import _sending
from seonmul.orders import queries as orders
from seonmul.orders import rules as order_rules
from seonmul.payments import queries as payments
from seonmul.payments import rules as payment_rules
from seonmul.payments.models import PaymentKind, PaymentState, PayoutState, RefundState, RefundWhy


@dataclass(frozen=True)
class Letter:
    """A mail before it has a receiver. `asker`: who gets it beside the owners."""

    buyer_id: UUID
    title: str
    body: str
    asker_id: UUID | None = None


ISSUED_TITLE = "[선물] 캐쉬 충전 가상계좌 안내"
ISSUED = """캐쉬 충전에 쓸 가상계좌를 발급했습니다.

은행: {bank}
계좌번호: {number}
예금주: {holder}
입금할 금액: {won}원
입금 기한: {until}까지

위 금액 그대로 한 번에 입금해 주세요. 확인되면 캐쉬로 바로 충전하고 영수증을 메일로 보내 드립니다.
기한까지 입금하지 않으면 가상계좌는 저절로 없어집니다.

{tax}

충전 현황: {url}
"""
CHARGED_TITLE = "[선물] 캐쉬 {won}원이 충전되었습니다"
CHARGED = """캐쉬 충전 영수증

충전 금액: {won}원
입금 은행: {bank}
입금 시각: {paid_at}
요청 번호: {public_id}
{also}
{tax}
입금 완료 영수증 PDF는 준비 중입니다. 그때까지 이 메일을 보관해 주세요.

이용내역: {url}
"""
LATE = "입금 기한이 지난 뒤 들어온 금액이지만 그대로 충전했습니다.\n"
OTHER_SUM = "요청한 금액({asked}원)과 다르지만 담당자가 확인하고 들어온 금액대로 충전했습니다.\n"
ENDED_TITLE = "[선물] 캐쉬 충전 가상계좌의 입금 기한이 지났습니다"
ENDED = """{until}까지 입금이 확인되지 않아 {won}원을 받을 가상계좌를 닫았습니다.
이미 입금했다면 확인하는 대로 충전해 드립니다. 다시 충전하려면 새 가상계좌를 받아 주세요.

충전하기: {url}
"""
PARKED_TITLE = "[선물] 입금한 금액을 확인하고 있습니다"
PARKED = """요청한 금액은 {asked}원인데 {won}원이 입금되었습니다.
금액은 따로 보관하고 있습니다. 담당자가 확인해 그대로 충전하거나 돌려 드립니다.
돌려받기를 원하면 고객센터로 알려 주세요.

충전 현황: {url}
"""
LOW_TITLE = "[선물] 캐쉬가 {level}원 아래로 내려갔습니다"
LOW = """사용 가능한 캐쉬가 {cash}원 남았습니다. 알림 기준은 {level}원입니다.
다시 기준보다 많아졌다가 내려갈 때까지는 알리지 않습니다.

충전하기: {url}
"""
REWARD_TITLE = "[선물] 리워드 {won}원이 곧 사라집니다"
REWARD = """리워드 {won}원을 {day}까지 쓸 수 있습니다. 그날이 지나면 사라집니다.
주문을 결제할 때 리워드를 먼저 쓸 수 있습니다.

리워드 내역: {url}
"""
STOPPED_TITLE = "[선물] 예약한 주문을 보내지 않고 취소했습니다"
STOPPED = """보낼 때 {product}의 판매가 끝나 주문 {public_id}을 보내지 않았습니다.
결제한 {won}원은 낸 방법 그대로 모두 돌려 드렸습니다. 받는 분께는 아무것도 보내지 않았습니다.
다른 상품으로 다시 주문해 주세요.

주문: {url}
"""
SENDER_GONE = """발신번호({number})를 더는 쓸 수 없어 주문 {public_id}을 보내지 않았습니다.
결제한 {won}원은 낸 방법 그대로 모두 돌려 드렸습니다. 받는 분께는 아무것도 보내지 않았습니다.
주문 화면의 ‘같은 내용으로 다시 주문하기’에서 등록된 발신번호를 골라 다시 주문해 주세요.

주문: {url}
발신번호: {senders_url}
"""
REFUNDED_TITLE = "[선물] {won}원을 환불했습니다"
REFUNDED = """{why} {won}원을 {way} 환불했습니다.
{later}
"""
BY_CARD = "결제한 카드로", "카드사에 따라 명세서에 보이기까지 며칠 걸릴 수 있습니다."
BY_BANK = "계좌로", "은행에 따라 영업일 기준 1~2일 걸릴 수 있습니다."
PAYOUT_TITLES = {
    PayoutState.DONE: "[선물] 캐쉬 {won}원을 환급했습니다",
    PayoutState.APPROVED: "[선물] 캐쉬 환급 신청이 승인되었습니다",
    PayoutState.REFUSED: "[선물] 캐쉬 환급 신청이 반려되었습니다",
    PayoutState.MISMATCH: "[선물] 캐쉬를 환급할 계좌를 확인해 주세요",
}
PAYOUTS = {
    PayoutState.DONE: "{won}원을 신청한 계좌로 송금했습니다. 은행에 따라 입금까지 영업일 기준 1~2일 걸릴 수 있습니다.",
    PayoutState.APPROVED: "{won}원을 신청한 계좌로 보내고 있습니다. 끝나면 다시 알려 드립니다.",
    PayoutState.REFUSED: "{won}원은 다시 캐쉬로 쓸 수 있습니다.\n사유: {reason}",
    PayoutState.MISMATCH: (
        "예금주가 회원(회사)의 이름과 달라 환급하지 않았습니다. {won}원은 다시 캐쉬로 쓸 수 있습니다.\n"
        "본인 또는 회사 명의의 계좌로 다시 신청해 주세요."
    ),
}


@transaction.atomic
def tell_of_money(about: str, **ids: str) -> None:
    """Have the owners and whoever asked mailed, one job each: who has got it is not mailed again."""
    letter = _WRITERS[about](ids)
    if letter is None:
        return
    asker_id = letter.asker_id
    askers = [asker_id] if asker_id and members.hears_of(asker_id, letter.buyer_id) else []
    readers = dict.fromkeys([*askers, *members.owner_ids(letter.buyer_id)])
    jobs.enqueue_many(f"notices.mail_{about}", [ids | {"member_id": reader_id} for reader_id in readers])


def mail_of_money(about: str, member_id: UUID, **ids: str) -> None:
    """Mail one reader, as things stand now: whoever has gone meanwhile is not told. M7"""
    letter = _WRITERS[about](ids)
    to = members.mail_address_for(member_id, letter.buyer_id) if letter else ""
    if letter and to:
        _sending.send_mail(letter.title, letter.body, to)


def _issued(ids: Mapping[str, Any]) -> Letter | None:
    payment = payments.payment(ids["payment_id"])
    account = payments.account_of(payment)
    if payment.state != PaymentState.WAITING or account is None:
        return None
    body = ISSUED.format(
        bank=account.bank.label,
        number=account.number,
        holder=account.holder,
        won=f"{payment.won:,}",
        until=clock.korean_datetime(payment.ends_at),
        tax="\n".join(figures_now.tax_papers(payment.asked_at, language="ko")),
        url=_charge_url(payment.public_id),
    )
    return Letter(payment.buyer_id, ISSUED_TITLE, body, payment.member_id)


def _charged(ids: Mapping[str, Any]) -> Letter | None:
    payment = payments.payment(ids["payment_id"])
    account = payments.account_of(payment)
    if payment.state != PaymentState.PAID or payment.paid_at is None or account is None:
        return None
    won = f"{payment.paid_won or 0:,}"
    also = LATE if payment.is_late else ""
    if payment.paid_won != payment.won:
        also += OTHER_SUM.format(asked=f"{payment.won:,}")
    body = CHARGED.format(
        won=won,
        bank=account.bank.label,
        paid_at=clock.korean_datetime(payment.paid_at),
        public_id=payment.public_id,
        also=also,
        tax="\n".join(figures_now.tax_papers(payment.paid_at, language="ko")),
        url=f"{settings.PUBLIC_URL}/cash/",
    )
    return Letter(payment.buyer_id, CHARGED_TITLE.format(won=won), body, payment.member_id)


def _ended(ids: Mapping[str, Any]) -> Letter | None:
    payment = payments.payment(ids["payment_id"])
    if payment.state != PaymentState.ENDED or payment_rules.is_given_up(payment.ends_at):
        return None  # who has given it up knows
    until = clock.korean_datetime(payment.ends_at)
    url = f"{settings.PUBLIC_URL}/cash/charges/new/"
    body = ENDED.format(until=until, won=f"{payment.won:,}", url=url)
    return Letter(payment.buyer_id, ENDED_TITLE, body, payment.member_id)


def _parked(ids: Mapping[str, Any]) -> Letter | None:
    payment = payments.payment(ids["payment_id"])
    if payment.state != PaymentState.PARKED:
        return None
    body = PARKED.format(
        asked=f"{payment.won:,}", won=f"{payment.paid_won or 0:,}", url=_charge_url(payment.public_id)
    )
    return Letter(payment.buyer_id, PARKED_TITLE, body, payment.member_id)


def _low(ids: Mapping[str, Any]) -> Letter | None:
    level = payments.low_balance(ids["buyer_id"])
    if level is None:
        return None
    below, cash = f"{level.below_won:,}", f"{ledger.balances(level.buyer_id).cash_won:,}"
    body = LOW.format(cash=cash, level=below, url=f"{settings.PUBLIC_URL}/cash/charges/new/")
    return Letter(level.buyer_id, LOW_TITLE.format(level=below), body)


def _reward(ids: Mapping[str, Any]) -> Letter | None:
    buyer_id, ends_at = ids["buyer_id"], ledger.end_of_lot(ids["lot_id"])
    won = f"{ledger.reward_of_day(buyer_id, ends_at):,}"
    day = clock.korean_date(clock.seoul_date(ends_at))
    body = REWARD.format(won=won, day=day, url=f"{settings.PUBLIC_URL}/cash/?of=reward")
    return Letter(UUID(str(buyer_id)), REWARD_TITLE.format(won=won), body) if won != "0" else None


def _refunded(ids: Mapping[str, Any]) -> Letter | None:
    refund = payments.refund(ids["refund_id"])
    if refund.why == RefundWhy.PAYOUT:
        return None  # told when the whole pay-out is done
    won, payment = f"{refund.won:,}", refund.payment
    to_card = payment.kind == PaymentKind.CARD and not refund.bank and refund.state != RefundState.BY_HAND
    way, later = BY_CARD if to_card else BY_BANK
    body = REFUNDED.format(why=RefundWhy(refund.why).label, won=won, way=way, later=later)
    return Letter(payment.buyer_id, REFUNDED_TITLE.format(won=won), body, payment.member_id)


def _payout(ids: Mapping[str, Any]) -> Letter | None:
    payout = payments.payout(ids["payout_id"])
    state = PayoutState(payout.state)
    if state not in PAYOUTS:
        return None
    won = f"{payout.won:,}"
    body = PAYOUTS[state].format(won=won, reason=payout.reason) + f"\n\n{settings.PUBLIC_URL}/cash/\n"
    return Letter(payout.buyer_id, PAYOUT_TITLES[state].format(won=won), body, payout.member_id)


def _charge_url(public_id: str) -> str:
    return f"{settings.PUBLIC_URL}/cash/charges/{public_id}/"


def _stopped(ids: Mapping[str, Any]) -> Letter | None:
    order = orders.order(ids["order_id"])
    body = (SENDER_GONE if order.why == order_rules.SENDER_GONE else STOPPED).format(
        product=orders.goods_name(order.id),
        number=masks.mask_phone(order.sender),
        senders_url=f"{settings.PUBLIC_URL}/my/senders/",
        public_id=order.public_id,
        won=f"{order.amount_won:,}",
        url=f"{settings.PUBLIC_URL}/orders/{order.public_id}/",
    )
    return Letter(order.buyer_id, STOPPED_TITLE, body, order.member_id)


_WRITERS: dict[str, Callable[[Mapping[str, Any]], Letter | None]] = {
    "stopped": _stopped,
    "issued": _issued,
    "charged": _charged,
    "ended": _ended,
    "parked": _parked,
    "low": _low,
    "reward": _reward,
    "refunded": _refunded,
    "payout": _payout,
}
