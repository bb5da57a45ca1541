"""Orders that meet resistance over HTTP: a race for the limit, a sending stopped half-way, a product sold out. O7, S6, O12"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests.journeys.member import Member
from tests.journeys.platform import Platform, delivered_numbers, sheet, until
from tests.threads import at_once

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("platform")]

PRICE, CERTIFICATE_WON = 4_300, 99_500
COPIES = 5_000


def public_id(page: httpx2.Response) -> str:
    return page.url.path.strip("/").split("/")[-1]


def state(platform: Platform, order: str) -> str:
    return str(platform.sql("SELECT state FROM orders_order WHERE public_id = %s", order)[0][0])


def cash(platform: Platform, buyer: str) -> int:
    """What a company has, by its name."""
    (row,) = platform.sql(
        "SELECT a.balance_won FROM ledger_account a JOIN members_buyer b ON b.id::text = a.owner"
        " WHERE b.name = %s AND a.kind = 'cash'", buyer,
    )  # fmt: skip
    return int(row[0])


def to_pay(member: Member, numbers: list[str], code: str, price: int) -> tuple[str, str]:
    """A draft up to the page of paying: its address, and the code that came to the phone."""
    draft = member.draft(code)
    member.post(f"{draft}paste/", paste="\n".join(numbers))
    asked = member.check(draft, won=len(numbers) * price)
    assert asked.url.path == f"{draft}pay/", asked.text[:1_000]
    return draft, member.code()


def test_two_buyers_race_for_the_last_of_the_limit(platform: Platform):
    """O7, O6: 1,000,000 won of face value, two orders of 600,000 at the same moment: one is paid, the other kept."""
    people = (Member(platform, "hanbit", "01020030001"), Member(platform, "hanbit-buyer", "01020040001"))
    lists = (delivered_numbers(210_006)[210_000:], delivered_numbers(210_106)[210_100:])
    won, before = 6 * CERTIFICATE_WON, cash(platform, "주식회사 한빛테크")
    drafts = [
        to_pay(who, numbers, "GIFT-100000", CERTIFICATE_WON)
        for who, numbers in zip(people, lists, strict=True)
    ]
    pages = at_once(
        [
            partial(who.pay, draft, secret=code, won=won)
            for who, (draft, code) in zip(people, drafts, strict=True)
        ]
    )
    (first,) = [n for n, page in enumerate(pages) if page.status_code == 200]
    (other,) = [n for n, page in enumerate(pages) if page.status_code == 422]
    order = public_id(pages[first])
    assert pages[first].url.path == f"/orders/{order}/" and "승인을 기다려요" in pages[first].text
    assert "상품권 한도가 200,000원 모자라" in pages[other].text
    assert cash(platform, "주식회사 한빛테크") == before - won, "paid once"

    kept = people[other].get(drafts[other][0]).text
    assert "6명" in kept and "597,000" in kept, "the loser's draft is as it was"
    assert "상품권 한도 상향 문의" in kept
    people[first].post(f"/orders/{order}/call-off/", is_sure="1")
    assert cash(platform, "주식회사 한빛테크") == before
    again = people[other].check(drafts[other][0], won=won)
    assert again.url.path.endswith("/pay/"), "the share of the cancelled order is free again"
    paid = people[other].pay(drafts[other][0], secret=people[other].code(), won=won)
    people[other].post(f"/orders/{public_id(paid)}/call-off/", is_sure="1")
    assert state(platform, public_id(paid)) == "cancelled"
    assert cash(platform, "주식회사 한빛테크") == before
    assert platform.prove()["ok"]


@pytest.fixture
def stuck_carrier(platform: Platform) -> Iterator[None]:
    """A carrier that may be stuck without being sent to rest, so that a sending has a middle."""
    platform.set_figure("carrier_failures", 100)
    yield
    platform.inside("faults", "DELETE")
    platform.set_figure("carrier_failures", 5)


def begun(member: Member, numbers: list[str], folder: Path, **saved: str) -> str:
    """An order of which something has gone and something has not."""
    draft = member.draft()
    member.upload(draft, sheet(folder / "staff.csv", numbers))
    won = len(numbers) * PRICE
    assert member.check(draft, won=won, **saved).url.path == f"{draft}pay/"
    order = public_id(member.pay(draft, secret=member.code(), won=won))
    handed = """SELECT count(*) FROM dispatch_batch b JOIN gifts_chunk c ON c.letter_id = b.letter_id
                JOIN orders_order o ON o.id = c.order_id WHERE b.state <> 'open' AND o.public_id = %s"""
    until(lambda: member.platform.sql(handed, order)[0][0], seconds=120, what="the first batch to go")
    stuck = {"provider": "solapi", "kind": "error_500", "route": "create", "times": 999}
    member.platform.inside("faults", "POST", stuck)
    return order


def sent(platform: Platform, numbers: list[str]) -> int:
    """How many of these numbers the carrier has sent something to, by its own memory."""
    wanted = set(numbers)
    return sum(one["to"] in wanted for one in platform.inside("messages?limit=200000"))


@pytest.mark.usefixtures("stuck_carrier")
def test_a_sending_is_stopped_in_the_middle(platform: Platform, tmp_path):
    """S6, O9: what had gone stays with its people, the rest never goes, and exactly its price comes back."""
    platform.charge("hanbit", 40_000_000, "journey:halt")
    hanbit, numbers = Member(platform, "hanbit", "01020030001"), delivered_numbers(225_000)[220_000:]
    before, earlier = cash(platform, "주식회사 한빛테크"), sent(platform, numbers)
    order = begun(hanbit, numbers, tmp_path)
    assert "누르는 동안에도 발송은 이어지므로" in hanbit.post(f"/orders/{order}/halt/").text
    hanbit.post(f"/orders/{order}/halt/", is_sure="1")
    until(lambda: state(platform, order) == "finished", seconds=120, what="the stopped order to end")
    page = hanbit.get(f"/orders/{order}/").text
    gone = sent(platform, numbers) - earlier
    unsent = COPIES - gone
    assert 0 < gone < COPIES, "it was in the middle"
    assert "발송을 멈췄어요" in page and f"{unsent:,}건은 보내지 않았어요" in page
    assert f"나간 {gone:,}건은 모두 전송성공이에요" in page
    assert cash(platform, "주식회사 한빛테크") == before - gone * PRICE
    again = hanbit.post(f"/orders/{order}/halt/", is_sure="1")
    assert again.status_code == 422 and sent(platform, numbers) == earlier + gone
    proof = platform.prove()
    assert proof["ok"], proof["faults"][:5]


@pytest.mark.usefixtures("stuck_carrier")
def test_a_sending_is_called_back_in_the_middle_while_its_vouchers_sleep(platform: Platform, tmp_path):
    """S6, P5: also those that have arrived are worth nothing, and all of the money comes back."""
    platform.charge("hanbit", 40_000_000, "journey:recall")
    hanbit, numbers = Member(platform, "hanbit", "01020030001"), delivered_numbers(235_000)[230_000:]
    before, earlier = cash(platform, "주식회사 한빛테크"), sent(platform, numbers)
    order = begun(hanbit, numbers, tmp_path, asleep_minutes="30")
    assert "이미 도착한 쿠폰까지 모두 못 쓰게" in hanbit.post(f"/orders/{order}/recall/").text
    said = hanbit.post(f"/orders/{order}/recall/", is_sure="1").text
    assert re.search(r"쿠폰 [\d,]+건을 회수하고 환불했습니다", said), said[:2_000]
    until(lambda: state(platform, order) == "finished", seconds=120, what="the recalled order to end")
    gone = sent(platform, numbers) - earlier
    assert 0 < gone < COPIES, "it was in the middle"
    page = hanbit.get(f"/orders/{order}/").text
    assert f"{COPIES - gone:,}건은 보내지 않았어요" in page
    assert cash(platform, "주식회사 한빛테크") == before, "whole"
    live = "SELECT v.state, count(*) FROM gifts_gift g JOIN orders_order o ON o.id = g.order_id" \
        " JOIN vouchers_voucher v ON v.id = g.voucher_id WHERE o.public_id = %s GROUP BY 1"  # fmt: skip
    ((voucher, count),) = platform.sql(live, order)
    assert voucher == "refunded" and gone <= count <= COPIES
    text = next(one["text"] for one in platform.inside("messages?limit=200000") if one["to"] in numbers)
    link = re.search(r"http://\S+/g/\S+", text)
    assert link is not None and "환불" in httpx2.get(link[0]).text, "whoever opens it is told"
    proof = platform.prove()
    assert proof["ok"], proof["faults"][:5]


def scheduled(member: Member, numbers: list[str], **saved: str) -> str:
    """An order for another day, paid from the start."""
    draft = member.draft("PIZZA-SET")
    member.post(f"{draft}paste/", paste="\n".join(numbers))
    won, when = len(numbers) * 33_600, {"is_later": "1", "send_at": tomorrow(member.platform)}
    assert member.check(draft, won=won, **when, **saved).url.path == f"{draft}pay/"
    page = member.pay(draft, secret=member.code(), won=won)
    assert "예약한 주문" in page.text, page.text[:1_000]
    return public_id(page)


def tomorrow(platform: Platform) -> str:
    """Noon of the next day in Seoul, as the page's field has it."""
    asked = "SELECT to_char(now() AT TIME ZONE 'Asia/Seoul' + interval '1 day', 'YYYY-MM-DD') || 'T12:00'"
    return str(platform.sql(asked)[0][0])


