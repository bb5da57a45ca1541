"""Verbs of vouchers, one private file a topic."""

from seonmul.vouchers.actions._goods import check_goods, set_goods
from seonmul.vouchers.actions._issuing import issue, put_to_sleep, refund
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
from seonmul.vouchers.actions._supplies import ask_back, attend, claim, record, take_over, withdraw
from seonmul.vouchers.actions._supplies import sweep as sweep_supplies

__all__ = [
    "NoCodes",
    "ask_back",
    "attend",
    "check_goods",
    "claim",
    "import_codes",
    "issue",
    "note_low",
    "put_to_sleep",
    "record",
    "refund",
    "release",
    "reserve",
    "set_goods",
    "set_pool",
    "supply",
    "sweep_supplies",
    "take_over",
    "void_import",
    "withdraw",
]
