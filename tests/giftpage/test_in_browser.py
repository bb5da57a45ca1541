"""The gift page as a phone shows it: bars and square are read from the screen itself. V1, V5"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from django.db import connection
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers.models import Voucher
from tests import chromium, given
from tests.giftpage.test_claiming import bought
from tests.gifts.test_cancelling import sent
from tests.looking import complaints, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gift(live_server: Any) -> tuple[str, str]:
    """A gift that was sent: its address and its code.

    Named before the browser in every test: Playwright runs a loop, beside which Django will not ask the database.
    """
    order = given.placed(given.company(), ["01042070001"], at=clock.now())
    given.worked()
    sent = Gift.objects.select_related("voucher").get(order=order)
    return f"{live_server.url}/g/{gifts_now.link_of(sent)}", vouchers.code_of(sent.voucher)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened
        opened.close()


def read(page: Page) -> set[tuple[str, str]]:
    """What a scanner reads from the screen as it stands, without scrolling."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    return {(found.format.name, found.text) for found in zxingcpp.read_barcodes(picture)}


@pytest.mark.parametrize(
    ("width", "height", "scale", "scheme"),
    [(360, 640, 1, "light"), (360, 640, 1, "dark"), (360, 640, 3, "light"), (1280, 720, 1, "light")],
)
def test_the_code_is_read_from_the_first_screen(
    gift: tuple[str, str], browser: Browser, width: int, height: int, scale: int, scheme: Any
) -> None:
    address, code = gift
    page = browser.new_page(
        locale="ko-KR",
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    digits = page.locator(".gift-code-digits").bounding_box()
    assert digits is not None and digits["y"] + digits["height"] <= height, "the whole code is above the fold"
    assert read(page) == {("Code128", code)}
    bars = page.locator(".gift-code-bars svg").screenshot()
    shades = {shade for _, shade in Image.open(io.BytesIO(bars)).convert("RGB").getcolors() or []}
    assert shades == {(0, 0, 0), (255, 255, 255)}, "black on white, whatever the theme"
    page.get_by_role("radio", name="QR 코드").check()
    assert read(page) == {("QRCode", code)}
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert said == [], "the page's policy allows everything that the page does"


def test_the_buttons_unfold_what_they_name(gift: tuple[str, str], browser: Browser) -> None:
    page = browser.new_page(locale="ko-KR", viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    page.goto(gift[0])
    for button, words in (("사용 방법", "화면 밝기를 올리고"), ("도움이 필요해요", "나에게 온 게 맞나요")):
        answer = page.get_by_text(words)
        assert not answer.is_visible()
        page.get_by_role("link", name=button).click()
        answer.wait_for(state="visible")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_cloth_opens_on_the_first_opening_only(gift: tuple[str, str], browser: Browser) -> None:
    moving = "document.querySelector('.gift-cloth-field').getAnimations().length"
    page = browser.new_page(locale="ko-KR", viewport={"width": 360, "height": 640})
    page.goto(gift[0])
    assert page.evaluate(moving) == 1
    page.goto(gift[0])
    assert page.evaluate(moving) == 0


@pytest.fixture
def faces(live_server: Any) -> list[str]:
    """Gifts that have ended: one that its refund is claimed for, and one that went on to another number."""
    ended = f"{live_server.url}/g/{gifts_now.link_of(bought())}"
    moved = sent(given.company(), 1)
    gift = Gift.objects.get(order=moved)
    old = gifts_now.link_of(gift)
    gifts.change_number(gift.id, "01099990001", subject=uuid4(), by=given.operator(), at=clock.now())
    return [ended, f"{ended}/refund", f"{live_server.url}/g/{old}"]


def test_every_face_fits_and_can_be_read(faces: list[str], browser: Browser) -> None:
    """V4, V5, X4: ended, its refund with the code that proves the phone, replaced."""
    page = browser.new_page(locale="ko-KR", reduced_motion="reduce")
    said, wrong = complaints(page), []
    for name, address in zip(("face-ended", "face-refund", "face-replaced"), faces, strict=True):
        page.goto(address)
        wrong += faults(page, said, name)
    page.goto(faces[1])
    page.get_by_role("button", name="인증번호 받기").click()
    page.locator("input[name=digits]").wait_for()
    wrong += faults(page, said, "face-refund-code")
    assert not wrong, "\n".join(wrong)


def test_an_open_page_shows_by_itself_that_its_voucher_was_used(
    gift: tuple[str, str], browser: Browser
) -> None:
    """V5: at the counter, a few seconds after the till has taken it."""
    page = browser.new_page(locale="ko-KR", viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    page.goto(gift[0])
    with ThreadPoolExecutor(1) as pool:  # not beside Playwright's loop
        pool.submit(used).result()
    page.get_by_text("사용 완료").wait_for(state="visible", timeout=15_000)
    assert page.locator(".gift-code").count() == 0


def used() -> None:
    Voucher.objects.update(state="used")
    connection.close()