def test_a_scheduled_product_is_sold_out_when_its_time_comes(platform: Platform):
    """O12, O9: one takes the chosen substitute and the difference back; the other stops, is paid back and told why."""
    daon = Member(platform, "daon", "01020060001")
    numbers, before = delivered_numbers(240_004)[240_000:], cash(platform, "다온상사")
    sender = {"sender": "16440000"}
    swapped = scheduled(daon, numbers[:2], takes_substitute="on", **sender)
    stopped = scheduled(daon, numbers[2:], **sender)
    assert cash(platform, "다온상사") == before - 4 * 33_600, "held from the day it is made"
    platform.do(
        "from dataclasses import replace; from seonmul.catalog import actions, queries;"
        "before = queries.as_it_is(queries.product('PIZZA-SET'));"
        "after = replace(before, is_sold_out=True, substitute='PIZZA-CHEESE');"
        "actions.edit('PIZZA-SET', after, seen=queries.version_of(before), by='journey', at=clock.now())"
    )
    platform.sql(
        "UPDATE orders_order SET send_at = now() WHERE public_id = ANY(%s) RETURNING id", [swapped, stopped]
    )
    until(lambda: state(platform, swapped) == "finished", seconds=60, what="the substitute to go out")
    until(lambda: state(platform, stopped) == "cancelled", seconds=60, what="the other order to stop")
    assert "치즈 피자" in daon.get(f"/orders/{swapped}/").text
    texts = {one["to"]: one["text"] for one in platform.inside("messages?limit=200000")}
    assert [number in texts for number in numbers] == [True, True, False, False]
    assert "치즈 피자" in texts[numbers[0]]
    page = daon.get(f"/orders/{stopped}/").text
    assert "취소한 주문" in page and "보낼 때 상품의 판매가 끝나" in page and "67,200원을 모두" in page
    assert cash(platform, "다온상사") == before - 2 * 19_100
    told = until(lambda: mail_about(platform, stopped), seconds=60, what="the notice")
    assert "daon@daon.example" in told
    assert platform.prove()["ok"]


def mail_about(platform: Platform, order: str) -> str:
    """The mail that names an order, "" for none yet."""
    for file in sorted((platform.home / "mail").glob("*"), reverse=True):
        one = message_from_bytes(file.read_bytes(), policy=policy.default)
        if order in str(one.get_content()):
            return str(one["To"])
    return ""
