"""The order page: three ways in, mending in place, the message, what stands in the way. O1, O2, O3, O6"""

from __future__ import annotations

import html
import io
import json

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seonmul.catalog.models import Product
from seonmul.catalog.rules import ProductRefusal
from seonmul.dispatch.models import SenderNumber
from seonmul.dispatch.rules import LetterRefusal
from seonmul.kit import clock, sheets
from seonmul.kit.phones import PhoneFault
from seonmul.orders import queries
from seonmul.orders.models import Draft, DraftRow
from seonmul.orders.rules import OrderRefusal
from tests import given
from tests.given import Company
from tests.storefront.conftest import HTMX, asked

pytestmark = pytest.mark.django_db
GOOD = ["01020010001", "01020020001", "01020030001"]


def url(name: str, draft: Draft, *more: object) -> str:
    return reverse(f"storefront:{name}", args=[draft.public_id, *more])


def form(draft: Draft, **changed: str) -> dict[str, str]:
    """The order form as the page shows it, with some fields typed anew."""
    quote = queries.quote(draft)
    return {
        "sender": draft.sender, "channel": "lms", "title": "선물", "text": "#{이름} 님", "purpose": "clients",
        "is_lawful": "on", "seen_won": str(quote.amount_won), "seen_left_out": str(quote.rows_at_fault),
    } | changed  # fmt: skip


@pytest.fixture
def draft(company: Company) -> Draft:
    return given.draft(company, GOOD)


@pytest.fixture
def empty(company: Company) -> Draft:
    return given.draft(company, [])


def test_an_empty_list_says_how_to_begin(browser: Client, empty: Draft) -> None:
    page = browser.get(url("draft", empty)).content.decode()
    assert "아직 받는 분이 없어요" in page and "disabled>발송하기</button>" in page


def test_a_channel_that_the_product_does_not_allow_is_not_offered_nor_paid(
    browser: Client, company: Company
) -> None:
    """C1, O3: also when it was allowed while the draft was begun."""
    coffee = given.product("COFFEE", channels=["sms"])
    draft = given.draft(company, GOOD, coffee, title="")
    page = browser.get(url("draft", draft)).content.decode()
    assert draft.channel == "sms" and 'value="sms" checked' in page and 'value="lms"' not in page
    sentence = ProductRefusal.CHANNEL.sentence.format(channel="LMS")
    answer = browser.post(url("save", draft), form(draft), headers=HTMX)
    assert sentence in answer.content.decode()
    declined = browser.post(url("check", draft), form(draft))
    page = declined.content.decode()
    assert declined.status_code == 422 and page.count(sentence) == 1 and 'id="channel-error"' in page
    Product.objects.filter(id=coffee.id).update(channels=["lms"])
    assert browser.post(url("check", draft), form(draft)).status_code == 302


