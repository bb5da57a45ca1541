"""Decisions on pay-outs of unused cash. P5"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from seonmul.kit.refusals import No, Refusal, _
from seonmul.members import rules as members
from seonmul.members.rules import CompanyRefusal
from seonmul.payments.ports import Bank
from seonmul.payments.rules._paying import RefundRefusal

PAYOUT_REASON_MOST = 300
PAYOUT_NOTE_MOST = 200
#: A number of a bank account: digits, of which no bank has fewer or more.
_DIGITS_LEAST, _DIGITS_MOST = 8, 16

#: So often the bank is asked whose an account is; then finance looks for itself. Some banks never answer.
HOLDER_TRIES = 5

#: What firms write before or behind their name in many ways.
_FORMS = (
    "주식회사", "유한책임회사", "유한회사", "합자회사", "합명회사", "사단법인", "재단법인", "(주)", "(유)", "(사)", "(재)",
    "(합)",
)  # fmt: skip


class PayoutRefusal(Refusal):
    NOT_OWNER = (
        "payout_not_owner",
        _("캐쉬 환급은 회사의 대표만 신청할 수 있습니다. 대표에게 요청해 주세요."),
    )
    NOT_VERIFIED = (
        "payout_not_verified",
        _("예금주를 확인하려면 본인인증이 필요합니다. 회원정보에서 본인인증을 한 뒤 신청해 주세요."),
    )
    NOTHING = "payout_nothing", _("환급받을 금액을 적어 주세요.")
    TOO_MUCH = (
        "payout_too_much",
        _("지금 환급받을 수 있는 캐쉬는 {cash:,}원입니다. 신청하지 않았습니다."),
    )
    ONE_AT_A_TIME = (
        "payout_one_at_a_time",
        _("처리 중인 환급이 있습니다. 끝난 뒤에 신청하거나 먼저 취소해 주세요."),
    )
    DECIDED = "payout_decided", _("그사이 처리된 환급입니다. 새로 고침해서 확인해 주세요.")
    NO_REASON = "payout_no_reason", _("회원에게 전할 이유를 적어 주세요.")
    HOLDER_UNSEEN = (
        "payout_holder_unseen",
        _("은행에서 예금주를 알려 주지 않은 계좌입니다. 예금주를 직접 확인했는지 표시해 주세요."),
    )
    OTHER_SUM = (
        "payout_other_sum",
        _("남아 있는 캐쉬는 {cash:,}원입니다. 기록하지 않았습니다. 송금한 금액을 확인해 주세요."),
    )
    FROZEN = (
        "payout_frozen",
        _(
            "모든 결제를 멈춘 회원의 환급이라 승인하지 않았습니다. 캐쉬는 그대로 보류 중입니다. "
            "회원에게 확인하고 결제를 다시 연 뒤에 승인하거나 반려해 주세요."
        ),
    )
    NO_HAND = "payout_no_hand", _("직접 송금할 금액이 남아 있지 않습니다. 새로 고침해서 확인해 주세요.")


@dataclass(frozen=True)
class PayoutFacts:
    """Who wants cash back, and what there is. `is_known`: a company's number, or a person's verified name, is there."""

    is_owner: bool
    is_frozen: bool
    blocked_until: datetime | None
    is_known: bool
    has_open: bool
    cash_won: int


def why_not_ask_payout(
    won: int, bank: Bank | None, number: str, payout: PayoutFacts, *, at: datetime
) -> No | None:
    """Say why `won` may not be paid out to an account. First reason wins. `number`: digits. P5, M4, M8"""
    if not payout.is_owner:
        return No(PayoutRefusal.NOT_OWNER)
    if payout.is_frozen:
        return No(CompanyRefusal.FROZEN)
    if no := members.why_not_spend(payout.blocked_until, at=at):
        return no
    if not payout.is_known:
        return No(PayoutRefusal.NOT_VERIFIED)
    if payout.has_open:
        return No(PayoutRefusal.ONE_AT_A_TIME)
    if won <= 0:
        return No(PayoutRefusal.NOTHING)
    if won > payout.cash_won:
        return No(PayoutRefusal.TOO_MUCH, {"cash": payout.cash_won})
    return why_not_account(bank, number)


def why_not_account(bank: Bank | None, number: str) -> No | None:
    """Say why this is no bank account. `number`: digits."""
    if (
        bank is None
        or not _DIGITS_LEAST <= len(number) <= _DIGITS_MOST
        or not (number.isascii() and number.isdecimal())
    ):
        return No(RefundRefusal.NO_ACCOUNT)
    return None


def is_same_holder(told: str, ours: str) -> bool:
    """Say whether a bank's name of a holder and ours are one. P5

    Compared without blanks, signs, case and width, and without the legal form before or behind a firm's name:
    "㈜ 한빛테크", "주식회사한빛테크" and "한빛테크(주)" are one. Nothing more is forgiven: a part of a name is another name.
    """
    return _bare(told) == _bare(ours) != ""


def _bare(name: str) -> str:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()
    for form in _FORMS:
        text = text.removeprefix(form).removesuffix(form)
    return "".join(sign for sign in text if sign.isalnum())


def why_not_approve_payout(
    *, is_checked: bool, is_frozen: bool, is_told: bool, is_holder_seen: bool
) -> No | None:
    """Say why a pay-out may not be approved. `is_told`: the bank told the holder, who is the member. P5, M8"""
    if not is_checked:
        return No(PayoutRefusal.DECIDED)
    if is_frozen:
        return No(PayoutRefusal.FROZEN)
    if not is_told and not is_holder_seen:
        return No(PayoutRefusal.HOLDER_UNSEEN)
    return None


def shares_of_payout(won: int, rooms: list[int]) -> tuple[list[int], int]:
    """Split a pay-out over charges, as much of each as can go back; the rest goes by hand. P5

    `rooms`: what can still be given back of each charge, the newest first.
    """
    shares = []
    for room in rooms:
        shares.append(min(max(room, 0), won))
        won -= shares[-1]
    return shares, won
