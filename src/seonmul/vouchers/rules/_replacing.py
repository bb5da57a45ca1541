"""When another code may take the place of one. S5"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seonmul.kit.refusals import No, Refusal, _


class ReplaceRefusal(Refusal):
    USED = "replace_used", _("이미 사용한 쿠폰이라 번호를 바꿔 다시 보낼 수 없습니다.")
    PARTLY_USED = (
        "replace_partly_used",
        _(
            "일부를 쓴 쿠폰이라 번호를 바꿔 다시 보낼 수 없습니다. 누가 썼는지 받는 분과 확인하고, 남은 금액은 그 쿠폰으로 써 주세요."
        ),
    )
    EXPIRED = "replace_expired", _("유효기간이 지난 쿠폰은 번호를 바꿔 다시 보낼 수 없습니다.")
    ENDED = "replace_ended", _("환불했거나 사용을 끝낸 쿠폰은 번호를 바꿔 다시 보낼 수 없습니다.")
    STOPPED = (
        "replace_stopped",
        _("사용을 멈춘 쿠폰입니다. 멈춘 일이 끝난 뒤에 다시 해 주세요."),
    )
    UNDER_WAY = (
        "replace_under_way",
        _("발행사와 처리 중인 쿠폰입니다. 결과가 나온 뒤에 다시 해 주세요."),
    )
    NOT_VOIDABLE = (
        "replace_not_voidable",
        _(
            "발행사가 코드를 폐기해 주지 않는 상품이라 다른 코드로 바꿀 수 없습니다. 쿠폰은 그대로 쓸 수 있습니다."
        ),
    )
    NOT_VOIDED = (
        "replace_not_voided",
        _("발행사에서 옛 코드를 폐기했는지 먼저 확인하고 표시해 주세요. 바꾼 것은 없습니다."),
    )
    NO_CODE = (
        "replace_no_code",
        _("코드 풀에 남은 코드가 없어 바꾸지 않았습니다. 코드를 올린 뒤 다시 해 주세요."),
    )


@dataclass(frozen=True)
class Replaceable:
    """A voucher whose code should be replaced. `source`: "own", "pool" or "external".

    `is_voidable`: whoever issued a pool's codes ends single ones; `is_settled`: an external issuer has nothing to do for it.
    """

    state: str
    valid_until: datetime
    source: str
    is_voidable: bool = False
    is_settled: bool = True


_STATES = {
    "used": ReplaceRefusal.USED,
    "partly_used": ReplaceRefusal.PARTLY_USED,
    "expired": ReplaceRefusal.EXPIRED,
    "frozen": ReplaceRefusal.STOPPED,
    "ordered": ReplaceRefusal.UNDER_WAY,
    "refunded": ReplaceRefusal.ENDED,
    "void": ReplaceRefusal.ENDED,
    "not_issued": ReplaceRefusal.ENDED,
}


def why_not_replace(voucher: Replaceable, *, at: datetime) -> No | None:
    """Say why no other code may take this one's place: only one that nobody has used any of. S5

    What was used in part stays with whoever uses it: a shop may still undo that, and would not find it.
    """
    if voucher.state in _STATES:
        return No(_STATES[voucher.state])
    if at > voucher.valid_until:
        return No(ReplaceRefusal.EXPIRED)
    if voucher.source == "external" and not voucher.is_settled:
        return No(ReplaceRefusal.UNDER_WAY)
    if voucher.source == "pool" and not voucher.is_voidable:
        return No(ReplaceRefusal.NOT_VOIDABLE)
    return None


def why_not_void(source: str, *, is_voided_there: bool) -> No | None:
    """Say why a code is not taken out of use yet: of a pool, whoever issued it ends it first. S5"""
    return No(ReplaceRefusal.NOT_VOIDED) if source == "pool" and not is_voided_there else None
