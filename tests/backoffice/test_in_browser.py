"""The console in a real browser: two keys decide, the list stays fresh, every page fits and can be read. B, X4"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from seonmul.backoffice import queue, urls
from seonmul.catalog.models import Product
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import SenderNumber
from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members.models import Conversion, ConversionKind, HandoverWay
from seonmul.orders.models import Order
from seonmul.payments import actions as payments
from seonmul.vouchers import actions as vouchers
from tests import chromium, given
from tests.backoffice import test_money as money
from tests.backoffice.conftest import at_console, staff_member
from tests.backoffice.test_claims import claim
from tests.backoffice.test_doubts import doubt
from tests.backoffice.test_number_panel import inquiry as number_inquiry
from tests.given import Company
from tests.house.source import nothing_wrong
from tests.house.test_routes import routes
from tests.looking import complaints, faults
from tests.members.handing import asked, proved
from tests.orders import certificates
from tests.sandbox.outside import Outside
from tests.vouchers import codes
from tests.walking import left_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
#: Routes of the console that are no pages of their own.
NOT_WALKED = {
    "/console/waiting/": "the list alone, as it stands beside a matter",
    "/console/waiting/<slug:kind>/<slug:public_id>/paper/": "a file",
    "/console/inquiries/<slug:public_id>/files/<slug:code>/": "a file",
    "/console/products/<slug:code>/stock/<slug:public_id>/faults.xlsx": "a file",
    "/console/money/stamp-duty.xlsx": "a file",
    "/console/lookup/*": "one page for every table: members are walked, as its list and one row",
}
FIRMS = {"새솔디자인": "1208147521", "한울회계법인": "2148600016", "도담클리닉": "2208162517"}


def apply(name: str) -> Conversion:
    at, n = clock.now(), list(FIRMS).index(name)
    buyer = members.make_buyer("person", "김민수", at=at)
    person = members.make_member(
        f"minsu{n}0",
        "long-enough-1",
        "김민수",
        phone=given.phone_number(6, n),
        mail=f"m{n}@person.example",
        at=at,
        buyer=buyer,
    )
    return members.apply_for_conversion(
        person, ConversionKind.BUSINESS, company_name=name, business_number=FIRMS[name], representative="김민수",
        opened_on=date(2020, 3, 2), certificate=b"%PDF-1.4", at=at,
    )  # fmt: skip


@pytest.fixture
def seat(live_server: Any) -> tuple[str, str, str]:
    """A seat at a console with three applications and a number: its address, its session, one company's address.

    Named before the browser in every test: Playwright runs a loop, beside which Django will not ask the database.
    """
    for name in FIRMS:
        apply(name)
    company = given.company(at=clock.now())
    dispatch.apply_for_sender(
        company.owner, company.buyer.id, "02-3456-7700", label="고객센터", certificate=b"%PDF-1.4",
        proved_on=clock.seoul_date(clock.now()), at=clock.now(),
    )  # fmt: skip
    given.product("COFFEE")
    session = at_console(staff_member("super")).cookies["sessionid"].value
    return live_server.url, session, str(company.owner.id)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened
        opened.close()


def sit_down(browser: Browser, seat: tuple[str, str, str], width: int = 1280) -> tuple[Page, list[str]]:
    """A page of the console, and what its browser complains of."""
    address, session, _ = seat
    context = browser.new_context(locale="ko-KR", viewport={"width": width, "height": 800})
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page, said = context.new_page(), []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def press(page: Page, key: str) -> None:
    """Press a key once the page listens: its words may be there before its scripts."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def test_two_keys_decide_and_the_next_opens(seat: tuple[str, str, str], browser: Browser) -> None:
    page, said = sit_down(browser, seat)
    page.goto(f"{seat[0]}/console/")
    title = page.locator(".matter-title")
    expect(title).to_contain_text("새솔디자인")
    press(page, "j")
    expect(title).to_contain_text("한울회계법인")
    press(page, "k")
    expect(title).to_contain_text("새솔디자인")
    press(page, "/")
    page.keyboard.type("a")
    expect(page.get_by_role("searchbox")).to_have_value("a")
    expect(page.locator(".waiting")).to_have_count(4)
    page.get_by_role("searchbox").fill("")
    press(page, "Escape")
    press(page, "a")
    expect(page.get_by_text("기업회원으로 승인했습니다.")).to_be_visible()
    expect(title).to_contain_text("한울회계법인")
    press(page, "r")
    page.get_by_role("button", name="휴업 또는 폐업한 사업자입니다.").click()
    expect(page.get_by_label("신청한 분께 전하는 이유")).to_have_value(
        "휴업 또는 폐업한 사업자입니다. 영업 중인 사업자의 증명서로 다시 신청해 주세요."
    )
    press(page, "Control+Enter")
    expect(page.get_by_text("신청을 반려했습니다.")).to_be_visible()
    expect(title).to_contain_text("도담클리닉")
    expect(page.locator("#counts")).to_contain_text("오늘 처리2")
    assert said == [], "the page's policy allows everything that the page does"


