"""전송결과 설명, and the guided check of a copy that somebody did not get. S4, H2"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import CAUSES, words_of
from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db


def text_of(browser: Client, address: str, status: int = 200) -> str:
    page = browser.get(address)
    assert page.status_code == status, address
    return page.content.decode()


def copy_of(company: Company, numbers: list[str], **saved: Any) -> Gift:
    order = given.placed(company, numbers, at=clock.now(), **saved)
    gifts.start(order.id, at=clock.now())
    given.answered()
    return Gift.objects.filter(order=order).order_by("position")[0]


def test_everybody_reads_what_every_result_means(client: Client) -> None:
    """S4, H2: without a login; each has a place of its own, and the seven causes stand below."""
    page = text_of(client, reverse("storefront:results"))
    for result in Result:
        assert f'id="text-{result}"' in page and words_of(result).label in page
    assert 'id="mail-invalid_number"' in page and "없는 주소" in page and 'id="mail-power_off"' not in page
    for cause in CAUSES:
        assert f'id="cause-{cause.code}"' in page and cause.title in page
    assert "81시간" in page and "1599-0011" in page and "수신완료" not in page


def test_it_is_linked_where_results_stand(browser: Client, company: Company, carrier: Any) -> None:
    """S4"""
    gift = copy_of(company, ["01020003043"])
    for address in (
        reverse("storefront:order", args=[gift.order.public_id]),
        reverse("storefront:gift", args=[gift.public_id]),
        reverse("storefront:copies"),
    ):
        assert reverse("storefront:results") in text_of(browser, address)


def test_a_phone_that_was_off_leads_to_a_resend(browser: Client, company: Company, carrier: Any) -> None:
    """H2: from the real result; found ends it, the last no leads to all that is left."""
    gift = copy_of(company, ["01020003043"])
    address = reverse("storefront:gift_check", args=[gift.public_id])
    assert address in text_of(browser, reverse("storefront:gift", args=[gift.public_id]))
    page = text_of(browser, address)
    assert "전원 꺼짐" in page and "7가지 가운데 1번째" in page and "휴대폰을 껐다 켜 주세요." in page
    assert "분 뒤에 다시 보낼 수 있습니다" in page, "it was sent a moment ago"
    Gift.objects.update(sent_at=clock.now().replace(year=2020))
    assert 'name="gift" value="' + gift.public_id in text_of(browser, address)
    assert "다행이에요" in text_of(browser, f"{address}?step=found")
    end = text_of(browser, f"{address}?step=end")
    assert "같은 쿠폰 다시 보내기" in end and "1544-0010" in end
    assert text_of(browser, f"{address}?step=nonsense") and "01020003043" not in page + end


def test_a_number_that_does_not_exist_leads_to_another(
    browser: Client, company: Company, carrier: Any
) -> None:
    """H2, S5: the inquiry knows which order it is about."""
    gift = copy_of(company, ["01020003032"])
    page = text_of(browser, reverse("storefront:gift_check", args=[gift.public_id]))
    assert "8가지 가운데 1번째" in page and "받는 번호가 맞는지 봐 주세요" in page
    assert f"{reverse('storefront:inquiry_new')}?kind=number&amp;about={gift.public_id}" in page


def test_while_it_is_under_way_nothing_is_asked(browser: Client, company: Company) -> None:
    """H2"""
    order = given.placed(company, given.numbers(1))
    gifts.start(order.id, at=given.MONDAY)
    given.worked(only="gifts")
    gift = Gift.objects.get()
    page = text_of(browser, reverse("storefront:gift_check", args=[gift.public_id]))
    assert "아직 결과를 기다리고 있어요" in page and "가지 가운데" not in page


def test_who_only_looks_is_offered_no_button(signed_in: Any, company: Company, carrier: Any) -> None:
    """M7: an approver reads the causes and sends nothing."""
    gift = copy_of(company, ["01020003032"])
    page = text_of(signed_in(company.approver), reverse("storefront:gift_check", args=[gift.public_id]))
    assert "받는 번호가 맞는지" in page and "번호변경 재발송 문의" not in page
