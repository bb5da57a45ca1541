"""Carriers that take message by message and cannot be asked by our reference. S3

Each message is a step of its own that is recorded before the next. When a call is in doubt, or a process dies, exactly one
message may have been taken: it is shown as such and never sent again by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from seonmul.dispatch.ports import Parcel, Progress, Receipt, Result, Step

_BEGIN, _TRIED, _DONE = "", "tried", "done"
_IN_DOUBT = "in doubt"
#: Whoever puts a message off wants it back after some minutes.
_PUT_OFF_SECONDS = 300


class OneByOne:
    """Stage "tried": the message of that reference, and all before it, have an answer."""

    def __init__(self) -> None:
        self._left: deque[Parcel] | None = None

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
        parcel = self._left.popleft()
        receipt = (
            Receipt(parcel.reference, "", _IN_DOUBT, Result.IN_DOUBT)
            if is_again
            else self.hand(reference, parcel)
        )
        return Step(Progress(_TRIED, parcel.reference), [receipt])

    def hand(self, batch: str, parcel: Parcel) -> Receipt:
        """Make the one call. Raises the three errors of kit.wire."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is kept open."""


def _open(parcels: Callable[[], Sequence[Parcel]]) -> list[Parcel]:
    return [one for one in parcels() if not one.is_taken]
