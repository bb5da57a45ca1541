"""What the adapter sends to PortOne, literally, and what it makes of each answer. P2, P3, P5, P9"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.kit import wire
from seonmul.payments.ports import Account, AccountWish, Bank, Cancelled
from seonmul.providers.portone import payments
from seonmul.providers.portone.payments import PortOne
from tests.providers import portone_shapes as shapes
from tests.providers.recorder import Recorder

SEOUL = timezone(timedelta(hours=9))
UNTIL = datetime(2026, 12, 6, 14, 59, 59, 999999, tzinfo=UTC)
WISH = AccountWish("VA1", 100_000, Bank.SHINHAN, "캐쉬 충전 100,000원", UNTIL, "O1", holder="홍길동")
HOLDER = Account(Bank.KOOKMIN, "00000000000000", "홍길동")
DONE = {"cancellation": shapes.cancellation()}


def _cancel(portone: PortOne, to: Account | None = None) -> Cancelled:
    return portone.cancel("CARDPAID1", "K1", 30_000, left_won=100_000, why="환불", to=to)


CALLS: dict[str, Callable[[PortOne], object]] = {
    "register": lambda portone: portone.register("CARD2", 100_000),
    "issue": lambda portone: portone.issue(WISH),
    "close": lambda portone: portone.close("VA1"),
    "cancel": _cancel,
    "payment": lambda portone: portone.payment("R1"),
    "holder": lambda portone: portone.holder(HOLDER, birth_date=None),
    "payments": lambda portone: list(portone.payments(UNTIL, UNTIL)),
}


def test_register_as_it_was_seen(vendor: Recorder, portone: PortOne) -> None:
    """All of it free of tax. Without a key: the last amount is to count."""
    portone.register("CARD2", 100_000)
    (sent,) = vendor.sent
    assert (sent.method, sent.path, sent.query) == ("POST", "/payments/CARD2/pre-register", {})
    assert (
        sent.text == '{"storeId":"store-dummy","totalAmount":100000,"taxFreeAmount":100000,"currency":"KRW"}'
    )
    assert sent.headers["authorization"] == "PortOne DUMMY_API_SECRET"
    assert sent.headers["content-type"] == "application/json"
    assert "idempotency-key" not in sent.headers


def test_issue_as_it_was_seen(vendor: Recorder, portone: PortOne) -> None:
    """P2. As the SDK sent it, less the member's own data and the remittee's name, which KCP passes over."""
    portone.issue(WISH)
    (sent,) = vendor.sent
    assert (sent.method, sent.path, sent.query) == ("POST", "/payments/VA1/instant", {})
    assert sent.text == (
        '{"storeId":"store-dummy","channelKey":"channel-key-dummy",'
        '"method":{"virtualAccount":{"bank":"SHINHAN","expiry":{"dueDate":"2026-12-06T23:59:59+09:00"},'
        '"option":{"type":"NORMAL"},"cashReceipt":{"type":"NO_RECEIPT","customerIdentityNumber":""}}},'
        '"orderName":"캐쉬 충전 100,000원","customer":{"name":{"full":"홍길동"}},'
        '"customData":"{\\"subject\\":\\"O1\\"}","amount":{"total":100000,"taxFree":100000},"currency":"KRW",'
        '"noticeUrls":["https://shop.example/hooks/payments/portone"]}'
    )
    assert sent.headers["idempotency-key"] == '"seonmul-issue-VA1"'


def test_close_as_it_was_seen(vendor: Recorder, portone: PortOne) -> None:
    portone.close("VA1")
    (sent,) = vendor.sent
    assert (sent.method, sent.path) == ("POST", "/payments/VA1/virtual-account/close")
    assert (sent.query, sent.text) == ({"storeId": "store-dummy"}, "")


def test_cancel_as_it_was_seen(vendor: Recorder, portone: PortOne) -> None:
    """P5. The key is sent twice: for the vendor to know it again, and for us to find it in the reason."""
    vendor.will_answer(DONE)
    assert _cancel(portone).state == "done"
    (sent,) = vendor.sent
    assert (sent.method, sent.path, sent.query) == ("POST", "/payments/CARDPAID1/cancel", {})
    assert sent.text == (
        '{"storeId":"store-dummy","amount":30000,"taxFreeAmount":30000,"reason":"[K1] 환불",'
        '"requester":"ADMIN","currentCancellableAmount":100000}'
    )
    assert sent.headers["idempotency-key"] == '"seonmul-cancel-K1"'


def test_cancel_of_an_account_names_where_the_money_goes(vendor: Recorder, portone: PortOne) -> None:
    vendor.will_answer({"cancellation": shapes.cancellation("REQUESTED")})
    assert _cancel(portone, to=HOLDER) == Cancelled("K1", 30_000, "waiting", "c-30000", None)
    assert vendor.sent[0].json["refundAccount"] == {
        "bank": "KOOKMIN", "number": "00000000000000", "holderName": "홍길동"
    }  # fmt: skip


def test_keys_have_the_vendors_form(vendor: Recorder, portone: PortOne) -> None:
    """16 to 256 ASCII characters, in quotation marks that are a part of the value."""
    vendor.will_answer({})
    portone.issue(WISH)
    vendor.will_answer(DONE)
    _cancel(portone)
    for sent in vendor.sent:
        key = sent.headers["idempotency-key"]
        assert key[0] == key[-1] == '"' and key.isascii() and 16 <= len(key[1:-1]) <= 256


def test_holder_as_it_was_seen(vendor: Recorder, portone: PortOne) -> None:
    for _ in range(3):
        vendor.will_answer({"holderName": " 홍길동 ", "accountVerificationId": "av-1"})
    assert portone.holder(HOLDER, birth_date=None) == "홍길동"
    portone.holder(HOLDER, birth_date=date(1984, 5, 7))
    portone.holder(HOLDER, birth_date=date(1984, 5, 7), business_number="1234567891")
    assert {sent.path for sent in vendor.sent} == {"/platform/bank-accounts/KOOKMIN/00000000000000/holder"}
    assert [sent.query for sent in vendor.sent] == [
        {}, {"birthdate": "840507"}, {"businessRegistrationNumber": "1234567891"}
    ]  # fmt: skip


def test_payments_as_they_were_seen(vendor: Recorder, portone: PortOne) -> None:
    """P9: page by page, until one is empty; what did not change since then is left out."""
    early, late = "2026-11-21T23:59:59+09:00", "2026-11-22T00:00:00+09:00"
    pages = [
        [shapes.paid("OLD", updatedAt=early), shapes.paid("NEW", updatedAt=late)],
        [shapes.issued("LAST")],
        [],
    ]
    for number, page in enumerate(pages):
        items = [{"payment": one, "cursor": f"c{number}-{place}"} for place, one in enumerate(page)]
        vendor.will_answer({"items": items})
    since = datetime(2026, 11, 22, tzinfo=SEOUL)
    told = portone.payments(since, since + timedelta(days=1))
    assert next(told).reference == "NEW" and len(vendor.sent) == 1
    assert [one.reference for one in told] == ["LAST"]
    asked = {
        "storeId": "store-dummy", "from": "2026-08-24T00:00:00+09:00", "until": "2026-11-23T00:00:00+09:00"
    }  # fmt: skip
    assert [json.loads(sent.query["requestBody"]) for sent in vendor.sent] == [
        asked | {"size": 1000}, asked | {"cursor": "c0-1", "size": 1000}, asked | {"cursor": "c1-0", "size": 1000}
    ]  # fmt: skip
    assert {(sent.method, sent.path) for sent in vendor.sent} == {("GET", "/payments-by-cursor")}


@pytest.mark.parametrize(
    "page",
    [{}, {"items": None}, {"items": {}}, {"items": ["x"]}, {"items": [{"payment": shapes.paid()}]},
     {"items": [{"payment": shapes.paid(updatedAt="soon"), "cursor": "c"}]},
     {"items": [{"payment": shapes.paid(status="SOMETHING_NEW"), "cursor": "c"}]}],
)  # fmt: skip
def test_a_list_it_cannot_read_is_in_doubt(vendor: Recorder, portone: PortOne, page: object) -> None:
    vendor.will_answer(page)
    with pytest.raises(wire.InDoubt):
        list(portone.payments(UNTIL - timedelta(days=30), UNTIL))


def test_a_list_that_goes_round_in_circles_is_in_doubt(vendor: Recorder, portone: PortOne) -> None:
    for _ in range(9):
        vendor.will_answer({"items": [{"payment": shapes.paid(), "cursor": "c"}]})
    with pytest.raises(wire.InDoubt):
        list(portone.payments(UNTIL - timedelta(days=30), UNTIL))
    assert len(vendor.sent) == 2


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (502, "<html>bad gateway</html>"),
        (502, ""),
        (200, "<html>hello</html>"),
        (502, {"type": "PG_PROVIDER", "message": "PG 오류", "pgCode": "8133", "pgMessage": "취소 기간 초과"}),
        (400, {"type": "PG_PROVIDER", "pgCode": "8133"}),
        (409, {"type": "IDEMPOTENCY_OUTSTANDING_REQUEST"}),
        (409, {"type": "SOMETHING_NEW"}),
        (404, {"message": "no type"}),
        (429, {}),
        (500, {"type": "PAYMENT_NOT_FOUND"}),
        (200, []),
    ],
)
def test_whatever_is_not_known_is_in_doubt(
    vendor: Recorder, portone: PortOne, name: str, status: int, answer: object
) -> None:
    """Nobody knows whether it was done: it is to be asked for, never taken for a no, never tried blindly."""
    vendor.will_answer(answer, status)
    with pytest.raises(wire.InDoubt):
        CALLS[name](portone)
    assert len(vendor.sent) == 1


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("status", "code"), [(400, "INVALID_REQUEST"), (401, "UNAUTHORIZED"), (403, "FORBIDDEN")]
)
def test_what_is_ours_to_mend_is_declined(
    vendor: Recorder, portone: PortOne, name: str, status: int, code: str
) -> None:
    vendor.will_answer({"type": code, "message": "x"}, status)
    with pytest.raises(wire.Declined) as no:
        CALLS[name](portone)
    assert (no.value.code, no.value.status) == (code, status)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("register", "ALREADY_PAID"),
        ("issue", "CHANNEL_NOT_FOUND"),
        ("issue", "SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT"),
        ("cancel", "PAYMENT_NOT_FOUND"),
        ("cancel", "PAYMENT_NOT_PAID"),
        ("cancel", "SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT"),
        ("holder", "PLATFORM_NOT_SUPPORTED_BANK"),
        ("holder", "PLATFORM_NOT_ENABLED"),
    ],
)
def test_a_final_no(vendor: Recorder, portone: PortOne, name: str, code: str) -> None:
    vendor.will_answer({"type": code, "message": "x"}, 409)
    with pytest.raises(wire.Declined) as no:
        CALLS[name](portone)
    assert no.value.code == code


@pytest.mark.parametrize("code", ["ALREADY_PAID", "ALREADY_PAID_OR_WAITING"])
def test_an_account_that_was_issued_before_is_issued(vendor: Recorder, portone: PortOne, code: str) -> None:
    vendor.will_answer({"type": code}, 409)
    portone.issue(WISH)


@pytest.mark.parametrize("reference", ["", "A-1", "A 1", "가", "A" * 41, "../x", 'A"'])
def test_a_reference_that_kcp_would_not_take_is_not_sent(
    vendor: Recorder, portone: PortOne, reference: str
) -> None:
    for call in (
        lambda: portone.register(reference, 1),
        lambda: portone.close(reference),
        lambda: portone.cancel("R1", reference, 1, left_won=1, why="x"),
    ):
        with pytest.raises(ValueError, match="letters and digits"):
            call()
    assert vendor.sent == []


@given(st.text())
def test_a_title_is_cut_between_two_characters(title: str) -> None:
    """KCP takes 100 bytes."""
    try:
        title.encode()
    except UnicodeEncodeError:
        return
    cut = payments._title(title)
    assert title.startswith(cut) and len(cut.encode()) <= 100
    assert cut == title or len((cut + title[len(cut)]).encode()) > 100
