"""The real kinds: conversions with their certificate, sender numbers with their proof. M2, M6, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit import queries as audit
from seonmul.audit.models import Act
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import SenderNumber, SenderState
from seonmul.dispatch.rules import SenderRefusal
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members.models import (
    Buyer,
    BuyerKind,
    Conversion,
    ConversionKind,
    ConversionState,
    Handover,
    HandoverState,
    HandoverWay,
)
from seonmul.members.rules import ConversionRefusal, HandoverRefusal
from tests import given
from tests.backoffice.conftest import asked
from tests.given import Company
from tests.members.handing import asked as asked_handover
from tests.members.handing import proved

pytestmark = pytest.mark.django_db
#: Business numbers whose check digits fit.
NUMBERS = ("1208147521", "2148600016", "2208162517")
PDF = b"%PDF-1.4 certificate"
QUEUE = reverse("backoffice:queue")


def url(name: str, kind: str, public_id: str) -> str:
    return reverse(f"backoffice:{name}", args=[kind, public_id])


def applied(n: int = 1) -> Conversion:
    """A person who asks to become a company."""
    at = clock.now()
    buyer = members.make_buyer("person", f"김민수{n}", at=at)
    person = members.make_member(
        f"minsu{n}0", "long-enough-1", "김민수", phone=f"0106{n:07d}", mail=f"minsu{n}@person.example", at=at,
        buyer=buyer,
    )  # fmt: skip
    return members.apply_for_conversion(
        person, ConversionKind.BUSINESS, company_name=f"새솔디자인{n}", business_number=NUMBERS[n - 1],
        representative="김민수", opened_on=date(2020, 3, 2), certificate=PDF, at=at,
    )  # fmt: skip


def number_asked(company: Company | None = None, paper: bytes = PDF) -> SenderNumber:
    company = company or given.company()
    at = clock.now()
    return dispatch.apply_for_sender(
        company.owner, company.buyer.id, "02-3456-7700", label="고객센터", certificate=paper,
        proved_on=clock.seoul_date(at), at=at,
    )  # fmt: skip


def test_an_application_waits_shows_its_facts_and_is_approved(console: Callable[[str], Client]) -> None:
    conversion = applied()
    client = console("approver")
    page = client.get(url("matter", "conversion", conversion.public_id)).content.decode()
    for words in ("새솔디자인1", "120-81-47521", "2020.03.02(월)", "김*수", "010-****-0001", "신규 회원"):
        assert words in page, words
    assert "01060000001" not in page
    client.post(url("decide", "conversion", conversion.public_id), {"verdict": "approve"})
    assert Buyer.objects.get(id=conversion.buyer_id).kind == BuyerKind.COMPANY
    after = client.get(url("matter", "conversion", conversion.public_id)).content.decode()
    assert "처리가 끝난 일이에요: 승인" in after and "기업회원전환 신청" in after
    assert "<dt>오늘 처리</dt><dd>1</dd>" in after


def test_a_refused_application_keeps_its_reason(console: Callable[[str], Client]) -> None:
    conversion = applied()
    decide = url("decide", "conversion", conversion.public_id)
    client = console("approver")
    bare = client.post(decide, {"verdict": "refuse"})
    assert bare.status_code == 422 and ConversionRefusal.NO_REASON.sentence in bare.content.decode()
    client.post(decide, {"verdict": "refuse", "reason": "글자가 보이지 않습니다."})
    conversion.refresh_from_db()
    assert (conversion.state, conversion.reason) == (ConversionState.REFUSED, "글자가 보이지 않습니다.")


def test_every_look_at_a_certificate_is_in_the_log(console: Callable[[str], Client]) -> None:
    conversion = applied()
    client = console("approver")
    answer = client.get(url("paper", "conversion", conversion.public_id))
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"].startswith("inline") and "no-store" in answer["Cache-Control"]
    client.get(url("paper", "conversion", conversion.public_id))
    looks = [act for act in audit.acts_on(conversion.id) if act.verb == "document_seen"]
    assert len(looks) == 2 and looks[0].company == str(conversion.buyer_id)
    assert "서류 열람" in client.get(url("matter", "conversion", conversion.public_id)).content.decode()


def test_a_sender_number_is_approved_only_when_it_is_at_the_carrier(console: Callable[[str], Client]) -> None:
    sender = number_asked()
    client = console("support")
    page = client.get(url("matter", "sender", sender.public_id)).content.decode()
    assert "02-3456-7700" in page and "통신사에 발신번호를 등록했습니다" in page
    assert "02-****-7700" in client.get(QUEUE).content.decode()
    decide = url("decide", "sender", sender.public_id)
    early = client.post(decide, {"verdict": "approve"})
    assert SenderRefusal.NOT_AT_CARRIER.sentence in early.content.decode()
    client.post(decide, {"verdict": "approve", "checks": "registered"})
    sender.refresh_from_db()
    assert sender.state == SenderState.APPROVED and sender.is_registered_at_carrier


def test_a_newer_proof_of_a_number_in_use_is_decided_without_registering_it_again(
    console: Callable[[str], Client],
) -> None:
    """M6"""
    company = given.company()
    sender = number_asked(company)
    client = console("support")
    decide = url("decide", "sender", sender.public_id)
    client.post(decide, {"verdict": "approve", "checks": "registered"})
    SenderNumber.objects.filter(id=sender.id).update(proved_on=date(2026, 1, 5))
    number_asked(company, given.PAPERS["png"])
    page = client.get(url("matter", "sender", sender.public_id)).content.decode()
    assert "쓰고 있는 번호의 새 증명입니다. 번호는 2027.01.06(수)까지" in page
    paper = client.get(url("paper", "sender", sender.public_id))
    assert (paper.content, paper["Content-Type"]) == (given.PAPERS["png"], "image/png")
    client.post(decide, {"verdict": "approve"})
    sender.refresh_from_db()
    assert (sender.proof_type, sender.proved_on) == ("png", clock.seoul_date(clock.now()))
    assert sender.state == SenderState.APPROVED and sender.is_registered_at_carrier


def test_support_sees_conversions_and_decides_numbers_only(console: Callable[[str], Client]) -> None:
    conversion, sender = applied(), number_asked()
    client = console("support")
    listed = client.get(QUEUE).content.decode()
    assert conversion.public_id in listed and sender.public_id in listed
    answer = client.post(url("decide", "conversion", conversion.public_id), {"verdict": "approve"})
    assert answer.status_code == 403 and "승인, 총괄 담당자만" in answer.content.decode()
    conversion.refresh_from_db()
    assert conversion.state == ConversionState.WAITING
    assert not Act.objects.filter(verb="conversion_approved").exists()


def test_three_that_wait_ask_no_more_than_one(console: Callable[[str], Client]) -> None:
    client = console("approver")
    applied(1)
    number_asked()
    one = asked(client, QUEUE)
    for n in (2, 3):
        applied(n)
        number_asked()
    assert asked(client, QUEUE) == one


def handover_asked() -> Handover:
    """A change of the person in charge that waits for staff."""
    at = clock.now()
    return proved(asked_handover(given.company().owner, way=HandoverWay.CERTIFICATE, at=at), at)


def test_a_change_of_the_person_is_decided_by_whoever_has_seen_the_certificate(
    console: Callable[[str], Client],
) -> None:
    """M5: approved with the paper at hand, and the account is another person's."""
    row = handover_asked()
    client = console("approver")
    page = client.get(url("matter", "handover", row.public_id)).content.decode()
    for words in ("박새롬", "010-****-0001", "김*표", "담당자 바꾸기", "최근에 바뀌지 않은 계정"):
        assert words in page, words
    assert client.get(url("paper", "handover", row.public_id)).status_code == 200
    client.post(url("decide", "handover", row.public_id), {"verdict": "approve"})
    row.refresh_from_db()
    row.member.refresh_from_db()
    assert (row.state, row.member.name) == (HandoverState.DONE, "박새롬")
    assert (
        "처리가 끝난 일이에요: 완료" in client.get(url("matter", "handover", row.public_id)).content.decode()
    )


