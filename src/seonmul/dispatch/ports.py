"""What dispatch needs of the outside: carriers, and the gate that says what may still be sent."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID


class Result(enum.StrEnum):
    """What became of an attempt, in our own words; every carrier's codes are mapped to these. S4"""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    INVALID_NUMBER = "invalid_number"
    POWER_OFF = "power_off"
    NO_COVERAGE = "no_coverage"
    TIMEOUT = "timeout"
    DEVICE = "device"
    REFUSED = "refused"
    SPAM = "spam"
    SENDER = "sender"
    SUSPENDED = "suspended"
    CONTENT = "content"
    VENDOR = "vendor"
    UNKNOWN = "unknown"
    NO_ANSWER = "no_answer"
    IN_DOUBT = "in_doubt"
    WITHDRAWN = "withdrawn"


#: How the HTML of a mail names the picture that comes with it.
PICTURE = "cid:voucher"
#: No outcome yet.
PENDING = frozenset({Result.WAITING, Result.ACCEPTED})


@dataclass(frozen=True)
class Parcel:
    """One message for a carrier. `reference` is our own and comes back with every answer.

    `to`, `sender`: numbers; of a mail an address and the name shown before ours. `html`: of a mail, "" for text alone.
    `is_taken`: the carrier has accepted it in a step before. `draw`: makes the picture that it shows, a JPEG, the same
    bytes each time; None for none. A thousand of them at once would not fit into the memory of a worker.
    """

    reference: str
    to: str
    sender: str
    channel: str
    title: str
    text: str
    html: str = ""
    is_ad: bool = False
    is_taken: bool = False
    draw: Callable[[], bytes] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Taken:
    """A message that a carrier has accepted and not answered for, with its own name for it."""

    reference: str
    vendor_id: str


@dataclass(frozen=True)
class Receipt:
    """A carrier's answer for one parcel: `code` is its own word, kept verbatim; `is_strange`: nobody knows what it means.

    WAITING: it was not taken now, and is to be tried again. IN_DOUBT: it was tried once, and nobody can say whether it
    was taken, nor be asked; it is never tried again by itself.
    """

    reference: str
    vendor_id: str
    code: str
    result: Result
    at: datetime | None = None
    is_strange: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a hand-over has come: the carrier's own stage and handle, both "" at the beginning."""

    stage: str = ""
    handle: str = ""


@dataclass(frozen=True)
class Step:
    """What one outside call achieved; recorded before the next one is made.

    `again_in_seconds`: what is left of the batch is to be tried after that time, and not now. `is_call`: a call was made for
    it, so that it says that the carrier works. S2
    """

    progress: Progress
    receipts: Sequence[Receipt] = ()
    is_handed: bool = False
    again_in_seconds: int | None = None
    is_call: bool = True


@dataclass(frozen=True)
class Heard:
    """What a vendor's call speaks of: handles of batches, or names of messages, to ask about.

    `receipts`: only of a vendor that cannot be asked.
    """

    handles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    receipts: Sequence[Receipt] = ()


def always() -> bool:
    """Where nobody has to be asked before a message goes."""
    return True


class Carrier(Protocol):
    """A vendor that carries messages. Made anew for each batch. Raises the three errors of kit.wire."""

    #: What it carries, by the words of `dispatch.models.Channel`.
    channels: frozenset[str]
    #: Each message goes by itself, and the handle names the one under way by our reference; otherwise all go at once.
    goes_one_by_one: bool
    #: It has no handle of a batch and speaks of single messages, by its own names.
    is_asked_by_name: bool

    def step(
        self,
        reference: str,
        progress: Progress,
        parcels: Callable[[], Sequence[Parcel]],
        *,
        is_again: bool,
        may_go: Callable[[], bool] = always,
    ) -> Step:
        """Go one outside call further with handing over a batch. S3

        `is_again`: this very step was begun before and its end is not known, so ask before doing it again; a vendor
        that cannot be asked answers with doubt. `may_go`: to be asked right before the call that sends; where it says no,
        nothing is sent, what was prepared is thrown away, and the rest is wanted `again_in_seconds=0`. S5, S6
        """
        ...

    def ask(self, handle: str, taken: Sequence[Taken]) -> Iterator[Receipt]:
        """Tell what became of the messages of a handed batch: of all by its handle, or of those that were taken."""
        ...

    def read_report(self, headers: Mapping[str, str], body: bytes) -> Heard:
        """Read a call of the vendor. A hint, never the truth, wherever the vendor can be asked."""
        ...

    def check(self) -> str:
        """Say in one line that the vendor answers, or raise."""
        ...

    def close(self) -> None:
        """Let go of the line that it may have kept open between steps."""
        ...


class Gate(Protocol):
    """Asked in the moment of sending, since the world has moved since the message was written."""

    def withdrawn(self, subjects: Sequence[UUID], at: datetime) -> set[UUID]:
        """Those subjects that must not be sent any more (used, expired, recalled)."""
        ...


class Album(Protocol):
    """Draws what messages show; asked batch by batch in the moment of handing over, and nothing of it is kept. S1"""

    def drawers(self, subjects: Sequence[UUID]) -> Mapping[UUID, Callable[[], bytes]]:
        """What draws the picture of each subject; those without one are left out."""
        ...
