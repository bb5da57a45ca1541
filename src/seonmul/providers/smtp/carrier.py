"""The SMTP adapter: mail by mail over one line. S1, S2, S3

A mail server cannot be asked what it took: when a line breaks after a mail was on its way, that one mail is in doubt. What
a server puts off (greylisting) is tried again later; what comes back later is heard as a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings

from seonmul.dispatch.ports import Heard, Parcel, Receipt, Result, Taken
from seonmul.providers.one_by_one import OneByOne
from seonmul.providers.smtp import mails
from seonmul.providers.smtp.bounces import read_bounce
from seonmul.providers.smtp.codes import is_strange, result_of
from seonmul.providers.smtp.line import Line


class Smtp(OneByOne):
    """A carrier by SMTP."""

    channels = frozenset({"mail"})
    is_asked_by_name = False

    def __init__(self) -> None:
        super().__init__()
        self._line: Line | None = None

    def ask(self, handle: str, taken: Sequence[Taken]) -> Iterator[Receipt]:
        """Nobody can be asked."""
        yield from ()

    def read_report(self, headers: Mapping[str, str], body: bytes) -> Heard:
        """A mail that came back: the server's last word on one of ours."""
        found = read_bounce(body)
        if found is None:
            return Heard()
        reference, code = found
        return Heard(receipts=[Receipt(reference, "", code, result_of(code), is_strange=is_strange(code))])

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

    def hand(self, batch: str, parcel: Parcel, stored: str = "") -> Receipt:
        """Hand one mail over."""
        to = mails.as_ascii(parcel.to)
        if not to:
            return Receipt(parcel.reference, "", "5.6.7", result_of("5.6.7"))
        mail = mails.mail_of(parcel)
        reply = self._open().hand(mails.from_address(), to, mail)
        if reply.is_yes:
            return Receipt(parcel.reference, "", reply.code, Result.DELIVERED)
        if reply.is_later:
            return Receipt(parcel.reference, "", reply.code, Result.WAITING)
        strange = is_strange(reply.code)
        return Receipt(parcel.reference, "", reply.code, result_of(reply.code), is_strange=strange)

    def _open(self) -> Line:
        if self._line is None:
            self._line = Line()
        return self._line
