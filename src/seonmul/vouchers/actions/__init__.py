"""Verbs of vouchers, one private file a topic."""

from seonmul.vouchers.actions._issuing import issue, refund
from seonmul.vouchers.actions._pools import (
    NoCodes,
    import_codes,
    note_low,
    release,
    reserve,
    set_pool,
    supply,
    void_import,
)

__all__ = [
    "NoCodes",
    "import_codes",
    "issue",
    "note_low",
    "refund",
    "release",
    "reserve",
    "set_pool",
    "supply",
    "void_import",
]
