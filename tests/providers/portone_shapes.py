"""Payments as PortOne writes them: the vendor's own form, as its SDK was seen to read it."""

from __future__ import annotations

from typing import Any

CHANNEL = {
    "type": "TEST", "id": "channel-id-1", "key": "channel-key-demo-card", "name": "KCP test",
    "pgProvider": "KCP_V2", "pgMerchantId": "T0000",
}  # fmt: skip
CARD = {
    "type": "PaymentMethodCard",
    "card": {
        "publisher": "WOORI_CARD", "issuer": "WOORI_CARD", "brand": "LOCAL", "type": "CREDIT",
        "ownerType": "CORPORATE", "bin": "538720", "name": "우리법인", "number": "538720******000*",
    },
    "approvalNumber": "30000001",
    "installment": {"month": 0, "isInterestFree": False},
    "pointUsed": False,
}  # fmt: skip
ACCOUNT = {
    "type": "PaymentMethodVirtualAccount", "bank": "SHINHAN", "accountNumber": "56200000000000",
    "accountType": "NORMAL", "remitteeName": "오피스샘플", "remitterName": "홍길동",
    "expiredAt": "2026-12-06T23:59:59+09:00", "issuedAt": "2026-11-22T10:00:00+09:00",
}  # fmt: skip


def _common(status: str, reference: str, paid: int) -> dict[str, Any]:
    return {
        "status": status, "id": reference, "transactionId": "018f0000-0000-7000-8000-000000000001",
        "merchantId": "merchant-dummy", "storeId": "store-demo", "channel": dict(CHANNEL), "version": "V2",
        "requestedAt": "2026-11-22T10:00:00+09:00", "updatedAt": "2026-11-22T10:00:00+09:00",
        "statusChangedAt": "2026-11-22T10:00:00+09:00", "orderName": "캐쉬 충전 100,000원",
        "amount": {"total": 100000, "taxFree": 100000, "vat": 0, "supply": 0, "discount": 0, "paid": paid,
                   "cancelled": 0, "cancelledTaxFree": 0},
        "currency": "KRW",
        "customer": {"id": "member-1", "name": "홍길동", "email": "hong@example.invalid",
                     "phoneNumber": "01000000000"},
        "origin": {"platformType": "PC", "url": "http://127.0.0.1/checkout", "ipAddress": "127.0.0.1"},
        "customData": '{"subject":"O1"}',
    }  # fmt: skip


def paid(reference: str = "R1", **more: Any) -> dict[str, Any]:
    """Paid by a corporate card."""
    return _common("PAID", reference, 100000) | {
        "method": dict(CARD), "paidAt": "2026-11-22T10:00:00+09:00", "pgTxId": "2611220000001", "disputes": [],
    } | more  # fmt: skip


def issued(reference: str = "R1", **more: Any) -> dict[str, Any]:
    """An account was given out."""
    channel = CHANNEL | {"key": "channel-key-demo-account"}
    return (
        _common("VIRTUAL_ACCOUNT_ISSUED", reference, 0) | {"channel": channel, "method": dict(ACCOUNT)} | more
    )


def failed(reference: str = "R1", **more: Any) -> dict[str, Any]:
    """Refused by the card company."""
    failure = {"reason": "결제가 거절되었습니다.", "pgCode": "X1", "pgMessage": "한도 초과/결제 불가 카드"}
    return (
        _common("FAILED", reference, 0) | {"failedAt": "2026-11-22T10:00:00+09:00", "failure": failure} | more
    )


def cancellation(status: str = "SUCCEEDED", won: int = 30000, reason: str = "[K1] 환불") -> dict[str, Any]:
    """Money that went back."""
    return {
        "status": status, "id": f"c-{won}", "totalAmount": won, "taxFreeAmount": won, "vatAmount": 0,
        "reason": reason, "requestedAt": "2026-11-23T10:00:00+09:00", "cancelledAt": "2026-11-23T10:00:00+09:00",
    }  # fmt: skip


def cancelled(*cancellations: dict[str, Any], paid_won: int = 100000, **more: Any) -> dict[str, Any]:
    """Paid, and some or all of it went back."""
    back = sum(one["totalAmount"] for one in cancellations if one["status"] == "SUCCEEDED")
    body = paid(status="CANCELLED" if back == 100000 else "PARTIAL_CANCELLED")
    body["amount"] |= {"cancelled": back, "cancelledTaxFree": back, "paid": paid_won}
    return body | {"cancellations": list(cancellations), "cancelledAt": "2026-11-23T10:00:00+09:00"} | more
