"""A mail service through django-anymail: literal requests, doubt, reports. S1, S2, S3, S4

The service is a recorder that answers as Postmark documents; nothing of it was checked against the vendor.
"""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from seonmul.dispatch import actions, carriers, queries
from seonmul.dispatch.models import Attempt, Batch, CarrierState
from seonmul.dispatch.ports import Parcel, Result
from seonmul.kit import clock, wire
from seonmul.providers.esp.carrier import Esp
from tests import given
from tests.dispatch.test_mail import mails_to
from tests.providers.recorder import Recorder

pytestmark = pytest.mark.django_db

KIM = "kim@gaon.example"
TAKEN = {
    "ErrorCode": 0,
    "Message": "OK",
    "MessageID": "b7bc2f4a-e38e",
    "SubmittedAt": "2026-11-26T00:00:00Z",
    "To": KIM,
}


@pytest.fixture
def service(settings: Any) -> Iterator[Recorder]:
    recorder = Recorder()
    settings.ESP_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ESP_WEBHOOK = "anymail.webhooks.postmark.PostmarkTrackingWebhookView"
    settings.MAIL_CARRIER = "esp"
    settings.CARRIERS = settings.CARRIERS | {"esp": "seonmul.providers.esp.carrier.Esp"}
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "dummy", "POSTMARK_API_URL": recorder.url, "IGNORE_UNSUPPORTED_FEATURES": True,
    }  # fmt: skip
    yield recorder
    recorder.close()


def parcel(**changed: Any) -> Parcel:
    told = {
        "to": KIM,
        "sender": "가온상사",
        "channel": "mail",
        "title": "선물",
        "text": "안녕하세요",
        "html": "<p>안녕</p>",
    }
    return Parcel(str(uuid4()), **(told | changed))


def test_a_mail_goes_with_its_picture_and_our_reference(service: Recorder) -> None:
    """S1, S3: opened is recorded without any third party (V5)."""
    service.will_answer(TAKEN)
    one = parcel(html='<img src="cid:voucher">', draw=lambda: b"\xff\xd8jpeg", is_ad=True)
    receipt = Esp().hand("b", one)
    assert (receipt.result, receipt.vendor_id, receipt.code) == (Result.DELIVERED, "b7bc2f4a-e38e", "sent")
    (sent,) = service.sent
    body = sent.json
    assert (sent.method, sent.path, sent.headers["x-postmark-server-token"]) == ("POST", "/email", "dummy")
    assert body["To"] == KIM and "seonmul@localhost" in body["From"] and body["Subject"] == "선물"
    assert body["TextBody"] == "안녕하세요" and body["HtmlBody"] == one.html
    assert body["Metadata"] == {"attempt": one.reference}
    assert body["TrackOpens"] is False and body["TrackLinks"] == "None"
    (picture,) = body["Attachments"]
    assert picture["ContentID"] == "cid:voucher" and base64.b64decode(picture["Content"]) == b"\xff\xd8jpeg"
    headers = {header["Name"]: header["Value"] for header in body["Headers"]}
    assert headers["Message-ID"].startswith(f"<{one.reference}@") and "List-Unsubscribe" in headers


@pytest.mark.parametrize(
    ("answer", "status", "result", "code"),
    [
        (
            {"ErrorCode": 406, "Message": f"Found inactive addresses: {KIM}. Inactive recipients are ones"},
            422,
            Result.REFUSED,
            "rejected",
        ),
        (
            {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{KIM}'."},
            422,
            Result.INVALID_NUMBER,
            "invalid",
        ),
        ({"Message": "bad"}, 400, Result.VENDOR, "400"),
        ({}, 413, Result.CONTENT, "413"),
    ],
)
def test_what_is_refused_for_one_mail_is_its_result(
    service: Recorder, answer: dict[str, Any], status: int, result: Result, code: str
) -> None:
    """S4"""
    service.will_answer(answer, status)
    receipt = Esp().hand("b", parcel())
    assert (receipt.result, receipt.code) == (result, code)


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        ({"ErrorCode": 10, "Message": "bad token"}, 401, wire.Declined), ({}, 429, wire.Unreached),
        ({}, 500, wire.InDoubt), ("<html>", 502, wire.InDoubt), ("<html>", 200, wire.InDoubt),
    ],
)  # fmt: skip
def test_trouble_of_the_account_or_the_line_keeps_the_batch(
    service: Recorder, answer: Any, status: int, error: type[wire.WireError]
) -> None:
    """S3: a 5xx may have been carried out; too many requests never were."""
    service.will_answer(answer, status)
    with pytest.raises(error):
        Esp().hand("b", parcel())


def test_a_service_that_is_not_there_leaves_no_doubt(service: Recorder, settings: Any) -> None:
    """S3"""
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:1"}
    with pytest.raises(wire.Unreached):
        Esp().hand("b", parcel())


