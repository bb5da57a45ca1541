"""The catalogue at the console: found, edited, and seen as both lists show it before it is saved. C1, C2, M3"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.catalog import queries
from seonmul.catalog.models import Offer, Product
from seonmul.catalog.rules import EditRefusal
from tests import given
from tests.backoffice.conftest import asked

pytestmark = pytest.mark.django_db
PRODUCTS = reverse("backoffice:products")


def url(code: str = "COFFEE", name: str = "product") -> str:
    return reverse(f"backoffice:{name}", args=[code])


def typed(code: str = "COFFEE", **changes: Any) -> dict[str, Any]:
    """The form of a product as a browser sends it: unticked boxes are not there."""
    product = queries.product(code)
    assert product is not None
    state = queries.as_it_is(product)
    fields: dict[str, Any] = {
        "seen": queries.version_of(state), "name": state.name, "notes": state.notes,
        "copies_most": state.copies_most, "is_sold_out": state.is_sold_out,
        "is_gift_certificate": state.is_gift_certificate, "channels": list(state.channels),
        "supplier": state.supplier, "on_sale_from": state.on_sale_from or "",
        "on_sale_to": state.on_sale_to or "", "substitute": state.substitute,
    }  # fmt: skip
    for list_, offer in state.offers.items():
        fields[f"{list_}_is_shown"] = offer.is_shown
        fields[f"{list_}_price_won"] = f"{offer.price_won:,}"
        fields[f"{list_}_validity_days"] = offer.validity_days
        fields[f"{list_}_cancel_days"] = offer.cancel_days
    return {name: value for name, value in (fields | changes).items() if value is not False}


def test_a_product_is_edited_and_its_history_is_told(console: Callable[[str], Client]) -> None:
    given.product("COFFEE")
    client = console("catalogue")
    answer = client.post(url(), typed(corporate_price_won="4,300", general_is_shown=False))
    assert answer["Location"] == url()
    page = client.get(url()).content.decode()
    assert (
        "저장했습니다." in page
        and "기업회원가 4,500원 → 4,300원" in page
        and "일반 보이기 예 → 아니요" in page
    )
    assert dict(Offer.objects.values_list("list", "is_shown")) == {"general": False, "corporate": True}
    client.post(url(), typed())
    assert "바뀐 것이 없습니다." in client.get(url()).content.decode()


def test_the_preview_shows_both_lists_and_saves_nothing(console: Callable[[str], Client]) -> None:
    given.product("COFFEE")
    client = console("catalogue")
    wanted = typed(corporate_price_won="4,100", name="콜드브루", general_is_shown=False, is_sold_out="on")
    page = client.post(url(name="preview"), wanted).content.decode()
    general, corporate = page.split("<section")[1:]
    assert "보이지 않아요" in general and "4,100원" not in general
    assert "4,100원" in corporate and "콜드브루" in corporate and "품절" in corporate
    assert "<html" not in page
    assert Product.objects.get().name == "아이스 아메리카노"
    half = client.post(url(name="preview"), typed(corporate_price_won="")).content.decode()
    assert "4,500원" in half


def test_how_and_when_it_is_sold_is_edited_and_previewed(console: Callable[[str], Client]) -> None:
    """C1, C2"""
    given.product("COFFEE")
    given.product("TEA")
    client = console("catalogue")
    wanted = typed(
        channels=["lms"],
        on_sale_from="2026-12-01",
        on_sale_to="2026-12-24",
        substitute="TEA",
        is_sold_out="on",
    )
    preview = client.post(url(name="preview"), wanted).content.decode()
    assert "2026.12.01 ~ 2026.12.24" in preview and "대체 상품 TEA" in preview and "LMS, SMS" not in preview
    assert client.post(url(), wanted).status_code == 302
    page = client.get(url()).content.decode()
    assert "보내는 방법 lms, mms, sms, mail → lms" in page and 'value="2026-12-24"' in page
    for wrong, why in (
        ({"channels": []}, EditRefusal.CHANNELS), ({"substitute": "COFFEE"}, EditRefusal.SUBSTITUTE), ({"on_sale_to": "2026-11-30"}, EditRefusal.SALE_DAYS),
    ):  # fmt: skip
        answer = client.post(url(), typed(**wrong))
        assert answer.status_code == 422 and why.sentence in answer.content.decode()


def test_what_is_refused_stays_typed(console: Callable[[str], Client]) -> None:
    given.product("COFFEE")
    client = console("catalogue")
    declined = client.post(url(), typed(general_price_won="50"))
    assert declined.status_code == 422
    sentence = EditRefusal.PRICE.sentence.format(least=100, most=1_000_000)
    assert sentence in declined.content.decode() and 'value="50"' in declined.content.decode()
    unread = client.post(url(), typed(general_validity_days="many"))
    assert unread.status_code == 422 and 'value="many"' in unread.content.decode()
    stale = client.post(url(), typed(seen="0" * 16))
    assert EditRefusal.CHANGED.sentence in stale.content.decode()
    assert Offer.objects.filter(price_won=4_500, validity_days=93).count() == 2


def test_others_look_at_products_and_change_none(console: Callable[[str], Client]) -> None:
    given.product("COFFEE")
    client = console("support")
    page = client.get(url()).content.decode()
    assert "4,500원" in page and "저장하기" not in page
    assert client.post(url(), typed(name="내 것")).status_code == 403
    assert Product.objects.get().name == "아이스 아메리카노"


def test_the_list_finds_and_narrows(console: Callable[[str], Client]) -> None:
    given.product("COFFEE")
    given.product("CARD", is_gift_certificate=True)
    client = console("catalogue")
    page = client.get(PRODUCTS, {"only": "certificates"}).content.decode()
    assert url("CARD") in page and url("COFFEE") not in page
    assert url("COFFEE") in client.get(PRODUCTS, {"q": "coffee", "only": "?"}).content.decode()
    assert "조건에 맞는 상품이 없어요" in client.get(PRODUCTS, {"q": "없는"}).content.decode()
    assert client.get(url("NONE")).status_code == 404


def test_three_products_ask_no_more_than_one(console: Callable[[str], Client]) -> None:
    client = console("catalogue")
    given.product()
    one = asked(client, PRODUCTS)
    given.product()
    given.product()
    assert asked(client, PRODUCTS) == one
