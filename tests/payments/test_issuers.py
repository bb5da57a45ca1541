"""Which card works by which way: a table kept by operators, with its history. P3"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from seonmul.audit.models import Act
from seonmul.kit.refusals import Refused
from seonmul.payments import actions, queries, rules
from seonmul.payments.models import CardKind, IssuerRule, Way
from seonmul.payments.rules import IssuerRefusal
from seonmul.providers.portone import codes
from tests import given
from tests.given import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issuers")]


def add(**wanted: object) -> IssuerRule:
    fits = {
        "issuer": "BC_CARD", "card": "shared", "ways": ["easy"], "note": " 확인 ", "checked_on": date(2026, 11, 23),
        "by": given.operator(), "at": MONDAY,
    }  # fmt: skip
    return actions.add_issuer_rule(**(fits | wanted))  # type: ignore[arg-type]


def test_the_catalogue_is_what_the_adapter_and_the_tables_know() -> None:
    assert set(rules.ISSUERS) == set(codes.ISSUERS)
    assert set(rules.CARDS) == set(CardKind.values) and {*rules.WAYS, rules.NO_WAY} == set(Way.values)
    assert max(map(len, rules.ISSUERS)) <= 30


def test_the_table_starts_with_what_the_product_says() -> None:
    """P3: general payment at three issuers, BC's shared cards by easy pay, named ones by app card or easy pay."""
    now = queries.ways(MONDAY)
    for issuer in ("WOORI_CARD", "NH_CARD", "CITI_CARD"):
        assert now[issuer, "shared"].ways == ["card"] and now[issuer, "named"].ways[0] == "card"
    assert (now["BC_CARD", "shared"].ways, now["BC_CARD", "shared"].note) == (["easy"], "카드사 문의 필수")
    assert now["SHINHAN_CARD", "named"].ways == ["app", "easy"]
    assert now["SHINHAN_CARD", "shared"].ways == ["none"]
    assert all(
        row.ways == ["card"] and "1,000,000원" in row.note
        for (_, card), row in now.items()
        if card == "personal"
    )
    assert {(row.checked_on, row.by) for row in now.values()} == {(date(2024, 4, 1), "product")}
    assert ("K_BANK", "shared") not in now


def test_a_new_row_holds_from_its_moment_and_the_old_one_stays() -> None:
    """P3: with history, and the date of the last check."""
    before = queries.ways(MONDAY)["BC_CARD", "shared"]
    row = add(ways=["easy", "app"])
    assert queries.ways(MONDAY)["BC_CARD", "shared"] == row and row.note == "확인"
    assert queries.ways(MONDAY - timedelta(seconds=1))["BC_CARD", "shared"] == before
    assert queries.issuer_history("BC_CARD", "shared") == [row, before]
    act = Act.objects.get(verb="issuer_rule_added")
    assert act.subject == str(row.id) and act.facts == {"issuer": "BC_CARD", "card": "shared"}


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"issuer": "GOLD_CARD"}, IssuerRefusal.UNKNOWN),
        ({"card": "family"}, IssuerRefusal.UNKNOWN),
        ({"ways": []}, IssuerRefusal.NO_WAY),
        ({"ways": ["none", "card"]}, IssuerRefusal.NO_WAY),
        ({"ways": ["card", "card"]}, IssuerRefusal.NO_WAY),
        ({"ways": ["cheque"]}, IssuerRefusal.NO_WAY),
        ({"checked_on": date(2026, 11, 24)}, IssuerRefusal.FUTURE),
    ],
)
def test_what_makes_no_sense_is_refused(wanted: dict[str, object], why: IssuerRefusal) -> None:
    count = IssuerRule.objects.count()
    with pytest.raises(Refused) as refused:
        add(**wanted)
    assert refused.value.no.why is why and IssuerRule.objects.count() == count


def test_a_row_is_never_changed_or_deleted() -> None:
    row = add()
    for spoil in (lambda: IssuerRule.objects.filter(id=row.id).update(note="x"), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()
