"""What vouchers needs of an external issuer. C3

All raise the three errors of kit.wire, and `Hindered`. An answer that cannot be read, or a code that nobody knows, is
`InDoubt`: no copy is issued, given up or given back by it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Told(enum.StrEnum):
    """How a coupon stands, as the issuer tells it."""

    NOTHING = "nothing"  # nobody asked for it there
    PENDING = "pending"  # not to be used yet
    LIVE = "live"
    USED = "used"
    EXPIRED = "expired"
    CANCELLED = "cancelled"  # also refunded: nobody can use it any more
    OTHER = "other"  # a state that we know no answer to


class Hindrance(enum.StrEnum):
    """Why the issuer gives nothing to anybody of ours at the moment."""

    BALANCE = "balance"  # our deposit there is used up
    KEY = "key"  # it does not take our key


class Hindered(Exception):
    """Nothing was issued and nothing was paid; it may be tried again when staff have mended it."""

    def __init__(self, why: Hindrance, code: str) -> None:
        super().__init__(f"{why} {code}")
        self.why, self.code = why, code


@dataclass(frozen=True)
class Issued:
    """A coupon that was issued. `code`: "" where the answer has none."""

    code: str = field(repr=False)
    vendor_id: str = ""


@dataclass(frozen=True)
class Coupon:
    """A coupon as `ask` tells it. `at`, `place`: when and where it was used; `code`: "" where it is not told again.

    `vendor_code`: the issuer's own word for the state, verbatim.
    """

    state: Told
    code: str = field(repr=False, default="")
    rest_won: int | None = None
    valid_until: datetime | None = None
    at: datetime | None = None
    place: str = ""
    vendor_code: str = ""


@dataclass(frozen=True)
class Goods:
    """A product of the issuer. `days`: how long its coupons hold, None where that is not told in days."""

    is_on_sale: bool
    price_won: int | None = None
    days: int | None = None


class Issuer(Protocol):
    """A firm that issues codes one by one."""

    def issue(self, reference: str, goods_code: str) -> Issued | None:
        """Have one coupon issued. `reference`: ours, at most 25 letters and digits; the same one issues once.

        None: something was issued under it before; `ask` tells what. `Declined` is a final no.
        """
        ...

    def ask(self, reference: str) -> Coupon:
        """Tell what became of a reference."""
        ...

    def cancel(self, reference: str) -> None:
        """Take a coupon back; `ask` tells whether it is gone. `Declined`: it stays as it is."""
        ...

    def goods(self, goods_code: str) -> Goods:
        """Tell whether a product can be had."""
        ...

    def balance_won(self) -> int:
        """Tell what is left of our deposit there."""
        ...

    def check_health(self) -> str:
        """Say in one line that the issuer answers and takes our key, or raise."""
        ...
