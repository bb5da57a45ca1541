"""What a recipient is texted about money at the end of a voucher. V4"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch.actions import Outgoing
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import ClaimState
from seonmul.notices.actions import _sending

CLAIMS = {
    ClaimState.APPROVED: "[선물] 쿠폰 환불 #{won}원을 승인했습니다. 곧 적어 주신 계좌로 보냅니다.",
    ClaimState.PAID: "[선물] 쿠폰 환불 #{won}원을 보내 드렸습니다.",
    ClaimState.REFUSED: "[선물] 쿠폰 환불을 할 수 없었습니다. 이유를 이 주소에서 확인해 주세요.\n#{url}",
    ClaimState.MISMATCH: "[선물] 쿠폰 환불: 은행이 알려 준 예금주가 적은 이름과 다릅니다. 이 주소에서 다시 신청해 주세요.\n#{url}",
}


@transaction.atomic
def tell_claim(claim_id: UUID, *, at: datetime) -> None:
    """Tell a recipient how a claim stands, at the number or address that was proved. V4"""
    row = gifts.claim(claim_id)
    text = CLAIMS.get(ClaimState(row.state))
    if row.is_of_buyer or text is None:
        return
    _kind, address = gifts.proof_address(row.gift)
    url = f"{settings.PUBLIC_URL}/g/{gifts.link_of(row.gift)}/refund"
    fields = {"won": f"{row.won:,}", "url": url}
    if "@" in address:
        said = text
        for place, value in fields.items():
            said = said.replace(f"#{{{place}}}", value)
        _sending.send_mail("[선물] 쿠폰 환불", said, address)
    else:
        _sending.send_text(None, text, Outgoing(row.id, address, fields), at, "lms")
