"""Decisions of the catalogue. C1, C2, M3."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _

#: How a voucher may reach a recipient, the usual way first; `dispatch.models.Channel` carries them.
CHANNELS = ("lms", "mms", "sms", "mail")
#: The two kinds of orders; a mail is the one channel of its kind. O1
TEXT, MAIL = "text", "mail"
#: Where vouchers may come from; `catalog.models.Supplier` says it in words. C3
SUPPLIERS = ("own", "pool", "external")


class ProductRefusal(Refusal):
    NOT_ON_LIST = "product_not_on_list", _("이 상품은 지금 보시는 상품리스트에 없습니다.")
    SOLD_OUT = "product_sold_out", _("품절된 상품입니다. 다른 상품을 골라 주세요.")
    NOT_YET = "product_not_yet_on_sale", _("{day}부터 판매하는 상품입니다. 그날부터 주문해 주세요.")
    NO_LONGER = "product_no_longer_on_sale", _("판매가 끝난 상품입니다. 다른 상품을 골라 주세요.")
    CHANNEL = (
        "product_channel",
        _("이 상품은 {channel} 문자로 보낼 수 없습니다. 적은 내용은 그대로 있으니 다른 방법을 골라 주세요."),
    )
    NOT_BY_MAIL = (
        "product_not_by_mail",
        _(
            "이메일로 보낼 수 없는 상품입니다. 적은 내용은 그대로 있으니 문자로 보내거나 다른 상품을 골라 주세요."
        ),
    )
    NOT_BY_TEXT = (
        "product_not_by_text",
        _(
            "문자로 보낼 수 없는 상품입니다. 적은 내용은 그대로 있으니 이메일로 보내거나 다른 상품을 골라 주세요."
        ),
    )
    CORPORATE_ONLY = "product_corporate_only", _("기업회원 상품리스트의 상품은 기업회원만 살 수 있습니다.")


@dataclass(frozen=True)
class OfferFacts:
    """A product on the list an order uses."""

    is_shown: bool
    is_sold_out: bool
    is_gift_certificate: bool
    is_corporate_list: bool
    on_sale_from: date | None = None
    on_sale_to: date | None = None
    channels: tuple[str, ...] = CHANNELS


def why_not_buy(offer: OfferFacts | None, *, is_company: bool, at: datetime) -> No | None:
    """Say why a buyer may not order this product from this list. C1, M3"""
    if offer is None or not offer.is_shown:
        return No(ProductRefusal.NOT_ON_LIST)
    if offer.is_corporate_list and not is_company:
        return No(ProductRefusal.CORPORATE_ONLY)
    day = clock.seoul_date(at)
    if offer.on_sale_from and day < offer.on_sale_from:
        return No(ProductRefusal.NOT_YET, {"day": clock.korean_date(offer.on_sale_from)})
    if offer.on_sale_to and day > offer.on_sale_to:
        return No(ProductRefusal.NO_LONGER)
    if offer.is_sold_out:
        return No(ProductRefusal.SOLD_OUT)
    return None


def is_discontinued(offer: OfferFacts | None, *, at: datetime) -> bool:
    """Whether what was agreed earlier is not sold any more: off the list, past its last day, or sold out. C1, O12"""
    if offer is None or not offer.is_shown or offer.is_sold_out:
        return True
    return offer.on_sale_to is not None and clock.seoul_date(at) > offer.on_sale_to


def why_not_send_by(offer: OfferFacts | None, channel: str) -> No | None:
    """Say why this product's vouchers may not go by this channel. C1"""
    if offer is None or channel in offer.channels:
        return None
    no = why_not_order_by(offer, MAIL if channel == MAIL else TEXT)
    return no or No(ProductRefusal.CHANNEL, {"channel": channel.upper()})


def why_not_order_by(offer: OfferFacts | None, kind: str) -> No | None:
    """Say why this product cannot be in an order of this kind, "text" or "mail". C1, O1"""
    if offer is None or channels_of(kind, offer.channels):
        return None
    return No(ProductRefusal.NOT_BY_MAIL if kind == MAIL else ProductRefusal.NOT_BY_TEXT)


def channels_of(kind: str, ways: Collection[str]) -> list[str]:
    """By which of these channels an order by text or by mail goes, the usual one first. `kind`: of the order. O1, C1"""
    return [one for one in CHANNELS if one in ways and (one == MAIL) == (kind == MAIL)]


def price_won(
    list_price_won: int, *, is_gift_certificate: bool, is_corporate_list: bool, tier_percent: int
) -> int:
    """What a buyer of this tier pays for one: goods on the corporate list get it off, to the won in their favour. M3"""
    if is_gift_certificate or not is_corporate_list:
        return list_price_won
    return list_price_won * (100 - tier_percent) // 100


