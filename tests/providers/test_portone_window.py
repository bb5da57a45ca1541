"""What the browser is handed to open PortOne's window for a card, and what its failures mean. P3"""

from __future__ import annotations

from typing import Any

import pytest

from seonmul.payments.ports import CardWish, Trouble
from seonmul.providers.portone.payments import PortOne


def _wish(**more: Any) -> CardWish:
    return CardWish("ORDER1", 53_000, "아메리카노 외 2건", "O1", "https://shop.example/pay/back", **more)


def test_all_that_the_window_needs(settings: Any) -> None:
    """No instalments, no tax, no cash receipt; custom data are an object for the browser."""
    settings.PUBLIC_URL = "https://shop.example"
    window = PortOne().window(_wish())
    assert window["script"] == settings.PORTONE_JS_URL
    assert window["request"] == {
        "storeId": "store-demo",
        "channelKey": "channel-key-demo-card",
        "paymentId": "ORDER1",
        "orderName": "아메리카노 외 2건",
        "totalAmount": 53_000,
        "taxFreeAmount": 53_000,
        "currency": "KRW",
        "payMethod": "CARD",
        "card": {"installment": {"monthOption": {"fixedMonth": 0}}},
        "customData": {"subject": "O1"},
        "windowType": {"pc": "POPUP", "mobile": "REDIRECTION"},
        "redirectUrl": "https://shop.example/pay/back",
        "noticeUrls": ["https://shop.example/hooks/payments/portone"],
        "bypass": {"kcp_v2": {"disp_tax_yn": "N"}},
    }
    for secret in (settings.PORTONE_API_SECRET, settings.PORTONE_WEBHOOK_SECRET):
        assert secret not in str(window)


def test_only_the_issuers_of_the_table(settings: Any) -> None:
    request = PortOne().window(_wish(issuers=["WOORI_CARD", "NH_CARD", "CITI_CARD"], only_app_card=True))[
        "request"
    ]
    assert request["card"]["availableCards"] == ["WOORI_CARD", "NH_CARD", "CITI_CARD"]
    assert request["card"]["useAppCardOnly"] is True


def test_easy_pay_has_its_own_part(settings: Any) -> None:
    """The browser's script reads `easyPay` then, not `card`; app cards are no matter of it."""
    request = PortOne().window(_wish(issuers=["BC_CARD"], is_easy=True, only_app_card=True))["request"]
    assert (request["payMethod"], "card" in request) == ("EASY_PAY", False)
    assert request["easyPay"] == {
        "installment": {"monthOption": {"fixedMonth": 0}}, "availableCards": ["BC_CARD"]
    }  # fmt: skip


def test_an_issuer_that_the_window_cannot_offer_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="MOON_CARD"):
        PortOne().window(_wish(issuers=["MOON_CARD"]))


@pytest.mark.parametrize(
    ("code", "text", "trouble"),
    [
        ("PGProviderError", "한도 초과/결제 불가 카드", Trouble.RESTRICTED),
        ("PGProviderError", "[8001] 한도초과 카드입니다", Trouble.RESTRICTED),
        ("PGProviderError", "결제 불가 카드입니다.", Trouble.RESTRICTED),
        ("PGProviderError", "환금성 업종 사용이 제한된 카드입니다.", Trouble.RESTRICTED),
        ("PGProviderError", "업종 제한", Trouble.RESTRICTED),
        ("PGProviderError", "점검 중입니다", Trouble.PROVIDER),
        ("PGProviderError", "사용자 취소", Trouble.CLOSED),
        ("PGProviderError", "사용자가 결제를 취소하셨습니다", Trouble.CLOSED),
        ("PAY_PROCESS_CANCELED", "사용자 취소", Trouble.CLOSED),
        ("WINDOW_CLOSED", "사용자가 창을 닫았습니다.", Trouble.CLOSED),
        ("AmountNotEqualToPredefined", "한도 초과", Trouble.CHANGED),
        ("StoreNotFound", "", Trouble.OTHER),
        ("SomethingNew", "모릅니다", Trouble.OTHER),
        ("", "", Trouble.OTHER),
    ],
)
def test_troubles(code: str, text: str, trouble: Trouble) -> None:
    """Only 한도 초과/결제 불가 카드 sends people to their card's manager; KCP's own codes are not known."""
    assert PortOne().trouble(code, text) is trouble
