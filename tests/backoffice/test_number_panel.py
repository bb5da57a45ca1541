"""A change of number at the console: checked, confirmed or not, and followed. S5, H3, B"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift, NumberChange
from seonmul.kit import clock
from seonmul.support import actions
from seonmul.support.models import Inquiry, InquiryKind
from seonmul.support.rules import InquiryRefusal
from seonmul.vouchers.models import Voucher
from seonmul.vouchers.rules import ReplaceRefusal
from tests import given
from tests.gifts.test_cancelling import sent

pytestmark = pytest.mark.django_db


def inquiry() -> Inquiry:
    firm = given.company()
    sent(firm, 1)
    gift = Gift.objects.get()
    return actions.ask(
        firm.owner, InquiryKind.NUMBER, "번호가 바뀌었어요.", about=gift.public_id, to="010-9999-0001", at=clock.now()
    )  # fmt: skip


def matter(row: Inquiry) -> str:
    return reverse("backoffice:matter", args=["inquiry", row.public_id])


def act(client: Client, row: Inquiry, **typed: str):  # type: ignore[no-untyped-def]
    return client.post(reverse("backoffice:inquiry_act", args=[row.public_id]), typed)


def test_staff_see_the_copy_masked_and_change_its_number(console: Callable[[str], Client]) -> None:
    """S5: the trail stands there and in the log."""
    row, client = inquiry(), console("support")
    page = client.get(matter(row)).content.decode()
    assert "010-****-0001" in page and "9999" not in page and "번호 바꿔 다시 보내기" in page
    assert "아이스 아메리카노" in page and "전송성공" in page
    assert act(client, row, verdict="change", text="확인했습니다.").status_code == 302
    assert gifts.cells_of(Gift.objects.select_related("recipient").get()).phone == "01099990001"
    page = client.get(matter(row)).content.decode()
    assert "번호를 바꿔 다시 보냄" in page and "교체함" in page
    assert Act.objects.filter(verb="number_changed").count() == 1


def test_staff_may_leave_it_as_it_is(console: Callable[[str], Client]) -> None:
    """S5"""
    row, client = inquiry(), console("support")
    refused = act(client, row, verdict="refuse")
    assert refused.status_code == 422 and InquiryRefusal.NO_MOVE_REASON.sentence in refused.content.decode()
    act(client, row, verdict="refuse", why="arrived")
    assert (
        not NumberChange.objects.exists() and "번호를 바꾸지 않음" in client.get(matter(row)).content.decode()
    )


def test_what_cannot_be_changed_is_said_before_anybody_tries(console: Callable[[str], Client]) -> None:
    """S5"""
    row, client = inquiry(), console("support")
    Voucher.objects.update(state="used")
    page = client.get(matter(row)).content.decode()
    assert ReplaceRefusal.USED.sentence in page and "번호 바꿔 다시 보내기" not in page
    assert act(client, row, verdict="change").status_code == 422


def test_whoever_may_not_answer_changes_nothing(console: Callable[[str], Client]) -> None:
    """B"""
    row = inquiry()
    assert act(console("finance"), row, verdict="change").status_code == 403
    assert not NumberChange.objects.exists()
