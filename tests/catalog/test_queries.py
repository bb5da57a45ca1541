"""C1, M3: searching the two lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seonmul.catalog import queries, rules
from seonmul.catalog.models import Brand, Category, List, Offer, Product
from seonmul.catalog.queries import Search
from tests.given import MONDAY

pytestmark = pytest.mark.django_db

G, C = List.GENERAL, List.CORPORATE


def put(
    code: str, brand: str, name: str, general: int | None, corporate: int | None, **fields: Any
) -> Product:
    """A product with its prices; None: not on that list."""
    category = fields.pop("category", "커피")
    made = Product.objects.create(
        code=code, name=name, search_text=rules.search_text(brand, name), kind="goods",
        brand=Brand.objects.get_or_create(name=brand, defaults={"shops": "전국"})[0],
        category=Category.objects.get_or_create(
            slug={"커피": "coffee", "빵": "bread"}[category], defaults={"name": category}
        )[0],
        face_value_won=5_000, picture="iced-coffee", added_at=fields.pop("added_at", MONDAY), **fields,
    )  # fmt: skip
    for list_, price in ((G, general), (C, corporate)):
        if price is not None:
            Offer.objects.create(product=made, list=list_, price_won=price, validity_days=93)
    return made


@pytest.fixture(autouse=True)
def shelf() -> None:
    put("AMERICANO", "달무리 커피", "아이스 아메리카노", 4_500, 4_300, sold=50, added_at=MONDAY)
    put("LATTE", "달무리 커피", "카페라떼", 5_000, 4_800, sold=70, added_at=MONDAY + timedelta(days=1))
    put("TOAST", "아침빵집", "햄치즈 토스트", 4_500, None, category="빵", sold=50)
    put("BULK", "아침빵집", "단체 소금빵 100%", None, 90_000, category="빵", sold=10)
    hidden = put("HIDDEN", "달무리 커피", "숨긴 아메리카노", 1, 1)
    Offer.objects.filter(product=hidden).update(is_shown=False)
    put("EMPTY", "다온", "Tea_Set", 6_000, 6_000, is_sold_out=True)


def codes(list_: List = G, **search: Any) -> list[str]:
    return [offer.product.code for offer in queries.offers(list_, Search(**search)).rows]


@pytest.mark.parametrize(
    "words",
    ["아메리카노", "아이스아메리카노", "아이스 아메리카노", "아이 스아메", "메리카", "달무리 아메리카노", "아메리카노 달무리",
     "  달무리커피   아이스 ", "노"],
)  # fmt: skip
def test_partial_words_are_found_with_and_without_blanks(words: str) -> None:
    """C1"""
    assert codes(words=words) == ["AMERICANO"]


@pytest.mark.parametrize(
    ("words", "found"),
    [("달무리", ["LATTE", "AMERICANO"]), ("아메리카노 카페라떼", []), ("아메르카노", []), ("TEA", ["EMPTY"]), ("tea_set", ["EMPTY"]),
     ("100%", []), ("%", []), ("_", ["EMPTY"]), ("'; DROP", []), ("\\", []), ("가" * 500, [])],
)  # fmt: skip
def test_every_word_must_be_there_and_signs_mean_themselves(words: str, found: list[str]) -> None:
    """C1"""
    assert codes(words=words) == found


def test_each_list_shows_its_own_products_at_its_own_prices() -> None:
    """M3"""
    assert set(codes(G)) == {"AMERICANO", "LATTE", "TOAST", "EMPTY"}
    assert set(codes(C)) == {"AMERICANO", "LATTE", "BULK", "EMPTY"}
    assert codes(C, words="100%") == ["BULK"]
    prices = [found.price_won for list_ in (G, C) if (found := queries.offer(list_, "AMERICANO")) is not None]
    assert prices == [4_500, 4_300]


def test_what_is_hidden_or_on_the_other_list_is_not_found() -> None:
    """M3"""
    assert queries.offer(G, "HIDDEN") is queries.offer(G, "BULK") is queries.offer(C, "TOAST") is None
    assert queries.offer(G, "NO-SUCH") is None
    sold_out = queries.offer(G, "EMPTY")
    assert sold_out is not None and sold_out.product.is_sold_out


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"category": "bread"}, ["TOAST"]),
        ({"brand": "달무리 커피"}, ["LATTE", "AMERICANO"]),
        ({"price_from": 4_501}, ["LATTE", "EMPTY"]),
        ({"price_to": 4_500}, ["AMERICANO", "TOAST"]),
        ({"price_from": 4_500, "price_to": 5_000, "category": "coffee"}, ["LATTE", "AMERICANO"]),
        ({"price_from": 0, "price_to": 0}, []),
        ({"category": "no-such"}, []),
    ],
)
def test_filters_narrow(search: dict[str, Any], found: list[str]) -> None:
    """C1"""
    assert codes(**search) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("popular", ["LATTE", "AMERICANO", "TOAST", "EMPTY"]),
        ("new", ["LATTE", "AMERICANO", "EMPTY", "TOAST"]),
        ("cheap", ["AMERICANO", "TOAST", "LATTE", "EMPTY"]),
        ("dear", ["EMPTY", "LATTE", "AMERICANO", "TOAST"]),
        ("no such order", ["LATTE", "AMERICANO", "TOAST", "EMPTY"]),
    ],
)
def test_orders_and_among_equals_the_code_decides(order: str, found: list[str]) -> None:
    """C1"""
    assert codes(order=order) == found
    paged: list[str] = []
    after = ""
    while True:
        page = queries.offers(G, Search(order=order), after=after, limit=1)
        paged += [offer.product.code for offer in page.rows]
        after = page.after
        if not after:
            break
    assert paged == found


@pytest.mark.parametrize("limit", [1, 3])
def test_a_page_is_one_query_however_many_rows_it_shows(django_assert_num_queries: Any, limit: int) -> None:
    with django_assert_num_queries(1):
        page = queries.offers(G, Search(words="아"), limit=limit)
        for offer in page.rows:
            assert offer.product.brand.name and offer.product.category.name


def test_what_the_rule_is_told_of_an_offer() -> None:
    assert queries.facts(None) is None
    offer = queries.offer(C, "EMPTY")
    assert queries.facts(offer) == rules.OfferFacts(
        is_shown=True, is_sold_out=True, is_gift_certificate=False, is_corporate_list=True
    )


def test_what_to_buy_instead_is_on_the_same_list_or_not_named() -> None:
    """C1"""
    Product.objects.filter(code="EMPTY").update(substitute=Product.objects.get(code="TOAST"))
    on_general, on_corporate = queries.offer(G, "EMPTY"), queries.offer(C, "EMPTY")
    assert on_general is not None and on_corporate is not None
    instead = queries.substitute_of(on_general.product, List(on_general.list))
    assert instead is not None and instead.product.code == "TOAST" and instead.list == G
    assert queries.substitute_of(on_corporate.product, List(on_corporate.list)) is None
    latte = queries.offer(G, "LATTE")
    assert latte is not None and queries.substitute_of(latte.product, List(latte.list)) is None


def test_shelves_and_brands() -> None:
    Category.objects.filter(slug="bread").update(position=0)
    Category.objects.filter(slug="coffee").update(position=1)
    assert [category.name for category in queries.categories()] == ["빵", "커피"]
    assert queries.brands() == ["다온", "달무리 커피", "아침빵집"]
