"""Logging in, coming back in, devices and second factors, through the pages. M1, M8"""

from __future__ import annotations

import re
import time

import pytest
from allauth.core.internal.ratelimit import parse_rates
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.figures import actions as figures
from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members import queries, rules
from seonmul.members.models import Member, Proof
from seonmul.members.rules import ProofRefusal
from seonmul.storefront.account.limits import Limits, limits
from seonmul.storefront.templatetags.account_pages import business_number, device, device_icon
from tests import given
from tests.given import Company
from tests.members.test_sign_up import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-1"
NEW = "a-brand-new-phrase"


@pytest.fixture
def who() -> Company:
    return given.company(cash_won=0)


def text_of(answer) -> str:
    return answer.content.decode()


def log_in(login: str, password: str = PASSWORD, client: Client | None = None, ip: str = "10.0.0.1"):
    client = client or Client()
    return client.post(reverse("account_login"), {"login": login, "password": password}, REMOTE_ADDR=ip)


def test_the_sixth_wrong_password_is_refused_and_then_the_right_one_too(who):
    """M1: five tries for a login id in five minutes, from whatever address."""
    answers = [log_in(who.owner.login, "wrong-one", ip=f"10.0.0.{n}") for n in range(6)]
    assert "아이디 또는 비밀번호가 다릅니다" in text_of(answers[4])
    assert "여러 번 틀려 잠시" in text_of(answers[5])
    assert "여러 번 틀려 잠시" in text_of(log_in(who.owner.login, ip="10.9.9.9"))
    assert log_in(who.approver.login, ip="10.9.9.9").status_code == 302, "others are not locked out"


def test_how_many_wrong_passwords_is_an_operators_figure_that_holds_at_once(who):
    """M1, B"""
    figures.change("wrong_passwords_of_one", 3, by="staff", at=clock.now())
    figures.change("wrong_passwords_minutes", 30, by="staff", at=clock.now())
    answers = [log_in(who.owner.login, "wrong-one", ip=f"10.0.0.{n}") for n in range(4)]
    assert "아이디 또는 비밀번호가 다릅니다" in text_of(answers[2])
    assert "여러 번 틀려 잠시" in text_of(answers[3]) and " 30분 뒤에 다시 시도" in text_of(answers[3])


def test_every_limit_is_written_as_allauth_reads_it():
    written = Limits()
    assert {rate.per for action in written for rate in parse_rates(written[action])} == {"ip", "key"}
    assert limits(Figures())["login_failed"] == "10/m/ip,5/5m/key"


def test_an_address_that_tries_many_login_ids_is_refused(who):
    """M1: ten wrong ones a minute from one address."""
    answers = [log_in(f"nobody{n}", "wrong-one") for n in range(11)]
    assert "여러 번 틀려 잠시" in text_of(answers[-1])
    assert log_in(who.owner.login, ip="10.9.9.9").status_code == 302


def test_a_login_id_that_does_not_exist_is_locked_just_the_same(who):
    """M1: the answers never tell who has an account."""

    def answers(login: str, ip: str) -> list[str]:
        pages = [text_of(log_in(login, "wrong-one", ip=f"{ip}.{n}")) for n in range(7)]
        return [re.sub(r'value="[^"]*"|X-CSRFToken[^}]*', "", page) for page in pages]

    assert answers(who.owner.login, "10.0.1") == answers("nobody", "10.0.2")


def test_the_next_page_after_login_is_ours(who):
    client = Client()
    there = reverse("storefront:orders")
    told = {"login": who.owner.login, "password": PASSWORD}
    assert client.post(reverse("account_login"), told | {"next": there})["Location"] == there
    away = Client().post(reverse("account_login"), told | {"next": "https://elsewhere.example/"})
    assert away["Location"] == reverse("storefront:products")


def test_a_closed_account_cannot_log_in(who):
    Member.objects.filter(id=who.owner.id).update(is_active=False)
    answer = log_in(who.owner.login)
    assert answer["Location"] == reverse("account_inactive")
    assert "쓸 수 없는 계정" in text_of(Client().get(answer["Location"]))


# recovery


def recover(client: Client, address: str):
    answer = client.post(reverse("account_reset_password"), {"address": address})
    given.worked(later=False)
    return answer


@pytest.mark.parametrize("by", ["phone", "mail"])
def test_a_forgotten_password_is_replaced_and_every_session_ends(who, carrier, mailoutbox, by):
    """M1"""
    elsewhere = Client()
    log_in(who.owner.login, client=elsewhere)
    client, phone = Client(), queries.phone_of(who.owner)
    recover(client, phone if by == "phone" else who.owner.mail.upper())
    if by == "phone":
        letter = carrier.ask("GET", f"/_/messages?to={phone}").json[0]["text"]
    else:
        letter = mailoutbox[-1].body
    assert who.owner.login in letter
    code = re.search(r"(?<!\d)\d{6}(?!\d)", letter)[0]
    assert client.post(reverse("account_recover_code"), {"code": code}).status_code == 302
    told = {"login": who.owner.login, "password": NEW}
    weak = client.post(reverse("account_recover_password"), told | {"password": "12345"})
    assert weak.status_code == 422
    assert client.post(reverse("account_recover_password"), told)["Location"] == reverse("account_login")
    assert elsewhere.get(reverse("storefront:orders")).status_code == 302, "logged out"
    assert log_in(who.owner.login, NEW).status_code == 302
    assert Act.objects.filter(verb="password_recovered", by=str(who.owner.id)).exists()
    given.worked()
    told = carrier.ask("GET", f"/_/messages?to={phone}").json[0]["text"]
    assert "로그인 방법이 바뀌었습니다" in told, "who did not do it is warned"


