"""The mail server as real SMTP: what is taken is kept, the fate of an address is kept to, and people can look."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from seonmul.providers.smtp.bounces import read_bounce
from seonmul.sandbox.mail.bounces import notification
from tests.sandbox.outside import Outside, until


@contextmanager
def line(outside: Outside) -> Iterator[smtplib.SMTP]:
    smtp = smtplib.SMTP("127.0.0.1", outside.smtp_port, timeout=5)
    try:
        yield smtp
    finally:
        smtp.close()


def send(outside: Outside, to: str, *, number: int = 1) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "선물 <a@shop.example>", to, "도착했어요"
    mail["Message-ID"] = f"<{number}@shop.example>"
    mail.set_content("글 부분")
    mail.add_alternative("<p>눈으로 <b>보는</b> 부분</p><script>alert(1)</script>", subtype="html")
    with line(outside) as smtp:
        smtp.send_message(mail)


def test_a_mail_is_taken_and_seen(outside: Outside) -> None:
    send(outside, "Kim@firm.example")
    (mail,) = outside.mails("kim@firm.example")
    assert (mail["subject"], mail["text"].strip()) == ("도착했어요", "글 부분")
    assert mail["customFields"] == {"attempt": "1"} and "<b>보는</b>" in mail["html"]
    assert outside.inside("GET", "stats")["mails"] == 1
    listed = outside.ask("GET", "/mail").text
    assert "kim@firm.example" in listed and "도착했어요" in listed
    number = mail["id"].removeprefix("mail-")
    assert "글 부분" in outside.ask("GET", f"/mail/{number}").text
    assert "<b>보는</b>" in outside.ask("GET", f"/mail/{number}/html").text
    assert outside.ask("GET", "/mail/99999999").status == 404


def test_what_comes_back_is_a_notification_that_the_product_reads() -> None:
    """S4: by RFC 3464."""
    row = {
        "id": 1, "envelope": "a@shop.example", "recipient": "bounce@firm.example", "bounce_code": "5.1.1",
        "message_id": "<7c0de3c8-0c5f-7a3b-9c3e-6f4f3a5f0a11@localhost>",
    }  # fmt: skip
    assert read_bounce(notification(row)) == ("7c0de3c8-0c5f-7a3b-9c3e-6f4f3a5f0a11", "5.1.1")


def test_the_same_mail_twice_is_a_double(outside: Outside) -> None:
    send(outside, "kim@firm.example")
    assert outside.inside("GET", "stats")["duplicates"] == 0
    send(outside, "kim@firm.example")
    assert outside.inside("GET", "stats")["duplicates"] == 1


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("unknown@a.example", 550),
        ("unknown.kim@a.example", 550),
        ("busy7@a.example", 450),
        ("grey@a.example", 451),
    ],
)
def test_some_are_refused_before_the_mail(outside: Outside, address: str, number: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as no:
        send(outside, address)
    assert no.value.recipients[address][0] == number and outside.mails() == []


def test_words_that_merely_begin_so_have_no_fate(outside: Outside) -> None:
    for address in ("greyson@a.example", "busyman@a.example", "dropbox@a.example"):
        send(outside, address)
    assert len(outside.mails()) == 3


def test_one_takes_the_mail_and_cuts_the_line_and_one_only_cuts_it(outside: Outside) -> None:
    for address, kept in (("drop@a.example", 1), ("cut@a.example", 0)):
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(outside, address)
        assert len(outside.mails(address)) == kept


def test_ordered_faults_befall_one_command(outside: Outside) -> None:
    outside.fault("refuse", provider="mail", route="data", status=554, errorCode="5.7.1")
    with pytest.raises(smtplib.SMTPDataError) as no:
        send(outside, "kim@a.example")
    assert no.value.smtp_code == 554 and b"5.7.1" in no.value.smtp_error
    send(outside, "kim@a.example")
    assert len(outside.mails()) == 1


def test_what_comes_back_is_counted(outside: Outside) -> None:
    """Without an address to tell, a mail still comes back."""
    send(outside, "bounce@a.example")
    until(lambda: outside.inside("GET", "stats")["mails_bounced"] == 1)
    assert outside.mails("bounce@a.example")[0]["result"] == "5.1.1"
    assert "되돌아감" in outside.ask("GET", "/mail?to=bounce@a.example").text
