"""Editing a product and its two offers. C1, M3"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from seonmul.audit import queries as audit
from seonmul.catalog import actions, queries
from seonmul.catalog.models import List, Offer, Product
from seonmul.catalog.rules import EditRefusal, OfferWanted, ProductWanted, why_not_edit
from seonmul.kit.refusals import Refused
from tests import given
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


def state(code: str) -> ProductWanted:
    product = queries.product(code)
    assert product is not None
    return queries.as_it_is(product)


def with_offer(now: ProductWanted, list_: str, **changes: object) -> ProductWanted:
    return replace(now, offers={**now.offers, list_: replace(now.offers[list_], **changes)})


def test_a_new_price_on_one_list_leaves_the_other_alone_and_is_remembered() -> None:
    product = given.product("COFFEE")
    now = state("COFFEE")
    wanted = with_offer(now, "corporate", price_won=4_300, validity_days=60)
    changed = actions.edit("COFFEE", wanted, seen=queries.version_of(now), by="staff-1", at=MONDAY)
    assert changed == ["corporate.price_won", "corporate.validity_days"]
    prices = dict(Offer.objects.filter(product=product).values_list("list", "price_won"))
    assert prices == {"general": 4_500, "corporate": 4_300}
    (act,) = audit.acts_on(product.id)
    assert (act.verb, act.by, act.acted_at) == ("product_edited", "staff-1", MONDAY)
    assert act.facts["changes"] == {
        "corporate.price_won": [4_500, 4_300], "corporate.validity_days": [93, 60],
    }  # fmt: skip


def test_a_new_name_is_found_and_an_offer_can_be_hidden() -> None:
    given.product("COFFEE")
    now = state("COFFEE")
    wanted = with_offer(replace(now, name=" 콜드브루 ", notes="빨대 없음"), "general", is_shown=False)
    actions.edit("COFFEE", wanted, seen=queries.version_of(now), by="staff-1", at=MONDAY)
    assert queries.offer(List.GENERAL, "COFFEE") is None
    (found,) = queries.offers(List.CORPORATE, queries.Search(words="콜드브루")).rows
    assert found.product.name == "콜드브루" and found.product.notes == "빨대 없음"
    assert audit.acts_on(found.product_id)[0].facts["changes"]["notes"] == [0, 5]


def test_nothing_changed_is_nothing_recorded() -> None:
    product = given.product("COFFEE")
    now = state("COFFEE")
    assert actions.edit("COFFEE", now, seen=queries.version_of(now), by="staff-1", at=MONDAY) == []
    assert audit.acts_on(product.id) == []


def test_the_second_of_two_editors_is_told_and_overwrites_nothing() -> None:
    given.product("COFFEE")
    now = state("COFFEE")
    seen = queries.version_of(now)
    actions.edit("COFFEE", replace(now, is_sold_out=True), seen=seen, by="staff-1", at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.edit("COFFEE", replace(now, copies_most=1), seen=seen, by="staff-2", at=MONDAY)
    assert refused.value.no.why is EditRefusal.CHANGED
    product = Product.objects.get(code="COFFEE")
    assert product.is_sold_out and product.copies_most == 5


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "  "}, EditRefusal.NO_NAME),
        ({"name": "가" * 81}, EditRefusal.LONG_NAME),
        ({"notes": "가" * 2_001}, EditRefusal.LONG_NOTES),
        ({"copies_most": 0}, EditRefusal.COPIES),
        ({"copies_most": 6}, EditRefusal.COPIES),
        ({"offers": {"general": OfferWanted(True, 99, 93)}}, EditRefusal.PRICE),
        ({"offers": {"corporate": OfferWanted(True, 1_000_001, 93)}}, EditRefusal.PRICE),
        ({"offers": {"corporate": OfferWanted(True, 4_500, 0)}}, EditRefusal.VALIDITY),
        ({"offers": {"corporate": OfferWanted(True, 4_500, 93, 366)}}, EditRefusal.CANCEL),
        ({"channels": ()}, EditRefusal.CHANNELS),
        ({"channels": ("lms", "fax")}, EditRefusal.CHANNELS),
        ({"supplier": "somebody"}, EditRefusal.SUPPLIER),
        ({"on_sale_from": date(2026, 12, 2), "on_sale_to": date(2026, 12, 1)}, EditRefusal.SALE_DAYS),
        ({"offers": {"general": OfferWanted(False, 4_500, 1_826)}}, EditRefusal.VALIDITY),
    ],
)
def test_what_a_product_may_not_become(changes: dict[str, object], why: EditRefusal) -> None:
    fine = ProductWanted("커피", "", 5, False, False, {"general": OfferWanted(True, 4_500, 93)})
    assert why_not_edit(fine, is_current=True) is None
    no = why_not_edit(replace(fine, **changes), is_current=True)
    assert no is not None and no.why is why


def test_how_and_when_it_is_sold_is_kept_and_remembered() -> None:
    """C1"""
    product, other = given.product("COFFEE"), given.product("TEA")
    now = state("COFFEE")
    wanted = replace(
        now, channels=("lms",), on_sale_from=date(2026, 12, 1), on_sale_to=date(2026, 12, 1), substitute="TEA"
    )
    actions.edit("COFFEE", wanted, seen=queries.version_of(now), by="staff-1", at=MONDAY)
    product.refresh_from_db()
    assert (product.channels, product.substitute, product.supplier) == (["lms"], other, "own")
    assert state("COFFEE") == wanted
    changes = audit.acts_on(product.id)[0].facts["changes"]
    assert changes["channels"] == ["lms, mms, sms, mail", "lms"] and changes["substitute"] == ["", "TEA"]
    assert changes["on_sale_from"] == ["", "2026-12-01"]


@pytest.mark.parametrize("code", ["COFFEE", "NONE"])
def test_a_substitute_is_another_product_that_is_there(code: str) -> None:
    """C1"""
    given.product("COFFEE")
    now = state("COFFEE")
    with pytest.raises(Refused) as refused:
        actions.edit(
            "COFFEE", replace(now, substitute=code), seen=queries.version_of(now), by="staff-1", at=MONDAY
        )
    assert refused.value.no.why is EditRefusal.SUBSTITUTE


def test_staff_find_hidden_products_by_name_code_and_shelf() -> None:
    given.product("SHOWN")
    hidden = given.product("HIDDEN", is_sold_out=True)
    Offer.objects.filter(product=hidden).update(is_shown=False)
    given.product("CARD", is_gift_certificate=True, supplier="pool")
    found = {only: [p.code for p in queries.products_page(only=only).rows] for only in queries.SHELVES}
    assert found == {
        "": ["CARD", "HIDDEN", "SHOWN"], "hidden": ["HIDDEN"], "sold_out": ["HIDDEN"], "certificates": ["CARD"],
        "pools": ["CARD"],
    }  # fmt: skip
    assert [p.code for p in queries.products_page("아메리카노 hidden").rows] == ["HIDDEN"]
    first = queries.products_page(limit=2)
    assert [p.code for p in queries.products_page(after=first.after, limit=2).rows] == ["SHOWN"]


def test_a_list_without_an_offer_shows_nothing_until_it_gets_one() -> None:
    product = given.product("COFFEE")
    Offer.objects.filter(product=product, list=List.GENERAL).delete()
    now = state("COFFEE")
    assert not now.offers["general"].is_shown
    wanted = with_offer(now, "general", is_shown=True, price_won=5_000)
    actions.edit("COFFEE", wanted, seen=queries.version_of(now), by="staff-1", at=MONDAY)
    offer = queries.offer(List.GENERAL, "COFFEE")
    assert offer is not None and offer.price_won == 5_000
