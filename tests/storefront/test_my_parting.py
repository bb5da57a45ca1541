"""내보내기와 나가기: a place in a company ends, after being told what it means. M7, M8"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.members import queries
from seonmul.members.models import Member, Membership, Role
from seonmul.members.rules import CompanyRefusal, SpendRefusal
from tests import given
from tests.given import Company
from tests.storefront.test_my_company import place_typed, prove

pytestmark = pytest.mark.django_db
Seat = Callable[[Member], Client]


def url(name: str, *args: object) -> str:
    return reverse(f"storefront:{name}", args=args)


@pytest.fixture
def worker(company: Company) -> Member:
    Membership.objects.filter(member=company.approver).update(role=Role.BUYER, sees_numbers=True)
    return company.approver


def test_an_owner_is_told_what_it_means_proves_it_and_ends_a_place(
    company: Company, browser: Client, worker: Member, signed_in: Seat
) -> None:
    """M7: the ended member's open session finds nothing of the company any more."""
    at = clock.now()
    order = given.placed(Company(company.buyer, worker, worker), given.numbers(1), at=at)
    draft = given.draft(Company(company.buyer, worker, worker), given.numbers(1), at=at)
    seat, end = signed_in(worker), url("place_end", worker.id)
    assert seat.get(url("order", order.public_id)).status_code == 200
    assert end in browser.get(url("company")).content.decode()
    page = browser.get(end).content.decode()
    assert "본인인증하기" in page and f'name="next" value="{end}"' in page and "btn-danger" not in page
    early = browser.post(end)
    assert early.status_code == 422 and SpendRefusal.NOT_VERIFIED.sentence in early.content.decode()
    prove(browser, company.owner)
    assert "btn-danger" in browser.get(end).content.decode()
    assert browser.post(end)["Location"] == url("company")
    for address in (
        url("order", order.public_id),
        url("draft", draft.public_id),
        url("company"),
        url("record"),
    ):
        assert seat.get(address).status_code == 404, address
    check = seat.post(url("check", draft.public_id), {"seen_won": "4500", "seen_left_out": "0"})
    pay = seat.post(url("pay", draft.public_id), {"secret": "123456"})
    assert check.status_code == pay.status_code == 404
    assert "일반회원" in seat.get(url("my")).content.decode()
    assert browser.get(url("draft", draft.public_id)).status_code == 200
    assert browser.get(end).status_code == browser.post(end).status_code == 404
    record = browser.get(url("record")).content.decode()
    assert "구성원 내보내기" in record and "이*재" in record


def test_an_owner_leaves_and_is_not_ended_by_oneself(
    company: Company, browser: Client, worker: Member
) -> None:
    """M7: the last one stays, and the page says why."""
    prove(browser, company.owner)
    own = browser.post(url("place_end", company.owner.id))
    assert own.status_code == 422 and CompanyRefusal.END_NOT_ONESELF.sentence in own.content.decode()
    page = browser.get(url("company_leave")).content.decode()
    assert CompanyRefusal.LAST_OWNER.sentence in page and "btn-danger" not in page
    assert browser.post(url("company_leave")).status_code == 422
    Membership.objects.filter(member=worker).update(role=Role.OWNER)
    assert browser.post(url("company_leave"))["Location"] == url("my")
    assert queries.owners(company.buyer.id) == 1 and not queries.is_company(queries.buyer_of(company.owner))  # type: ignore[arg-type]


def test_who_is_of_no_company_finds_neither_page(company: Company, signed_in: Seat) -> None:
    """M7: nor does a colleague without the right, nor the owner of another company."""
    guest = signed_in(given.person())
    assert guest.get(url("company_leave")).status_code == 404
    for seat in (guest, signed_in(company.approver), signed_in(given.company().owner)):
        assert seat.get(url("place_end", company.approver.id)).status_code == 404
        assert seat.post(url("place_end", company.approver.id)).status_code == 404
    assert signed_in(company.owner).get(url("place_end", uuid4())).status_code == 404
    assert signed_in(company.approver).get(url("company_leave")).status_code == 200


def test_the_sight_of_whole_numbers_waits_for_a_verification(company: Company, browser: Client) -> None:
    """M7, M8: taking it away does not; a role that spends waits as well."""
    approver = company.approver
    grant = place_typed(approver, role="approver", sees_numbers="on")
    for typed in (grant, place_typed(approver, role="buyer")):
        no = browser.post(url("place"), typed)
        assert no.status_code == 422 and SpendRefusal.NOT_VERIFIED.sentence in no.content.decode()
    assert not queries.sees_numbers(approver)
    prove(browser, company.owner)
    assert browser.post(url("place"), grant).status_code == 302
    assert queries.sees_numbers(approver)
    unproved = Client()
    unproved.force_login(company.owner)
    assert unproved.post(url("place"), grant).status_code == 302, "nothing is widened"
    assert unproved.post(url("place"), place_typed(approver, role="approver")).status_code == 302
    assert not queries.sees_numbers(approver)
