"""□ 주문시 발신번호로 자동입력. M5"""

from __future__ import annotations

import pytest

from seonmul.catalog.models import List
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Proof
from seonmul.members.models import Member
from seonmul.orders import actions
from tests import given
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


def sender_of_a_new_draft(by: Member) -> str:
    return actions.begin(by, List.CORPORATE, given.product().code, at=MONDAY).sender


def test_the_own_number_stands_before_the_companys() -> None:
    firm = given.company(sender="15770000")
    assert sender_of_a_new_draft(firm.owner) == "15770000"
    dispatch.register_sender(
        firm.buyer.id, "01020090001", label="", at=MONDAY, member_id=firm.owner.id, proof=Proof.IDENTITY
    )
    assert sender_of_a_new_draft(firm.owner) == "01020090001"


def test_switched_off_the_sender_is_empty_at_every_order() -> None:
    firm = given.company(sender="15770000")
    Member.objects.filter(id=firm.owner.id).update(auto_sender=False)
    firm.owner.refresh_from_db()
    assert sender_of_a_new_draft(firm.owner) == ""
