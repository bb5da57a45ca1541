"""The till page: a key once, then codes. V3"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from seonmul.kit import clock
from seonmul.vouchers import actions, queries
from seonmul.vouchers.models import Redemption, Voucher, WrongCode
from seonmul.vouchers.rules import RedeemRefusal
from tests import chromium
from tests.looking import complaints, faults
from tests.vouchers import shops


def opened(client: Client, product: Any) -> str:
    """A browser into which a shop's key was typed; returns the key."""
    shop = shops.shop(product)
    key = actions.make_shop_key(shop.id, "1번", by=shops.STAFF, at=clock.now())
    assert client.post("/till/key/", {"key": key}).status_code == 302
    return key


def alive(made: tuple[Any, list[str]]) -> tuple[Any, str]:
    product, (code,) = made
    Voucher.objects.update(valid_until=clock.now() + timedelta(days=365))
    return product, code


def number_in(page: str) -> str:
    found = re.search(r'name="number" value="(\w+)"', page)
    assert found
    return found[1]


@pytest.mark.django_db
def test_a_form_sent_twice_takes_once(client: Client) -> None:
    """V3"""
    product, code = alive(shops.money(10_000))
    opened(client, product)
    page = client.post("/till/", {"code": code}).content.decode()
    form = {"code": code, "number": number_in(page), "amount": "3,000"}
    for _ in range(2):
        assert client.post("/till/redeem/", form).status_code == 302
    assert Voucher.objects.get().rest_won == 7_000 and Redemption.objects.count() == 1
    page = client.post("/till/redeem/", form | {"number": "x", "amount": "7,001"}).content.decode()
    assert "남은 금액은 7,000원" in page and Voucher.objects.get().rest_won == 7_000
    page = client.post("/till/redeem/", form | {"number": "y", "amount": "삼천"}).content.decode()
    assert "숫자로 적어 주세요" in page
    client.post("/till/cancel/", {"approval": Redemption.objects.get().public_id})
    assert Voucher.objects.get().rest_won == 10_000


@pytest.mark.django_db
def test_what_was_typed_stays_after_a_no_and_a_wrong_code_counts_once(client: Client) -> None:
    """V3"""
    product, code = alive(shops.money(10_000))
    opened(client, product)
    wrong = "1234 5678 9012 3456"
    page = client.post("/till/", {"code": wrong})
    assert page.status_code == 422 and f'value="{wrong}"' in page.content.decode()
    assert WrongCode.objects.count() == 1
    page = client.post("/till/redeem/", {"code": wrong, "number": "1"})
    assert page.status_code == 422 and f'value="{wrong}"' in page.content.decode()
    assert RedeemRefusal.UNKNOWN.sentence in page.content.decode() and WrongCode.objects.count() == 2
    for typed in ("70,001", "삼천"):
        page = client.post("/till/redeem/", {"code": code, "number": "2", "amount": typed})
        assert page.status_code == 422 and f'name="amount" value="{typed}"' in page.content.decode()
    assert WrongCode.objects.count() == 2 and 'value=""' in client.get("/till/").content.decode()


@pytest.mark.django_db
def test_without_a_key_or_with_a_revoked_one_nothing_opens(client: Client) -> None:
    """V3"""
    product, code = alive(shops.goods())
    assert "매장 열쇠" in client.get("/till/").content.decode()
    assert client.post("/till/key/", {"key": "shop_wrong"}).status_code == 422
    key = opened(client, product)
    assert key not in str(dict(client.session.items()))
    shop = queries.shop_by_key(key)
    assert shop and "교환하기" in client.post("/till/", {"code": code}).content.decode()
    (row,) = queries.keys_of(shop.id)
    actions.revoke_shop_key(shop.id, row.public_id, by=shops.STAFF, at=clock.now())
    assert "매장 열쇠" in client.get("/till/").content.decode()
    client.post("/till/redeem/", {"code": code, "number": "1"})
    assert Voucher.objects.get().state == "issued"


