"""Words for codes: results, repairs and refusals in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.template import Context
from django.utils.translation import gettext

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import Offer
from seonmul.dispatch.models import Channel
from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import Words, words_of
from seonmul.figures import queries as figures_now
from seonmul.figures.rules import TAX_PAPERS
from seonmul.kit import clock, masks, phones
from seonmul.kit.phones import Repair
from seonmul.kit.refusals import _
from seonmul.orders.lists import Cells
from seonmul.orders.models import OrderKind
from seonmul.storefront import draft_page
from seonmul.vouchers.models import VoucherState

register = template.Library()


@register.filter
def price_at(offer: Offer, tier_percent: int) -> int:
    """What a buyer of this tier pays for one. M3"""
    return catalog.price_won(offer, tier_percent)


@register.simple_tag(takes_context=True)
def tax_papers(context: Context) -> list[str]:
    """Why there is no tax invoice and no cash receipt, and what there is instead, wherever somebody looks. P6"""
    said = tax_texts(context)
    return [said[name] for name in TAX_PAPERS]


@register.simple_tag(takes_context=True)
def tax_texts(context: Context) -> dict[str, str]:
    """What operators say of taxes, by name; asked for once a page. P6"""
    kept: dict[str, dict[str, str]] = vars(context["request"])
    if "tax_texts" not in kept:
        kept["tax_texts"] = figures_now.texts(clock.now())
    return kept["tax_texts"]


_REPAIRS = {repair.code: repair for repair in Repair}


@register.filter
def repaired(code: str) -> str:
    """What was mended in a cell."""
    return gettext(_REPAIRS[code].sentence) if code in _REPAIRS else ""


@register.filter
def words(result: str, channel: str = "") -> Words:
    """A result as label, cause and next step, as its channel means it. S4"""
    found = words_of(Result(result), channel)
    return Words(*(gettext(part) if part else "" for part in (found.label, found.cause, found.next_step)))


@register.filter
def voucher_state(state: str) -> str:
    """A voucher's state as people call it."""
    return str(VoucherState(state).label)


@register.filter
def channel_name(channel: str) -> str:
    """A channel as people call it."""
    return str(Channel(channel).label)


@register.filter
def masked_to(cells: Cells, kind: str) -> str:
    """Where a row goes, masked: its number, or in an order by mail its address. X2"""
    return masks.mask_mail(cells.mail) if kind == OrderKind.MAIL else masks.mask_phone(cells.phone)


@register.filter
def whole_to(cells: Cells, kind: str) -> str:
    """The same whole, for whoever has the right. M7"""
    return cells.mail if kind == OrderKind.MAIL else phones.format_phone(cells.phone)


@register.filter
def local_input(moment: datetime | None) -> str:
    """A moment as a browser's field for date and time takes it."""
    return draft_page.local_input(moment)


_MOVEMENTS = {
    "charge": _("충전"),
    "hold": _("보류"),
    "capture": _("사용"),
    "release": _("반환"),
    "refund": _("환불"),
    "reward": _("리워드 적립"),
    "reward_back": _("리워드 회수"),
    "reward_ended": _("리워드 소멸"),
    "reward_given_up": _("리워드 포기"),
    "card": _("카드 결제"),
    "parked": _("확인할 입금"),
    "refund_asked": _("환불 요청"),
    "refund_done": _("환불 완료"),
    "payout": _("캐쉬 환급"),
    "claim": _("쿠폰 만료 환불"),
}


@register.filter
def movement(kind: str) -> str:
    """What a transfer is called on a statement. P1"""
    return gettext(_MOVEMENTS.get(kind, kind))
