"""When a superior's link may be made, opened and confirmed. O12"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seonmul.figures.rules import Figures
from seonmul.kit.refusals import No, Refusal, _


class ReviewRefusal(Refusal):
    GONE = (
        "review_gone",
        _(
            "기한이 지났거나 취소된 링크입니다. 아무것도 바뀌지 않았습니다. 링크를 보낸 분께 새 링크를 요청해 주세요."
        ),
    )
    NOBODY = (
        "review_nobody",
        _("받는 분이 없어 확인 링크를 만들지 않았습니다. 받는 분을 담은 뒤 만들어 주세요."),
    )
    TOO_MANY = (
        "review_too_many",
        _("열려 있는 확인 링크가 {most}개라 더 만들지 않았습니다. 쓰지 않는 링크를 취소해 주세요."),
    )
    CHANGED = (
        "review_changed",
        _("보시는 사이에 주문 내용이 바뀌어 확인하지 않았습니다. 바뀐 내용을 보고 다시 눌러 주세요."),
    )


@dataclass(frozen=True)
class ReviewFacts:
    """A link as it stands. `is_there`: what it shows still exists, as draft or as order."""

    expires_at: datetime
    is_withdrawn: bool
    is_there: bool


def why_not_make_link(*, people: int, open_links: int, figures: Figures) -> No | None:
    """Say why no link is made for this order. O12"""
    if not people:
        return No(ReviewRefusal.NOBODY)
    most = figures.review_links_most
    return No(ReviewRefusal.TOO_MANY, {"most": most}) if open_links >= most else None


def why_not_open_link(facts: ReviewFacts | None, *, at: datetime) -> No | None:
    """Say why a link opens nothing. An unknown one gets the same words as one that is over. O12"""
    is_open = facts is not None and facts.is_there and not facts.is_withdrawn and at < facts.expires_at
    return None if is_open else No(ReviewRefusal.GONE)


def why_not_confirm(*, seen: str, now: str) -> No | None:
    """Say why a superior's yes does not count: what was read must be what is there. `seen`, `now`: digests. O12"""
    return None if seen == now else No(ReviewRefusal.CHANGED)
