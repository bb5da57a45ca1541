"""Decisions of the catalogue. C1, C2, M3."""

from __future__ import annotations

from dataclasses import dataclass

from seonmul.kit.refusals import No, Refusal, _


class ProductRefusal(Refusal):
    NOT_ON_LIST = "product_not_on_list", _("이 상품은 지금 보시는 상품리스트에 없습니다.")
    SOLD_OUT = "product_sold_out", _("품절된 상품입니다. 다른 상품을 골라 주세요.")
    CORPORATE_ONLY = "product_corporate_only", _("기업회원 상품리스트의 상품은 기업회원만 살 수 있습니다.")
    NEEDS_APPROVAL = (
        "product_needs_approval",
        _("상품권류는 한도 확인과 승인을 거쳐 판매합니다. 지금은 주문할 수 없습니다."),
    )


@dataclass(frozen=True)
class OfferFacts:
    """A product on the list an order uses."""

    is_shown: bool
    is_sold_out: bool
    is_gift_certificate: bool
    is_corporate_list: bool


def why_not_buy(offer: OfferFacts | None, *, is_company: bool) -> No | None:
    """Say why a buyer may not order this product from this list. C1, M3, O7"""
    if offer is None or not offer.is_shown:
        return No(ProductRefusal.NOT_ON_LIST)
    if offer.is_corporate_list and not is_company:
        return No(ProductRefusal.CORPORATE_ONLY)
    if offer.is_sold_out:
        return No(ProductRefusal.SOLD_OUT)
    if offer.is_gift_certificate:
        return No(ProductRefusal.NEEDS_APPROVAL)
    return None


def search_text(brand: str, name: str) -> str:
    """The text a search looks in: without blanks, since Korean words are joined as one likes."""
    return "".join(f"{brand}{name}".lower().split())
