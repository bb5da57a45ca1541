"""Only staff with a role whose session has used a second factor get in. B, M1"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from seonmul.backoffice import rules, urls
from seonmul.backoffice.rules import ConsoleRefusal
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members.models import Member, Staff, StaffRole
from tests import given
from tests.backoffice.conftest import at_console, staff_member

pytestmark = pytest.mark.django_db
_ARGUMENTS = {
    "member_id": UUID(int=0),
    "public_id": "x",
    "kind": "conversion",
    "code": "x",
    "name": "resend_most",
    "day": "2026-11-23",
    "issuer": "BC_CARD",
    "card": "shared",
}
QUEUE = "/console/"


def addresses() -> Iterator[str]:
    for pattern in urls.urlpatterns:
        names = pattern.pattern.converters
        yield reverse(f"backoffice:{pattern.name}", kwargs={name: _ARGUMENTS[name] for name in names})


def test_the_console_has_all_its_routes_under_one_prefix() -> None:
    found = list(addresses())
    assert len(found) == len(urls.urlpatterns) >= 20
    assert all(address.startswith("/console/") for address in found)
    under = [
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and one.app_name == "backoffice"
    ]
    assert len(under) == 1 and all(isinstance(one, URLPattern) for one in under[0].url_patterns)


def test_every_route_names_the_power_it_needs() -> None:
    assert [one.name for one in urls.urlpatterns if not hasattr(one.callback, "power")] == []


def refused(client: Client, status: int) -> list[str]:
    """The routes that do not answer with this status."""
    return [
        f"{method} {address}"
        for address in addresses()
        for method in ("get", "post")
        if getattr(client, method)(address).status_code != status
    ]


def test_for_members_there_is_no_console() -> None:
    company = given.company()
    for member in (company.owner, company.approver):
        client = Client()
        client.force_login(member)
        assert refused(client, 404) == []


def test_staff_without_a_role_and_closed_accounts_find_nothing_either() -> None:
    nobody = staff_member("super")
    Staff.objects.filter(member=nobody).delete()
    assert refused(at_console(nobody), 404) == []
    plain = staff_member("super")
    Member.objects.filter(id=plain.id).update(is_staff=False)
    assert at_console(plain).get(QUEUE).status_code == 404
    gone = staff_member("super")
    client = at_console(gone)
    Member.objects.filter(id=gone.id).update(is_active=False)
    assert client.get(QUEUE).status_code == 302  # no session any more: the login


def test_staff_without_a_second_factor_are_led_to_set_it_up() -> None:
    client = at_console(staff_member("super"), has_factor=False, used_factor=False)
    assert refused(client, 302) == []
    assert client.get(f"{QUEUE}?only=sender")["Location"] == (
        f"{reverse('mfa_activate_totp')}?next=%2Fconsole%2F%3Fonly%3Dsender"
    )


def test_a_session_that_has_not_used_the_second_factor_is_led_to_use_it() -> None:
    client = at_console(staff_member("super"), used_factor=False)
    assert refused(client, 302) == []
    assert client.get(QUEUE)["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fconsole%2F"


@pytest.mark.parametrize("role", StaffRole.values)
def test_every_role_sees_what_its_powers_name_and_is_told_whom_to_ask(
    role: str, console: Callable[[str], Client]
) -> None:
    client = console(role)
    for pattern in urls.urlpatterns:
        if pattern.pattern.converters or pattern.name == "staff":
            continue
        answer = client.get(reverse(f"backoffice:{pattern.name}"))
        if answer.status_code == 405:  # a button without a page of its own
            answer = client.post(reverse(f"backoffice:{pattern.name}"))
        may = rules.may(role, pattern.callback.power)  # type: ignore[attr-defined]
        assert answer.status_code in ((200, 302, 422) if may else (403,)), pattern.name
        if not may:
            sentence = ConsoleRefusal.NOT_ALLOWED.sentence.split("}")[1]
            assert sentence in answer.content.decode() and "총괄" in answer.content.decode()


def test_the_menu_shows_only_what_the_role_may_see(console: Callable[[str], Client]) -> None:
    page = console("catalogue").get(reverse("backoffice:products")).content.decode()
    menu = page.split("topnav")[1].split("</nav>")[0]
    assert "상품" in menu and "설정" in menu
    assert "회원" not in menu and "대기" not in menu and "기록" not in menu


def test_no_page_of_the_console_is_kept_by_a_browser(console: Callable[[str], Client]) -> None:
    assert "no-store" in console("super").get(QUEUE)["Cache-Control"]


def code_now(secret: str, steps: int = 0) -> str:
    """What the authenticator app shows, or showed `steps` half minutes away."""
    while steps < 0 and time.time() % 30 > 28:  # the one before is taken until this half minute ends
        time.sleep(0.1)
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))


def test_a_first_login_sets_up_the_second_factor_uses_it_and_gets_in() -> None:
    """M1, B"""
    who, client = staff_member("super"), Client()
    client.post(reverse("account_login"), {"login": who.login, "password": "long-enough-1"})
    set_up = client.get(QUEUE)["Location"]
    confirm = client.get(set_up)["Location"]  # the password once more, before a factor is added
    assert client.post(confirm, {"password": "long-enough-1"})["Location"] == set_up
    assert client.get(set_up).status_code == 200
    secret = client.session[totp.SECRET_SESSION_KEY]
    client.post(set_up, {"code": code_now(secret, -1)})
    use = client.get(QUEUE)
    assert use["Location"].startswith(reverse("mfa_reauthenticate")), "set up is not used yet"
    assert client.post(use["Location"], {"code": code_now(secret)})["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200
    again = Client()
    halfway = again.post(reverse("account_login"), {"login": who.login, "password": "long-enough-1"})
    assert halfway["Location"].startswith(reverse("mfa_authenticate"))
    assert again.get(QUEUE).status_code == 302, "the password alone opens nothing"
    again.post(reverse("mfa_authenticate"), {"code": code_now(secret, 1)})
    assert again.get(QUEUE).status_code == 200


def test_a_first_password_is_changed_before_anything_else(db: None) -> None:
    """B: whoever made the account has seen it; afterwards the second factor is asked as always."""
    boss = staff_member("super")
    made, first = members.make_staff(
        "newcomer",
        "정새봄",
        "010-2323-0001",
        "new@seonmul.example",
        StaffRole.SUPPORT,
        by=boss,
        at=clock.now(),
    )
    client = at_console(made)
    change = reverse("account_change_password")
    sent = client.get(reverse("backoffice:queue"))
    assert sent["Location"].startswith(f"{change}?next=")
    answer = client.post(sent["Location"], {"oldpassword": first, "password1": "only-i-know-this-26"})
    assert answer.status_code == 302, answer.content.decode()
    made.staff.refresh_from_db()
    assert not made.staff.has_first_password
    assert not client.get(reverse("backoffice:queue")).get("Location", "").startswith(change)


def test_a_new_password_by_recovery_counts_as_well(db: None) -> None:
    made, _ = members.make_staff(
        "newcomer", "정새봄", "010-2323-0001", "new@seonmul.example", StaffRole.SUPPORT, by=staff_member("super"),
        at=clock.now(),
    )  # fmt: skip
    members.note_login_changed(made.id, "totp_activated", at=clock.now())
    made.staff.refresh_from_db()
    assert made.staff.has_first_password
    members.note_login_changed(made.id, "password_recovered", at=clock.now())
    made.staff.refresh_from_db()
    assert not made.staff.has_first_password
