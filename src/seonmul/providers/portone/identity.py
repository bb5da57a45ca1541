"""Who a person is, by PortOne's identity verification. M1, M4

Believed is only what the server says on asking, and only when it came through our own channel: keys of channels
are public, and a test channel verifies anybody as anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from seonmul.kit import wire
from seonmul.members.ports import IdentityResult, IdentityState
from seonmul.providers.portone import api

_NOBODY_BEGAN = "IDENTITY_VERIFICATION_NOT_FOUND"
_STATES = {
    "READY": IdentityState.READY,
    "VERIFIED": IdentityState.VERIFIED,
    "FAILED": IdentityState.FAILED,
}


class PortOne:
    """Identity by PortOne V2."""

    def window(self, reference: str, purpose: str, *, return_to: str = "") -> Mapping[str, Any]:
        """For `PortOne.requestIdentityVerification`: a pop-up on large screens, a redirection on phones."""
        request: dict[str, Any] = {
            "storeId": settings.PORTONE_STORE_ID,
            "identityVerificationId": reference,
            "channelKey": settings.PORTONE_IDENTITY_CHANNEL_KEY,
            "customData": purpose,
        }
        if return_to:
            request |= {
                "redirectUrl": return_to,
                "windowType": {"pc": "POPUP", "mobile": "REDIRECTION"},
            }
        return {"script": settings.PORTONE_JS_URL, "request": request}

    def result(self, reference: str) -> IdentityResult:
        """One question."""
        try:
            told = self._ask(reference)
        except wire.Declined as no:
            if no.code == _NOBODY_BEGAN:
                return IdentityResult(IdentityState.READY)
            raise
        state = _STATES.get(str(told.get("status")))
        if state is None or told.get("id") != reference:
            raise wire.InDoubt("PortOne: unknown state, or another verification")
        if state is not IdentityState.VERIFIED:
            return IdentityResult(state)
        return _verified(told)

    def check_health(self) -> str:
        """Ask for a verification that there is not."""
        return f"nothing asked: {self.result('healthcheck').state}"

    def _ask(self, reference: str) -> dict[str, Any]:
        path = f"/identity-verifications/{quote(reference, safe='')}"
        return api.get(path, answers=frozenset({_NOBODY_BEGAN}), timeout_seconds=settings.SECONDS_IDENTITY)


def _verified(told: Mapping[str, Any]) -> IdentityResult:
    try:
        if told["channel"]["key"] != settings.PORTONE_IDENTITY_CHANNEL_KEY:
            return IdentityResult(IdentityState.FAILED)
        person = told["verifiedCustomer"]
        result = IdentityResult(
            IdentityState.VERIFIED,
            name=_text(person["name"]),
            birth_date=date.fromisoformat(_text(person["birthDate"])),
            phone=_text(re.sub(r"\D", "", _text(person["phoneNumber"]))),
            ci=_text(person["ci"]),
            verified_at=datetime.fromisoformat(_text(told["verifiedAt"])),
        )
    except (KeyError, TypeError, ValueError):
        # the cause would show what was read: a name or a birth date in a log
        raise wire.InDoubt("PortOne: unreadable person") from None
    if result.verified_at is None or result.verified_at.tzinfo is None:
        raise wire.InDoubt("PortOne: a time without a zone")
    return result


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no text")
    return value.strip()
