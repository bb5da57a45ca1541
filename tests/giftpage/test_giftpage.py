"""The recipient's page (V5): what it shows in every state, what it never shows, and that nobody need sign in."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from seonmul.catalog.models import ProductKind
from seonmul.gifts import actions as gifts_do
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Gift
from seonmul.kit import clock, states
from seonmul.members import actions as members
from seonmul.members.models import Buyer, BuyerKind
from seonmul.orders import actions as orders
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers.models import Change, Voucher, VoucherState
from seonmul.vouchers.rules import grouped
from tests import given
from tests.sandbox.outside import Outside
from tests.vouchers import codes, coupons

pytestmark = pytest.mark.django_db

PHONE = "01042070001"


def sent(product: Any = None, *, who: given.Company | None = None, **saved: Any) -> Gift:
    """A gift that was issued and queued, to 김서연."""
    order = given.placed(who or given.company(), [PHONE], product, at=clock.now(), **saved)
    given.worked()
    return Gift.objects.select_related("voucher", "order__buyer").get(order=order)


def moved(gift: Gift, after: VoucherState, before: VoucherState = VoucherState.ISSUED, **also: Any) -> None:
    assert states.move(Voucher.objects.filter(id=gift.voucher_id), before, after, **also) == 1


def address(gift: Gift, rest: str = "") -> str:
    return f"/g/{gifts_now.link_of(gift)}{rest}"


def text_of(client: Client, gift: Gift) -> str:
    """The words of a gift's page, blanks joined."""
    return words(client.get(address(gift)).content.decode())


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<body")[2])).split())


def code_of(gift: Gift) -> str:
    return vouchers.code_of(gift.voucher)


def test_the_page_says_what_the_message_said_of_its_recipient(client: Client) -> None:
    """O3, V5: the places of a sheet's further columns are filled here too."""
    firm, at = given.company(), clock.now()
    draft = given.draft(firm, [], at=at)
    orders.import_sheet(draft.id, f"휴대폰,이름,부서\n{PHONE},김서연,디자인팀\n".encode(), "a.csv", at=at)
    orders.save(draft.id, at=at, title="#{부서} 선물", text="#{부서} #{이름} 님, 고맙습니다.")
    draft.refresh_from_db()
    order = given.paid(firm, draft, at)
    given.worked()
    page = text_of(client, Gift.objects.select_related("voucher", "order__buyer").get(order=order))
    assert "디자인팀 김서연 님, 고맙습니다." in page and "디자인팀 선물" in page and "#{" not in page


def test_a_live_voucher_shows_who_sent_what_and_its_code(client: Client) -> None:
    gift = sent(title="2026년 추석 감사 선물", text="#{이름} 님, 고맙습니다.")
    page = text_of(client, gift)
    assert f"{gift.order.buyer.name}" in page
    assert "보낸 선물" in page and "2026년 추석 감사 선물" in page
    assert "달무리커피" in page and "아이스 아메리카노" in page
    assert grouped(code_of(gift)) in page
    assert clock.korean_date(clock.seoul_date(gift.voucher.valid_until)) in page and "93일 남았어요" in page
    assert "김서연 님, 고맙습니다." in page
    assert "전국 달무리커피 매장" in page
    assert "화면 밝기를 올려 주세요" in page and "도움이 필요해요" in page and "114" in page
    assert "연장·환불되지 않습니다" in page


def test_people_are_masked_and_the_company_is_whole(client: Client) -> None:
    """V5"""
    gift = sent()
    page = client.get(address(gift)).content.decode()
    assert "김*연" in page and "010-****-0001" in page and "****-0000" in page
    assert PHONE not in page and "010-4207-0001" not in page
    assert "15770000" not in page and "1577-0000" not in page
    assert "사업자등록번호를 확인한 회사입니다." in page
    assert "결제, 비밀번호, 앱 설치는 묻지 않습니다." in page


