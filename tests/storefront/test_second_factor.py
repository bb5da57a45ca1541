"""A factor of one's own is how a thief stays in: on a new device it waits for an identity verification. M4, M8"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.members import queries
from seonmul.members.models import Device
from seonmul.members.rules import SecondFactorRefusal
from tests import given
from tests.given import Company
from tests.storefront.test_account_login import PASSWORD, log_in, text_of, totp

pytestmark = pytest.mark.django_db
SAID = SecondFactorRefusal.NEW_DEVICE.sentence.split("{")[0]
GUARDED = (
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_add_webauthn",
)  # fmt: skip


@pytest.fixture
def who() -> Company:
    """Somebody who has a device, so that the next one is new."""
    firm = given.company(cash_won=0)
    log_in(firm.owner.login)
    return firm


@pytest.fixture
def thief(who: Company) -> Client:
    """Who has the password, types it as often as asked, and sits at a device of their own."""
    client = Client()
    log_in(who.owner.login, client=client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def verified(client: Client, who: Company, **more: Any) -> None:
    given.verified(who.owner, str(client.session.session_key), clock.now(), **more)


def app_added(client: Client) -> Any:
    page = text_of(client.get(reverse("mfa_activate_totp")))
    secret = re.search(r'id="totp-key">([A-Z2-7]+)<', page)
    assert secret, page
    return client.post(reverse("mfa_activate_totp"), {"code": totp(secret[1])})


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", GUARDED)
def test_a_new_device_is_led_to_prove_who_sits_there(thief: Client, name: str, method: str) -> None:
    """M8: nothing of the second factor is added, removed or shown; the page says so and leads there and back."""
    answer = getattr(thief, method)(reverse(name))
    page = text_of(answer)
    assert answer.status_code == 403 and SAID in page and "10분 동안" in page
    assert f'action="{reverse("storefront:identity_begin")}"' in page
    assert f'name="next" value="{reverse(name)}"' in page
    assert not Authenticator.objects.exists()


def test_a_passkey_stays_where_it_is(thief: Client, who: Company) -> None:
    """M8: and another's is not there at all."""
    key = Authenticator.objects.create(
        user=who.owner, type="webauthn", data={"name": "열쇠", "credential": {}}
    )
    address = reverse("mfa_remove_webauthn", args=[key.pk])
    assert thief.post(address).status_code == 403 and Authenticator.objects.exists()
    other = given.person()
    client = Client()
    client.force_login(other)
    assert client.post(address).status_code == 404
    verified(thief, who)
    assert thief.post(address).status_code == 302 and not Authenticator.objects.exists()


def test_a_verified_member_adds_it_on_a_new_device_and_is_told(
    thief: Client, who: Company, carrier: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """M4, M8: the verification is the member's own and of this session."""
    begun = thief.post(reverse("storefront:identity_begin"), {"next": reverse("mfa_activate_totp")})
    assert begun.status_code == 302
    verified(thief, who, phone="01099990001", ci="somebody-else")
    assert thief.get(reverse("mfa_activate_totp")).status_code == 403
    verified(thief, who)
    with django_capture_on_commit_callbacks(execute=True):
        assert app_added(thief)["Location"] == reverse("mfa_view_recovery_codes")
    assert thief.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert queries.has_second_factor(who.owner)
    given.worked()
    told = carrier.ask("GET", f"/_/messages?to={queries.phone_of(who.owner)}").json
    assert any("로그인 방법이 바뀌었습니다" in one["text"] for one in told)


def test_a_verification_in_another_session_opens_nothing(thief: Client, who: Company) -> None:
    """M8"""
    given.verified(who.owner, "another-session", clock.now())
    assert thief.get(reverse("mfa_activate_totp")).status_code == 403


def test_a_known_device_stays_as_it_is(thief: Client, who: Company) -> None:
    """M8: once its day is over, the password alone opens the page again; and the first was never new."""
    Device.objects.filter(is_first=False).update(first_seen_at=clock.now() - timedelta(hours=24))
    assert app_added(thief).status_code == 302
    assert thief.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not queries.has_second_factor(who.owner)
    first = Client()
    fresh = given.company(cash_won=0)
    log_in(fresh.owner.login, client=first)
    first.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert app_added(first).status_code == 302
