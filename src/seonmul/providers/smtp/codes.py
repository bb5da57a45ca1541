"""Replies of mail servers in our words: RFC 3463's classes where they are given, else RFC 5321's numbers. S4

One table each; what is in neither is UNKNOWN, kept verbatim, and told.
"""

from __future__ import annotations

import re

from seonmul.dispatch.ports import Result

#: Subject and detail of an enhanced code, whatever its class.
_DETAILS = {
    Result.INVALID_NUMBER: "1.0 1.1 1.2 1.3 1.4 1.6 1.10",
    Result.SUSPENDED: "2.1",
    Result.DEVICE: "2.2",
    Result.CONTENT: "2.3 3.3 3.4 6.0 6.1 6.2 6.3 6.4 6.5 6.6 6.7 6.8 6.9 6.10",
    Result.NO_COVERAGE: "4.1 4.2 4.3 4.4",
    Result.TIMEOUT: "4.7",
    Result.VENDOR: "3.0 3.1 3.2 3.5 4.0 4.5 4.6 5.0 5.1 5.2 5.3 5.4 5.5 5.6",
    Result.REFUSED: "7.0 7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.8 7.9 7.10 7.11 7.12 7.13 7.14 7.15 7.16 7.17 7.18 7.19",
    Result.SENDER: "1.7 1.8 7.20 7.21 7.22 7.23 7.24 7.25 7.26 7.27 7.29 7.30",
    Result.SPAM: "7.28",
    Result.UNKNOWN: "0.0 1.5 1.9 2.0 2.4",
}
_BARE = {
    Result.INVALID_NUMBER: "550 551 553",
    Result.DEVICE: "552",
    Result.REFUSED: "554 571",
    Result.NO_COVERAGE: "521 556",
    Result.VENDOR: "500 501 502 503 504 530 534 535 538 555",
}
RESULTS = {
    code: result for table in (_DETAILS, _BARE) for result, codes in table.items() for code in codes.split()
}
_ENHANCED = re.compile(r"([245])\.(\d{1,3}\.\d{1,3})(?!\d)")


def code_of(number: int, said: bytes) -> str:
    """What is kept of a reply: its number and its enhanced code. Never its words, which may name the address."""
    found = _ENHANCED.match(said.decode("ascii", "replace"))
    return f"{number} {found.group()}" if found else str(number)


def result_of(code: str) -> Result:
    """Our result for a code that says no: "550 5.1.1", "550" or, from a returned mail, "5.1.1"."""
    return RESULTS.get(_key(code), Result.UNKNOWN)


def is_strange(code: str) -> bool:
    """Say whether a code that says no is in no table of ours."""
    return _key(code) not in RESULTS


def _key(code: str) -> str:
    found = _ENHANCED.search(code)
    return found[2] if found else code
