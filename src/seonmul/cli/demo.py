"""Demo data, the same on every machine: logins, companies with cash, sender numbers, the catalogue.

Passwords stand here openly, since only the demo loads them; `seonmul up` prints them at the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from seonmul.catalog.models import Brand, Category, List, Offer, Product, ProductKind, Supplier
from seonmul.catalog.rules import CHANNELS, MAIL, search_text
from seonmul.cli import demo_products
from seonmul.dispatch import actions as dispatch
from seonmul.ledger import actions as ledger
from seonmul.members import actions as members
from seonmul.members.models import Buyer, BuyerKind, Member, Role, Staff, StaffRole
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import CheckDigit


@dataclass(frozen=True)
class Login:
    """A way in, for whoever tries the demo. `about`: who that is, in Korean."""

    login: str
    password: str
    about: str
    name: str
    phone: str
    buyer: str = ""
    role: Role = Role.OWNER
    payment_password: str = ""

    @property
    def mail(self) -> str:
        """Its address, in a domain that nobody can own."""
        return f"{self.login}@{self.buyer or 'seonmul'}.example"


@dataclass(frozen=True)
class Party:
    """A buyer of the demo with its cash and the numbers it sends from."""

    kind: BuyerKind
    name: str
    business_number: str = ""
    cash_won: int = 0
    senders: tuple[tuple[str, str], ...] = ()


BUYERS = {
    "hanbit": Party(
        BuyerKind.COMPANY,
        "주식회사 한빛테크",
        "9998800014",
        50_000_000,
        (("15770000", "대표번호"), ("0232140000", "인사팀")),
    ),
    "daon": Party(BuyerKind.COMPANY, "다온상사", "9998800028", 5_000_000, (("16440000", "고객센터"),)),
    "minsu": Party(BuyerKind.PERSON, "김민수"),
}

LOGINS = [
    Login("operator", "demo-operator-2026", "운영 담당자", "오세영", "01020010001"),
    Login("minsu", "demo-minsu-2026", "일반회원", "김민수", "01020020001", "minsu"),
    Login(
        "hanbit", "demo-hanbit-2026", "기업회원 한빛테크 대표 (캐쉬 50,000,000원)", "한지원", "01020030001", "hanbit",
        payment_password="pay-hanbit-2026",  # noqa: S106 - see above
    ),
    Login(
        "hanbit-buyer", "demo-hanbit-buyer-2026", "한빛테크 구매 담당", "정다은", "01020040001", "hanbit",
        Role.BUYER,
    ),
    Login(
        "hanbit-approver", "demo-hanbit-approver-2026", "한빛테크 결재자", "윤태호", "01020050001", "hanbit",
        Role.APPROVER,
    ),
    Login("daon", "demo-daon-2026", "기업회원 다온상사 대표 (캐쉬 5,000,000원)", "서하늘", "01020060001", "daon"),
]  # fmt: skip

MARKER = "hanbit"


def logins() -> list[Login]:
    """The demo's ways in, in the order in which to print them."""
    return list(LOGINS)


@transaction.atomic
def load(*, at: datetime) -> list[Login]:
    """Load the demo once: where its members exist already, nothing is changed. Returns its ways in."""
    if not Member.objects.filter(login=MARKER).exists():
        buyers = {key: _buyer(key, party, at) for key, party in BUYERS.items()}
        for login in LOGINS:
            _member(login, buyers, at)
        _catalogue(at)
    return logins()


def _buyer(key: str, party: Party, at: datetime) -> Buyer:
    buyer = members.make_buyer(party.kind, party.name, business_number=party.business_number, at=at)
    if party.cash_won:
        ledger.charge(buyer.id, party.cash_won, cause=f"demo:{key}", at=at)
    for place, (digits, label) in enumerate(party.senders):
        # one after the other, so that the first stays the first in every list
        dispatch.register_sender(buyer.id, digits, label=label, at=at + timedelta(microseconds=place))
    return buyer


def _member(login: Login, buyers: dict[str, Buyer], at: datetime) -> None:
    member = members.make_member(
        login.login,
        login.password,
        login.name,
        phone=login.phone,
        mail=login.mail,
        at=at,
        buyer=buyers.get(login.buyer),
        role=login.role,
        is_staff=not login.buyer,
    )
    if not login.buyer:
        Staff.objects.create(member=member, role=StaffRole.SUPER)
    if login.payment_password:
        members.set_payment_password(member.id, login.payment_password, at=at)


def _catalogue(at: datetime) -> None:
    shelves = {
        slug: Category(slug=slug, name=name, position=place)
        for place, (slug, name) in enumerate(demo_products.CATEGORIES.items())
    }
    Category.objects.bulk_create(shelves.values())
    brands = {name: Brand(name=name, shops=shops) for name, shops in demo_products.BRANDS.items()}
    Brand.objects.bulk_create(brands.values())
    items = demo_products.items()
    products = Product.objects.bulk_create(
        _product(item, brands[item.brand], shelves[item.category], at - timedelta(days=place))
        for place, item in enumerate(items)
    )
    Offer.objects.bulk_create(
        offer for product, item in zip(products, items, strict=True) for offer in _offers(product, item)
    )
    for product, item in zip(products, items, strict=True):
        _stock(product, item, at)


def _stock(product: Product, item: demo_products.Item, at: datetime) -> None:
    """Bring codes from outside, and name what an external issuer sells."""
    by = Member.objects.get(login="operator").id
    if item.supplier == Supplier.POOL:
        vouchers.set_pool(product.id, scheme=CheckDigit.EAN, low_below=None, by=by, at=at)
        vouchers.import_codes(product.id, demo_products.pool_sheet(), "별마루극장 2026-11.csv", by=by, at=at)
    if item.supplier == Supplier.EXTERNAL:
        vouchers.set_goods(product.id, demo_products.GOODS_CODE, by=by, at=at)


def _product(item: demo_products.Item, brand: Brand, category: Category, added_at: datetime) -> Product:
    kind = ProductKind.AMOUNT if item.is_amount else ProductKind.GOODS
    return Product(
        code=item.code,
        name=item.name,
        search_text=search_text(item.brand, item.name),
        kind=kind,
        brand=brand,
        category=category,
        face_value_won=item.general_won,
        picture=item.picture,
        notes=demo_products.NOTES[kind.value],
        is_gift_certificate=item.is_gift_certificate,
        copies_most=item.copies_most,
        sold=item.sold,
        supplier=item.supplier,
        # what is near to cash goes to a phone alone, whose owner a carrier knows
        channels=[one for one in CHANNELS if one != MAIL] if item.is_gift_certificate else list(CHANNELS),
        added_at=added_at,
    )


def _offers(product: Product, item: demo_products.Item) -> list[Offer]:
    # an external issuer's codes hold as long as it says, on both lists
    general_days = item.corporate_days if item.supplier == Supplier.EXTERNAL else demo_products.GENERAL_DAYS
    prices = {
        List.GENERAL: (item.general_won, general_days),
        List.CORPORATE: (item.corporate_won, item.corporate_days),
    }
    return [
        Offer(product=product, list=list_, price_won=price, validity_days=days)
        for list_, (price, days) in prices.items()
    ]