@pytest.fixture
def ready(live_server: Any) -> Iterator[tuple[Page, str, str]]:
    """Rows before the browser: Playwright runs a loop, beside which Django will not ask the database."""
    product, code = alive(shops.money(10_000))
    key = actions.make_shop_key(shops.shop(product).id, "1번", by=shops.STAFF, at=clock.now())
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield browser.new_context(base_url=live_server.url, locale="ko-KR").new_page(), key, code
        browser.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_shop_without_software_takes_a_voucher_with_a_thumb(ready: tuple[Page, str, str]) -> None:
    """V3, X4"""
    page, key, code = ready
    said, wrong = complaints(page), []
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/till/")
    wrong += faults(page, said, "till_key")
    page.get_by_label("매장 열쇠").fill(key)
    page.get_by_role("button", name="시작하기").click()
    page.get_by_label("쿠폰 번호").fill("1111")
    page.get_by_role("button", name="조회하기").click()
    expect(page.get_by_text("없는 쿠폰 번호입니다")).to_be_visible()
    page.get_by_label("쿠폰 번호").fill(code)
    page.get_by_role("button", name="조회하기").click()
    expect(page.get_by_text("10,000원")).to_be_visible()
    wrong += faults(page, said, "till_voucher")
    page.get_by_label("사용할 금액").fill("4,000")
    page.get_by_role("button", name="교환하기").click()
    expect(page.get_by_text("교환했습니다")).to_be_visible()
    wrong += faults(page, said, "till_done")
    page.get_by_role("button", name="교환 취소", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="교환 취소하기").click()
    expect(page.get_by_text("교환을 취소했습니다")).to_be_visible()
    wrong += faults(page, said, "till_cancelled")
    assert not wrong, "\n".join(wrong)


#: A detector as phones with Android have one: it sees the code once the camera's picture moves.
DETECTOR = """window.BarcodeDetector = class {
  constructor(wanted) { window.wanted = wanted.formats; }
  async detect(eye) { return eye.videoWidth && eye.currentTime > 0 ? [{rawValue: "%s"}] : []; }
};"""
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def seeing(live_server: Any) -> Iterator[tuple[Page, str, str]]:
    """The same with a camera."""
    product, code = alive(shops.money(10_000))
    key = actions.make_shop_key(shops.shop(product).id, "1번", by=shops.STAFF, at=clock.now())
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium.path(), args=[*chromium.ARGUMENTS, *FAKE_CAMERA]
        )
        page = browser.new_context(base_url=live_server.url, locale="ko-KR").new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        yield page, key, code
        browser.close()


def enter(page: Page, key: str) -> None:
    page.goto("/till/")
    page.get_by_label("매장 열쇠").fill(key)
    page.get_by_role("button", name="시작하기").click()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_phones_camera_reads_the_code_and_looks_it_up(seeing: tuple[Page, str, str]) -> None:
    """V3: a real stream (Chromium's fake device) and a detector in place of Android's; the camera is let go afterwards."""
    page, key, code = seeing
    said = complaints(page)
    page.add_init_script(DETECTOR % code)
    page.add_init_script("""const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wish) => {
          const stream = await open(wish);
          sessionStorage.wish = JSON.stringify(wish);
          for (const track of stream.getTracks()) {
            const stop = track.stop.bind(track);
            track.stop = () => { sessionStorage.stopped = "yes"; stop(); };
          }
          return stream;
        };""")
    enter(page, key)
    expect(page.get_by_text("이 브라우저는 카메라로 코드를 읽지 못해요")).to_be_hidden()
    wrong = faults(page, said, "till_camera")
    page.get_by_role("button", name="카메라로 읽기").click()
    expect(page.get_by_text("10,000원")).to_be_visible()
    expect(page.get_by_role("button", name="교환하기")).to_be_visible()
    assert page.evaluate("sessionStorage.stopped") == "yes"
    assert "environment" in page.evaluate("sessionStorage.wish"), "the camera at the back"
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_that_reads_no_codes_or_opens_no_camera_says_what_to_do(
    seeing: tuple[Page, str, str],
) -> None:
    """V3: an iPhone has no detector; a camera may be refused. The digits are typed."""
    page, key, code = seeing
    said = complaints(page)
    page.add_init_script("delete window.BarcodeDetector")
    enter(page, key)
    expect(
        page.get_by_text("이 브라우저는 카메라로 코드를 읽지 못해요. 바코드 아래 번호를 적어 주세요")
    ).to_be_visible()
    expect(page.get_by_role("button", name="카메라로 읽기")).to_be_hidden()
    wrong = faults(page, said, "till_without_camera")
    page.add_init_script(DETECTOR % code)
    page.add_init_script("navigator.mediaDevices.getUserMedia = async () => { throw new Error('refused'); }")
    page.goto("/till/")
    page.get_by_role("button", name="카메라로 읽기").click()
    expect(page.get_by_text("카메라를 열지 못했어요")).to_be_visible()
    expect(page.get_by_label("쿠폰 번호")).to_be_focused()
    wrong += faults(page, said, "till_camera_refused")
    assert not wrong, "\n".join(wrong)
