"""Moving money. Every verb is one transaction and may be called again with the same cause: it posts once. P1."""

from seonmul.ledger.actions._holding import Returned, add_part, capture, hold, refund, release
from seonmul.ledger.actions._lots import expire, forfeit, give, note_warned, take_back
from seonmul.ledger.actions._posting import PLATFORM, charge, move, open_account, post

__all__ = [
    "PLATFORM",
    "Returned",
    "add_part",
    "capture",
    "charge",
    "expire",
    "forfeit",
    "give",
    "hold",
    "move",
    "note_warned",
    "open_account",
    "post",
    "refund",
    "release",
    "take_back",
]
