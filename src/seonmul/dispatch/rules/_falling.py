"""Decisions on falling back: which failure leads to which other channel, and what a message costs. S1"""

from __future__ import annotations

from collections.abc import Collection

from seonmul.dispatch.ports import Result
from seonmul.figures.rules import Figures

#: One after the other, when a phone, a text or a vendor is to blame. An SMS is as small as a message gets: only a mail follows.
LADDER = ("mms", "lms", "mail")
#: Another kind of message may well arrive.
TO_NEXT = frozenset({Result.DEVICE, Result.CONTENT, Result.VENDOR})
#: No message to this number will do; a mail may.
TO_MAIL = frozenset(
    {
        Result.INVALID_NUMBER, Result.POWER_OFF, Result.NO_COVERAGE, Result.TIMEOUT, Result.REFUSED, Result.SPAM,
        Result.SENDER, Result.SUSPENDED, Result.UNKNOWN,
    }
)  # fmt: skip
#: Nobody knows that it did not arrive, or it was not to arrive.
TO_NOTHING = frozenset({Result.DELIVERED, Result.NO_ANSWER, Result.IN_DOUBT, Result.WITHDRAWN})


def next_channel(channel: str, result: Result, *, ways: Collection[str], has_mail: bool) -> str:
    """By which channel a message follows one that ended like this, "" for by none. S1

    `ways`: the channels that the product goes by; `has_mail`: the recipient's address is known.
    """
    if result in TO_NEXT:
        below = ways_below(channel)
    elif result in TO_MAIL and channel != "mail":
        below = ("mail",)
    else:
        return ""
    return next((one for one in below if one in ways and (one != "mail" or has_mail)), "")


def ways_below(channel: str) -> tuple[str, ...]:
    """Every channel by which a message of this one may ever be followed, step by step. S1"""
    return LADDER[LADDER.index(channel) + 1 :] if channel in LADDER else ("mail",)


def price_won(channel: str, *, figures: Figures) -> int:
    """What a carrier asks for one message of a channel; the platform pays it. S1"""
    prices = {
        "sms": figures.sms_price_won, "lms": figures.lms_price_won, "mms": figures.mms_price_won,
        "mail": figures.mail_price_won,
    }  # fmt: skip
    return prices[channel]
