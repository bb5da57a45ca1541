"""회사: who runs it, who comes in, the bounds, the switch that stops all payments, and its log. M7, M8"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.members import queries
from seonmul.members.models import (
    Buyer,
    BuyerKind,
    Department,
    Invitation,
    JoinRequest,
    Member,
    Membership,
    Role,
)
from seonmul.members.rules import CompanyRefusal, JoinRefusal, SpendRefusal
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db
Seat = Callable[[Member], Client]


def prove(browser: Client, member: Member, **more: str) -> Client:
    """A fresh verification in this browser."""
    given.verified(member, str(browser.session.session_key), clock.now(), **more)
    return browser


@pytest.fixture
def browser(company: Company, signed_in: Seat) -> Client:
    """The company's owner at the browser, who has just proved who they are."""
    return prove(signed_in(company.owner), company.owner)


def url(name: str, *args: object) -> str:
    return reverse(f"storefront:{name}", args=args)


def place_typed(member: Member, **changed: str) -> dict[str, str]:
    typed = {"role": "buyer", "department": "", "monthly_limit_won": ""} | changed
    return {"member": str(member.id)} | {f"place-{member.id}-{name}": value for name, value in typed.items()}


def invited(browser: Client, address: str = "new@firm.example", role: str = "buyer") -> Invitation:
    browser.post(url("invite"), {"invite-mail": address, "invite-role": role})
    return Invitation.objects.latest("invited_at")


# who sees it


@pytest.mark.parametrize(
    "method, name",
    [
        ("get", "company"), ("get", "record"), ("post", "invite"), ("post", "place"), ("post", "department"),
        ("post", "approval"), ("post", "thaw"),
    ],
)  # fmt: skip
def test_only_an_owner_of_a_company_finds_these_pages(
    company: Company, signed_in: Seat, method: str, name: str
) -> None:
    for member in (company.approver, given.person()):
        assert getattr(signed_in(member), method)(url(name)).status_code == 404


def test_the_menu_shows_what_is_for_the_member(browser: Client, company: Company, signed_in: Seat) -> None:
    to_company = f'href="{url("company")}"'
    assert to_company in browser.get(url("my")).content.decode()
    assert to_company not in signed_in(company.approver).get(url("my")).content.decode()
    general = signed_in(given.person()).get(url("my")).content.decode()
    assert url("convert") in general and url("freeze") not in general


@pytest.mark.parametrize(
    "role, reads", [("owner", True), ("accountant", True), ("approver", False), ("buyer", False)]
)
def test_owners_and_accountants_read_the_companys_record(
    browser: Client, company: Company, signed_in: Seat, role: str, reads: bool
) -> None:
    """M7: an audit log that the company can read; an accountant finds the way to it, and nothing to change."""
    browser.post(url("approval"), {"approval-won": "1000"})
    Membership.objects.filter(member=company.approver).update(role=role)
    client = signed_in(company.approver)
    answer = client.get(url("record"))
    assert answer.status_code == (200 if reads else 404)
    assert not reads or "결재 기준 변경" in answer.content.decode()
    to_record = f'href="{url("record")}"'
    assert (to_record in client.get(url("my")).content.decode()) is (role == "accountant")
    if role == "accountant":
        assert client.get(url("company")).status_code == 404
        assert f'href="{url("company")}"' not in answer.content.decode()


def test_another_companys_rows_do_not_exist(browser: Client, signed_in: Seat) -> None:
    other = given.company()
    theirs = prove(signed_in(other.owner), other.owner)
    row = invited(theirs)
    asks = JoinRequest.objects.create(buyer=other.buyer, member=given.person(), asked_at=clock.now())
    department = Department.objects.create(buyer=other.buyer, name="총무")
    assert browser.post(url("invitation_withdraw", row.public_id)).status_code == 404
    assert browser.post(url("join_answer", asks.public_id), {"role": "buyer"}).status_code == 404
    assert browser.post(url("place"), place_typed(other.approver)).status_code == 404
    typed = {"department": str(department.id), f"department-{department.id}-name": "빼앗음"}
    assert browser.post(url("department"), typed).status_code == 404
    asks.refresh_from_db()
    row.refresh_from_db()
    assert row.withdrawn_at is None and asks.state == "waiting"
    assert "new@firm.example" not in browser.get(url("company")).content.decode()


# coming in


def test_an_invitation_is_mailed_and_accepted_once_signed_in(
    browser: Client, company: Company, signed_in: Seat
) -> None:
    row = invited(browser)
    given.worked()
    (letter,) = mail.outbox
    address = url("join", queries.link_of(row))
    assert address in letter.body and letter.to == ["new@firm.example"]
    assert "new@firm.example" in browser.get(url("company")).content.decode()
    visitor = Client()
    page = visitor.get(address).content.decode()
    assert company.buyer.name in page and f"/login/?next={address}" in page
    assert (
        visitor.post(address).status_code == 422 and not Membership.objects.filter(role=Role.BUYER).exists()
    )
    guest = given.person()
    seat = signed_in(guest)
    assert "수락하고 들어가기" in seat.get(address).content.decode()
    assert seat.post(address)["Location"] == url("my")
    place = queries.place_of(guest)
    assert place is not None and (place.buyer, place.role) == (company.buyer, Role.BUYER)
    assert CompanyRefusal.INVITATION_GONE.sentence in Client().get(address).content.decode()


