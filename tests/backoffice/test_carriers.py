"""Carriers' health at the console. S2, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.dispatch import queries
from seonmul.dispatch.models import CarrierState
from seonmul.dispatch.rules import CarrierRefusal
from seonmul.kit import clock
from tests import given
from tests.backoffice.conftest import asked
from tests.dispatch.test_sending import batch_to, hand_over

pytestmark = pytest.mark.django_db
PAGE = reverse("backoffice:carriers")


def test_it_tells_who_works_who_rests_and_how_messages_fared(
    carrier, console: Callable[[str], Client]
) -> None:
    """S2"""
    hand_over(batch_to(given.company(cash_won=0).buyer, ["01020000001", "01020001062"]))
    until = clock.now() + timedelta(minutes=3)
    CarrierState.objects.create(
        name="nhn",
        weight=5,
        failures=7,
        rests=1,
        rests_until=until,
        failed_at=clock.now(),
        trouble="Unreached",
    )
    page = console("support").get(PAGE).content.decode()
    assert "SOLAPI" in page and "정상" in page and "쉬는 중" in page and "Unreached" in page
    assert "0.0%" in page, "one was refused, the other has no result yet"
    assert "바꾸기" not in page


def test_super_sets_share_and_limit(console: Callable[[str], Client]) -> None:
    """S2"""
    client, one = console("super"), reverse("backoffice:carrier", args=["nhn"])
    page = client.post(one, {"weight": "40", "per_second": "20"}, follow=True).content.decode()
    assert "바꿨습니다" in page and 'value="40"' in page
    assert {s.name: (s.weight, s.per_second) for s in queries.standings()}["nhn"] == (40, 20)
    said = client.post(one, {"weight": "4000", "per_second": "0"}, follow=True).content.decode()
    assert CarrierRefusal.OUT_OF_BOUNDS.sentence[:6] in said
    assert "숫자로" in client.post(one, {"weight": "many"}, follow=True).content.decode()
    assert client.post(reverse("backoffice:carrier", args=["nobody"])).status_code == 404
    assert console("support").post(one, {"weight": "1", "per_second": "0"}).status_code == 403


def test_the_page_asks_a_fixed_number_of_questions(console: Callable[[str], Client]) -> None:
    assert asked(console("super"), PAGE) < 15
