"""What a person at the card window is told: before it opens, and after it did not work. P3"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seonmul.kit.refusals import _
from seonmul.payments.ports import Trouble
from seonmul.payments.rules._issuers import NO_WAY, WAYS


@dataclass(frozen=True)
class Advice:
    """How a card can pay here. `way`: the one to use, "" for none; `ways`: all that work, the first to try in front.

    `is_checked`: somebody made sure; otherwise every way may be tried.
    """

    way: str
    ways: Sequence[str]
    is_checked: bool


def advise(ways: Sequence[str] | None, wanted: str = "") -> Advice:
    """Say by which way a card goes. `ways`: the table's row, None when there is none; `wanted`: the person's choice. P3"""
    if ways is None:
        return Advice(wanted if wanted in WAYS else WAYS[0], WAYS, is_checked=False)
    if NO_WAY in ways:
        return Advice("", (), is_checked=True)
    known = [way for way in ways if way in WAYS]
    return Advice(wanted if wanted in known else next(iter(known), ""), known, is_checked=True)


class Stage(enum.StrEnum):
    """Where a card payment stands for the person who waits in front of it."""

    PREPARING = "preparing"  # the provider does not know the sum yet
    READY = "ready"  # the window may be opened, perhaps again
    CHECKING = "checking"  # back from the window; nobody has asked the provider yet
    WAITING = "waiting"  # asked, and not decided there
    PAID = "paid"  # the order is being made
    OVER = "over"  # no money came in time; asked a last time, or done with
    DECLINED = "declined"  # the provider did not take the sum


@dataclass(frozen=True)
class StageFacts:
    """One card payment. `is_asked`: the provider was asked since the person came back."""

    state: str
    is_registered: bool
    is_declined: bool
    has_returned: bool
    is_asked: bool
    has_trouble: bool
    ends_at: datetime


def stage(facts: StageFacts, *, at: datetime) -> Stage:
    """Tell where a card payment stands. P3"""
    if facts.state != "asked":
        return Stage.PAID if facts.state == "paid" else Stage.OVER
    if at > facts.ends_at:
        return Stage.OVER
    if not facts.is_registered:
        return Stage.DECLINED if facts.is_declined else Stage.PREPARING
    if facts.has_returned and not facts.is_asked:
        return Stage.CHECKING
    if facts.has_returned and not facts.has_trouble:
        return Stage.WAITING
    return Stage.READY


@dataclass(frozen=True)
class TroubleWords:
    """A refusal of a card in plain words: what, why, what to do."""

    title: str
    cause: str
    next_step: str


TROUBLES: Mapping[Trouble, TroubleWords] = {
    Trouble.RESTRICTED: TroubleWords(
        _("카드사가 이 카드의 결제를 거절했어요"),
        _(
            "‘한도 초과’ 또는 ‘결제 불가 카드’예요. 카드의 전체 한도와는 따로, 상품권처럼 현금으로 바꾸기 쉬운 업종"
            "(환금성 업종)에 카드사가 둔 제한이에요. 전체 한도가 남아 있어도 거절될 수 있어요."
        ),
        _(
            "법인카드라면 회사의 카드 담당자가 카드사에 ‘환금성 업종 이용 제한’을 풀어 달라고 요청해 주세요. "
            "보통 바로 적용돼요."
        ),
    ),
    Trouble.CLOSED: TroubleWords(
        _("결제 창이 닫혔어요"),
        _("결제하지 않은 채 창이 닫혔고, 결제된 금액은 없어요."),
        _("입력하신 내용은 그대로 있어요. 아래 버튼을 눌러 이어서 결제해 주세요."),
    ),
    Trouble.CHANGED: TroubleWords(
        _("결제 금액이 주문과 달라 결제하지 않았어요"),
        _("결제 창의 금액이 이 주문의 금액과 달랐어요. 결제된 금액은 없어요."),
        _(
            "브라우저의 확장 프로그램을 끄고 다시 결제해 주세요. 계속되면 다른 브라우저에서 이어서 결제할 수 있어요."
        ),
    ),
    Trouble.PROVIDER: TroubleWords(
        _("결제 대행사가 결제를 마치지 못했어요"),
        _("결제 대행사가 아래의 답을 보내왔어요. 결제된 금액은 없어요."),
        _("잠시 뒤에 다시 결제해 주세요. 계속되면 다른 카드나 캐쉬로 결제할 수 있어요."),
    ),
    Trouble.OTHER: TroubleWords(
        _("결제하지 못했어요"),
        _("카드사나 결제 대행사가 아래의 이유를 알려 왔어요. 결제된 금액은 없어요."),
        _("카드 번호와 유효기간을 확인하고 다시 결제하거나 다른 카드로 결제해 주세요."),
    ),
}

#: How to clear what a browser keeps, for windows that go on failing.
BROWSERS: Sequence[tuple[str, str]] = (
    (_("Chrome"), _("설정 → 개인 정보 보호 및 보안 → 인터넷 사용 기록 삭제")),
    (_("Edge"), _("설정 → 개인 정보, 검색 및 서비스 → 검색 데이터 지우기")),
    (_("웨일"), _("설정 → 개인정보 보호 → 인터넷 사용 기록 삭제")),
    (_("Safari (Mac)"), _("Safari → 설정 → 개인정보 보호 → 웹 사이트 데이터 관리 → 모두 제거")),
    (_("아이폰"), _("설정 → 앱 → Safari → 방문 기록 및 웹사이트 데이터 지우기")),
    (_("삼성 인터넷"), _("메뉴 → 설정 → 인터넷 사용 기록 → 인터넷 사용 기록 삭제")),
)


def trouble_words(trouble: str) -> TroubleWords:
    """The words for what a payment keeps as its trouble; what is not ours (another store's) counts as any other no."""
    known = trouble in set(Trouble)
    return TROUBLES[Trouble(trouble) if known else Trouble.OTHER]