def test_a_number_needs_its_box_and_a_letter_ticks_it(seat: tuple[str, str, str], browser: Browser) -> None:
    page, _ = sit_down(browser, seat)
    page.goto(f"{seat[0]}/console/?only=sender")
    press(page, "a")
    expect(page.get_by_role("alert")).to_be_visible()
    press(page, "c")
    press(page, "a")
    expect(page.get_by_text("발신번호를 승인했습니다.")).to_be_visible()
    expect(page.locator(".empty")).to_be_visible()


def test_the_list_stays_fresh_while_a_matter_is_open(seat: tuple[str, str, str], browser: Browser) -> None:
    page, said = sit_down(browser, seat)
    other, _ = sit_down(browser, seat)
    page.clock.install()
    page.goto(f"{seat[0]}/console/")
    expect(page.locator(".waiting")).to_have_count(4)
    other.goto(f"{seat[0]}/console/?only=sender")
    press(other, "r")
    other.get_by_label("신청한 분께 전하는 이유").fill("번호가 다릅니다.")
    press(other, "Control+Enter")
    expect(other.get_by_text("발신번호를 거부했습니다.")).to_be_visible()
    page.clock.fast_forward(21_000)
    expect(page.locator(".waiting")).to_have_count(3)
    expect(page.locator(".waiting[aria-current]")).to_contain_text("새솔디자인")
    expect(page.locator("#counts")).to_contain_text("오늘 처리1")
    assert said == []


@pytest.fixture
def more(seat: tuple[str, str, str], carrier: Outside, issuers: None) -> list[str]:
    """Every page of the console: one matter of each kind, and a row wherever an address names one."""
    firm, at = given.company(at=clock.now()), clock.now()
    members.hold_spending(firm.buyer.id, "takeover", by=staff_member("support"), at=at)
    matters = _matters(firm)
    assert set(matters) == {kind.name for kind in queue.KINDS}, "one of each kind"
    rows = {
        "name": "resend_most", "code": "COFFEE", "member_id": seat[2], "day": clock.seoul_date(at - DAY).isoformat()
    }  # fmt: skip
    pages = [_page(pattern.name or "", rows) for pattern in urls.urlpatterns if _takes(pattern, rows)]
    client = Client()
    client.cookies["sessionid"] = seat[1]
    opened = [one for one in pages if _is_page(client.get(one))]
    arrival = Gift.objects.filter(order=_sent()).earliest("position")
    brand = Product.objects.get(code="COFFEE").brand_id
    shop = vouchers.open_shop(brand, "시청점", by=firm.owner.id, at=at)
    vouchers.make_shop_key(shop.id, "계산대 1", by=firm.owner.id, at=at)
    walked = [
        *opened,
        *(reverse("backoffice:matter", args=one) for one in matters.items()),
        *(reverse("backoffice:account_whole", args=[one, matters[one]]) for one in ("payout", "claim")),
        reverse("backoffice:arrival", args=[arrival.public_id]),
        reverse("backoffice:company", args=[firm.buyer.public_id]),
        reverse("backoffice:shop", args=[shop.public_id]),
        reverse("backoffice:issuer", args=["BC_CARD", "shared"]),
        reverse("backoffice:text", args=["purpose_clients"]),
        *_stock_pages(),
        reverse("admin:index"),
        reverse("admin:members_member_changelist"),
        reverse("admin:members_member_change", args=[firm.owner.id]),
    ]
    ours = [route for route in routes(get_resolver()) if route.address.startswith("/console/")]
    nothing_wrong(left_out(ours, walked, NOT_WALKED, client))
    return walked


def _takes(pattern: URLPattern, rows: dict[str, str]) -> bool:
    return pattern.pattern.converters.keys() <= rows.keys()


