"""Members and companies: found by every way, masked, whole only for a reason. B, X2"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit import queries as audit
from seonmul.backoffice.rules import ConsoleRefusal
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members import lookups
from seonmul.members.models import Buyer, Member
from tests import given
from tests.backoffice.conftest import asked, found
from tests.given import MONDAY

pytestmark = pytest.mark.django_db
MEMBERS = reverse("backoffice:members")
COMPANIES = reverse("backoffice:companies")


@pytest.fixture
def hana() -> Member:
    """A member of a company, unlike all others."""
    buyer = members.make_buyer("company", "가온빛전자", at=MONDAY, business_number="1208147521")
    return members.make_member(
        "hana77", "long-enough-1", "정하나", phone="01077778888", mail="hana@gaon.example", at=MONDAY,
        buyer=buyer, role="accountant",
    )  # fmt: skip


def page_of(member: Member) -> str:
    return reverse("backoffice:member", args=[member.id])


@pytest.mark.parametrize(
    "words", ["정하나", "하나", "hana77", "HANA7", "가온빛", "120-81-47521", "1208147521", "010-7777-8888"]
)
def test_a_member_is_found(words: str, hana: Member) -> None:
    given.company()
    assert [row.id for row in lookups.members_page(words).rows] == [hana.id]


@pytest.mark.parametrize("words", ["0107777", "7777-8888", "120814752", "없는이름", "%"])
def test_a_part_of_a_number_finds_nobody(words: str, hana: Member) -> None:
    assert lookups.members_page(words).rows == []


def test_the_list_is_masked_and_comes_page_by_page(hana: Member, console: Callable[[str], Client]) -> None:
    client = console("support")
    page = found(client, MEMBERS, "hana77").content.decode()
    assert "정*나" in page and "010-****-8888" in page and "가온빛전자" in page and "회계" in page
    assert "정하나" not in page and "01077778888" not in page
    for _ in range(3):
        given.company()
    first = lookups.members_page(limit=4)
    second = lookups.members_page(after=first.after, limit=50)
    assert len(first.rows) == 4 and not {row.id for row in first.rows} & {row.id for row in second.rows}
    assert len(first.rows) + len(second.rows) == Member.objects.count()


def test_a_company_is_found_and_shows_people_money_numbers_and_orders(
    console: Callable[[str], Client],
) -> None:
    company = given.company()
    given.placed(company, given.numbers(2))
    client = console("finance")
    listed = found(client, COMPANIES, company.buyer.name).content.decode()
    address = reverse("backoffice:company", args=[company.buyer.public_id])
    assert address in listed and "2명" in listed
    page = client.get(address).content.decode()
    for words in ("김*표", "이*재", "결재자", "****-0000", "1건 · 9,000원", "49,991,000원"):
        assert words in page, words


def test_whole_numbers_take_a_reason_are_shown_once_and_stay_in_the_log(
    hana: Member, console: Callable[[str], Client]
) -> None:
    client = console("support")
    unmask = reverse("backoffice:unmask", args=[hana.id])
    bare = client.post(unmask)
    assert bare.status_code == 422 and ConsoleRefusal.NO_REASON.sentence in bare.content.decode()
    assert "010-7777-8888" not in bare.content.decode() and audit.acts_on(hana.id) == []
    whole = client.post(unmask, {"reason": "inquiry"}).content.decode()
    assert "정하나" in whole and "010-7777-8888" in whole and "hana@gaon.example" in whole
    (act,) = audit.acts_on(hana.id)
    assert (act.verb, act.facts) == ("member_unmasked", {"reason": "inquiry"})
    again = client.get(page_of(hana)).content.decode()
    assert "010-7777-8888" not in again and "ha***@gaon.example" in again
    assert "회원정보 열람" in again and "문의 응대" in again


def test_what_is_not_there_is_not_found(console: Callable[[str], Client]) -> None:
    client = console("super")
    for name, argument in (("member", Member().id), ("company", "nobody")):
        assert client.get(reverse(f"backoffice:{name}", args=[argument])).status_code == 404
    assert "찾는 회원이 없어요" in found(client, MEMBERS, "아무도").content.decode()
    assert "찾는 회사가 없어요" in found(client, COMPANIES, "아무도").content.decode()
    assert client.get(MEMBERS, {"after": "!", "find": "\x00"}).status_code == 200
    assert client.post(MEMBERS, {"q": "\x00"})["Location"] == MEMBERS


@pytest.mark.parametrize("address", [MEMBERS, COMPANIES])
def test_three_rows_ask_no_more_than_one(address: str, console: Callable[[str], Client]) -> None:
    client = console("support")
    given.company()
    one = asked(client, address)
    given.company()
    given.company()
    assert asked(client, address) == one


def test_a_temporary_membership_is_taken_back_for_a_reason(console: Callable[[str], Client]) -> None:
    """M2"""
    buyer = given.company().buyer
    Buyer.objects.filter(id=buyer.id).update(temporary_until=clock.now() + timedelta(days=30))
    end = reverse("backoffice:end_temporary", args=[buyer.public_id])
    address = reverse("backoffice:company", args=[buyer.public_id])
    assert console("support").post(end, {"reason": "resale"}).status_code == 403
    client = console("approver")
    assert "임시기업회원 끝내기" in client.get(address).content.decode()
    bare = client.post(end)
    assert bare.status_code == 422 and ConsoleRefusal.NO_ENDING.sentence in bare.content.decode()
    assert client.post(end, {"reason": "resale"})["Location"] == address
    buyer.refresh_from_db()
    assert (buyer.kind, buyer.temporary_until) == ("person", None)
    page = client.get(address).content.decode()
    assert "재판매 의심" in page and "임시기업회원 끝내기" not in page
    assert client.post(end, {"reason": "resale"}).status_code == 422
