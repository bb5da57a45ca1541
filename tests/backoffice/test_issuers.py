"""The table of issuers at the console. P3, B"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.payments import queries
from seonmul.payments.rules import ISSUERS, IssuerRefusal
from tests.backoffice.conftest import asked, at_console, staff_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issuers")]
TABLE = reverse("backoffice:issuers")
BC = reverse("backoffice:issuer", args=["BC_CARD", "shared"])


def wanted(**more: str) -> dict[str, str]:
    today = clock.seoul_date(clock.now()).isoformat()
    return {
        "first": "easy",
        "second": "",
        "third": "",
        "note": "카드사 문의 필수",
        "checked_on": today,
    } | more


def test_everybody_with_settings_sees_every_issuer(console: Callable[[str], Client]) -> None:
    page = console("support").get(TABLE).content.decode()
    assert (
        all(name in page for name in ISSUERS.values())
        and "확인한 적 없음" in page
        and "2024.04.01(월)" in page
    )


def test_finance_adds_a_row_and_the_history_tells_who() -> None:
    boss = staff_member("finance")
    client = at_console(boss)
    assert client.post(BC, wanted(first="easy", second="app"))["Location"] == BC
    assert queries.ways(clock.now())["BC_CARD", "shared"].ways == ["easy", "app"]
    page = client.get(BC).content.decode()
    assert "간편결제, 앱카드" in page and boss.name in page and "처음 값" in page


def test_others_see_and_do_not_change(console: Callable[[str], Client]) -> None:
    client = console("catalogue")
    assert "정산과 총괄 담당자만" in client.get(BC).content.decode()
    assert client.post(BC, wanted()).status_code == 403
    assert queries.issuer_history("BC_CARD", "shared")[0].by == "product"


def test_what_makes_no_sense_is_said_and_stays_typed(console: Callable[[str], Client]) -> None:
    client = console("super")
    answer = client.post(BC, wanted(first="none", second="app"))
    assert answer.status_code == 422 and IssuerRefusal.NO_WAY.sentence in answer.content.decode()
    assert client.post(BC, wanted(checked_on="gestern")).status_code == 422
    for nothing in (["GOLD", "shared"], ["BC_CARD", "family"]):
        assert client.get(reverse("backoffice:issuer", args=nothing)).status_code == 404


def test_pages_ask_a_fixed_number_of_questions(console: Callable[[str], Client]) -> None:
    client = console("super")
    assert asked(client, TABLE) < 15 and asked(client, BC) < 15
