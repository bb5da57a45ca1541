"""P1, P4: the statement like a bank's, by period, on the page and as xlsx."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import given as drawn
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from seonmul.kit import clock, crypto
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.payments import actions
from seonmul.payments.models import Payout
from seonmul.storefront.views import statement
from tests import given
from tests.given import MONDAY, Company
from tests.payments.bank import deposited
from tests.sandbox.outside import Outside
from tests.storefront.conftest import asked

CASH = "/cash/"


def rows(page: Any) -> list[tuple[str, int, int]]:
    entries = [line.entry for line in page.context["lines"]]
    return [(entry.transfer.kind, entry.amount_won, entry.balance_after_won) for entry in entries]


def days(first: str, last: str, **more: str) -> dict[str, str]:
    return {"period": "custom", "from": first, "to": last} | more


@pytest.fixture
def firm(company: Company) -> Company:
    """50,000,000 won on the 23rd (given), and money that moves around midnight in Seoul."""
    for n, at in enumerate(("2026-11-23T23:59:59", "2026-11-24T00:00:00", "2026-11-25T12:00:00")):
        moment = datetime.fromisoformat(f"{at}+09:00")
        ledger.hold(company.buyer.id, [(Kind.CASH, 1_000 * (n + 1))], cause=f"h{n}", at=moment)
    return company


@pytest.mark.django_db
def test_a_day_in_seoul_adds_up(browser: Client, firm: Company) -> None:
    """P1: opening and closing, both days included, with the sums between."""
    page = browser.get(CASH, days("2026-11-24", "2026-11-24"))
    assert rows(page) == [("hold", -2_000, 49_997_000)]
    context = page.context
    assert (context["opening_won"], context["closing_won"]) == (49_999_000, 49_997_000)
    assert (context["sums"].in_won, context["sums"].out_won) == (0, 2_000)
    whole = browser.get(CASH, days("2026-11-23", "2026-11-25"))
    assert [kind for kind, *_ in rows(whole)] == ["hold", "hold", "hold", "charge"]
    assert whole.context["opening_won"] == 0 and whole.context["closing_won"] == 49_994_000
    assert rows(browser.get(CASH, days("2026-11-24", "2026-11-24", of="held"))) == [("hold", 2_000, 3_000)]


@pytest.mark.django_db
def test_orders_and_charges_are_linked_from_their_lines(
    browser: Client, company: Company, carrier: Outside
) -> None:
    """P1: each line leads to its cause."""
    order = given.placed(company, given.numbers(2), at=clock.now())
    payment = actions.ask_charge(company.owner, 10_000, "shinhan", at=clock.now())
    actions.issue(payment.id, at=clock.now())
    deposited(carrier, payment, at=clock.now())
    actions.ask(payment.id, at=clock.now())
    page = browser.get(CASH, {"period": "today"})
    said = page.content.decode()
    assert reverse("storefront:order", args=[order.public_id]) in said
    assert reverse("storefront:charge", args=[payment.public_id]) in said
    assert "충전" in said and "보류" in said
    (row, *_) = table(browser.get("/cash/statement.xlsx", {"period": "today"}))[1:]
    assert row[1:] == ("충전", f"가상계좌 {payment.public_id}", 10_000, "", row[5])


@pytest.mark.django_db
@pytest.mark.parametrize("of", ["cash", "held"])
def test_a_payout_is_named_and_linked_from_its_lines(browser: Client, company: Company, of: str) -> None:
    """P1, P5: the wish that holds the cash, and what gives it back or sends it."""
    at = clock.now()
    row = Payout(
        buyer=company.buyer, member=company.owner, won=30_000, bank="kookmin", number_sealed=b"", asked_at=at,
        state="checked",
    )  # fmt: skip
    row.hold_id = ledger.hold(
        company.buyer.id, [(Kind.CASH, row.won)], cause="p", subject=row.public_id, at=at
    ).id
    row.number_sealed = crypto.ring().seal(Payout.NUMBER, "12345678901")
    row.save(force_insert=True)
    actions.withdraw_payout(row.id, by=company.owner, at=at)
    page = browser.get(CASH, {"period": "today", "of": of})
    (back, held), here = page.context["lines"][:2], reverse("storefront:payout") + f"#payout-{row.public_id}"
    assert [(line.entry.transfer.kind, line.url) for line in (back, held)] == [
        ("release", here),
        ("hold", here),
    ]
    assert f'href="{here}">환급 신청 {row.public_id}</a>' in page.content.decode()
    assert f'id="payout-{row.public_id}"' in browser.get(reverse("storefront:payout")).content.decode()
    lines = table(browser.get("/cash/statement.xlsx", {"period": "today", "of": of}))
    assert lines[1][2] == f"환급 신청 {row.public_id}"


def table(answer: Any) -> list[tuple[Any, ...]]:
    """The sheet's rows; an empty cell is ""."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return [tuple(row) for row in book.get_sheet_by_index(0).to_python()]


