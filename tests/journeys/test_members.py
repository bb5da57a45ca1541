"""Members over HTTP: who proves who they are, pays with a password of their own, and becomes corporate. M2, M4, M8"""

from __future__ import annotations

import html
import json
import re

import httpx2
import pytest

from tests.given import PAPERS
from tests.journeys.member import Member
from tests.journeys.operator import Operator
from tests.journeys.platform import Platform, until

pytestmark = pytest.mark.journey

PRICE = 4_300
OWNER_PHONE, MINSU_PHONE = "01020030001", "01020020001"
SECRET = "only-for-paying-1"


def verify(member: Member, person: str, back_to: str) -> httpx2.Response:
    """Go through the provider's window as this person; the page that follows once the result is in."""
    page = member.post("/my/identity/", next=back_to)
    found = re.search(r'data-request="([^"]+)"', page.text)
    assert found, page.text[:500]
    wish = json.loads(html.unescape(found[1]))
    names = ("storeId", "channelKey", "identityVerificationId", "customData", "redirectUrl")
    fields = {name: wish[name] for name in names} | {"origin": ""}
    window = f"http://127.0.0.1:{member.platform.sandbox_port}/portone/identity"
    assert httpx2.get(window, params=fields).status_code == 200
    gone = httpx2.post(window, data=fields | {"choice": person})
    address = member.get(gone.headers["location"]).url.path

    def ended() -> httpx2.Response | None:
        answer = member.get(address)
        return None if "확인하고 있어요" in answer.text else answer

    answer: httpx2.Response = until(ended, seconds=60, what="the result of the verification")
    return answer


def told(platform: Platform, phone: str, words: str) -> bool:
    """Whether a text with these words has come to this phone."""
    return any(words in one["text"] for one in platform.inside(f"messages?to={phone}&limit=100"))


def test_an_owner_verifies_and_pays_with_a_payment_password(platform: Platform):
    """M4"""
    hanbit = Member(platform, "hanbit", OWNER_PHONE)
    # M8: a device is no longer new after a day, whichever journey came first.
    platform.sql("UPDATE members_device SET first_seen_at = first_seen_at - interval '2 days' RETURNING id")
    password = {"password": SECRET, "again": SECRET}
    assert hanbit.post("/my/spending/password/", **password).status_code == 422
    assert verify(hanbit, "hanbit", "/my/spending/").url.path == "/my/spending/"
    assert hanbit.post("/my/spending/password/", **password).status_code == 200
    try:
        assert "비밀번호 인증" in hanbit.post("/my/spending/method/", method="payment_password").text
        draft = hanbit.draft()
        hanbit.post(f"{draft}add/", phone="010-2045-0001", name="김서연", copies="1")
        assert 'type="password"' in hanbit.check(draft, won=PRICE).text
        assert hanbit.pay(draft, secret="something-else", won=PRICE).status_code == 422
        order = hanbit.pay(draft, secret=SECRET, won=PRICE).url.path.strip("/").split("/")[-1]
        state = "SELECT state FROM orders_order WHERE public_id = %s"
        until(lambda: platform.sql(state, order) == [("finished",)], seconds=60, what="the order to finish")
    finally:
        hanbit.post("/my/spending/method/", method="phone_code")
    until(lambda: told(platform, OWNER_PHONE, "추가 인증 방법이 바뀌었습니다"), seconds=60, what="the notice")
    assert platform.prove()["ok"]


def test_a_thief_with_the_password_gets_nowhere(platform: Platform):
    """M8: proving who the thief is opens nothing, and no sender number comes of it."""
    thief = Member(platform, "hanbit", OWNER_PHONE)
    page = verify(thief, "bae", "/my/spending/")
    assert page.url.path.startswith("/my/identity/") and "회원과 다릅니다" in page.text
    assert thief.post("/my/spending/password/", password=SECRET, again=SECRET).status_code == 422
    typed = {"name": "배도현", "mail": "bae@thief.example", "takes_number": "on"}
    assert thief.post("/my/profile/", **typed).status_code == 422
    assert platform.sql("SELECT count(*) FROM dispatch_sendernumber WHERE digits = '01030020001'") == [(0,)]


def test_a_general_member_becomes_corporate(platform: Platform, operator: Operator):
    """M2, M3"""
    minsu = Member(platform, "minsu", MINSU_PHONE)
    assert minsu.post("/products/corporate/AMERICANO-ICE/order/").status_code == 422
    typed = {"kind": "business", "company_name": "민수상회", "business_number": "220-81-62517"}
    files = {"certificate": ("photo.png", PAPERS["png"])}
    page = minsu.post("/my/convert/", files=files, **typed)
    assert page.status_code == 200 and "심사하고 있어요" in page.text, page.text[:2_000]
    found = re.search(r"/my/convert/\w+/certificate/", page.text)
    assert found and minsu.get(found[0]).content == PAPERS["png"]
    assert Member(platform, "daon", "01020060001").get(found[0]).status_code == 404
    operator.approve("conversion", "민수상회")
    assert "기업회원이에요" in minsu.get("/my/convert/").text
    assert minsu.draft().startswith("/orders/drafts/")
    until(
        lambda: told(platform, MINSU_PHONE, "승인되었습니다"), seconds=60, what="the notice of the decision"
    )
    assert minsu.get("/my/company/record/").text.count("기업회원전환 승인") == 1
