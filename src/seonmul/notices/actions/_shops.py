"""What is mailed to staff about shops. V3"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.kit import jobs
from seonmul.members import lookups
from seonmul.members import queries as members
from seonmul.members.models import StaffRole
from seonmul.notices.actions import _sending
from seonmul.vouchers.models import Shop

GUESSING_TITLE = "[선물] {shop} 매장이 없는 쿠폰 번호를 잇달아 조회합니다"
GUESSING = """{brand} {shop} 매장의 열쇠로 없는 쿠폰 번호를 여러 번 조회해서 잠시 막았습니다.
번호를 알아내려는 시도일 수 있습니다. 매장에 확인하고, 열쇠가 새어 나갔으면 폐기한 뒤 새로 만들어 주세요.

매장: {url}
"""


@transaction.atomic
def tell_guessing(shop_id: UUID) -> None:
    """Queue one mail for each who can revoke a shop's key. V3"""
    for one in lookups.staff_in((StaffRole.CATALOGUE, StaffRole.SUPER)):
        jobs.enqueue("notices.mail_guessing", member_id=one.id, shop_id=shop_id)


def mail_guessing(member_id: UUID, shop_id: UUID) -> None:
    """Mail one of them which shop asks for codes that nobody has. V3"""
    shop = Shop.objects.select_related("brand").get(id=shop_id)
    url = f"{settings.PUBLIC_URL}/console/shops/{shop.public_id}/"
    _sending.send_mail(
        GUESSING_TITLE.format(shop=shop.name),
        GUESSING.format(brand=shop.brand.name, shop=shop.name, url=url),
        members.mail_address(member_id),
    )
