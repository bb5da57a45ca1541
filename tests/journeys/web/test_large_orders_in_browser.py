"""Two long ways through a browser: 3,000 employees with mixed faults, and certificates over the limit. O1, O7, O8, O11, H3"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import xlsxwriter
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, Locator, Page, expect
from python_calamine import CalamineWorkbook

from tests.given import PAPERS
from tests.journeys.platform import Platform, delivered_numbers, until
from tests.journeys.web.screen import Screen, known_texts, new_code

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.xdist_group("platform")]

OWNER_PHONE, DAON_PHONE = "01020030001", "01020060001"
PRICE = 4_300

#: What people type: cell, name, copies. Each is a fault of its own.
MENDED_IN_PLACE = [
    ("010-22O2-5001", "오타자", ""),
    ("010-2299-50", "짧은번호", ""),
    ("010-2299-5001", "웃음😀", ""),
]
LEFT = [
    *[(f"02-345-67{n:02d}", "유선전화", "") for n in range(4)], *[("", "번호없음", "")] * 5,
    *[("1.02E+09", "줄어든번호", "")] * 3, ("0504-1234-5678", "안심번호", ""), ("kim@firm.example", "메일", ""),
    ("010-2299-5002 / 010-2299-5003", "두번호", ""), ("010-2299-5004", "수량오류", "스무개"),
]  # fmt: skip
FAILING = ("01022983043", "01022993043")
ROWS = 3_000


def staff_list(path: Path) -> Path:
    """3,000 rows as a personnel department sends them, with a department to stand in the message."""
    good = delivered_numbers(203_000)[200_000:]
    rows: list[tuple[object, str, str]] = [*MENDED_IN_PLACE, *LEFT, *((one, "실패", "") for one in FAILING)]
    spelt = [
        lambda one: f"{one[:3]}-{one[3:7]}-{one[7:]}", lambda one: int(one),  # a spreadsheet drops the zero
        lambda one: f"+82 {one[1:3]}-{one[3:7]}-{one[7:]}", lambda one: f"({one[:3]}){one[3:7]}.{one[7:]}",
    ]  # fmt: skip
    rows += [(spelt[n % 4](one), "김서연", "") for n, one in enumerate(good[: ROWS - len(rows) - 6])]
    rows += [(good[-1], "여섯번", "")] * 6  # one more than the product allows to one person
    assert len(rows) == ROWS
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, ("휴대폰 번호", "이름", "수량", "부서"))
    for number, row in enumerate(rows, 1):
        page.write_row(number, 0, (*row, "총무팀"))
    book.close()
    return path


def confirm(page: Page, platform: Platform, phone: str, button: str, known: set[str]) -> None:
    """The code that came to this phone since it had the `known` texts, and the payment."""
    page.get_by_label("인증번호 6자리").wait_for()
    code = until(lambda: new_code(platform, known, phone), seconds=60, what="the code on the phone")
    page.get_by_label("인증번호 6자리").fill(code)
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(r"/orders/[a-z0-9]+/$"))


def test_three_thousand_employees_with_mixed_faults(browser: Browser, platform: Platform, tmp_path):
    """O1, O2, O3, O6, O11, S4: mended in place, the rest downloaded and left out, paid, sent, and looked up afterwards."""
    platform.charge("hanbit", 20_000_000, "journey:employees")
    screen = Screen(browser, platform, 1280)
    page = screen.page
    screen.sign_in()
    page.goto(f"{platform.web}/products/corporate/AMERICANO-ICE/")
    page.get_by_role("button", name="주문하기").click()
    page.wait_for_url("**/orders/drafts/*/")  # a file that is given before its scripts run is sent by nobody
    page.locator("#file").set_input_files(staff_list(tmp_path / "임직원.xlsx"))
    chips = page.locator("#chips")
    expect(chips).to_contain_text("전체 3,000", timeout=60_000)
    faults = len(MENDED_IN_PLACE) + len(LEFT) + 1
    expect(chips).to_contain_text(f"고쳐 주세요 {faults}")

    chips.get_by_text("고쳐 주세요").click()
    expect(page.locator(".listfoot")).to_contain_text(f"{faults}행 가운데")
    page.get_by_role("button", name="이 번호로 고치기").first.click()
    expect(chips).to_contain_text(f"고쳐 주세요 {faults - 1}")
    short = page.get_by_label(re.compile("짧은번호 휴대폰 번호"))
    short.fill("010-2299-5005")
    short.press("Enter")
    expect(chips).to_contain_text(f"고쳐 주세요 {faults - 2}")
    name = page.get_by_label(re.compile(r"행 이름$"))
    name.fill("정웃음")
    name.press("Enter")
    expect(chips).to_contain_text(f"고쳐 주세요 {faults - 3}")
    screen.look("employees-to-mend")
    left = faults - 3
    with page.expect_download() as downloaded:
        page.get_by_role("link", name=f"고칠 {left}행 엑셀로 받기").click()
    header, *rows = CalamineWorkbook.from_path(downloaded.value.path()).get_sheet_by_index(0).to_python()
    assert header[0] == "휴대폰 번호" and len(rows) == left
    reasons = {str(row[-1]).split(".")[0] for row in rows}
    assert len(reasons) >= 8, reasons
    assert any("한 사람에게 5건까지" in reason for reason in reasons)

    copies = ROWS - left
    page.locator("#title").fill("창립 기념 선물")
    page.locator("#text").fill("#{이름} 님, 늘 고맙습니다.")
    page.locator("#text").press("Home")
    page.get_by_role("button", name="#{부서}").click()
    page.get_by_label(re.compile("적법하게 수집")).check()
    go = (
        page.get_by_role("button", name=f"고칠 {left}행 빼고 {copies:,}건 발송하기")
        .locator("visible=true")
        .first
    )
    known = known_texts(platform, OWNER_PHONE)
    go.click()
    confirm(page, platform, OWNER_PHONE, f"결제하고 {copies:,}건 발송하기", known)
    expect(page.get_by_text("발송완료").first).to_be_visible(timeout=60_000)
    page.reload()
    screen.look("employees-sent")
    expect(page.locator("#gift-chips")).to_contain_text(f"전송성공 {copies - len(FAILING):,}")
    expect(page.locator("#gift-chips")).to_contain_text(f"전송실패 {len(FAILING)}")
    expect(page.locator("#order-money")).to_contain_text(f"{copies * PRICE:,}")
    order = page.url.rstrip("/").split("/")[-1]
    page.goto(f"{platform.web}/orders/")
    row = page.get_by_role("row").filter(has=page.locator(f"a[href='/orders/{order}/']"))
    expect(row).to_contain_text(f"{copies:,}건")
    expect(row).to_contain_text("발송완료")
    text = platform.inside("messages?to=01022995005")[0]["text"]
    assert text.startswith("총무팀짧은번호 님")
    screen.context.close()
    proof = platform.prove()
    assert proof["ok"], proof["faults"][:5]


def typed(page: Page, field: Locator, value: str) -> None:
    """Fill in a form's only field and send it."""
    field.fill(value)
    with page.expect_navigation():
        field.press("Enter")


