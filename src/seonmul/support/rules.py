"""Decisions on inquiries. H3, O7"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seonmul.figures.rules import Figures
from seonmul.kit import filetypes
from seonmul.kit.refusals import No, Refusal, _

TEXT_MOST = 2_000
FILES_MOST = 5
#: So many may wait for an answer to one member.
OPEN_MOST = 20
#: So many vouchers are cancelled beside an inquiry at once.
REFUND_MOST = 1_000
#: Kinds whose clock counts hours. H3
URGENT = frozenset({"limit"})
#: Fixed, M9: what consumers complained of and how it was settled is kept for three years (전자상거래법 시행령 6).
KEPT_MONTHS = 36


class InquiryRefusal(Refusal):
    NO_TEXT = "inquiry_no_text", _("내용을 적어 주세요. 아직 보내지 않았습니다.")
    LONG_TEXT = (
        "inquiry_long_text",
        _("내용은 {most:,}자까지 적을 수 있습니다. 아직 보내지 않았으니 줄여서 다시 보내 주세요."),
    )
    MANY_FILES = (
        "inquiry_many_files",
        _("파일은 한 번에 {most}개까지 올릴 수 있습니다. 아직 보내지 않았습니다."),
    )
    MANY_OPEN = (
        "inquiry_many_open",
        _(
            "답변을 기다리는 문의가 {most}건 있습니다. 있는 문의에 이어서 적어 주세요. 아직 보내지 않았습니다."
        ),
    )
    NO_AMOUNT = "inquiry_no_amount", _("필요한 한도를 적어 주세요. 아직 보내지 않았습니다.")
    CLOSED = "inquiry_closed", _("끝난 문의입니다. 더 물어보려면 새로 문의해 주세요.")
    DECIDED = "inquiry_decided", _("이미 결정한 문의입니다. 다시 확인해 주세요.")
    NO_REASON = "inquiry_no_reason", _("올리지 않는 이유를 골라 주세요. 아직 결정하지 않았습니다.")
    NO_COPY = (
        "inquiry_no_copy",
        _(
            "어느 쿠폰인지 알 수 없습니다. 쿠폰발송내역에서 받는 분을 열고 [번호변경 재발송 문의]를 눌러 주세요. 아직 보내지 않았습니다."
        ),
    )
    ASKED_BEFORE = (
        "inquiry_asked_before",
        _("이 쿠폰의 번호변경 문의가 이미 접수되어 있습니다. 있는 문의에 이어서 적어 주세요."),
    )
    NO_MOVE_REASON = (
        "inquiry_no_move_reason",
        _("번호를 바꾸지 않는 이유를 골라 주세요. 아직 결정하지 않았습니다."),
    )
    NO_ORDER = "inquiry_no_order", _("문의한 회원의 주문 가운데 하나를 골라 주세요. 아직 바뀐 것은 없습니다.")
    NOTHING_BACK = (
        "inquiry_nothing_back",
        _("이 주문에는 지금 취소하고 돌려드릴 것이 없습니다. 이유를 답변으로 알려 주세요."),
    )


#: What a member reads of an order that was cancelled whole before it was sent, and of vouchers cancelled afterwards. O10
CANCELLED = "주문 {order} 전체를 취소하고 {won:,}원을 결제한 방법으로 돌려드립니다."
CANCELLED_SOME = "주문 {order}의 쿠폰 {count:,}건을 취소하고 {won:,}원을 결제한 방법으로 돌려드립니다."
#: What a member reads of a raised limit, before anything that staff add. O7
RAISED = "상품권 한도를 {won:,}원으로 올렸습니다. {until}까지 쓸 수 있습니다."
#: Why a limit is not raised, as the member reads it. O7
REFUSALS = {
    "own_use": _("직접 쓰려고 사는 것으로 보여 한도를 올릴 수 없습니다."),
    "abuse": _("부정 사용이 의심되어 한도를 올릴 수 없습니다."),
    "other": _("지금은 한도를 올릴 수 없습니다."),
}

#: What a member reads of a changed number, by how its replacement stands. S5
MOVED = {
    "done": "번호를 바꿔 새 쿠폰을 보냈습니다. 이전 번호로 보낸 링크와 코드는 더 쓸 수 없습니다. 재발송은 처음부터 다시 셉니다.",
    "asked": "발행사에 옛 쿠폰의 취소를 요청했습니다. 그동안 옛 쿠폰은 열리지 않습니다. 취소되면 새 쿠폰을 새 번호로 보내고 다시 알려 드립니다.",
    "kept": "발행사가 옛 쿠폰을 취소하지 않아 번호를 바꾸지 못했습니다. 이미 쓴 쿠폰일 수 있으니 쿠폰발송내역에서 상태를 확인해 주세요. 쿠폰은 그대로입니다.",
    "lost": "옛 쿠폰은 취소되었지만 발행사가 새로 발행하지 못했습니다. 결제한 금액을 결제한 방법으로 돌려드렸습니다.",
}
#: Why a number is not changed, as the member reads it. S5
MOVE_REFUSALS = {
    "not_proved": _("받는 분이 바뀐 번호를 쓰는지 확인하지 못해 번호를 바꿀 수 없습니다."),
    "arrived": _("이전 번호로 도착해 열어 본 쿠폰이라 번호를 바꿀 수 없습니다."),
    "other": _("지금은 번호를 바꿀 수 없습니다."),
}


@dataclass(frozen=True)
class WordFacts:
    """Something that is to be said. `files`: size and kind by content of each ("" for what is not taken)."""

    text: str
    files: Sequence[tuple[int, str]] = ()


def why_not_say(word: WordFacts) -> No | None:
    """Say why this is not taken. H3"""
    if not word.text.strip():
        return No(InquiryRefusal.NO_TEXT)
    if len(word.text.strip()) > TEXT_MOST:
        return No(InquiryRefusal.LONG_TEXT, {"most": TEXT_MOST})
    if len(word.files) > FILES_MOST:
        return No(InquiryRefusal.MANY_FILES, {"most": FILES_MOST})
    return next((no for size, kind in word.files if (no := filetypes.why_not_paper(size, kind))), None)


def why_not_ask_move(*, has_copy: bool, was_asked: bool) -> No | None:
    """Say why a change of number is not asked for: it is about one copy of one's own, once at a time. S5"""
    if not has_copy:
        return No(InquiryRefusal.NO_COPY)
    return No(InquiryRefusal.ASKED_BEFORE) if was_asked else None


