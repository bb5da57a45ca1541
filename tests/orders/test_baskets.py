"""O1, O2, O7, O8: several products in one order, each with its recipients or all with the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.catalog.models import List, Offer, Product
from seonmul.catalog.rules import ProductRefusal
from seonmul.cli import prove
from seonmul.figures import actions as figures
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift
from seonmul.kit import sheets
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.orders import actions, lists, queries
from seonmul.orders.lists import RawRow, RowFault
from seonmul.orders.models import Draft, DraftItem, DraftRow, Line, Order, Recipient
from seonmul.orders.rules import BasketRefusal, LimitRefusal, OrderRefusal
from seonmul.vouchers.models import PoolCode
from seonmul.vouchers.rules import StockRefusal
from tests import given
from tests.given import MONDAY, Company
from tests.orders import certificates
from tests.threads import at_once
from tests.vouchers import codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Company:
    return given.company()


def refused_by(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no


def product(name: str, price_won: int = 4_500, **fields: Any) -> Product:
    """A product that can be told from others by its name."""
    made = given.product(price_won=price_won, **fields)
    Product.objects.filter(id=made.id).update(name=name)
    made.name = name
    return made


def put(draft: Draft, one: Product) -> DraftItem:
    return actions.put(draft.id, List.CORPORATE, one.code, at=MONDAY)


def basket(who: Company, products: Sequence[Product], rows: Sequence[RawRow]) -> Draft:
    """A draft of these products for these rows that may be paid."""
    draft = given.draft(who, [], products[0])
    for one in products[1:]:
        put(draft, one)
    actions.add_rows(draft.id, rows, at=MONDAY)
    draft.refresh_from_db()
    return draft


def rows_for(numbers: Sequence[str], product: str | None = None, first: int = 1) -> list[RawRow]:
    return [RawRow(n, number, "김서연", product=product) for n, number in enumerate(numbers, first)]


def test_a_product_is_put_in_once_and_only_from_the_same_list(firm: Company) -> None:
    """O1"""
    coffee, cake = product("라테"), product("케이크")
    draft = given.draft(firm, [], coffee)
    assert put(draft, cake).position == 2
    assert refused_by(lambda: put(draft, cake)).why is BasketRefusal.THERE_ALREADY
    other = partial(actions.put, draft.id, List.GENERAL, product("빵").code, at=MONDAY)
    assert refused_by(other).why is BasketRefusal.OTHER_LIST
    gone = product("품절", is_sold_out=True)
    assert refused_by(lambda: put(draft, gone)).why is ProductRefusal.SOLD_OUT
    assert [item.product.code for item in queries.items_of(draft)] == [coffee.code, cake.code]


def test_a_basket_is_full_and_never_empty(firm: Company) -> None:
    """O1: what operators let it hold."""
    figures.change("basket_products_most", 2, by="operator", at=MONDAY)
    draft = given.draft(firm, [], product("라테"))
    put(draft, product("케이크"))
    no = refused_by(lambda: put(draft, product("빵")))
    assert no.why is BasketRefusal.FULL and "2가지" in no.say()
    first, second = queries.items_of(draft)
    actions.take_out(draft.id, first.id, at=MONDAY)
    no = refused_by(lambda: actions.take_out(draft.id, second.id, at=MONDAY))
    assert no.why is BasketRefusal.LAST and queries.items_of(draft) == [second]


def test_everybody_gets_every_product_unless_a_row_says_otherwise(firm: Company) -> None:
    """O1"""
    coffee, cake = product("라테", 4_000), product("케이크", 6_000)
    everybody, one = given.numbers(4)[:3], given.numbers(4)[3]
    draft = basket(firm, [coffee, cake], [*rows_for(everybody), *rows_for([one], cake.name, 4)])
    quote = queries.quote(draft)
    assert [(line.people, line.copies, line.amount_won) for line in quote.lines] == [
        (3, 3, 12_000),
        (4, 4, 24_000),
    ]
    assert (quote.people, quote.copies, quote.amount_won, quote.is_by_product) == (4, 7, 36_000, True)


def test_a_sheet_names_its_products_and_an_unknown_one_is_mended_in_place(
    firm: Company, tmp_path: Any
) -> None:
    """O1: by name, by code, whatever the blanks; putting the product into the basket mends its rows."""
    coffee, cake, bread = product("카페 라테", code="LATTE"), product("케이크"), product("소금빵")
    draft = given.draft(firm, [], coffee)
    put(draft, cake)
    path = tmp_path / "list.xlsx"
    numbers = given.numbers(5)
    names = ["latte", "카페라테", "달무리커피 케이크", "소금빵", ""]
    sheets.write_xlsx(path, ["휴대폰", "상품"], list(zip(numbers, names, strict=True)))
    assert actions.import_sheet(draft.id, path, "list.xlsx", at=MONDAY).rows == 5
    faults = list(DraftRow.objects.filter(draft=draft).order_by("position").values_list("fault", flat=True))
    assert faults == ["", "", "", RowFault.UNKNOWN_PRODUCT.code, RowFault.NO_PRODUCT.code]
    line = queries.row(draft, 5)
    assert line is not None and "소금빵" in line.why and line.named == "소금빵"
    put(draft, bread)
    assert queries.quote(draft).rows_at_fault == 1
    actions.mend_row(draft.id, 6, product=cake.code, at=MONDAY)
    quote = queries.quote(draft)
    assert quote.rows_at_fault == 0 and [line.copies for line in quote.lines] == [2, 2, 1]


def test_a_product_that_goes_leaves_its_rows_to_be_mended(firm: Company) -> None:
    """O1: nobody gets something else by mistake."""
    coffee, cake, bread = product("라테"), product("케이크"), product("빵")
    numbers = given.numbers(3)
    draft = basket(
        firm, [coffee, cake], [*rows_for(numbers[:2], "라테"), *rows_for(numbers[2:], "케이크", 3)]
    )
    item = queries.items_of(draft)[1]
    actions.put(draft.id, List.CORPORATE, bread.code, instead_of=item.id, at=MONDAY)
    assert [line.copies for line in queries.quote(draft).lines] == [2, 1]
    actions.take_out(draft.id, item.id, at=MONDAY)
    quote = queries.quote(draft)
    assert (quote.rows_at_fault, quote.rows_unnamed, quote.copies) == (1, 1, 2)
    agreed = {"seen_won": quote.amount_won, "seen_left_out": 0}
    no = refused_by(lambda: actions.place(draft.id, by=firm.owner, grant_id=None, at=MONDAY, **agreed))
    assert no.why is OrderRefusal.HAS_FAULTS


def test_copies_are_counted_by_product_over_all_rows(firm: Company) -> None:
    """O2: a row for everybody counts for each product."""
    coffee, cake = product("라테", copies_most=2), product("케이크", copies_most=1)
    number = given.numbers(1)[0]
    rows = [
        RawRow(1, number, copies="1"),
        RawRow(2, number, product="라테"),
        RawRow(3, number, product="라테"),
        RawRow(4, number, product="케이크"),
    ]
    draft = basket(firm, [coffee, cake], rows)
    over = DraftRow.objects.filter(draft=draft, is_over=True).order_by("position")
    assert list(over.values_list("position", flat=True)) == [3, 4]
    assert queries.quote(draft).doubles == 1 and queries.rows_page(draft)[1].same_as == 1
    assert actions.one_each(draft.id, at=MONDAY) == 3


def test_a_basket_is_one_order_with_a_line_for_each_product(firm: Company) -> None:
    """O1, O9, V1: money, codes, gifts and the closing account add up; every copy has a number of its own."""
    coffee, pooled = product("라테", 4_000), codes.product(3)
    numbers = given.numbers(4)
    draft = basket(firm, [coffee, pooled], [*rows_for(numbers[:3]), *rows_for(numbers[3:], "라테", 4)])
    order = given.paid(firm, draft)
    lines = queries.lines_of(order.id)
    assert [(line.product, line.copies) for line in lines] == [(coffee, 4), (pooled, 3)]
    assert order.amount_won == sum(line.unit_price_won * line.copies for line in lines)
    assert ledger.balances(firm.buyer.id).held_won == order.amount_won
    given.worked(only="gifts")
    made = Gift.objects.filter(order=order).order_by("position", "copy_number")
    assert [(gift.position, gift.copy_number, gift.line_id) for gift in made] == [
        (position, number, lines[number - 1].id) for position in (1, 2, 3) for number in (1, 2)
    ] + [(4, 1, lines[0].id)]
    assert PoolCode.objects.filter(state="assigned").count() == 3
    assert ledger.balances(firm.buyer.id).held_won == 0 and gifts.closing(order).adds_up
    silent = ("the carrier's memory", "the payment provider", "the external issuer")
    assert [fault for fault in prove.prove()[0] if not fault["what"].startswith(silent)] == []
    assert not DraftItem.objects.exists() and "외 1가지" in queries.goods_name(order.id)


def test_of_several_products_the_one_in_the_way_is_named(firm: Company) -> None:
    """C3, O1: and nothing is charged."""
    coffee, pooled = product("라테"), codes.product(2)
    draft = basket(firm, [coffee, pooled], rows_for(given.numbers(3)))
    no = refused_by(lambda: given.paid(firm, draft))
    assert no.why is StockRefusal.SHORT and no.say().startswith("달무리커피")
    nobody = basket(firm, [coffee, product("케이크")], rows_for(given.numbers(2), "라테"))
    no = refused_by(lambda: given.paid(firm, nobody))
    assert no.why is BasketRefusal.NOBODY and "케이크: " in no.say()
    Offer.objects.filter(product=coffee).update(is_shown=False)
    no = refused_by(lambda: given.paid(firm, nobody))
    assert no.why is ProductRefusal.NOT_ON_LIST
    assert ledger.balances(firm.buyer.id).held_won == 0


def test_the_limit_counts_the_certificates_of_all_lines(firm: Company) -> None:
    """O7: face value of every line of gift certificates, and nothing of the others."""
    paper, other, coffee = (
        certificates.certificate(400_000),
        certificates.certificate(100_000),
        product("라테"),
    )
    rows = rows_for(given.numbers(2))
    order = given.paid(firm, basket(firm, [paper, coffee, other], rows))
    assert order.limit_won == 1_000_000 and order.state == "waiting"
    again = basket(firm, [product("케이크"), certificates.certificate(100_000)], rows_for(given.numbers(1)))
    assert refused_by(lambda: given.paid(firm, again)).why is LimitRefusal.OVER


def test_what_is_no_certificate_may_be_parted_and_need_not_wait(firm: Company) -> None:
    """O8: whoever was to get everything is on both lists."""
    paper, coffee = certificates.certificate(10_000), product("라테", 4_000)
    numbers = given.numbers(3)
    rows = [*rows_for(numbers[:1]), *rows_for(numbers[1:2], "라테", 2), *rows_for(numbers[2:], paper.code, 3)]
    draft = basket(firm, [paper, coffee], rows)
    assert queries.quote(draft).is_mixed
    other = actions.split_certificates(draft.id, at=MONDAY)
    draft.refresh_from_db()
    assert [(line.product, line.people) for line in queries.quote(draft).lines] == [(paper, 2)]
    assert [(line.product, line.people) for line in queries.quote(other).lines] == [(coffee, 2)]
    assert queries.text_of(other) == queries.text_of(draft) != ""
    no = refused_by(lambda: actions.split_certificates(other.id, at=MONDAY))
    assert no.why is BasketRefusal.NOT_MIXED
    assert [given.paid(firm, one).state for one in (draft, other)] == ["waiting", "paid"]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@assumed(
    st.lists(st.integers(100, 9_000), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 5), st.integers(0, 5)), min_size=1, max_size=12),
)
def test_whatever_lies_in_a_basket_its_order_adds_up(
    firm: Company, prices: list[int], wishes: list[tuple[int, int, int]]
) -> None:
    """O1, O2, O6: against counting by hand, row by row. A wish: product (0: all), copies, and who."""
    with transaction.atomic():
        products = [product(f"상품{n}", won) for n, won in enumerate(prices)]
        numbers = given.numbers(6)
        rows = [
            RawRow(
                n,
                numbers[who],
                copies=str(copies),
                product=f"상품{what - 1}" if 0 < what <= len(products) else None,
            )
            for n, (what, copies, who) in enumerate(wishes, 1)
        ]
        draft = basket(firm, products, rows)
        so_far: Counter[tuple[int, str]] = Counter()
        got: Counter[tuple[int, str]] = Counter()
        over = set()
        for row in rows:
            wanted = [n for n, one in enumerate(products) if row.product in (None, one.name)]
            for n in wanted:
                so_far[n, row.phone] += int(row.copies)
            if any(so_far[n, row.phone] > 5 for n in wanted):
                over.add(row.position)
            else:
                got.update({(n, row.phone): int(row.copies) for n in wanted})
        quote = queries.quote(draft)
        assert quote.rows_at_fault == len(over)
        copies_of = [
            sum(count for (n, _), count in got.items() if n == which) for which in range(len(products))
        ]
        assert [line.copies for line in quote.lines] == copies_of
        assert quote.amount_won == sum(won * count for won, count in zip(prices, copies_of, strict=True))
        if all(copies_of):
            order = given.paid(firm, draft)
            assert order.copies == sum(copies_of) and order.amount_won == quote.amount_won
            given.worked(only="gifts")
            assert Gift.objects.filter(order=order).count() == order.copies
            assert not queries.faults() and gifts.closing(order).adds_up
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_make_one_order_of_a_basket(firm: Company) -> None:
    """O6: whoever comes second sees the order of the first."""
    draft = basket(firm, [product("라테"), codes.product(2)], rows_for(given.numbers(2)))
    first, second = at_once([partial(given.paid, firm, draft), partial(given.paid, firm, draft)])
    assert isinstance(first, Order) and isinstance(second, Order) and first.id == second.id
    assert Order.objects.count() == 1 and Line.objects.count() == 2 and Recipient.objects.count() == 4
    assert PoolCode.objects.filter(state="reserved").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_baskets_with_the_same_pools_never_wait_for_each_other(firm: Company) -> None:
    """C3: whatever the order of their products; one of them has the last codes."""
    pools = [codes.product(3), codes.product(3)]
    other = given.company()
    drafts = [
        (who, basket(who, products, rows_for(given.numbers(2))))
        for who, products in ((firm, pools), (other, pools[::-1]))
    ]
    found = at_once([partial(given.paid, who, draft) for who, draft in drafts])
    assert sorted(type(one).__name__ for one in found) == ["Order", "Refused"]
    assert PoolCode.objects.filter(state="reserved").count() == 4


def test_a_product_column_is_read_the_same_whatever_it_is_called() -> None:
    """O1"""
    products = {lists.words_of("카페 라테"): 1, lists.words_of("GIFT-5000"): 2}
    for typed, item in (("카페라테", 1), (" 카페 라테 ", 1), ("gift 5000", 2), ("Gift-5,000", 2)):
        row = next(lists.check([RawRow(1, "01020417735", product=typed)], products=products, basket=2))
        assert (row.item, row.fault) == (item, "")
    for typed, fault in (("케이크", RowFault.UNKNOWN_PRODUCT), ("", RowFault.NO_PRODUCT)):
        row = next(lists.check([RawRow(1, "01020417735", product=typed)], products=products, basket=2))
        assert row.fault == fault.code and lists.why(row.fault, row.cells).say()
