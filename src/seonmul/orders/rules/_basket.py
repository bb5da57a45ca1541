"""Decisions on a basket: what may lie together in one order, and whether each product of it can be had. C1, C3, O1, O8"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from seonmul.catalog import rules as catalog
from seonmul.catalog.rules import OfferFacts
from seonmul.figures.rules import Figures
from seonmul.kit.refusals import No, Refusal, _
from seonmul.vouchers import rules as vouchers


class BasketRefusal(Refusal):
    OTHER_LIST = (
        "basket_other_list",
        _(
            "이 주문은 다른 상품리스트로 쓰고 있어 담지 않았습니다. 그 상품리스트에서 고르거나 새로 주문해 주세요."
        ),
    )
    FULL = (
        "basket_full",
        _("한 주문에는 상품을 {most}가지까지 담을 수 있어 담지 않았습니다. 나머지는 새로 주문해 주세요."),
    )
    LAST = "basket_last", _("주문에는 상품이 하나는 있어야 합니다. 다른 상품을 먼저 담아 주세요.")
    THERE_ALREADY = "basket_there_already", _("이미 이 주문에 담은 상품입니다.")
    NOBODY = "basket_nobody", _("받는 분이 없습니다. 받는 분을 넣거나 이 상품을 주문에서 빼 주세요.")
    NOT_MIXED = (
        "basket_not_mixed",
        _("상품권류와 다른 상품이 함께 담긴 주문만 나눌 수 있습니다. 주문은 그대로 있습니다."),
    )


@dataclass(frozen=True)
class LineFacts:
    """One product of a basket at the moment of paying. `name`: as it is called where there are several.

    `stock_left`: how many copies there are for this order, None where there is no end; `is_own`: no other issuer's. C3
    """

    name: str
    offer: OfferFacts | None
    copies: int
    stock_left: int | None = None
    is_own: bool = True


def why_not_put(*, is_same_list: bool, count: int, is_there: bool, figures: Figures) -> No | None:
    """Say why one more product may not go into a basket of `count`. O1"""
    if not is_same_list:
        return No(BasketRefusal.OTHER_LIST)
    if is_there:
        return No(BasketRefusal.THERE_ALREADY)
    if count >= figures.basket_products_most:
        return No(BasketRefusal.FULL, {"most": figures.basket_products_most})
    return None


def why_not_take_out(count: int) -> No | None:
    """Say why a product may not leave a basket of `count`. O1"""
    return No(BasketRefusal.LAST) if count <= 1 else None


def why_not_split_basket(certificates: int, count: int) -> No | None:
    """Say why there is nothing to part: only a basket of gift certificates and other goods waits whole. O8"""
    return None if 0 < certificates < count else No(BasketRefusal.NOT_MIXED)


def why_not_buy(lines: Sequence[LineFacts], *, is_company: bool, at: datetime) -> No | None:
    """Say why one of these products may not be bought, and which. C1, M3"""
    return _first(lines, lambda line: catalog.why_not_buy(line.offer, is_company=is_company, at=at))


def why_not_fill(lines: Sequence[LineFacts]) -> No | None:
    """Say which product nobody gets, or cannot be had as often as it is wanted. C3, O1"""
    return _first(
        lines,
        lambda line: (
            No(BasketRefusal.NOBODY)
            if not line.copies
            else vouchers.why_not_fill(line.copies, line.stock_left)
        ),
    )


def why_not_send_by(lines: Sequence[LineFacts], channel: str) -> No | None:
    """Say which product's vouchers may not go by this channel. C1"""
    return _first(lines, lambda line: catalog.why_not_send_by(line.offer, channel))


def why_not_go_as(lines: Sequence[LineFacts], kind: str) -> No | None:
    """Say which product keeps the order from being one by text, or by mail. O1, C1"""
    return _first(lines, lambda line: catalog.why_not_order_by(line.offer, kind))


def _first(lines: Sequence[LineFacts], why_not: Callable[[LineFacts], No | None]) -> No | None:
    """The first no, with the name of its product where there are several."""
    for line in lines:
        if no := why_not(line):
            return replace(no, about=line.name) if len(lines) > 1 else no
    return None
