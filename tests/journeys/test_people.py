"""People over HTTP: a firm comes and buys, a non-profit converts, an employee goes, a thief comes. M1, M2, M5, M6, M8"""

from __future__ import annotations

import re
import time

import pytest

from tests.given import PAPERS
from tests.journeys.operator import Operator
from tests.journeys.platform import Platform, until
from tests.journeys.test_members import verify
from tests.journeys.visitor import PASSWORD, Visitor
from tests.storefront.sign_up import number

pytestmark = pytest.mark.journey

PRICE = 4_300
SECRET = "only-for-paying-1"


def proved_sender(who: Visitor, person: str, firm: str, operator: Operator) -> None:
    """Who they are, and of that their own number as sender; an operator enters it at the carrier. M6"""
    assert verify(who, person, "/my/senders/").url.path == "/my/senders/"
    state = f"SELECT state, proof FROM dispatch_sendernumber WHERE digits = '{who.phone}'"
    until(lambda: who.platform.sql(state) == [("approved", "identity")], seconds=60, what="the sender number")
    operator.approve("sender", firm, "registered")


def finished(platform: Platform, order: str) -> None:
    state = "SELECT state FROM orders_order WHERE public_id = %s"
    until(lambda: platform.sql(state, order) == [("finished",)], seconds=60, what="the order to finish")


def test_a_firm_signs_up_and_buys_within_five_minutes(platform: Platform, operator: Operator):
    """M1, M6, M4, O6: from the sign-up to the voucher on the phone, as the tax office's register has the firm."""
    began = time.monotonic()
    moon = Visitor(platform, "moonfirm", "01030010001")
    assert "기업회원" in moon.sign_up("9998800033", "문서연").text
    proved_sender(moon, "moon", "문서연상회", operator)
    moon.charge(100_000)
    draft = moon.draft()
    moon.post(f"{draft}add/", phone="010-2046-0001", name="김서연", copies="1")
    assert moon.check(draft, won=PRICE, sender=moon.phone).status_code == 200
    paid = moon.pay(draft, secret=moon.code(), won=PRICE)
    finished(platform, paid.url.path.strip("/").split("/")[-1])
    (message,) = platform.inside("messages?to=01020460001")
    assert "김서연 님, 고맙습니다." in message["text"]
    assert time.monotonic() - began < 300
    assert platform.prove()["ok"]


def test_a_non_profit_converts_with_its_unique_number(platform: Platform, operator: Operator):
    """M1, M2: the tax office is not asked about it, so staff look at the certificate."""
    group = Visitor(platform, "nonprofit1", "01024690001")
    assert group.sign_up().url.path == "/sign-up/done/"
    assert group.post("/products/corporate/AMERICANO-ICE/order/").status_code == 422
    typed = {
        "kind": "unique_number", "company_name": "새봄나눔회", "representative": "김새봄",
        "business_number": number("82"),
    }  # fmt: skip
    assert group.post("/my/convert/", **typed).status_code == 422, "not without the certificate"
    page = group.post("/my/convert/", files={"certificate": ("paper.pdf", PAPERS["pdf"])}, **typed)
    assert "심사하고 있어요" in page.text, page.text[:2_000]
    operator.approve("conversion", "새봄나눔회")
    assert "기업회원이에요" in group.get("/my/convert/").text
    assert group.draft().startswith("/orders/drafts/")
    group.told_by_text("승인되었습니다")


