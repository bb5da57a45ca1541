"""What is mailed to staff about stock. C3"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.catalog.models import Product
from seonmul.kit import clock, jobs
from seonmul.members import lookups
from seonmul.members import queries as members
from seonmul.members.models import StaffRole
from seonmul.notices.actions import _sending
from seonmul.vouchers import queries as vouchers

#: Who brings codes.
_ROLES = (StaffRole.CATALOGUE, StaffRole.SUPER)

POOL_LOW_TITLE = "[선물] {product} 재고가 {left}개 남았습니다"
POOL_LOW = """{product}({code})의 코드가 {left}개 남았습니다. 알림 기준은 {level}개입니다.
남은 수량보다 많은 주문은 결제할 수 없으니 코드를 더 올려 주세요.
다시 기준보다 많아졌다가 줄어들 때까지는 알리지 않습니다.

재고: {url}
"""


@transaction.atomic
def tell_pool_low(product_id: UUID) -> None:
    """Queue one mail for each who can bring codes. C3"""
    for one in lookups.staff_in(_ROLES):
        jobs.enqueue("notices.mail_pool_low", member_id=one.id, product_id=product_id)


def mail_pool_low(member_id: UUID, product_id: UUID, *, at: datetime) -> None:
    """Mail one of them how many codes are left, as things stand now. C3"""
    product = Product.objects.select_related("brand").get(id=product_id)
    pool = vouchers.pool_of(product_id)
    if pool is None:
        return
    left = vouchers.left(product_id, clock.seoul_date(at))
    words = {
        "product": f"{product.brand.name} {product.name}",
        "code": product.code,
        "left": f"{left:,}",
        "level": f"{vouchers.low_below(pool, at):,}",
        "url": f"{settings.PUBLIC_URL}/console/products/{product.code}/stock/",
    }
    _sending.send_mail(
        POOL_LOW_TITLE.format(**words), POOL_LOW.format(**words), members.mail_address(member_id)
    )


HINDERED_TITLE = "[선물] 외부 발행사가 쿠폰을 발행하지 않고 있습니다"
HINDERED = """{why}
발행을 기다리는 쿠폰은 그대로 보관하고, 발행사가 받아 주면 저절로 이어서 보냅니다. 두 번 발행되지 않습니다.
다시 발행된 뒤 또 멈출 때까지는 알리지 않습니다.

상품: {url}
"""
HINDRANCES = {
    "balance": "외부 발행사에 맡긴 예치금이 모자랍니다. 발행사에 예치금을 채워 주세요.",
    "key": "외부 발행사가 우리 인증키를 받아 주지 않습니다. 설정의 인증코드와 토큰을 확인해 주세요.",
}


@transaction.atomic
def tell_hindered() -> None:
    """Queue one mail for each who can mend it. C3"""
    for one in lookups.staff_in((*_ROLES, StaffRole.FINANCE)):
        jobs.enqueue("notices.mail_hindered", member_id=one.id)


def mail_hindered(member_id: UUID) -> None:
    """Mail one of them why the external issuer gives nothing, unless it is mended already. C3"""
    why = HINDRANCES.get(vouchers.health().hindrance)
    if why:
        body = HINDERED.format(why=why, url=f"{settings.PUBLIC_URL}/console/products/")
        _sending.send_mail(HINDERED_TITLE, body, members.mail_address(member_id))
