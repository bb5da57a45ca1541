"""The tax office's codes in our words. A code that is not here is in doubt: nobody is judged by a guess."""

from __future__ import annotations

from seonmul.members.ports import BusinessState

STATES = {"01": BusinessState.CONTINUING, "02": BusinessState.SUSPENDED, "03": BusinessState.CLOSED}
MATCHES = {"01": True, "02": False}

#: An unregistered number has no state code; this sentence in the place of the tax kind says so.
NOT_REGISTERED = "등록되지 않은"