def test_an_employee_leaves_and_another_takes_over(platform: Platform, operator: Operator):
    """M5: the account goes on with everything in it; nothing that the old one knows opens it."""
    old, new = Visitor(platform, "handfirm", "01030030001"), Visitor(platform, "handfirm", "01024700001")
    new.mail = "saerom@new.example"
    old.sign_up(number("83"), "남궁솔")
    proved_sender(old, "namgung", "남궁솔상회", operator)
    old.charge(50_000)
    draft = old.draft()
    assert verify(old, "namgung", "/my/person/").url.path == "/my/person/"
    asked = old.post("/my/person/", name="박새롬", phone=new.phone, mail=new.mail)
    assert asked.url.path.startswith("/my/person/changes/"), asked.text[:2_000]
    done = old.post(asked.url.path, code=new.texted())
    assert done.url.path == "/login/" and "담당자를 바꿨습니다" in done.text
    assert not old.log_in(), "the old password opens nothing"
    old.told_by_text("담당자가 바뀌었습니다")
    old.told_by_mail("담당자")

    new.get("/recover/")
    new.post("/recover/", address=new.phone)
    new.post("/recover/code/", code=new.texted("인증번호"))
    new.post("/recover/password/", login="handfirm", password="another-phrase-77")
    assert new.log_in("another-phrase-77")
    assert "박새롬" in new.get("/my/").text and new.get(draft).status_code == 200
    paper = re.search(r"/my/person/changes/\w+/paper/", new.get("/my/person/").text)
    assert paper and new.get(paper[0]).content.startswith(b"%PDF-")
    new.post(f"{draft}add/", phone="010-2047-0001", name="김서연", copies="1")
    stopped = new.check(draft, won=PRICE, sender="")
    assert stopped.status_code == 422 and "담당자 정보가 바뀌었거나" in stopped.text, (
        "nothing is spent for a day"
    )
    assert (
        platform.sql(
            "SELECT state FROM dispatch_sendernumber WHERE digits = %s AND state = 'approved'", old.phone
        )
        == []
    )
    assert platform.prove()["ok"]


def test_a_thief_with_both_passwords_gets_nowhere(platform: Platform, operator: Operator):
    """M8: at a new device the code goes to the owner's phone; one click stops all payments; the thief is put out."""
    owner, thief = Visitor(platform, "shinfirm", "01030040001"), Visitor(platform, "shinfirm", "")
    owner.sign_up(number("84"), "김민수")
    proved_sender(owner, "kim-younger", "김민수상회", operator)
    owner.charge(50_000)
    owner.post("/my/spending/password/", password=SECRET, again=SECRET)
    assert "비밀번호 인증" in owner.post("/my/spending/method/", method="payment_password").text

    assert thief.log_in(PASSWORD)
    assert "/my/company/freeze/" in owner.told_by_mail("새 기기")
    draft = thief.draft()
    thief.post(f"{draft}add/", phone="010-2048-0001", name="김서연", copies="1")
    owner.known = {one["id"] for one in owner.phone_messages()}
    page = thief.check(draft, won=PRICE, sender=owner.phone)
    assert page.status_code == 200 and "새 기기에서는 24시간 동안" in page.text
    assert thief.pay(draft, secret=SECRET, won=PRICE).status_code == 422
    asked = thief.post(
        "/my/company/invitations/", **{"invite-mail": "bae@thief.example", "invite-role": "buyer"}
    )
    assert asked.status_code == 422 and "본인인증을 먼저" in asked.text, "no buyer of the thief's own"
    code = owner.texted("4,300원")

    assert "새 기기" in owner.get("/my/access/").text
    assert "멈췄습니다" in owner.post("/my/company/freeze/").text
    thief.post("/my/company/thaw/")
    frozen = thief.pay(draft, secret=code, won=PRICE)
    assert frozen.status_code == 422 and "모든 결제가 멈춰" in frozen.text, "not even with the code"
    owner.post("/account/devices/")
    assert thief.get("/my/").url.path == "/login/"
    assert owner.get("/my/").url.path == "/my/"
    orders = "SELECT count(*) FROM orders_order o JOIN members_buyer b ON b.id = o.buyer_id WHERE b.name = %s"
    assert platform.sql(orders, "김민수상회") == [(0,)]

    owner.post("/my/company/thaw/")
    draft = owner.draft()
    owner.post(f"{draft}add/", phone="010-2048-0001", name="김서연", copies="1")
    assert 'type="password"' in owner.check(draft, won=PRICE, sender=owner.phone).text
    paid = owner.pay(draft, secret=SECRET, won=PRICE)
    finished(platform, paid.url.path.strip("/").split("/")[-1])
    assert platform.prove()["ok"]