def search_text(brand: str, name: str) -> str:
    """The text a search looks in: without blanks, since Korean words are joined as one likes."""
    return "".join(f"{brand}{name}".lower().split())


class EditRefusal(Refusal):
    NO_NAME = "edit_no_name", _("상품 이름을 적어 주세요.")
    LONG_NAME = "edit_long_name", _("상품 이름은 {most}자까지 적을 수 있습니다.")
    LONG_NOTES = "edit_long_notes", _("이용 안내는 {most:,}자까지 적을 수 있습니다.")
    COPIES = "edit_copies", _("한 사람에게 보낼 수 있는 수량은 {least}부터 {most}까지입니다.")
    PRICE = "edit_price", _("가격은 {least:,}원부터 {most:,}원까지 정할 수 있습니다.")
    VALIDITY = "edit_validity", _("유효기간은 {least}일부터 {most:,}일까지 정할 수 있습니다.")
    CANCEL = (
        "edit_cancel",
        _("취소할 수 있는 날은 {least}일부터 {most}일까지 정할 수 있습니다. 바꾸지 않았습니다."),
    )
    CHANNELS = "edit_channels", _("보내는 방법을 하나 이상 골라 주세요.")
    SUPPLIER = (
        "edit_supplier",
        _("공급처를 자체 발행, 코드 풀, 외부 발행사 가운데서 골라 주세요."),
    )
    SALE_DAYS = "edit_sale_days", _("판매 마지막 날이 첫날보다 앞섭니다. 날짜를 다시 정해 주세요.")
    SUBSTITUTE = (
        "edit_substitute",
        _("대체 상품을 찾지 못했습니다. 이 상품이 아닌 다른 상품의 코드를 적어 주세요."),
    )
    CHANGED = (
        "edit_changed_meanwhile",
        _(
            "그사이 다른 담당자가 이 상품을 바꿨습니다. 바꾸지 않았으니 지금 값을 확인하고 다시 저장해 주세요."
        ),
    )


@dataclass(frozen=True)
class OfferWanted:
    """A product on one list as it is to be; `cancel_days`: as in Offer. M3, O10"""

    is_shown: bool
    price_won: int
    validity_days: int
    cancel_days: int = 0


@dataclass(frozen=True)
class ProductWanted:
    """A product as it is to be; `offers` by list, `substitute` by code, "" for none."""

    name: str
    notes: str
    copies_most: int
    is_sold_out: bool
    is_gift_certificate: bool
    offers: Mapping[str, OfferWanted]
    channels: tuple[str, ...] = CHANNELS
    supplier: str = "own"
    on_sale_from: date | None = None
    on_sale_to: date | None = None
    substitute: str = ""


NAME_MOST, NOTES_MOST = 80, 2_000
COPIES = (1, 5)  # fixed, C1
PRICE_WON = (100, 1_000_000)
VALIDITY_DAYS = (1, 1_825)
CANCEL_DAYS = (0, 365)


def why_not_edit(wanted: ProductWanted, *, is_current: bool, is_substitute_known: bool = True) -> No | None:
    """Say why a product may not become like this; `is_current`: nobody changed what the editor saw. C1, C3, M3

    `is_substitute_known`: there is such a product, and it is another one.
    """
    if not is_current:
        return No(EditRefusal.CHANGED)
    if not wanted.name.strip():
        return No(EditRefusal.NO_NAME)
    if len(wanted.name.strip()) > NAME_MOST:
        return No(EditRefusal.LONG_NAME, {"most": NAME_MOST})
    if len(wanted.notes) > NOTES_MOST:
        return No(EditRefusal.LONG_NOTES, {"most": NOTES_MOST})
    if no := _outside(EditRefusal.COPIES, wanted.copies_most, COPIES) or _why_not_sell(wanted):
        return no
    if wanted.substitute and not is_substitute_known:
        return No(EditRefusal.SUBSTITUTE)
    for offer in wanted.offers.values():
        no = _outside(EditRefusal.PRICE, offer.price_won, PRICE_WON)
        no = no or _outside(EditRefusal.VALIDITY, offer.validity_days, VALIDITY_DAYS)
        no = no or _outside(EditRefusal.CANCEL, offer.cancel_days, CANCEL_DAYS)
        if no:
            return no
    return None


def _why_not_sell(wanted: ProductWanted) -> No | None:
    if not wanted.channels or not set(wanted.channels) <= set(CHANNELS):
        return No(EditRefusal.CHANNELS)
    if wanted.supplier not in SUPPLIERS:
        return No(EditRefusal.SUPPLIER)
    if wanted.on_sale_from and wanted.on_sale_to and wanted.on_sale_to < wanted.on_sale_from:
        return No(EditRefusal.SALE_DAYS)
    return None


def _outside(why: EditRefusal, value: int, bounds: tuple[int, int]) -> No | None:
    least, most = bounds
    return None if least <= value <= most else No(why, {"least": least, "most": most})