def _page(name: str, rows: dict[str, str]) -> str:
    pattern = next(one for one in urls.urlpatterns if one.name == name)
    return reverse(f"backoffice:{name}", kwargs={part: rows[part] for part in pattern.pattern.converters})


def _is_page(answer: Any) -> bool:
    return answer.status_code == 200 and b"<html" in getattr(answer, "content", b"")


def _matters(firm: Company) -> dict[str, str]:
    """The public id of something that waits, by its kind."""
    at, other = clock.now(), given.company(at=clock.now())
    order = certificates.bought(other, 1, at)
    # each of these makes the only copy there is
    inquiry, claimed, paid_claim = number_inquiry(), claim(), claim()
    staff = staff_member("finance")
    gifts.approve_claim(paid_claim.id, is_holder_seen=True, by=staff, at=at)
    hand = money.payout(given.company(at=at))
    payments.approve_payout(hand.id, is_holder_seen=True, by=staff, at=at)
    return {
        "approval": certificates.waiting(order).public_id,
        "inquiry": inquiry.public_id,
        "conversion": Conversion.objects.earliest("applied_at").public_id,
        "sender": SenderNumber.objects.get(state="pending").public_id,
        "handover": proved(asked(firm.approver, way=HandoverWay.CERTIFICATE, at=at), at).public_id,
        "parked": money.paid(other, came=90_000).public_id,
        "refund": money.failed_refund(other).public_id,
        "payout": money.payout(firm).public_id,
        "payout_hand": hand.public_id,
        "claim": claimed.public_id,
        "claim_hand": paid_claim.public_id,
        "left_cash": money.left_cash().public_id,
        "doubt": doubt().public_id,
        "difference": money.difference().public_id,
    }


def _sent() -> Order:
    """An order whose one copy did not arrive."""
    order = given.placed(given.company(at=clock.now()), ["01020003043"], at=clock.now())
    gifts.start(order.id, at=clock.now())
    given.answered()
    return order


def _stock_pages() -> list[str]:
    """A pool with a sheet that has faults, and a product of the external issuer, who does not answer."""
    sheet = codes.bring(
        codes.product(code="POOLED"), codes.csv([*codes.numbers(3), "", "12", *codes.numbers(1)])
    )
    outer = given.product("OUTER", supplier="external")
    vouchers.set_goods(outer.id, "G00000000101", by=codes.STAFF, at=clock.now())
    pages = [("stock", ["POOLED"]), ("stock", ["OUTER"]), ("stock_sheet", ["POOLED", sheet.public_id])]
    return [reverse(f"backoffice:{name}", args=args) for name, args in pages]


def test_every_page_fits_and_can_be_read(
    seat: tuple[str, str, str], more: list[str], browser: Browser
) -> None:
    page, _ = sit_down(browser, seat)
    said, wrong = complaints(page), []
    page.goto(f"{seat[0]}/console/")
    addresses = [
        link.get_attribute("href") or ""
        for link in (page.locator(".waiting").first, page.locator(".waiting").last)
    ]
    addresses.append(page.locator(".lines a[href*='/companies/']").get_attribute("href") or "")
    for address in [*addresses, *more]:
        answer = page.goto(f"{seat[0]}{address}")
        assert answer is not None and answer.status == 200, address
        wrong += faults(page, said, address)
    assert not wrong, "\n".join(wrong)


def test_on_the_phone_a_matter_is_a_page_of_its_own(seat: tuple[str, str, str], browser: Browser) -> None:
    page, _ = sit_down(browser, seat, 360)
    page.goto(f"{seat[0]}/console/")
    assert not page.locator(".matter").is_visible()
    page.locator(".waiting").first.click()
    expect(page.locator(".matter-title")).to_contain_text("새솔디자인")
    expect(page.locator(".queue")).to_be_hidden()
    page.wait_for_load_state()  # without its sheets a button has another height
    button = page.get_by_role("button", name="기업회원으로 승인하기").bounding_box()
    assert button is not None and button["height"] >= 44 and button["y"] + button["height"] <= 800
    page.get_by_role("button", name="기업회원으로 승인하기").click()
    expect(page.locator(".matter-title")).to_contain_text("한울회계법인")
    page.get_by_role("link", name="대기 3건").click()
    expect(page.locator(".waiting")).to_have_count(3)