def test_a_batch_goes_and_a_doubtful_mail_is_never_repeated(service: Recorder) -> None:
    """S2, S3: the service takes the mails, the mail server only helps out."""
    batch = mails_to(given.company(cash_won=0).buyer, [KIM, "lee@gaon.example"])
    service.will_answer({}, 503)
    service.will_answer(TAKEN)
    at = clock.now()
    with pytest.raises(wire.InDoubt):
        actions.send(batch.id, at=at)
    actions.send(batch.id, at=at)
    batch.refresh_from_db()
    assert (batch.carrier, batch.state) == ("esp", "handed") and len(service.sent) == 2
    rows = Attempt.objects.filter(batch=batch).order_by("id")
    assert list(rows.values_list("result", flat=True)) == ["in_doubt", "delivered"]


def test_a_time_out_after_accepting_is_doubt_until_a_report_says_what_became_of_it(
    service: Recorder, settings: Any
) -> None:
    """S3, S4: it was taken and the answer was lost: not repeated by any later job, and told hours later, twice."""
    settings.ANYMAIL = settings.ANYMAIL | {"REQUESTS_TIMEOUT": 2}
    batch = mails_to(given.company(cash_won=0).buyer, [KIM, "lee@gaon.example"])
    service.will_not_answer()
    service.will_answer(TAKEN)
    at = clock.now() - timedelta(hours=3)
    with pytest.raises(wire.InDoubt):
        actions.send(batch.id, at=at)
    for minutes in (0, 10, 60):
        actions.sweep(at=at + timedelta(minutes=minutes))
        actions.send(batch.id, at=at + timedelta(minutes=minutes))
        given.worked(only="dispatch.")
    rows = Attempt.objects.filter(batch=batch).order_by("id")
    assert list(rows.values_list("result", flat=True)) == ["in_doubt", "delivered"]
    for _ in range(2):
        told = {"RecordType": "Delivery", "Recipient": KIM, "DeliveredAt": "2026-11-26T01:00:00Z"}
        body = report(str(rows[0].id), **told)
        actions.keep_report("esp", {"content-type": "application/json"}, body, at=clock.now())
        given.worked(only="dispatch.")
    assert list(rows.values_list("result", flat=True)) == ["delivered", "delivered"]
    assert len(service.sent) == 2 and queries.faults() == []


def test_a_report_that_came_before_the_time_out_leaves_no_doubt_about_the_next_mail(
    service: Recorder, settings: Any
) -> None:
    """S3, S4: the service took the first mail and said so by its report; our call timed out after that. Every mail went once."""
    settings.ANYMAIL = settings.ANYMAIL | {"REQUESTS_TIMEOUT": 0.5}
    batch = mails_to(given.company(cash_won=0).buyer, [KIM, "lee@gaon.example", "park@gaon.example"])
    first = Attempt.objects.filter(batch=batch).order_by("id")[0]
    service.will_not_answer()
    at = clock.now()
    with pytest.raises(wire.InDoubt):
        actions.send(batch.id, at=at)
    body = report(str(first.id), RecordType="Delivery", DeliveredAt="2026-11-26T01:00:00Z")
    actions.keep_report("esp", {"content-type": "application/json"}, body, at=at)
    given.worked(only="dispatch.read_report")
    for name in ("c1", "c2"):
        service.will_answer(TAKEN | {"MessageID": name})
    actions.send(batch.id, at=at + timedelta(minutes=5))
    rows = Attempt.objects.filter(batch=batch).order_by("id")
    assert list(rows.values_list("result", flat=True)) == ["delivered"] * 3
    assert [one.json["Metadata"]["attempt"] for one in service.sent] == [str(row.id) for row in rows]
    batch.refresh_from_db()
    assert batch.state == "handed" and queries.faults() == []


@pytest.mark.parametrize(("stage", "answered"), [("tried", 1), ("ready", 1), ("tried", 0)])
def test_a_batch_from_before_the_message_under_way_was_named_keeps_its_doubt(
    service: Recorder, stage: str, answered: int
) -> None:
    """S3: its handle names the last mail with an answer, so the one behind it is in doubt."""
    batch = mails_to(given.company(cash_won=0).buyer, [KIM, "lee@gaon.example", "park@gaon.example"])
    rows = Attempt.objects.filter(batch=batch).order_by("id")
    ids = [str(row.id) for row in rows]
    rows.filter(id__in=ids[:answered]).update(state="ended", result="delivered", vendor_code="sent")
    at = clock.now()
    handle = ids[answered - 1] if answered else ""
    Batch.objects.filter(id=batch.id).update(stage=stage, handle=handle, claimed_until=at, carrier="esp")
    for _ in ids:
        service.will_answer(TAKEN)
    actions.send(batch.id, at=at)
    expected = ["delivered"] * answered + ["in_doubt"] + ["delivered"] * (2 - answered)
    assert list(rows.values_list("result", flat=True)) == expected
    assert len(service.sent) == 2 - answered


