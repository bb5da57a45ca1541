"""C3: the external issuer's answers in our words, literal where the vendor's form is known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from seonmul.kit import wire
from seonmul.providers.giftishow.issuer import Giftishow
from seonmul.vouchers.ports import Coupon, Goods, Hindered, Hindrance, Issued, Told
from tests.providers.recorder import Recorder
from tests.sandbox.outside import Outside

GOODS = "G00000000101"


@pytest.fixture
def issuer(carrier: Outside) -> Giftishow:
    return Giftishow()


def answer(carrier: Outside, result: object, code: str = "0000", status: int = 200) -> None:
    """The next answer of the vendor, whatever it is asked."""
    body = {"code": code, "message": None, "result": result}
    carrier.fault("answer", provider="giftishow", route="any", status=status, body=body)


def test_one_reference_is_one_coupon(issuer: Giftishow, carrier: Outside) -> None:
    issued = issuer.issue("REFERENCE1", GOODS)
    assert issued is not None and len(issued.code) == 12 and issued.vendor_id
    assert issued.code not in repr(issued)
    assert issuer.issue("REFERENCE1", GOODS) is None
    told = issuer.ask("REFERENCE1")
    assert (told.state, told.code, told.vendor_code) == (Told.LIVE, "", "01")
    assert issuer.ask("REFERENCE2") == Coupon(Told.NOTHING)
    issuer.cancel("REFERENCE1")
    issuer.cancel("REFERENCE1")
    assert issuer.ask("REFERENCE1").state is Told.CANCELLED


def test_goods_and_balance(issuer: Giftishow) -> None:
    assert issuer.goods(GOODS) == Goods(True, 4_800, 93)
    assert issuer.goods("G00000000999") == Goods(False)
    assert issuer.balance_won() == 10_000_000 and issuer.check_health() == "10,000,000 won"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("E0010", Hindrance.BALANCE),
        ("E0006", Hindrance.KEY),
        ("E0008", Hindrance.KEY),
        ("E0009", Hindrance.KEY),
    ],
)
def test_what_staff_must_mend_is_no_final_no(
    issuer: Giftishow, carrier: Outside, code: str, why: Hindrance
) -> None:
    answer(carrier, None, code)
    with pytest.raises(Hindered) as hindered:
        issuer.issue("R1", GOODS)
    assert (hindered.value.why, hindered.value.code) == (why, code)


@pytest.mark.parametrize("code", ["ERR0401", "ERR0817"])
def test_a_final_no(issuer: Giftishow, carrier: Outside, code: str) -> None:
    answer(carrier, None, code)
    with pytest.raises(wire.Declined) as declined:
        issuer.issue("R1", GOODS)
    assert declined.value.code == code


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429])
def test_another_status_is_no_word_of_the_vendors(issuer: Giftishow, carrier: Outside, status: int) -> None:
    """C3: a gateway says no before it, whatever code it writes; what arrived there stays unknown."""
    for call in (
        lambda: issuer.issue("R1", GOODS), lambda: issuer.ask("R1"), lambda: issuer.cancel("R1"),
        lambda: issuer.goods(GOODS), issuer.balance_won,
    ):  # fmt: skip
        answer(carrier, None, "ERR0401", status=status)
        with pytest.raises(wire.InDoubt):
            call()


@pytest.mark.parametrize(
    "result",
    [None, [], {"code": "0000"}, {"code": "ERR9999", "result": {}}, {"code": "0000", "result": ["x"]}],
)
def test_an_answer_that_nobody_can_read_is_in_doubt(
    issuer: Giftishow, carrier: Outside, result: object
) -> None:
    """The inner code counts too."""
    answer(carrier, result)
    with pytest.raises(wire.InDoubt):
        issuer.issue("R1", GOODS)


def test_a_code_that_nobody_knows_is_in_doubt_everywhere(issuer: Giftishow, carrier: Outside) -> None:
    for call in (
        lambda: issuer.issue("R1", GOODS), lambda: issuer.ask("R1"), lambda: issuer.cancel("R1"),
        lambda: issuer.goods(GOODS), issuer.balance_won,
    ):  # fmt: skip
        answer(carrier, {}, "ERR7777")
        with pytest.raises(wire.InDoubt):
            call()


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("01", Told.LIVE), ("02", Told.USED), ("05", Told.CANCELLED), ("07", Told.CANCELLED), ("08", Told.EXPIRED),
        ("23", Told.PENDING), ("10", Told.OTHER), ("99", Told.OTHER), ("", Told.OTHER),
    ],
)  # fmt: skip
def test_states_of_a_coupon(issuer: Giftishow, carrier: Outside, status: str, state: Told) -> None:
    info = {
        "pinStatusCd": status, "remainAmt": "3,000", "validPrdEndDt": "20261231", "exchDtm": "20261124093000",
        "tradeBranchNm": "구름다방",
    }  # fmt: skip
    answer(carrier, [{"resCode": "0000", "couponInfoList": [info]}])
    told = issuer.ask("R1")
    assert (told.state, told.rest_won, told.place, told.vendor_code) == (state, 3_000, "구름다방", status)
    assert told.valid_until == datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC)
    assert told.at == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def test_the_request_is_the_vendors_form(issuer: Giftishow, settings: Any) -> None:
    """Literal; and no number of a recipient goes there: gubun Y gives the PIN to us."""
    recorder = Recorder()
    settings.GIFTISHOW_BASE_URL, settings.GIFTISHOW_PHONE = recorder.url, "15990000"
    settings.GIFTISHOW_IS_TEST, settings.GIFTISHOW_AUTH_CODE, settings.GIFTISHOW_AUTH_TOKEN = False, "C", "T"
    recorder.will_answer(
        {"code": "0000", "result": {"code": "0000", "result": {"orderNo": "7", "pinNo": "901234567890"}}}
    )
    assert issuer.issue("REF1", GOODS) == Issued("901234567890", "7")
    recorder.close()
    (sent,) = recorder.sent
    assert (sent.method, sent.path) == ("POST", "/send")
    assert sent.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert sent.headers["accept"] == "application/json"
    assert parse_qs(sent.text) == {
        "api_code": ["0204"], "custom_auth_code": ["C"], "custom_auth_token": ["T"], "dev_yn": ["N"],
        "user_id": ["demo"], "goods_code": [GOODS], "tr_id": ["REF1"], "phone_no": ["15990000"],
        "callback_no": ["15990000"], "mms_title": ["모바일쿠폰"], "mms_msg": ["모바일쿠폰"], "gubun": ["Y"],
    }  # fmt: skip
