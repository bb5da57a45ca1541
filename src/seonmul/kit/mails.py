"""Mail addresses: read what people write, say what is wrong with it, guess what a mistyped one was to be. O1

An address is kept in lower case: no provider of weight tells `Kim@` from `kim@`, and the same person twice is one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from seonmul.kit.phones import normalise_mobile
from seonmul.kit.refusals import No, Refusal, _

#: One keyed index of a recipient's address for lists, orders and messages, as `phones.INDEX` is of a number. S7
INDEX = "orders.mail"

_MOST_CHARACTERS, _LOCAL_MOST = 254, 64
_NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
#: 홍길동 <a@b.kr>, mailto:a@b.kr and 'a@b.kr' as address books and exports write them.
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>\s*")
_QUOTES = "\"'`=\u2018\u2019\u201c\u201d,; \t\r\n"
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+([a-z]{{2,24}}|xn--[a-z0-9-]{{2,59}})")
#: As nearly every cell is written: nothing to take off, nothing to mend. Fewer signs than an address may have, short enough for all.
_PLAIN = re.compile(r"[a-z0-9_+-]++(?:\.[a-z0-9_+-]++)*+@(?:[a-z0-9]++\.)++[a-z]{2,24}")
_PLAIN_MOST = _LOCAL_MOST

#: Where most people in Korea have their mailbox.
WELL_KNOWN = (
    "naver.com", "gmail.com", "daum.net", "hanmail.net", "nate.com", "kakao.com", "outlook.com", "hotmail.com",
    "icloud.com", "yahoo.com", "yahoo.co.kr", "live.com", "korea.kr", "me.com",
)  # fmt: skip
#: Real ones that are a letter away from a well-known one.
_REAL = frozenset(
    ("mail.com", "email.com", "gmx.com", "hanmail.com", "daum.com", "ymail.com", "ne.com", "we.com")
)


class MailFault(Refusal):
    """Why a cell is not an address that a mail can be sent to. O1."""

    EMPTY = "mail_empty", _("이메일 주소가 비어 있습니다. 주소를 넣어 주세요.")
    NO_AT = "mail_no_at", _("@가 없는 주소입니다. 이메일 주소를 확인해 주세요.")
    TWO = "mail_two", _("한 칸에 이메일 주소가 둘 이상 있습니다. 한 줄에 하나씩 나누어 주세요.")
    LOCAL = "mail_local", _("@ 앞을 읽을 수 없습니다. 빈칸이나 한글이 없는지 확인해 주세요.")
    DOMAIN = "mail_domain", _("@ 뒤의 주소가 맞지 않습니다. naver.com처럼 끝까지 적어 주세요.")
    TOO_LONG = "mail_address_too_long", _("이메일 주소가 너무 깁니다. 주소만 남겨 주세요.")
    IS_PHONE = "mail_is_phone", _("이메일 자리에 휴대폰 번호가 있습니다. 열의 순서를 확인해 주세요.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of one cell; ``suggestion`` is an address to confirm, never used by itself."""

    fault: MailFault
    suggestion: str | None = None

    @property
    def code(self) -> str:
        return self.fault.code

    def no(self) -> No:
        return No(self.fault)


def normalise(cell: str) -> str | None:
    """Read a cell as a mail address; return it in lower case, or None: ask ``why_not``. O1.

    A name in front of it, brackets, quotes, ``mailto:`` and full-width letters are taken off.
    """
    if len(cell) <= _PLAIN_MOST and _PLAIN.fullmatch(cell):
        return cell
    text = _unwrapped(cell)
    return text if not _fault(text) else None


def why_not(cell: str) -> Trouble:
    """Say what is wrong with a cell for which ``normalise`` gave None. O1."""
    text = _unwrapped(cell)
    fault = _fault(text) or MailFault.LOCAL
    bare = re.sub(r"\s+", "", text).replace(",", ".").replace("@@", "@").rstrip(".")
    if fault in (MailFault.LOCAL, MailFault.DOMAIN, MailFault.NO_AT):
        local, at, domain = bare.rpartition("@")
        meant = f"{local}@{known_for(domain) or domain}" if at else ""
        if meant and not _fault(meant):
            return Trouble(fault, meant)
    return Trouble(fault)


def hint(address: str) -> str:
    """The address that was probably meant when its domain looks like a mistyped well-known one, else "". O1"""
    local, _at, domain = address.rpartition("@")
    known = known_for(domain)
    return f"{local}@{known}" if known else ""


def known_for(domain: str) -> str:
    """The well-known domain that this one is one slip of the finger away from, "" for none and for itself."""
    if domain in WELL_KNOWN or domain in _REAL or not domain:
        return ""
    return next((known for known in WELL_KNOWN if len(known) > 6 and _is_one_slip(domain, known)), "")


def _unwrapped(cell: str) -> str:
    text = cell if cell.isascii() else unicodedata.normalize("NFKC", cell).translate(_NO_WIDTH)
    if len(text) > 4 * _MOST_CHARACTERS:
        return text
    if match := _IN_BRACKETS.fullmatch(text):
        text = match[1]
    return text.strip(_QUOTES).lower().removeprefix("mailto:")


def _fault(text: str) -> MailFault | None:
    if not text:
        return MailFault.EMPTY
    if "@" not in text:
        return MailFault.IS_PHONE if normalise_mobile(text) else MailFault.NO_AT
    if len(text) > _MOST_CHARACTERS:
        return MailFault.TOO_LONG
    local, _at, domain = text.rpartition("@")
    if "@" in local and re.search(r"[\s,;/]", text):
        return MailFault.TWO
    if len(local) > _LOCAL_MOST or not _LOCAL.fullmatch(local):
        return MailFault.LOCAL
    return None if _DOMAIN.fullmatch(domain) else MailFault.DOMAIN


def _is_one_slip(typed: str, known: str) -> bool:
    """Whether one letter is missing, too many, another one, or changed places with its neighbour."""
    if abs(len(typed) - len(known)) > 1 or typed == known:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(typed, known, strict=False)) if a != b), min(len(typed), len(known))
    )
    a, b = typed[start:], known[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