def test_a_refused_change_takes_a_reason(console: Callable[[str], Client]) -> None:
    row = handover_asked()
    client, decide = console("super"), url("decide", "handover", row.public_id)
    bare = client.post(decide, {"verdict": "refuse"})
    assert bare.status_code == 422 and HandoverRefusal.NO_REASON.sentence in bare.content.decode()
    client.post(decide, {"verdict": "refuse", "reason": "직인이 없습니다."})
    row.refresh_from_db()
    assert (row.state, row.reason) == (HandoverState.REFUSED, "직인이 없습니다.")


@pytest.mark.parametrize(
    "role, may", [("support", False), ("finance", False), ("approver", True), ("super", True)]
)
def test_papers_open_only_for_the_roles_that_decide(
    console: Callable[[str], Client], role: str, may: bool
) -> None:
    """M2, M5, B: who may not is told whom to ask, and no look is noted that was none."""
    conversion, handover = applied(), handover_asked()
    client = console(role)
    for kind, row in (("conversion", conversion), ("handover", handover)):
        answer = client.get(url("paper", kind, row.public_id))
        assert answer.status_code == (200 if may else 403)
        link = url("paper", kind, row.public_id)
        assert (link in client.get(url("matter", kind, row.public_id)).content.decode()) is may
        assert audit.last_act(row.id, ["document_seen"]) is None or may
