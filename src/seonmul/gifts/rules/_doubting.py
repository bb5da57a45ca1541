"""Codes that others issue and take: whether they are unused, their issuer alone knows. C3, S5, O9, O10"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seonmul.kit.refusals import No, Refusal, _


class DoubtRefusal(Refusal):
    DECIDED = "doubt_decided", _("그사이 처리된 쿠폰입니다. 새로 고침해서 확인해 주세요.")
    NOT_SEEN = (
        "doubt_not_seen",
        _("쓰지 않은 코드를 발행사가 폐기했는지 먼저 확인하고 표시해 주세요. 환불하지 않았습니다."),
    )
    NOTHING = (
        "doubt_nothing",
        _(
            "여기서 환불할 수 있는 쿠폰이 없습니다. 일부를 썼거나 이미 처리된 쿠폰입니다. 확인한 내용을 적고 그대로 두기로 정리해 주세요."
        ),
    )
    NO_NOTE = "doubt_no_note", _("무엇을 확인했는지 적어 주세요. 정리하지 않았습니다.")


@dataclass(frozen=True)
class PoolCopy:
    """A copy whose code came from a pool. `is_unsent`: its message never left us; `is_link_only`: it went by link alone, so
    that nobody saw the code before it woke. `is_voidable`: whoever issued it ends single codes when we ask.
    """

    is_voidable: bool
    is_unsent: bool
    is_link_only: bool
    wakes_at: datetime | None

    def is_out(self, at: datetime) -> bool:
        """Whether somebody may have the code, and used it where we do not see it."""
        is_asleep = self.is_link_only and self.wakes_at is not None and at < self.wakes_at
        return not self.is_unsent and not is_asleep


def why_not_refund_doubt(why: str, *, is_open: bool, is_seen: bool) -> No | None:
    """Say why copies in doubt may not be refunded. What the issuer itself has cancelled nobody has to ask about again."""
    if not is_open:
        return No(DoubtRefusal.DECIDED)
    return No(DoubtRefusal.NOT_SEEN) if why == "pool" and not is_seen else None


def why_not_leave_doubt(note: str, *, is_open: bool) -> No | None:
    """Say why copies in doubt may not be left as they are: what staff have found out is kept."""
    if not is_open:
        return No(DoubtRefusal.DECIDED)
    return None if note.strip() else No(DoubtRefusal.NO_NOTE)