def test_who_has_a_company_is_told_so(browser: Client, signed_in: Seat) -> None:
    address = url("join", queries.link_of(invited(browser)))
    other = signed_in(given.company().owner)
    assert CompanyRefusal.ALREADY_MEMBER.sentence in other.get(address).content.decode()
    assert other.post(address).status_code == 422


def test_an_invitation_taken_back_or_never_made_is_gone(browser: Client) -> None:
    row = invited(browser)
    assert browser.post(url("invitation_withdraw", row.public_id)).status_code == 302
    assert browser.post(url("invitation_withdraw", row.public_id)).status_code == 404
    for link in (queries.link_of(row), "nonesuch"):
        page = Client().get(url("join", link))
        assert page.status_code == 404 and CompanyRefusal.INVITATION_GONE.sentence in page.content.decode()


def test_an_address_is_invited_once(browser: Client) -> None:
    invited(browser)
    again = browser.post(url("invite"), {"invite-mail": "NEW@firm.example", "invite-role": "owner"})
    assert again.status_code == 422 and CompanyRefusal.ALREADY_INVITED.sentence in again.content.decode()
    assert 'value="NEW@firm.example"' in again.content.decode()
    wrong = browser.post(url("invite"), {"invite-mail": "firm", "invite-role": "owner"})
    assert "이메일 주소를 확인해 주세요" in wrong.content.decode()


@pytest.mark.parametrize(
    "answer, state, company_role", [("accept", "accepted", "buyer"), ("refuse", "refused", "owner")]
)
def test_who_asked_to_join_is_answered(
    browser: Client, company: Company, signed_in: Seat, answer: str, state: str, company_role: str
) -> None:
    guest = given.person()
    asks = JoinRequest.objects.create(buyer=company.buyer, member=guest, asked_at=clock.now())
    assert "수락하면 기업회원이 돼요" in signed_in(guest).get(url("my")).content.decode()
    assert guest.login in browser.get(url("company")).content.decode()
    browser.post(url("join_answer", asks.public_id), {"role": "buyer", "answer": answer})
    asks.refresh_from_db()
    place = queries.place_of(guest)
    assert asks.state == state and place is not None and place.role == company_role
    assert (place.buyer == company.buyer) is (answer == "accept")
    assert JoinRefusal.NOT_WAITING.code == "join_not_waiting"
    assert browser.post(url("join_answer", asks.public_id), {"role": "buyer"}).status_code == 404


# bounds


def test_a_place_with_its_department_and_bounds(browser: Client, company: Company) -> None:
    assert browser.post(url("department"), {"department--name": "인사팀", "department--monthly_budget_won": "3,000,000"}).status_code == 302  # fmt: skip
    team = Department.objects.get()
    assert team.monthly_budget_won == 3_000_000
    typed = place_typed(
        company.approver,
        role="buyer",
        department=str(team.id),
        monthly_limit_won="500,000",
        order_limit_won="90,000",
        sees_numbers="on",
    )
    assert browser.post(url("place"), typed).status_code == 302
    place = queries.place_of(company.approver)
    assert place is not None
    assert place.order_limit_won == 90_000
    assert (place.role, place.department, place.monthly_limit_won, place.sees_numbers) == (
        "buyer", team, 500_000, True,
    )  # fmt: skip
    page = browser.get(url("company")).content.decode()
    assert "한 달 500,000원" in page and "인사팀" in page


def test_a_company_keeps_an_owner(browser: Client, company: Company) -> None:
    page = browser.post(url("place"), place_typed(company.owner, role="buyer", monthly_limit_won="77"))
    assert page.status_code == 422 and CompanyRefusal.LAST_OWNER.sentence in page.content.decode()
    assert "<details open>" in page.content.decode() and 'value="77"' in page.content.decode()


def test_departments_have_different_names(browser: Client) -> None:
    for status in (302, 422):
        page = browser.post(url("department"), {"department--name": "인사팀"})
        assert page.status_code == status
    assert CompanyRefusal.DEPARTMENT_TAKEN.sentence in page.content.decode()
    team = Department.objects.get()
    typed = {"department": str(team.id), f"department-{team.id}-name": "인사부"}
    assert browser.post(url("department"), typed).status_code == 302
    team.refresh_from_db()
    assert team.name == "인사부"


