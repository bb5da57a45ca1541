"""One open line to the mail server, driven command by command: only so is it known what had been said when it broke."""

from __future__ import annotations

import re
import smtplib
from typing import NamedTuple

from django.core.mail.backends.smtp import EmailBackend

from seonmul.kit import wire
from seonmul.providers.smtp.codes import code_of

_DOTS = re.compile(rb"(?m)^\.")
_CLOSING = 421
_GO_ON = 354


class Reply(NamedTuple):
    """What the server said last about a mail."""

    number: int
    code: str

    @property
    def is_yes(self) -> bool:
        return 200 <= self.number < 300

    @property
    def is_later(self) -> bool:
        return 400 <= self.number < 500


class Line:
    """Opened by Django's backend with its settings: host, TLS, login, time-out."""

    def __init__(self) -> None:
        wire.refuse_in_transaction()
        backend = EmailBackend()
        try:
            backend.open()
            if backend.connection is None:
                raise wire.Unreached("no connection")
            self._smtp = backend.connection
            self._smtp.ehlo_or_helo_if_needed()
        except smtplib.SMTPAuthenticationError as error:
            raise wire.Declined(
                code_of(error.smtp_code, _bytes(error.smtp_error)), error.smtp_code
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise wire.Unreached(type(error).__name__) from error

    def hand(self, sender: str, to: str, mail: bytes) -> Reply:
        """Hand one mail over. Unreached: nothing was taken. InDoubt: the line broke after the mail was on its way."""
        wire.refuse_in_transaction()
        try:
            begun = self._say("mail", f"FROM:<{sender}>")
            if not begun.is_yes:
                self._smtp.rset()
                if begun.is_later:
                    raise wire.Unreached(begun.code)
                raise wire.Declined(begun.code, begun.number)
            known = self._say("rcpt", f"TO:<{to}>")
            ready = self._say("data") if known.is_yes else known
            if ready.number != _GO_ON:
                self._smtp.rset()
                return ready
        except (OSError, smtplib.SMTPException) as error:
            raise wire.Unreached(type(error).__name__) from error
        try:
            self._smtp.send(_DOTS.sub(b"..", mail.removesuffix(b"\r\n") + b"\r\n") + b".\r\n")
            number, said = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise wire.InDoubt(type(error).__name__) from error
        if number == _CLOSING:
            raise wire.Unreached(str(_CLOSING))
        return Reply(number, code_of(number, said))

    def close(self) -> None:
        """Hang up politely, or just hang up."""
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def _say(self, command: str, words: str = "") -> Reply:
        number, said = self._smtp.docmd(command, words)
        if number == _CLOSING:
            raise wire.Unreached(str(_CLOSING))
        return Reply(number, code_of(number, said))


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("ascii", "replace")