def test_the_host_to_look_for_is_ours(client: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "https://gift.seonmul.example"
    assert "주소가 gift.seonmul.example로 시작하는지" in text_of(client, sent())


def test_a_person_as_sender_is_masked(client: Client) -> None:
    gift = sent()
    Buyer.objects.filter(id=gift.buyer_id).update(kind=BuyerKind.PERSON, name="박민수", business_number="")
    page = text_of(client, gift)
    assert "박*수 님이 보낸 선물" in page
    assert "박민수" not in page and "사업자등록번호" not in page


def test_the_page_is_for_whoever_has_the_link_only(client: Client) -> None:
    gift = sent()
    for rest in ("", "/", "/image.jpg"):
        answer = client.get(address(gift, rest))
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies
    page = client.get(address(gift)).content.decode()
    assert '<meta name="robots" content="noindex' in page
    assert client.post(address(gift)).status_code == 405


def test_a_member_who_is_signed_in_sees_the_same_page(client: Client) -> None:
    who = given.company()
    gift = sent(who=who)
    client.force_login(who.owner)
    page = client.get(address(gift))
    assert page.status_code == 200
    assert who.owner.name not in page.content.decode()


def test_the_first_opening_is_noted_and_the_cloth_opens_once(client: Client) -> None:
    """V5: the sender sees opened, once, whatever machines look at the link in advance."""
    gift = sent()
    client.head(address(gift))
    client.get(address(gift), headers={"sec-purpose": "prefetch;prerender"})
    gift.refresh_from_db()
    assert gift.opened_at is None
    assert 'class="gift-body is-first"' in client.get(address(gift)).content.decode()
    gift.refresh_from_db()
    first = gift.opened_at
    assert first is not None
    assert 'class="gift-body"' in client.get(address(gift)).content.decode()
    gift.refresh_from_db()
    assert gift.opened_at == first


@pytest.mark.parametrize("token", ["nonesuch", "x" * 300, "가나다", "%00", "a b", "'--"])
def test_an_unknown_link_says_what_to_do(client: Client, token: str) -> None:
    answer = client.get(f"/g/{token}")
    assert answer.status_code == 404
    page = words(answer.content.decode())
    assert "이 주소에는 선물이 없어요" in page and "다시 눌러 주세요" in page
    assert answer["Referrer-Policy"] == "no-referrer"


ENDS = {
    VoucherState.USED: "이 쿠폰은 이미 사용했어요.",
    VoucherState.EXPIRED: "사용 기간이 끝났어요",
    VoucherState.REFUNDED: "환불된 쿠폰이에요",
    VoucherState.FROZEN: "지금은 쓸 수 없는 쿠폰이에요",
    VoucherState.VOID: "더는 쓸 수 없는 쿠폰이에요",
}


def test_no_state_is_forgotten() -> None:
    others = {VoucherState.ISSUED, VoucherState.PARTLY_USED, VoucherState.ORDERED, VoucherState.NOT_ISSUED}
    assert set(ENDS) == set(VoucherState) - others


def test_a_voucher_without_a_code_says_what_it_waits_for(client: Client, carrier: Outside) -> None:
    """C3: and when its issuer has refused it, that its price went back."""
    coupons.ordered(given.company(), 1)
    gift = Gift.objects.select_related("voucher").get()
    assert "쿠폰을 준비하고 있어요" in text_of(client, gift)
    carrier.inside("POST", "giftishow/goods", {"goodsCode": coupons.GOODS, "state": "SUS"})
    coupons.attended()
    assert "발급하지 못한 쿠폰이에요" in text_of(client, gift)
    assert client.get(address(gift, "/image.jpg")).status_code == 302


@pytest.mark.parametrize(("state", "sentence"), ENDS.items())
def test_a_voucher_at_its_end_says_why_and_shows_no_code(
    client: Client, state: VoucherState, sentence: str
) -> None:
    gift = sent()
    moved(gift, state)
    page = client.get(address(gift)).content.decode()
    assert sentence in words(page)
    assert code_of(gift) not in page and grouped(code_of(gift)) not in page
    assert 'class="gift-code' not in page
    answer = client.get(address(gift, "/image.jpg"))
    assert (answer.status_code, answer["Location"]) == (302, address(gift))


def test_a_used_voucher_says_when_and_where(client: Client) -> None:
    gift = sent()
    moved(gift, VoucherState.USED)
    at = clock.now()
    Change.objects.create(
        voucher=gift.voucher,
        before="issued",
        after="used",
        by="shop",
        where="달무리커피 새말역점",
        changed_at=at,
    )
    page = text_of(client, gift)
    assert f"{clock.korean_datetime(at)} 달무리커피 새말역점에서 사용했어요." in page
    assert "제가 쓰지 않았어요" in page


def test_a_voucher_past_its_last_second_has_expired_before_any_job_says_so(client: Client) -> None:
    """V4"""
    gift = sent()
    Voucher.objects.filter(id=gift.voucher_id).update(valid_until=clock.now() - timedelta(seconds=1))
    page = text_of(client, gift)
    assert "사용 기간이 끝났어요" in page and "연장·환불되지 않습니다" in page
    assert grouped(code_of(gift)) not in page


def test_the_last_days_are_pointed_out(client: Client) -> None:
    gift = sent()
    today = clock.seoul_date(clock.now())
    Voucher.objects.filter(id=gift.voucher_id).update(valid_until=clock.end_of_day(today))
    page = client.get(address(gift)).content.decode()
    assert "오늘까지 쓸 수 있어요" in page and "gift-days is-soon" in page


def test_an_amount_voucher_shows_what_is_left(client: Client) -> None:
    gift = sent(given.product(price_won=10_000, kind=ProductKind.AMOUNT))
    page = text_of(client, gift)
    assert "남은 금액 10,000원" in page and "처음" not in page
    moved(gift, VoucherState.PARTLY_USED, rest_won=6_300)
    page = text_of(client, gift)
    assert "처음 10,000원" in page and "6,300원" in page and grouped(code_of(gift)) in page


def test_words_of_the_sender_cannot_break_the_page(client: Client) -> None:
    gift = sent(title="<b>굵게</b>", text="</p><script>alert(1)</script> #{이름}")
    page = client.get(address(gift)).content.decode()
    assert "<script>alert" not in page and "<b>굵게" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 김서연" in page


def test_the_saved_picture_scans_and_has_a_decent_name(client: Client) -> None:
    gift = sent()
    answer = client.get(address(gift, "/image.jpg"))
    assert answer["Content-Type"] == "image/jpeg"
    until = clock.seoul_date(gift.voucher.valid_until)
    assert f"선물_달무리커피_아이스아메리카노_{until:%Y%m%d}.jpg" in unquote(answer["Content-Disposition"])
    assert answer["Content-Disposition"].startswith("attachment")
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)))
    assert {one.text for one in found} == {code_of(gift)} and len(found) == 2