def test_from_which_sum_on_an_approver_must_consent(browser: Client, company: Company) -> None:
    for text, won in (("1,000,000", 1_000_000), ("", None)):
        assert browser.post(url("approval"), {"approval-won": text}).status_code == 302
        company.buyer.refresh_from_db()
        assert company.buyer.approval_above_won == won
    assert browser.post(url("approval"), {"approval-won": "많이"}).status_code == 422


# the switch


def test_anybody_of_a_company_stops_all_payments_and_an_owner_opens_them(
    browser: Client, company: Company, signed_in: Seat
) -> None:
    other = signed_in(company.approver)
    assert "대표만 다시 열 수 있어요" in other.get(url("freeze")).content.decode()
    company.buyer.refresh_from_db()
    assert company.buyer.frozen_at is None, "looking stops nothing"
    other.post(url("freeze"))
    company.buyer.refresh_from_db()
    assert company.buyer.frozen_at
    draft = given.draft(company, given.numbers(1), at=clock.now())
    seen = {
        "seen_won": "4500",
        "seen_left_out": "0",
        "sender": draft.sender,
        "channel": "lms",
        "purpose": "clients",
    }
    refused = browser.post(url("check", draft.public_id), seen | {"text": "감사", "is_lawful": "on"})
    assert CompanyRefusal.FROZEN.sentence in refused.content.decode()
    assert other.post(url("thaw")).status_code == 404
    assert "결제 다시 열기" in browser.get(url("my")).content.decode()
    browser.post(url("thaw"))
    company.buyer.refresh_from_db()
    assert company.buyer.frozen_at is None


def test_a_person_of_their_own_has_nothing_to_stop(signed_in: Seat) -> None:
    """An owner of a company alone could open it again."""
    seat = signed_in(given.person())
    assert seat.get(url("freeze")).status_code == 404 and seat.post(url("freeze")).status_code == 404
    assert not Buyer.objects.filter(kind=BuyerKind.PERSON, frozen_at__isnull=False).exists()


@pytest.mark.parametrize("is_own", [False, None])
def test_a_thief_with_the_owners_password_brings_nobody_in_and_opens_nothing(
    company: Company, signed_in: Seat, is_own: bool | None
) -> None:
    """M8: neither without a verification nor with the thief's own."""
    browser, guest = signed_in(company.owner), given.person()
    if is_own is False:
        prove(browser, company.owner, phone="01077770001", ci="thief")
    asks = JoinRequest.objects.create(buyer=company.buyer, member=guest, asked_at=clock.now())
    Buyer.objects.filter(id=company.buyer.id).update(approval_above_won=1_000, frozen_at=clock.now())
    said = SpendRefusal.NOT_VERIFIED.sentence
    for name, typed in (
        ("invite", {"invite-mail": "thief@firm.example", "invite-role": "buyer"}),
        ("place", place_typed(company.approver, role="owner")),
        ("approval", {"approval-won": ""}),
    ):
        page = browser.post(url(name), typed)
        assert page.status_code == 422 and said in page.content.decode(), name
        if name == "invite":
            assert 'value="thief@firm.example"' in page.content.decode(), "what was typed stays"
    typed = {"role": "buyer", "answer": "accept"}
    page = browser.post(url("join_answer", asks.public_id), typed, follow=True)
    assert said in page.content.decode() and url("identity_begin") in page.content.decode()
    assert said in browser.post(url("thaw"), follow=True).content.decode()
    company.buyer.refresh_from_db()
    place = queries.place_of(guest)
    assert company.buyer.frozen_at and company.buyer.approval_above_won == 1_000
    assert not Invitation.objects.exists() and place is not None and place.buyer != company.buyer


def test_what_was_a_company_when_it_was_stopped_is_opened_by_its_owner(
    browser: Client, company: Company, signed_in: Seat
) -> None:
    """M2, M8"""
    Buyer.objects.filter(id=company.buyer.id).update(kind=BuyerKind.PERSON, frozen_at=clock.now())
    assert url("thaw") in browser.get(url("my")).content.decode()
    unproved = signed_in(company.owner).post(url("thaw"))
    assert unproved["Location"] == url("spend_auth"), "there the verification is offered"
    assert signed_in(company.approver).post(url("thaw")).status_code == 404
    browser.post(url("thaw"))
    company.buyer.refresh_from_db()
    assert company.buyer.frozen_at is None


# its log


def test_the_log_says_who_did_what_page_by_page(browser: Client, company: Company, signed_in: Seat) -> None:
    signed_in(given.company().owner).post(url("approval"), {"approval-won": "1"})
    for won in range(55):
        browser.post(url("approval"), {"approval-won": str(won)})
    invited(browser)
    first = browser.get(url("record"))
    page = first.content.decode()
    assert "구성원 초대" in page and page.count("결재 기준 변경") == 49 and company.owner.name in page
    last = browser.get(url("record"), {"after": first.context["after"]}).content.decode()
    assert last.count("결재 기준 변경") == 6
