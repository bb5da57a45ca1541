"""The adapter of mail services: mail by mail through a backend of django-anymail. S1, S2, S3

Nothing is known of a way to ask such a service by our reference, so a call whose answer was lost leaves its one mail in
doubt. What becomes of a mail later is heard from the service's reports, which bear our reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from anymail.signals import tracking
from django.conf import settings
from django.core.mail import get_connection
from django.test import RequestFactory
from django.utils.module_loading import import_string
from urllib3.exceptions import NewConnectionError

from seonmul.dispatch.ports import Heard, Parcel, Receipt, Result, Taken
from seonmul.kit import ids, wire
from seonmul.providers.esp import codes
from seonmul.providers.one_by_one import OneByOne
from seonmul.providers.smtp import mails

_NAME_MOST = 60
_CHECK_SECONDS = 10


class Esp(OneByOne):
    """A carrier by a mail service."""

    channels = frozenset({"mail"})
    is_asked_by_name = False

    def ask(self, handle: str, taken: Sequence[Taken]) -> Iterator[Receipt]:
        """Nobody can be asked."""
        yield from ()

    def read_report(self, headers: Mapping[str, str], body: bytes) -> Heard:
        """What a report says of mails of ours; the services' own forms are django-anymail's to read."""
        if not settings.ESP_WEBHOOK:
            return Heard()
        view = import_string(settings.ESP_WEBHOOK)
        kind = {name.lower(): value for name, value in headers.items()}.get(
            "content-type", "application/json"
        )
        request = RequestFactory().generic("POST", "/", body, content_type=kind)
        try:
            # its constructor looks for a password of its own: ours stands in the address
            events = view(basic_auth=["seonmul:"]).parse_events(request) if view.signal is tracking else []
        except (AnymailError, ValueError, KeyError, TypeError, AttributeError):
            return Heard()
        return Heard(receipts=[receipt for event in events if (receipt := _heard(event))])

    def check(self) -> str:
        """Ask the service's address for nothing: whatever it answers but trouble of its own, it is there.

        No service has a call that all have, and no key is shown. Where the backend names no address, it is set up.
        """
        wire.refuse_in_transaction()
        address = str(getattr(get_connection(settings.ESP_BACKEND), "api_url", "") or "")
        if not address:
            return f"{settings.ESP_BACKEND} is set up"
        try:
            status = requests.get(address, timeout=_CHECK_SECONDS, allow_redirects=False).status_code
        except requests.RequestException as error:
            raise wire.Unreached(type(error).__name__) from error
        if status >= 500:
            raise wire.Unreached(str(status))
        return f"{settings.ESP_BACKEND} answers ({status})"

    def hand(self, batch: str, parcel: Parcel, stored: str = "") -> Receipt:
        """Hand one mail over."""
        wire.refuse_in_transaction()
        mail = mails.message_of(parcel)
        # known to the service as an opaque id; and who opened a gift is no third party's to know
        mail.metadata = {"attempt": parcel.reference}  # type: ignore[attr-defined]
        mail.track_opens = mail.track_clicks = False  # type: ignore[attr-defined]
        try:
            get_connection(settings.ESP_BACKEND).send_messages([mail])
        except AnymailRecipientsRefused:
            pass  # its one recipient has a status
        except AnymailAPIError as error:
            return _after(error, parcel)
        except AnymailError as error:
            return Receipt(parcel.reference, "", type(error).__name__[:40], Result.CONTENT)
        told = mail.anymail_status  # type: ignore[attr-defined]
        status = next((one for one in codes.STATUSES if one in (told.status or ())), "unknown")
        name = str(told.message_id or "")[:_NAME_MOST]
        return Receipt(parcel.reference, name, status, codes.result_of(status))


def _after(error: AnymailAPIError, parcel: Parcel) -> Receipt:
    """What a call that failed means; never its words, which may name the address."""
    status = error.status_code
    if status is None:
        if isinstance(error, requests.ConnectTimeout) or _never_left(error):
            raise wire.Unreached(codes.NO_LINE) from error
        raise wire.InDoubt(codes.NO_ANSWER) from error
    if status == 429:
        raise wire.Unreached(str(status)) from error
    if status < 300 or status >= 500 or status == 408:
        raise wire.InDoubt(str(status)) from error
    if status in codes.OF_THE_MAIL:
        return Receipt(parcel.reference, "", str(status), codes.OF_THE_MAIL[status])
    raise wire.Declined(str(status), status) from error


def _never_left(error: BaseException) -> bool:
    """Whether no line could be opened at all."""
    cause = error.__cause__
    inner = getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None
    return isinstance(inner, NewConnectionError)


def _heard(event: object) -> Receipt | None:
    """A report about an attempt of ours that says how it ended, None for any other."""
    reference = str((getattr(event, "metadata", None) or {}).get("attempt", ""))
    kind, why = str(getattr(event, "event_type", "")), str(getattr(event, "reject_reason", "") or "")
    result = codes.reported(kind, why)
    if result is None or not ids.is_id(reference):
        return None
    name = str(getattr(event, "message_id", "") or "")[:_NAME_MOST]
    return Receipt(reference, name, f"{kind} {why}".strip()[:40], result, getattr(event, "timestamp", None))
