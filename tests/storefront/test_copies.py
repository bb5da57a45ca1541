"""O11: every copy of a buyer across all orders, by any filter; a number never in an address. X2"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from seonmul.gifts import actions, queries
from seonmul.gifts.models import Gift, Standing
from seonmul.gifts.queries import Filters, _copies
from seonmul.members.models import Member
from seonmul.orders.models import Order
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import Voucher
from tests import given
from tests.given import MONDAY, Company

pytestmark = pytest.mark.django_db
COPIES = "storefront:copies"
NUMBERS = ["01020010001", "01020020001", "01020030001", "01020030001"]


def issued(who: Company, numbers: list[str], days: int = 0) -> Order:
    at = MONDAY + timedelta(days=days)
    order = given.placed(who, numbers, at=at)
    actions.start(order.id, at=at)
    for chunk_id in queries.chunk_ids(order.id):
        actions.issue_chunk(chunk_id, at=at)
    return order


@pytest.fixture
def world(company: Company) -> Order:
    """Two orders on two days: one settled in every way, one just issued."""
    first = issued(company, NUMBERS)
    one, two, three, _ = Gift.objects.filter(order=first).order_by("position", "copy_number")
    Gift.objects.filter(id__in=[one.id, two.id]).update(result="delivered", result_at=MONDAY)
    Gift.objects.filter(id=three.id).update(result="spam", result_at=MONDAY)
    actions.note_opened(one.id, at=MONDAY)
    Voucher.objects.filter(id=one.voucher_id).update(state="used")
    issued(company, NUMBERS[:2], days=1)
    return first


def found(buyer: Company, **asked: object) -> list[tuple[str, str, int]]:
    page = queries.copies_page(buyer.buyer.id, Filters(**asked))  # type: ignore[arg-type]
    assert not page.is_cut and not page.after
    return [(gift.result, gift.state, gift.position) for gift in page.rows]


def test_every_filter_finds_its_copies(world: Order, company: Company) -> None:
    """O11: alone, and together; newest first."""
    assert len(found(company)) == 6
    assert [one[0] for one in found(company)][:3] == ["waiting"] * 3
    assert found(company, only="failed") == found(company, only="spam") == [("spam", "issued", 3)]
    assert len(found(company, only="delivered")) == 2 and len(found(company, only="waiting")) == 3
    assert found(company, state="used") == found(company, is_opened=True) == [("delivered", "used", 1)]
    assert found(company, only="delivered", state="issued", is_opened=False) == [("delivered", "issued", 2)]
    assert len(found(company, is_opened=False)) == 5 and found(company, only="failed", state="used") == []
    assert [one[2] for one in found(company, order_id=world.id)] == [1, 2, 3, 4]
    assert len(found(company, order_id=world.id, state="issued")) == 3
    assert len(found(company, since=MONDAY + timedelta(hours=1))) == 2
    assert len(found(company, until=MONDAY + timedelta(hours=1), only="delivered")) == 2
    assert len(found(company, phone="01020030001")) == 2 and found(company, phone="01099990001") == []
    assert len(found(company, phone="01020010001", only="delivered")) == 1
    (product,) = {line.product for order in Order.objects.all() for line in order.lines.all()} - {
        world.lines.get().product
    }
    assert len(found(company, product_id=product.id)) == 2
    assert found(company, product_id=product.id, state="used") == []
    assert {one.id for one in queries.products_of(company.buyer.id)} == {
        product.id,
        world.lines.get().product_id,
    }
    other = given.company()
    issued(other, NUMBERS)
    assert found(other, only="failed") == found(other, state="used") == found(other, order_id=world.id) == []
    assert len(found(other, phone="01020030001")) == 2


@pytest.mark.parametrize(
    "asked", [{}, {"state": "issued"}, {"only": "waiting"}, {"is_opened": False}, {"phone": "01020030001"}]
)
def test_pages_follow_each_other_and_lose_nothing(company: Company, asked: dict[str, object]) -> None:
    """O11: in a stable order, also while a resend moves the time of sending."""
    order = issued(company, [*given.numbers(5), *["01020030001"] * 2])
    filters = Filters(**asked)  # type: ignore[arg-type]
    whole = [gift.id for gift in queries.copies_of(company.buyer.id, filters)]
    seen, after = [], ""
    while True:
        page = queries.copies_page(company.buyer.id, filters, after, limit=2)
        seen += [gift.id for gift in page.rows]
        Gift.objects.filter(order=order).update(sent_at=MONDAY + timedelta(hours=len(seen)))
        if not page.after:
            break
        after = page.after
    assert seen == whole and len(set(seen)) == len(seen) >= 2


def test_a_rare_combination_is_looked_for_piece_by_piece(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O11: no combination of filters makes a page slow; it says that it looked only so far back."""
    order = issued(company, given.numbers(9))
    Gift.objects.filter(order=order, position=1).update(result="delivered")
    monkeypatch.setattr(_copies, "MOST_WALKED", 4)
    filters, pages, after = Filters(only="delivered", state="issued"), [], ""
    while True:
        page = queries.copies_page(company.buyer.id, filters, after)
        pages.append(([gift.position for gift in page.rows], page.is_cut))
        if not page.after:
            break
        after = page.after
    assert pages == [([], True), ([], True), ([1], False)]


