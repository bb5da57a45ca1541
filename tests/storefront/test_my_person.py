"""담당자 변경 and a colleague's number as the browser goes through them. M5, M6"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seonmul.dispatch.models import Letter, Message, SenderNumber
from seonmul.kit import clock, crypto
from seonmul.kit.filetypes import PaperRefusal
from seonmul.members import queries
from seonmul.members.models import Handover, HandoverState, Member, Proof
from seonmul.members.rules import HandoverRefusal, ProofRefusal
from tests import given
from tests.given import PAPERS, Company

pytestmark = pytest.mark.django_db
TYPED = {"name": "박새롬", "phone": "010-5555-0001", "mail": "saerom@firm.example"}


def url(name: str, *args: object) -> str:
    return reverse(f"storefront:{name}", args=args)


def prove(browser: Client, member: Member) -> None:
    """A fresh verification in this browser."""
    key = browser.session.session_key
    assert key is not None
    given.verified(member, key, clock.now())


def code() -> str:
    """The code that was texted last."""
    return crypto.ring().open(Proof.CODE, Proof.objects.latest("asked_at").code_sealed)


def texts() -> dict[str, str]:
    """What was texted: number to template."""
    ring = crypto.ring()
    return {
        ring.open(Message.TO, message.to_sealed): ring.open(
            Letter.TEXT, message.attempts.get().batch.letter.text_sealed
        )
        for message in Message.objects.order_by("due_at")
    }


def test_a_company_changes_its_person_behind_the_old_persons_verification(
    browser: Client, company: Company
) -> None:
    """M5: and the new person comes in by recovery to the new phone."""
    old_phone, old_mail = queries.phone_of(company.owner), company.owner.mail
    page = browser.get(url("person")).content.decode()
    assert "본인인증하기" in page and "재직증명서" in page
    prove(browser, company.owner)
    page = browser.get(url("person")).content.decode()
    assert 'name="certificate"' not in page and "24시간 동안" in page
    asked = browser.post(url("person"), TYPED)
    row = Handover.objects.get()
    assert asked["Location"] == url("person_code", row.public_id)
    page = browser.get(asked["Location"]).content.decode()
    assert "010-5555-0001" in page and "담당자 바꾸기" in page
    wrong = browser.post(asked["Location"], {"code": "000000" if code() != "000000" else "000001"})
    assert wrong.status_code == 422 and "다릅니다" in wrong.content.decode()
    assert ProofRefusal.WRONG.value[0] == "proof_wrong"
    answer = browser.post(asked["Location"], {"code": code()})
    assert answer["Location"] == url("products").replace(url("products"), reverse("account_login"))
    assert "담당자를 바꿨습니다" in browser.get(answer["Location"]).content.decode()
    assert browser.get(url("my"))["Location"].startswith("/login/")
    given.worked()
    said = texts()
    assert "담당자가 바뀌었습니다" in said[old_phone] and "담당자가 되었습니다" in said["01055550001"]
    assert {tuple(one.to) for one in mail.outbox} >= {(old_mail,), (TYPED["mail"],)}


def test_what_is_missing_is_said_beside_its_field(browser: Client, company: Company) -> None:
    prove(browser, company.owner)
    for typed, said in (
        ({"phone": "02-123-4567"}, HandoverRefusal.PHONE_FORM.sentence),
        ({"phone": queries.phone_of(company.owner)}, HandoverRefusal.SAME_PHONE.sentence),
        ({"name": " "}, "이름을 적어 주세요"),
        ({"mail": company.approver.mail}, "다른 회원이 쓰는 이메일"),
    ):
        page = browser.post(url("person"), TYPED | typed)
        assert page.status_code == 422 and said in page.content.decode(), typed
    assert not Handover.objects.exists()


def test_without_the_old_person_a_certificate_waits(browser: Client, company: Company) -> None:
    bare = browser.post(url("person"), TYPED)
    assert bare.status_code == 422 and PaperRefusal.MISSING.sentence in bare.content.decode()
    paper = SimpleUploadedFile("paper.pdf", PAPERS["pdf"])
    asked = browser.post(url("person"), TYPED | {"certificate": paper})
    assert browser.post(asked["Location"], {"code": code()})["Location"] == url("person")
    page = browser.get(url("person")).content.decode()
    assert "심사하고 있어요" in page and "신청 취소하기" in page
    given.worked()
    assert "신청을 심사합니다" in texts()[queries.phone_of(company.owner)]
    row = Handover.objects.get()
    assert browser.get(url("person_paper", row.public_id)).status_code == 404
    browser.post(url("person_withdraw", row.public_id))
    row.refresh_from_db()
    assert row.state == HandoverState.WITHDRAWN
    browser.post(url("person_withdraw", row.public_id))
    assert browser.get(url("person")).status_code == 200


def test_an_owner_changes_a_colleagues_account_and_reads_the_document(
    browser: Client, company: Company
) -> None:
    address = url("person_of", company.approver.id)
    assert address in browser.get(url("company")).content.decode()
    assert 'name="phone"' not in browser.get(address).content.decode()
    prove(browser, company.owner)
    asked = browser.post(address, TYPED)
    assert browser.post(asked["Location"], {"code": code()})["Location"] == address
    row = Handover.objects.get()
    assert url("person_paper", row.public_id) in browser.get(address).content.decode()
    paper = browser.get(url("person_paper", row.public_id))
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF-")
    assert "담당자 변경" in browser.get(url("record")).content.decode()


def test_nobody_else_changes_a_colleagues_account(
    company: Company, signed_in: Callable[[Member], Client]
) -> None:
    approver = signed_in(company.approver)
    assert approver.get(url("person_of", company.owner.id)).status_code == 404
    assert approver.post(url("person_of", company.owner.id), TYPED).status_code == 404
    owner = signed_in(company.owner)
    assert owner.get(url("person_of", company.owner.id)).status_code == 404, "one's own has a page of its own"
    person = signed_in(given.person())
    assert "기업회원만" in person.get(url("person")).content.decode()


def test_a_colleagues_number_is_registered_by_a_code(browser: Client, company: Company) -> None:
    """M6"""
    assert "동료의 휴대폰 번호로 보내기" in browser.get(url("senders")).content.decode()
    wrong = browser.post(url("mobile_sender"), {"mobile-number": "02-123-4567"})
    assert wrong.status_code == 422 and "휴대폰 번호만" in wrong.content.decode()
    typed = {"mobile-number": "010-8888-0001", "mobile-label": "김대리"}
    assert browser.post(url("mobile_sender"), typed)["Location"] == url("mobile_sender_code")
    assert "010-8888-0001" in browser.get(url("mobile_sender_code")).content.decode()
    no = browser.post(url("mobile_sender_code"), {"code": "000000" if code() != "000000" else "000001"})
    assert no.status_code == 422
    given.worked()
    assert "발신번호 등록" in texts()["01088880001"]
    assert browser.post(url("mobile_sender_code"), {"code": code()})["Location"] == url("senders")
    page = browser.get(url("senders")).content.decode()
    assert "김대리" in page and "통신사 등록 중" in page
    assert SenderNumber.objects.get(digits="01088880001").member_id == company.owner.id
    assert browser.get(url("mobile_sender_code"))["Location"] == url("senders"), "used up"
