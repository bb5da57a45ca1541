"""이메일발송 over HTTP: begun on the product's page, mended by address, paid, and followed without a whole address. O1"""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import load_workbook

from seonmul.catalog.rules import ProductRefusal
from seonmul.gifts import actions as gifts
from seonmul.gifts import rules as gift_rules
from seonmul.gifts.models import Gift
from seonmul.kit import sheets
from seonmul.orders import queries
from seonmul.orders.models import Draft, OrderKind
from tests import given
from tests.given import MONDAY, Company
from tests.storefront.conftest import HTMX

pytestmark = pytest.mark.django_db
KIM, LEE = "kim@gaon.example", "lee@gaon.example"


def url(name: str, public_id: str, *more: object) -> str:
    return reverse(f"storefront:{name}", args=[public_id, *more])


def text_of(browser: Client, address: str) -> str:
    page = browser.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def cells_of(answer: Any) -> list[list[object]]:
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


@pytest.fixture
def draft(company: Company) -> Draft:
    return given.mail_draft(company, [KIM, LEE])


def test_a_product_offers_both_ways_where_it_goes_both(browser: Client) -> None:
    """O1, C2: and it is begun as it was chosen."""
    both, texts, mails = (given.product(channels=ways) for ways in (["lms", "mail"], ["lms"], ["mail"]))
    pages = [text_of(browser, f"/products/corporate/{one.code}/") for one in (both, texts, mails)]
    assert ["이메일발송" in page for page in pages] == [True, False, False]
    assert "문자(LMS)나 이메일로 보낼 수 있어요." in pages[0]
    assert "문자(LMS)로만 보낼 수 있어요." in pages[1] and "이메일로만 보낼 수 있어요." in pages[2]
    begun = browser.post(f"/products/corporate/{both.code}/order/", {"kind": "mail"})
    assert begun.status_code == 302 and Draft.objects.get().kind == OrderKind.MAIL
    refused = browser.post(f"/products/corporate/{texts.code}/order/", {"kind": "mail"})
    assert refused.status_code == 422 and ProductRefusal.NOT_BY_MAIL.sentence in refused.content.decode()


def test_the_page_is_about_addresses(browser: Client, draft: Draft) -> None:
    """O1, O3: no number is asked for, a title is, and letters are counted."""
    page = text_of(browser, url("draft", draft.public_id))
    assert KIM in page and 'id="add-phone"' not in page and 'name="mail"' in page
    assert 'data-room-unit="letters" data-room-most="10000"' in page
    assert "등록된 발신번호가 없어" not in page and 'id="sender"' not in page
    assert "내 이메일로 시험 메일 보내기" in page and "선물 열기" in page


