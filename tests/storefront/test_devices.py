"""New devices at the pay page, the list of logins and payments, and 500 logins from 500 addresses. M8"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock, crypto
from seonmul.members import actions as members
from seonmul.members.models import Access, Alarm, Device, Member, SpendCode, SpendMethod, WrongLogin
from seonmul.members.rules import LoginRefusal
from seonmul.orders.models import Order
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-1"
BURST = LoginRefusal.BURST.sentence.split("{")[0]


def log_in(client: Client, login: str, password: str = PASSWORD, address: str = "") -> Any:
    headers = {"X-Forwarded-For": address} if address else {}
    return client.post(reverse("account_login"), {"login": login, "password": password}, headers=headers)


@pytest.fixture
def payer(company: Company) -> Member:
    members.set_payment_password(company.owner.id, "pay-password-1", at=clock.now())
    Member.objects.filter(id=company.owner.id).update(spend_method=SpendMethod.PAYMENT_PASSWORD)
    return company.owner


def paid(browser: Client, company: Company, secret: Callable[[], str]) -> Any:
    draft = given.draft(company, ["01020010001"], at=clock.now())
    form = {
        "seen_won": "4500", "seen_left_out": "0", "sender": "15770000", "channel": "lms", "title": "", "purpose": "employees",
        "text": "고맙습니다", "is_lawful": "on",
    }  # fmt: skip
    at = browser.post(reverse("storefront:check", args=[draft.public_id]), form)
    assert at.status_code == 302, at.content.decode()
    page = browser.get(at["Location"]).content.decode()
    return page, browser.post(at["Location"], form | {"secret": secret()})


def texted() -> str:
    return crypto.ring().open(SpendCode.CODE, SpendCode.objects.latest("asked_at").code_sealed)


def test_the_first_browser_pays_by_password_and_a_new_one_by_a_texted_code(
    company: Company, payer: Member
) -> None:
    """M8: the page says so, and the password does not get round it."""
    home, cafe = Client(), Client()
    log_in(home, payer.login)
    page, answer = paid(home, company, lambda: "pay-password-1")
    assert 'type="password"' in page and answer.status_code == 302 and Order.objects.count() == 1
    log_in(cafe, payer.login)
    page, answer = paid(cafe, company, lambda: "pay-password-1")
    assert "새 기기에서는 24시간 동안 결제 비밀번호만으로" in page and "인증번호 6자리" in page
    assert answer.status_code == 422 and Order.objects.count() == 1
    page, answer = paid(cafe, company, texted)
    assert answer.status_code == 302 and Order.objects.count() == 2
    assert Device.objects.filter(member=payer).count() == 2


def test_the_cookie_is_signed_long_lived_and_unread_by_scripts(company: Company) -> None:
    """M8: and whoever clears it sits at a new device."""
    client = Client()
    cookie = log_in(client, company.owner.login).cookies["device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and int(cookie["max-age"]) > 30_000_000
    client.get(reverse("account_logout"))
    log_in(client, company.owner.login)
    assert Device.objects.count() == 1
    client.cookies["device"] = cookie.value[:-2] + "xx"
    client.post(reverse("account_logout"))
    log_in(client, company.owner.login)
    assert Device.objects.count() == 2 and Access.objects.filter(is_new_device=True).count() == 1


def test_whoever_logs_the_others_out_makes_them_new(company: Company) -> None:
    """M8"""
    here, there = Client(), Client()
    for client in (here, there):
        log_in(client, company.owner.login)
    here.post(reverse("usersessions_list"))
    assert Device.objects.count() == 1
    assert there.get(reverse("storefront:my")).status_code == 302


def test_the_list_shows_every_login_and_payment_in_pages(company: Company, payer: Member) -> None:
    """M8"""
    browser = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537")
    log_in(browser, payer.login)
    paid(browser, company, lambda: "pay-password-1")
    log_in(Client(), payer.login, "wrong-one")
    page = browser.get(reverse("storefront:access")).content.decode()
    for said in ("Chrome · Windows", "127.0.*.*", "결제 4,500원", "결제 비밀번호", "로그인 실패 1번"):
        assert said in page
    assert "127.0.0.1" not in page and "새 기기</span>" not in page
    for _ in range(30):
        given.device(payer, clock.now())
    first = browser.get(reverse("storefront:access")).content.decode()
    assert "?after=" in first
    assert "4,500원" not in first


def test_500_logins_from_500_addresses_are_slowed_and_raised(
    company: Company, settings: Any, mailoutbox: Any
) -> None:
    """M8: against one account. The right password from a known device goes on working, a stranger's does not."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()
    home, login = Client(), company.owner.login
    assert log_in(home, login, address="198.51.100.1").status_code == 302
    home.post(reverse("account_logout"), headers={"X-Forwarded-For": "198.51.100.1"})
    said = [
        log_in(Client(), login, f"guess-{n}", f"203.{n // 250}.113.{n % 250}").content.decode()
        for n in range(500)
    ]
    looked_at = sum("아이디 또는 비밀번호가 다릅니다" in page for page in said)
    assert looked_at == 5 and BURST in said[-1]
    assert WrongLogin.objects.count() == 500 and Alarm.objects.get().tries == 500
    assert BURST in log_in(Client(), login, PASSWORD, "192.0.2.9").content.decode()
    assert log_in(home, login, PASSWORD, "192.0.2.10").status_code == 302, "a known device"
    given.worked()
    assert [mail.to for mail in mailoutbox] == [[company.owner.mail]]


def test_500_logins_against_500_accounts_are_slowed_and_tell_nobody_who_exists(
    company: Company, settings: Any
) -> None:
    """M8"""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()
    said = [
        log_in(Client(), f"guess{n}", "wrong-one", f"203.{n // 250}.113.{n % 250}").content.decode()
        for n in range(500)
    ]
    assert sum("아이디 또는 비밀번호가 다릅니다" in page for page in said) == 100
    alarm = Alarm.objects.get()
    assert (alarm.tries, alarm.accounts) == (500, 500)
    for login in (company.owner.login, "nobody-at-all"):
        assert BURST in log_in(Client(), login, PASSWORD, "192.0.2.9").content.decode()