def test_a_page_costs_five_queries_at_most(client: Client, django_assert_max_num_queries: Any) -> None:
    gift = sent()
    client.get(address(gift))
    with django_assert_max_num_queries(5):  # two of them keep guessing away
        client.get(address(gift))


def test_nothing_personal_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    gift = sent()
    with caplog.at_level("DEBUG"):
        client.get(address(gift))
        client.get(address(gift, "/image.jpg"))
    for secret in (PHONE, code_of(gift), "김서연", gifts_now.link_of(gift)):
        assert secret not in caplog.text


def test_members_are_not_needed(client: Client) -> None:
    """A recipient never needs an account: the page works for whoever is staff as well."""
    gift = sent()
    staff = members.make_member(
        "clerk",
        "long-enough-1",
        "오직원",
        phone="01020010001",
        mail="c@seonmul.example",
        at=clock.now(),
        is_staff=True,
    )
    client.force_login(staff)
    assert client.get(address(gift)).status_code == 200


@pytest.mark.parametrize(
    ("code", "pin", "forms"),
    [
        ("8801234567893", "", {"Code128", "QRCode"}),
        ("ABCD2345EFGH6789JKLM", "12345678901234567890", {"QRCode"}),  # too long for bars that scan
    ],
)
def test_a_code_of_a_supplier_is_read_from_page_and_picture_with_its_pin(
    client: Client, code: str, pin: str, forms: set[str]
) -> None:
    """V1, V5, C3: also thirteen digits, and the longest code with the longest PIN."""
    product = codes.product()
    codes.bring(product, codes.xlsx([(code, pin, "2030-12-31")]))
    gift = sent(product)
    page = text_of(client, gift)
    assert grouped(code) in page and (f"PIN {pin}" in page if pin else "PIN" not in page)
    picture = Image.open(io.BytesIO(client.get(address(gift, "/image.jpg")).content))
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == {code}
    assert {found.format.name for found in zxingcpp.read_barcodes(picture)} == forms


