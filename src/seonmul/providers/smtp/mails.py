"""One parcel as a mail: text, HTML beside it, and a Message-ID that says whose it is. S1, S3"""

from __future__ import annotations

import re
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from seonmul.dispatch.ports import PICTURE, Parcel
from seonmul.kit import ids

_MESSAGE_ID = re.compile(r"<([0-9a-f-]{36})@([^<>@\s]+)>")
_LINES = re.compile(r"[\r\n]+")


def from_address() -> str:
    """The bare address that mails come from, and that they return to."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def message_id(reference: str) -> str:
    """The Message-ID of an attempt, the same for ever: whoever has the mail can be told which it is."""
    return f"<{reference}@{_domain()}>"


def reference_in(text: str) -> str:
    """The attempt that a Message-ID of ours names, "" for another's."""
    found = _MESSAGE_ID.search(text)
    return found[1] if found and found[2] == _domain() and ids.is_id(found[1]) else ""


def mail_of(parcel: Parcel) -> bytes:
    """Write the mail as it goes over the line."""
    # Django's own kinds of messages; only these know of `linesep`
    return bytes(message_of(parcel).message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]


def message_of(parcel: Parcel) -> EmailMultiAlternatives:
    """The mail in Django's form. Only advertising bears a way out of a list: a gift is on none. S1"""
    ours, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = f"{parcel.sender} ({ours})" if parcel.sender and ours else parcel.sender or ours
    headers = {"Message-ID": message_id(parcel.reference), "Auto-Submitted": "auto-generated"}
    if parcel.is_ad and settings.OPERATOR["mail"]:
        headers["List-Unsubscribe"] = f"<mailto:{settings.OPERATOR['mail']}?subject=unsubscribe>"
    mail = EmailMultiAlternatives(
        _LINES.sub(" ", parcel.title).strip(),
        parcel.text,
        formataddr((name, address)),
        [parcel.to],
        headers=headers,
    )
    if parcel.html:
        mail.attach_alternative(parcel.html, "text/html")
    if parcel.draw:
        # the picture is a part of the HTML, not a paper beside it
        mail.mixed_subtype = "related"  # type: ignore[attr-defined]
        mail.attach(picture_of(parcel.draw()))
    return mail


def picture_of(jpeg: bytes) -> MIMEImage:
    """The picture that the HTML names (`PICTURE`)."""
    part = MIMEImage(jpeg, "jpeg")
    part.add_header("Content-ID", f"<{PICTURE.removeprefix('cid:')}>")
    part.add_header("Content-Disposition", "inline", filename="voucher.jpg")
    return part


def _domain() -> str:
    return from_address().rpartition("@")[2] or "localhost"


def as_ascii(address: str) -> str:
    """The address as every server reads it, its domain in Punycode; "" when its name has other letters."""
    name, _, domain = address.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode('ascii')}" if name.isascii() else ""
    except UnicodeError:
        return ""
