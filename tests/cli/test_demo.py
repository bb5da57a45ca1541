"""The demo: loaded once, the same on every machine, and good enough to try the whole site with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import Brand, Category, List, Offer, Product, ProductKind
from seonmul.catalog.queries import Search
from seonmul.catalog.rules import why_not_buy
from seonmul.cli import demo, demo_products
from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.models import SenderNumber
from seonmul.gifts.models import Gift
from seonmul.ledger.models import Account, Kind, Transfer
from seonmul.members import actions as members_do
from seonmul.members import queries as members
from seonmul.members.models import Member, SpendMethod
from seonmul.members.rules import Purpose
from seonmul.ui import pictures
from seonmul.vouchers import queries as vouchers
from tests import given
from tests.given import MONDAY
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db


def member(login: str) -> Member:
    return Member.objects.get(login=login)


def cash_of(login: str) -> int:
    buyer = members.buyer_of(member(login))
    assert buyer is not None
    return Account.objects.get(owner=str(buyer.id), kind=Kind.CASH).balance_won


def test_every_login_opens_with_the_password_that_is_printed() -> None:
    printed = demo.load(at=MONDAY)
    assert [login.login for login in printed] == [
        "operator", "minsu", "hanbit", "hanbit-buyer", "hanbit-approver", "daon",
    ]  # fmt: skip
    for login in printed:
        assert len(login.password) >= 10
        assert authenticate(username=login.login, password=login.password) == member(login.login)
    assert member("operator").is_staff and members.buyer_of(member("operator")) is None
    assert [login.login for login in printed if members.may_buy(member(login.login))] == [
        "minsu", "hanbit", "hanbit-buyer", "daon",
    ]  # fmt: skip


def test_a_second_load_changes_nothing() -> None:
    demo.load(at=MONDAY)
    before = [model.objects.count() for model in (Member, Product, Offer, SenderNumber, Transfer)]
    assert demo.load(at=MONDAY + timedelta(days=1)) == demo.logins()
    assert [model.objects.count() for model in (Member, Product, Offer, SenderNumber, Transfer)] == before
    assert cash_of("hanbit") == 50_000_000


def test_money_and_sender_numbers() -> None:
    demo.load(at=MONDAY)
    assert cash_of("hanbit") == 50_000_000
    assert cash_of("daon") == 5_000_000
    for login, wanted in {"hanbit": ["15770000", "0232140000"], "daon": ["16440000"], "minsu": []}.items():
        buyer = members.buyer_of(member(login))
        assert buyer is not None
        assert [sender.digits for sender in dispatch.senders_of(buyer.id, buyer.id)] == wanted
    hanbit = members.buyer_of(member("hanbit"))
    assert hanbit == members.buyer_of(member("hanbit-buyer")) == members.buyer_of(member("hanbit-approver"))


def test_hanbit_may_pay_by_payment_password_but_is_asked_for_a_phone_code() -> None:
    demo.load(at=MONDAY)
    hanbit = member("hanbit")
    assert hanbit.spend_method == SpendMethod.PHONE_CODE
    (password,) = (login.payment_password for login in demo.logins() if login.login == "hanbit")
    assert members_do.enter_payment_password(
        hanbit.id, Purpose("demo", 4_300, 1), password, device=given.device(hanbit), at=MONDAY
    )


def test_sixty_products_of_twelve_brands_on_both_lists() -> None:
    demo.load(at=MONDAY)
    assert Product.objects.count() == 60
    assert Brand.objects.filter(products__isnull=False).distinct().count() == 12
    assert [(c.name, c.products.count()) for c in Category.objects.all()] == [
        (name, 10) for name in demo_products.CATEGORIES.values()
    ]
    assert set(Product.objects.values_list("picture", flat=True)) <= set(pictures.KINDS)
    for product in Product.objects.prefetch_related("offers"):
        offers = {offer.list: offer for offer in product.offers.all()}
        assert 0 < offers[List.CORPORATE].price_won < offers[List.GENERAL].price_won
        assert offers[List.GENERAL].validity_days == (93 if product.supplier == "external" else 366)
        assert offers[List.CORPORATE].validity_days in (31, 93)


def test_the_products_that_everybody_speaks_of() -> None:
    demo.load(at=MONDAY)
    coffee = Product.objects.get(code="AMERICANO-ICE")
    assert (coffee.kind, coffee.copies_most, coffee.is_gift_certificate) == (ProductKind.GOODS, 5, False)
    assert Product.objects.get(code="TOAST-SINGLE").copies_most == 1
    offer = catalog.offer(List.CORPORATE, "GIFT-50000")
    assert offer is not None and offer.product.is_gift_certificate
    assert offer.product.face_value_won == 50_000
    assert why_not_buy(catalog.facts(offer), is_company=True, at=MONDAY) is None


def test_search_finds_words_however_they_are_joined() -> None:
    demo.load(at=MONDAY)
    found = catalog.offers(List.GENERAL, Search(words="달무리 아메리카노"))
    assert "AMERICANO-ICE" in [offer.product.code for offer in found.rows]
    assert catalog.offers(List.GENERAL, Search()).rows[0].product.code == "AMERICANO-ICE"


def test_codes_from_outside_are_there_and_an_order_of_each_is_sent(carrier: Outside) -> None:
    """C3, X1: one product of a pool, one of the external issuer."""
    demo.load(at=MONDAY)
    given.worked(only="vouchers")
    pooled, external = Product.objects.exclude(supplier="own").order_by("-supplier")
    assert (pooled.code, external.code) == ("MOVIE-ONE", "OMIJA-ADE")
    assert vouchers.stock(pooled.id, MONDAY.date()).free == 3_000
    goods = vouchers.goods_of(external.id)
    assert goods is not None and goods.is_on_sale and goods.days == 93
    hanbit = member("hanbit")
    buyer = members.buyer_of(hanbit)
    assert buyer is not None
    firm = given.Company(buyer, hanbit, member("hanbit-approver"))
    for product in (pooled, external):
        given.placed(firm, given.numbers(2), product, sender="15770000")
    given.worked()
    assert Gift.objects.filter(voucher__state="issued").count() == 4
    assert len(carrier.inside("GET", "messages")) == 4
