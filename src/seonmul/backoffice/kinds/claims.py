"""Money at the end of a voucher: approved or refused, and what goes to a bank account is transferred by hand. V4"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.kinds.doubts import SEEN_THERE, SEEN_THERE_SAID
from seonmul.backoffice.kinds.payouts import HOLDER_SEEN
from seonmul.backoffice.matters import Fact, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Claim, ClaimState, ClaimWay
from seonmul.kit import clock
from seonmul.kit.refusals import No, _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member

NAME, HAND = "claim", "claim_hand"


def waiting(at: datetime) -> list[Waiting]:
    """Every claim that waits for a decision."""
    return _listed(NAME, queries.waiting_claims(ClaimState.CHECKED), at)


def waiting_for_hand(at: datetime) -> list[Waiting]:
    """Every approved claim that must be transferred."""
    return _listed(HAND, queries.waiting_claims(ClaimState.APPROVED), at)


def _listed(name: str, rows: list[Claim], at: datetime) -> list[Waiting]:
    return frame.listed(
        name,
        (
            (
                row,
                frame.named(row.gift.order.buyer),
                row.asked_at if name == NAME else row.decided_at or row.asked_at,
                f"{row.get_why_display()}, {frame.won(row.won)}",
            )
            for row in rows
        ),
        at,
        is_money=True,
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One claim with what the bank said."""
    row = queries.claim_named(public_id)
    return _matter(row, row.state == ClaimState.CHECKED, str(row.get_why_display())) if row else None


def opened_for_hand(public_id: str, at: datetime) -> Matter | None:
    """One claim that goes to a bank account."""
    row = queries.claim_named(public_id)
    if row is None or row.way != ClaimWay.BANK or row.state not in (ClaimState.APPROVED, ClaimState.PAID):
        return None
    return _matter(row, row.state == ClaimState.APPROVED, gettext("직접 송금"))


def _matter(row: Claim, is_waiting: bool, what: str) -> Matter:
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.gift.buyer_id,
        title=frame.named(row.gift.order.buyer),
        what=what,
        since=row.asked_at,
        decided="" if is_waiting else str(row.get_state_display()),
        reason=row.reason or row.note,
        signals=_signals(row) if is_waiting else [],
        facts=_facts(row),
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Hand the decision to the domain."""
    if approve:
        actions.approve_claim(
            row_id, is_holder_seen=HOLDER_SEEN in checks, is_seen_there=SEEN_THERE in checks, by=by, at=at
        )
    else:
        actions.refuse_claim(row_id, reason=reason, by=by, at=at)


def confirm(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Note the transfer that was made."""
    actions.confirm_claim(row_id, note=reason, by=by, at=at)


def _facts(row: Claim) -> list[Fact]:
    gift = row.gift
    product, terms = gift.line.product, queries.terms_of_line(gift.line)
    facts = [
        Fact(gettext("쿠폰"), f"{product.brand.name} {product.name}, {gift.voucher.get_state_display()}"),
        Fact(gettext("유효기간"), clock.korean_date(clock.seoul_date(gift.voucher.valid_until))),
        Fact(gettext("낸 금액"), frame.won(gift.line.unit_price_won)),
        *_due(row),
        Fact(
            gettext("살 때의 조건"),
            gettext("{low}%, {above}을 넘으면 {high}%, 리워드 {points}%").format(
                low=terms.low_percent, above=frame.won(terms.high_above_won), high=terms.high_percent,
                points=terms.points_percent,
            ),
        ),
        Fact(gettext("신청한 분"), gettext("산 회원") if row.is_of_buyer else gettext("받은 분")),
        Fact(gettext("받는 방법"), str(row.get_way_display())),
    ]  # fmt: skip
    if row.way == ClaimWay.BANK:
        url = reverse("backoffice:account_whole", args=[NAME, row.public_id])
        facts.append(frame.account(gettext("받을 계좌"), queries.claim_account(row), url))
    return [
        *facts,
        frame.company(gettext("산 회원"), gift.order.buyer),
        Fact(gettext("신청한 때"), clock.korean_datetime(row.asked_at)),
    ]


def _due(row: Claim) -> list[Fact]:
    """What goes back: by what is left now, while nobody has decided."""
    due = queries.due_won(row, row.gift.voucher) if row.state == ClaimState.CHECKED else row.won
    if isinstance(due, No):
        return [
            Fact(gettext("신청할 때 금액"), frame.won(row.won)),
            Fact(gettext("돌려줄 금액"), due.say(gettext)),
        ]
    asked = [Fact(gettext("신청할 때 금액"), frame.won(row.won))] if due != row.won else []
    return [*asked, Fact(gettext("돌려줄 금액"), frame.won(due))]


def _signals(row: Claim) -> list[Signal]:
    said = gettext(
        "발행사 매장에서 썼는지 저희는 알 수 없습니다. 발행사에 코드를 폐기해 달라고 한 뒤 승인해 주세요."
    )
    there = [Signal(gettext("다른 회사의 코드"), said, True)] if queries.is_taken_elsewhere(row) else []
    if row.way != ClaimWay.BANK:
        return [*there, Signal(gettext("계좌 없음"), gettext("승인하면 바로 적립됩니다."))]
    return [
        *there,
        frame.holder(bool(row.told_sealed), gettext("은행이 알려 준 예금주가 적은 이름과 같습니다.")),
    ]


KIND = Kind(
    name=NAME,
    label=_("쿠폰 만료 환불"),
    short=_("만료 환불"),
    power=Power.DECIDE_MONEY,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("환불 승인하기"),
    no=_("반려하기"),
    yes_said=_("환불을 승인했습니다. 신청한 분께 알립니다."),
    no_said=_("환불을 반려했습니다. 이유를 신청한 분께 알립니다."),
    verbs=("claim_approved", "claim_refused"),
    reasons=(
        _("예금주가 신청한 분과 같은지 확인하지 못했습니다. 본인 명의의 계좌로 다시 신청해 주세요."),
        _("이미 매장에서 사용한 것을 확인했습니다."),
    ),
    checks=((HOLDER_SEEN, _("예금주를 직접 확인했습니다")), (SEEN_THERE, SEEN_THERE_SAID)),
)

HAND_KIND = frame.by_hand(
    name=HAND,
    label=_("만료 환불 송금"),
    short=_("만료 송금"),
    waiting=waiting_for_hand,
    opened=opened_for_hand,
    decide=confirm,
    verbs=("claim_paid",),
)
