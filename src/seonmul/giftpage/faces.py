"""How a voucher looks as a picture: the same on the page, in an MMS, in a mail, and as a sample before it is paid. S1, V5"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from seonmul.catalog.models import Product
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift
from seonmul.kit import clock, masks, particles, voucher_pictures
from seonmul.members.models import Buyer, BuyerKind
from seonmul.ui import bojagi, pictures
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers import rules as voucher_rules
from seonmul.vouchers.rules import Terms

#: What the bars of a sample say; no voucher has a code of letters alone.
_SAMPLE = "SAMPLE"


def sender_of(buyer: Buyer) -> str:
    """Who sent it: a company's name whole, a person's masked. V5"""
    return buyer.name if buyer.kind == BuyerKind.COMPANY else _("%s 님") % masks.mask_name(buyer.name)


def heading_of(sender: str) -> str:
    """The one sentence that tells it from a phishing message. V5"""
    return _("%(sender)s%(particle)s 보낸 선물") % {"sender": sender, "particle": particles.subject(sender)}


def drawing_of(product: Product) -> str:
    """The drawing of a product; a bag for one that has none."""
    return product.picture if product.picture in pictures.KINDS else "bag"


def picture(gift: Gift) -> bytes:
    """The JPEG of a gift's voucher; `gift` comes with its voucher, product and buyer."""
    code, pin = vouchers.code_of(gift.voucher), vouchers.pin_of(gift.voucher)
    digits = voucher_rules.grouped(code) + (f"  PIN {pin}" if pin else "")
    face = _face(
        gift.order.buyer, gift.line.product, gift.order.public_id, gift.voucher.valid_until,
        gifts.terms_of_line(gift.line),
    )  # fmt: skip
    return voucher_pictures.jpeg(face, code, digits)


def sample(buyer: Buyer, product: Product, seed: str, valid_until: datetime, terms: Terms) -> bytes:
    """What a voucher of this product will look like, bought today. Its bars are no voucher's. O3, O5, V4"""
    return voucher_pictures.jpeg(_face(buyer, product, seed, valid_until, terms), _SAMPLE, _("견본"))


def _face(
    buyer: Buyer, product: Product, seed: str, valid_until: datetime, terms: Terms
) -> voucher_pictures.Face:
    """The part that has nothing of the code. `terms`: of the day of purchase; what gives nothing back says so. V4"""
    return voucher_pictures.Face(
        heading=heading_of(sender_of(buyer)),
        brand=product.brand.name,
        name=product.name,
        until=_("%s까지") % clock.korean_date(clock.seoul_date(valid_until)),
        terms="" if terms.gives_back else _("(연장·환불 안 됨)"),
        note=product.brand.shops,
        drawing=pictures.picture_svg(drawing_of(product), product.brand.name),
        cloth=bojagi.bojagi_svg(seed, width=voucher_pictures.WIDTH, height=voucher_pictures.CLOTH_HEIGHT),
    )