@pytest.mark.django_db
def test_the_sheet_holds_the_whole_period_and_its_name_says_which(browser: Client, firm: Company) -> None:
    """P1: however many pages it has on the screen; numbers are numbers, everything else is text."""
    for n in range(60):
        ledger.charge(
            firm.buyer.id, 10 + n, cause=f"c{n}", at=datetime.fromisoformat("2026-11-24T10:00:00+09:00")
        )
    page = browser.get(CASH, days("2026-11-23", "2026-11-25"))
    assert len(rows(page)) == 50 and page.context["next"]
    second = browser.get(CASH + page.context["next"])
    assert len(rows(second)) == 14 and not set(rows(page)) & set(rows(second))
    answer = browser.get("/cash/statement.xlsx", days("2026-11-23", "2026-11-25"))
    assert "%EC%BA%90%EC%89%AC_20261123-20261125.xlsx" in answer["Content-Disposition"]
    head, *lines = table(answer)
    assert head == ("날짜", "내용", "번호", "들어온 금액", "나간 금액", "잔액")
    assert len(lines) == 64 and lines[-1][3:] == (50_000_000, "", 50_000_000)
    assert sum(line[3] or 0 for line in lines) - sum(line[4] or 0 for line in lines) == lines[0][5]


@pytest.mark.django_db
def test_nothing_in_the_sheet_becomes_a_formula(browser: Client, company: Company) -> None:
    """X2: whatever stands in a kind that nobody has named."""
    ledger.move(company.buyer.id, {Kind.BANK: -10, Kind.CASH: 10}, cause="odd", kind="=1+1", at=clock.now())
    answer = browser.get("/cash/statement.xlsx", {"period": "today"})
    raw = io.BytesIO(b"".join(answer.streaming_content))
    assert CalamineWorkbook.from_filelike(raw).get_sheet_by_index(0).to_python()[1][1] == "=1+1"
    parts = zipfile.ZipFile(raw)
    assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


@pytest.mark.django_db
def test_reward_shows_when_it_ends(browser: Client, company: Company) -> None:
    """P4: the soonest first; what ends within thirty days is marked."""
    now = clock.now()
    for won, in_days in ((80_000, 300), (1_250, 9)):
        end = clock.end_of_day(clock.seoul_date(now + timedelta(days=in_days)))
        ledger.give(company.buyer.id, won, expires_at=end, cause=f"r{won}", at=now)
    page = browser.get(CASH, {"of": "reward"})
    assert [lot.left_won for lot in page.context["lots"]] == [1_250, 80_000]
    assert page.content.decode().count("곧 사라져요") == 1
    assert [kind for kind, *_ in rows(page)] == ["reward", "reward"]


@pytest.mark.django_db
def test_the_page_asks_as_often_for_many_lines_as_for_one(browser: Client, company: Company) -> None:
    ledger.charge(company.buyer.id, 10, cause="c", at=clock.now())
    once = asked(browser, CASH)
    for n in range(30):
        ledger.charge(company.buyer.id, 10, cause=f"c{n}", at=clock.now(), subject=f"s{n}")
    assert asked(browser, CASH) <= once + 2  # the two questions for causes


def period(at: datetime = MONDAY, **query: str) -> statement.Period:
    return statement.period_of(RequestFactory().get(CASH, query), at)


@pytest.mark.parametrize(
    ("name", "first"),
    [("today", "2026-11-23"), ("week", "2026-11-17"), ("month", "2026-10-23"), ("quarter", "2026-08-23"),
     ("", "2026-10-23"), ("ever", "2026-10-23")],
)  # fmt: skip
def test_a_period_ends_today(name: str, first: str) -> None:
    """P1: a month unless something else is asked for."""
    found = period(period=name)
    assert (found.first, found.last) == (date.fromisoformat(first), date(2026, 11, 23)) and not found.is_bad


@pytest.mark.parametrize(
    "query", [("2026-11-02", "2026-11-01"), ("", ""), ("x", "2026-11-01"), ("0001-01-01", "9999-12-31")]
)
def test_days_that_make_no_sense_are_told_and_shown_as_a_month(query: tuple[str, str]) -> None:
    found = period(**days(*query))
    assert found.is_bad and found.first == date(2026, 10, 23)


@drawn(first=st.dates(date(2000, 1, 1), date(2199, 12, 31)), more=st.integers(0, 3_000))
def test_typed_days_come_back_in_the_address(first: date, more: int) -> None:
    last = min(first + timedelta(days=more), date(2199, 12, 31))
    found = period(**days(first.isoformat(), last.isoformat()))
    assert not found.is_bad and period(**found.query) == found
    assert found.until - found.since == timedelta(days=(last - first).days + 1)
