"""Which card works by which way: the issuers that the table may speak of, and when a row may be added. P3"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _

#: Our code of an issuer (providers map theirs to it) and how people call it.
ISSUERS = {
    "BC_CARD": _("BC카드"),
    "CITI_CARD": _("씨티카드"),
    "EPOST": _("우체국카드"),
    "GWANGJU_CARD": _("광주카드"),
    "HANA_CARD": _("하나카드"),
    "HYUNDAI_CARD": _("현대카드"),
    "JEJU_CARD": _("제주카드"),
    "JEONBUK_CARD": _("전북카드"),
    "KAKAO_BANK": _("카카오뱅크"),
    "KFCC": _("새마을금고"),
    "KOOKMIN_CARD": _("KB국민카드"),
    "KOREA_DEVELOPMENT_BANK": _("KDB산업은행"),
    "K_BANK": _("케이뱅크"),
    "LOTTE_CARD": _("롯데카드"),
    "MIRAE_ASSET_SECURITIES": _("미래에셋증권"),
    "NH_CARD": _("NH농협카드"),
    "SAMSUNG_CARD": _("삼성카드"),
    "SAVINGS_BANK_KOREA": _("저축은행"),
    "SHINHAN_CARD": _("신한카드"),
    "SHINHYUP": _("신협"),
    "SUHYUP_CARD": _("수협카드"),
    "TOSS_BANK": _("토스뱅크"),
    "WOORI_CARD": _("우리카드"),
}

CARDS = ("personal", "named", "shared")
#: Ways that a card can go; NO_WAY stands alone.
WAYS = ("card", "easy", "app")
NO_WAY = "none"
ISSUER_NOTE_MOST = 200


class IssuerRefusal(Refusal):
    UNKNOWN = "issuer_unknown", _("표에 없는 카드사나 카드 종류입니다. 목록에서 골라 주세요.")
    NO_WAY = (
        "issuer_no_way",
        _("결제 방법을 하나 이상 고르거나 ‘결제할 수 없음’만 골라 주세요. 바꾸지 않았습니다."),
    )
    FUTURE = "issuer_checked_in_future", _("확인한 날은 오늘까지 적을 수 있습니다. 바꾸지 않았습니다.")


def why_not_add_issuer_rule(
    issuer: str, card: str, ways: Sequence[str], checked_on: date, *, at: datetime
) -> No | None:
    """Say why a row of the table may not be added. `ways`: the one to try first in front, each once. P3"""
    if issuer not in ISSUERS or card not in CARDS:
        return No(IssuerRefusal.UNKNOWN)
    if list(ways) != [NO_WAY] and (not ways or set(ways) - set(WAYS) or len(set(ways)) < len(ways)):
        return No(IssuerRefusal.NO_WAY)
    if checked_on > clock.seoul_date(at):
        return No(IssuerRefusal.FUTURE)
    return None
