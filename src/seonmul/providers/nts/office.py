"""The tax office by the public data portal's API. M1, M9

The key is a part of the address, so no address may get into a log or an error: kit.wire's errors carry none, and
settings keep the HTTP client's own log quiet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from seonmul.kit import wire
from seonmul.members.ports import BusinessCheck, BusinessState
from seonmul.providers.nts.codes import MATCHES, NOT_REGISTERED, STATES

_PATH = "/api/nts-businessman/v1"
#: Of the right form, given to nobody: that it is unregistered shows that the key is taken.
_NOBODY = "0000000000"


class Office:
    """A tax office by its API."""

    def status(self, business_number: str) -> BusinessState:
        """One question."""
        return _state(self._status(business_number))

    def check(self, business_number: str, representative: str, opened_on: date) -> BusinessCheck:
        """One question; a second one for the state, which the office leaves out when the three do not match."""
        asked = {"b_no": business_number, "start_dt": f"{opened_on:%Y%m%d}", "p_nm": representative.strip()}
        row = self._ask("validate", {"businesses": [asked]}, business_number)
        matches = MATCHES.get(str(row.get("valid")))
        if matches is None:
            raise wire.InDoubt("the tax office: unknown verdict")
        told = row.get("status")
        status = told if isinstance(told, dict) and told else self._status(business_number)
        return BusinessCheck(_state(status), matches, str(status.get("tax_type") or ""))

    def check_health(self) -> str:
        """Ask for a number that nobody has."""
        return f"{_NOBODY} {self.status(_NOBODY)}"

    def _status(self, business_number: str) -> Mapping[str, Any]:
        return self._ask("status", {"b_no": [business_number]}, business_number)

    def _ask(self, question: str, body: object, business_number: str) -> Mapping[str, Any]:
        """Ask about one number; the only row of the answer."""
        answer = wire.call(
            "POST",
            f"{settings.NTS_BASE_URL}{_PATH}/{question}",
            json=body,
            params={"serviceKey": settings.NTS_SERVICE_KEY},  # encoded here, once
            timeout_seconds=settings.SECONDS_TAX_OFFICE,
        ).body
        rows = answer.get("data") if isinstance(answer, dict) and answer.get("status_code") == "OK" else None
        if not (isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], dict)):
            raise wire.InDoubt("the tax office: unreadable answer")
        if rows[0].get("b_no") != business_number:
            raise wire.InDoubt("the tax office: an answer about another number")
        return rows[0]


def _state(row: Mapping[str, Any]) -> BusinessState:
    code = str(row.get("b_stt_cd") or "")
    if code in STATES:
        return STATES[code]
    if not code and NOT_REGISTERED in str(row.get("tax_type") or ""):
        return BusinessState.UNREGISTERED
    raise wire.InDoubt("the tax office: unknown state")
