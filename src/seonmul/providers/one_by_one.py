"""Carriers that take message by message and cannot be asked by our reference. S3

Each message is a step of its own that is recorded before the next. When a call is in doubt, or a process dies, exactly one
message may have been taken: it is shown as such and never sent again by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from seonmul.dispatch.ports import Parcel, Progress, Receipt, Result, Step
from seonmul.kit import wire

_BEGIN, _TRIED, _READY, _DONE = "", "tried", "ready", "done"
_IN_DOUBT = "in doubt"
#: Whoever puts a message off wants it back after some minutes.
_PUT_OFF_SECONDS = 300


class BadPicture(Exception):
    """The vendor does not take a picture: its one message cannot go. `code`: the vendor's word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OneByOne:
    """Stage "tried": the message of that reference, and all before it, have an answer. "ready": what the next one needs is
    stored at the vendor, which sends nothing, so that dying at it leaves no doubt."""

    def __init__(self) -> None:
        self._left: deque[Parcel] | None = None
        self._stored: tuple[str, str] = ("", "")

    def step(
        self, reference: str, progress: Progress, parcels: Callable[[], Sequence[Parcel]], *, is_again: bool
    ) -> Step:
        """One message further. The first step makes no call, so that what is in doubt is always the next message."""
        if progress.stage == _BEGIN:
            return Step(Progress(_TRIED))
        if self._left is None:
            behind = [one for one in _open(parcels) if one.reference > progress.handle]
            self._left = deque(sorted(behind, key=lambda one: one.reference))
        if not self._left:
            # every message was tried; those that were put off begin anew later
            if _open(parcels):
                return Step(Progress(), again_in_seconds=_PUT_OFF_SECONDS)
            return Step(Progress(_DONE), is_handed=True)
        parcel, (stored_for, stored) = self._left[0], self._stored
        is_ready = progress.stage == _READY and (is_again or stored_for == parcel.reference)
        if self.stores(parcel) and not is_ready:
            return self._store(progress, parcel)
        self._left.popleft()
        receipt = (
            Receipt(parcel.reference, "", _IN_DOUBT, Result.IN_DOUBT)
            if is_again
            else self.hand(reference, parcel, stored if self.stores(parcel) else "")
        )
        return Step(Progress(_TRIED, parcel.reference), [receipt])

    def _store(self, progress: Progress, parcel: Parcel) -> Step:
        try:
            self._stored = parcel.reference, self.store(parcel)
        except BadPicture as error:
            if self._left:
                self._left.popleft()
            receipt = Receipt(parcel.reference, "", error.code, Result.CONTENT)
            return Step(Progress(_TRIED, parcel.reference), [receipt])
        except wire.InDoubt as error:
            # what no message names sends nothing
            raise wire.Unreached(str(error)) from error
        return Step(Progress(_READY, progress.handle))

    def stores(self, parcel: Parcel) -> bool:
        """Whether something of this message has to lie at the vendor before it is handed over."""
        return False

    def store(self, parcel: Parcel) -> str:
        """Store it; the vendor's name for it. Raises BadPicture where the vendor does not take it."""
        raise NotImplementedError

    def hand(self, batch: str, parcel: Parcel, stored: str = "") -> Receipt:
        """Make the one call. Raises the three errors of kit.wire."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is kept open."""


def _open(parcels: Callable[[], Sequence[Parcel]]) -> list[Parcel]:
    return [one for one in parcels() if not one.is_taken]
