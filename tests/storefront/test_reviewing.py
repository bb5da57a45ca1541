"""A superior's link in a browser without a login, and the panel of whoever made it. O12"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.members.models import Member
from seonmul.orders import actions
from seonmul.orders.models import Draft, ReviewLink
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(company: Company) -> Draft:
    cache.clear()
    return given.draft(company, given.numbers(3), at=clock.now())


def link_of(browser: Client, draft: Draft) -> str:
    """Make a link on the order page; returns its path."""
    page = browser.post(reverse("storefront:review_make", args=[draft.public_id])).content.decode()
    found = re.search(r'value="[^"]*?(/review/[^"]+)"', page)
    assert found, page
    return found[1]


def test_a_superior_looks_and_confirms_without_a_login(browser: Client, draft: Draft) -> None:
    """O12: masked, not stored, not listed; the buyer sees it."""
    link, superior = link_of(browser, draft), Client()
    page = superior.get(link)
    said = page.content.decode()
    assert "13,500원" in said and "김*연" in said and "010-****-0001" in said
    assert "김서연" not in said and "01020000001" not in said.replace("-", "")
    assert "no-store" in page["Cache-Control"] and page["X-Robots-Tag"] == "noindex, nofollow"
    seen = re.search(r'name="seen" value="(\w+)"', said)
    assert seen and superior.post(link, {"seen": "another"}).status_code == 422
    assert superior.post(link, {"seen": seen[1]})["Location"] == link
    assert "보낸 분께 알렸어요" in superior.get(link).content.decode()
    assert "에 확인함" in browser.get(reverse("storefront:draft", args=[draft.public_id])).content.decode()
    actions.save(draft.id, text="바꾼 글", at=clock.now())
    assert "확인한 뒤 내용이 바뀌었어요" in superior.get(link).content.decode()


def test_a_link_that_was_taken_back_opens_nothing(browser: Client, draft: Draft) -> None:
    """O12"""
    link = link_of(browser, draft)
    row = ReviewLink.objects.get()
    browser.post(reverse("storefront:review_withdraw", args=[draft.public_id, row.public_id]))
    for address in (link, reverse("storefront:review", args=["unknown"])):
        page = Client().get(address)
        assert page.status_code == 404 and "새 링크를 요청해 주세요" in page.content.decode()


def test_who_tries_many_addresses_waits(browser: Client, draft: Draft) -> None:
    """O12"""
    link, guesser = link_of(browser, draft), Client()
    answers = [guesser.get(reverse("storefront:review", args=[f"guess{n}"])).status_code for n in range(31)]
    assert answers == [404] * 30 + [429] and guesser.get(link).status_code == 429


def test_who_may_not_buy_makes_no_link(
    company: Company, draft: Draft, signed_in: Callable[[Member], Client]
) -> None:
    """M7, O12"""
    address = reverse("storefront:review_make", args=[draft.public_id])
    assert signed_in(company.approver).post(address).status_code == 404
    assert signed_in(given.person()).post(address).status_code == 404
    assert not ReviewLink.objects.exists()
