"""What payments needs of the outside: cards, accounts to pay into, money back, the other side's list. P2, P3, P5, P9

One vendor may play all four. All raise the three errors of kit.wire; an answer that cannot be read, a state, a
method or an error that is not known is `InDoubt`: nobody is credited, refused or refunded by it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from seonmul.kit.refusals import _


class Told(enum.StrEnum):
    """How a payment stands, as the other side tells it."""

    NOTHING = "nothing"  # nobody began it there
    OPEN = "open"  # begun, not decided
    WAITING = "waiting"  # an account was given, no deposit came
    PAID = "paid"  # also when a part went back: see `cancelled_won`
    CANCELLED = "cancelled"  # all of it went back
    FAILED = "failed"  # may be tried again under the same reference


class Method(enum.StrEnum):
    """With what a payment was made."""

    CARD = "card"
    EASY_PAY = "easy_pay"
    ACCOUNT = "account"
    OTHER = "other"


class Trouble(enum.StrEnum):
    """Why a payment did not come about, in our words. P3"""

    RESTRICTED = "restricted"  # 한도 초과/결제 불가 카드: the issuer's limit or its ban of cash-like trades
    CLOSED = "closed"  # the person closed the window
    CHANGED = "changed"  # the browser's amount was not ours
    PROVIDER = "provider"  # the payment company itself has trouble
    OTHER = "other"  # any other no; the vendor's own words are kept beside it


class Bank(enum.Enum):
    """Banks by our code, with the name that people know. `takes_deposits`: accounts can be issued there (KCP)."""

    KOOKMIN = "kookmin", _("국민은행"), True
    SHINHAN = "shinhan", _("신한은행"), True
    WOORI = "woori", _("우리은행"), True
    HANA = "hana", _("하나은행"), True
    NONGHYUP = "nonghyup", _("NH농협은행"), True
    IBK = "ibk", _("IBK기업은행"), True
    STANDARD_CHARTERED = "standard_chartered", _("SC제일은행"), True
    DAEGU = "daegu", _("iM뱅크"), True
    BUSAN = "busan", _("부산은행"), True
    KWANGJU = "kwangju", _("광주은행"), True
    KYONGNAM = "kyongnam", _("경남은행"), True
    SUHYUP = "suhyup", _("수협은행"), True
    POST = "post", _("우체국"), True
    KDB = "kdb", _("KDB산업은행"), False
    CITI = "citi", _("한국씨티은행"), False
    JEJU = "jeju", _("제주은행"), False
    JEONBUK = "jeonbuk", _("전북은행"), False
    KFCC = "kfcc", _("새마을금고"), False
    SHINHYUP = "shinhyup", _("신협"), False
    K_BANK = "k_bank", _("케이뱅크"), False
    KAKAO = "kakao", _("카카오뱅크"), False
    TOSS = "toss", _("토스뱅크"), False

    @property
    def code(self) -> str:
        code: str = self.value[0]
        return code

    @property
    def label(self) -> str:
        label: str = self.value[1]
        return label

    @property
    def takes_deposits(self) -> bool:
        takes: bool = self.value[2]
        return takes

    @classmethod
    def of(cls, code: str) -> Bank | None:
        """The bank of one of our codes."""
        return next((bank for bank in cls if bank.code == code), None)


@dataclass(frozen=True)
class Account:
    """A bank account. `number`: digits. `until`: when a deposit is taken at the latest (issued ones only)."""

    bank: Bank
    number: str = field(repr=False)
    holder: str = field(repr=False, default="")
    until: datetime | None = None


@dataclass(frozen=True)
class Cancelled:
    """Money that went back, or is on its way. `key`: ours, "" when somebody else cancelled.

    `state`: "done", "waiting" (the other side has not finished it) or "failed". `at`: when it was done.
    """

    key: str
    won: int
    state: str
    vendor_id: str
    at: datetime | None


@dataclass(frozen=True)
class Payment:
    """One payment as the other side tells it. Nothing personal shows in the repr.

    `won`: what was asked; `paid_won`: what came (None where nothing did); `cancelled_won`: what went back of it.
    `is_ours`: our store, our channel, whole won, all of it free of tax. `subject`: the custom data that we sent.
    `at`: the other side's time of payment. `vendor_code`, `vendor_text`: its own words for a failure, verbatim.
    """

    reference: str
    state: Told
    won: int = 0
    paid_won: int | None = None
    cancelled_won: int = 0
    method: Method | None = None
    subject: str = ""
    is_ours: bool = True
    at: datetime | None = None
    account: Account | None = None
    issuer: str = ""
    is_corporate: bool | None = None
    trouble: Trouble | None = None
    vendor_code: str = ""
    vendor_text: str = ""
    vendor_id: str = ""
    cancelled: Sequence[Cancelled] = ()


@dataclass(frozen=True)
class AccountWish:
    """An account to pay into. `reference`: ours, ASCII letters and digits, at most 40. `holder`: the depositor's name."""

    reference: str
    won: int
    bank: Bank
    title: str
    until: datetime
    subject: str
    holder: str = field(repr=False)