def sit_down(screen: Screen) -> Page:
    """Staff at the console: the first login sets the second factor up, and uses it."""
    page = screen.page
    screen.sign_in("operator")
    # M8: a device is no longer new after a day, whichever journey came first
    screen.platform.sql(
        "UPDATE members_device SET first_seen_at = first_seen_at - interval '2 days' RETURNING id"
    )
    page.goto(f"{screen.platform.web}/console/")
    if page.get_by_label("비밀번호").count():  # once more, before a factor is added
        typed(page, page.get_by_label("비밀번호"), "demo-operator-2026")
    secret = page.locator("#totp-key").inner_text()
    # set up with one code, used with the next: each is taken once; the one before may end on its way
    for steps in (0, 1):
        at = int(time.time()) // 30 + steps
        typed(page, page.locator("[name=code]"), totp.format_hotp_value(totp.hotp_value(secret, at)))
        page.goto(f"{screen.platform.web}/console/")
    expect(page.locator(".queue")).to_be_visible()
    return page


def test_certificates_over_the_limit_are_asked_raised_approved_and_sent(browser: Browser, platform: Platform):
    """O7, O8, H3: refused with the figures; raised by an inquiry with a file; paid, approved at the console, sent."""
    screen, desk = Screen(browser, platform, 360), Screen(browser, platform, 1280)
    page = screen.page
    screen.sign_in("daon")
    page.goto(f"{platform.web}/products/corporate/GIFT-100000/")
    expect(page.locator("body")).to_contain_text("1,000,000원")
    page.get_by_role("button", name="주문하기").click()
    page.get_by_label("붙여 넣기").fill("\n".join(delivered_numbers(250_012)[250_000:]))
    page.get_by_role("button", name="불러오기").click()
    expect(page.locator("#chips")).to_contain_text("전체 12")
    page.locator("#text").fill("우수 대리점에 드립니다.")
    page.get_by_label(re.compile("적법하게 수집")).check()
    page.get_by_role("button", name="12건 발송하기").locator("visible=true").first.click()
    expect(page.get_by_text("상품권 한도가 200,000원 모자라")).to_be_visible()
    draft = page.url
    screen.look("over-the-limit")
    page.get_by_role("link", name="상품권 한도 상향 문의").first.click()
    expect(page.get_by_label("문의 종류")).to_have_value("limit")
    expect(page.get_by_label("필요한 한도")).to_have_value(re.compile("1,?200,?000"))
    page.get_by_label("내용").fill("우수 대리점 12곳에 포상합니다. 명단을 함께 올립니다.")
    page.get_by_label("파일").set_input_files(
        [{"name": "포상계획.pdf", "mimeType": "application/pdf", "buffer": PAPERS["pdf"]}]
    )
    screen.look("inquiry-of-limit")
    page.get_by_role("button", name="문의 보내기").click()
    expect(page.get_by_text("문의를 접수했습니다")).to_be_visible()
    thread = page.url

    staff = sit_down(desk)
    staff.get_by_role("link", name=re.compile("상품권 한도 상향")).first.click()
    expect(staff.locator(".thread")).to_contain_text("우수 대리점 12곳에")
    expect(staff.get_by_role("link", name=re.compile("파일 1"))).to_be_visible()
    expect(staff.get_by_label("새 한도(원)")).to_have_value("1200000")
    desk.look("console-limit")
    staff.get_by_role("button", name="한도 올리기").click()
    expect(staff.get_by_text("한도를 올렸습니다.")).to_be_visible()

    page.goto(thread)
    expect(page.locator("body")).to_contain_text("1,200,000원으로 올렸습니다")
    page.goto(draft.replace("check/", ""))
    known = known_texts(platform, DAON_PHONE)
    page.get_by_role("button", name="12건 발송하기").locator("visible=true").first.click()
    confirm(page, platform, DAON_PHONE, "결제하고 12건 승인 요청하기", known)
    expect(page.get_by_text("승인을 기다려요").first).to_be_visible()
    screen.look("waits-for-approval")
    assert platform.inside("messages?to=01022505000") == [], "nothing goes before the consent"

    staff.goto(f"{platform.web}/console/?only=approval")
    expect(staff.locator(".matter-title")).to_contain_text("다온상사")
    expect(staff.locator(".signals")).to_contain_text("첫 고액 구매")
    desk.look("console-approval")
    staff.keyboard.press("a")
    expect(staff.get_by_text("주문을 승인했습니다.")).to_be_visible()
    expect(page.get_by_text("발송완료").first).to_be_visible(timeout=60_000)
    expect(page.locator("body")).to_contain_text("모든 건이 전송성공이에요")
    for one in (screen, desk):
        one.context.close()
    assert platform.prove()["ok"]
