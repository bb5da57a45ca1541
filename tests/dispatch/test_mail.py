"""Mails, handed over exactly once by a carrier that nobody can ask. S1, S3, S4

The mail server is the sandbox's: real SMTP, and an address that begins with `grey`, `drop`, `bounce` ... has that fate.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from seonmul.dispatch import actions, queries
from seonmul.dispatch.actions import Outgoing, _sending
from seonmul.dispatch.models import Attempt, Batch
from seonmul.kit import clock, wire
from seonmul.members.models import Buyer
from tests import given
from tests.dispatch.test_sending import hand_over

pytestmark = pytest.mark.django_db

HTML = '<p>#{이름} 님</p><a href="#{링크}">열기</a>'
KIM, LEE, PARK = "kim@gaon.example", "lee@gaon.example", "park@gaon.example"


@pytest.fixture
def buyer() -> Buyer:
    return given.company(cash_won=0).buyer


def mails_to(buyer: Buyer, addresses: list[str], name: str = "김서연", **letter: object) -> Batch:
    at = clock.now()
    told = {
        "sender": "가온상사",
        "title": "선물이 도착했어요",
        "text": "#{이름} 님\n#{링크}",
        "html": HTML,
    } | letter
    written = actions.write_letter(buyer.id, channel="mail", at=at, **told)  # type: ignore[arg-type]
    fields = {"이름": name, "링크": "http://127.0.0.1/g/x"}
    actions.queue(written.id, [Outgoing(uuid4(), to, fields) for to in addresses], at=at)
    return Batch.objects.get(letter=written)


def results(batch: Batch) -> list[tuple[str, str]]:
    rows = Attempt.objects.filter(batch=batch).order_by("id")
    return list(rows.values_list("result", "vendor_code"))


def test_mails_go_by_smtp_with_text_and_html_and_a_message_id_of_ours(carrier, buyer):
    """S1, S3: what was taken is recognised by its Message-ID."""
    batch = hand_over(mails_to(buyer, [KIM, LEE]))
    assert (batch.carrier, batch.state) == ("smtp", "handed")
    assert results(batch) == [("delivered", "250 2.0.0")] * 2
    assert len(carrier.mails()) == 2
    mail, attempt = carrier.mails(KIM)[0], Attempt.objects.filter(batch=batch).order_by("id")[0]
    assert mail["customFields"] == {"attempt": str(attempt.id)}
    assert mail["subject"] == "선물이 도착했어요" and "김서연 님" in mail["text"]
    assert '<p>김서연 님</p><a href="http://127.0.0.1/g/x">열기</a>' in mail["html"]
    assert "가온상사" in mail["from"]
    actions.ask(batch.id, at=clock.now())
    batch.refresh_from_db()
    assert batch.state == "ended", "there is nobody to ask"
    assert queries.faults() == []


def test_only_advertising_says_how_to_leave_the_list(carrier, buyer):
    """S1: a gift is on no list."""
    hand_over(mails_to(buyer, [KIM]))
    by_day = clock.now().astimezone(clock.SEOUL).replace(hour=12)
    actions.send(mails_to(buyer, [LEE], is_ad=True).id, at=by_day)
    assert "List-Unsubscribe" not in carrier.mails(KIM)[0]["headers"]
    assert carrier.mails(LEE)[0]["headers"]["List-Unsubscribe"].startswith("<mailto:")


def test_a_name_cannot_write_html_and_a_title_cannot_write_headers(carrier, buyer):
    hand_over(mails_to(buyer, [KIM], name="<b>나쁜</b>\r\nBcc: x@y.example", title="#{이름} 님께"))
    mail = carrier.mails(KIM)[0]
    assert "<b>나쁜</b>" not in mail["html"] and "&lt;b&gt;나쁜" in mail["html"]
    assert "Bcc" not in mail["headers"] and len(carrier.mails()) == 1


@pytest.mark.parametrize(
    ("address", "result", "code"),
    [
        ("unknown@gaon.example", "invalid_number", "550 5.1.1"),
        ("noroute@gaon.example", "no_coverage", "550 5.4.4"),
        ("stopped@gaon.example", "suspended", "550 5.2.1"),
        ("policy@gaon.example", "refused", "550 5.7.1"),
        ("full@gaon.example", "device", "552 5.2.2"),
        ("spam@gaon.example", "spam", "554 5.7.28"),
        ("odd@gaon.example", "unknown", "599 5.9.9"),
        ("김@gaon.example", "content", "5.6.7"),
    ],
)
def test_what_a_server_refuses_is_a_result_and_keeps_no_other_from_going(
    carrier, buyer, address, result, code
):
    """S4: unknown codes are kept verbatim."""
    batch = hand_over(mails_to(buyer, [KIM, address, LEE]))
    assert results(batch) == [("delivered", "250 2.0.0"), (result, code), ("delivered", "250 2.0.0")]


def test_greylisting_is_tried_again_later_and_alone(carrier, buyer):
    """S3: a message not accepted is never forgotten."""
    batch, at = mails_to(buyer, [KIM, "grey@gaon.example", LEE]), clock.now()
    actions.send(batch.id, at=at)
    batch.refresh_from_db()
    assert batch.state == "open" and batch.rests_until == at + timedelta(seconds=300)
    assert results(batch)[1] == ("waiting", "451 4.7.1")
    assert queries.open_batches(at, at + timedelta(seconds=200)) == []
    actions.send(batch.id, at=at + timedelta(seconds=200))
    assert len(carrier.mails()) == 2, "it rests"
    actions.sweep(at=at + timedelta(seconds=301))
    actions.send(batch.id, at=at + timedelta(seconds=301))
    batch.refresh_from_db()
    assert batch.state == "handed" and [r for r, _ in results(batch)] == ["delivered"] * 3
    assert len(carrier.mails()) == 3
    assert queries.faults() == []


def test_what_is_put_off_for_a_day_ends(carrier, buyer):
    """S4"""
    batch, at = mails_to(buyer, ["busy@gaon.example"]), clock.now()
    actions.send(batch.id, at=at)
    actions.send(batch.id, at=at + timedelta(hours=23))
    assert results(batch) == [("waiting", "450 4.2.1")]
    actions.send(batch.id, at=at + timedelta(hours=24, minutes=1))
    batch.refresh_from_db()
    assert (results(batch), batch.state) == ([("timeout", "450 4.2.1")], "ended")
    assert queries.faults() == []


def test_a_line_that_breaks_after_the_mail_left_is_doubt_and_never_repeated(carrier, buyer):
    """S3: the server took it and cut the line. Nobody can be asked, so nobody is sent it twice."""
    batch = hand_over(mails_to(buyer, [KIM, "drop@gaon.example", LEE]))
    assert batch.state == "handed"
    assert results(batch) == [
        ("delivered", "250 2.0.0"),
        ("in_doubt", "in doubt"),
        ("delivered", "250 2.0.0"),
    ]
    assert [len(carrier.mails(to)) for to in (KIM, "drop@gaon.example", LEE)] == [1, 1, 1]
    assert queries.faults() == []


@pytest.mark.parametrize("kind", ["drop_connection", "error_500", "slow"])
@pytest.mark.parametrize("route", ["connect", "rcpt"])
def test_trouble_before_a_mail_leaves_is_no_doubt(carrier, buyer, kind, route):
    """S3"""
    carrier.fault(kind, provider="mail", route=route, seconds=0.1)
    batch = hand_over(mails_to(buyer, [KIM, LEE]))
    assert batch.state == "handed"
    assert [r for r, _ in results(batch)] == ["delivered"] * 2
    assert len(carrier.mails()) == 2 and carrier.inside("GET", "stats")["duplicates"] == 0


def test_a_server_that_does_not_answer_keeps_the_batch(carrier, buyer, settings):
    """S3: no doubt arises where nothing left."""
    right, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    batch = mails_to(buyer, [KIM])
    with pytest.raises(wire.Unreached):
        actions.send(batch.id, at=clock.now())
    batch.refresh_from_db()
    assert batch.claimed_until is None and "Unreached" in batch.trouble
    settings.EMAIL_PORT = right
    assert hand_over(batch).state == "handed" and results(batch)[0][0] == "delivered"


def test_a_mail_that_comes_back_overrides_its_success(carrier, buyer):
    """S4: a later truth; the report may come twice, and one that names another's mail changes nothing."""
    batch = hand_over(mails_to(buyer, ["bounce@gaon.example", KIM]))
    attempt = Attempt.objects.filter(batch=batch).order_by("id")[0]
    raw = returned(f"<{attempt.id}@localhost>", "5.1.1")
    for body in (raw, raw, returned(f"<{attempt.id}@elsewhere.example>", "5.2.2"), b"garbage", raw[:200]):
        actions.keep_report("smtp", {"content-type": "message/rfc822"}, body, at=clock.now())
    actions.keep_report("solapi", {}, raw, at=clock.now())
    given.worked()
    assert results(batch) == [("invalid_number", "5.1.1"), ("delivered", "250 2.0.0")]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_notification_that_is_no_failure_changes_nothing(carrier, buyer, action):
    """S4"""
    batch = hand_over(mails_to(buyer, [KIM]))
    attempt = Attempt.objects.get(batch=batch)
    raw = returned(f"<{attempt.id}@localhost>", "4.4.1").replace(
        b"Action: failed", b"Action: " + action.encode()
    )
    actions.keep_report("smtp", {}, raw, at=clock.now())
    given.worked()
    assert results(batch) == [("delivered", "250 2.0.0")]


def returned(message_id: str, status: str) -> bytes:
    """A notification as mail servers write it."""
    return (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n'
        "Message-ID: <1@mx.example>\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; someone\r\nAction: failed\r\nStatus: {status}\r\n\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: gift\r\n\r\nhello\r\n--x--\r\n"
    ).encode()


def test_many_mails_are_several_jobs(carrier, buyer, monkeypatch):
    """S3: a claim must not end while its worker still sends."""
    monkeypatch.setattr(_sending, "_STEPS_A_JOB", 2)
    batch = mails_to(buyer, [KIM, LEE, PARK])
    given.worked()
    batch.refresh_from_db()
    assert batch.state != "open" and len(carrier.mails()) == 3
    assert [r for r, _ in results(batch)] == ["delivered"] * 3