def why_not_ask(kind: str, word: WordFacts, *, wanted_won: int | None, open_count: int) -> No | None:
    """Say why this inquiry is not taken. H3, O7"""
    if open_count >= OPEN_MOST:
        return No(InquiryRefusal.MANY_OPEN, {"most": OPEN_MOST})
    if kind == "limit" and not wanted_won:
        return No(InquiryRefusal.NO_AMOUNT)
    return why_not_say(word)


def why_not_go_on(*, is_closed: bool) -> No | None:
    """Say why nothing more is said in an inquiry. H3"""
    return No(InquiryRefusal.CLOSED) if is_closed else None


def why_not_decide(*, is_asked: bool, is_closed: bool, outcome: str) -> No | None:
    """Say why there is nothing (more) to decide here. `is_asked`: the inquiry is of the type that asks for it. O7, S5"""
    if is_closed:
        return No(InquiryRefusal.CLOSED)
    return None if is_asked and not outcome else No(InquiryRefusal.DECIDED)


def why_not_refuse(why: str) -> No | None:
    """Say why a limit is not refused: it takes one of the reasons. O7"""
    return None if why in REFUSALS else No(InquiryRefusal.NO_REASON)


def why_not_refuse_move(why: str) -> No | None:
    """Say why a change of number is not refused: it takes one of the reasons. S5"""
    return None if why in MOVE_REFUSALS else No(InquiryRefusal.NO_MOVE_REASON)


def term(kind: str, figures: Figures) -> dict[str, int]:
    """How long an answer may take, in business time. H3"""
    if kind in URGENT:
        return {"hours": figures.urgent_business_hours}
    return {"days": figures.inquiry_business_days}
