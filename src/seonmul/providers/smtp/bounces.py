"""Mails that came back: delivery status notifications by RFC 3464. S4"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import Message

from seonmul.providers.smtp.mails import reference_in

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def read_bounce(raw: bytes) -> tuple[str, str] | None:
    """The attempt and the status code of a mail that failed for good; None for anything else.

    A notification that a mail is late, or was delivered, changes nothing: the server goes on by itself.
    """
    parts = list(message_from_bytes(raw, policy=policy.compat32).walk())
    status = next((code for part in parts if (code := _failure(part))), "")
    reference = next((found for part in parts if (found := _reference(part))), "")
    return (reference, status) if status and reference else None


def _failure(part: Message) -> str:
    if str(part.get("Action", "")).strip().lower() != "failed":
        return ""
    found = _STATUS.search(str(part.get("Status", "")))
    return found.group() if found else ""


def _reference(part: Message) -> str:
    if part.get_content_type() == "text/rfc822-headers":
        return reference_in(str(part.get_payload()))
    return reference_in(str(part.get("Message-ID", "")))
