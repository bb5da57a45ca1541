"""What becomes of a mail, by the word its address begins with: `grey@…`, `grey.kim@…`, `grey7@…`."""

from __future__ import annotations

import re

REFUSED = {
    "unknown": "550 5.1.1 no such user here",
    "noroute": "550 5.4.4 unable to route",
    "stopped": "550 5.2.1 mailbox disabled",
    "policy": "550 5.7.1 delivery not authorized",
    "odd": "599 5.9.9 something that no standard knows",
}
PUT_OFF = {"grey": "451 4.7.1 greylisted, try again later", "busy": "450 4.2.1 busy"}
AFTER_DATA = {
    "full": "552 5.2.2 mailbox full",
    "spam": "554 5.7.28 looks like spam",
    "later": "452 4.3.1 no space left, try again later",
}
BOUNCES = {"bounce": "5.1.1", "expired": "5.4.7", "lost": "5.9.9"}
#: "slow" answers late; "drop" takes the mail and cuts the line; "cut" cuts it without taking anything.
OTHER = ("slow", "drop", "cut")

_WORDS = "|".join((*REFUSED, *PUT_OFF, *AFTER_DATA, *BOUNCES, *OTHER))
_FATE = re.compile(rf"({_WORDS})(?![a-z])", re.IGNORECASE)


def fate_of(address: str) -> str:
    """The word, or "" for a mail that simply arrives."""
    found = _FATE.match(address)
    return found[1].lower() if found else ""
