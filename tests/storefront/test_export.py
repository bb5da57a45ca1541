"""O11: what became of an order's copies, as a sheet."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Chunk, Gift
from seonmul.kit import clock
from seonmul.orders.models import Order
from seonmul.storefront.templatetags.storefront import words
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(company: Company) -> Order:
    made = given.placed(company, [*given.numbers(3), *given.numbers(1)], at=clock.now())
    gifts.start(made.id, at=clock.now())
    for chunk in Chunk.objects.filter(order=made):
        gifts.issue_chunk(chunk.id, at=clock.now())
    Gift.objects.filter(position__lt=3).update(
        result="delivered", result_at=clock.now(), opened_at=clock.now()
    )
    Gift.objects.filter(position=3).update(result="power_off", result_at=clock.now())
    return made


def rows_of(browser: Client, order: Order, query: str = "") -> list[list[object]]:
    page = browser.get(reverse("storefront:gifts_sheet", args=[order.public_id]) + query)
    assert page.status_code == 200 and ".xlsx" in page["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(page.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_every_copy_stands_in_it_masked_and_in_words(browser: Client, order: Order) -> None:
    """O11, M7: nothing whole, whoever asks."""
    header, *rows = rows_of(browser, order)
    assert header[:3] == ["행", "이름", "휴대폰 번호"] and len(rows) == 4
    assert {row[3] for row in rows} == {"달무리커피 아이스 아메리카노"}
    labels = [row[5] for row in rows]
    assert labels[:2] == ["전송성공"] * 2 and labels[2] == words("power_off").label
    assert all("****" in str(row[2]) and "김서연" not in row for row in rows)
    assert rows[0][6] and rows[0][7] and not rows[3][6]
    assert {row[8] for row in rows} == {"미사용"}


def test_a_group_alone(browser: Client, order: Order) -> None:
    """O11: the filter of the page is the filter of the sheet; nonsense filters nothing."""
    assert len(rows_of(browser, order, "?only=failed")) == 2
    assert len(rows_of(browser, order, "?only=delivered")) == 3
    assert len(rows_of(browser, order, "?only=nonsense")) == 5
    page = browser.get(reverse("storefront:order", args=[order.public_id]) + "?only=failed").content.decode()
    assert "gifts.xlsx?only=failed" in page


def test_a_stranger_finds_nothing(order: Order) -> None:
    """M7"""
    client = Client()
    client.force_login(given.company().owner)
    assert client.get(reverse("storefront:gifts_sheet", args=[order.public_id])).status_code == 404
