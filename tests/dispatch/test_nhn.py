"""NHN Cloud as a carrier: literal requests, its codes, its reports. S2, S3, S4"""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from seonmul.dispatch import actions, carriers, queries
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Attempt, Batch, Name
from seonmul.dispatch.ports import Parcel, Result
from seonmul.kit import clock, wire
from seonmul.members.models import Buyer
from seonmul.providers.nhn import codes
from tests import given
from tests.dispatch.test_sending import batch_to, hand_over
from tests.providers.recorder import Recorder

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(settings) -> Buyer:
    settings.CARRIER = "nhn"
    return given.company(cash_won=0).buyer


def test_every_result_comes_back_in_our_words(carrier, buyer):
    """S4: unknown codes are kept verbatim; a refusal is a result of its one message."""
    numbers = ["01020000001", "01020002003", "01020003012", "01020002006", "01020006001"]
    batch = hand_over(batch_to(buyer, numbers))
    actions.ask(batch.id, at=clock.now())
    rows = list(Attempt.objects.filter(batch=batch).order_by("id").values_list("result", "vendor_code"))
    assert rows == [
        ("delivered", "1000"), ("power_off", "2003"), ("spam", "3012"), ("unknown", "2006"), ("refused", "-6001"),
    ]  # fmt: skip


def test_a_sender_that_is_not_registered_there_is_said(carrier, buyer):
    """M6, S4: though we hold it for registered."""
    actions.register_sender(buyer.id, "15990009", label="", at=clock.now())
    batch = hand_over(batch_to(buyer, ["01020000001"], sender="15990009"))
    attempt = Attempt.objects.get(batch=batch)
    assert (attempt.result, attempt.vendor_code) == ("sender", "-2312")
    assert carrier.inside("GET", "messages") == []


@pytest.mark.parametrize(
    ("end", "result", "code"),
    [
        ("\n무료수신거부 080-234-6000", "sender", "-6000"),
        ("", "content", "-6003"),
        ("\n무료수신거부 080-234-6004", "sender", "-6004"),
        ("\n무료수신거부 080-234-5678", "accepted", "0"),
    ],
)
def test_one_buyers_free_number_is_no_trouble_of_the_carriers(carrier, buyer, end, result, code):
    """S2, S4, O3: its advertising fails, and everybody else's texts still go."""
    by_day = given.MONDAY
    for n in range(6):
        letter = actions.write_letter(
            buyer.id,
            channel="lms",
            sender="15770000",
            title="봄",
            text=f"(광고)할인{end}",
            is_ad=True,
            at=by_day,
        )
        actions.queue(letter.id, [Outgoing(uuid4(), f"0102000{n}001", {})], at=by_day)
        batch = Batch.objects.get(letter=letter)
        actions.send(batch.id, at=by_day)
        attempt = Attempt.objects.get(batch=batch)
        assert (attempt.result, attempt.vendor_code) == (result, code)
    standing = next(one for one in queries.standings() if one.name == "nhn")
    assert not standing.is_resting and standing.failures == 0
    assert hand_over(batch_to(buyer, ["01020000001"])).carrier == "nhn"


def test_a_key_that_is_refused_keeps_the_batch(carrier, buyer, settings):
    """S3"""
    batch, right = batch_to(buyer, ["01020000001"]), settings.NHN_SECRET_KEY
    settings.NHN_SECRET_KEY = "wrong"
    with pytest.raises(wire.Declined, match="-1000"):
        actions.send(batch.id, at=clock.now())
    with pytest.raises(wire.Declined):
        carriers.carrier_of("nhn").check()
    settings.NHN_SECRET_KEY = right
    assert hand_over(batch).state == "handed" and carriers.carrier_of("nhn").check()


def hook(attempt: Attempt, **changed: object) -> bytes:
    _, request, seq = attempt.vendor_id.split("/")
    one = {"hookId": "1", "requestId": request, "recipientSeq": int(seq), "resultCode": "1000"} | changed
    return json.dumps({"event": "MESSAGE_RESULT_UPDATE", "hooks": [one]}).encode()


