"""Carriers' health at the console. S2, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit.models import Act
from seonmul.dispatch import queries
from seonmul.dispatch.models import CarrierState, StrangeCode
from seonmul.dispatch.rules import CarrierRefusal
from seonmul.kit import clock
from seonmul.members.models import Staff
from tests import given
from tests.backoffice.conftest import asked
from tests.dispatch.test_mail import mails_to
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


def test_a_code_that_nobody_has_mapped_is_told_once(
    carrier, console: Callable[[str], Client], mailoutbox
) -> None:
    """S4: kept verbatim with its message, mailed to staff once, on the page until somebody has seen it."""
    support = console("support")
    for _ in range(2):
        hand_over(mails_to(given.company(cash_won=0).buyer, ["odd@gaon.example"]))
    given.worked()
    row = StrangeCode.objects.get()
    assert (row.carrier, row.code, row.seen_at) == ("smtp", "599 5.9.9", None)
    told = [mail for mail in mailoutbox if "599 5.9.9" in mail.subject]
    assert len(told) == Staff.objects.filter(role__in=["support", "super"]).count() >= 1
    page = support.get(PAGE).content.decode()
    assert "599 5.9.9" in page and "확인했어요" in page
    answer = support.post(reverse("backoffice:strange_code_seen", args=[row.public_id]))
    assert answer.status_code == 302 and Act.objects.filter(verb="strange_code_seen").count() == 1
    assert "확인했어요" not in support.get(PAGE).content.decode()
    support.post(reverse("backoffice:strange_code_seen", args=[row.public_id]))
    assert Act.objects.filter(verb="strange_code_seen").count() == 1