def test_recovery_lifts_the_lock_of_wrong_tries(who):
    for n in range(6):
        log_in(who.owner.login, "wrong-one", ip=f"10.0.0.{n}")
    client = Client()
    recover(client, who.owner.mail)
    client.post(reverse("account_recover_code"), {"code": code_of(Proof.objects.get())})
    client.post(reverse("account_recover_password"), {"login": who.owner.login, "password": NEW})
    assert log_in(who.owner.login, NEW, ip="10.9.9.9").status_code == 302


def test_recovery_does_not_tell_who_has_an_account(who, mailoutbox, carrier):
    """M1: the same answers, step by step, for a known and an unknown address."""

    def steps(address: str) -> list[tuple[int, str]]:
        client = Client()
        asked = recover(client, address)
        page = client.get(asked["Location"])
        wrong = client.post(reverse("account_recover_code"), {"code": "not it"})
        seen = [(asked.status_code, asked["Location"]), (200, text_of(page)), (422, text_of(wrong))]
        plain = r'value="[^"]*"|' + re.escape(address) + r"|\d\d:\d\d|X-CSRFToken[^}]*"
        return [(status, re.sub(plain, "", text)) for status, text in seen]

    assert steps(who.owner.mail) == steps("nobody@firm.example")
    assert len(mailoutbox) == 1, "strangers get no mail"


def test_recovery_sends_five_codes_to_an_address(who):
    client = Client()
    answers = [recover(client, who.owner.mail) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert ProofRefusal.TOO_MANY.sentence.format(minutes=10) in text_of(answers[-1])


def test_a_guessed_code_for_nobody_leads_nowhere():
    client = Client()
    recover(client, "nobody@home.example")
    client.post(reverse("account_recover_code"), {"code": code_of(Proof.objects.get())})
    answer = client.get(reverse("account_recover_password"))
    assert answer["Location"] == reverse("account_reset_password")


# devices


def test_other_devices_are_seen_and_logged_out(who):
    """M8"""
    here, there = (
        Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140"),
        Client(
            HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604"
        ),
    )
    for client in (here, there):
        log_in(who.owner.login, client=client)
    page = text_of(here.get(reverse("usersessions_list")))
    assert "Edge · Windows" in page and "Safari · iPhone" in page and "지금 이 기기" in page
    assert "다른 기기에서 모두 로그아웃했습니다" in text_of(
        here.post(reverse("usersessions_list"), follow=True)
    )
    assert there.get(reverse("storefront:orders")).status_code == 302
    assert here.get(reverse("storefront:orders")).status_code == 200


def test_devices_have_names():
    whale = "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/138.0 Whale/4.33 Safari/537.36"
    kakao = "Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36 KAKAOTALK 11"
    assert (device(whale), device_icon(whale)) == ("Whale · Windows", "layout-grid")
    assert (device(kakao), device_icon(kakao)) == ("KakaoTalk · Android", "smartphone")
    assert device("curl/8.0") == "알 수 없는 기기"
    assert business_number("9998800014") == "999-88-00014"


def test_the_payment_password_is_no_login_password(who):
    """M4: said beside its field, and nothing is changed; only after everything else is right."""
    members.set_payment_password(who.owner.id, NEW, at=clock.now())
    here = Client()
    log_in(who.owner.login, client=here)
    change = {"oldpassword": "wrong-one", "password1": NEW}
    said = "결제 비밀번호와 같은 비밀번호는 쓸 수 없습니다"
    assert said not in text_of(here.post(reverse("account_change_password"), change))
    assert said in text_of(here.post(reverse("account_change_password"), change | {"oldpassword": PASSWORD}))
    who.owner.refresh_from_db()
    assert who.owner.check_password(PASSWORD) and not Act.objects.filter(verb="password_changed").exists()


def test_how_long_a_password_is_at_least_is_an_operators_figure_that_holds_at_once(who):
    """M1: and the pages say so."""
    assert rules.why_not_as_short("x" * 10, figures=Figures()) is None
    figures.change("login_password_least", 14, by="test", at=clock.now())
    here = Client()
    log_in(who.owner.login, client=here)
    assert "14자 이상" in text_of(here.get(reverse("account_change_password")))
    change = {"oldpassword": PASSWORD, "password1": "thirteen-chrs"}
    assert rules.SpendRefusal.LOGIN_SHORT.sentence.format(least=14) in text_of(
        here.post(reverse("account_change_password"), change)
    )
    page = Client().get(reverse("account_signup")).content.decode()
    assert "14자 이상" in page and "minlength: 14;" in page
    here.post(reverse("account_change_password"), change | {"password1": "fourteen-chars"})
    who.owner.refresh_from_db()
    assert who.owner.check_password("fourteen-chars")


def test_by_recovery_the_payment_password_is_refused_beside_its_field(who, carrier):
    """M4, M1: the code need not be asked for once more."""
    members.set_payment_password(who.owner.id, NEW, at=clock.now())
    client = Client()
    recover(client, queries.phone_of(who.owner))
    code = code_of(Proof.objects.get())
    client.post(reverse("account_recover_code"), {"code": code})
    told = {"login": who.owner.login, "password": NEW}
    refused = client.post(reverse("account_recover_password"), told)
    assert refused.status_code == 422 and "결제 비밀번호와 같은" in text_of(refused)
    assert (
        client.post(reverse("account_recover_password"), told | {"password": "quite another 33"}).status_code
        == 302
    )


def test_a_changed_password_logs_other_devices_out_and_is_told(who, carrier):
    """M8"""
    here, there = Client(), Client()
    for client in (here, there):
        log_in(who.owner.login, client=client)
    change = {"oldpassword": "wrong-one", "password1": NEW}
    refused = here.post(reverse("account_change_password"), change)
    assert "지금 비밀번호가 다릅니다" in text_of(refused)
    here.post(reverse("account_change_password"), change | {"oldpassword": PASSWORD})
    assert here.get(reverse("storefront:orders")).status_code == 200
    assert there.get(reverse("storefront:orders")).status_code == 302
    assert Act.objects.filter(verb="password_changed").exists()
    given.worked()
    told = carrier.ask("GET", f"/_/messages?to={queries.phone_of(who.owner)}").json
    assert "로그인 방법이 바뀌었습니다" in told[0]["text"]


# second factor


def totp(secret: str, *, steps_ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_ahead))


