"""회원 탈퇴 through the pages, and what recipients see afterwards. M9, V5"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from seonmul.catalog.models import List
from seonmul.dispatch.models import SenderNumber
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.ledger import actions as ledger
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Device, Member, Membership
from seonmul.members.rules import CloseRefusal
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Order
from tests import given
from tests.given import Company
from tests.sandbox.outside import Outside
from tests.storefront.sign_up import PASSWORD as NEW_PASSWORD
from tests.storefront.sign_up import Person as SomebodyNew

pytestmark = pytest.mark.django_db
CLOSE = "storefront:close"
PASSWORD = "long-enough-1"


@pytest.fixture(autouse=True)
def _no_tries() -> None:
    cache.clear()


@pytest.fixture
def person() -> Member:
    return given.person()


def test_with_the_login_password_an_account_is_closed_for_good(
    person: Member, signed_in: Callable[[Member], Client]
) -> None:
    """M9"""
    browser, elsewhere = signed_in(person), Client()
    elsewhere.post(reverse("account_login"), {"login": person.login, "password": PASSWORD})
    page = browser.get(reverse(CLOSE)).content.decode()
    assert (
        "로그인 비밀번호" in page and "따로 보관하는 것" in page and "시행령, 5년" in page and "3개월" in page
    )
    for typed in ("", "not-the-one"):
        answer = browser.post(reverse(CLOSE), {"password": typed})
        assert answer.status_code == 422 and CloseRefusal.NOT_PROVED.sentence in answer.content.decode()
    done = browser.post(reverse(CLOSE), {"password": PASSWORD}, follow=True)
    assert "탈퇴했습니다" in done.content.decode()
    for client in (browser, elsewhere):
        assert client.get(reverse("storefront:my")).status_code == 302
    again = Client().post(reverse("account_login"), {"login": person.login, "password": PASSWORD})
    assert "아이디 또는 비밀번호가 다릅니다" in again.content.decode()


def test_what_may_still_come_back_is_shown_with_the_way_to_it(signed_in: Callable[[Member], Client]) -> None:
    """M9, O9: copies that arrived nowhere, of an order that is finished, as orders under way are shown."""
    at = clock.now()
    who = given.shopper(4_500, at=at)
    order = given.placed(who, given.numbers(1), at=at, list_=List.GENERAL)
    given.worked(later=False)
    Gift.objects.filter(order=order).update(result="power_off", result_at=at)
    Order.objects.filter(id=order.id).update(state="finished")
    page = signed_in(who.owner).get(reverse(CLOSE)).content.decode()
    assert (
        "도착하지 않은 쿠폰이 1개 있어" in page and f'href="{reverse("storefront:orders")}">주문 보기' in page
    )


def test_a_fresh_identity_verification_serves_too(
    person: Member, signed_in: Callable[[Member], Client]
) -> None:
    """M9"""
    browser = signed_in(person)
    given.verified(person, str(browser.session.session_key), clock.now())
    assert "까지 탈퇴할 수 있어요" in browser.get(reverse(CLOSE)).content.decode()
    assert browser.post(reverse(CLOSE), {}).status_code == 302
    assert Member.objects.get(id=person.id).closed_at


def test_what_stands_in_the_way_is_said_all_at_once_with_what_to_do(
    company: Company, signed_in: Callable[[Member], Client]
) -> None:
    """M9"""
    owner = signed_in(company.owner)
    page = owner.get(reverse(CLOSE)).content.decode()
    assert CloseRefusal.HAND_OVER.sentence in page and "본인 확인" not in page
    Membership.objects.filter(member=company.approver).delete()
    given.placed(company, ["01020010001"], at=clock.now())
    page = owner.get(reverse(CLOSE)).content.decode()
    for said in ("진행 중인 주문이 1건", "보류된 금액 4,500원", "캐쉬 49,995,500원"):
        assert said in page
    assert "함께 끝나요" in page
    assert owner.post(reverse(CLOSE), {"password": PASSWORD}).status_code == 422
    assert Member.objects.get(id=company.owner.id).is_active


def test_reward_goes_only_when_that_was_said(person: Member, signed_in: Callable[[Member], Client]) -> None:
    """M9"""
    buyer, browser = members_now.buyer_of(person), signed_in(person)
    assert buyer
    ledger.give(buyer.id, 700, expires_at=clock.now() + timedelta(days=90), cause="gift", at=clock.now())
    given.verified(person, str(browser.session.session_key), clock.now())
    no = browser.post(reverse(CLOSE), {})
    assert no.status_code == 422 and "리워드 700원은 탈퇴하면 사라집니다" in no.content.decode()
    assert browser.post(reverse(CLOSE), {"gives_up_reward": "on"}).status_code == 302


def test_a_stolen_password_ends_no_account_with_reward_an_order_or_a_company(
    company: Company, person: Member, signed_in: Callable[[Member], Client]
) -> None:
    """M9, M8: it takes a fresh identity verification, and the page says why."""
    ordered, buyer = given.person(), members_now.buyer_of(person)
    assert buyer
    ledger.give(buyer.id, 700, expires_at=clock.now() + timedelta(days=90), cause="gift", at=clock.now())
    given.placed(company, ["01020010001"], at=clock.now())
    Order.objects.update(buyer=members_now.buyer_of(ordered), member=ordered, state="sending")
    Order.objects.update(state="finished")
    for who in (person, ordered, company.approver):
        browser = signed_in(who)
        page = browser.get(reverse(CLOSE)).content.decode()
        assert "본인인증을 한 뒤에만 탈퇴할 수 있어요" in page and "로그인 비밀번호" not in page
        no = browser.post(reverse(CLOSE), {"password": PASSWORD, "gives_up_reward": "on"})
        assert no.status_code == 422 and CloseRefusal.NOT_VERIFIED.sentence in no.content.decode()
        assert Member.objects.get(id=who.id).is_active
        given.verified(who, str(browser.session.session_key), clock.now())
        assert browser.post(reverse(CLOSE), {"gives_up_reward": "on"}).status_code == 302


def test_staff_have_no_such_page(signed_in: Callable[[Member], Client]) -> None:
    assert signed_in(given.operator()).get(reverse(CLOSE)).status_code == 403


def test_a_recipient_goes_on_seeing_the_voucher_and_who_sent_it(carrier: object) -> None:
    """M9, V5: word for word the same page, before and after its sender has left and was erased."""
    person = given.person(cash_won=4_500)
    product = given.product()
    draft = orders.begin(person, List.GENERAL, product.code, at=clock.now())
    orders.add_rows(draft.id, [RawRow(1, "01020010001", "김서연")], at=clock.now())
    buyer = members_now.buyer_of(person)
    assert buyer
    sender = given.company(sender="15771234")
    SenderNumber.objects.filter(buyer=sender.buyer).update(buyer=buyer)
    orders.save(draft.id, at=clock.now(), text="고맙습니다", is_lawful=True, sender="15771234")
    draft = orders_now.drafts_seen_by(person).get()
    quote = orders_now.quote(draft)
    grant = members.grant_at_console(person.id, orders_now.purpose_of(draft, quote), by="t", at=clock.now())
    orders.place(draft.id, by=person, grant_id=grant.id, seen_won=4_500, seen_left_out=0, at=clock.now())
    given.worked()
    link = f"/g/{gifts.link_of(Gift.objects.get())}/"

    def page() -> str:
        return Client().get(link).content.decode().split("<main", 1)[1].split("</main", 1)[0]

    before = page()
    assert "김*" in before
    assert Order.objects.get().state == "finished"
    orders.close_account(person, is_proved=True, gives_up_reward=False, at=clock.now())
    members.erase(person.id, at=clock.now())
    assert page() == before


def test_whoever_left_signs_up_again_with_everything_the_same(
    carrier: Outside, mailoutbox: list[object]
) -> None:
    """M9: login id, mail and phone, through the pages; the new browser is the new account's first device."""
    first = SomebodyNew(carrier)
    first.sign_up()
    left = Member.objects.get(login=first.login)
    assert first.client.post(reverse(CLOSE), {"password": NEW_PASSWORD}).status_code == 302
    given.worked()
    left.refresh_from_db()
    assert left.erased_at and left.login != first.login
    again = SomebodyNew(carrier)
    again.sign_up()
    member = Member.objects.get(login=again.login)
    assert member.id != left.id and member.mail == again.mail
    assert members_now.phone_of(member) == again.phone
    assert Device.objects.get(member=member).is_first