def test_a_report_is_a_hint_about_one_message(carrier, buyer, settings):
    """S4: doubled, forged, about nobody, late: only what the vendor says on asking counts."""
    batch = hand_over(batch_to(buyer, ["01020002003", "01020000001"]))
    first, second = Attempt.objects.filter(batch=batch).order_by("id")
    assert Name.objects.filter(carrier="nhn").count() == 2
    words = {"X-Toast-Webhook-Signature": settings.NHN_WEBHOOK_SIGNATURE}
    for headers, body in (
        (words, hook(first)), (words, hook(first)), ({"X-Toast-Webhook-Signature": "forged"}, hook(second)),
        ({}, hook(second)), (words, b"[]"), (words, b"<html>"), (words, hook(second, requestId="nobody")),
    ):  # fmt: skip
        actions.keep_report("nhn", headers, body, at=clock.now() + timedelta(hours=2))
    given.worked(only="dispatch.read_report")
    given.worked(only="dispatch.ask")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.result, first.vendor_code) == ("power_off", "2003"), "not what the report said"
    assert second.result == "accepted", "nobody rightly spoke of it"


@pytest.mark.parametrize(
    ("parcel", "path", "body"),
    [
        (
            Parcel("a-1", "01020000001", "15770000", "sms", "", "안녕하세요"),
            "sms",
            {"body": "안녕하세요", "sendNo": "15770000", "senderGroupingKey": "b-1",
             "recipientList": [{"recipientNo": "01020000001", "recipientGroupingKey": "a-1"}]},
        ),
        (
            Parcel("a-1", "01020000001", "15770000", "lms", "선물", "안녕하세요", is_ad=True),
            "ad-mms",
            {"title": "선물", "body": "안녕하세요", "sendNo": "15770000", "senderGroupingKey": "b-1",
             "recipientList": [{"recipientNo": "01020000001", "recipientGroupingKey": "a-1"}]},
        ),
        (
            Parcel("a-1", "01020000001", "15770000", "lms", "", "첫 줄\n둘째 줄"),
            "mms",
            {"title": "첫 줄", "body": "첫 줄\n둘째 줄", "sendNo": "15770000", "senderGroupingKey": "b-1",
             "recipientList": [{"recipientNo": "01020000001", "recipientGroupingKey": "a-1"}]},
        ),
    ],
)  # fmt: skip
def test_the_request_is_what_the_vendor_documents(settings, parcel, path, body):
    """S2: by providers' documents; the title of a long text may not be missing."""
    answer = {
        "header": {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"},
        "body": {"data": {"requestId": "R1", "statusCode": "2",
                          "sendResultList": [{"recipientNo": parcel.to, "resultCode": 0, "recipientSeq": 1}]}},
    }  # fmt: skip
    recorder = Recorder()
    recorder.will_answer(answer)
    try:
        settings.NHN_BASE_URL = recorder.url
        receipt = carriers.carrier_of("nhn").hand("b-1", parcel)
    finally:
        recorder.close()
    (seen,) = recorder.sent
    assert (seen.method, seen.path) == ("POST", f"/sms/v3.0/appKeys/{settings.NHN_APP_KEY}/sender/{path}")
    assert seen.headers["x-secret-key"] == settings.NHN_SECRET_KEY
    assert seen.json == body
    assert (receipt.vendor_id, receipt.result) == (f"{path.removeprefix('ad-')}/R1/1", Result.ACCEPTED)


def test_codes_of_both_tables():
    """S4"""
    assert codes.result_of("3018") is Result.SENDER and codes.result_of("-2023") is Result.CONTENT
    assert codes.result_of("7777") is Result.UNKNOWN
    assert not set(codes.RESULTS) & set(codes.REFUSALS)
