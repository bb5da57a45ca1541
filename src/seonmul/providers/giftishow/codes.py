"""The issuer's codes in our words. What is not here is in doubt: nothing is given up or given back by a guess."""

from __future__ import annotations

from seonmul.vouchers.ports import Hindrance, Told

OK = "0000"
#: The reference was taken before: the first call has arrived.
DUPLICATE = "ERR0215"
#: Nothing is known by this reference (as clients read it).
NOTHING = frozenset({"ERR0204", "ERR0212"})
#: It was cancelled before (as clients read it).
CANCELLED = frozenset({"ERR0208", "ERR0210", "ERR0808", "COUPON.0008"})
#: A final no to issuing.
FINAL = frozenset({"ERR0401", "ERR0817"})
#: A final no to cancelling: `ask` tells why.
KEPT = frozenset({"COUPON.0006", "COUPON.0007"})
HINDRANCES = {
    "E0010": Hindrance.BALANCE,
    "E0006": Hindrance.KEY,
    "E0008": Hindrance.KEY,
    "E0009": Hindrance.KEY,
}

#: `pinStatusCd`. What is not here says nothing that we could act on.
STATES = {
    "01": Told.LIVE, "06": Told.LIVE, "21": Told.LIVE,
    "02": Told.USED, "13": Told.USED,
    "03": Told.CANCELLED, "04": Told.CANCELLED, "05": Told.CANCELLED, "07": Told.CANCELLED, "14": Told.CANCELLED,
    "08": Told.EXPIRED, "11": Told.EXPIRED,
    "09": Told.PENDING, "23": Told.PENDING, "24": Told.PENDING,
}  # fmt: skip

#: `goodsStateCd` of goods that can be had.
ON_SALE = "SALE"
