"""Usage of vouchers of an external issuer stands in the history and on the gift page as that of our own shops. C3, V2, O11"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.gifts import queries
from seonmul.gifts.models import Gift
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import Supply
from tests.given import MONDAY, Company
from tests.sandbox.outside import Outside
from tests.vouchers import coupons

pytestmark = pytest.mark.django_db


def test_what_an_issuer_tells_is_shown_like_ours(
    browser: Client, client: Client, company: Company, carrier: Outside, settings: Any
) -> None:
    """C3: polled; when and where, for whoever sent it and whoever has it."""
    settings.SECONDS_ISSUER, settings.SANDBOX_URL = 1, carrier.url
    coupons.ordered(company, 1)
    at = coupons.attended()
    used_at = MONDAY + timedelta(hours=5)
    carrier.inside(
        "POST",
        "giftishow/use",
        {"trId": Supply.objects.get().reference, "at": used_at.isoformat(), "place": "구름다방"},
    )
    vouchers.attend(at=at + timedelta(hours=25))
    gift = Gift.objects.get()
    page = browser.get(reverse("storefront:gift", args=[gift.public_id])).content.decode()
    assert "교환완료" in page and "구름다방" in page and "11.23" in page
    assert "구름다방" in client.get(f"/g/{queries.link_of(gift)}").content.decode()