def test_the_switch_keeps_what_was_typed(browser: Client, company: Company) -> None:
    """O1: also what the form has and nobody saved; where a product cannot go so, the button says why."""
    draft = given.draft(company, given.numbers(2))
    form = {
        "sender": draft.sender, "channel": "lms", "title": "봄", "text": "안녕하세요", "purpose": "clients",
    }  # fmt: skip
    answer = browser.post(url("kind", draft.public_id), form | {"kind": "mail"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.kind, draft.channel, queries.title_of(draft)) == ("mail", "mail", "봄")
    assert (draft.purpose, draft.sender) == ("clients", form["sender"])
    page = text_of(browser, url("draft", draft.public_id))
    assert page.count("이메일 주소가 비어 있습니다") == 2
    back = browser.post(url("kind", draft.public_id), form | {"channel": "mail", "kind": "text"})
    assert back.status_code == 302
    draft.refresh_from_db()
    assert queries.quote(draft).people == 2 and draft.channel == "lms"
    assert browser.post(url("kind", draft.public_id), form | {"kind": "fax"}).status_code == 404
    unsent = form | {"channel": "mail", "kind": "text", "paste": "010-2041-9999", "name": "김"}
    shown = browser.post(url("kind", draft.public_id), unsent)
    assert shown.status_code == 200 and "010-2041-9999" in shown.content.decode()
    assert 'value="김"' in shown.content.decode() and "받는 분을 휴대폰 번호로" in shown.content.decode()
    assert queries.quote(draft).people == 2, "what stands in a box is not added by the switch"
    stays = given.draft(company, given.numbers(1), given.product(channels=["sms"]))
    refused = browser.post(url("kind", stays.public_id), form | {"channel": "sms", "kind": "mail"})
    assert refused.status_code == 422 and ProductRefusal.NOT_BY_MAIL.sentence in refused.content.decode()
    assert "이메일로 보낼 수 없는 상품이 있어 문자로만 보내요." in refused.content.decode()


def test_rows_are_added_and_mended_by_address(browser: Client, draft: Draft) -> None:
    """O1: one by one, pasted, as a sheet; a slip of the finger is asked about, a fault stands in its row."""
    one = browser.post(url("add", draft.public_id), {"mail": "kim", "name": "김"}, headers=HTMX)
    assert one.status_code == 422 and "@가 없는 주소입니다" in one.content.decode()
    assert 'value="kim"' in one.content.decode()
    browser.post(url("add", draft.public_id), {"mail": "Park@GAON.example", "name": "박하은"})
    browser.post(url("paste", draft.public_id), {"paste": "정유진 <jung@gmial.com>\nchoi@navercom"})
    page = text_of(browser, url("draft", draft.public_id))
    assert "jung@gmail.com 주소가 맞나요?" in page and "choi@naver.com 주소가 맞나요?" in page
    lines = {row.position: row for row in queries.rows_page(draft)}
    assert [row.mail for row in lines.values()] == [KIM, LEE, "park@gaon.example", "jung@gmial.com", ""]
    mended = browser.post(url("mend", draft.public_id, 5), {"mail": "choi@naver.com"}, headers=HTMX)
    assert mended.status_code == 200 and queries.quote(draft).rows_at_fault == 0
    browser.post(url("mend", draft.public_id, 4), {"mail": "jung@gmail.com"})
    assert [row.mail for row in queries.rows_page(draft)][3:] == ["jung@gmail.com", "choi@naver.com"]
    found = browser.post(url("find", draft.public_id), {"find": "jung@"}, headers=HTMX)
    assert "jung@gmail.com" in found.content.decode() and KIM not in found.content.decode()


def test_the_rows_to_mend_go_out_by_address(browser: Client, draft: Draft) -> None:
    """O1"""
    browser.post(url("paste", draft.public_id), {"paste": "choi@navercom"})
    header, row = cells_of(browser.get(url("to_mend", draft.public_id)))
    assert header[0] == "이메일" and row[0] == "choi@navercom"


def test_the_template_names_every_column(browser: Client, draft: Draft) -> None:
    """O1: the product's too, and the page shows it as a picture; its example is nobody."""
    header, example = cells_of(browser.get(reverse("storefront:template")))
    assert header == ["휴대폰 번호", "이메일", "이름", "상품", "수량", "부서"]
    book = io.BytesIO()
    sheets.write_xlsx(book, [str(one) for one in header], [example], text_columns=range(6))
    book.seek(0)
    book.name = "template.xlsx"
    browser.post(url("upload", draft.public_id), {"file": book})
    assert queries.quote(draft).people == 2 and queries.quote(draft).rows_at_fault == 1
    page = text_of(browser, url("draft", draft.public_id))
    assert "양식 그림으로 보기" in page and "모두 같으면 열을 비워 두세요." in page


def test_notes_are_said_in_the_readers_language(browser: Client, draft: Draft) -> None:
    """X4, O1: of a part of the page as of the whole page."""
    book = io.BytesIO(f"Phone,E-Mail\n01020417735,{KIM}\n".encode())
    book.name = "list.csv"
    said = browser.post(
        url("upload", draft.public_id), {"file": book}, headers=HTMX | {"Accept-Language": "en"}
    )
    assert "column A" in said.content.decode()


def test_no_whole_address_in_what_became_of_it(browser: Client, company: Company, carrier: Any) -> None:
    """O11, X2: order, copy, list of all copies and sheets show ki***@; mails have a notice of their own."""
    order = given.paid(company, given.mail_draft(company, [KIM, "unknown@gaon.example"]))
    gifts.start(order.id, at=MONDAY)
    given.worked()
    gift = Gift.objects.filter(order=order).order_by("position")[0]
    pages = [
        text_of(browser, url("order", order.public_id)),
        text_of(browser, url("gift", gift.public_id)),
        text_of(browser, reverse("storefront:copies")),
    ]
    assert all("ki***@gaon.example" in page and KIM not in page for page in pages)
    assert "이메일" in pages[1] and "MAIL" not in pages[1]
    assert gift_rules.MAIL_NOTICES["text"][1][:20].split("{")[0] in pages[0] and "스팸 메일함" in pages[0]
    header, row, *_ = cells_of(browser.get(url("gifts_sheet", order.public_id)))
    assert header[2] == "이메일" and row[2] == "ki***@gaon.example" and row[5] == "전송성공"
    browser.post(reverse("storefront:copies_find"), {"phone": KIM.upper()}, follow=True)
    found = browser.post(reverse("storefront:copies_find"), {"phone": KIM.upper()}, follow=True)
    assert found.content.decode().count("ki***@gaon.example") >= 2
    assert "un***@gaon.example" not in found.content.decode()
    assert len(carrier.mails(KIM)) == 1


def test_the_way_to_order_again_stands_with_the_order(browser: Client, company: Company) -> None:
    """O12"""
    order = given.placed(company, given.numbers(1))
    page = text_of(browser, url("order", order.public_id))
    facts = page[page.index('id="h-facts"') : page.index("</header>", page.index('id="h-facts"'))]
    assert "같은 내용으로 다시 주문하기" in facts
