"""Staff stop a company's spending, open it again, and let a lost phone go: a role, a reason, a letter. B, M8"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from seonmul.members import queries
from seonmul.members.models import Buyer, Device
from seonmul.members.rules import CompanyRefusal, StandingRefusal
from tests import given
from tests.backoffice.conftest import at_console, staff_member
from tests.given import Company

pytestmark = pytest.mark.django_db
Seat = Callable[[str], Client]


@pytest.fixture
def firm(db: None) -> Company:
    return given.company()


def url(name: str, *args: object) -> str:
    return reverse(f"backoffice:{name}", args=args)


@pytest.mark.parametrize("role", ["approver", "finance", "catalogue"])
def test_other_roles_are_told_whom_to_ask(role: str, firm: Company, console: Seat) -> None:
    client = console(role)
    for address in (
        url("hold", firm.buyer.public_id), url("release", firm.buyer.public_id),
        url("reset_factors", firm.owner.id),
    ):  # fmt: skip
        assert client.post(address, {"hold-reason": "law", "reset-reason": "lost"}).status_code == 403
    if role != "catalogue":
        page = client.get(url("company", firm.buyer.public_id)).content.decode()
        assert "모든 결제 멈추기" not in page
        assert "2단계 인증 초기화" not in client.get(url("member", firm.owner.id)).content.decode()


@pytest.mark.parametrize("role", ["support", "super"])
def test_spending_is_stopped_and_opened_for_a_reason(role: str, firm: Company, console: Seat) -> None:
    """B, M8"""
    client, page = console(role), url("company", firm.buyer.public_id)
    hold, release = url("hold", firm.buyer.public_id), url("release", firm.buyer.public_id)
    assert "모든 결제 멈추기" in client.get(page).content.decode()
    bare = client.post(hold)
    assert bare.status_code == 422 and StandingRefusal.NO_REASON.sentence in bare.content.decode()
    early = client.post(release, {"release-reason": "cleared"})
    assert early.status_code == 422 and StandingRefusal.OPEN.sentence in early.content.decode()
    assert client.post(hold, {"hold-reason": "takeover"})["Location"] == page
    buyer = Buyer.objects.get(id=firm.buyer.id)
    assert buyer.is_held and buyer.frozen_at
    shown = client.get(page).content.decode()
    assert "계정 도용 의심" in shown and "고객센터에서 멈췄어요" in shown and hold not in shown
    twice = client.post(hold, {"hold-reason": "law"})
    assert twice.status_code == 422 and StandingRefusal.HELD.sentence in twice.content.decode()
    assert client.post(release, {"release-reason": "proved"})["Location"] == page
    buyer.refresh_from_db()
    assert (buyer.is_held, buyer.frozen_at) == (False, None)
    assert "대표 본인 확인" in client.get(page).content.decode()


def test_the_owner_reads_that_only_customer_service_opens_it(firm: Company, console: Seat) -> None:
    """M8"""
    console("support").post(url("hold", firm.buyer.public_id), {"hold-reason": "abuse"})
    owner = Client()
    owner.force_login(firm.owner)
    for name in ("my", "company"):
        page = owner.get(reverse(f"storefront:{name}")).content.decode()
        assert "고객센터에 문의해 주세요" in page and reverse("storefront:thaw") not in page
    said = owner.post(reverse("storefront:thaw"), follow=True).content.decode()
    assert CompanyRefusal.HELD.sentence in said


def test_a_lost_phone_s_second_factor_is_taken_away_for_a_reason(firm: Company, console: Seat) -> None:
    """B, M8"""
    Authenticator.objects.create(user=firm.owner, type="totp", data={})
    given.device(firm.owner)
    client, page = console("support"), url("member", firm.owner.id)
    assert "켜짐" in client.get(page).content.decode()
    bare = client.post(url("reset_factors", firm.owner.id))
    assert bare.status_code == 422 and StandingRefusal.NO_REASON.sentence in bare.content.decode()
    assert queries.has_second_factor(firm.owner)
    assert client.post(url("reset_factors", firm.owner.id), {"reset-reason": "lost"})["Location"] == page
    assert not queries.has_second_factor(firm.owner) and not Device.objects.exists()
    shown = client.get(page).content.decode()
    assert "2단계 인증 초기화" in shown and "휴대폰 분실" in shown


def test_nobody_resets_their_own(db: None) -> None:
    """B: not even super; another super may."""
    boss, other = staff_member("super"), staff_member("super")
    client = at_console(boss)
    own = client.post(url("reset_factors", boss.id), {"reset-reason": "lost"})
    assert own.status_code == 422 and StandingRefusal.OWN_FACTORS.sentence in own.content.decode()
    at_console(other)
    assert client.post(url("reset_factors", other.id), {"reset-reason": "lost"}).status_code == 302
    assert not queries.has_second_factor(other)
    helper = at_console(staff_member("support"))
    no = helper.post(url("reset_factors", boss.id), {"reset-reason": "lost"})
    assert no.status_code == 422 and StandingRefusal.STAFF_FACTORS.sentence in no.content.decode()
