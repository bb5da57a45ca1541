"""P6: wherever somebody looks for a tax invoice or a cash receipt, there is the reason and what there is instead."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from seonmul.figures import actions as figures
from seonmul.figures.rules import TEXTS
from seonmul.kit import clock
from tests import given
from tests.given import Company
from tests.payments.bank import issued
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db
TAX_PAPERS = [one.text for one in TEXTS if one.name.startswith("tax_papers")]


@pytest.fixture
def pages(carrier: Outside, company: Company) -> dict[str, str]:
    """Every page on which one is looked for, by what it is."""
    draft = given.draft(company, given.numbers(2)).public_id
    order = given.placed(company, given.numbers(1, 30_000_000)).public_id
    charge = issued(company).public_id
    return {
        "draft": reverse("storefront:draft", args=[draft]),
        "pay": reverse("storefront:pay", args=[draft]),
        "order": reverse("storefront:order", args=[order]),
        "charging": reverse("storefront:charge_new"),
        "charge": reverse("storefront:charge", args=[charge]),
        "statement": reverse("storefront:cash"),
        "my page": reverse("storefront:my"),
        "inquiry": reverse("storefront:inquiry_new"),
    }


def test_every_page_says_why_there_is_none_what_there_is_and_that_paying_comes_first(
    browser: Client, pages: dict[str, str]
) -> None:
    """P6"""
    why, instead, first = TAX_PAPERS
    assert "비과세 유가증권" in why and "쿠폰발송내역" in instead and "이용내역" in instead
    assert "회사 계좌" in first and "세무 대리인" in first
    for name, address in pages.items():
        answer = browser.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, name
        for sentence in TAX_PAPERS:
            assert page.count(sentence) == 1, (name, sentence)
        assert 'href="/cash/">이용내역</a> · <a href="/orders/">주문/발송내역</a>' in page, name


def test_in_english_too(browser: Client, pages: dict[str, str]) -> None:
    """P6, X4"""
    for name, address in pages.items():
        page = browser.get(address, headers={"accept-language": "en"}).content.decode()
        assert "no tax invoice to wait for" in page and TAX_PAPERS[2] not in page, name


def test_the_statement_as_a_sheet_says_it_too(browser: Client) -> None:
    """P6: on a second sheet, so that the first one stays a table."""
    answer = browser.get(reverse("storefront:statement"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheet_names == ["캐쉬", "세금계산서·현금영수증"]
    assert book.get_sheet_by_index(1).to_python() == [
        ["세금계산서·현금영수증"],
        *([one] for one in TAX_PAPERS),
    ]


def test_what_operators_write_is_said_at_once_and_in_english_where_they_wrote_it(
    browser: Client, pages: dict[str, str]
) -> None:
    """P6: the texts are settings."""
    draft, english = pages["draft"], {"accept-language": "en"}
    figures.set_text("purpose_clients", "ko", "거래처 선물 안내가 바뀌었어요.", by="operator", at=clock.now())
    figures.set_text("tax_papers_first", "en", "Ask your accountant first.", by="operator", at=clock.now())
    page = browser.get(draft).content.decode()
    assert "거래처 선물 안내가 바뀌었어요." in page and TAX_PAPERS[2] in page
    translated = browser.get(draft, headers=english).content.decode()
    assert "거래처 선물 안내가 바뀌었어요." in translated, "better the new text than an old translation"
    assert "Ask your accountant first." in translated and "no tax invoice to wait for" not in translated
