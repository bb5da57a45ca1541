"""PortOne's reports (webhooks of the version 2024-04-25, Standard Webhooks). A hint: who is named is asked for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from seonmul.payments.ports import Forged
from seonmul.providers.portone import codes

TOLERANCE_SECONDS = 300
_STAMP_DIGITS = 12


def references(headers: Mapping[str, str], body: bytes, at: datetime) -> frozenset[str]:
    """The payments that a report speaks of. Raises `Forged` for a bad signature or one of another time.

    The SDK's `webhook.verify` is not asked: it reads the machine's clock, and a report is read by a job, later than
    it came, with the time of its coming as `at`. The tests hold both against each other.
    """
    _verify({name.lower(): value for name, value in headers.items()}, body, at)
    try:
        told = json.loads(body)
        is_about_ours = told["type"] in codes.REPORTS and told["data"]["storeId"] == settings.PORTONE_STORE_ID
        reference = told["data"]["paymentId"] if is_about_ours else ""
    except (KeyError, TypeError, ValueError):
        return frozenset()
    return frozenset({reference}) if isinstance(reference, str) and reference else frozenset()


def _verify(headers: Mapping[str, str], body: bytes, at: datetime) -> None:
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "")
    if not (name and signatures and stamp.isascii() and stamp.isdigit() and len(stamp) <= _STAMP_DIGITS):
        raise Forged("a header is missing or unreadable")
    if abs(at.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        raise Forged("signed at another time")
    signed = f"{name}.{stamp}.".encode() + body
    want = base64.b64encode(hmac.digest(_key(), signed, hashlib.sha256))
    # while a secret is replaced there are two signatures
    given = [signature for version, _, signature in (one.partition(",") for one in signatures.split())
             if version == "v1"]  # fmt: skip
    if not any([hmac.compare_digest(one.encode(), want) for one in given]):
        raise Forged("no signature fits")


def _key() -> bytes:
    try:
        key = base64.b64decode(settings.PORTONE_WEBHOOK_SECRET.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not key:  # an empty key is known to everybody
        raise Forged("PORTONE_WEBHOOK_SECRET is not usable")
    return key
