"""A change of number is asked for from the copy's own page, and its trail stands there. S5, H3"""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Gift
from seonmul.gifts.rules import ChangeRefusal
from seonmul.kit import clock
from seonmul.support import queries
from seonmul.support.models import Inquiry
from tests import given
from tests.gifts.test_cancelling import sent
from tests.given import Company

pytestmark = pytest.mark.django_db
NEW = reverse("storefront:inquiry_new")


@pytest.fixture
def gift(company: Company) -> Gift:
    sent(company, 1)
    return Gift.objects.get()


def page(browser: Client, gift: Gift) -> str:
    return browser.get(reverse("storefront:gift", args=[gift.public_id])).content.decode()


def test_the_inquiry_is_opened_from_the_copy_and_names_it(browser: Client, gift: Gift) -> None:
    """S5: the number is typed there, and stands in no address."""
    assert "번호변경 재발송 문의" in page(browser, gift)
    asked = f"{NEW}?kind=number&about={gift.public_id}"
    form = browser.get(asked).content.decode()
    assert "아이스 아메리카노" in form and "010-****-0001" in form and 'name="to"' in form
    typed = {"kind": "number", "about": gift.public_id, "text": "번호가 바뀌었어요.", "to": "010-12"}
    refused = browser.post(NEW, typed)
    assert refused.status_code == 422 and ChangeRefusal.NO_NUMBER.sentence in refused.content.decode()
    made = browser.post(NEW, typed | {"to": "010 9999 0001"})
    row = Inquiry.objects.get()
    assert made.status_code == 302 and queries.to_of(row) == "01099990001"
    shown = browser.get(reverse("storefront:inquiry", args=[row.public_id])).content.decode()
    assert "010-****-0001" in shown and "9999" not in shown
    assert "번호변경 문의를 접수했어요" in page(browser, gift)


def test_the_trail_of_numbers_stands_on_the_copys_page(browser: Client, gift: Gift) -> None:
    """S5, O11"""
    gifts.change_number(gift.id, "01099990001", subject=uuid4(), by=given.operator(), at=clock.now())
    said = page(browser, gift)
    assert "번호 변경" in said and "교체함" in said and "010-****-0001 → 010-****-0001" in said


def test_who_may_not_buy_is_not_offered_it(company: Company, gift: Gift, signed_in: object) -> None:
    """M7"""
    client = signed_in(company.approver)  # type: ignore[operator]
    assert "번호변경 재발송 문의" not in page(client, gift)


def test_a_copy_of_others_is_no_copy(browser: Client) -> None:
    """M7"""
    sent(given.company(), 1)
    asked = browser.get(f"{NEW}?kind=number&about={Gift.objects.get().public_id}").content.decode()
    assert "지금 번호" not in asked
