"""What members needs of the outside: the tax office, and someone who knows who a person is. M1, M2, M4"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID


class BusinessState(enum.StrEnum):
    """What the tax office says of a business number."""

    CONTINUING = "continuing"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    UNREGISTERED = "unregistered"


@dataclass(frozen=True)
class BusinessCheck:
    """A number, its representative and its opening day, held against the tax office's register.

    `matches`: all three belong together. `tax_kind`: the office's own words, verbatim ("" when it says nothing).
    """

    state: BusinessState
    matches: bool
    tax_kind: str


class TaxOffice(Protocol):
    """Knows every business. Raises the three errors of kit.wire; an answer it cannot read is `InDoubt`.

    `InDoubt` and `Unreached` mean "not known yet": nobody is accepted or refused by them. `Declined` means that
    our own key or question is wrong, never that the business is.
    """

    def status(self, business_number: str) -> BusinessState:
        """Say whether a business goes on. `business_number`: ten digits."""
        ...

    def check(self, business_number: str, representative: str, opened_on: date) -> BusinessCheck:
        """Say whether number, representative's name and opening day belong together, and the number's state."""
        ...

    def check_health(self) -> str:
        """Say in one line that the office answers and takes our key, or raise."""
        ...


class IdentityState(enum.StrEnum):
    """How far an identity verification has come."""

    READY = "ready"
    VERIFIED = "verified"
    FAILED = "failed"


@dataclass(frozen=True)
class IdentityResult:
    """What became of one verification. All about the person is empty unless `state` is VERIFIED.

    `phone` is digits only; `ci` is the same for a person everywhere: keep its keyed hash, and itself only sealed.
    Nothing personal shows in the repr, so that it gets into no log.
    """

    state: IdentityState
    name: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    phone: str = field(default="", repr=False)
    ci: str = field(default="", repr=False)
    verified_at: datetime | None = None


class Identity(Protocol):
    """Verifies in a browser window who a person is. Raises the three errors of kit.wire."""

    def window(self, reference: str, purpose: str, *, return_to: str = "") -> Mapping[str, Any]:
        """What the browser needs to open the window: {"script": address, "request": what its function takes}.

        `reference`: our own, new for each attempt, ASCII letters and digits, at most 40; it succeeds once at
        most. `purpose`: one word for the vendor's records, nothing personal. `return_to`: the absolute address
        to come back to where no second window can be opened (phones).
        """
        ...

    def result(self, reference: str) -> IdentityResult:
        """Ask what became of it; the browser's own word counts for nothing. READY also when nobody began it.

        FAILED may still become VERIFIED while the window is open; VERIFIED never changes. An answer that
        cannot be read is `InDoubt`.
        """
        ...

    def check_health(self) -> str:
        """Say in one line that the vendor answers and takes our key, or raise."""
        ...


@dataclass(frozen=True)
class HandingOver:
    """An account changes hands: whose, and from which number to which (national digits)."""

    member_id: UUID
    buyer_id: UUID
    old_phone: str = field(repr=False)
    new_phone: str = field(repr=False)


@dataclass(frozen=True)
class Parting:
    """A member's place in a company ends: what is the company's goes on with `heir_id`, who owns it."""

    member_id: UUID
    buyer_id: UUID
    heir_id: UUID


@dataclass(frozen=True)
class Handed:
    """What went over with an account: a code ("draft"), what they are called (public ids), and how many there are."""

    what: str
    names: tuple[str, ...]
    count: int


class Purse(Protocol):
    """Knows what may still bring a buyer money. Named in the settings (PURSE), since members stand below it."""

    def on_its_way(self, buyer_id: UUID) -> int:
        """How many payments, refunds and orders of a buyer have not come to their end."""
        ...


@dataclass(frozen=True)
class Outstanding:
    """What of finished orders may still come back to a buyer: undelivered copies, and claims that are not decided."""

    copies: int
    claims: int


class Returns(Protocol):
    """Knows what of a buyer's copies may still come back as money. Named in the settings (RETURNS), as PURSE is."""

    def outstanding(self, buyer_id: UUID) -> Outstanding:
        """Count what may still come back, whatever the orders say."""
        ...


class Keeper(Protocol):
    """Knows what a member ordered and paid. Named in the settings (KEEPER), as PURSE is."""

    def kept(self, member_id: UUID) -> dict[str, Any]:
        """What law keeps of it beside the rows themselves, which stay and name nobody; empty for who never paid."""
        ...

    def erase(self, member_id: UUID) -> dict[str, int]:
        """Erase what of it is personal, in the caller's transaction; how many rows of which kind."""
        ...


class Hander(Protocol):
    """An app that has something of an account. Named in the settings (HANDERS), so that members need not know it."""

    def hand_over(self, change: HandingOver, *, at: datetime) -> list[Handed]:
        """Hand over what this app has, in the transaction of the change, and say what it was."""
        ...

    def part(self, parting: Parting, *, at: datetime) -> list[Handed]:
        """Leave with the company what is the company's, in the transaction that ends the place, and say what it was."""
        ...