def test_a_pasted_column_becomes_rows_with_their_counts(browser: Client, empty: Draft) -> None:
    text = "김서연\t010-2041-7735\n이도윤\t1022334810\n박하은\t010-2417-83\n이도윤\t010-2233-4810"
    answer = browser.post(url("paste", empty), {"paste": text}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in page and 'id="summary"' in page
    quote = queries.quote(empty)
    assert (quote.rows, quote.rows_at_fault, quote.rows_repaired, quote.doubles) == (4, 1, 1, 1)
    assert "고칠 1행 빼고 3건 발송하기" in page and "2행과 같은 번호예요" in page
    assert PhoneFault.TOO_SHORT.sentence.format(digits_missing=2) in page


def test_without_a_script_the_same_form_leads_back_to_the_page(browser: Client, empty: Draft) -> None:
    answer = browser.post(url("paste", empty), {"paste": "\n".join(GOOD)})
    assert answer.status_code == 302 and queries.quote(empty).people == 3


def test_an_empty_paste_is_refused_where_it_was_typed(browser: Client, empty: Draft) -> None:
    for headers in ({}, HTMX):
        answer = browser.post(url("paste", empty), {"paste": "  \n "}, headers=headers)
        assert answer.status_code == 422 and 'id="paste-error"' in answer.content.decode()
    assert not DraftRow.objects.exists()


def test_one_person_is_added_or_refused_with_what_was_typed(browser: Client, empty: Draft) -> None:
    declined = browser.post(
        url("add", empty), {"name": "김서연", "phone": "010-12", "copies": "2"}, headers=HTMX
    )
    page = declined.content.decode()
    assert declined.status_code == 422 and 'value="김서연"' in page and 'value="010-12"' in page
    assert not DraftRow.objects.exists()
    browser.post(url("add", empty), {"name": "김서연", "phone": "010-2001-0001", "copies": "2"}, headers=HTMX)
    assert (queries.quote(empty).people, queries.quote(empty).copies) == (1, 2)


def test_a_sheet_is_read_and_its_name_is_shown(browser: Client, empty: Draft) -> None:
    book = io.BytesIO()
    sheets.write_xlsx(book, ["이름", "휴대폰"], [("김서연", "01020010001"), ("이도윤", "02-555-1234")])
    file = SimpleUploadedFile("연말선물.xlsx", book.getvalue())
    page = browser.post(url("upload", empty), {"file": file}, headers=HTMX).content.decode()
    assert "연말선물.xlsx" in page and "1행은 제목 줄로 보고 뺐습니다." in page
    assert [row.position for row in queries.rows_page(empty)] == [2, 3]
    assert PhoneFault.LANDLINE.sentence in page


def test_columns_chosen_on_screen_win_over_the_guess(browser: Client, empty: Draft) -> None:
    """O1"""
    file = "01020010001,부산,01020020001,박하은\n".encode()
    chosen = {"phone_column": "C", "name_column": "D"}
    page = browser.post(
        url("upload", empty), {"file": SimpleUploadedFile("a.csv", file)} | chosen, headers=HTMX
    ).content.decode()
    assert "박하은" in page and "010-2002-0001" in page
    declined = browser.post(
        url("upload", empty), {"file": SimpleUploadedFile("a.csv", file), "phone_column": "H"}, headers=HTMX
    )
    assert declined.status_code == 422 and "H열이 없습니다" in declined.content.decode()


@pytest.mark.parametrize(
    "name,data,fault",
    [
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n", sheets.SheetFault.NOT_A_SHEET),
        ("empty.csv", b"", sheets.SheetFault.EMPTY),
        ("old.xls", b"<html>", sheets.SheetFault.OLD_FORMAT),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(
    browser: Client, draft: Draft, name: str, data: bytes, fault: sheets.SheetFault
) -> None:
    answer = browser.post(url("upload", draft), {"file": SimpleUploadedFile(name, data)}, headers=HTMX)
    assert answer.status_code == 422 and fault.sentence in answer.content.decode()
    assert queries.quote(draft).rows == 3


def test_a_long_paste_comes_as_a_file_and_is_read_as_a_paste(browser: Client, empty: Draft) -> None:
    text = "\n".join(f"받는이 {number}" for number in given.numbers(50))
    file = SimpleUploadedFile("paste.txt", text.encode())
    browser.post(url("upload", empty), {"file": file}, headers=HTMX)
    assert queries.quote(empty).people == 50
    empty.refresh_from_db()
    assert empty.file_name == ""


def test_a_fault_is_mended_in_place(browser: Client, empty: Draft) -> None:
    browser.post(url("paste", empty), {"paste": "010-2O88-1450\n010-2001-0001"})
    shown = browser.get(url("rows", empty) + "?only=fix", headers=HTMX).content.decode()
    assert 'value="010-2O88-1450"' in shown and "010-2088-1450이 맞나요?" in shown
    still = browser.post(url("mend", empty, 1), {"phone": "010-2"}, headers=HTMX).content.decode()
    assert 'value="010-2"' in still and queries.quote(empty).rows_at_fault == 1
    mended = browser.post(url("mend", empty, 1), {"phone": "01020881450"}, headers=HTMX).content.decode()
    assert queries.quote(empty).rows_at_fault == 0 and "2건 발송하기" in mended


def test_a_name_that_no_carrier_carries_is_mended_in_place(browser: Client, empty: Draft) -> None:
    browser.post(url("paste", empty), {"paste": "김😀\t010-2001-0001"})
    row = queries.rows_page(empty)[0]
    browser.post(url("mend", empty, row.position), {"phone": row.phone, "name": "김미소"}, headers=HTMX)
    assert queries.rows_page(empty)[0].name == "김미소" and queries.quote(empty).rows_at_fault == 0


def test_doubles_are_shown_and_sent_once_by_one_click(browser: Client, company: Company) -> None:
    draft = given.draft(company, [GOOD[0], GOOD[0], GOOD[1]])
    shown = browser.get(url("rows", draft) + "?only=doubles", headers=HTMX).content.decode()
    assert "1행과 같은 번호예요" in shown and "한 건만 보내기" in shown
    browser.post(url("one_each", draft), headers=HTMX)
    assert (queries.quote(draft).rows, queries.quote(draft).copies) == (2, 2)


def test_rows_leave_the_list_one_by_one_or_all_at_fault(browser: Client, empty: Draft) -> None:
    browser.post(url("paste", empty), {"paste": "010-12\n010-13\n" + "\n".join(GOOD)})
    browser.post(url("drop", empty), {"position": "5"}, headers=HTMX)
    assert queries.quote(empty).rows == 4
    said = browser.post(url("drop", empty), headers=HTMX).content.decode()
    assert "고칠 2행을 뺐습니다." in said and queries.quote(empty).rows == 2


def test_rows_at_fault_can_be_downloaded_with_their_reasons(browser: Client, empty: Draft) -> None:
    browser.post(url("paste", empty), {"paste": "김서연\t010-12\n이도윤\t010-2001-0001"})
    answer = browser.get(url("to_mend", empty))
    assert (
        answer["Content-Disposition"].startswith("attachment")
        and empty.public_id in answer["Content-Disposition"]
    )
    sheet = sheets.read(b"".join(answer.streaming_content), "x.xlsx")
    assert sheet.height == 2 and sheet.row(1)[:2] == ("010-12", "김서연") and "모자랍니다" in sheet.row(1)[5]


def test_the_template_can_be_filled_in_and_nobody_sends_to_its_example(browser: Client, empty: Draft) -> None:
    data = b"".join(browser.get(reverse("storefront:template")).streaming_content)
    browser.post(url("upload", empty), {"file": SimpleUploadedFile("t.xlsx", data)}, headers=HTMX)
    assert (queries.quote(empty).rows, queries.quote(empty).people) == (1, 0)


def test_rows_are_found_by_name_or_number_without_telling_the_address(browser: Client, empty: Draft) -> None:
    browser.post(url("paste", empty), {"paste": "김서연\t010-2041-7735\n이도윤\t010-2233-4810"})
    for words in ("서연", "2041-77"):
        page = browser.post(url("find", empty), {"find": words}, headers=HTMX)
        assert "김서연" in page.content.decode() and "이도윤" not in page.content.decode()
    assert "김서연" in browser.post(url("find", empty), {"find": "서연"}).content.decode()
    none = browser.post(url("find", empty), {"find": "없는이"}, headers=HTMX).content.decode()
    assert "들어 있는 행이 없어요" in none


def test_rows_come_by_pages_of_fifty(browser: Client, company: Company) -> None:
    draft = given.draft(company, given.numbers(120))
    first = browser.get(url("draft", draft)).context["shown"]
    second = browser.get(url("rows", draft) + f"?after={first.after}", headers=HTMX)
    assert (first.first, first.last, first.whole, first.before) == (1, 50, 120, 0)
    assert "120행 가운데 51–100행" in second.content.decode()
    shown = second.context["shown"]
    back = browser.get(url("rows", draft) + f"?before={shown.before}", headers=HTMX).context["shown"]
    assert (back.first, back.last) == (1, 50)
    last = browser.get(url("rows", draft) + f"?after={shown.after}", headers=HTMX).context["shown"]
    assert (last.first, last.last, last.after) == (101, 120, 0)
    assert browser.get(url("draft", draft) + "?after=999999999").context["shown"].first == 1


def test_a_page_of_rows_asks_the_same_questions_for_one_row_and_for_three(
    browser: Client, company: Company
) -> None:
    one, three = given.draft(company, GOOD[:1]), given.draft(company, GOOD)
    assert asked(browser, url("draft", one)) == asked(browser, url("draft", three))
    assert asked(browser, url("rows", one), HTMX) == asked(browser, url("rows", three), HTMX)


def test_what_is_typed_is_kept_and_counted_by_the_server(browser: Client, draft: Draft) -> None:
    typed = form(draft, title="제목", text="첫 줄\r\n둘째\x0b줄", purpose="prizes", sender="15770000")
    answer = browser.post(url("save", draft), typed, headers=HTMX).content.decode()
    draft.refresh_from_db()
    assert queries.text_of(draft) == "첫 줄\n둘째\n줄" and queries.title_of(draft) == "제목"
    assert draft.purpose == "prizes" and draft.is_lawful and "에 저장했어요" in answer
    browser.post(url("save", draft), {**typed, "is_lawful": ""}, headers=HTMX)
    draft.refresh_from_db()
    assert not draft.is_lawful


def test_the_room_for_the_text_is_told_in_bytes(browser: Client, draft: Draft) -> None:
    page = browser.post(url("save", draft), form(draft, channel="sms"), headers=HTMX).content.decode()
    assert 'data-room-most="90"' in page
    places = page.split('data-places="')[1].split('"')[0]
    assert json.loads(html.unescape(places)) == {"이름": 6}
    draft.refresh_from_db()
    assert queries.title_of(draft) == ""  # an SMS has none


def test_letters_that_no_carrier_carries_are_named_and_replaced(browser: Client, draft: Draft) -> None:
    typed = form(draft, text="₩1,000 – 고마워요")
    page = browser.post(url("save", draft), typed, headers=HTMX).content.decode()
    assert LetterRefusal.CANNOT_CARRY.sentence.format(characters="₩ –") in page and 'name="replace"' in page
    browser.post(url("save", draft), {**typed, "replace": "1"})
    draft.refresh_from_db()
    assert queries.text_of(draft) == "1,000원 - 고마워요"


def test_a_text_that_is_far_too_long_is_not_saved_and_stays_on_the_page(
    browser: Client, draft: Draft
) -> None:
    typed = form(draft, text="가" * 10_001)
    answer = browser.post(url("check", draft), typed)
    assert answer.status_code == 422 and "가" * 10_001 in answer.content.decode()
    draft.refresh_from_db()
    assert queries.text_of(draft) == "#{이름} 님, 고맙습니다."


@pytest.mark.parametrize(
    "changed,sentence",
    [
        ({"is_lawful": ""}, OrderRefusal.NOT_LAWFUL.sentence),
        ({"text": "#{부서} 님"}, LetterRefusal.UNKNOWN_PLACE.sentence.format(place="부서")),
        ({"title": "긴" * 21}, LetterRefusal.TITLE_TOO_LONG.sentence.format(bytes=42, most=40)),
        ({"sender": "15449999"}, LetterRefusal.SENDER_NOT_APPROVED.sentence),
        ({"seen_won": "1"}, OrderRefusal.PRICE_CHANGED.sentence.format(seen_won=1, now_won=13_500)),
        ({"seen_left_out": "2"}, OrderRefusal.HAS_FAULTS.sentence.format(rows=0)),
    ],
)
def test_what_stands_in_the_way_is_said_before_anything_is_asked(
    browser: Client, draft: Draft, changed: dict[str, str], sentence: str
) -> None:
    answer = browser.post(url("check", draft), form(draft, **changed))
    page = answer.content.decode().replace("&#x27;", "'")
    assert answer.status_code == 422 and sentence in page
    assert not given.SpendCode.objects.exists()
    if "text" in changed:
        assert changed["text"] in page


def test_a_balance_that_is_too_small_is_said_with_the_card_and_charging_beside_it(
    browser: Client, company: Company
) -> None:
    """O6: it stops nobody any more, since a card can pay the rest."""
    draft = given.draft(company, GOOD, given.product(price_won=20_000_000))
    page = browser.get(url("draft", draft)).content.decode()
    assert "캐쉬가 10,000,000원 모자라요." in page and "카드로 낼 수 있어요" in page
    answer = browser.post(url("check", draft), form(draft, text="그대로 있을 말"))
    assert answer["Location"] == url("pay", draft) and queries.quote(draft).people == 3
    assert "그대로 있을 말" in browser.get(url("draft", draft)).content.decode()
    paying = browser.get(url("pay", draft)).content.decode()
    assert "카드로 10,000,000원 결제하러 가기" in paying and "50,000,000" in paying


def test_a_company_without_a_sender_number_is_told_so(browser: Client, draft: Draft) -> None:
    SenderNumber.objects.all().delete()
    assert LetterRefusal.NO_SENDER.sentence in browser.get(url("draft", draft)).content.decode()
    assert LetterRefusal.NO_SENDER.sentence in browser.post(url("check", draft), form(draft)).content.decode()


def test_the_same_product_sent_lately_only_warns(browser: Client, company: Company) -> None:
    product = given.product()
    given.placed(company, GOOD[:2], product, at=clock.now())
    draft = given.draft(company, GOOD, product, at=clock.now())
    assert browser.post(url("check", draft), form(draft))["Location"] == url("pay", draft)
    assert browser.get(url("pay", draft)).context["sent_lately"] == 2


def test_a_formula_without_a_result_is_a_row_to_mend_and_not_nobody(browser: Client, empty: Draft) -> None:
    book = xlsxwriter.Workbook(out := io.BytesIO())
    page = book.add_worksheet()
    page.write_string(0, 0, GOOD[0])
    page.write_formula(1, 0, '=A1&""', value="")
    page.write_string(2, 0, GOOD[1])
    book.close()
    browser.post(url("upload", empty), {"file": SimpleUploadedFile("f.xlsx", out.getvalue())}, headers=HTMX)
    rows = queries.rows_page(empty)
    assert [(row.position, row.fault) for row in rows] == [(1, ""), (2, "cell_no_result"), (3, "")]
    assert rows[1].why == sheets.Mark.NO_RESULT.sentence
