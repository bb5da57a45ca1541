"""V4 for the buyer: what is said before buying, and what may be had when the recipient did not ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.gifts.models import Claim, Gift
from seonmul.kit import clock
from seonmul.orders.models import Order
from seonmul.vouchers.models import Voucher
from tests import given
from tests.gifts.test_claiming import ended
from tests.given import Company

pytestmark = pytest.mark.django_db


def test_the_order_page_says_what_follows_the_end(browser: Client, company: Company) -> None:
    """V4, C2: before buying."""
    draft = given.draft(company, given.numbers(1), at=clock.now())
    page = browser.get(reverse("storefront:draft", args=[draft.public_id])).content.decode()
    assert "기간이 끝나면 연장이나 환불이 되지 않아요." in page


def test_the_buyer_asks_for_what_the_recipient_left(browser: Client, company: Company) -> None:
    """V4: from the copy's page, after the recipient's 180 days."""
    (gift,) = ended(company)
    now = clock.now()
    page = reverse("storefront:gift", args=[gift.public_id])
    Voucher.objects.update(state="expired", valid_until=now - timedelta(days=100))
    assert "환불 신청하기" not in browser.get(page).content.decode()
    Voucher.objects.update(valid_until=now - timedelta(days=181))
    Order.objects.update(paid_at=now - timedelta(days=300))
    shown = browser.get(page).content.decode()
    assert "캐쉬 4,050원으로 환불 신청하기" in shown and "리워드 4,500원으로" in shown
    assert (
        browser.post(reverse("storefront:gift_claim", args=[gift.public_id]), {"way": "cash"}).status_code
        == 302
    )
    assert Claim.objects.get().won == 4_050 and "승인 대기" in browser.get(page).content.decode()
    assert Gift.objects.count() == 1
