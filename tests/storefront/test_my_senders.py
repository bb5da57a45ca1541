"""발신번호: asking for one, what stands in the list, and whose numbers a member sees. M6"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seonmul.dispatch import actions
from seonmul.dispatch.models import Proof, SenderNumber, SenderState
from seonmul.dispatch.rules import SenderRefusal
from seonmul.kit import clock
from seonmul.kit.filetypes import PaperRefusal
from seonmul.members.models import Member
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db


def address() -> str:
    return reverse("storefront:senders")


def typed(
    number: str = "02-3214-5678", paper: bytes | None = given.PAPERS["pdf"], **more: Any
) -> dict[str, Any]:
    today = clock.seoul_date(clock.now())
    file = {} if paper is None else {"certificate": SimpleUploadedFile("proof.exe", paper)}
    return {"number": number, "label": "인사팀", "proved_on": today.isoformat(), **file} | more


def test_a_number_is_asked_for_and_its_state_is_shown(browser: Client, company: Company) -> None:
    assert browser.post(address(), typed())["Location"] == address()
    row = SenderNumber.objects.get(digits="0232145678")
    assert (row.state, row.proof_type, row.label) == (SenderState.PENDING, "pdf", "인사팀")
    page = browser.get(address()).content.decode()
    assert "02-3214-5678" in page and "심사 중" in page and "사용 중" in page
    actions.decide_sender(
        row.id, approve=False, reason="글자가 보이지 않습니다.", by=given.operator(), at=clock.now()
    )
    page = browser.get(address()).content.decode()
    assert "글자가 보이지 않습니다." in page and "거부" in page
    assert browser.post(address(), typed()).status_code == 302, "asked for again"


@pytest.mark.parametrize(
    "change, refusal",
    [
        ({"number": "1588-00001"}, SenderRefusal.WRONG_FORM),
        ({"number": "010-2002-0001"}, SenderRefusal.MOBILE_BY_DOCUMENT),
        ({"number": "1577-0000"}, SenderRefusal.ALREADY_APPROVED),
        ({"paper": None}, PaperRefusal.MISSING),
        ({"paper": b"MZ not a paper"}, PaperRefusal.WRONG_TYPE),
        ({"paper": b"%PDF-" + b"0" * 10 * 1024 * 1024}, PaperRefusal.TOO_LARGE),
        ({"proved_on": "2020-01-01"}, SenderRefusal.PROOF_TOO_OLD),
        ({"proved_on": "2999-01-01"}, SenderRefusal.PROOF_AHEAD),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_and_all_that_was_typed_stays(
    browser: Client, change: dict[str, Any], refusal: SenderRefusal
) -> None:
    before = SenderNumber.objects.count()
    page = browser.post(address(), typed(**change))
    text = page.content.decode()
    assert page.status_code == 422 and refusal.sentence.split("{")[0] in text
    assert (
        'value="인사팀"' in text
        and "파일은 다시 골라 주세요" in text
        and SenderNumber.objects.count() == before
    )


def test_a_number_that_waits_is_not_asked_for_twice(browser: Client) -> None:
    browser.post(address(), typed())
    again = browser.post(address(), typed())
    assert SenderRefusal.ALREADY_WAITING.sentence in again.content.decode()


def test_a_colleagues_mobile_number_is_not_shown(
    company: Company, signed_in: Callable[[Member], Client], browser: Client
) -> None:
    actions.register_sender(
        company.buyer.id,
        "01020090001",
        label="",
        at=clock.now(),
        member_id=company.owner.id,
        proof=Proof.IDENTITY,
    )
    assert "010-2009-0001" in browser.get(address()).content.decode()
    page = signed_in(company.approver).get(address()).content.decode()
    assert "010-2009-0001" not in page and "발신번호 신청하기" not in page


def test_nobody_sees_the_numbers_of_another_company(
    browser: Client, signed_in: Callable[[Member], Client]
) -> None:
    browser.post(address(), typed())
    stranger = signed_in(given.company(sender="").owner)
    assert "02-3214-5678" not in stranger.get(address()).content.decode()


def test_a_day_that_cannot_be_read_is_said(browser: Client) -> None:
    page = browser.post(address(), typed(proved_on="어제")).content.decode()
    assert "날짜를 확인해 주세요" in page
    day = clock.seoul_date(clock.now()) - timedelta(days=3)
    assert isinstance(day, date)
    assert browser.post(address(), typed(proved_on=f"{day:%Y.%m.%d}")).status_code == 302


def test_a_number_that_ends_soon_is_asked_for_again_without_typing_it(
    browser: Client, company: Company
) -> None:
    """M6"""
    old = clock.seoul_date(clock.now()) - timedelta(days=340)
    browser.post(address(), typed())
    row = SenderNumber.objects.get(digits="0232145678")
    actions.decide_sender(row.id, approve=True, is_registered=True, by=given.operator(), at=clock.now())
    page = browser.get(address()).content.decode()
    assert "까지" in page and "새 이용증명원 올리기" not in page, "its end is far"
    SenderNumber.objects.filter(id=row.id).update(proved_on=old)
    page = browser.get(address()).content.decode()
    assert clock.korean_date(old + timedelta(days=366)) in page and f"?renew={row.public_id}#h-apply" in page
    page = browser.get(address(), {"renew": row.public_id}).content.decode()
    assert 'value="02-3214-5678"' in page and 'value="인사팀"' in page
    assert browser.post(address(), typed()).status_code == 302
    page = browser.get(address()).content.decode()
    assert "새 이용증명원 심사 중" in page and "새 이용증명원 올리기" not in page


def test_nobody_renews_the_number_of_another_company(
    browser: Client, signed_in: Callable[[Member], Client]
) -> None:
    browser.post(address(), typed())
    row = SenderNumber.objects.get(digits="0232145678")
    stranger = signed_in(given.company(sender="").owner)
    assert "02-3214-5678" not in stranger.get(address(), {"renew": row.public_id}).content.decode()
