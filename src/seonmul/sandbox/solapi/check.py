"""What the vendor checks about each message before it accepts it, as its acceptance codes (1xxx)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from seonmul.kit.euckr import CannotCarry, byte_length
from seonmul.sandbox.solapi.codes import fate_of

MOST_BYTES = {"SMS": 90, "LMS": 2000, "MMS": 2000}
MOST_SUBJECT_BYTES = 40
MOST_TALK_CHARACTERS = 1000
_RECIPIENT = re.compile(r"0[0-9]{8,11}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KNOWN = frozenset(
    ("to", "from", "country", "type", "subject", "text", "imageId", "customFields", "autoTypeDetect")
)
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Examined(NamedTuple):
    """One message for one recipient, with the code that decides over it; in the order of the columns."""

    recipient: str
    sender: str
    country: str
    kind: str
    subject: str | None
    text: str
    image: str | None
    custom: str  # JSON object, {} when there is none
    extra: str | None  # JSON object of whatever else was sent (kakaoOptions, ...)
    code: str


class Check:
    """Examines messages against the sender registry and the stored pictures."""

    def __init__(self, senders: frozenset[str], has_picture: Callable[[str], bool]) -> None:
        self._senders, self._has_picture = senders, has_picture

    def examine(self, message: dict[str, Any], to: object) -> Examined:
        """Find the code for one message to one recipient; the first fault wins."""
        get = message.get
        recipient, sender = _digits(to), _digits(get("from"))
        text, subject, image = get("text") or "", get("subject") or None, get("imageId") or None
        custom, country = get("customFields"), str(get("country") or "82")
        size = _size(text)
        kind = str(get("type") or _detect(message, size, subject, image))
        code = (
            self._address_fault(recipient, sender, country)
            or self._content_fault(message, kind, text, size, subject, image)
            or _custom_fault(custom)
            or fate_of(recipient, kind)
        )
        extra = None if _KNOWN.issuperset(message) else _extra(message)
        return Examined(
            recipient,
            sender,
            country,
            kind,
            None if subject is None else str(subject),
            text if isinstance(text, str) else str(text),
            None if image is None else str(image),
            _dumps(custom) if custom and isinstance(custom, dict) else "{}",
            extra,
            code,
        )

    def _address_fault(self, recipient: str, sender: str, country: str) -> str | None:
        if not recipient or not sender:
            return "1010"
        if not _RECIPIENT.fullmatch(recipient):
            return "1011"
        if sender not in self._senders:
            return "1062"
        return None if country == "82" else "1058"

    def _content_fault(
        self, message: dict[str, Any], kind: str, text: str, size: int, subject: object, image: object
    ) -> str | None:
        if kind == "ATA":
            return _talk_fault(message.get("kakaoOptions"), text)
        if kind not in MOST_BYTES:
            return "1025"
        if "kakaoOptions" in message:
            return "1033"
        if not text:
            return "1010"
        if not isinstance(text, str):
            return "1011"
        if size < 0:
            return "1029"
        if size > MOST_BYTES[kind]:
            return "1031"
        if _UNPRINTABLE.search(text):
            return "1028"
        if subject is not None:
            return _subject_fault(kind, subject) or self._picture_fault(kind, image)
        return self._picture_fault(kind, image)

    def _picture_fault(self, kind: str, image: object) -> str | None:
        if kind != "MMS":
            return None
        if image is None:
            return "1034"
        return None if self._has_picture(str(image)) else "1023"


def _digits(number: object) -> str:
    """Write a number without hyphens; what is no text is kept readable and refused for its form later."""
    return number.replace("-", "") if isinstance(number, str) else "" if number is None else str(number) + "?"


def _size(text: object) -> int:
    """Count EUC-KR bytes; -1 when a character cannot be carried."""
    try:
        return byte_length(text) if isinstance(text, str) else 0
    except CannotCarry:
        return -1


def _detect(message: dict[str, Any], size: int, subject: object, image: object) -> str:
    if message.get("autoTypeDetect") is False:
        return ""
    if "kakaoOptions" in message:
        return "ATA"
    if image is not None:
        return "MMS"
    return "SMS" if size <= MOST_BYTES["SMS"] and subject is None else "LMS"


def _subject_fault(kind: str, subject: object) -> str | None:
    if kind == "SMS":
        return "1013"
    if not isinstance(subject, str):
        return "1011"
    size = _size(subject)
    return "1029" if size < 0 else "1014" if size > MOST_SUBJECT_BYTES else None


def _talk_fault(options: object, text: object) -> str | None:
    if not isinstance(options, dict) or not options.get("pfId") or not options.get("templateId"):
        return "1010"
    return "1031" if isinstance(text, str) and len(text) > MOST_TALK_CHARACTERS else None


def _custom_fault(custom: object) -> str | None:
    if not custom:
        return None
    if not isinstance(custom, dict):
        return "1032"
    for name, value in custom.items():
        if not isinstance(value, str) or len(name) > 30 or len(value) > 100:
            return "1032"
    return None


def _extra(message: dict[str, Any]) -> str | None:
    rest = {name: value for name, value in message.items() if name not in _KNOWN}
    return _dumps(rest) if rest else None