@dataclass(frozen=True)
class CardWish:
    """A card window. `issuers`: our codes of the issuers to offer, empty for all. `is_easy`: easy pay, not the card itself.

    `only_app_card`: no plain card payment. `return_to`: the absolute address that a redirection comes back to.
    No instalments, ever (P3).
    """

    reference: str
    won: int
    title: str
    subject: str
    return_to: str
    issuers: Sequence[str] = ()
    is_easy: bool = False
    only_app_card: bool = False


class Card(Protocol):
    """Takes cards in a browser window. P3"""

    def register(self, reference: str, won: int) -> None:
        """Fix the amount there before the window opens, so that a browser cannot pay another one. May be repeated."""
        ...

    def window(self, wish: CardWish) -> Mapping[str, Any]:
        """What the browser needs to open the window: {"script": address, "request": ...}. Asks nobody."""
        ...

    def trouble(self, code: str, text: str) -> Trouble:
        """What the browser's own words for a failure mean. Asks nobody; nothing is believed by it."""
        ...

    def payment(self, reference: str) -> Payment:
        """Ask how a payment stands; the browser's word and a report's count for nothing."""
        ...


class VirtualAccount(Protocol):
    """Gives out accounts to pay into. P2"""

    def issue(self, wish: AccountWish) -> None:
        """Have an account issued; `payment` tells its number. The same reference issues once, however often asked."""
        ...

    def close(self, reference: str) -> None:
        """Take no deposit any more. Done as well when it is closed already; `Declined` when money has come."""
        ...

    def payment(self, reference: str) -> Payment:
        """Ask how a payment stands."""
        ...


class Refund(Protocol):
    """Gives money back. P5"""

    def cancel(
        self, reference: str, key: str, won: int, *, left_won: int, why: str, to: Account | None = None
    ) -> Cancelled:
        """Give `won` of a payment back. `key`: ours, letters and digits; the same key gives back once.

        `left_won`: what we believe can still be given back: the other side declines when that is not so. `to`: the
        account to pay out to, needed where the money came by a virtual account. In doubt, `payment` of the other
        ports tells by `cancelled` whether `key` got through.
        """
        ...

    def holder(self, account: Account, *, birth_date: date | None, business_number: str = "") -> str:
        """Tell whose account it is, held against a person's birth date or a company's number."""
        ...


class Records(Protocol):
    """The other side's own list, to hold the books against. P9"""

    def payments(self, since: datetime, until: datetime) -> Iterator[Payment]:
        """Every payment that changed in [since, until), oldest first; read page by page."""
        ...

    def read_report(self, headers: Mapping[str, str], body: bytes, at: datetime) -> frozenset[str]:
        """Read a call of the vendor: references it speaks of. Raises `Forged` for a bad or an old signature."""
        ...

    def check_health(self) -> str:
        """Say in one line that the vendor answers and takes our key, or raise."""
        ...


class Forged(Exception):
    """A report that the vendor did not sign, or signed too long ago."""