def test_a_standing_follows_its_voucher(company: Company) -> None:
    """O11: whoever moves it, and also when another voucher takes its place."""
    order = issued(company, given.numbers(2))
    gift = Gift.objects.filter(order=order).earliest("position")
    vouchers.refund([gift.voucher_id], by="test", where="test", at=MONDAY)
    assert Standing.objects.get(gift=gift).state == "refunded"
    (new,) = vouchers.issue(
        order.lines.get().product_id, 1, rest_won=0, valid_until=MONDAY, at=MONDAY
    )  # fmt: skip
    Gift.objects.filter(id=gift.id).update(voucher_id=new)
    assert Standing.objects.get(gift=gift).state == "issued"


def test_the_page_says_filters_in_its_address_and_totals_where_they_are_kept(
    browser: Client, world: Order
) -> None:
    page = browser.get(reverse(COPIES), {"state": "used"})
    said = page.content.decode()
    assert page.context["total"] == 1 and "010-****-0001" in said and "01020010001" not in said
    assert "김서연" not in said and "교환완료" in said
    assert browser.get(reverse(COPIES)).context["total"] == 6
    assert browser.get(reverse(COPIES), {"only": "failed"}).context["total"] == 1
    assert browser.get(reverse(COPIES), {"opened": "no"}).context["total"] == 5
    both = browser.get(reverse(COPIES), {"only": "failed", "opened": "no", "order": world.public_id})
    assert both.context["total"] is None and len(both.context["lines"]) == 1
    nonsense = {
        "only": "x",
        "state": "x",
        "opened": "x",
        "product": "x",
        "order": "x",
        "after": "x",
        "find": "x",
    }
    assert len(browser.get(reverse(COPIES), nonsense).context["lines"]) == 6
    ten = browser.get(reverse(COPIES), {"period": "custom", "from": "2026-11-24", "to": "2026-11-24"})
    assert len(ten.context["lines"]) == 2
    bad = browser.get(reverse(COPIES), {"period": "custom", "from": "2026-11-24", "to": "2026-11-01"})
    assert bad.status_code == 200 and "시작일과 종료일을 확인해 주세요" in bad.content.decode()


def test_a_number_is_posted_and_stands_in_no_address(browser: Client, world: Order) -> None:
    """X2: and its key finds nothing in another browser."""
    answer = browser.post(reverse("storefront:copies_find"), {"phone": "010-2003-0001", "only": "failed"})
    assert (
        answer.status_code == 302 and "2003" not in answer["Location"] and "only=failed" in answer["Location"]
    )
    page = browser.get(answer["Location"])
    assert len(page.context["lines"]) == 1 and "01020030001" not in page.content.decode()
    assert len(browser.get(page.context["sheet"]).getvalue()) > 1_000
    wrong = browser.post(reverse("storefront:copies_find"), {"phone": "12"}, follow=True)
    assert "이메일을 끝까지 넣어 주세요" in wrong.content.decode()


def test_a_key_and_an_order_of_somebody_else_find_nothing(
    browser: Client, signed_in: Callable[[Member], Client], world: Order
) -> None:
    """M7"""
    key = browser.post(reverse("storefront:copies_find"), {"phone": "01020030001"})["Location"]
    stranger = signed_in(given.company().owner)
    for address in (key, reverse(COPIES) + f"?order={world.public_id}", reverse(COPIES)):
        assert stranger.get(address).context["lines"] == []


def test_the_sheet_is_the_list_masked(browser: Client, world: Order) -> None:
    """O11, M7"""
    answer = browser.get(reverse("storefront:copies_sheet"), {"only": "delivered"})
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert header[-2:] == ["주문", "보낸 때"] and len(rows) == 2
    assert {row[-2] for row in rows} == {world.public_id} and all("****" in str(row[2]) for row in rows)


def test_the_list_asks_the_same_questions_for_one_row_and_for_many(
    signed_in: Callable[[Member], Client], browser: Client, world: Order, django_assert_num_queries: object
) -> None:
    from tests.storefront.test_history import asked

    single = given.company()
    issued(single, NUMBERS[:1])
    assert asked(signed_in(single.owner), reverse(COPIES)) == asked(browser, reverse(COPIES))
