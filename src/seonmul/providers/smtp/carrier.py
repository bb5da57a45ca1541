"""The SMTP adapter: mail by mail over one line. S1, S2, S3

A mail server cannot be asked what it took. So each mail is a step of its own that is recorded before the next; when a
line breaks after a mail was on its way, or a process dies, that one mail is in doubt and never sent again by itself.
What a server puts off (greylisting) is tried again later; what comes back later is heard as a report.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.conf import settings

from seonmul.dispatch.ports import Heard, Parcel, Progress, Receipt, Result, Step
from seonmul.providers.smtp import mails
from seonmul.providers.smtp.bounces import read_bounce
from seonmul.providers.smtp.codes import result_of
from seonmul.providers.smtp.line import Line

_BEGIN, _TRIED, _DONE = "", "tried", "done"
_IN_DOUBT = "in doubt"
#: Servers that put mail off want it back after some minutes.
_PUT_OFF_SECONDS = 300


class Smtp:
    """A carrier by SMTP. Stage "tried": the mail of that reference, and all before it, have an answer."""

    channels = frozenset({"mail"})

    def __init__(self) -> None:
        self._line: Line | None = None
        self._left: deque[Parcel] | None = None

    def step(
        self, reference: str, progress: Progress, parcels: Callable[[], Sequence[Parcel]], *, is_again: bool
    ) -> Step:
        """One mail further. The first step makes no call, so that what is in doubt is always the next mail."""
        if progress.stage == _BEGIN:
            return Step(Progress(_TRIED))
        if self._left is None:
            behind = [one for one in parcels() if one.reference > progress.handle]
            self._left = deque(sorted(behind, key=lambda one: one.reference))
        if not self._left:
            return self._end(parcels)
        parcel = self._left.popleft()
        receipt = (
            Receipt(parcel.reference, "", _IN_DOUBT, Result.IN_DOUBT) if is_again else self._hand(parcel)
        )
        return Step(Progress(_TRIED, parcel.reference), [receipt])

    def ask(self, handle: str) -> Iterator[Receipt]:
        """Nobody can be asked."""
        yield from ()

    def read_report(self, headers: Mapping[str, str], body: bytes) -> Heard:
        """A mail that came back: the server's last word on one of ours."""
        found = read_bounce(body)
        if found is None:
            return Heard()
        reference, code = found
        return Heard(receipts=[Receipt(reference, "", code, result_of(code))])

    def check(self) -> str:
        """Open a line and say nothing on it."""
        self._open()
        self.close()
        return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} answers"

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _end(self, parcels: Callable[[], Sequence[Parcel]]) -> Step:
        """Every mail was tried; those that were put off begin anew later."""
        if parcels():
            return Step(Progress(), again_in_seconds=_PUT_OFF_SECONDS)
        return Step(Progress(_DONE), is_handed=True)

    def _hand(self, parcel: Parcel) -> Receipt:
        to = mails.as_ascii(parcel.to)
        if not to:
            return Receipt(parcel.reference, "", "5.6.7", result_of("5.6.7"))
        mail = mails.mail_of(parcel)
        reply = self._open().hand(mails.from_address(), to, mail)
        if reply.is_yes:
            return Receipt(parcel.reference, "", reply.code, Result.DELIVERED)
        result = Result.WAITING if reply.is_later else result_of(reply.code)
        return Receipt(parcel.reference, "", reply.code, result)

    def _open(self) -> Line:
        if self._line is None:
            self._line = Line()
        return self._line
