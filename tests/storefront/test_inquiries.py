"""고객센터 → 1:1 문의 over HTTP. H3, O7"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.kit import clock
from seonmul.members.models import Buyer, Member
from seonmul.orders.rules import LimitRefusal
from seonmul.support import actions
from seonmul.support.models import Attachment, Inquiry
from seonmul.support.rules import InquiryRefusal
from tests import given
from tests.given import PAPERS, Company
from tests.orders import certificates
from tests.storefront.conftest import asked

pytestmark = pytest.mark.django_db
NEW = reverse("storefront:inquiry_new")


def paper(name: str = "list.pdf", content: bytes = PAPERS["pdf"]) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_an_inquiry_is_written_read_gone_on_with_and_ended(browser: Client, company: Company) -> None:
    """H3: with files, which only their member opens, and each look is noted."""
    sent = browser.post(
        NEW,
        {"kind": "other", "text": "쿠폰이 오지 않았어요.", "papers": [paper(), paper("b.pdf")]},
        follow=True,
    )
    page = sent.content.decode()
    assert "문의를 접수했습니다." in page and "쿠폰이 오지 않았어요." in page and "답변 대기" in page
    row = Inquiry.objects.get()
    file = Attachment.objects.earliest("public_id")
    address = reverse("storefront:attachment", args=[row.public_id, file.public_id])
    answer = browser.get(address)
    assert answer.content == PAPERS["pdf"] and answer["Content-Type"] == "application/pdf"
    assert Act.objects.filter(verb="document_seen", subject=str(row.id)).count() == 1
    actions.answer(row.id, "확인했습니다.", by=given.operator(), at=clock.now())
    listed = browser.get(reverse("storefront:inquiries")).content.decode()
    assert "답변 완료" in listed and "기타" in listed
    thread = reverse("storefront:inquiry", args=[row.public_id])
    browser.post(thread, {"text": "고맙습니다."})
    page = browser.get(thread).content.decode()
    assert "담당자" in page and "고맙습니다." in page
    browser.post(reverse("storefront:inquiry_close", args=[row.public_id]))
    assert "이어서 적기" not in browser.get(thread).content.decode()
    late = browser.post(thread, {"text": "하나 더"})
    assert late.status_code == 422 and InquiryRefusal.CLOSED.sentence in late.content.decode()


def test_what_is_not_taken_stays_in_the_form(browser: Client) -> None:
    """H3"""
    for typed, said in [
        ({"kind": "other", "text": " "}, InquiryRefusal.NO_TEXT.sentence),
        ({"kind": "", "text": "안녕하세요"}, "문의 종류를 골라 주세요."),
        ({"kind": "limit", "text": "안녕하세요"}, InquiryRefusal.NO_AMOUNT.sentence),
        ({"kind": "other", "text": "안녕하세요", "papers": [paper("a.pdf", b"MZ")]}, "PDF, JPEG, PNG"),
    ]:
        answer = browser.post(NEW, typed)
        assert answer.status_code == 422 and said in answer.content.decode(), typed
    assert "안녕하세요" in answer.content.decode() and not Inquiry.objects.exists()


def test_the_limit_inquiry_opens_filled_in(browser: Client, company: Company) -> None:
    """O7: with the amount that the kept order needs and the handling hours."""
    draft = certificates.draft(company, 12, at=clock.now())
    page = browser.get(reverse("storefront:draft", args=[draft.public_id])).content.decode()
    link = f"{NEW}?kind=limit&amp;about={draft.public_id}"
    assert link in page and "한도가 200,000원 모자라요." in page
    form = browser.get(link.replace("&amp;", "&")).content.decode()
    assert 'value="1200000"' in form.replace(",", "") and draft.public_id in form
    assert "업무시간 4시간" in form and '<option value="limit" selected>' in form
    browser.post(NEW, {"kind": "limit", "text": "포상", "wanted_won": "1,200,000", "about": draft.public_id})
    row = Inquiry.objects.get()
    assert (row.kind, row.wanted_won, row.about) == ("limit", 1_200_000, draft.public_id)


def test_an_order_over_the_limit_is_kept_and_leads_to_the_inquiry(browser: Client, company: Company) -> None:
    """O7"""
    draft = certificates.draft(company, 12, at=clock.now())
    kept = {
        "sender": draft.sender, "channel": draft.channel, "title": "선물", "text": "#{이름} 님",
        "purpose": "employees", "is_lawful": "on", "seen_won": "1200000", "seen_left_out": "0",
    }  # fmt: skip
    answer = browser.post(reverse("storefront:check", args=[draft.public_id]), kept)
    said = answer.content.decode()
    assert answer.status_code == 422 and "200,000원 모자라 결제하지 않았습니다" in said
    assert "작성하신 내용은 그대로 저장되어 있어요." in said and f"about={draft.public_id}" in said


def test_a_temporary_corporate_member_reads_why_there_is_no_raise(browser: Client, company: Company) -> None:
    """M2"""
    Buyer.objects.filter(id=company.buyer.id).update(temporary_until=clock.now())
    assert LimitRefusal.TEMPORARY.sentence in browser.get(f"{NEW}?kind=limit").content.decode()
    answer = browser.post(NEW, {"kind": "limit", "text": "포상", "wanted_won": "2000000"})
    assert answer.status_code == 422 and not Inquiry.objects.exists()


def test_colleagues_do_not_read_it(
    browser: Client, company: Company, signed_in: Callable[[Member], Client]
) -> None:
    """H3, M7"""
    browser.post(NEW, {"kind": "other", "text": "비밀", "papers": [paper()]})
    row, file = Inquiry.objects.get(), Attachment.objects.get()
    other = signed_in(company.approver)
    for address in (
        reverse("storefront:inquiry", args=[row.public_id]),
        reverse("storefront:attachment", args=[row.public_id, file.public_id]),
    ):
        assert other.get(address).status_code == 404
    assert row.public_id not in other.get(reverse("storefront:inquiries")).content.decode()


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    browser: Client, company: Company
) -> None:
    address = reverse("storefront:inquiries")
    browser.post(NEW, {"kind": "other", "text": "하나"})
    one = asked(browser, address)
    for n in range(6):
        browser.post(NEW, {"kind": "other", "text": f"또 {n}"})
    assert asked(browser, address) == one


def test_the_limit_stands_on_my_page_the_pay_page_and_the_order_page(
    browser: Client, company: Company
) -> None:
    """O7: limit, used, held, left, and the day it starts anew."""
    certificates.bought(company, 3, clock.now())
    draft = certificates.draft(company, 2, at=clock.now())
    for name, args in (("my", []), ("draft", [draft.public_id]), ("pay", [draft.public_id])):
        page = browser.get(reverse(f"storefront:{name}", args=args)).content.decode()
        for words in ("이번 달 상품권 한도", "1,000,000원", "300,000원", "700,000원", "에 새로 시작해요."):
            assert words in page, (name, words)
    assert ("담당자의 승인을 기다려요." in page and "2건 승인 요청하기" in page) or "인증번호 받기" in page
