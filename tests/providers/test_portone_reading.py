"""What the adapter makes of a payment that PortOne tells, however it is told. P2, P3, P5"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from portone_server_sdk import common
from portone_server_sdk import payment as sdk

from seonmul.kit import wire
from seonmul.payments.ports import Account, Bank, Cancelled, Method, Payment, Told, Trouble
from seonmul.providers.portone import codes, reading
from seonmul.providers.portone.payments import PortOne
from tests.providers import portone_shapes as shapes
from tests.sandbox.outside import Outside

SEOUL = timezone(timedelta(hours=9))
PAID_AT = datetime(2026, 11, 22, 10, tzinfo=SEOUL)
BACK_AT = PAID_AT + timedelta(days=1)


@pytest.fixture
def told(carrier: Outside) -> Callable[[Any], Payment]:
    """Ask for R1 while the vendor answers so."""

    def ask(body: Any, status: int = 200) -> Payment:
        carrier.fault("answer", provider="portone", body=body, status=status)
        return PortOne().payment("R1")

    return ask


def test_paid_by_a_corporate_card(told: Callable[[Any], Payment]) -> None:
    """P3: who issued the card and that it is a company's are known only afterwards."""
    assert told(shapes.paid()) == Payment(
        "R1", Told.PAID, won=100_000, paid_won=100_000, method=Method.CARD, subject="O1", at=PAID_AT,
        issuer="WOORI_CARD", is_corporate=True, vendor_id="018f0000-0000-7000-8000-000000000001",
    )  # fmt: skip


def test_an_account_that_waits(told: Callable[[Any], Payment]) -> None:
    """P2"""
    payment = told(shapes.issued())
    assert (payment.state, payment.method, payment.won) == (Told.WAITING, Method.ACCOUNT, 100_000)
    assert (payment.paid_won, payment.at, payment.is_ours) == (None, None, True)
    until = datetime(2026, 12, 6, 23, 59, 59, tzinfo=SEOUL)
    assert payment.account == Account(Bank.SHINHAN, "56200000000000", "오피스샘플", until)


def test_nothing_personal_shows(told: Callable[[Any], Payment]) -> None:
    shown = repr(told(shapes.issued()))
    for secret in ("56200000000000", "오피스샘플", "홍길동", "01000000000", "hong@"):
        assert secret not in shown


def test_a_deposit_of_another_sum_is_told_as_it_came(told: Callable[[Any], Payment]) -> None:
    """P2: the time is the vendor's, to the fraction that it writes."""
    body = shapes.issued(status="PAID", paidAt="2026-11-25T07:13:26.606557991Z", disputes=[])
    body["amount"]["paid"] = 90_000
    payment = told(body)
    assert (payment.won, payment.paid_won) == (100_000, 90_000)
    assert payment.at == datetime(2026, 11, 25, 7, 13, 26, 606557, tzinfo=UTC)


def test_failed_in_the_issuers_words(told: Callable[[Any], Payment]) -> None:
    """P3: 한도 초과/결제 불가 카드 is a way on, not a shrug."""
    payment = told(shapes.failed())
    assert (payment.state, payment.trouble) == (Told.FAILED, Trouble.RESTRICTED)
    assert (payment.vendor_code, payment.vendor_text) == ("X1", "한도 초과/결제 불가 카드")
    bare = told(shapes.failed(failure={}))
    assert (bare.trouble, bare.vendor_code, bare.vendor_text) == (Trouble.OTHER, "", "")


@pytest.mark.parametrize(
    ("status", "state"),
    [("READY", Told.OPEN), ("PAY_PENDING", Told.OPEN), ("PAID", Told.PAID), ("FAILED", Told.FAILED)],
)
def test_states(told: Callable[[Any], Payment], status: str, state: Told) -> None:
    assert told(shapes.paid(status=status, failure={})).state is state


def test_nobody_began_it(told: Callable[..., Payment]) -> None:
    assert told({"type": "PAYMENT_NOT_FOUND", "message": "x"}, status=404) == Payment("R1", Told.NOTHING)


def test_begun_before_a_channel_was_chosen(told: Callable[[Any], Payment]) -> None:
    body = shapes.paid(status="READY")
    for missing in ("channel", "method", "paidAt", "customData"):
        del body[missing]
    payment = told(body)
    assert (payment.state, payment.is_ours, payment.method, payment.subject) == (Told.OPEN, True, None, "")


