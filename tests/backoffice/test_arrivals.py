"""도착 확인: somebody on the phone says that nothing came. H2, B"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from tests import given

pytestmark = pytest.mark.django_db
PAGE = reverse("backoffice:arrivals")


def sent(numbers: list[str]) -> Gift:
    order = given.placed(given.company(), numbers, at=clock.now())
    gifts.start(order.id, at=clock.now())
    given.answered()
    return Gift.objects.filter(order=order).order_by("position")[0]


def texts_to(carrier: Any, number: str) -> list[dict[str, Any]]:
    """What a phone got, newest first."""
    found: list[dict[str, Any]] = carrier.inside("GET", f"messages?to={number}")
    return found


def test_an_operator_finds_the_copy_by_the_callers_number(
    carrier: Any, console: Callable[[str], Client]
) -> None:
    """H2, X2: whoever sent it; the number never stands in an address or on the page."""
    gift, other = sent(["01020003043"]), sent(["01020010001"])
    support = console("support")
    found = support.post(PAGE, {"q": "010-2000-3043"}, follow=True)
    page = found.content.decode()
    assert "01020003043" not in found.redirect_chain[0][0] + page.replace('value="010-2000-3043"', "")
    assert reverse("backoffice:arrival", args=[gift.public_id]) in page
    assert reverse("backoffice:arrival", args=[other.public_id]) not in page and "전원 꺼짐" in page
    nobody = support.post(PAGE, {"q": "010-2999-9999"}, follow=True).content.decode()
    assert "받는 번호가 맞는지 물어봐 주세요" in nobody
    half = support.post(PAGE, {"q": "3043"}, follow=True).content.decode()
    assert "끝까지 적어 주세요" in half


def test_the_causes_are_read_out_and_the_carriers_code_is_seen(
    carrier: Any, console: Callable[[str], Client]
) -> None:
    """H2, S4"""
    gift = sent(["01020003043"])
    address = reverse("backoffice:arrival", args=[gift.public_id])
    page = console("support").get(address).content.decode()
    assert "전화한 분께 읽어 드리세요." in page and "휴대폰을 껐다 켜 주세요." in page and "3043" in page
    assert "010-****-3043" in page and "01020003043" not in page
    end = console("support").get(f"{address}?step=end").content.decode()
    assert "1599-0011" in end and "번호변경 재발송" in end
    assert console("catalogue").get(address).status_code == 403
    assert console("support").get(reverse("backoffice:arrival", args=["nobody"])).status_code == 404


def test_an_operator_sends_it_again_while_the_caller_waits(
    carrier: Any, console: Callable[[str], Client]
) -> None:
    """H2, S5: by the same or another channel; it counts for whoever sent it, and stands in the log."""
    gift = sent(["01020003041"])
    support, address = console("support"), reverse("backoffice:arrival", args=[gift.public_id])
    again = reverse("backoffice:arrival_resend", args=[gift.public_id])
    soon = support.post(again, follow=True).content.decode()
    assert "분 뒤에 다시 보낼 수 있습니다" in soon
    Gift.objects.update(sent_at=clock.now().replace(year=2020))
    assert "SMS로 보내기" in support.get(f"{address}?step=end").content.decode()
    said = support.post(again, {"channel": "sms"}, follow=True).content.decode()
    assert "다시 보냈습니다" in said
    given.answered()
    gift.refresh_from_db()
    assert gift.resends == 1
    assert [text["type"] for text in texts_to(carrier, "01020003041")] == ["SMS", "LMS"]
    assert Act.objects.filter(verb="gifts_resent", company=str(gift.buyer_id)).count() == 1
    assert console("catalogue").post(again).status_code == 403
    assert support.post(reverse("backoffice:arrival_resend", args=["nobody"])).status_code == 404
