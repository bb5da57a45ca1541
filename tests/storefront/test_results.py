"""전송결과 설명, and the guided check of a copy that somebody did not get. S4, H2"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import CAUSES, words_of
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gift_queries
from seonmul.gifts.models import Fallback, Gift
from seonmul.gifts.rules import ResendRefusal
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


def texts_to(carrier: Any, number: str) -> list[dict[str, Any]]:
    """What a phone got, newest first."""
    found: list[dict[str, Any]] = carrier.inside("GET", f"messages?to={number}")
    return found


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
    assert "전원 꺼짐" in page and "4단계 가운데 1단계" in page and "휴대폰을 껐다 켜 주세요." in page
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
    assert "4단계 가운데 1단계" in page and "받는 번호가 맞는지 봐 주세요" in page
    assert f"{reverse('storefront:inquiry_new')}?kind=number&amp;about={gift.public_id}" in page


def test_while_it_is_under_way_nothing_is_asked(browser: Client, company: Company) -> None:
    """H2"""
    order = given.placed(company, given.numbers(1))
    gifts.start(order.id, at=given.MONDAY)
    given.worked(only="gifts")
    gift = Gift.objects.get()
    page = text_of(browser, reverse("storefront:gift_check", args=[gift.public_id]))
    assert "아직 결과를 기다리고 있어요" in page and "단계 가운데" not in page


def test_who_only_looks_is_offered_no_button(signed_in: Any, company: Company, carrier: Any) -> None:
    """M7: an approver reads the causes and sends nothing."""
    gift = copy_of(company, ["01020003032"])
    page = text_of(signed_in(company.approver), reverse("storefront:gift_check", args=[gift.public_id]))
    assert "받는 번호가 맞는지" in page and "번호변경 재발송 문의" not in page


def test_what_came_by_no_long_text_goes_by_a_short_one(
    browser: Client, company: Company, carrier: Any
) -> None:
    """H2, S5: by another channel than its last one, the same voucher, counted as a resend; once its letter is written."""
    gift = copy_of(company, ["01020003041", "01020013041"])
    other = Gift.objects.filter(order=gift.order).exclude(id=gift.id).get()
    Gift.objects.update(sent_at=clock.now().replace(year=2020))
    address = reverse("storefront:gift_check", args=[gift.public_id])
    end = text_of(browser, f"{address}?step=end")
    assert "SMS로 보내기" in end and "MMS로 보내기" in end and "LMS로 보내기" not in end
    assert "이메일로 보내기" not in end, "there is no address"
    link = texts_to(carrier, "01020003041")[0]["text"].split("/g/")[1].split()[0]
    for one in (gift, other):
        browser.post(
            reverse("storefront:resend", args=[gift.order.public_id]),
            {"gift": one.public_id, "channel": "sms"},
        )
        given.answered()
    newest = texts_to(carrier, "01020003041")[0]
    assert newest["type"] == "SMS" and newest["text"].endswith(f"/g/{link}") and "선물" in newest["text"]
    gift.refresh_from_db()
    assert gift.resends == 1 and gift.order.falls_back is False
    assert Fallback.objects.get(line=gift.line).channel == "sms", "one letter for both"
    assert gift_queries.faults() == []


def test_a_channel_that_a_copy_does_not_go_by_sends_nothing(
    browser: Client, company: Company, carrier: Any
) -> None:
    """S5: gift_no_such_way"""
    gift = copy_of(company, ["01020003041"])
    Gift.objects.update(sent_at=clock.now().replace(year=2020))
    for channel in ("mail", "pigeon"):
        page = browser.post(
            reverse("storefront:resend", args=[gift.order.public_id]),
            {"gift": gift.public_id, "channel": channel},
            follow=True,
        ).content.decode()
        assert ResendRefusal.NO_SUCH_WAY.sentence in page
    gift.refresh_from_db()
    assert gift.resends == 0 and len(texts_to(carrier, "01020003041")) == 1