@pytest.mark.parametrize("paid_won", [100_000, 70_000])
def test_a_part_went_back_whether_or_not_paid_sinks_with_it(
    told: Callable[[Any], Payment], paid_won: int
) -> None:
    """P5. The vendor does not say which; both give the same."""
    payment = told(shapes.cancelled(shapes.cancellation(), paid_won=paid_won))
    assert (payment.state, payment.paid_won, payment.cancelled_won) == (Told.PAID, 100_000, 30_000)
    assert payment.cancelled == (Cancelled("K1", 30_000, "done", "c-30000", BACK_AT),)


@pytest.mark.parametrize("paid_won", [100_000, 0])
def test_all_of_it_went_back(told: Callable[[Any], Payment], paid_won: int) -> None:
    payment = told(shapes.cancelled(shapes.cancellation(won=100_000), paid_won=paid_won))
    assert (payment.state, payment.paid_won, payment.cancelled_won) == (Told.CANCELLED, 100_000, 100_000)


def test_an_account_closed_before_any_deposit_brought_nothing(told: Callable[[Any], Payment]) -> None:
    body = shapes.issued(status="CANCELLED", cancellations=[], cancelledAt="2026-11-23T10:00:00+09:00")
    assert (told(body).state, told(body).paid_won) == (Told.CANCELLED, None)


def test_cancellations_that_wait_or_failed_and_those_of_others(told: Callable[[Any], Payment]) -> None:
    waiting, failed, other = (
        shapes.cancellation("REQUESTED", 10_000), shapes.cancellation("FAILED", 20_000),
        shapes.cancellation(won=5_000, reason="관리자 콘솔에서 취소"),
    )  # fmt: skip
    assert told(shapes.cancelled(waiting, failed, other)).cancelled == (
        Cancelled("K1", 10_000, "waiting", "c-10000", None),
        Cancelled("K1", 20_000, "failed", "c-20000", None),
        Cancelled("", 5_000, "done", "c-5000", BACK_AT),
    )
    (still,) = told(shapes.paid(cancellations=[waiting])).cancelled
    assert still.state == "waiting"


def test_easy_pay_with_a_card_behind_it_and_without(told: Callable[[Any], Payment]) -> None:
    """P3: a named corporate card through easy pay."""
    by_card = told(shapes.paid(method={"type": "PaymentMethodEasyPay", "easyPayMethod": shapes.CARD}))
    assert (by_card.method, by_card.issuer, by_card.is_corporate) == (Method.EASY_PAY, "WOORI_CARD", True)
    charge = {"type": "PaymentMethodEasyPayMethodCharge"}
    by_points = told(shapes.paid(method={"type": "PaymentMethodEasyPay", "easyPayMethod": charge}))
    assert (by_points.method, by_points.issuer, by_points.is_corporate) == (Method.EASY_PAY, "", None)


def test_an_issuer_that_is_not_told_is_the_publisher(told: Callable[[Any], Payment]) -> None:
    bare = told(shapes.paid(method={"type": "PaymentMethodCard", "card": {"publisher": "bc_card"}}))
    assert (bare.issuer, bare.is_corporate) == ("BC_CARD", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"storeId": "store-other"},
        {"currency": "USD"},
        {"channel": shapes.CHANNEL | {"key": "channel-key-test"}},
    ],
)
def test_what_did_not_come_through_our_channel_is_not_ours(
    told: Callable[[Any], Payment], wrong: dict[str, Any]
) -> None:
    """A thief would pay through a test channel, where any card is good."""
    assert not told(shapes.paid(**wrong)).is_ours


def test_a_payment_with_a_taxed_part_is_not_ours(told: Callable[[Any], Payment]) -> None:
    """Vouchers are free of tax: what we asked for always was, all of it."""
    body = shapes.paid()
    body["amount"]["taxFree"] = 0
    assert not told(body).is_ours


@pytest.mark.parametrize(
    "custom", [None, "", "O1", "[]", '{"orderNo":"O1"}', '{"subject":7}', {"subject": "O1"}]
)
def test_custom_data_that_are_not_ours_name_no_subject(
    told: Callable[[Any], Payment], custom: object
) -> None:
    assert told(shapes.paid(customData=custom)).subject == ""


