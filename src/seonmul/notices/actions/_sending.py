"""Handing texts and mails over."""

import smtplib
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import mail

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.actions import Outgoing
from seonmul.kit import euckr

#: Before any bulk: somebody sits in front of a form.
_URGENT = 10


def send_text(
    buyer_id: UUID | None, text: str, outgoing: Outgoing, at: datetime, channel: str = "sms"
) -> None:
    """Queue one text from the platform's own number."""
    letter = dispatch.write_letter(
        buyer_id,
        channel=channel,
        sender=settings.PLATFORM_SENDER,
        title="",
        text=text,
        at=at,
        priority=_URGENT,
    )
    dispatch.queue(letter.id, [outgoing], at=at)


def carried(text: str) -> str:
    """What people wrote, with a question mark for each letter that no carrier carries."""
    text = euckr.replace(text)
    return text.translate({ord(letter): "?" for letter in euckr.cannot_carry(text)})


class NotMailed(Exception):
    """The mail server did not take a mail. Names the kind of trouble: its own words would name the address."""


def send_mail(title: str, text: str, to: str) -> None:
    """Hand one mail to the mail server; the job tries again when it fails."""
    try:
        mail.send_mail(title, text, None, [to])
    except (OSError, smtplib.SMTPException) as error:
        raise NotMailed(type(error).__name__) from None
