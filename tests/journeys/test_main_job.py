"""The main job over HTTP: a sheet, a payment by phone code, a text for everybody, a history, a resend."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
import xlsxwriter

from tests.journeys.member import Member
from tests.journeys.platform import Platform, until

pytestmark = pytest.mark.journey

PRICE = 4_300
OWNER_PHONE = "01020030001"


def book(path: Path, rows: list[tuple[object, ...]]) -> Path:
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    made.close()
    return path


def public_id(page: httpx2.Response) -> str:
    return page.url.path.strip("/").split("/")[-1]


def finished(platform: Platform, order: str) -> bool:
    return platform.sql("SELECT state FROM orders_order WHERE public_id = %s", order) == [("finished",)]


def test_from_a_spreadsheet_to_a_voucher_on_every_phone(platform: Platform, tmp_path):
    """O1, O6, M4, S3, S4, V5"""
    hanbit = Member(platform, "hanbit", OWNER_PHONE)
    draft = hanbit.draft()
    file = book(
        tmp_path / "연말.xlsx",
        [
            ("휴대폰", "이메일", "이름"),
            (1020410001, "", "김서연"),
            ("+82 10-2042-0001", "", "이도윤"),
            ("010-2043-3043", "", "박하은"),
            ("010-2O88-1450", "", "정유진"),
        ],
    )
    page = hanbit.upload(draft, file)
    assert page.status_code == 200 and "정유진" in hanbit.get(draft).text
    refused = hanbit.check(draft, won=3 * PRICE)
    assert refused.status_code == 422 and "고칠 행이 1개" in refused.text
    asked = hanbit.check(draft, won=3 * PRICE, left_out=1)
    assert asked.url.path == f"{draft}pay/", asked.text[:800]
    wrong = hanbit.pay(
        draft, secret="000000" if hanbit.code() != "000000" else "000001", won=3 * PRICE, left_out=1
    )
    assert wrong.status_code == 422 and "4번 더" in wrong.text
    code = hanbit.code()
    paid = hanbit.pay(draft, secret=code, won=3 * PRICE, left_out=1)
    order = public_id(paid)
    assert paid.status_code == 200 and paid.url.path == f"/orders/{order}/"
    assert hanbit.pay(draft, secret=code, won=3 * PRICE, left_out=1).url.path == f"/orders/{order}/"
    until(lambda: finished(platform, order), seconds=60, what="the order to finish")
    history = hanbit.get(f"/orders/{order}/").text
    assert "전원 꺼짐" in history and "전송성공" in history and "수신완료" not in history
    assert "010-****-3043" in history and "01020433043" not in history and "010-2043-3043" not in history

    for number, name in (("01020410001", "김서연"), ("01020420001", "이도윤")):
        (text,) = [message["text"] for message in platform.inside(f"messages?to={number}")]
        assert text.startswith(f"{name} 님")
        link = re.search(r"http://\S+/g/\S+", text)
        assert link is not None
        gift = httpx2.get(link[0])
        assert gift.status_code == 200 and "주식회사 한빛테크" in gift.text
    assert platform.prove()["ok"]


def test_a_stranger_finds_nothing(platform: Platform):
    """M7: another company's session gets 404 on every address of an order."""
    hanbit, daon = Member(platform, "hanbit", OWNER_PHONE), Member(platform, "daon", "01020060001")
    draft = hanbit.draft()
    hanbit.post(f"{draft}add/", phone="010-2044-0001", name="김서연", copies="1")
    hanbit.check(draft, won=PRICE)
    paid = hanbit.pay(draft, secret=hanbit.code(), won=PRICE)
    order = public_id(paid)
    gift = platform.sql(
        "SELECT g.public_id FROM gifts_gift g JOIN orders_order o ON o.id = g.order_id WHERE o.public_id = %s",
        order,
    )
    other = hanbit.draft()
    for path in (f"/orders/{order}/", f"/orders/{order}/live/", other, f"{other}rows/", f"{other}pay/"):
        assert daon.get(path).status_code == 404, path
        assert hanbit.get(path).status_code == 200, path
    if gift:
        assert daon.get(f"/gifts/{gift[0][0]}/").status_code == 404


def test_webhooks_that_are_lost_repeated_or_late_change_nothing(platform: Platform, tmp_path):
    """S4: results are asked for; a report is only a hint."""
    from tests.journeys.platform import sheet

    for kind in ("lose_webhook", "repeat_webhook", "late_webhook"):
        platform.inside("faults", "POST", {"provider": "solapi", "kind": kind, "times": 5, "seconds": 3})
        numbers = ["01020510001", "01020523043"]
        status, said = platform.send(sheet(tmp_path / f"{kind}.csv", numbers), "--wait")
        assert (status, said["results"]) == (3, {"delivered": 1, "power_off": 1}), kind
        platform.inside("faults", "DELETE")
    assert platform.prove()["ok"]


def test_the_webhook_needs_its_secret(platform: Platform):
    path = f"{platform.web}/hooks/carriers/solapi/"
    assert httpx2.post(path + "guessed", json=[]).status_code == 404
    assert httpx2.post(f"{platform.web}/hooks/carriers/nobody/guessed", json=[]).status_code == 404
