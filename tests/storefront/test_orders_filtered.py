"""O11: every order of a buyer, by period, state and product in the address; a recipient leads to the list of copies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from seonmul.catalog.models import Product
from seonmul.kit.pages import Page
from seonmul.members.models import Member
from seonmul.orders import actions, queries
from seonmul.orders.models import Order
from seonmul.orders.queries import OrderFilters, _history
from tests import given
from tests.given import MONDAY, Company
from tests.storefront.conftest import asked

pytestmark = pytest.mark.django_db
ORDERS = reverse("storefront:orders")
DAY = timedelta(days=1)


@pytest.fixture
def coffee(company: Company) -> Product:
    return given.product("COFFEE")


@pytest.fixture
def world(company: Company, coffee: Product) -> list[Order]:
    """Coffee on Monday and on Tuesday, the second one cancelled; certificates on Wednesday, which wait."""
    cake = given.product("CAKE", price_won=30_000, is_gift_certificate=True)
    first = given.placed(company, given.numbers(2), coffee)
    second = given.placed(company, given.numbers(2, 30_000_000), coffee, MONDAY + DAY)
    third = given.placed(company, given.numbers(1), cake, MONDAY + 2 * DAY)
    actions.cancel_waiting(second.id, by=company.owner, at=MONDAY + DAY)
    return [first, second, third]


def found(who: Company, **wanted: object) -> list[Order]:
    page = queries.orders_page(who.owner, OrderFilters(**wanted))  # type: ignore[arg-type]
    assert not page.is_cut and not page.after
    return page.rows


def shown(browser: Client, **said: str) -> list[str]:
    return [order.public_id for order, _ in browser.get(ORDERS, said).context["orders"]]


def test_every_filter_finds_its_orders(company: Company, coffee: Product, world: list[Order]) -> None:
    """O11: alone, and together; newest first."""
    first, second, third = world
    assert found(company) == [third, second, first]
    assert found(company, state="waiting") == [third] and found(company, state="refused") == []
    assert found(company, product_id=coffee.id) == [second, first]
    assert found(company, product_id=coffee.id, state="cancelled") == [second]
    assert found(company, product_id=coffee.id, state="waiting") == []
    assert found(company, since=MONDAY + DAY) == [third, second]
    assert found(company, until=MONDAY + DAY) == [first], "the last moment is not included"
    assert found(company, since=MONDAY + DAY, until=MONDAY + 2 * DAY, product_id=coffee.id) == [second]


def test_nobody_finds_orders_of_others(
    company: Company, coffee: Product, world: list[Order], signed_in: Callable[[Member], Client]
) -> None:
    """M7: whatever the address asks for; staff act for nobody and see none."""
    other, staff = given.company(), given.operator()
    own = given.placed(other, given.numbers(1), coffee)
    for wanted in ({}, {"product_id": coffee.id}, {"since": MONDAY}, {"state": "paid"}):
        assert found(other, **wanted) == [own]
        assert queries.orders_page(staff, OrderFilters(**wanted)) == Page([], "")
    assert found(other, state="waiting") == found(other, state="cancelled") == []
    stranger = signed_in(other.owner)
    for said in ({}, {"state": "waiting"}, {"product": "COFFEE"}, {"product": "CAKE"}):
        page = stranger.get(ORDERS, said)
        assert not any(order.public_id in page.content.decode() for order in world)
        assert [one.code for one in page.context["products"]] == ["COFFEE"], "what others bought is not told"


def test_the_address_says_what_was_asked_for(browser: Client, world: list[Order]) -> None:
    first, second, third = (order.public_id for order in world)
    assert shown(browser) == [third, second, first]
    assert shown(browser, state="cancelled") == [second]
    assert shown(browser, product="COFFEE") == [second, first]
    assert shown(browser, product="COFFEE", state="cancelled") == [second]
    day = {"period": "custom", "from": "2026-11-24", "to": "2026-11-24"}
    assert shown(browser, **day) == [second]
    page = browser.get(ORDERS, day | {"state": "cancelled", "product": "COFFEE"}).content.decode()
    assert '<option value="cancelled" selected>' in page and '<option value="COFFEE" selected>' in page
    assert 'value="2026-11-24"' in page and "조건 지우기" in page
    none = browser.get(ORDERS, {"state": "refused"}).content.decode()
    assert (
        "조건에 맞는 주문이 없어요" in none
        and "조건 지우기" in none
        and "아직 보낸 주문이 없어요" not in none
    )


def test_nonsense_asks_for_nothing_and_bad_days_are_told(browser: Client, world: list[Order]) -> None:
    """O11: as the list of copies has it; and the cursor of nobody is the first page."""
    nonsense = {"state": "x", "product": "x", "after": "x", "period": "", "from": "x", "to": "\0"}
    assert len(shown(browser, **nonsense)) == 3
    bad = browser.get(ORDERS, {"period": "custom", "from": "2026-11-24", "to": "2026-11-01"})
    assert bad.status_code == 200 and "시작일과 종료일을 확인해 주세요" in bad.content.decode()
    assert browser.get(ORDERS, {"period": "custom", "from": "2026-13-41"}).status_code == 200


def test_pages_keep_what_was_asked_for_and_lose_nothing(
    browser: Client, company: Company, coffee: Product, world: list[Order]
) -> None:
    """O11: twenty a page; the drafts stand above the first page of the whole list only."""
    more = [given.placed(company, [n], coffee, MONDAY + 3 * DAY) for n in given.numbers(22, 40_000_000)]
    given.draft(company, [], coffee)
    page = browser.get(ORDERS, {"product": "COFFEE"})
    seen = [order.public_id for order, _ in page.context["orders"]]
    assert len(seen) == 20 and "product=COFFEE" in page.context["next"] and not page.context["drafts"]
    rest = browser.get(page.context["next"])
    seen += [order.public_id for order, _ in rest.context["orders"]]
    assert len(seen) == len(set(seen)) == 24 and rest.context["first"] == f"{ORDERS}?product=COFFEE"
    assert set(seen) == {order.public_id for order in [*more, *world[:2]]}
    assert len(browser.get(ORDERS).context["drafts"]) == 1


def test_a_rare_product_is_looked_for_piece_by_piece(
    browser: Client, company: Company, world: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """O11: however many orders there are, no page looks at all of them; it says that it looked only so far back."""
    first, second, _ = world
    monkeypatch.setattr(_history, "MOST_WALKED", 1)
    coffee, pages, after = first.lines.get().product_id, [], ""
    while True:
        page = queries.orders_page(company.owner, OrderFilters(product_id=coffee), after)
        pages.append((page.rows, page.is_cut))
        if not page.after:
            break
        after = page.after
    assert pages == [([], True), ([second], True), ([first], True), ([], False)]
    given.placed(company, given.numbers(1, 50_000_000), given.product("TEA"), MONDAY + 4 * DAY)
    monkeypatch.setattr(_history, "MOST_WALKED", 2)
    said = browser.get(ORDERS, {"product": "TEA"})
    assert said.context["is_cut"] and "더 이전 내역에서 찾기" in said.content.decode()


@pytest.mark.parametrize("wanted", [{}, {"state": "waiting"}, {"since": MONDAY}])
def test_an_index_gives_the_orders_in_their_order(
    company: Company, world: list[Order], wanted: dict[str, object]
) -> None:
    """O11: nothing is sorted, and a late page begins where it stands."""
    after = queries.orders_page(company.owner, limit=1).after
    with CaptureQueriesContext(connection) as said:
        queries.orders_page(company.owner, OrderFilters(**wanted), after)  # type: ignore[arg-type]
    (sql,) = (one["sql"] for one in said if "LIMIT 21" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Sort" not in plan and "paid_at <=" in plan.partition("Index Cond")[2], plan


def test_a_recipient_is_looked_for_in_the_list_of_copies(browser: Client, world: list[Order]) -> None:
    """O11, X2: by a form of this page; the number stands in no address."""
    page = browser.get(ORDERS).content.decode()
    assert f'action="{reverse("storefront:copies_find")}"' in page and "받는 분으로 찾기" in page
    answer = browser.post(reverse("storefront:copies_find"), {"phone": given.numbers(1)[0]})
    assert answer["Location"].startswith(reverse("storefront:copies")) and "0001" not in answer["Location"]


def test_the_list_asks_the_same_questions_for_one_order_and_for_many(
    signed_in: Callable[[Member], Client], browser: Client, coffee: Product, world: list[Order]
) -> None:
    single = given.company()
    given.placed(single, given.numbers(1), coffee)
    address = f"{ORDERS}?product=COFFEE&state=paid"
    assert asked(signed_in(single.owner), address) == asked(browser, address)
