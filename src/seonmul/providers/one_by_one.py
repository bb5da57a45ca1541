"""Carriers that take message by message and cannot be asked by our reference. S3

Each message is a step of its own, and the message under way is named in the step before it. When a call is in doubt, or a
process dies, exactly that one may have been taken: it is shown as such and never sent again by itself. Where a report has
ended it meanwhile, there is no doubt.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from seonmul.dispatch.ports import Parcel, Progress, Receipt, Result, Step, always
from seonmul.kit import wire

_BEGIN, _NEXT, _STORED, _TRIED_ALL, _DONE = "", "next", "stored", "tried all", "done"
#: As stages were called when the handle named the last message with an answer; batches under way may still bear them.
_OLDER = frozenset({"tried", "ready"})
_IN_DOUBT = "in doubt"
#: Whoever puts a message off wants it back after some minutes.
_PUT_OFF_SECONDS = 300


class BadPicture(Exception):
    """The vendor does not take a picture: its one message cannot go. `code`: the vendor's word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OneByOne:
    """Stage "next": the message whose reference is the handle is under way. "stored": what it needs is stored at the vendor,
    which sends nothing, so that dying at it leaves no doubt. "tried all": every message has an answer."""

    goes_one_by_one = True

    def __init__(self) -> None:
        self._left: deque[Parcel] | None = None
        self._stored: tuple[str, str] = ("", "")

    def step(
        self,
        reference: str,
        progress: Progress,
        parcels: Callable[[], Sequence[Parcel]],
        *,
        is_again: bool,
        may_go: Callable[[], bool] = always,
    ) -> Step:
        """One message further. A step that only names the next message makes no call."""
        if self._left is None:
            self._left = deque(sorted(_open(parcels), key=lambda one: one.reference))
        left, is_older = self._left, progress.stage in _OLDER
        while left and _is_over(progress, left[0], is_older):
            left.popleft()
        if not left or progress.stage == _TRIED_ALL:
            # those that were put off begin anew later
            if _open(parcels):
                return Step(Progress(), again_in_seconds=_PUT_OFF_SECONDS, is_call=False)
            return Step(Progress(_DONE), is_handed=True, is_call=False)
        parcel, (stored_for, stored) = left[0], self._stored
        if is_again and is_older:
            return self._in_doubt(left)
        if parcel.reference != progress.handle:
            return Step(Progress(_NEXT, parcel.reference), is_call=False)
        is_ready = progress.stage == _STORED and (is_again or stored_for == parcel.reference)
        if self.stores(parcel) and not is_ready:
            return self._store(parcel, left)
        if is_again:
            return self._in_doubt(left)
        if not may_go():
            return Step(progress, again_in_seconds=0, is_call=False)
        return self._after(self.hand(reference, parcel, stored if self.stores(parcel) else ""), left)

    def _after(self, receipt: Receipt, left: deque[Parcel]) -> Step:
        """The first of those that are left has an answer, and the one behind it is under way."""
        left.popleft()
        return Step(Progress(_NEXT, left[0].reference) if left else Progress(_TRIED_ALL), [receipt])

    def _in_doubt(self, left: deque[Parcel]) -> Step:
        doubt = Receipt(left[0].reference, "", _IN_DOUBT, Result.IN_DOUBT)
        return replace(self._after(doubt, left), is_call=False)

    def _store(self, parcel: Parcel, left: deque[Parcel]) -> Step:
        try:
            self._stored = parcel.reference, self.store(parcel)
        except BadPicture as error:
            return self._after(Receipt(parcel.reference, "", error.code, Result.CONTENT), left)
        except wire.InDoubt as error:
            # what no message names sends nothing
            raise wire.Unreached(str(error)) from error
        return Step(Progress(_STORED, parcel.reference))

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


def _is_over(progress: Progress, parcel: Parcel, is_older: bool) -> bool:
    """Whether its turn is over: its answer came before the handle's, or with it where the handle is an older one."""
    return parcel.reference < progress.handle or (is_older and parcel.reference == progress.handle)


def _open(parcels: Callable[[], Sequence[Parcel]]) -> list[Parcel]:
    return [one for one in parcels() if not one.is_taken]