def report(attempt: str, **changed: Any) -> bytes:
    told = {
        "RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "MessageID": "b7bc2f4a-e38e", "Email": KIM,
        "BouncedAt": "2026-11-26T01:00:00Z", "Metadata": {"attempt": attempt},
    }  # fmt: skip
    return json.dumps(told | changed).encode()


def test_a_report_overrides_what_was_taken(service: Recorder) -> None:
    """S4: a later truth; twice, about nobody, unreadable, opened by somebody: nothing more changes."""
    service.will_answer(TAKEN)
    batch = mails_to(given.company(cash_won=0).buyer, [KIM])
    actions.send(batch.id, at=clock.now())
    attempt = str(Attempt.objects.get(batch=batch).id)
    for body in (
        report(attempt), report(attempt), report(str(uuid4())), report("nobody"), b"<html>", b"[]", b"{}",
        report(attempt, RecordType="Open"), report(attempt, Metadata=None),
    ):  # fmt: skip
        actions.keep_report("esp", {"content-type": "application/json"}, body, at=clock.now())
    given.worked(only="dispatch.")
    assert Attempt.objects.get(batch=batch).result == "invalid_number"
    assert Batch.objects.get(id=batch.id).carrier == "esp"


def test_it_says_that_it_answers(service: Recorder, settings: Any) -> None:
    """S2: a call that sends nothing and shows no key; any answer but trouble of its own will do."""
    for status in (200, 401, 404):
        service.will_answer("<html>", status)
        assert "postmark" in carriers.carrier_of("esp").check()
    assert {(one.method, one.text) for one in service.sent} == {("GET", "")}
    assert not any("dummy" in str(one.headers) for one in service.sent)
    service.will_answer({}, 503)
    with pytest.raises(wire.Unreached):
        carriers.carrier_of("esp").check()
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:1"}
    with pytest.raises(wire.Unreached):
        carriers.carrier_of("esp").check()
    assert Esp().read_report({}, b"{}").receipts == []


def test_mails_that_nobody_has_taken_go_by_the_other_carrier_while_one_is_down(
    service: Recorder, carrier: Any, settings: Any
) -> None:
    """S2, S3: a batch of which the service has said something stays with it and loses nothing."""
    right = settings.ANYMAIL
    buyer = given.company(cash_won=0).buyer
    begun = mails_to(buyer, ["park@gaon.example", "choi@gaon.example"])
    service.will_answer(TAKEN)
    service.will_answer({}, 429)
    at = clock.now()
    with pytest.raises(wire.Unreached):
        actions.send(begun.id, at=at)
    settings.ANYMAIL = right | {"POSTMARK_API_URL": "http://127.0.0.1:1"}
    fresh = mails_to(buyer, [KIM, "lee@gaon.example"])
    for _ in range(4):
        with pytest.raises(wire.Unreached):
            actions.send(fresh.id, at=at)
    fresh.refresh_from_db()
    assert (fresh.carrier, fresh.stage) == ("esp", "")
    assert CarrierState.objects.get(name="esp").rests_until
    actions.send(fresh.id, at=at)
    fresh.refresh_from_db()
    assert (fresh.carrier, fresh.state) == ("smtp", "handed") and len(carrier.mails()) == 2
    actions.send(begun.id, at=at)
    begun.refresh_from_db()
    assert (begun.carrier, begun.state) == ("esp", "open") and begun.rests_until
    until = begun.rests_until
    actions.probe("esp", at=until)
    assert CarrierState.objects.get(name="esp").rests == 2, "it still does not answer"
    settings.ANYMAIL = right
    actions.probe("esp", at=until + timedelta(minutes=5))
    service.will_answer(TAKEN | {"MessageID": "c2"})
    actions.send(begun.id, at=until + timedelta(minutes=5))
    begun.refresh_from_db()
    assert (begun.carrier, begun.state) == ("esp", "handed")
    rows = Attempt.objects.order_by("id").values_list("result", flat=True)
    assert list(rows) == ["delivered"] * 4 and len(carrier.mails()) == 2 and queries.faults() == []


def test_a_service_that_never_answers_rightly_rests_before_a_whole_batch_is_in_doubt(
    service: Recorder,
) -> None:
    """S2, S3: noting a doubt is no call that succeeded."""
    batch = mails_to(given.company(cash_won=0).buyer, [f"kim{n}@gaon.example" for n in range(20)])
    at = clock.now()
    for _ in range(20):
        service.will_answer({}, 503)
        with contextlib.suppress(wire.InDoubt):
            actions.send(batch.id, at=at)
    assert CarrierState.objects.get(name="esp").rests_until and len(service.sent) == 5
    rows = Attempt.objects.filter(batch=batch, result="in_doubt")
    assert rows.count() == 4, "and the fifth when it is taken up again"
