"""Cards and easy pay: who issues them, and how a payment by one of them reads."""

from __future__ import annotations

from typing import Any

# the names that the browser script takes for availableCards
ISSUERS = {
    "WOORI_CARD": "우리카드",
    "NH_CARD": "NH농협카드",
    "CITI_CARD": "씨티카드",
    "BC_CARD": "BC카드",
    "SHINHAN_CARD": "신한카드",
    "KOOKMIN_CARD": "KB국민카드",
    "HANA_CARD": "하나카드",
    "SAMSUNG_CARD": "삼성카드",
    "HYUNDAI_CARD": "현대카드",
    "LOTTE_CARD": "롯데카드",
}
PROVIDERS = {"KAKAOPAY": "카카오페이", "NAVERPAY": "네이버페이", "TOSSPAY": "토스페이", "PAYCO": "페이코"}
_MONTHS = (0, 2, 3, 6, 12)


def offered(request: dict[str, Any]) -> dict[str, str]:
    """Tell the issuers that the request leaves: card.availableCards, or all."""
    wished = _card(request).get("availableCards")
    if not isinstance(wished, list) or not wished:
        return ISSUERS
    return {code: ISSUERS.get(code, code) for code in wished if isinstance(code, str)} or ISSUERS


def months(request: dict[str, Any]) -> tuple[int, ...]:
    """Tell the instalments that the request leaves; 0 is none."""
    card = _card(request)
    installment = card.get("installment")
    option = installment.get("monthOption") if isinstance(installment, dict) else None
    if card.get("useInstallment") is False:
        return (0,)
    if not isinstance(option, dict):
        return _MONTHS
    if isinstance(option.get("fixedMonth"), int):
        return (option["fixedMonth"],)
    listed = option.get("availableMonthList")
    if isinstance(listed, list):
        return (0, *(one for one in listed if isinstance(one, int) and one > 0))
    return _MONTHS


def method(issuer: str, month: int, *, is_corporate: bool, approval: str) -> dict[str, Any]:
    """Write a payment by card."""
    return {
        "type": "PaymentMethodCard",
        "card": {
            "publisher": issuer,
            "issuer": issuer,
            "brand": "LOCAL",
            "type": "CREDIT",
            "ownerType": "CORPORATE" if is_corporate else "PERSONAL",
            "bin": "538720",
            "name": f"{ISSUERS.get(issuer, issuer)} {'법인' if is_corporate else '개인'}",
            "number": "538720******000*",
        },
        "approvalNumber": approval,
        "installment": {"month": month, "isInterestFree": False},
        "pointUsed": False,
    }


def easy(provider: str, issuer: str, approval: str) -> dict[str, Any]:
    """Write a payment by easy pay; behind it is a personal card."""
    behind = method(issuer, 0, is_corporate=False, approval=approval)
    return {"type": "PaymentMethodEasyPay", "provider": provider, "easyPayMethod": behind}


def _card(request: dict[str, Any]) -> dict[str, Any]:
    card = request.get("card")
    return card if isinstance(card, dict) else {}
