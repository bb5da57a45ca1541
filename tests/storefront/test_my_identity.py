"""본인인증 as the browser goes through it, 회원정보 and 추가 인증 behind it. M4, M5"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.dispatch.models import Letter, Message, SenderNumber
from seonmul.kit import clock, crypto
from seonmul.members import queries
from seonmul.members.models import Consent, Member, SpendMethod, Verification, VerificationState
from seonmul.members.rules import IdentityRefusal, ProfileRefusal, ProofRefusal, SpendRefusal
from tests import given
from tests.given import Company
from tests.sandbox.outside import Outside, in_window
from tests.storefront.conftest import HTMX

pytestmark = pytest.mark.django_db
MINSU = "01020020001"  # a person of the sandbox


def url(name: str, *args: object) -> str:
    return reverse(f"storefront:{name}", args=args)


@pytest.fixture
def minsu(db: None) -> Member:
    return given.person(phone=MINSU)


@pytest.fixture
def at_browser(minsu: Member, signed_in: Callable[[Member], Client]) -> Client:
    return signed_in(minsu)


def prove(browser: Client, member: Member, **more: str) -> Verification:
    """A fresh verification in this browser."""
    key = browser.session.session_key
    assert key is not None
    return given.verified(member, key, clock.now(), **more)


def begun(browser: Client, next_: str = "") -> str:
    """Press the button; returns the address of the page with the window."""
    address: str = browser.post(url("identity_begin"), {"next": next_})["Location"]
    return address


def wish_of(page: str) -> dict[str, str]:
    found = re.search(r'data-request="([^"]+)"', page)
    assert found is not None
    wish: dict[str, str] = json.loads(html.unescape(found[1]))
    return wish


# the way through the window


def test_the_window_is_opened_by_a_script_of_ours_under_a_policy_that_allows_the_providers(
    at_browser: Client, settings: object
) -> None:
    page = at_browser.get(begun(at_browser))
    wish = wish_of(page.content.decode())
    reference = Verification.objects.get().reference
    assert wish["identityVerificationId"] == reference
    assert wish["redirectUrl"].endswith("/my/identity/return/")
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy and "http://127.0.0.1:8100" in policy
    assert "http://127.0.0.1:8100" not in at_browser.get(url("profile"))["Content-Security-Policy"]


def test_who_comes_back_waits_for_the_providers_word_and_is_led_on(
    at_browser: Client, carrier: Outside
) -> None:
    """M5, M6: also, the number is a sender number now."""
    address = begun(at_browser, url("spend_auth"))
    reference = address.strip("/").split("/")[-1]
    in_window(carrier, reference, "minsu")
    answer = at_browser.get(url("identity_return"), {"identityVerificationId": reference})
    assert answer["Location"] == address
    waiting = at_browser.get(address).content.decode()
    assert "확인하고 있어요" in waiting and 'hx-trigger="every 1s"' in waiting
    given.worked()
    assert at_browser.get(address, headers=HTMX)["HX-Redirect"] == url("spend_auth")
    assert at_browser.get(address)["Location"] == url("spend_auth")
    assert "까지 바꿀 수 있어요" in at_browser.get(url("spend_auth")).content.decode()
    assert SenderNumber.objects.get().digits == MINSU


@pytest.mark.parametrize(
    "choice, said", [("fail", IdentityRefusal.FAILED), ("bae", IdentityRefusal.NOT_THE_MEMBER)]
)
def test_failure_and_somebody_else_open_nothing(
    at_browser: Client, carrier: Outside, choice: str, said: IdentityRefusal
) -> None:
    """M8: a thief who proves who the thief is has proved nothing."""
    address = begun(at_browser, url("spend_auth"))
    reference = address.strip("/").split("/")[-1]
    in_window(carrier, reference, choice)
    at_browser.get(url("identity_return"), {"identityVerificationId": reference})
    given.worked()
    assert said.sentence in at_browser.get(address).content.decode()
    page = at_browser.post(url("set_password"), {"password": "pay-with-this-1", "again": "pay-with-this-1"})
    assert page.status_code == 422 and SpendRefusal.NOT_VERIFIED.sentence in page.content.decode()
    assert not SenderNumber.objects.exists()


def test_who_closed_the_window_is_told_so_and_may_begin_anew(at_browser: Client) -> None:
    address = begun(at_browser, url("profile"))
    reference = address.strip("/").split("/")[-1]
    back = at_browser.get(
        url("identity_return"), {"identityVerificationId": reference, "code": "WINDOW_CLOSED"}
    )
    page = at_browser.get(back["Location"]).content.decode()
    assert "마치지 않았습니다" in page and "다시 인증하기" in page
    assert f'value="{url("profile")}"' in page and "every 1s" not in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_nobody_is_led_to_another_site(at_browser: Client, minsu: Member, elsewhere: str) -> None:
    address = begun(at_browser, elsewhere)
    Verification.objects.update(state=VerificationState.RETURNED)
    Verification.objects.update(
        state=VerificationState.VERIFIED, phone_sealed=crypto.ring().seal(Verification.PHONE, MINSU)
    )
    assert at_browser.get(address)["Location"] == url("my")


def test_an_attempt_belongs_to_whoever_began_it(
    at_browser: Client, company: Company, signed_in: Callable[[Member], Client]
) -> None:
    address, stranger = begun(at_browser), signed_in(company.owner)
    reference = address.strip("/").split("/")[-1]
    assert stranger.get(address).status_code == 404
    assert stranger.get(url("identity_return"), {"identityVerificationId": reference}).status_code == 404
    assert Verification.objects.get().state == VerificationState.ASKED


# 회원정보

TYPED = {"name": "김민수", "mail": "minsu@new.example", "marketing_consent": "on"}


def test_a_profile_is_changed_behind_a_verification_only(at_browser: Client, minsu: Member) -> None:
    page = at_browser.get(url("profile")).content.decode()
    assert "본인인증하기" in page and 'name="mail"' not in page and "010-****-0001" in page
    refused = at_browser.post(url("profile"), TYPED)
    assert refused.status_code == 422 and SpendRefusal.NOT_VERIFIED.sentence in refused.content.decode()
    assert "minsu@new.example" in refused.content.decode()
    minsu.refresh_from_db()
    assert minsu.mail != TYPED["mail"]
    prove(at_browser, minsu)
    before = minsu.mail
    assert at_browser.post(url("profile"), TYPED)["Location"] == url("profile_mail")
    minsu.refresh_from_db()
    assert (minsu.name, minsu.mail) == ("김민수", before), "a new address waits for its code"
    assert minsu.marketing_consent and not minsu.auto_sender
    assert Consent.objects.get().withdrawn_at is None
    at_browser.post(url("profile"), TYPED | {"marketing_consent": ""})
    assert Consent.objects.get().withdrawn_at is not None


def test_a_new_mail_address_is_stored_when_its_code_was_typed(
    at_browser: Client, minsu: Member, mailoutbox: list[Any], carrier: Outside
) -> None:
    """M5: and the phone is told."""
    before = minsu.mail
    prove(at_browser, minsu)
    assert at_browser.get(url("profile_mail"))["Location"] == url("profile"), "nothing was asked"
    at_browser.post(url("profile"), TYPED)
    assert TYPED["mail"] in at_browser.get(url("profile_mail")).content.decode()
    given.worked(later=False)
    (mail,) = mailoutbox
    code = re.search(r"\d{6}", mail.body)
    assert mail.to == [TYPED["mail"]] and code
    wrong = at_browser.post(url("profile_mail"), {"code": "x"})
    assert wrong.status_code == 422 and ProofRefusal.WRONG.sentence.format(left=4) in wrong.content.decode()
    minsu.refresh_from_db()
    assert minsu.mail == before
    assert at_browser.post(url("profile_mail"), {"code": code[0]})["Location"] == url("profile")
    minsu.refresh_from_db()
    assert minsu.mail == TYPED["mail"] and minsu.mail_proved_at
    assert at_browser.get(url("profile_mail"))["Location"] == url("profile"), "used once"
    given.worked()
    assert "로그인 방법이 바뀌었습니다" in carrier.ask("GET", f"/_/messages?to={MINSU}").json[0]["text"]


def test_an_address_that_somebody_else_proved_meanwhile_is_not_taken(
    at_browser: Client, minsu: Member, mailoutbox: list[Any]
) -> None:
    prove(at_browser, minsu)
    at_browser.post(url("profile"), TYPED)
    given.worked(later=False)
    other = given.person()
    Member.objects.filter(id=other.id).update(mail=TYPED["mail"])
    code = re.search(r"\d{6}", mailoutbox[0].body)
    assert code
    page = at_browser.post(url("profile_mail"), {"code": code[0]})
    assert page.status_code == 422 and ProfileRefusal.MAIL_TAKEN.sentence in page.content.decode()


def test_codes_to_a_new_address_are_counted(at_browser: Client, minsu: Member) -> None:
    prove(at_browser, minsu)
    answers = [at_browser.post(url("profile"), TYPED) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [422]
    assert ProofRefusal.TOO_MANY.sentence.format(minutes=10) in answers[-1].content.decode()


@pytest.mark.parametrize("minutes, session", [(11, ""), (0, "another")])
def test_an_old_verification_or_one_in_another_browser_does_not_count(
    at_browser: Client, minsu: Member, minutes: int, session: str
) -> None:
    key = at_browser.session.session_key
    given.verified(minsu, session or str(key), clock.now() - timedelta(minutes=minutes))
    assert at_browser.post(url("profile"), TYPED).status_code == 422


def test_what_is_missing_or_taken_is_said_beside_its_field(
    at_browser: Client, minsu: Member, company: Company
) -> None:
    prove(at_browser, minsu)
    for typed, refusal in (
        ({"mail": company.owner.mail}, ProfileRefusal.MAIL_TAKEN),
        ({"name": " "}, ProfileRefusal.NO_NAME),
        ({"mail": ""}, ProfileRefusal.NO_MAIL),
    ):
        page = at_browser.post(url("profile"), TYPED | typed)
        assert page.status_code == 422 and refusal.sentence in page.content.decode()


def test_a_new_number_is_that_of_the_verification_and_the_old_one_is_told(
    at_browser: Client, minsu: Member
) -> None:
    prove(at_browser, minsu)
    prove(at_browser, minsu, phone="01030040001")  # the same person with another phone
    assert "010-3004-0001" in at_browser.get(url("profile")).content.decode()
    at_browser.post(url("profile"), TYPED | {"takes_number": "on"})
    minsu.refresh_from_db()
    assert queries.phone_of(minsu) == "01030040001"
    (job,) = ProcrastinateJob.objects.filter(task_name="notices.on.members.number_changed")
    assert set(job.args) == {"verification_id"}
    given.worked(later=False)
    texts = [crypto.ring().open(Letter.TEXT, one.text_sealed) for one in Letter.objects.all()]
    told = crypto.ring().open(Message.TO, Message.objects.get().to_sealed)
    assert "번호가 바뀌었습니다" in texts[-1] and told == MINSU


def test_somebody_elses_phone_is_not_taken(at_browser: Client, minsu: Member) -> None:
    """M5: another person is a change of the person in charge, not of a number."""
    prove(at_browser, minsu, phone="01030020001", ci="somebody else")
    assert at_browser.post(url("profile"), TYPED | {"takes_number": "on"}).status_code == 422
    minsu.refresh_from_db()
    assert queries.phone_of(minsu) == MINSU


# 추가 인증


def test_a_payment_password_and_then_the_method(at_browser: Client, minsu: Member) -> None:
    """M4"""
    prove(at_browser, minsu)
    early = at_browser.post(url("spend_method"), {"method": SpendMethod.PAYMENT_PASSWORD})
    assert early.status_code == 422
    assert SpendRefusal.METHOD_NEEDS_PASSWORD.sentence in early.content.decode()
    for first, again, said in (
        ("short", "short", "8자 이상"),
        ("long-enough-1", "long-enough-1", SpendRefusal.PASSWORD_SAME.sentence),
        ("pay-with-this-1", "pay-with-this-2", "두 비밀번호가 다릅니다"),
    ):
        page = at_browser.post(url("set_password"), {"password": first, "again": again})
        assert (
            page.status_code == 422
            and said in page.content.decode()
            and first + '"' not in page.content.decode()
        )
    good = {"password": "pay-with-this-1", "again": "pay-with-this-1"}
    assert at_browser.post(url("set_password"), good).status_code == 302
    assert at_browser.post(url("spend_method"), {"method": SpendMethod.PAYMENT_PASSWORD}).status_code == 302
    minsu.refresh_from_db()
    assert minsu.spend_method == SpendMethod.PAYMENT_PASSWORD and minsu.payment_password


def test_without_a_verification_the_method_stays(at_browser: Client, minsu: Member) -> None:
    page = at_browser.post(url("spend_method"), {"method": SpendMethod.PAYMENT_PASSWORD})
    assert page.status_code == 422 and SpendRefusal.NOT_VERIFIED.sentence in page.content.decode()
    minsu.refresh_from_db()
    assert minsu.spend_method == SpendMethod.PHONE_CODE
