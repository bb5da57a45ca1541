"""What a product is called at the external issuer, and whether it can be had there. C3"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import jobs, wire
from seonmul.kit.refusals import refuse
from seonmul.vouchers import rules
from seonmul.vouchers.issuer import issuer
from seonmul.vouchers.models import ExternalGoods, IssuerHealth
from seonmul.vouchers.ports import Hindered


@transaction.atomic
def set_goods(product_id: UUID, goods_code: str, *, by: UUID, at: datetime) -> None:
    """Say what a product is called at the issuer; it can be sold once the issuer has said that it has it. Raises Refused. C3"""
    code = goods_code.strip()
    refuse(rules.why_not_set_goods(code))
    ExternalGoods.objects.update_or_create(
        product_id=product_id,
        defaults={
            "goods_code": code, "is_on_sale": False, "price_won": None, "days": None, "checked_at": None,
            "next_check_at": at,
        },
    )  # fmt: skip
    audit.record("goods_set", by=by, subject=product_id, at=at, goods_code=code)
    jobs.enqueue_once("vouchers.check_goods", f"goods:{product_id}", product_id=product_id)


def check_goods(product_id: UUID, *, at: datetime) -> None:
    """Ask the issuer about one product, and about our balance there; without an answer the sweep comes back. C3"""
    goods = ExternalGoods.objects.filter(product_id=product_id).first()
    if goods is None:
        return
    later = at + timedelta(minutes=rules.GOODS_MINUTES)
    rows = ExternalGoods.objects.filter(product_id=product_id, goods_code=goods.goods_code)
    try:
        told, balance_won = issuer().goods(goods.goods_code), issuer().balance_won()
    except (wire.WireError, Hindered):
        rows.update(next_check_at=at + timedelta(minutes=1))
        return
    rows.update(
        is_on_sale=told.is_on_sale,
        price_won=told.price_won,
        days=told.days,
        checked_at=at,
        next_check_at=later,
    )
    IssuerHealth.objects.update_or_create(id=1, defaults={"balance_won": balance_won, "balance_at": at})