def test_the_sample_page_needs_no_login_and_has_no_code(client: Client) -> None:
    """O5: what the link of a trial opens; counted as no opening, listed by nobody."""
    answer = client.get("/g/sample")
    page = answer.content.decode()
    assert answer.status_code == 200 and "견본" in page and 'class="gift-code' not in page
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow" and not answer.cookies


def test_the_guided_check_says_nothing_of_the_sender(client: Client, carrier: Outside) -> None:
    """H2: step by step, for whoever holds the phone; neither who sent it nor any number but the carriers'."""
    gift = sent()
    given.answered()
    assert f'href="{address(gift, "/help")}"' in client.get(address(gift)).content.decode()
    page = client.get(address(gift, "/help"))
    html = page.content.decode()
    assert "4단계 가운데 1단계" in html and "스팸 메시지함" in html
    end = client.get(address(gift, "/help?step=end")).content.decode()
    for one in (html, end):
        assert gift.order.buyer.name not in one and "0000" not in one and "김*연" not in one
    assert "1599-0011" in end and "다시 보내 달라고" in end
    assert page["X-Robots-Tag"] == "noindex, nofollow" and not page.cookies
    assert client.get("/g/nobody-has-this-one/help").status_code == 404


def test_a_mail_is_told_as_a_mail(client: Client, carrier: Outside) -> None:
    """V5, H2: the address is masked, and a mail's causes are asked."""
    order = given.paid(
        who := given.company(), given.mail_draft(who, ["kim@gaon.example"], at=clock.now()), at=clock.now()
    )
    given.worked()
    gift = Gift.objects.select_related("voucher", "order__buyer").get(order=order)
    page = client.get(address(gift)).content.decode()
    assert "ki***@gaon.example" in page and "주소로 보냈습니다" in page and "kim@gaon.example" not in page
    assert "스팸 메일함을 봐 주세요" in client.get(address(gift, "/help")).content.decode()


def test_the_link_of_a_changed_number_says_so_and_nothing_of_the_new_one(client: Client) -> None:
    """S5: neither the code nor whom it goes to now; the picture is gone too."""
    gift = sent()
    Gift.objects.update(result="power_off", result_at=clock.now())
    old, code = address(gift), code_of(gift)
    gifts_do.change_number(gift.id, "01099998888", subject=uuid4(), by=given.operator(), at=clock.now())
    gift = Gift.objects.select_related("voucher").get()
    answer = client.get(old)
    page = words(answer.content.decode())
    assert (
        answer.status_code == 410 and "다른 번호로 다시 보낸 선물이에요" in page and "010-****-0001" in page
    )
    assert "8888" not in page and grouped(code) not in page and grouped(code_of(gift)) not in page
    assert "noindex" in answer["X-Robots-Tag"] and "no-store" in answer["Cache-Control"]
    assert client.get(f"{old}/image.jpg").status_code == 410
    fresh = text_of(client, gift)
    assert grouped(code_of(gift)) in fresh and "010-****-8888" in fresh
