"""기업회원전환 from the form to the corporate list, and who may see a certificate. M2"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.kit import clock
from seonmul.kit.filetypes import PaperRefusal
from seonmul.members import actions
from seonmul.members.models import BusinessCheck, Buyer, Conversion, ConversionState, Member, Membership, Role
from seonmul.members.rules import ConversionRefusal, SignUpRefusal
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"storefront:{name}", args=args)


@pytest.fixture
def person(db: None) -> Member:
    return given.person()


@pytest.fixture
def applicant(person: Member, signed_in: Callable[[Member], Client]) -> Client:
    return signed_in(person)


def typed(paper: bytes | None = given.PAPERS["png"], **more: str) -> dict[str, Any]:
    file = {} if paper is None else {"certificate": SimpleUploadedFile("photo.heic", paper)}
    return {
        "kind": "business", "company_name": "다솜상회", "business_number": given.business_number(),
        "representative": "김민수", "opened_on": "2020-03-02", **file,
    } | more  # fmt: skip


def test_an_application_waits_and_an_approval_opens_the_corporate_list(applicant: Client) -> None:
    form = applicant.get(url("convert")).content.decode()
    assert 'accept="application/pdf,image/jpeg,image/png"' in form
    assert applicant.post(url("convert"), typed())["Location"] == url("convert")
    row = Conversion.objects.get()
    assert (row.certificate_type, row.company_name) == ("png", "다솜상회")
    page = applicant.get(url("convert")).content.decode()
    assert "심사하고 있어요" in page and "신청 취소하기" in page and 'name="kind"' not in page
    actions.decide_conversion(row.id, approve=True, by=given.operator(), at=clock.now())
    assert "기업회원이에요" in applicant.get(url("convert")).content.decode()
    assert (
        "기업회원 상품리스트로 전환" in applicant.get("/").content.decode()
        or Buyer.objects.get().kind == "company"
    )


def test_a_refusal_is_shown_with_its_reason_and_what_was_typed(applicant: Client) -> None:
    applicant.post(url("convert"), typed())
    row = Conversion.objects.get()
    actions.decide_conversion(
        row.id, approve=False, reason="흐려서 읽을 수 없습니다.", by=given.operator(), at=clock.now()
    )
    page = applicant.get(url("convert")).content.decode()
    assert "흐려서 읽을 수 없습니다." in page and 'value="다솜상회"' in page and 'value="2020-03-02"' in page


def test_it_is_taken_back_by_who_applied(
    applicant: Client, company: Company, signed_in: Callable[[Member], Client]
) -> None:
    applicant.post(url("convert"), typed())
    row = Conversion.objects.get()
    stranger = signed_in(company.owner)
    assert stranger.post(url("convert_withdraw", row.public_id)).status_code == 404
    for _ in range(2):
        assert applicant.post(url("convert_withdraw", row.public_id)).status_code == 302
    row.refresh_from_db()
    assert row.state == ConversionState.WITHDRAWN
    page = applicant.get(url("convert")).content.decode()
    assert ConversionRefusal.NOT_WAITING.sentence in page and 'value="다솜상회"' in page


@pytest.mark.parametrize(
    "change, said",
    [
        ({"paper": None}, PaperRefusal.MISSING.sentence),
        ({"paper": b"GIF89a"}, PaperRefusal.WRONG_TYPE.sentence),
        ({"paper": b"%PDF-" + b"0" * 10 * 1024 * 1024}, "10MB를 넘습니다"),
        ({"business_number": "123-45-67890"}, SignUpRefusal.NUMBER_FORM.sentence),
        ({"business_number": ""}, SignUpRefusal.NUMBER_FORM.sentence),
        ({"opened_on": "언젠가"}, "날짜를 확인해 주세요"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_and_all_that_was_typed_stays(
    applicant: Client, change: dict[str, Any], said: str
) -> None:
    page = applicant.post(url("convert"), typed(**change))
    assert page.status_code == 422 and said in page.content.decode()
    assert 'value="다솜상회"' in page.content.decode() and not Conversion.objects.exists()


def test_a_number_that_a_company_has_is_refused(applicant: Client, company: Company) -> None:
    number = given.business_number()
    Buyer.objects.filter(id=company.buyer.id).update(business_number=number)
    page = applicant.post(url("convert"), typed(business_number=number))
    assert ConversionRefusal.NUMBER_TAKEN.sentence in page.content.decode()


def test_a_temporary_one_needs_neither_number_nor_paper(applicant: Client) -> None:
    form = typed(paper=None, kind="temporary", business_number="")
    assert applicant.post(url("convert"), form).status_code == 302
    row = Conversion.objects.get()
    actions.decide_conversion(row.id, approve=True, by=given.operator(), at=clock.now())
    page = applicant.get(url("convert")).content.decode()
    assert "임시기업회원이고" in page and 'name="certificate"' in page, "a paper makes it lasting"


def test_what_was_typed_at_sign_up_is_not_typed_twice(applicant: Client, person: Member) -> None:
    """M1: a check that failed leads here."""
    number = given.business_number()
    BusinessCheck.objects.create(
        member=person, business_number=number, company_name="다솜상회", representative="김민수",
        opened_on="2020-03-02", state="ended", outcome="no_answer", asked_at=clock.now(),
    )  # fmt: skip
    page = applicant.get(url("convert")).content.decode()
    for value in (number, "다솜상회", "김민수", "2020-03-02"):
        assert f'value="{value}"' in page
    assert "채워 두었어요" in page


def test_a_company_and_a_mere_buyer_of_it_do_not_apply(
    browser: Client, company: Company, signed_in: Callable[[Member], Client]
) -> None:
    assert "기업회원이에요" in browser.get(url("convert")).content.decode()
    refused = browser.post(url("convert"), typed())
    assert refused.status_code == 422
    Buyer.objects.filter(id=company.buyer.id).update(kind="person")
    Membership.objects.filter(member=company.approver).update(role=Role.BUYER)
    other = signed_in(company.approver)
    assert "신청할 수 없어요" in other.get(url("convert")).content.decode()
    assert other.post(url("convert"), typed()).status_code == 422
    assert not Conversion.objects.exists()


def test_a_certificate_is_for_the_applicant_and_every_look_is_noted(
    applicant: Client, company: Company, signed_in: Callable[[Member], Client]
) -> None:
    applicant.post(url("convert"), typed())
    row = Conversion.objects.get()
    address = url("certificate", row.public_id)
    answer = applicant.get(address)
    assert answer.content == given.PAPERS["png"] and answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    assert "photo.heic" not in answer["Content-Disposition"]
    assert signed_in(company.owner).get(address).status_code == 404
    assert Act.objects.filter(verb="document_seen", subject=str(row.id)).count() == 1
