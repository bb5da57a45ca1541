"""O3, S7: 광고 표기 as a company's members fill it in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.dispatch import queries
from seonmul.dispatch.models import OptOut
from seonmul.members.models import Member
from tests import given

pytestmark = pytest.mark.django_db
TYPED = {"name": "꽃길", "contact": "02-3456-7890", "opt_out": "080-234-5678"}


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_set_once_and_seen_as_it_is_sent():
    """O3: a wrong number is said beside its field and nothing is kept."""
    firm = given.company()
    client, page = browser(firm.owner), reverse("storefront:advertising")
    assert firm.buyer.name in client.get(page).content.decode(), "the company's own name is suggested"
    wrong = client.post(page, TYPED | {"opt_out": "1577-0000"})
    assert wrong.status_code == 422 and "080으로 시작합니다" in wrong.content.decode()
    assert queries.ad_of(firm.buyer.id) is None
    assert client.post(page, TYPED).status_code == 302
    shown = client.get(page).content.decode()
    assert "(광고)꽃길 02-3456-7890" in shown and "무료수신거부 080-234-5678" in shown


def test_refusals_are_masked_and_may_be_taken_back():
    """S7"""
    firm = given.company()
    client = browser(firm.owner)
    assert (
        client.post(reverse("storefront:opt_outs"), {"numbers": "010-2222-0001\n010 2222 0002"}).status_code
        == 302
    )
    shown = client.get(reverse("storefront:advertising")).content.decode()
    assert "010-****-0001" in shown and "2222" not in shown
    row = OptOut.objects.filter(buyer=firm.buyer).latest("noted_at")
    client.post(reverse("storefront:opt_out_drop", args=[row.public_id]))
    assert OptOut.objects.filter(buyer=firm.buyer).count() == 1
    none = client.post(reverse("storefront:opt_outs"), {"numbers": "모름"})
    assert none.status_code == 422 and "읽지 못했습니다" in none.content.decode()


def test_an_approver_reads_only():
    """M7"""
    firm = given.company()
    client = browser(firm.approver)
    assert "명단에 더하기" not in client.get(reverse("storefront:advertising")).content.decode()
    assert client.post(reverse("storefront:advertising"), TYPED).status_code == 422
    assert queries.ad_of(firm.buyer.id) is None
