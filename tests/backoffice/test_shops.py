"""Shops at the console. V3"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.vouchers import queries
from seonmul.vouchers.models import Shop, ShopKey
from tests import given

pytestmark = pytest.mark.django_db


def test_a_shop_is_opened_gets_a_key_once_and_is_stopped(console: Callable[[str], Client]) -> None:
    """V3"""
    client, brand = console("catalogue"), given.product().brand
    wish = {"brand": brand.name, "name": "강남점"}
    page = client.post(reverse("backoffice:shops"), wish)["Location"]
    assert "같은 이름의 매장이 있습니다" in client.post(reverse("backoffice:shops"), wish).content.decode()
    answer = client.post(page, {"label": "1번 계산대"})
    key = ShopKey.objects.get()
    text = answer.content.decode()
    secret = text.split('id="shop-secret">')[1].split("<")[0]
    shop = queries.shop_by_key(secret)
    assert shop and secret not in client.get(page).content.decode() and answer["Cache-Control"]
    assert key.tail in client.get(page).content.decode()
    client.post(reverse("backoffice:shop_switch", args=[shop.public_id]), {"is_open": "0"})
    assert not Shop.objects.get().is_open and "다시 교환하기" in client.get(page).content.decode()
    client.post(reverse("backoffice:shop_key_revoke", args=[shop.public_id, key.public_id]))
    assert queries.shop_by_key(secret) is None
    assert "강남점" in client.get(reverse("backoffice:shops")).content.decode()


def test_whoever_only_looks_finds_no_form_and_changes_nothing(console: Callable[[str], Client]) -> None:
    """B"""
    client, brand = console("support"), given.product().brand
    page = client.get(reverse("backoffice:shops"))
    assert page.status_code in (200, 403)
    client.post(reverse("backoffice:shops"), {"brand": brand.name, "name": "강남점"})
    assert not Shop.objects.exists()