def with_app(client: Client, login: str) -> str:
    """Set up an authenticator app; returns its secret."""
    log_in(login, client=client)
    activate = reverse("mfa_activate_totp")
    assert client.get(activate)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = text_of(client.get(activate))
    secret = re.search(r'id="totp-key">([A-Z2-7]+)<', page)[1]
    wrong = client.post(activate, {"code": "000000"})
    assert "인증번호가 다릅니다" in text_of(wrong)
    done = client.post(activate, {"code": totp(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_an_authenticator_app_is_asked_at_the_next_login(who):
    """M1, B"""
    assert not queries.has_second_factor(who.owner)
    secret = with_app(Client(), who.owner.login)
    assert queries.has_second_factor(who.owner)
    assert secret not in str(Authenticator.objects.values_list("data")), "sealed"
    client = Client()
    assert log_in(who.owner.login, client=client)["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("storefront:orders")).status_code == 302, "half a login is none"
    page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "인증번호가 다릅니다" in text_of(page)
    client.post(reverse("mfa_authenticate"), {"code": totp(secret, steps_ahead=1)})
    assert client.get(reverse("storefront:orders")).status_code == 200


def test_a_recovery_code_serves_once_where_the_phone_is_lost(who):
    first = Client()
    with_app(first, who.owner.login)
    codes = re.findall(r"<code>(\w+)</code>", text_of(first.get(reverse("mfa_view_recovery_codes"))))
    assert len(codes) == 10
    for answer in (302, 200):
        client = Client()
        log_in(who.owner.login, client=client)
        assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == answer


def test_a_new_password_does_not_get_round_the_second_factor(who):
    """M1, M8"""
    with_app(Client(), who.owner.login)
    client = Client()
    recover(client, who.owner.mail)
    client.post(reverse("account_recover_code"), {"code": code_of(Proof.objects.get())})
    client.post(reverse("account_recover_password"), {"login": who.owner.login, "password": NEW})
    assert log_in(who.owner.login, NEW)["Location"] == reverse("mfa_authenticate")


def test_switching_the_app_on_and_off_is_told(who, django_capture_on_commit_callbacks):
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        with_app(client, who.owner.login)
    client.post(reverse("mfa_deactivate_totp"))
    assert not queries.has_second_factor(who.owner)
    verbs = set(Act.objects.filter(by=str(who.owner.id)).values_list("verb", flat=True))
    assert {"totp_activated", "totp_deactivated"} <= verbs


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index", "usersessions_list", "account_change_password", "mfa_list_webauthn", "account_logout",
        "account_signup_done",
    ],
)  # fmt: skip
def test_pages_of_settings_have_no_script_or_style_of_their_own(who, name):
    client = Client()
    log_in(who.owner.login, client=client)
    page = text_of(client.get(reverse(name)))
    assert " style=" not in page and " onclick=" not in page
    for script in re.findall(r"<script([^>]*)>", page):
        assert "src=" in script or 'type="application/json"' in script


def test_too_many_logins_from_one_address_get_a_page_of_ours(who):
    """M8: thirty a minute, right or wrong."""
    answers = [log_in(who.owner.login, client=Client()) for _ in range(31)]
    assert answers[29].status_code == 302 and answers[30].status_code == 429
    assert "요청이 너무 잦아요" in text_of(answers[30])