@pytest.mark.parametrize(
    "lost", ["status", "id", "storeId", "channel", "amount", "currency", "method", "paidAt", "transactionId"]
)
def test_a_missing_field_is_in_doubt(told: Callable[[Any], Payment], lost: str) -> None:
    body = shapes.paid()
    del body[lost]
    with pytest.raises(wire.InDoubt):
        told(body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "SOMETHING_NEW"}, {"id": "R2"}, {"method": {"type": "PaymentMethodNew"}}, {"method": "CARD"},
        {"paidAt": "2026-11-22T10:00:00"}, {"paidAt": "soon"}, {"channel": None}, {"amount": []},
        {"method": shapes.ACCOUNT | {"bank": "BANK_OF_THE_MOON"}}, {"method": shapes.ACCOUNT | {"accountNumber": "-"}},
        {"cancellations": {}}, {"cancellations": [{"status": "NEW"}]},
    ],
)  # fmt: skip
def test_what_it_does_not_know_is_in_doubt_and_stays_unsaid(
    told: Callable[[Any], Payment], wrong: dict[str, Any]
) -> None:
    with pytest.raises(wire.InDoubt) as error:
        told(shapes.paid(**wrong))
    assert error.value.__suppress_context__ or error.value.__cause__ is None
    assert "홍길동" not in str(error.value)


@pytest.mark.parametrize("sum_", [100_000.0, "100000", True, None, -1])
@pytest.mark.parametrize("name", ["total", "taxFree", "discount", "paid", "cancelled"])
def test_sums_are_whole_won_or_in_doubt(told: Callable[[Any], Payment], name: str, sum_: object) -> None:
    body = shapes.paid()
    body["amount"][name] = sum_
    with pytest.raises(wire.InDoubt):
        told(body)


@pytest.mark.parametrize("body", [[], None, "PAID", 7])
def test_what_is_no_object_is_in_doubt(told: Callable[[Any], Payment], body: object) -> None:
    with pytest.raises(wire.InDoubt):
        told(body)


_JUNK = (None, True, 0, -1, 2**70, 1.5, "", " ", "x", "2026-13-01", "[", [], [1], {}, {"type": "x"})
_LOST = object()


def _places(body: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(body, dict | list):
        for name in body if isinstance(body, dict) else range(len(body)):
            yield (*before, name)
            yield from _places(body[name], (*before, name))


@pytest.mark.parametrize(
    "body",
    [shapes.paid(), shapes.issued(), shapes.failed(), shapes.cancelled(shapes.cancellation()),
     shapes.paid(method={"type": "PaymentMethodEasyPay", "easyPayMethod": shapes.CARD})],
    ids=["paid", "issued", "failed", "cancelled", "easy"],
)  # fmt: skip
def test_no_answer_whatever_raises_anything_but_doubt(body: dict[str, Any]) -> None:
    """Every single part of an answer, lost or replaced by all sorts of things: it is read, or it is in doubt."""
    for *way, name in _places(body):
        for junk in (*_JUNK, _LOST):
            spoilt = copy.deepcopy(body)
            place = spoilt
            for step in way:
                place = place[step]
            if junk is _LOST:
                del place[name]
            else:
                place[name] = junk  # type: ignore[assignment]
            try:
                assert isinstance(reading.payment(spoilt), Payment)
            except wire.InDoubt:
                pass


def test_our_tables_name_what_the_vendors_sdk_knows() -> None:
    """The SDK's types are the vendor's word on spelling."""
    (banks, *_) = get_args(common.Bank)
    assert set(codes.BANKS) == set(Bank) and set(codes.BANKS.values()) <= set(get_args(banks))
    assert len(codes.BANKS_BY_NAME) == len(codes.BANKS)
    for name in codes.METHODS:
        assert hasattr(sdk, name)


def test_each_state_of_the_sdk_is_known() -> None:
    """PENDING is the list's spelling of PAY_PENDING; an object never has it."""
    (statuses, *_) = get_args(sdk.PaymentStatus)
    assert set(get_args(statuses)) - {"PENDING"} | {"PAY_PENDING"} == set(codes.STATES)
