"""Verbs of vouchers, one private file a topic."""

from seonmul.vouchers.actions._ending import (
    expire,
    expire_one,
    extend,
    freeze_rest,
    give_back_ended,
    set_policy,
    stamp,
    thaw_rest,
)
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
from seonmul.vouchers.actions._redeeming import (
    cancel_redemption,
    forget_wrong_codes,
    inquire,
    make_shop_key,
    open_shop,
    redeem,
    reverse,
    revoke_shop_key,
    set_shop_open,
)
from seonmul.vouchers.actions._replacing import (
    finish_replacement,
    give_up_replacement,
    issue_anew,
    replace,
)
from seonmul.vouchers.actions._supplies import ask_back, attend, claim, record, take_over, withdraw
from seonmul.vouchers.actions._supplies import sweep as sweep_supplies

__all__ = [
    "NoCodes",
    "ask_back",
    "attend",
    "cancel_redemption",
    "check_goods",
    "claim",
    "expire",
    "expire_one",
    "extend",
    "finish_replacement",
    "forget_wrong_codes",
    "freeze_rest",
    "give_back_ended",
    "give_up_replacement",
    "import_codes",
    "inquire",
    "issue",
    "issue_anew",
    "make_shop_key",
    "note_low",
    "open_shop",
    "put_to_sleep",
    "record",
    "redeem",
    "refund",
    "release",
    "replace",
    "reserve",
    "reverse",
    "revoke_shop_key",
    "set_goods",
    "set_policy",
    "set_pool",
    "set_shop_open",
    "stamp",
    "supply",
    "sweep_supplies",
    "take_over",
    "thaw_rest",
    "void_import",
    "withdraw",
]
